"""The app as a process: start, second start, and every way to leave it (DESIGN §6, REL-12, 13, 18)."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app import __version__
from app.core.completion import ReplyState
from app.desktop.hand_over import Command, Message, hand_over
from app.desktop.paths import Folders, instance_socket
from app.desktop.sleep_watch import LOGIN
from tests.chat.house import House, text_of
from tests.chat.loopback import Call, LoopbackServer, loopback_server
from tests.desktop.bus_peer import BusPeer
from tests.desktop.session import Bus, Keyring

ROOT = Path(__file__).parents[1]
WATCHDOG = 120.0
IS_HEAVY = bool(os.environ.get("SIROCCO_HEAVY"))
QUITS = 200 if IS_HEAVY else 3
ROUNDS = 20 if IS_HEAVY else 1

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals, sockets and folders of Linux")


class Profile:
    """A home folder of its own, and the processes that were started in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, exist_ok=True)
        self.env = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": str(folder),
            "PYTHONPATH": str(ROOT),
            "QT_QPA_PLATFORM": "offscreen",
            "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
            # Settings and data in one folder, as `House` has them.
            "XDG_CONFIG_HOME": str(folder / "home"),
            "XDG_DATA_HOME": str(folder / "home"),
            "XDG_STATE_HOME": str(folder / "state"),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "XDG_RUNTIME_DIR": str(folder),
        }
        self.started: list[subprocess.Popen[bytes]] = []

    @property
    def data(self) -> Path:
        return self.folder / "home" / "sirocco"

    @property
    def log(self) -> str:
        path = self.folder / "state" / "sirocco" / "logs" / "sirocco.log"
        return path.read_text() if path.exists() else ""

    def start(self, *args: str, **changes: str | None) -> subprocess.Popen[bytes]:
        return self._start("-m", "app", *args, **changes)

    def start_python(self, script: str) -> subprocess.Popen[bytes]:
        """Start the app by a script of the test's own."""
        return self._start("-c", script)

    def _start(self, *words: str, **changes: str | None) -> subprocess.Popen[bytes]:
        env = {name: value for name, value in {**self.env, **changes}.items() if value is not None}
        process = subprocess.Popen(
            [sys.executable, *words],
            cwd=self.folder,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.started.append(process)
        return process

    def run(self, *args: str, **changes: str | None) -> tuple[int, str, str]:
        process = self.start(*args, **changes)
        out, err = process.communicate(timeout=WATCHDOG)
        return process.returncode, out.decode(), err.decode()

    def open(self, *args: str, **changes: str | None) -> subprocess.Popen[bytes]:
        """Start the window and wait until it is painted and listens."""
        process = self.start(*args, **changes)
        path = instance_socket(Folders(self.data, self.data, self.data, self.data), self.env)
        assert path is not None
        until(lambda: hand_over(path, Message(Command.SHOW), 5.0) or process.poll() is not None)
        assert process.poll() is None, process.communicate()
        return process

    def use(self, base_url: str) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        endpoint = {"id": "here", "name": "Here", "base_url": base_url, "default_model": "m"}
        (self.data / "settings.json").write_text(json.dumps({"endpoints": [endpoint]}))

    def end(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.communicate(timeout=WATCHDOG)


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Profile]:
    profile = Profile(tmp_path / "p")
    yield profile
    profile.end()


def until(is_so: Callable[[], object]) -> None:
    ends = time.monotonic() + WATCHDOG
    while not is_so():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.02)


def left(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    _, err = process.communicate(timeout=WATCHDOG)
    return process.returncode, err.decode()


# -- what needs no window ------------------------------------------------------------------------------


@pytest.mark.parametrize("args", [("--version",), ("--demo", "--version")])
def test_the_versions_of_all_that_matters_are_told(profile: Profile, args: tuple[str, ...]) -> None:
    code, out, err = profile.run(*args, QT_QPA_PLATFORM=None)
    assert (code, err) == (0, "")
    first, build, *others = out.splitlines()
    assert (first, build) == (f"Sirocco {__version__}", "build source")
    assert [line.split()[0] for line in others] == ["Qt", "Python", "SQLite"]
    assert all(re.fullmatch(r"\w+ \d+\.\d+\.\d+.*", line) for line in others)


def test_the_versions_are_told_without_a_window_in_memory(profile: Profile) -> None:
    code = "import sys; sys.argv = ['app', '--version']; from app.__main__ import main; main()"
    code += "; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], env=profile.env, capture_output=True, text=True, check=True
    )
    heavy = {"PySide6.QtGui", "PySide6.QtWidgets", "httpx", "keyring", "app.main"}
    assert heavy & set(done.stdout.splitlines()[-1].split()) == set()


def test_the_self_test_says_what_is_missing_and_touches_nothing_of_the_persons(profile: Profile) -> None:
    before = sorted(profile.folder.rglob("*"))
    code, out, err = profile.run("--self-test", MISTRAL_API_KEY="a key of theirs")
    assert code == 1, err
    lines = {name: state for state, name in re.findall(r"^(ok|FAILED) +(\w+):", out, re.MULTILINE)}
    assert lines == {
        **dict.fromkeys(("platform", "pictures", "icons", "fonts", "sqlite", "tls", "answer", "end"), "ok"),
        "keyring": "FAILED",
    }
    assert "a key of theirs" not in out + err
    assert sorted(profile.folder.rglob("*")) == before


@pytest.mark.parametrize("args", [("--nonsense",), ("show",), ("--first-question",)])
def test_wrong_use_is_exit_2(profile: Profile, args: tuple[str, ...]) -> None:
    code, out, err = profile.run(*args)
    assert (code, out) == (2, "")
    assert err


@pytest.mark.parametrize("display", [None, "", ":7654", "nonsense"])
def test_without_a_display_it_is_one_line_and_exit_2(profile: Profile, display: str | None) -> None:
    code, out, err = profile.run(QT_QPA_PLATFORM=None, DISPLAY=display)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "no display" in err


def test_quit_without_an_instance_is_fine(profile: Profile) -> None:
    assert profile.run("--quit") == (0, "", "")


def test_REL_17_a_start_after_a_crash_has_a_report_to_offer(profile: Profile) -> None:
    first = profile.open()
    first.send_signal(signal.SIGSEGV)
    assert left(first)[0] == -signal.SIGSEGV
    second = profile.open()
    until(lambda: "an earlier run left a report" in profile.log)
    (report,) = (profile.folder / "state" / "sirocco" / "logs").glob("crash-*.txt")
    assert "Segmentation fault" in report.read_text()
    assert str(profile.folder) not in report.read_text()
    second.send_signal(signal.SIGTERM)
    assert left(second) == (0, "")


# -- one instance ----------------------------------------------------------------------------------------


def test_a_second_start_shows_the_first_and_ends(profile: Profile) -> None:
    first = profile.open()
    assert profile.run() == (0, "", "")
    assert profile.run("--demo", "--hidden") == (0, "", "")
    assert first.poll() is None
    assert profile.run("--quit") == (0, "", "")
    assert left(first) == (0, "")


def test_REL_12_what_a_killed_instance_left_is_no_hindrance(profile: Profile) -> None:
    first = profile.open()
    first.kill()
    first.wait(WATCHDOG)
    second = profile.open()
    second.send_signal(signal.SIGTERM)
    assert left(second) == (0, "")


def test_REL_12_of_five_starts_on_what_a_killed_one_left_one_opens_the_window(profile: Profile) -> None:
    first = profile.open()
    for number in range(ROUNDS):
        first.kill()
        first.wait(WATCHDOG)
        heard = profile.log.count("a later start says: ask")
        starts = [profile.start("--quick-ask", f"{number}.{of_five}") for of_five in range(5)]
        until(lambda starts=starts: sum(one.poll() is not None for one in starts) == 4)  # type: ignore[misc]
        assert [one.returncode for one in starts].count(0) == 4
        (first,) = [one for one in starts if one.poll() is None]
        until(lambda heard=heard: profile.log.count("a later start says: ask") == heard + 4)  # type: ignore[misc]
    first.send_signal(signal.SIGTERM)
    assert left(first) == (0, "")


def test_a_second_start_hands_over_before_it_loads_qt(profile: Profile) -> None:
    first = profile.open()
    trap = profile.folder / "trap" / "PySide6"
    trap.mkdir(parents=True)
    (trap / "__init__.py").write_text("raise ImportError('too early')")
    path = f"{trap.parent}{os.pathsep}{ROOT}"
    assert profile.run("--quick-ask", "Why?", PYTHONPATH=path) == (0, "", "")
    assert profile.run("--quit", PYTHONPATH=path) == (0, "", "")
    assert left(first) == (0, "")


def test_SEC_10_all_that_is_made_is_the_owners_alone(profile: Profile) -> None:
    process = profile.open("--demo")
    until((profile.data / "sirocco.db").exists)
    process.send_signal(signal.SIGTERM)
    assert left(process) == (0, "")
    made = [
        path
        for folder in ("home", "state", "cache", "sirocco")
        for path in (profile.folder / folder).rglob("*")
    ]
    assert made
    assert [path for path in made if path.lstat().st_mode & 0o077] == []


# -- leaving -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_quits_as_the_menu_does(profile: Profile, number: signal.Signals) -> None:
    process = profile.open("--demo")
    process.send_signal(number)
    assert left(process) == (0, "")
    assert json.loads((profile.data / "settings.json").read_text())["geometry"]
    assert "Traceback" not in profile.log


def catches_sigterm(process: subprocess.Popen[bytes]) -> bool:
    """Whether it has come to its first line: before that, the system ends it."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    caught = next(int(line.split()[1], 16) for line in lines if line.startswith("SigCgt"))
    return bool(caught >> (signal.SIGTERM - 1) & 1)


def test_a_signal_before_the_window_is_up_ends_it_too(profile: Profile) -> None:
    for number, delay in ((signal.SIGTERM, 0.0), (signal.SIGINT, 0.1), (signal.SIGTERM, 0.3)):
        process = profile.start("--demo")
        until(lambda process=process: catches_sigterm(process))  # type: ignore[misc]
        time.sleep(delay)
        process.send_signal(number)
        assert left(process) == (0, "")
    again = profile.open("--demo")
    again.send_signal(signal.SIGTERM)
    assert left(again) == (0, "")


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with loopback_server() as server:
        yield server


def test_REL_18_quit_in_mid_answer_keeps_what_has_come(
    qtbot: QtBot, profile: Profile, server: LoopbackServer, make_house: Callable[[Path], House]
) -> None:
    def answer(call: Call) -> None:
        call.begin_stream()
        call.text("Half an answer")
        call.wait_for_hang_up()

    server.script = answer
    profile.use(server.url)
    process = profile.open("--first-question", "Whole question")
    assert server.called.acquire(timeout=WATCHDOG)
    call = server.calls[0]
    process.send_signal(signal.SIGTERM)
    assert left(process) == (0, "")
    assert call.hung_up.wait(WATCHDOG)

    house = make_house(profile.data)
    qtbot.waitUntil(lambda: bool(house.library.summaries), timeout=int(WATCHDOG * 1000))
    session = house.library.session(house.library.summaries[0].conversation_id)
    qtbot.waitUntil(lambda: session.is_loaded, timeout=int(WATCHDOG * 1000))
    assert text_of(session)[0] == "Whole question"
    assert session.path[-1].state is ReplyState.INTERRUPTED


@pytest.fixture
def make_house() -> Iterator[Callable[[Path], House]]:
    houses: list[House] = []

    def make(folder: Path) -> House:
        house = House(folder)
        houses.append(house)
        house.start()
        return house

    yield make
    for house in houses:
        assert house.library.shut_down(60.0)


def test_REL_13_quit_in_mid_answer_never_aborts(profile: Profile, server: LoopbackServer) -> None:
    def answer(call: Call) -> None:
        call.begin_stream()
        while True:
            call.text("word ")
            time.sleep(0.005)

    server.script = answer
    profile.use(server.url)
    for number in range(QUITS):
        process = profile.open("--first-question", "Tell me a long story")
        assert server.called.acquire(timeout=WATCHDOG)
        time.sleep(random.Random(number).random() / 2)
        process.send_signal(signal.SIGTERM)
        assert left(process) == (0, ""), f"after {number} times"


class SilentBus:
    """A message bus that lets the app's clients in and never answers them; Qt's own is turned away."""

    def __init__(self, path: Path) -> None:
        self.asked = threading.Semaphore(0)
        self._clients: list[socket.socket] = []
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(path))
        self._socket.listen(8)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            self._clients.append(client)
            threading.Thread(target=self._let_in, args=(client,), daemon=True).start()

    def _let_in(self, client: socket.socket) -> None:
        said = b""
        while chunk := client.recv(100):
            said += chunk
            if b"NEGOTIATE" in said:  # Qt's wants to hand over descriptors, the keyring's doesn't
                client.shutdown(socket.SHUT_RDWR)
            elif said.endswith(b"BEGIN\r\n") or b"BEGIN\r\nl" in said:
                self.asked.release()
                return
            elif said.endswith(b"\r\n"):
                client.sendall(b"OK 0123456789abcdef0123456789abcdef\r\n")

    def close(self) -> None:
        for one in (self._socket, *self._clients):
            with suppress(OSError):  # it has hung up
                one.shutdown(socket.SHUT_RDWR)
            one.close()


def test_REL_13_a_keyring_that_hangs_does_not_keep_it(profile: Profile, server: LoopbackServer) -> None:
    profile.use(server.url)
    bus = SilentBus(profile.folder / "bus")
    process = profile.start(
        "--first-question", "x", DBUS_SESSION_BUS_ADDRESS=f"unix:path={profile.folder}/bus"
    )
    for _ in ("by what shows notifications", "by the keyring"):
        assert bus.asked.acquire(timeout=WATCHDOG)
    process.send_signal(signal.SIGTERM)
    ended = left(process)
    bus.close()
    assert ended == (0, "")
    assert "left behind" in profile.log


@pytest.fixture
def system_bus(make_bus: Callable[[Keyring], Bus]) -> str:
    return make_bus(Keyring.ABSENT).env["DBUS_SESSION_BUS_ADDRESS"]


@pytest.fixture
def login(system_bus: str) -> Iterator[BusPeer]:
    """What tells of sleep and waking on a Linux machine."""
    login = BusPeer(system_bus, LOGIN, {})
    yield login
    login.close()


def test_after_sleep_the_next_request_makes_a_new_connection(
    profile: Profile, system_bus: str, login: BusPeer
) -> None:
    process = profile.open("--demo", DBUS_SYSTEM_BUS_ADDRESS=system_bus)

    def has_woken() -> bool:
        login.emit("/org/freedesktop/login1", f"{LOGIN}.Manager", "PrepareForSleep", "b", (False,))
        return "awake again" in profile.log

    until(has_woken)
    process.send_signal(signal.SIGTERM)
    assert left(process) == (0, "")
    assert "Traceback" not in profile.log


# -- where things are not as they should be ------------------------------------------------------------


def test_a_data_folder_that_can_not_be_one_still_opens_a_window(profile: Profile) -> None:
    profile.data.parent.mkdir()
    profile.data.write_text("a file")
    process = profile.open("--demo")
    process.send_signal(signal.SIGTERM)
    assert process.wait(WATCHDOG) == 0
    assert profile.data.read_text() == "a file"


def test_settings_that_are_garbage_are_no_hindrance(profile: Profile) -> None:
    profile.data.mkdir(parents=True)
    (profile.data / "settings.json").write_bytes(b"\xff{not json")
    process = profile.open(HTTPS_PROXY="no proxy")
    until(lambda: "HTTPS_PROXY is not an address" in profile.log)
    process.send_signal(signal.SIGTERM)
    assert process.wait(WATCHDOG) == 0


def test_SEC_18_variables_that_load_foreign_code_are_dropped(profile: Profile) -> None:
    process = profile.open(
        "--demo",
        QT_PLUGIN_PATH=str(profile.folder),
        QT_QPA_PLATFORM_PLUGIN_PATH=str(profile.folder),
        SSLKEYLOGFILE=str(profile.folder / "keys.log"),
        QT_IM_MODULE="fcitx",
    )
    process.send_signal(signal.SIGTERM)
    assert left(process) == (0, "")
    assert not (profile.folder / "keys.log").exists()


def test_a_picture_of_the_first_answer(profile: Profile) -> None:
    picture = profile.folder / "picture.png"
    process = profile.start("--demo", "--first-question", "Hello", "--picture", str(picture))
    assert left(process) == (0, "")
    assert picture.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
