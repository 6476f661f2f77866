"""The trial of installers: that it finds what an installer leaves undone, or leaves behind."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from build_scripts.build.steps import BuildError, run
from build_scripts.build.tarball import build_tarball
from build_scripts.build.try_out import (
    try_all,
    try_appimage,
    try_deb,
    try_dmg,
    try_frozen,
    try_setup,
    try_tarball,
)
from tests.build_scripts.payload import RELEASE, stand_in

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="the trials of others are told with paths of POSIX"
)

# What the stand-in for the app can answer.
VERSION = ("--version",)


class System:
    """Programs of a system that isn't here; keeps their command lines. `act` does what shows of one."""

    def __init__(self, act: Callable[[list[str]], str | None] = lambda _said: None) -> None:
        self.said: list[list[str]] = []
        self._act = act

    def __call__(
        self, words: Sequence[str | Path], env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> str:
        self.said.append([str(word) for word in words])
        return self._act(self.said[-1]) or ""


@pytest.mark.skipif(sys.platform != "linux", reason="the archive is for Linux")
def test_the_archive_is_installed_run_and_removed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = build_tarball(stand_in(tmp_path / "payload"), tmp_path, RELEASE, run)
    try_tarball(archive, run, VERSION)
    assert re.search(r"· sleep .*\d\.\d", capsys.readouterr().err)
    with pytest.raises(BuildError, match="--self-test"):
        try_tarball(archive, run)


def test_apt_installs_the_package_and_purges_it(tmp_path: Path) -> None:
    program = tmp_path / "usr" / "bin" / "sirocco"
    system = System(lambda said: f"/.\n{program}\n" if said[0] == "dpkg-query" else "Sirocco 1.2.3")
    try_deb(tmp_path / "sirocco_1.2.3_amd64.deb", system)
    apt = ["apt-get", "--yes", "-q"]
    assert system.said == [
        [*apt, "install", str(tmp_path / "sirocco_1.2.3_amd64.deb")],
        ["dpkg-query", "--listfiles", "sirocco"],
        ["sirocco", "--version"],
        ["sirocco", "--self-test"],
        [*apt, "purge", "sirocco"],
    ]
    program.parent.mkdir(parents=True)
    program.touch()
    with pytest.raises(BuildError, match=r"left after the removal: .*/usr/bin/sirocco"):
        try_deb(tmp_path / "sirocco_1.2.3_amd64.deb", system)


def test_the_image_is_run_without_being_mounted() -> None:
    system = System()
    try_appimage(Path("Sirocco.AppImage"), system)
    runs = ["--version", "--self-test"]
    assert system.said == [["Sirocco.AppImage", "--appimage-extract-and-run", question] for question in runs]


def test_the_installer_of_windows_is_tried_silently(tmp_path: Path) -> None:
    places = {"LOCALAPPDATA": str(tmp_path / "Local"), "APPDATA": str(tmp_path / "Roaming")}
    target = tmp_path / "Local" / "Programs" / "Sirocco"
    shortcut = tmp_path / "Roaming" / "Microsoft" / "Windows" / "Start Menu" / "Programs" / "Sirocco.lnk"

    def windows(said: list[str]) -> None:
        if said[0] == "setup.exe":
            for path in (target / "_internal", shortcut.parent):
                path.mkdir(parents=True)
            shortcut.touch()
        elif said[0] == str(target / "uninstall.exe"):
            shortcut.unlink()
            shutil.rmtree(target)

    system = System(windows)
    try_setup(Path("setup.exe"), system, environment=places)
    program = str(target / "sirocco-cli.exe")
    assert system.said == [
        ["setup.exe", "/S"],
        [program, "--version"],
        [program, "--self-test"],
        [str(target / "uninstall.exe"), "/S", f"_?={target}"],
    ]
    with pytest.raises(BuildError, match=r"There is no .*Sirocco\.lnk"):
        try_setup(Path("setup.exe"), System(), environment=places)


def test_the_app_is_taken_out_of_the_disk_image_and_its_seal_looked_at() -> None:
    system = System()
    try_dmg(Path("Sirocco.dmg"), system)
    volume = system.said[0][-1]
    app = system.said[1][-1]
    assert system.said == [
        ["hdiutil", "attach", "Sirocco.dmg", "-nobrowse", "-readonly", "-mountpoint", volume],
        ["ditto", f"{volume}/Sirocco.app", app],
        ["hdiutil", "detach", volume],
        ["codesign", "--verify", "--deep", "--strict", app],
        [f"{app}/Contents/MacOS/sirocco", "--version"],
        [f"{app}/Contents/MacOS/sirocco", "--self-test"],
    ]


def test_the_frozen_app_is_asked_where_it_lies() -> None:
    system = System()
    assert try_frozen(Path("dist/Sirocco/sirocco"), system) == ["sirocco"]
    assert system.said == [["dist/Sirocco/sirocco", question] for question in ("--version", "--self-test")]


def test_each_system_tries_what_is_its_own(tmp_path: Path) -> None:
    names = ("Sirocco-1.2.3-macos-arm64.dmg", "Sirocco-1.2.3-x86_64.AppImage", "sirocco-1.2.3.cdx.json")
    for name in names:
        (tmp_path / name).touch()
    assert try_all(tmp_path, System(), "darwin") == [names[0]]
    assert try_all(tmp_path, System(), "linux") == [names[1]]
    with pytest.raises(BuildError, match="nothing to try"):
        try_all(tmp_path, System(), "win32")
