"""The folder that becomes an AppImage, and the one line where the tool for it isn't there."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from app.desktop.build_info import build_info
from app.desktop.paths import APP_ID
from build_scripts.build.appimage import RUNTIME_VARIABLE, build_appimage, make_app_dir
from build_scripts.build.linux_files import share_files
from build_scripts.build.linux_steps import appimage, deb
from build_scripts.build.release import architecture
from build_scripts.build.steps import Plan
from tests.build_scripts.payload import RELEASE, stand_in

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="AppImages are Linux's")


@pytest.fixture
def app_dir(tmp_path: Path) -> Path:
    place = tmp_path / "Sirocco.AppDir"
    make_app_dir(stand_in(tmp_path / "payload"), place, RELEASE)
    return place


def test_it_is_laid_out_as_the_specification_says(app_dir: Path) -> None:
    top = {path.name for path in app_dir.iterdir()}
    assert top == {"AppRun", ".DirIcon", f"{APP_ID}.desktop", f"{APP_ID}.png", "usr"}
    links = [path for path in app_dir.rglob("*") if path.is_symlink()]
    # It is mounted at another place on each start.
    assert all(not link.readlink().is_absolute() and link.resolve().is_file() for link in links)
    assert (app_dir / ".DirIcon").read_bytes().startswith(b"\x89PNG")
    subprocess.run(["desktop-file-validate", app_dir / f"{APP_ID}.desktop"], check=True)
    assert all((app_dir / "usr" / "share" / name).is_file() for name in share_files())


def test_it_runs_and_knows_what_it_is(app_dir: Path) -> None:
    done = subprocess.run([app_dir / "AppRun", "--version"], capture_output=True, text=True, check=True)
    assert "sleep" in done.stdout
    assert build_info(app_dir / "usr" / "lib" / "sirocco" / "_internal").channel == "appimage"


def test_the_tool_gets_the_folder_and_the_machine(tmp_path: Path) -> None:
    asked: list[tuple[list[str], dict[str, str]]] = []

    def tool(
        words: Sequence[str | Path], env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> str:
        asked.append(([str(word) for word in words], dict(env or {})))
        assert (Path(words[-2]) / "AppRun").is_symlink()
        Path(words[-1]).write_bytes(b"image")
        return ""

    made = build_appimage(
        stand_in(tmp_path / "payload"), tmp_path, RELEASE, tool, {RUNTIME_VARIABLE: "the runtime"}
    )
    [(words, env)] = asked
    assert words[:4] == ["appimagetool", "--runtime-file", "the runtime", "--no-appstream"]
    assert words[-1] == str(made) == str(tmp_path / f"Sirocco-1.2.3-{architecture()}.AppImage")
    assert (env["ARCH"], env["VERSION"]) == (architecture(), "1.2.3")
    assert env["SOURCE_DATE_EPOCH"] == str(RELEASE.epoch)
    assert made.stat().st_mode & 0o777 == 0o755


def test_without_the_tool_there_is_one_line_and_no_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    appimage(Plan(is_fast=True))
    deb(Plan(is_fast=True))
    assert capsys.readouterr().err.splitlines() == [
        "· No AppImage: appimagetool isn't here.",
        "· No .deb: dpkg-deb isn't here, or Debian knows no such machine.",
    ]
