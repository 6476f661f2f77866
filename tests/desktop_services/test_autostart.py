"""Starting with the session: what each system is told, and what is read back."""

from __future__ import annotations

import os
import plistlib
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.desktop.autostart.choice import startup_entry
from app.desktop.autostart.linux import AutostartFile, exec_line
from app.desktop.autostart.macos import LaunchAgent
from app.desktop.autostart.windows import APPROVED, NAME, RUN, RunValue
from app.desktop.paths import APP_ID

COMMAND = ("/opt/chat proto/sirocco", "--hidden")


# -- Linux -----------------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> AutostartFile:
    return AutostartFile(tmp_path / "config", COMMAND)


def test_the_file_is_made_read_back_and_removed(file: AutostartFile) -> None:
    assert not file.exists()
    file.remove()
    file.make()
    file.make()
    assert file.exists()
    assert file.path.name == f"{APP_ID}.desktop"
    assert 'Exec="/opt/chat proto/sirocco" "--hidden"\n' in file.path.read_text()
    assert [one.name for one in file.path.parent.iterdir()] == [file.path.name]
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600 or os.name != "posix"
    file.remove()
    assert not file.exists()


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled = false"])
def test_what_a_desktop_has_switched_off_is_off(file: AutostartFile, line: str) -> None:
    file.make()
    text = file.path.read_text().replace("X-GNOME-Autostart-enabled=true", line)
    file.path.write_text(text)
    assert not file.exists()
    file.make()
    assert file.exists()


def test_a_folder_that_can_not_be_written_to_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file")
    with pytest.raises(OSError, match="config"):
        AutostartFile(tmp_path / "config", COMMAND).make()


@pytest.mark.parametrize("word", ["a b", 'a"b', "a$HOME", "a`b`", "a\\b", "100%", "~", "a;b", "ü"])
@pytest.mark.skipif(sys.platform != "linux", reason="Linux's own reader of such files")
def test_every_word_comes_through_as_the_desktop_reads_it(tmp_path: Path, word: str) -> None:
    assert read_exec(exec_line(("/bin/x", word))) == ["/bin/x", word]


def read_exec(value: str) -> list[str]:
    """The words of a value of Exec, as the Desktop Entry Specification says."""
    text = value.replace("\\\\", "\0").replace("\0", "\\").replace("%%", "%")
    words: list[str] = []
    at = 0
    while at < len(text):
        assert text[at] == '"'
        at += 1
        word = ""
        while text[at] != '"':
            if text[at] == "\\":
                at += 1
                assert text[at] in '\\"`$'
            word += text[at]
            at += 1
        words.append(word)
        at += 2
    return words


DESKTOP_FILES = Path(__file__).parents[2] / "resources" / "desktop"


@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="desktop-file-utils isn't there")
def test_the_desktops_own_check_has_nothing_to_say(file: AutostartFile) -> None:
    file.make()
    for path in (file.path, DESKTOP_FILES / f"{APP_ID}.desktop"):
        done = subprocess.run(
            ["desktop-file-validate", "--warn-kde", str(path)], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_menu_entry_names_the_app_and_offers_quick_ask() -> None:
    text = (DESKTOP_FILES / f"{APP_ID}.desktop").read_text()
    assert f"\nIcon={APP_ID}\n" in text
    assert "\nStartupWMClass=Sirocco\n" in text
    head, action = text.split("[Desktop Action quick-ask]\n")
    assert "\nActions=quick-ask;\n" in head
    assert action == "Name=Quick Ask\nExec=sirocco --quick-ask\n"


# -- Windows ---------------------------------------------------------------------------------------------


class FakeRegistry:
    """The part of winreg that is used, over dictionaries, as strict about what it is given."""

    HKEY_CURRENT_USER = 0x80000001
    KEY_READ, KEY_SET_VALUE, REG_SZ = 0x20019, 0x0002, 1

    def __init__(self) -> None:
        self.keys: dict[str, dict[str, Any]] = {}

    @contextmanager
    def OpenKey(self, key: int, sub_key: str, reserved: int, access: int) -> Iterator[tuple[str, int]]:
        assert (key, reserved) == (self.HKEY_CURRENT_USER, 0)
        assert access in (self.KEY_READ, self.KEY_SET_VALUE)
        if sub_key not in self.keys:
            raise FileNotFoundError(2, sub_key)
        yield sub_key, access

    @contextmanager
    def CreateKeyEx(self, key: int, sub_key: str, reserved: int, access: int) -> Iterator[tuple[str, int]]:
        self.keys.setdefault(sub_key, {})
        with self.OpenKey(key, sub_key, reserved, access) as opened:
            yield opened

    def QueryValueEx(self, key: tuple[str, int], value_name: str) -> tuple[Any, int]:
        path, access = key
        assert access == self.KEY_READ
        if value_name not in self.keys[path]:
            raise FileNotFoundError(2, value_name)
        return self.keys[path][value_name], self.REG_SZ

    def SetValueEx(self, key: tuple[str, int], value_name: str, reserved: int, kind: int, value: str) -> None:
        path, access = key
        assert (access, reserved, kind) == (self.KEY_SET_VALUE, 0, self.REG_SZ)
        self.keys[path][value_name] = value

    def DeleteValue(self, key: tuple[str, int], value: str) -> None:
        path, access = key
        assert access == self.KEY_SET_VALUE
        if value not in self.keys[path]:
            raise FileNotFoundError(2, value)
        del self.keys[path][value]


def test_the_value_is_made_read_back_and_removed() -> None:
    registry = FakeRegistry()
    entry = RunValue(registry, (r"C:\Program Files\Sirocco\sirocco.exe", "--hidden"))
    assert not entry.exists()
    entry.remove()
    entry.make()
    assert registry.keys == {RUN: {NAME: '"C:\\Program Files\\Sirocco\\sirocco.exe" --hidden'}}
    assert entry.exists()
    entry.remove()
    assert registry.keys == {RUN: {}}
    assert not entry.exists()


@pytest.mark.parametrize(("first", "is_on"), [(2, True), (6, True), (3, False), (7, False)])
def test_what_the_task_manager_switched_off_is_off_until_it_is_switched_on_here(
    first: int, is_on: bool
) -> None:
    registry = FakeRegistry()
    entry = RunValue(registry, COMMAND)
    entry.make()
    registry.keys[APPROVED] = {NAME: bytes([first]) + bytes(11)}
    assert entry.exists() is is_on
    entry.make()
    assert entry.exists()


# -- macOS -----------------------------------------------------------------------------------------------


def test_the_launch_agent_is_made_read_back_and_removed(tmp_path: Path) -> None:
    agent = LaunchAgent(tmp_path, COMMAND)
    assert not agent.exists()
    agent.remove()
    agent.make()
    data = plistlib.loads(agent.path.read_bytes())
    assert agent.path == tmp_path / "Library" / "LaunchAgents" / f"{APP_ID}.plist"
    assert data["Label"] == APP_ID
    assert data["ProgramArguments"] == list(COMMAND)
    assert data["RunAtLoad"] is True
    assert agent.exists()
    agent.path.write_bytes(plistlib.dumps({**data, "Disabled": True}))
    assert not agent.exists()
    agent.remove()
    assert not agent.path.exists()


@pytest.mark.parametrize("content", [b"", b"<plist", b"not a plist", b"bplist00"])
def test_a_launch_agent_that_is_garbage_is_none(tmp_path: Path, content: bytes) -> None:
    agent = LaunchAgent(tmp_path, COMMAND)
    agent.make()
    agent.path.write_bytes(content)
    assert not agent.exists()


# -- which ----------------------------------------------------------------------------------------------


def test_each_system_has_its_own_way(tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    linux = startup_entry(environment, "linux")
    assert isinstance(linux, AutostartFile)
    assert linux.path.is_relative_to(tmp_path / ".config")
    linux.make()
    assert '"--hidden"' in linux.path.read_text()
    assert 'Exec="sirocco"' not in linux.path.read_text()
    assert isinstance(startup_entry(environment, "darwin"), LaunchAgent)
    assert startup_entry(environment, "plan9") is None
