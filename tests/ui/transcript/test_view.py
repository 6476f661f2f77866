"""The view of a real session: a real server, a real disk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.core.completion import ReplyState
from app.core.conversation import Role, Turn
from app.ui.error_table import ErrorActionKind
from app.ui.transcript.message_frames import AnswerFrame
from app.ui.transcript.view import TranscriptView
from tests.chat.house import House, next_call
from tests.chat.loopback import WATCHDOG_SECONDS, Call, LoopbackServer

WAIT = int(WATCHDOG_SECONDS * 1000)


def last_answer(view: TranscriptView) -> AnswerFrame:
    frame = view.canvas.frames()[-1]
    assert isinstance(frame, AnswerFrame)
    return frame


def shown_text(view: TranscriptView) -> str:
    return "\n".join(edit.toPlainText() for edit in last_answer(view).editors())


@pytest.fixture
def announced(view: TranscriptView) -> list[str]:
    said: list[str] = []
    view.announced.connect(said.append)
    return said


def test_an_answer_is_shown_while_it_comes(
    qtbot: QtBot, view: TranscriptView, house: House, server: LoopbackServer, announced: list[str]
) -> None:
    server.script = lambda call: call.hung_up.wait(WATCHDOG_SECONDS)  # type: ignore[assignment]
    session = house.new_session()
    view.show_session(session)
    assert session.send("How are you?")
    call: Call = next_call(qtbot, server)
    qtbot.waitUntil(lambda: len(view.canvas.frames()) == 2, timeout=WAIT)
    assert view.canvas.frames()[0].accessibleName() == "You: How are you?"
    qtbot.waitUntil(lambda: last_answer(view).line.state_words.startswith("Waiting"), timeout=WAIT)
    call.begin_stream()
    call.thinking("Let me see.")
    qtbot.waitUntil(lambda: last_answer(view).line.state_words.startswith("Thinking"), timeout=WAIT)
    call.text("I am **fi")
    qtbot.waitUntil(lambda: shown_text(view) == "I am fi", timeout=WAIT)
    assert last_answer(view).line.state_words.startswith("Writing")
    assert last_answer(view).caret.isVisible()
    call.text("ne**.")
    qtbot.waitUntil(lambda: shown_text(view) == "I am fine.", timeout=WAIT)
    assert announced == []
    call.finish()
    qtbot.waitUntil(lambda: announced == ["Answer ready"], timeout=WAIT)
    assert last_answer(view).accessibleDescription() == "Finished"
    assert last_answer(view).line.state_words == ""
    assert not last_answer(view).caret.isVisible()
    call.hung_up.set()


def test_an_error_is_shown_and_tried_again(
    qtbot: QtBot, view: TranscriptView, house: House, server: LoopbackServer, announced: list[str]
) -> None:
    server.script = lambda call: call.fail(401, "no such key")
    session = house.new_session()
    view.show_session(session)
    view.try_again_requested.connect(session.try_again)
    assert session.send("Hello")
    qtbot.waitUntil(lambda: bool(announced), timeout=WAIT)
    assert announced == ["Here needs an API key. Open settings"]
    card = last_answer(view).card
    assert card is not None
    assert card.isVisible()
    server.script = lambda call: call.answer("Hello there.")
    card.button(ErrorActionKind.TRY_AGAIN).click()
    qtbot.waitUntil(lambda: shown_text(view) == "Hello there.", timeout=WAIT)
    assert len(view.canvas.turns) == 2
    assert not card.isVisible()


def test_stopping_keeps_the_text_and_says_so(
    qtbot: QtBot, view: TranscriptView, house: House, server: LoopbackServer, announced: list[str]
) -> None:
    def script(call: Call) -> None:
        call.begin_stream()
        call.text("Half an ")
        call.wait_for_hang_up()

    server.script = script
    session = house.new_session()
    view.show_session(session)
    assert session.send("Hello")
    qtbot.waitUntil(lambda: bool(view.canvas.frames()) and "Half" in view.canvas.turns[-1].text, timeout=WAIT)
    session.stop()
    qtbot.waitUntil(lambda: announced == ["Answer stopped"], timeout=WAIT)
    assert last_answer(view).row.tag == "Stopped"
    assert shown_text(view).strip() == "Half an"


def test_other_sessions_are_not_heard(
    qtbot: QtBot, view: TranscriptView, house: House, server: LoopbackServer
) -> None:
    first = house.new_session()
    view.show_session(first)
    assert first.send("One")
    qtbot.waitUntil(lambda: not first.is_busy and len(view.canvas.turns) == 2, timeout=WAIT)
    view.show_session(house.new_session())
    assert view.canvas.turns == []
    assert first.send("Two")
    qtbot.waitUntil(lambda: not first.is_busy and len(first.path) == 4, timeout=WAIT)
    assert view.canvas.turns == []
    view.show_session(first)
    assert [turn.text for turn in view.canvas.turns] == ["One", "Hello there.", "Two", "Hello there."]
    assert view.copy_last_answer()
    assert QGuiApplication.clipboard().text() == "Hello there."
    view.show_session(None)
    assert view.canvas.turns == []
    assert not view.copy_last_answer()


def test_a_stored_chat_is_shown_when_it_is_loaded(
    qtbot: QtBot, view: TranscriptView, make_house: Callable[..., House], server: LoopbackServer
) -> None:
    house = make_house()
    house.use(server.url)
    session = house.new_session()
    assert session.send("One")
    qtbot.waitUntil(lambda: not session.is_busy and len(session.path) == 2, timeout=WAIT)
    again = make_house()
    loaded = again.library.session(session.conversation_id)
    view.show_session(loaded)
    qtbot.waitUntil(lambda: len(view.canvas.turns) == 2, timeout=WAIT)
    assert [turn.role for turn in view.canvas.turns] == [Role.USER, Role.ASSISTANT]
    assert shown_text(view) == "Hello there."


def test_nothing_ticks_when_nothing_is_written(
    qtbot: QtBot, view: TranscriptView, house: House, server: LoopbackServer
) -> None:
    session = house.new_session()
    view.show_session(session)
    assert session.send("One")
    turns: list[Turn] = []
    session.message_changed.connect(turns.append)
    qtbot.waitUntil(lambda: bool(turns) and not session.is_busy, timeout=WAIT)
    assert turns[0].state is ReplyState.DONE
    qtbot.waitUntil(lambda: not any(timer.isActive() for timer in view.findChildren(QTimer)), timeout=WAIT)
