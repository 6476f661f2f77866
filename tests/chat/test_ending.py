"""Leaving at each stage, and being killed in mid-answer: what was acknowledged is there on the next start."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.chat.activity import ActivityKind
from app.chat.session import ChatSession
from app.core.completion import ReplyState
from tests.chat.house import House, next_call, text_of
from tests.chat.loopback import WATCHDOG_SECONDS, Call, LoopbackServer
from tests.chat.test_stopping import STAGES

WAIT = int(WATCHDOG_SECONDS * 1000)
ROOT = Path(__file__).parents[2]
IS_HEAVY = bool(os.environ.get("SIROCCO_HEAVY"))
KILLS = 50 if IS_HEAVY else 3
QUITS = 200 if IS_HEAVY else 4
# What has been there for so long must be on disk: REL-02's 250 ms, and a busy machine.
SLACK_SECONDS = 1.0


def reopened(qtbot: QtBot, house: House) -> ChatSession:
    qtbot.waitUntil(lambda: bool(house.library.summaries), timeout=WAIT)
    session = house.library.session(house.library.summaries[0].conversation_id)
    qtbot.waitUntil(lambda: session.is_loaded, timeout=WAIT)
    return session


@pytest.mark.parametrize(("stage", "kept"), STAGES.items(), ids=[stage.__name__ for stage in STAGES])
def test_quit_at_each_stage(
    qtbot: QtBot,
    make_house: Callable[..., House],
    server: LoopbackServer,
    stage: Callable[[Call], None],
    kept: str,
) -> None:
    server.script = stage
    house = make_house()
    house.use(server.url)
    session = house.new_session()
    assert session.send("Hello")
    call = next_call(qtbot, server)
    if kept:
        qtbot.waitUntil(lambda: text_of(session)[-1:] == [kept], timeout=WAIT)
    session.set_draft("Not sent yet")
    assert house.library.shut_down(60.0)
    assert call.hung_up.wait(WATCHDOG_SECONDS)
    again = reopened(qtbot, make_house())
    assert text_of(again) == ["Hello", kept]
    assert again.path[-1].state is ReplyState.INTERRUPTED
    assert again.draft == "Not sent yet"


def test_quit_before_anything_is_ready(
    qtbot: QtBot, make_house: Callable[..., House], server: LoopbackServer
) -> None:
    house = make_house()
    house.use(server.url)
    assert house.new_session().send("Hello")
    assert house.library.shut_down(60.0)
    again = reopened(qtbot, make_house())
    assert text_of(again) == ["Hello", ""]
    assert again.path[-1].state is ReplyState.INTERRUPTED
    assert again.draft == ""


def test_quit_while_retrying(qtbot: QtBot, make_house: Callable[..., House], server: LoopbackServer) -> None:
    server.script = lambda call: call.fail(503, "loading", "Retry-After: 30")
    house = make_house()
    house.use(server.url)
    session = house.new_session()
    assert session.send("Hello")
    qtbot.waitUntil(lambda: session.activity.kind is ActivityKind.RETRYING, timeout=WAIT)
    assert house.library.shut_down(60.0)
    assert reopened(qtbot, make_house()).path[-1].state is ReplyState.INTERRUPTED


def test_quit_twice(make_house: Callable[..., House]) -> None:
    house = make_house()
    assert house.library.shut_down(60.0)
    assert house.library.shut_down(60.0)


def child(folder: Path, url: str, quit_at: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.chat.child", str(folder), url, quit_at],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.timeout(1800)  # 200 starts of a program, on a machine with other work
def test_quits_end_well(server: LoopbackServer, tmp_path: Path) -> None:
    """A running QThread that is destroyed aborts the process: none of these may."""

    def story(call: Call) -> None:
        call.begin_stream()
        call.thinking("Hm. ")
        call.text("Once ")
        call.wait_for_hang_up()

    server.script = story
    for number in range(QUITS):
        kind = (ActivityKind.WAITING, ActivityKind.THINKING, ActivityKind.WRITING)[number % 3]
        process = child(tmp_path, server.url, kind)
        _, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, b""), (number, kind)


class Story:
    """An answer that goes on for ever."""

    def __init__(self) -> None:
        self.text = ""
        self.begun = threading.Event()

    def tell(self, call: Call) -> None:
        call.begin_stream()
        for number in range(100_000):
            piece = f"{number} and then something happened; "
            self.text += piece
            call.text(piece)
            self.begun.set()
            time.sleep(0.005)


def length_before(moment: float, output: bytes) -> int:
    """How much of the answer the child had got by then, as it says itself."""
    words = (line.split() for line in output.splitlines() if line[:1].isdigit())
    return max((int(length) for at, length in words if float(at) < moment), default=0)


def test_killed_in_mid_answer(
    qtbot: QtBot, make_house: Callable[..., House], server: LoopbackServer, tmp_path: Path
) -> None:
    chance = random.Random(1)
    most_lost = 0
    for number in range(KILLS):
        story = Story()
        server.script = story.tell
        process = child(tmp_path, server.url, "never")
        assert story.begun.wait(60)
        time.sleep(chance.uniform(0.1, 2.5))
        process.kill()
        killed_at = time.monotonic()
        output, errors = process.communicate(timeout=60)
        assert errors == b""
        house = make_house()
        session = reopened(qtbot, house)
        if b"assistant" in output:
            assert session.path[0].text == "Tell me a long story"
            assert session.path[1].state is ReplyState.INTERRUPTED
            found = session.path[1].text
            assert story.text.startswith(found)
            assert len(found) >= length_before(killed_at - SLACK_SECONDS, output)
            most_lost = max(most_lost, length_before(killed_at, output) - len(found))
        assert len(house.library.summaries) == number + 1
        assert house.library.shut_down(60.0)
    print(f"{KILLS} kills; at most {most_lost} characters that had come were lost")
