"""The small window: it comes and goes by one key, asks, answers, and leaves everybody else alone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.core.completion import ReplyState
from app.core.quick_ask import QuickAskSettings
from app.core.settings import SendKey
from app.markup import loading
from app.ui.quick_ask.face import Mode
from app.ui.quick_ask.window import QuickAsk
from tests.chat.house import House, text_of
from tests.chat.loopback import WATCHDOG_SECONDS, LoopbackServer
from tests.ui.quick_ask.conftest import Desk

WAIT = int(WATCHDOG_SECONDS * 1000)
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def name_of(widget: QWidget) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def set_up(house: House, **changes: Any) -> None:
    house.preferences.set_quick_ask(house.preferences.quick_ask._replace(**changes))


def open_it(qtbot: QtBot, quick: QuickAsk) -> None:
    quick.toggle()
    qtbot.waitUntil(quick.isActiveWindow)


def go_away(qtbot: QtBot, quick: QuickAsk, other: QWidget) -> None:
    """Hide it by its key, and be where the window manager then leads to."""
    quick.toggle()
    assert not quick.isVisible()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)


def said(quick: QuickAsk) -> list[str]:
    return text_of(quick.session)


def write(quick: QuickAsk, text: str) -> None:
    QTest.keyClicks(quick.field, text)
    QTest.keyClick(quick.field, Qt.Key.Key_Return)


def ask(qtbot: QtBot, quick: QuickAsk, text: str) -> None:
    write(quick, text)
    assert quick.mode is Mode.ANSWERING
    qtbot.waitUntil(lambda: quick.mode is Mode.DONE, timeout=WAIT)


def begins_to_answer(qtbot: QtBot, quick: QuickAsk) -> None:
    session = quick.session
    qtbot.waitUntil(lambda: "Half" in "".join(text_of(session)), timeout=WAIT)


# -- coming and going ------------------------------------------------------------------------------------


def test_the_key_shows_it_brings_it_forward_and_hides_it(
    qtbot: QtBot, quick: QuickAsk, other: QWidget, desk: Desk, house: House
) -> None:
    set_up(house, is_pinned=True)
    open_it(qtbot, quick)
    assert quick.field.hasFocus()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    quick.toggle()
    qtbot.waitUntil(quick.isActiveWindow)
    assert quick.isVisible()
    assert desk.asked == ["remember", "remember"]
    quick.toggle()
    assert not quick.isVisible()
    assert desk.asked == ["remember", "remember", "give back"]


def test_another_window_in_front_hides_what_is_empty_or_finished(
    qtbot: QtBot, quick: QuickAsk, other: QWidget, desk: Desk
) -> None:
    open_it(qtbot, quick)
    other.activateWindow()
    qtbot.waitUntil(lambda: not quick.isVisible())
    open_it(qtbot, quick)
    ask(qtbot, quick, "Anything?")
    other.activateWindow()
    qtbot.waitUntil(lambda: not quick.isVisible())
    # Whoever went elsewhere is where they want to be.
    assert "give back" not in desk.asked


def test_what_is_written_answered_or_pinned_stays(
    qtbot: QtBot, quick: QuickAsk, other: QWidget, house: House, gate: threading.Event
) -> None:
    def goes_elsewhere() -> None:
        with qtbot.waitSignal(quick.coming.away_timer.timeout):
            other.activateWindow()
        assert quick.isVisible()
        quick.toggle()
        qtbot.waitUntil(quick.isActiveWindow)

    open_it(qtbot, quick)
    QTest.keyClicks(quick.field, "Half a question")
    goes_elsewhere()
    QTest.keyClick(quick.field, Qt.Key.Key_Return)
    begins_to_answer(qtbot, quick)
    goes_elsewhere()
    gate.set()
    qtbot.waitUntil(lambda: quick.mode is Mode.DONE, timeout=WAIT)
    QTest.keyClick(quick, Qt.Key.Key_P, CONTROL)
    assert house.preferences.quick_ask.is_pinned
    goes_elsewhere()
    set_up(house, is_pinned=False, hides=False)
    assert not quick.footer.pin.isChecked()
    goes_elsewhere()


def test_escape_stops_then_clears_then_goes(
    qtbot: QtBot, quick: QuickAsk, desk: Desk, gate: threading.Event
) -> None:
    open_it(qtbot, quick)
    write(quick, "Why?")
    begins_to_answer(qtbot, quick)
    QTest.keyClick(quick, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: quick.mode is Mode.DONE, timeout=WAIT)
    gate.set()
    assert quick.session.path[-1].state is ReplyState.STOPPED
    qtbot.waitUntil(quick.field.hasFocus)
    QTest.keyClicks(quick.field, "And")
    QTest.keyClick(quick.field, Qt.Key.Key_Escape)
    assert quick.field.text == ""
    assert quick.isVisible()
    quick.field.undo()
    assert quick.field.text == "And"
    QTest.keyClick(quick.field, Qt.Key.Key_Escape)
    QTest.keyClick(quick.field, Qt.Key.Key_Escape)
    assert not quick.isVisible()
    assert desk.asked == ["remember", "give back"]


def test_escape_closes_the_list_of_models_first(qtbot: QtBot, quick: QuickAsk) -> None:
    open_it(qtbot, quick)
    QTest.keyClick(quick, Qt.Key.Key_M, CONTROL)
    popup = QApplication.activePopupWidget()
    assert popup is not None
    QTest.keyClick(popup, Qt.Key.Key_Escape)
    assert not popup.isVisible()
    assert quick.isVisible()


def test_escape_is_the_input_methods_while_it_composes(qtbot: QtBot, quick: QuickAsk) -> None:
    open_it(qtbot, quick)
    QApplication.sendEvent(quick.field, QInputMethodEvent("に", []))
    QTest.keyClick(quick.field, Qt.Key.Key_Escape)
    QTest.keyClick(quick.field, Qt.Key.Key_Return)
    assert quick.isVisible()
    assert quick.mode is Mode.ASKING


def test_the_window_managers_close_button_hides_it(qtbot: QtBot, quick: QuickAsk, desk: Desk) -> None:
    open_it(qtbot, quick)
    quick.close()
    assert not quick.isVisible()
    assert desk.asked[-1] == "give back"


def test_a_text_from_elsewhere_is_written_in_and_not_sent(
    qtbot: QtBot, quick: QuickAsk, server: LoopbackServer
) -> None:
    quick.show_with("From outside")
    qtbot.waitUntil(quick.isActiveWindow)
    assert quick.field.text == "From outside"
    quick.show_with("and more")
    assert quick.field.text == "From outside\nand more"
    assert server.calls == []


def test_the_caret_stands_behind_a_text_from_elsewhere(qtbot: QtBot, quick: QuickAsk) -> None:
    quick.show_with("Why is the sea ")
    qtbot.waitUntil(quick.isActiveWindow)
    QTest.keyClicks(quick.field, "salty?")
    assert quick.field.text == "Why is the sea salty?"


def test_a_text_that_comes_while_it_answers_begins_another_talk(
    qtbot: QtBot, quick: QuickAsk, gate: threading.Event
) -> None:
    open_it(qtbot, quick)
    write(quick, "First")
    begins_to_answer(qtbot, quick)
    first = quick.session
    assert first is not None
    quick.show_with("Second")
    assert quick.mode is Mode.ASKING
    assert quick.field.text == "Second"
    gate.set()
    qtbot.waitUntil(lambda: not first.is_busy, timeout=WAIT)
    assert text_of(first) == ["First", "Half whole"]


# -- asking and answering ----------------------------------------------------------------------------------


def test_ask_follow_up_and_begin_anew(qtbot: QtBot, quick: QuickAsk, house: House) -> None:
    open_it(qtbot, quick)
    assert not quick.transcript.isVisible()
    ask(qtbot, quick, "First question")
    assert quick.question.text == "First question"
    assert quick.transcript.isVisible()
    assert [turn.text for turn in quick.transcript.canvas.turns] == said(quick)[1:]
    qtbot.waitUntil(quick.field.hasFocus)
    ask(qtbot, quick, "Second question")
    assert quick.question.text == "First question"
    assert said(quick)[::2] == ["First question", "Second question"]
    first = quick.session
    QTest.keyClick(quick, Qt.Key.Key_N, CONTROL)
    assert quick.mode is Mode.ASKING
    assert quick.session is not first
    assert [(one.title, one.is_quick) for one in house.library.summaries] == [("First question", True)]


def test_an_answer_goes_on_while_it_is_hidden_and_is_unread_until_it_is_seen(
    qtbot: QtBot, quick: QuickAsk, other: QWidget, house: House, gate: threading.Event
) -> None:
    open_it(qtbot, quick)
    write(quick, "Long?")
    begins_to_answer(qtbot, quick)
    go_away(qtbot, quick, other)
    gate.set()
    qtbot.waitUntil(lambda: bool(house.library.unread_ids), timeout=WAIT)
    open_it(qtbot, quick)
    assert said(quick) == ["Long?", "Half whole"]
    assert house.library.unread_ids == frozenset()


def test_an_answer_that_was_seen_is_not_unread(qtbot: QtBot, quick: QuickAsk, house: House) -> None:
    open_it(qtbot, quick)
    ask(qtbot, quick, "Short?")
    assert house.library.unread_ids == frozenset()


@pytest.mark.parametrize(("minutes", "away", "goes_on"), [(5, 4, True), (5, 6, False), (0, 1, False)])
def test_it_continues_the_last_talk_for_so_many_minutes(
    qtbot: QtBot,
    quick: QuickAsk,
    other: QWidget,
    house: House,
    desk: Desk,
    minutes: int,
    away: int,
    goes_on: bool,
) -> None:
    set_up(house, minutes=minutes)
    open_it(qtbot, quick)
    ask(qtbot, quick, "What was it?")
    go_away(qtbot, quick, other)
    desk.time += away * 60
    open_it(qtbot, quick)
    assert (quick.mode is Mode.DONE) == goes_on
    assert quick.field.hasFocus()


@pytest.mark.parametrize(("minutes", "goes_on"), [(4, True), (6, False)])
def test_it_continues_the_talk_of_an_earlier_run(
    qtbot: QtBot,
    quick: QuickAsk,
    other: QWidget,
    house: House,
    make_house: Callable[..., House],
    make_quick: Callable[[House], QuickAsk],
    desk: Desk,
    minutes: int,
    goes_on: bool,
) -> None:
    open_it(qtbot, quick)
    ask(qtbot, quick, "What was it?")
    desk.time = house.library.summaries[0].updated + minutes * 60
    go_away(qtbot, quick, other)
    assert house.library.shut_down(60.0)
    house = make_house()
    qtbot.waitUntil(lambda: house.library.is_loaded, timeout=WAIT)
    again = make_quick(house)
    open_it(qtbot, again)
    if goes_on:
        qtbot.waitUntil(lambda: again.mode is Mode.DONE, timeout=WAIT)
        ask(qtbot, again, "And then?")
        assert said(again)[::2] == ["What was it?", "And then?"]
        QTest.keyClick(again, Qt.Key.Key_N, CONTROL)
        go_away(qtbot, again, other)
        open_it(qtbot, again)
    assert again.mode is Mode.ASKING


@pytest.mark.parametrize("text", ["", "Something else"])
def test_it_continues_the_talk_of_an_earlier_run_also_where_it_opens_before_that_is_read(
    qtbot: QtBot,
    quick: QuickAsk,
    other: QWidget,
    house: House,
    make_house: Callable[..., House],
    make_quick: Callable[[House], QuickAsk],
    desk: Desk,
    text: str,
) -> None:
    open_it(qtbot, quick)
    ask(qtbot, quick, "What was it?")
    desk.time = house.library.summaries[0].updated
    go_away(qtbot, quick, other)
    assert house.library.shut_down(60.0)
    house = make_house()
    again = make_quick(house)
    again.show_with(text)
    assert not house.library.is_loaded
    qtbot.waitUntil(lambda: house.library.is_loaded, timeout=WAIT)
    if text:
        assert (again.mode, again.field.text) == (Mode.ASKING, text)
    else:
        qtbot.waitUntil(lambda: again.mode is Mode.DONE, timeout=WAIT)
        assert said(again)[0] == "What was it?"


def test_a_talk_that_is_deleted_elsewhere_is_left(qtbot: QtBot, quick: QuickAsk, house: House) -> None:
    open_it(qtbot, quick)
    ask(qtbot, quick, "What was it?")
    house.library.delete(house.library.summaries[0].conversation_id)
    assert quick.mode is Mode.ASKING
    ask(qtbot, quick, "Something else")
    assert [one.title for one in house.library.summaries] == ["Something else"]


def test_continue_in_the_main_window_in_mid_answer(
    qtbot: QtBot, quick: QuickAsk, house: House, gate: threading.Event
) -> None:
    open_it(qtbot, quick)
    write(quick, "Long?")
    begins_to_answer(qtbot, quick)
    session = quick.session
    with qtbot.waitSignal(quick.continue_asked) as asked:
        QTest.keyClick(quick, Qt.Key.Key_Return, CONTROL)
    assert not quick.isVisible()
    assert quick.session is not session
    assert asked.args == [session.conversation_id]
    assert house.library.session(session.conversation_id) is session
    gate.set()
    qtbot.waitUntil(lambda: not session.is_busy, timeout=WAIT)
    assert text_of(session) == ["Long?", "Half whole"]


def test_after_an_answer_the_next_question_has_the_height_of_a_question(
    qtbot: QtBot, quick: QuickAsk, other: QWidget
) -> None:
    open_it(qtbot, quick)
    usual = quick.height()
    ask(qtbot, quick, "Anything?")
    quick.answer.go_on_in_main_window()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    open_it(qtbot, quick)
    assert quick.height() == usual


def test_where_control_enter_sends_it_sends_what_is_written(
    qtbot: QtBot, quick: QuickAsk, house: House
) -> None:
    house.preferences.set(replace(house.preferences.current, send_key=SendKey.CTRL_ENTER))
    open_it(qtbot, quick)
    QTest.keyClicks(quick.field, "One")
    with qtbot.assertNotEmitted(quick.continue_asked):
        QTest.keyClick(quick.field, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: quick.mode is Mode.DONE, timeout=WAIT)
    with qtbot.waitSignal(quick.continue_asked):
        QTest.keyClick(quick.field, Qt.Key.Key_O, CONTROL)


def test_the_system_prompt_and_the_model_of_the_settings_are_asked(
    qtbot: QtBot, quick: QuickAsk, house: House, server: LoopbackServer
) -> None:
    set_up(house, system_prompt="Be brief.", endpoint_id="here", model="small-model")
    open_it(qtbot, quick)
    assert quick.model_chip.label == "small-model"
    ask(qtbot, quick, "Who?")
    body = server.calls[-1].request.data
    assert body["model"] == "small-model"
    assert body["messages"][0] == {"role": "system", "content": "Be brief."}
    set_up(house, system_prompt="Be long.")
    ask(qtbot, quick, "Go on")
    assert server.calls[-1].request.data["messages"][0]["content"] == "Be brief."


def test_copy_and_try_again(qtbot: QtBot, quick: QuickAsk) -> None:
    open_it(qtbot, quick)
    ask(qtbot, quick, "What?")
    QTest.keyClick(quick, Qt.Key.Key_C, CONTROL | SHIFT)
    assert QGuiApplication.clipboard().text() == said(quick)[-1]
    before = quick.session.path[-1]
    QTest.keyClick(quick, Qt.Key.Key_R, CONTROL)
    qtbot.waitUntil(lambda: quick.mode is Mode.DONE, timeout=WAIT)
    assert quick.session.path[-1] != before
    assert len(quick.session.path) == 2


def test_with_nobody_to_ask_it_sends_the_person_to_the_settings(
    qtbot: QtBot, other: QWidget, make_house: Callable[..., House], make_quick: Callable[[House], QuickAsk]
) -> None:
    quick = make_quick(make_house())
    open_it(qtbot, quick)
    with qtbot.waitSignal(quick.setup_asked):
        write(quick, "Anybody?")
    assert not quick.isVisible()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    open_it(qtbot, quick)
    assert quick.field.text == "Anybody?"


# -- looks ------------------------------------------------------------------------------------------------


def test_names_of_the_controls(qtbot: QtBot, quick: QuickAsk) -> None:
    open_it(qtbot, quick)
    assert name_of(quick) == "Quick Ask"
    assert name_of(quick.field) == "Ask"
    ask(qtbot, quick, "What?")
    names = {name_of(one) for one in quick.findChildren(QPushButton) if one.isVisible()}
    assert {"Copy", "Continue in main window", "Try again", "Keep on top", "Close", "Model"} <= names
    assert "" not in names
    assert name_of(quick.transcript.canvas.viewport()) == "Answer"


def test_tab_goes_from_top_to_bottom(qtbot: QtBot, quick: QuickAsk) -> None:
    def names(count: int) -> list[str]:
        found = []
        for _ in range(count):
            QTest.keyClick(quick.focusWidget(), Qt.Key.Key_Tab)
            found.append(name_of(quick.focusWidget()).split(":")[0])
        return found

    open_it(qtbot, quick)
    quick.hints.copied.offer("Copied")
    assert names(6) == [
        "Private",
        "Model",
        "Include copied text",
        "Don’t include copied text",
        "Actions",
        "Ask",
    ]
    ask(qtbot, quick, "What?")
    qtbot.waitUntil(quick.field.hasFocus)
    assert names(7) == [
        "Copy",
        "Paste back",
        "Continue in main window",
        "Try again",
        "Keep on top",
        "More",
        "Close",
    ]
    assert names(3) == ["Model", "Assistant", "Ask"]
    QTest.keyClick(quick.focusWidget(), Qt.Key.Key_Backtab)
    assert name_of(quick.focusWidget()).startswith("Assistant:")


def test_it_grows_with_the_question(qtbot: QtBot, quick: QuickAsk) -> None:
    open_it(qtbot, quick)
    idle = quick.height()
    QTest.keyClicks(quick.field, "One")
    for _ in range(3):
        QTest.keyClick(quick.field, Qt.Key.Key_Return, SHIFT)
    qtbot.waitUntil(lambda: quick.height() == idle + 3 * 24)
    quick.field.clear_text()
    qtbot.waitUntil(lambda: quick.height() == idle)


def test_it_grows_with_the_answer_up_to_its_share_of_the_screen(
    qtbot: QtBot, quick: QuickAsk, server: LoopbackServer
) -> None:
    open_it(qtbot, quick)
    top, idle = quick.y(), quick.height()
    server.script = lambda call: call.answer("One line.")
    ask(qtbot, quick, "Short?")
    qtbot.waitUntil(lambda: quick.height() > idle)
    low = quick.height()
    server.script = lambda call: call.answer("Line\n\n" * 200)
    ask(qtbot, quick, "Long?")
    room = quick.screen().availableGeometry()
    qtbot.waitUntil(lambda: quick.height() == round(room.height() * 0.6))
    assert quick.height() > low
    assert quick.y() == top
    QTest.keyClick(quick, Qt.Key.Key_N, CONTROL)
    qtbot.waitUntil(lambda: quick.height() == idle)


def test_settings_that_nobody_changed_are_the_usual_ones(house: House) -> None:
    assert house.preferences.quick_ask == QuickAskSettings()


@pytest.mark.usefixtures("unread")
def test_who_types_has_loaded_what_reads_the_answer(qtbot: QtBot, quick: QuickAsk) -> None:
    open_it(qtbot, quick)
    QTest.keyClicks(quick.field, "H")
    qtbot.waitUntil(loading.is_loaded, timeout=WAIT)
