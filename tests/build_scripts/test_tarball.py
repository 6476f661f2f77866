"""The archive for every Linux: installed, upgraded and removed for real, in a home of its own."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
import tarfile
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from app.desktop.build_info import build_info
from app.desktop.paths import APP_ID
from build_scripts.build.linux_files import share_files
from build_scripts.build.release import TEMPLATES
from build_scripts.build.steps import run
from build_scripts.build.tarball import build_tarball
from tests.build_scripts.payload import RELEASE, stand_in
from tests.desktop.processes import Processes, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the archive is for Linux")


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of a first release, as a person has unpacked it."""
    return unpack(tmp_path_factory.mktemp("one"), "1.2.3", "one")


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of the next release."""
    return unpack(tmp_path_factory.mktemp("two"), "1.3.0", "two")


def unpack(folder: Path, version: str, mark: str) -> Path:
    payload = stand_in(folder / "payload", mark)
    archive = build_tarball(payload, folder, replace(RELEASE, version=version), run)
    place = folder / "a folder of downloads"
    with tarfile.open(archive) as opened:
        opened.extractall(place, filter="data")
    (root,) = place.iterdir()
    return root


class Home:
    """A person's home, with a name that a careless script trips over."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / 'it\'s $HOME & "more" 100%'
        self.folder.mkdir()
        self.target = self.folder / ".local" / "opt" / "sirocco"
        self.share = self.folder / ".local" / "share"
        self.command = self.folder / ".local" / "bin" / "sirocco"
        self.environment = {"HOME": str(self.folder), "PATH": os.environ["PATH"]}

    def run(self, script: Path, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [script, *words], env=self.environment, capture_output=True, text=True, check=False, timeout=60
        )

    def files(self) -> set[str]:
        return {
            path.relative_to(self.folder).as_posix()
            for path in self.folder.rglob("*")
            if path.is_symlink() or path.is_file()
        }

    def write_chats(self) -> Path:
        database = self.share / "sirocco" / "sirocco.db"
        database.parent.mkdir(parents=True)
        database.write_text("a chat", encoding="utf-8")
        settings = self.folder / ".config" / "sirocco" / "settings.json"
        settings.parent.mkdir(parents=True)
        settings.write_text("{}", encoding="utf-8")
        for rest in (".local/state/sirocco/logs/sirocco.log", ".cache/sirocco/formula.svg"):
            (self.folder / rest).parent.mkdir(parents=True)
            (self.folder / rest).touch()
        return database


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_it_installs_for_one_person_and_says_where(home: Home, unpacked: Path) -> None:
    done = home.run(unpacked / "install.sh")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Sirocco 1.2.3 is installed" in done.stdout
    assert f"To remove it: {home.target}/uninstall.sh" in done.stdout
    assert home.command.resolve() == home.target / "sirocco"
    assert {f".local/share/{name}" for name in share_files()} < home.files()
    assert (home.target / "_internal" / "libpart.so").is_symlink()
    assert build_info(home.target / "_internal").channel == "tar"
    assert build_info(home.target / "_internal").commit == "abc1234"


def test_who_starts_the_scripts_from_a_file_manager_is_told_too(
    home: Home, unpacked: Path, tmp_path: Path
) -> None:
    told, programs = tmp_path / "told", tmp_path / "programs"
    programs.mkdir()
    program = programs / "notify-send"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" >>{told}\n', encoding="utf-8")
    program.chmod(0o755)
    home.environment["PATH"] = f"{programs}:{home.environment['PATH']}"
    home.command.parent.mkdir(parents=True)
    home.command.touch()
    assert home.run(unpacked / "install.sh").returncode == 1
    home.command.unlink()
    assert home.run(unpacked / "install.sh").returncode == 0
    assert home.run(home.target / "uninstall.sh").returncode == 0
    said = told.read_text(encoding="utf-8").splitlines()
    reason = f"{home.command} is there already and not ours; move it away, then try again"
    icon = f"--icon={unpacked}/share/icons/hicolor/128x128/apps/{APP_ID}.png"
    assert said == [
        f"{icon} Sirocco is not installed {reason}",
        f"{icon} Sirocco is installed It is in the menu of your desktop.",
        "Sirocco is removed Your chats and settings stay where they are.",
    ]


def test_the_menu_starts_it_by_its_whole_path_whatever_is_in_it(home: Home, unpacked: Path) -> None:
    home.run(unpacked / "install.sh")
    entry = home.share / "applications" / f"{APP_ID}.desktop"
    subprocess.run(["desktop-file-validate", entry], check=True)
    # As a desktop reads it: the string's own backslashes first, then the quoted words, then the percents.
    lines = [line for line in entry.read_text(encoding="utf-8").splitlines() if line.startswith("Exec=")]
    assert len(lines) == 2
    for line, words in zip(lines, ([], ["--quick-ask"]), strict=True):
        value = line.removeprefix("Exec=").replace("\\\\", "\\")
        program = value[1 : value.rindex('"')].replace("%%", "%")
        for character in '"`$\\':
            program = program.replace(f"\\{character}", character)
        assert program == str(home.target / "sirocco")
        assert value[value.rindex('"') + 1 :].split() == words


def test_an_upgrade_replaces_what_was_there_and_keeps_the_chats(
    home: Home, unpacked: Path, newer: Path
) -> None:
    home.run(unpacked / "install.sh")
    database = home.write_chats()
    done = home.run(newer / "install.sh")
    assert (done.returncode, done.stderr) == (0, "")
    assert not (home.target / "_internal" / "one").exists()
    assert (home.target / "_internal" / "two").exists()
    assert sorted(path.name for path in home.target.parent.iterdir()) == ["sirocco"]
    assert database.read_text(encoding="utf-8") == "a chat"


def test_it_waits_for_a_running_sirocco_to_end(
    home: Home, unpacked: Path, newer: Path, processes: Processes
) -> None:
    home.run(unpacked / "install.sh")
    running = processes.start([home.target / "sirocco", "600"], home.environment)
    installing = processes.start([newer / "install.sh"], home.environment)
    script = psutil.Process(installing.pid)
    until(lambda: "sleep" in {child.name() for child in script.children()}, "its waiting")
    assert (home.target / "_internal" / "one").exists()
    running.kill()
    running.wait()
    assert installing.wait(60) == 0, processes.output_of(installing)
    assert (home.target / "_internal" / "two").exists()


def test_a_program_that_does_not_run_here_changes_nothing(home: Home, unpacked: Path, tmp_path: Path) -> None:
    copy = tmp_path / "broken"
    shutil.copytree(unpacked, copy, symlinks=True)
    (copy / "sirocco" / "sirocco").write_text("#!/bin/false\n", encoding="utf-8")
    before = home.files()
    done = home.run(copy / "install.sh")
    assert done.returncode == 1
    assert "needs a system with glibc 2." in done.stderr
    assert home.files() == before


def test_a_command_of_somebody_else_is_left_alone(home: Home, unpacked: Path) -> None:
    home.command.parent.mkdir(parents=True)
    home.command.write_text("mine\n", encoding="utf-8")
    done = home.run(unpacked / "install.sh")
    assert done.returncode == 1
    assert "not ours" in done.stderr
    assert home.files() == {".local/bin/sirocco"}


def test_it_goes_without_a_trace_but_the_chats(home: Home, unpacked: Path) -> None:
    home.run(unpacked / "install.sh")
    home.write_chats()
    autostart = home.folder / ".config" / "autostart" / f"{APP_ID}.desktop"
    autostart.parent.mkdir()
    autostart.write_text(f'[Desktop Entry]\nExec="{home.target}/sirocco" --hidden\n', encoding="utf-8")
    done = home.run(home.target / "uninstall.sh")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"Your chats and settings stay in {home.share}/sirocco" in done.stdout
    left = home.files() - {
        ".local/share/applications/mimeinfo.cache",
        ".local/share/icons/hicolor/icon-theme.cache",
    }
    assert left == {".local/share/sirocco/sirocco.db", ".config/sirocco/settings.json"}
    assert not home.target.exists()


def test_a_terminal_is_asked_whether_the_chats_go_too(home: Home, unpacked: Path) -> None:
    for answer, stay in ((b"\n", True), (b"y\n", False)):
        home.run(unpacked / "install.sh")
        if not home.share.joinpath("sirocco").exists():
            home.write_chats()
        leader, terminal = pty.openpty()
        os.write(leader, answer)
        with open(terminal, "rb") as stdin:  # noqa: PTH123 - a descriptor
            done = subprocess.run(
                [home.target / "uninstall.sh"],
                env=home.environment,
                stdin=stdin,
                capture_output=True,
                text=True,
                check=True,
            )
        os.close(leader)
        assert "Delete your chats and settings as well?" in done.stdout
        assert (home.share / "sirocco").exists() is stay
        assert (home.folder / ".config" / "sirocco").exists() is stay


def test_removal_can_be_told_beforehand(home: Home, unpacked: Path) -> None:
    home.run(unpacked / "install.sh")
    home.write_chats()
    assert home.run(home.target / "uninstall.sh", "--everything").returncode == 2
    assert home.target.exists()
    assert home.run(home.target / "uninstall.sh", "--delete-chats").returncode == 0
    assert not (home.share / "sirocco").exists()


def test_the_same_folder_makes_the_same_bytes(tmp_path: Path) -> None:
    archives = []
    for number in ("one", "two"):
        place = tmp_path / number
        stand_in(place / "payload")
        archives.append(build_tarball(place / "payload", place, RELEASE, run).read_bytes())
    assert archives[0] == archives[1]


def test_everything_in_it_belongs_to_root_and_has_one_date(tmp_path: Path) -> None:
    payload = stand_in(tmp_path / "payload")
    with tarfile.open(build_tarball(payload, tmp_path, RELEASE, run)) as archive:
        entries = archive.getmembers()
    assert {(entry.uid, entry.gid, entry.mtime) for entry in entries} == {(0, 0, RELEASE.epoch)}
    modes = {entry.name.partition("/")[2]: oct(entry.mode) for entry in entries if entry.isfile()}
    assert modes["sirocco/sirocco"] == modes["install.sh"] == "0o755"
    assert modes["sirocco/_internal/libpart.so.1"] == "0o644"
    assert [entry.name for entry in entries] == sorted(entry.name for entry in entries)


@pytest.mark.parametrize("script", ["install.sh", "uninstall.sh"])
def test_the_scripts_are_clean(script: str) -> None:
    subprocess.run(["shellcheck", "--shell=sh", TEMPLATES / script], check=True)
