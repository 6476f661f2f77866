"""The list of chats: its order, its names, what is deleted, and what is unread."""

from __future__ import annotations

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from app.chat.library import KEPT_SESSIONS
from app.chat.session import ChatSession
from tests.chat.house import House, text_of
from tests.chat.loopback import WATCHDOG_SECONDS, LoopbackServer

WAIT = int(WATCHDOG_SECONDS * 1000)


def chat(qtbot: QtBot, house: House, text: str) -> ChatSession:
    session = house.new_session()
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        assert session.send(text)
    return session


def titles(house: House) -> list[str]:
    return [one.title for one in house.library.summaries]


def test_written_in_last_comes_first(qtbot: QtBot, house: House) -> None:
    first = chat(qtbot, house, "One")
    chat(qtbot, house, "Two")
    assert titles(house) == ["Two", "One"]
    with qtbot.waitSignal(first.message_changed, timeout=WAIT):
        assert first.send("Again")
    assert titles(house) == ["One", "Two"]


def test_one_new_chat_at_a_time(qtbot: QtBot, house: House) -> None:
    session = house.new_session()
    assert house.new_session() is session
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        assert session.send("Hello")
    assert house.new_session() is not session
    assert house.library.session(session.conversation_id) is session


def test_renamed(qtbot: QtBot, make_house: Callable[..., House], server: LoopbackServer) -> None:
    house = make_house()
    house.use(server.url)
    first = chat(qtbot, house, "One")
    second = chat(qtbot, house, "Two")
    with qtbot.waitSignal(first.title_changed, timeout=WAIT):
        house.library.rename(first.conversation_id, " Better\n name ")
    second.rename("")
    assert titles(house) == ["Two", "Better name"]
    with qtbot.waitSignal(first.message_changed, timeout=WAIT):
        assert first.send("More")
    assert first.title == "Better name"
    assert house.library.shut_down(60.0)
    house = make_house()
    qtbot.waitUntil(lambda: bool(house.library.summaries), timeout=WAIT)
    assert titles(house) == ["Better name", "Two"]
    house.library.rename(second.conversation_id, "Unopened")
    assert titles(house) == ["Better name", "Unopened"]


def test_deleted_and_brought_back(
    qtbot: QtBot, make_house: Callable[..., House], server: LoopbackServer
) -> None:
    house = make_house()
    house.use(server.url)
    for text in ("One", "Two", "Three"):
        chat(qtbot, house, text)
    two = house.library.summaries[1]
    with qtbot.waitSignal(house.library.conversation_deleted, timeout=WAIT) as deleted:
        house.library.delete(two.conversation_id)
    assert deleted.args == [two.conversation_id, "Two"]
    assert titles(house) == ["Three", "One"]
    with qtbot.waitSignal(house.library.summaries_changed, timeout=WAIT):
        assert house.library.undo_delete()
    assert titles(house) == ["Three", "Two", "One"]
    assert not house.library.undo_delete()
    house.library.delete(two.conversation_id)
    assert house.library.shut_down(60.0)
    house = make_house()
    qtbot.waitUntil(lambda: bool(house.library.summaries), timeout=WAIT)
    assert titles(house) == ["Three", "One"]


def test_a_chat_that_is_not_there(qtbot: QtBot, house: House) -> None:
    session = house.library.session("0" * 32)
    with qtbot.waitSignal(session.load_failed, timeout=WAIT):
        pass
    assert not session.is_loaded
    assert not session.send("Hello")


def test_unread_until_shown(qtbot: QtBot, house: House) -> None:
    shown = chat(qtbot, house, "One")
    house.library.show(shown.conversation_id)
    assert house.library.unread_ids == frozenset()
    with qtbot.waitSignal(house.library.unread_changed, timeout=WAIT) as unread:
        other = chat(qtbot, house, "Two")
    assert unread.args == [other.conversation_id, True]
    with qtbot.waitSignal(shown.message_changed, timeout=WAIT):
        assert shown.send("More")
    assert house.library.unread_ids == {other.conversation_id}
    house.library.show(other.conversation_id)
    assert house.library.unread_ids == frozenset()


def test_old_sessions_are_let_go(
    qtbot: QtBot, make_house: Callable[..., House], server: LoopbackServer
) -> None:
    house = make_house()
    house.use(server.url)
    made = [chat(qtbot, house, f"Chat {number}") for number in range(KEPT_SESSIONS + 3)]
    assert house.library.shut_down(60.0)
    house = make_house()
    house.use(server.url)
    qtbot.waitUntil(lambda: house.library.is_loaded, timeout=WAIT)
    first = house.library.session(made[0].conversation_id)
    for session in made[1:]:
        again = house.library.session(session.conversation_id)
        qtbot.waitUntil(lambda session=again: session.is_loaded, timeout=WAIT)  # type: ignore[misc]
    assert len(house.library.findChildren(ChatSession)) <= KEPT_SESSIONS + 2
    anew = house.library.session(made[0].conversation_id)
    assert anew is not first
    qtbot.waitUntil(lambda: anew.is_loaded, timeout=WAIT)
    assert text_of(anew) == ["Chat 0", "Hello there."]
