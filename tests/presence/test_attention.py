"""Which answers nobody saw."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from app.chat.session import ChatSession
from app.core.completion import ReplyState
from app.presence.attention import Attention
from tests.chat.house import House
from tests.chat.loopback import WATCHDOG_SECONDS, Call, LoopbackServer

WAIT = int(WATCHDOG_SECONDS * 1000)


class Watched:
    """An Attention, what is in sight, and what it told."""

    def __init__(self, house: House) -> None:
        self.in_sight: frozenset[str] = frozenset()
        self.came: list[tuple[str, ReplyState]] = []
        self.seen: list[str] = []
        self.attention = Attention(house.library, lambda: self.in_sight, house.root)
        self.attention.came.connect(lambda own, state: self.came.append((own, state)))
        self.attention.seen.connect(self.seen.append)

    def look_at(self, *sessions: ChatSession) -> None:
        self.in_sight = frozenset(one.conversation_id for one in sessions)
        self.attention.look()


@pytest.fixture
def watched(house: House) -> Watched:
    return Watched(house)


def ask(qtbot: QtBot, house: House) -> ChatSession:
    session = house.new_session()
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        assert session.send("Hello")
    return session


def test_an_answer_that_nobody_sees_is_told_and_then_seen(
    qtbot: QtBot, house: House, watched: Watched
) -> None:
    session, other = ask(qtbot, house), ask(qtbot, house)
    own = session.conversation_id
    assert watched.came == [(own, ReplyState.DONE), (other.conversation_id, ReplyState.DONE)]
    assert watched.attention.failed_ids == frozenset()
    watched.look_at(session)
    watched.look_at(session)
    assert watched.seen == [own]


def test_an_answer_in_sight_is_no_news(qtbot: QtBot, house: House, watched: Watched) -> None:
    session = house.new_session()
    watched.look_at(session)
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        assert session.send("Hello")
    assert watched.came == []


def test_a_failed_one_needs_attention_until_it_is_seen_or_deleted(
    qtbot: QtBot, house: House, server: LoopbackServer, watched: Watched
) -> None:
    server.script = refuse
    first, second = ask(qtbot, house), ask(qtbot, house)
    assert [state for _, state in watched.came] == [ReplyState.FAILED] * 2
    assert watched.attention.failed_ids == {first.conversation_id, second.conversation_id}
    watched.look_at(first)
    assert watched.attention.failed_ids == {second.conversation_id}
    house.library.delete(second.conversation_id)
    assert watched.attention.failed_ids == frozenset()


def refuse(call: Call) -> None:
    call.fail(400, "no")


def test_what_the_person_stopped_is_no_news(
    qtbot: QtBot, house: House, server: LoopbackServer, watched: Watched
) -> None:
    def go_on(call: Call) -> None:
        call.begin_stream()
        call.text("Some words")
        call.wait_for_hang_up()

    server.script = go_on
    session = house.new_session()
    assert session.send("Hello")
    qtbot.waitUntil(lambda: [turn.text for turn in session.path] == ["Hello", "Some words"], timeout=WAIT)
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        session.stop()
    assert watched.came == []


def test_it_says_when_something_changes(qtbot: QtBot, house: House, watched: Watched) -> None:
    seen: list[Callable[[], object] | bool] = []
    watched.attention.changed.connect(lambda: seen.append(bool(house.library.busy_ids)))
    ask(qtbot, house)
    qtbot.waitUntil(lambda: not house.library.busy_ids, timeout=WAIT)
    assert seen[0] is True
    assert seen[-1] is False
