"""Stopping at each stage closes the request, even where the server is silent, and keeps what has come."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from app.chat.activity import ActivityKind
from app.chat.session import ChatSession
from app.core.completion import ReplyState
from tests.chat.house import House, next_call, text_of
from tests.chat.loopback import WATCHDOG_SECONDS, Call, LoopbackServer

WAIT = int(WATCHDOG_SECONDS * 1000)


def silent_before_headers(call: Call) -> None:
    call.wait_for_hang_up()


def silent_in_headers(call: Call) -> None:
    call.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-")
    call.wait_for_hang_up()


def silent_after_headers(call: Call) -> None:
    call.begin_stream()
    call.wait_for_hang_up()


def only_comments(call: Call) -> None:
    call.begin_stream()
    call.chunk(b": still at work\n\n")
    call.wait_for_hang_up()


def silent_in_mid_event(call: Call) -> None:
    call.begin_stream()
    call.text("Half")
    call.chunk(b'data: {"choices": [{"delta": {"con')
    call.wait_for_hang_up()


def silent_in_mid_thought(call: Call) -> None:
    call.begin_stream()
    call.thinking("Hmm")
    call.wait_for_hang_up()


def silent_after_finish(call: Call) -> None:
    call.begin_stream()
    call.text("Whole")
    call.event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    call.wait_for_hang_up()


STAGES: dict[Callable[[Call], None], str] = {
    silent_before_headers: "",
    silent_in_headers: "",
    silent_after_headers: "",
    only_comments: "",
    silent_in_mid_event: "Half",
    silent_in_mid_thought: "",
    silent_after_finish: "Whole",
}


def stop(qtbot: QtBot, session: ChatSession) -> None:
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        session.stop()
    qtbot.waitUntil(lambda: not session.is_busy, timeout=WAIT)


@pytest.mark.parametrize(("stage", "kept"), STAGES.items(), ids=[stage.__name__ for stage in STAGES])
def test_the_server_sees_the_close(
    qtbot: QtBot, house: House, server: LoopbackServer, stage: Callable[[Call], None], kept: str
) -> None:
    server.script = stage
    session = house.new_session()
    assert session.send("Hello")
    call = next_call(qtbot, server)
    if kept or stage is silent_in_mid_thought:
        qtbot.waitUntil(lambda: bool(session.path) and bool(session.path[-1].content), timeout=WAIT)
    stop(qtbot, session)
    assert session.activity.kind is ActivityKind.IDLE
    assert call.hung_up.wait(WATCHDOG_SECONDS)
    assert session.path[-1].state is ReplyState.STOPPED
    assert text_of(session) == ["Hello", kept]
    server.script = lambda call: call.answer("And on it goes")
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        assert session.send("Go on")
    assert text_of(session)[-1] == "And on it goes"


def test_at_once(qtbot: QtBot, house: House, server: LoopbackServer) -> None:
    """Stopped before the question is on disk, and before the request is on the wire: nothing is lost."""
    server.script = silent_before_headers
    session = house.new_session()
    assert session.send("Hello")
    assert not session.path
    stop(qtbot, session)
    assert text_of(session) == ["Hello", ""]
    assert session.path[-1].state is ReplyState.STOPPED


def test_twice(qtbot: QtBot, house: House, server: LoopbackServer) -> None:
    server.script = silent_after_headers
    session = house.new_session()
    ended: list[object] = []
    session.message_changed.connect(ended.append)
    assert session.send("Hello")
    next_call(qtbot, server)
    session.stop()
    session.stop()
    qtbot.waitUntil(lambda: not session.is_busy, timeout=WAIT)
    session.stop()
    qtbot.wait(50)
    assert len(ended) == 1


def test_several_at_a_time(qtbot: QtBot, house: House, server: LoopbackServer) -> None:
    server.script = silent_after_headers
    sessions = []
    for number in range(3):
        session = house.new_session()
        assert session.send(f"Hello {number}")
        sessions.append(session)
    calls = [next_call(qtbot, server) for _ in sessions]
    for session in sessions:
        session.stop()
    qtbot.waitUntil(lambda: not house.library.busy_ids, timeout=WAIT)
    assert all(call.hung_up.wait(WATCHDOG_SECONDS) for call in calls)


def test_a_stopped_answer_that_holds_nothing_is_replaced(
    qtbot: QtBot, house: House, server: LoopbackServer
) -> None:
    server.script = silent_after_headers
    session = house.new_session()
    assert session.send("Hello")
    next_call(qtbot, server)
    stop(qtbot, session)
    server.script = lambda call: call.answer("Now then")
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        assert session.try_again(session.path[-1].turn_id)
    assert text_of(session) == ["Hello", "Now then"]
    assert len(session.conversation.turns) == 2


def test_deleted_while_it_streams(qtbot: QtBot, house: House, server: LoopbackServer) -> None:
    server.script = silent_in_mid_event
    session = house.new_session()
    assert session.send("Hello")
    call = next_call(qtbot, server)
    qtbot.waitUntil(lambda: text_of(session)[-1:] == ["Half"], timeout=WAIT)
    house.library.delete(session.conversation_id)
    assert not house.library.summaries
    assert call.hung_up.wait(WATCHDOG_SECONDS)
    qtbot.waitUntil(lambda: not session.is_busy, timeout=WAIT)
    with qtbot.waitSignal(house.library.summaries_changed, timeout=WAIT):
        assert house.library.undo_delete()
    assert [one.title for one in house.library.summaries] == ["Hello"]
    assert text_of(session) == ["Hello", "Half"]
