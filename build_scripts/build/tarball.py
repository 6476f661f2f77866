"""The `.tar.xz` for every Linux: the frozen app, and scripts that install it for one person and remove it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from app.desktop.paths import APP_ID
from build_scripts.build.channel import write_channel
from build_scripts.build.elf import wants_of
from build_scripts.build.linux_files import share_files, write_share
from build_scripts.build.release import Release, architecture, template
from build_scripts.build.staging import copy_tree, put, settle, write_archive
from build_scripts.build.tools import Run

SCRIPTS = ("install.sh", "uninstall.sh")


def build_tarball(payload: Path, out: Path, release: Release, run: Run) -> Path:
    """Make the archive of a frozen app in the folder `out`; returns it."""
    name = f"sirocco-{release.version}-linux-{architecture()}"
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, name)
        copy_tree(payload, root / "sirocco")
        write_channel(root / "sirocco", "tar")
        write_share(root / "share", release)
        values = {
            "APP_ID": APP_ID,
            "VERSION": release.version,
            "FILES": "\n".join(share_files()),
            "NEEDS": wants_of(payload, run).in_words,
        }
        for script in SCRIPTS:
            put(root / script, template(script, values))
            (root / script).chmod(0o755)
        settle(root, release.epoch)
        target = out / f"{name}.tar.xz"
        write_archive(root, target, release.epoch, release.level)
    return target
