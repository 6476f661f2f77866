"""A disk that refuses: what isn't safe isn't sent, what has come isn't lost, drafts follow the person."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest
from pytestqt.qtbot import QtBot

from app.chat.session import ChatSession
from app.core.completion import ReplyState
from app.core.errors import CannotSave
from tests.chat.house import House, next_call, text_of
from tests.chat.loopback import WATCHDOG_SECONDS, Call, LoopbackServer

WAIT = int(WATCHDOG_SECONDS * 1000)


def block(folder: Path) -> apsw.Connection:
    """Hold the history as another program would, so that nothing can be written to it."""
    other = apsw.Connection(str(folder / "sirocco.db"))
    other.execute("BEGIN IMMEDIATE")
    return other


def test_what_is_not_safe_is_not_sent(
    qtbot: QtBot, house: House, server: LoopbackServer, tmp_path: Path
) -> None:
    server.script = Call.wait_for_hang_up
    qtbot.waitUntil(lambda: house.disk.is_open, timeout=WAIT)
    session = house.new_session()
    added: list[object] = []
    session.message_added.connect(added.append)
    other = block(tmp_path)
    with qtbot.waitSignal(session.save_failed, timeout=WAIT) as failed:
        assert session.send("Precious words")
    other.execute("ROLLBACK")
    other.close()
    assert failed.args is not None
    error = failed.args[0]
    assert isinstance(error, CannotSave)
    assert error.details.target == "message"
    assert session.draft == "Precious words"
    assert session.path == ()
    assert added == []
    qtbot.waitUntil(lambda: not session.is_busy, timeout=WAIT)
    assert next_call(qtbot, server).hung_up.wait(WATCHDOG_SECONDS)
    server.script = lambda call: call.answer("Now it works")
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        assert session.send(session.draft)
    assert text_of(session) == ["Precious words", "Now it works"]


def test_an_answer_that_cannot_be_saved_is_shown_all_the_same(
    qtbot: QtBot, house: House, server: LoopbackServer, tmp_path: Path
) -> None:
    others: list[apsw.Connection] = []

    def answer(call: Call) -> None:
        call.begin_stream()
        call.text("All of ")
        qt_has_row.acquire()
        call.text("the answer")
        call.finish()

    import threading

    qt_has_row = threading.Semaphore(0)
    server.script = answer
    session = house.new_session()
    errors: list[CannotSave] = []
    session.save_failed.connect(errors.append)
    assert session.send("Hello")
    qtbot.waitUntil(lambda: text_of(session)[-1:] == ["All of "], timeout=WAIT)
    others.append(block(tmp_path))
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        qt_has_row.release()
    others[0].execute("ROLLBACK")
    others[0].close()
    assert text_of(session) == ["Hello", "All of the answer"]
    assert session.path[-1].state is ReplyState.DONE
    assert errors
    assert {error.details.target for error in errors} == {"answer"}


@pytest.mark.skipif(os.name != "posix", reason="a file in the place of a folder")
def test_no_place_for_the_history(
    qtbot: QtBot, make_house: Callable[..., House], server: LoopbackServer, tmp_path: Path
) -> None:
    (tmp_path / "sirocco.db").mkdir()
    house = make_house()
    house.use(server.url)
    failures: list[CannotSave] = []
    house.library.failed.connect(failures.append)
    session = house.new_session()
    with qtbot.waitSignal(session.save_failed, timeout=WAIT):
        assert session.send("Hello")
    assert session.draft == "Hello"
    assert all(isinstance(one, CannotSave) for one in failures)
    assert failures


def draft_after_restart(qtbot: QtBot, house: House, conversation_id: str) -> str:
    session = house.library.session(conversation_id) if conversation_id else house.library.new_session()
    if conversation_id:
        qtbot.waitUntil(lambda: session.is_loaded, timeout=WAIT)
    else:
        with qtbot.waitSignal(session.draft_changed, timeout=WAIT):
            pass
    return session.draft


def test_draft_of_a_new_chat(qtbot: QtBot, make_house: Callable[..., House]) -> None:
    house = make_house()
    session = house.library.new_session()
    session.set_draft("Unfinished busin")
    session.set_draft("Unfinished business")
    assert house.library.shut_down(60.0)
    assert draft_after_restart(qtbot, make_house(), "") == "Unfinished business"


def send(qtbot: QtBot, session: ChatSession, text: str) -> None:
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        assert session.send(text)


def test_drafts_belong_to_their_chats(
    qtbot: QtBot, make_house: Callable[..., House], server: LoopbackServer
) -> None:
    house = make_house()
    house.use(server.url)
    first = house.new_session()
    first.set_draft("Hello")
    send(qtbot, first, "Hello")
    assert first.draft == ""
    first.set_draft("about the first")
    second = house.new_session()
    second.set_draft("a new one")
    assert house.library.shut_down(60.0)
    house = make_house()
    assert draft_after_restart(qtbot, house, first.conversation_id) == "about the first"
    assert draft_after_restart(qtbot, house, "") == "a new one"


def test_a_draft_is_saved_while_typing(
    qtbot: QtBot, make_house: Callable[..., House], tmp_path: Path
) -> None:
    """Somebody who never pauses is saved too."""
    house = make_house()
    qtbot.waitUntil(lambda: house.disk.is_open, timeout=WAIT)
    session = house.library.new_session()
    found: list[str] = []

    def type_on() -> bool:
        session.set_draft(f"{session.draft}x")
        house.disk.submit(lambda store: store.draft(""), found.append)
        return any(found)

    qtbot.waitUntil(type_on, timeout=WAIT)


def test_a_sent_draft_is_gone(qtbot: QtBot, make_house: Callable[..., House], server: LoopbackServer) -> None:
    house = make_house()
    house.use(server.url)
    session = house.new_session()
    session.set_draft("Hello")
    send(qtbot, session, "Hello")
    assert house.library.shut_down(60.0)
    house = make_house()
    drafts: list[str] = []
    house.disk.submit(lambda store: store.draft(""), drafts.append)
    house.disk.submit(lambda store: store.draft(session.conversation_id), drafts.append)
    qtbot.waitUntil(lambda: len(drafts) == 2, timeout=WAIT)
    assert drafts == ["", ""]
