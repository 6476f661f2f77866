"""The AppImage: one file that runs on every Linux without being installed, made where appimagetool is."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from app.desktop.paths import APP_ID
from build_scripts.build.channel import write_channel
from build_scripts.build.linux_files import DESKTOP_FILE, icon_file, write_share
from build_scripts.build.release import Release, architecture
from build_scripts.build.staging import copy_tree, settle
from build_scripts.build.tools import Run

# What the image begins with, as a file; without it the tool fetches the newest of the day.
RUNTIME_VARIABLE = "SIROCCO_APPIMAGE_RUNTIME"


def build_appimage(
    payload: Path, out: Path, release: Release, run: Run, environment: Mapping[str, str] = os.environ
) -> Path:
    """Make the AppImage of a frozen app in the folder `out`; returns it."""
    target = out / f"Sirocco-{release.version}-{architecture()}.AppImage"
    with tempfile.TemporaryDirectory() as folder:
        app_dir = Path(folder, "Sirocco.AppDir")
        make_app_dir(payload, app_dir, release)
        # Its own look at the description asks the network for the pictures that are named there.
        words: list[str | Path] = ["appimagetool", "--no-appstream", app_dir, target]
        if environment.get(RUNTIME_VARIABLE):
            words[1:1] = ["--runtime-file", environment[RUNTIME_VARIABLE]]
        run(words, {**release.environment(), "ARCH": architecture(), "VERSION": release.version})
    target.chmod(0o755)
    return target


def make_app_dir(payload: Path, app_dir: Path, release: Release) -> None:
    """Lay out the folder that becomes the AppImage, as its specification says."""
    home = app_dir / "usr" / "lib" / "sirocco"
    home.parent.mkdir(parents=True)
    copy_tree(payload, home)
    write_channel(home, "appimage")
    (app_dir / "usr" / "bin").mkdir()
    (app_dir / "usr" / "bin" / "sirocco").symlink_to("../lib/sirocco/sirocco")
    write_share(app_dir / "usr" / "share", release)
    (app_dir / "AppRun").symlink_to("usr/bin/sirocco")
    (app_dir / f"{APP_ID}.desktop").symlink_to(f"usr/share/{DESKTOP_FILE}")
    (app_dir / f"{APP_ID}.png").symlink_to(f"usr/share/{icon_file('256')}")
    (app_dir / ".DirIcon").symlink_to(f"{APP_ID}.png")
    settle(app_dir, release.epoch)
