"""The installer of Windows: what is compiled, and, under Wine, what it does to a system."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from app.desktop.autostart.windows import APPROVED, NAME, RUN
from app.desktop.build_info import BuildInfo, build_info
from build_scripts.build.note import write_note
from build_scripts.build.places import TWIN
from build_scripts.build.steps import BuildError, run
from build_scripts.build.windows import PROGRAM, SIDE, SIGN_VARIABLE, build_setup, draw_side
from tests.build_scripts.payload import RELEASE
from tests.desktop.home import Home
from tests.desktop.processes import Processes, until

pytestmark = pytest.mark.skipif(shutil.which("makensis") is None, reason="NSIS isn't here")
SCRIPT = Path(__file__).with_name("stand_in.nsi")
UNINSTALL = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\Sirocco"


@pytest.fixture(scope="session")
def stand_in_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program for Windows that does as Sirocco does where an installer is concerned."""
    program = tmp_path_factory.mktemp("program") / PROGRAM
    run(["makensis", "-V2", "-WX", f"-DOUTFILE={program}", SCRIPT])
    return program


def payload_of(folder: Path, program: Path, mark: str = "one") -> Path:
    inside = folder / "_internal"
    inside.mkdir(parents=True)
    for name in (PROGRAM, TWIN):
        shutil.copy(program, folder / name)
    (inside / mark).write_text("a part that only this one has\n", encoding="utf-8")
    write_note(inside, BuildInfo("folder", "abc1234", "2026-11-25"))
    return folder


def setup_of(folder: Path, program: Path, version: str = "1.2.3", mark: str = "one") -> Path:
    folder.mkdir(exist_ok=True)
    return build_setup(
        payload_of(folder / "payload", program, mark), folder, replace(RELEASE, version=version), run, {}
    )


@pytest.fixture(scope="session")
def setup(tmp_path_factory: pytest.TempPathFactory, stand_in_program: Path) -> Path:
    return setup_of(tmp_path_factory.mktemp("one"), stand_in_program)


def test_it_is_a_program_of_64_bits(setup: Path) -> None:
    data = setup.read_bytes()
    assert setup.name == "Sirocco-1.2.3-setup.exe"
    (start,) = struct.unpack_from("<I", data, 0x3C)
    machine, characteristics = struct.unpack_from("<H16xH", data, start + 4)
    (magic,) = struct.unpack_from("<H", data, start + 24)
    assert data[start : start + 4] == b"PE\0\0"
    assert (machine, magic) == (0x8664, 0x20B)
    assert characteristics & 0x0002


def test_it_says_what_it_is_and_asks_for_no_administrator(setup: Path) -> None:
    data = setup.read_bytes()
    for name, value in {
        "ProductName": "Sirocco",
        "ProductVersion": "1.2.3",
        "FileVersion": "1.2.3",
        "CompanyName": "The Sirocco authors",
    }.items():
        pattern = (
            re.escape(f"{name}\0".encode("utf-16-le"))
            + b"(?:\0\0)?"
            + re.escape(f"{value}\0".encode("utf-16-le"))
        )
        assert re.search(pattern, data), name
    assert b'<requestedExecutionLevel level="asInvoker"' in data
    assert b"{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}" in data  # Windows 10 and what came after it


def test_the_same_folder_makes_the_same_bytes(setup: Path, stand_in_program: Path, tmp_path: Path) -> None:
    assert setup_of(tmp_path / "again", stand_in_program).read_bytes() == setup.read_bytes()


def test_what_is_no_frozen_app_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="is no app that was frozen on Windows"):
        build_setup(tmp_path, tmp_path, RELEASE, run, {})


@pytest.mark.skipif(sys.platform == "win32", reason="the signer is a shell script")
def test_program_uninstaller_and_installer_are_signed_by_the_given_command(
    stand_in_program: Path, tmp_path: Path
) -> None:
    signer, signed = tmp_path / "the signer", tmp_path / "signed"
    signer.write_text(f'#!/bin/sh\nbasename "$2" >> "{signed}"\n', encoding="utf-8")
    signer.chmod(0o755)
    payload = payload_of(tmp_path / "payload", stand_in_program)
    build_setup(payload, tmp_path, RELEASE, run, {SIGN_VARIABLE: f"'{signer}' --sign"})
    names = signed.read_text(encoding="utf-8").split()
    assert names[:2] == [PROGRAM, TWIN]
    assert names[-1] == "Sirocco-1.2.3-setup.exe"
    assert len(names) == 4


def test_its_picture_is_the_logo_on_its_own_colour(tmp_path: Path) -> None:
    path = tmp_path / "side.bmp"
    draw_side(path)
    picture = QImage(str(path))
    assert (picture.width(), picture.height()) == SIDE
    assert picture.pixelColor(2, 2).name() == "#0b4f58"
    colours = {picture.pixelColor(x, y).name() for x in range(0, 328, 8) for y in range(0, 628, 8)}
    assert {"#ff9a56", "#ffffff"} <= colours


def test_the_names_in_the_registry_are_those_that_the_app_writes() -> None:
    text = (Path(__file__).parents[2] / "build_scripts" / "installers" / "setup.nsi").read_text(
        encoding="utf-8"
    )
    assert f'!define RUN_KEY "{RUN}"' in text
    assert f'!define APPROVED_KEY "{APPROVED}"' in text
    assert f'DeleteRegValue HKCU "${{RUN_KEY}}" "{NAME}"' in text


class Wine:
    """A Windows of its own, below the test's folder."""

    def __init__(self, folder: Path, home: Home, processes: Processes) -> None:
        self._processes = processes
        prefix = folder / "wine"
        quiet = {"WINEARCH": "win64", "WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree,mshtml="}
        self.environment = {**home.env, **quiet, "WINEPREFIX": str(prefix)}
        self.wine("wineboot", "--init")
        (user,) = (path for path in (prefix / "drive_c" / "users").iterdir() if path.name != "Public")
        self.local = user / "AppData" / "Local"
        self.menu = user / "AppData" / "Roaming" / "Microsoft" / "Windows" / "Start Menu" / "Programs"
        self.target = self.local / "Programs" / "Sirocco"
        self.place = rf"C:\users\{user.name}\AppData\Local\Programs\Sirocco"

    def wine(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["wine", *words], env=self.environment, capture_output=True, text=True, check=False, timeout=240
        )

    def start(self, *words: str | Path) -> subprocess.Popen[bytes]:
        return self._processes.start(["wine", *words], self.environment)

    def registry(self, key: str) -> dict[str, str]:
        said = self.wine("reg", "query", key).stdout
        return {
            name: value.strip()
            for name, value in re.findall(r"^    (\S+|\(Default\))    REG_\w+ +(.*)$", said, re.MULTILINE)
        }

    def write_chats(self) -> Path:
        database = self.local / "sirocco" / "sirocco.db"
        database.parent.mkdir()
        database.write_text("a chat", encoding="utf-8")
        for name in ("logs", "Cache"):
            (database.parent / name).mkdir()
            (database.parent / name / "one").touch()
        return database

    def end(self) -> None:
        subprocess.run(["wineserver", "--kill"], env=self.environment, check=False)


@pytest.fixture
def wine(tmp_path: Path, private_home: Home, processes: Processes) -> Iterator[Wine]:
    if shutil.which("wine") is None:
        pytest.skip("Wine isn't here")
    made = Wine(tmp_path, private_home, processes)
    yield made
    made.end()


@pytest.mark.heavy
def test_it_installs_upgrades_and_goes(
    wine: Wine, setup: Path, stand_in_program: Path, tmp_path: Path
) -> None:
    assert wine.wine(setup, "/S").returncode == 0
    assert build_info(wine.target / "_internal").channel == "setup"
    assert (wine.menu / "Sirocco.lnk").is_file()
    said = wine.registry(UNINSTALL)
    assert said["DisplayName"] == "Sirocco"
    assert said["DisplayVersion"] == "1.2.3"
    assert said["InstallLocation"] == wine.place
    assert said["UninstallString"] == rf'"{wine.place}\uninstall.exe"'
    assert said["QuietUninstallString"] == rf'"{wine.place}\uninstall.exe" /S'
    assert said["URLInfoAbout"] == RELEASE.homepage
    installed = sum(path.stat().st_size for path in wine.target.rglob("*") if path.is_file())
    assert abs(int(said["EstimatedSize"], 16) - installed / 1024) < 8
    assert wine.wine(rf"{wine.place}\{TWIN}", "--version").returncode == 0
    # The shortcut leads to the program: a shell link begins so, and holds the path.
    link = (wine.menu / "Sirocco.lnk").read_bytes()
    assert link.startswith(b"\x4c\0\0\0\x01\x14\x02\0")
    assert (
        rf"{wine.place}\{PROGRAM}".encode("utf-16-le") in link or rf"{wine.place}\{PROGRAM}".encode() in link
    )

    # An upgrade closes what runs, takes away what the older one had alone, and leaves the chats.
    database = wine.write_chats()
    running = wine.start(rf"{wine.place}\{PROGRAM}")
    until((wine.local / "started").exists, "the app's start")
    newer = setup_of(tmp_path / "two", stand_in_program, "1.3.0", "two")
    assert wine.wine(newer, "/S").returncode == 0
    assert (wine.local / "told-to-quit").exists()
    assert running.wait(30) == 0
    assert {path.name for path in (wine.target / "_internal").iterdir()} == {"build.json", "two"}
    assert {path.name for path in wine.target.iterdir()} == {"_internal", PROGRAM, TWIN, "uninstall.exe"}
    assert not wine.target.with_name("Sirocco.new").exists()
    assert wine.registry(UNINSTALL)["DisplayVersion"] == "1.3.0"

    # It goes with all that it and the app have written into the registry; the chats and others' files stay.
    wine.wine("reg", "add", rf"HKCU\{RUN}", "/v", NAME, "/d", "x", "/f")
    assert wine.registry(rf"HKCU\{RUN}")[NAME] == "x"
    (wine.target / "mine.txt").write_text("not of the installer", encoding="utf-8")
    assert wine.wine(rf"{wine.place}\uninstall.exe", "/S").returncode == 0
    until(lambda: not (wine.target / "uninstall.exe").exists(), "the uninstaller's end")
    until(lambda: not wine.registry(UNINSTALL), "the end of its keys")
    assert NAME not in wine.registry(rf"HKCU\{RUN}")
    assert {path.name for path in wine.target.iterdir()} == {"mine.txt"}
    assert not (wine.menu / "Sirocco.lnk").exists()
    assert [path.name for path in database.parent.iterdir()] == [database.name], "logs and caches go too"
    assert database.read_text(encoding="utf-8") == "a chat"


@pytest.mark.heavy
def test_what_does_not_close_is_left_as_it_is(wine: Wine, setup: Path) -> None:
    assert wine.wine(setup, "/S").returncode == 0
    running = wine.start(rf"{wine.place}\{PROGRAM}")
    until((wine.local / "started").exists, "the app's start")
    (wine.local / "deaf").write_text("", encoding="utf-8")
    assert wine.wine(setup, "/S").returncode == 3
    assert running.poll() is None
    assert (wine.target / "_internal" / "one").exists()
