"""SEC-09 and REL-12: one instance a data folder, whatever a dead one left; later starts say little to it."""

from __future__ import annotations

import json
import os
import socket
import struct
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from app.desktop.hand_over import (
    HEAD,
    MAX_MESSAGE,
    BadMessageError,
    Command,
    Message,
    decode,
    encode,
    hand_over,
    length_of,
    message_of,
)
from app.desktop.instance_lock import Election, InstanceLock, let_others_come_forward
from app.desktop.paths import Folders, instance_socket
from app.desktop.single_instance import MAX_PEERS, InstanceServer
from app.desktop.start_options import Options

ROOT = Path(__file__).parents[2]
ROUNDS = 20 if os.environ.get("SIROCCO_HEAVY") else 2
pytestmark = pytest.mark.skipif(os.name != "posix", reason="sockets of POSIX")


@given(command=st.sampled_from(Command), text=st.text(max_size=300))
def test_a_message_comes_through_as_it_was(command: Command, text: str) -> None:
    data = encode(Message(command, text))
    assert length_of(data[:HEAD]) == len(data) - HEAD
    assert decode(data[HEAD:]) == Message(command, text.encode("utf-8", "replace").decode())


@pytest.mark.parametrize("text", ["x" * 200_000, "ü" * 100_000, '"\\\n' * 60_000, "\ud800" * 70_000])
def test_a_text_beyond_the_limit_is_cut(text: str) -> None:
    data = encode(Message(Command.ASK, text))
    assert MAX_MESSAGE // 2 < len(data) - HEAD <= MAX_MESSAGE
    assert decode(data[HEAD:]).text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"null",
        b"[]",
        b"{}",
        b'{"v": 2, "cmd": "show"}',
        b'{"v": "1", "cmd": "show"}',
        b'{"v": 1, "cmd": "send", "text": "x"}',
        b'{"v": 1, "cmd": ["show"]}',
        b'{"v": 1, "cmd": "ask", "text": 3}',
        b"[" * 60_000,
        b'{"v": 1, "cmd": "show"} x',
    ],
)
def test_SEC_09_anything_else_is_refused(body: bytes) -> None:
    with pytest.raises(BadMessageError):
        decode(body)


@pytest.mark.parametrize("token", ["x" * 600, "a\0b", "a\nb", "é", 3, None, ["t"]])
def test_SEC_09_what_can_not_be_a_token_is_none(token: object) -> None:
    body = json.dumps({"v": 1, "cmd": "show", "token": token}).encode()
    assert decode(body) == Message(Command.SHOW)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (Options(), Message(Command.SHOW, token="wayland")),
        (Options(quick_ask=""), Message(Command.ASK, token="wayland")),
        (Options(quick_ask="Why?"), Message(Command.ASK, "Why?", "wayland")),
        (Options(quick_ask="Why?", quit=True), Message(Command.QUIT)),
    ],
)
def test_what_a_start_has_to_say(options: Options, message: Message) -> None:
    environment = {"DESKTOP_STARTUP_ID": "x11_TIME7", "XDG_ACTIVATION_TOKEN": "wayland"}
    assert message_of(options, environment) == message


def test_a_start_on_x11_brings_its_startup_id_along() -> None:
    environment = {"DESKTOP_STARTUP_ID": "x11_TIME7", "XDG_ACTIVATION_TOKEN": ""}
    assert message_of(Options(), environment).token == "x11_TIME7"


@given(st.binary(max_size=200))
def test_SEC_09_no_bytes_make_it_fail_otherwise(body: bytes) -> None:
    try:
        decode(body)
    except BadMessageError:
        return


@pytest.fixture
def profile(tmp_path: Path) -> Folders:
    found = Folders(tmp_path / "config", tmp_path / "data", tmp_path / "logs", tmp_path / "cache")
    found.make()
    return found


@pytest.fixture
def socket_path(profile: Folders, tmp_path: Path) -> Path:
    path = instance_socket(profile, {"XDG_RUNTIME_DIR": str(tmp_path)}) or instance_socket(profile, {})
    assert path is not None
    return path


@pytest.fixture
def server(qtbot: QtBot, socket_path: Path) -> Iterator[InstanceServer]:
    found = InstanceServer(socket_path)
    assert found.listen()
    yield found
    found.close()


def told(path: Path, message: Message) -> list[bool]:
    """Hand over on a thread of its own, as another process would."""
    answers: list[bool] = []
    threading.Thread(target=lambda: answers.append(hand_over(path, message, 20))).start()
    return answers


def test_a_later_start_is_heard_and_answered(qtbot: QtBot, server: InstanceServer, socket_path: Path) -> None:
    heard: list[object] = []
    server.show_asked.connect(lambda token: heard.append(("show", token)))
    server.ask_asked.connect(lambda text, token: heard.append((text, token)))
    server.quit_asked.connect(lambda: heard.append("quit"))
    said = (Message(Command.SHOW, token="t_TIME1"), Message(Command.ASK, "Où?"), Message(Command.QUIT))
    for message in said:
        answers = told(socket_path, message)
        qtbot.waitUntil(partial(bool, answers))
        assert answers == [True]
    assert heard == [("show", "t_TIME1"), ("Où?", ""), "quit"]


def test_SEC_09_the_socket_is_the_users_alone(server: InstanceServer, socket_path: Path) -> None:
    assert socket_path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "data",
    [
        struct.pack(">I", 0),
        struct.pack(">I", MAX_MESSAGE + 1),
        struct.pack(">I", 2**32 - 1) + b"x",
        struct.pack(">I", 4) + b"null",
        b"GET / HTTP/1.1\r\n\r\n",
    ],
)
def test_SEC_09_a_peer_that_says_nonsense_is_dropped(
    qtbot: QtBot, server: InstanceServer, socket_path: Path, data: bytes
) -> None:
    heard: list[object] = []
    server.ask_asked.connect(lambda text, token: heard.append(text))
    server.show_asked.connect(heard.append)
    with socket.socket(socket.AF_UNIX) as peer:
        peer.connect(str(socket_path))
        peer.sendall(data)
        peer.setblocking(False)
        qtbot.waitUntil(lambda: is_closed(peer))
    assert heard == []


def is_closed(peer: socket.socket) -> bool:
    try:
        return peer.recv(10) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


def test_SEC_09_a_silent_peer_is_dropped_and_many_do_not_keep_others_out(
    qtbot: QtBot, server: InstanceServer, socket_path: Path
) -> None:
    silent = []
    for _ in range(MAX_PEERS + 4):
        peer = socket.socket(socket.AF_UNIX)
        peer.connect(str(socket_path))
        peer.setblocking(False)
        silent.append(peer)
    qtbot.waitUntil(lambda: all(is_closed(peer) for peer in silent))
    for peer in silent:
        peer.close()
    answers = told(socket_path, Message(Command.SHOW))
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == [True]


def test_a_second_message_of_one_peer_is_not_heard(
    qtbot: QtBot, server: InstanceServer, socket_path: Path
) -> None:
    heard: list[str] = []
    server.ask_asked.connect(lambda text, token: heard.append(text))
    with socket.socket(socket.AF_UNIX) as peer:
        peer.connect(str(socket_path))
        peer.sendall(encode(Message(Command.ASK, "1")) + encode(Message(Command.ASK, "2")))
        qtbot.waitUntil(lambda: bool(heard))
        peer.sendall(encode(Message(Command.ASK, "3")))
        qtbot.wait(50)
    assert heard == ["1"]


def test_who_has_hung_up_before_it_was_heard_says_it_again_and_is_heard_once(
    qtbot: QtBot, server: InstanceServer, socket_path: Path
) -> None:
    heard: list[str] = []
    server.ask_asked.connect(lambda text, token: heard.append(text))
    with socket.socket(socket.AF_UNIX) as impatient:
        impatient.connect(str(socket_path))
        impatient.sendall(encode(Message(Command.ASK, "Why?")))
    answers = told(socket_path, Message(Command.ASK, "Why?"))
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == [True]
    assert heard == ["Why?"]


def test_where_nobody_listens_nothing_is_handed_over(tmp_path: Path) -> None:
    assert not hand_over(tmp_path / "none.sock", Message(Command.SHOW), 1)
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / "dead.sock"))
    assert not hand_over(tmp_path / "dead.sock", Message(Command.SHOW), 1)


def test_the_lock_elects_one_and_lets_the_next_in_when_it_is_released(
    profile: Folders, socket_path: Path
) -> None:
    first = InstanceLock(profile, socket_path)
    assert first.elect(Message(Command.SHOW)) is Election.FIRST
    first.release()
    second = InstanceLock(profile, socket_path)
    assert second.elect(Message(Command.SHOW)) is Election.FIRST
    second.release()


class FakeWindows:
    """The two names of Windows that are used."""

    def __init__(self) -> None:
        self.user32 = self
        self.allowed: list[int] = []

    def AllowSetForegroundWindow(self, process: int) -> bool:
        self.allowed.append(process)
        return True


def test_on_windows_the_second_start_lets_the_first_come_forward() -> None:
    windows = FakeWindows()
    let_others_come_forward(windows)
    let_others_come_forward(None)
    assert windows.allowed == [-1]


INSTANCE = """
    import os, sys
    from pathlib import Path
    from PySide6.QtCore import QCoreApplication
    from app.desktop.hand_over import Command, Message
    from app.desktop.paths import Folders
    from app.desktop.instance_lock import Election, InstanceLock
    from app.desktop.single_instance import InstanceServer
    folder, socket_path, text = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    app = QCoreApplication([])
    profile = Folders(folder / "config", folder / "data", folder / "logs", folder / "cache")
    lock = InstanceLock(profile, socket_path, 3.0 if "impatient" in sys.argv else 60.0)
    election = lock.elect(Message(Command.ASK, text))
    if election is Election.FIRST:
        server = InstanceServer(socket_path)
        server.ask_asked.connect(lambda text, token: print(text, flush=True))
        if "deaf" not in sys.argv:
            assert server.listen()
    print(election.name, flush=True)
    if election is Election.FIRST:
        app.exec()
"""


def start(tmp_path: Path, socket_path: Path, *args: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(INSTANCE), str(tmp_path), str(socket_path), *args],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
    )


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.mark.usefixtures("profile")
def test_REL_12_of_several_starts_on_a_dead_ones_leftovers_one_wins_and_hears_all(
    tmp_path: Path, socket_path: Path
) -> None:
    winner = start(tmp_path, socket_path, "dead")
    assert line_of(winner) == "FIRST"
    for number in range(ROUNDS):
        winner.kill()
        winner.communicate(timeout=60)
        assert (tmp_path / "data" / "sirocco.lock").exists()
        assert socket_path.exists()
        texts = [f"{number}.{of_five}" for of_five in range(5)]
        starts = {text: start(tmp_path, socket_path, text) for text in texts}
        said = {text: line_of(process) for text, process in starts.items()}
        assert sorted(said.values()) == ["FIRST"] + ["HANDED_OVER"] * 4
        (won,) = [text for text, word in said.items() if word == "FIRST"]
        winner = starts.pop(won)
        assert {line_of(winner) for _ in starts} == set(starts)
        for process in starts.values():
            process.communicate(timeout=60)
    winner.kill()
    winner.communicate(timeout=60)


@pytest.mark.usefixtures("profile")
def test_REL_12_a_lock_whose_number_is_used_again_is_taken_over(tmp_path: Path, socket_path: Path) -> None:
    dead = start(tmp_path, socket_path, "dead")
    assert line_of(dead) == "FIRST"
    dead.kill()
    dead.communicate(timeout=60)
    lock = tmp_path / "data" / "sirocco.lock"
    # The dead one's number, as the system may give it to another program of the same name: this one.
    lock.write_text(lock.read_text().replace(str(dead.pid), str(os.getpid()), 1))
    winner = start(tmp_path, socket_path, "new")
    assert line_of(winner) == "FIRST"
    winner.kill()
    winner.communicate(timeout=60)


@pytest.mark.usefixtures("profile")
def test_a_living_instance_that_does_not_answer_keeps_its_lock(tmp_path: Path, socket_path: Path) -> None:
    deaf = start(tmp_path, socket_path, "first", "deaf")
    assert line_of(deaf) == "FIRST"
    second = start(tmp_path, socket_path, "second", "impatient")
    assert line_of(second) == "NO_ANSWER"
    deaf.kill()
    for process in (deaf, second):
        process.communicate(timeout=60)


def test_the_message_is_plain_json() -> None:
    data = encode(Message(Command.ASK, "Où?"))
    assert json.loads(data[HEAD:]) == {"v": 1, "cmd": "ask", "text": "Où?", "token": ""}
