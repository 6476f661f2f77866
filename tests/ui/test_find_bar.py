"""The find bar in the window: keys, counts in words, and the reader's place when it opens and closes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.ui.find_bar import FindBar
from app.ui.main_window import MainWindow
from app.ui.theme import Theme
from app.ui.transcript.block_edit import BlockEdit
from app.ui.transcript.canvas import Canvas
from tests.chat.house import House
from tests.chat.loopback import WATCHDOG_SECONDS
from tests.ui.transcript.turns import answer, chat, focused, top_of, user

WAIT = int(WATCHDOG_SECONDS * 1000)
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LONG = "\n\n".join(f"Paragraph {number} of the wind." for number in range(60))


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, house: House) -> Iterator[MainWindow]:
    """A window in which something was asked and answered."""
    house.preferences.set(replace(house.preferences.current, less_motion=True))
    window = MainWindow(
        theme, house.library, house.preferences, house.connections, house.keys, lambda _: None
    )
    window.resize(1000, 700)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.waitUntil(lambda: house.library.is_loaded, timeout=WAIT)
    session = window.page.session
    assert session is not None
    session.send("a question")
    qtbot.waitUntil(lambda: len(session.path) == 2 and not session.is_busy, timeout=WAIT)
    yield window
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def canvas(window: MainWindow) -> Canvas:
    canvas = window.page.transcript.canvas
    canvas.show_turns([user("The wind and the Wind"), answer(LONG), user("windy")])
    return canvas


def open_bar(window: MainWindow) -> FindBar:
    QTest.keyClick(window, Qt.Key.Key_F, CONTROL)
    assert window.page.is_finding
    return window.page.find_bar


def count(bar: FindBar) -> str:
    return bar.field.count


def wait_for(qtbot: QtBot, bar: FindBar, words: str) -> None:
    qtbot.waitUntil(lambda: count(bar) == words)


def test_counts_while_it_is_typed(qtbot: QtBot, window: MainWindow, canvas: Canvas) -> None:
    canvas.verticalScrollBar().setValue(0)
    bar = open_bar(window)
    assert focused() is bar.field
    assert count(bar) == ""
    QTest.keyClicks(bar.field, "wind")
    wait_for(qtbot, bar, "1 of 63")
    QTest.keyClicks(bar.field, "y")
    wait_for(qtbot, bar, "1 of 1")
    QTest.keyClicks(bar.field, "x")
    wait_for(qtbot, bar, "Nothing found")
    assert not bar.next.isEnabled()
    QTest.keyClick(bar.field, Qt.Key.Key_Backspace)
    wait_for(qtbot, bar, "1 of 1")
    assert bar.next.isEnabled()
    QTest.keyClick(bar.field, Qt.Key.Key_A, CONTROL)
    QTest.keyClick(bar.field, Qt.Key.Key_Delete)
    wait_for(qtbot, bar, "")


def test_keys_and_buttons_go_from_hit_to_hit_and_round(
    qtbot: QtBot, window: MainWindow, canvas: Canvas
) -> None:
    canvas.verticalScrollBar().setValue(0)
    bar = open_bar(window)
    QTest.keyClicks(bar.field, "wind")
    wait_for(qtbot, bar, "1 of 63")
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert count(bar) == "2 of 63"
    QTest.keyClick(window, Qt.Key.Key_F3)
    assert count(bar) == "3 of 63"
    bar.next.click()
    assert count(bar) == "4 of 63"
    QTest.keyClick(bar.field, Qt.Key.Key_Return, SHIFT)
    QTest.keyClick(window, Qt.Key.Key_F3, SHIFT)
    bar.previous.click()
    assert count(bar) == "1 of 63"
    bar.previous.click()
    assert count(bar) == "63 of 63"
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert count(bar) == "1 of 63"


def test_case_and_whole_words_by_key_and_by_button(qtbot: QtBot, window: MainWindow, canvas: Canvas) -> None:
    canvas.show_turns([user("Wind wind windy")])
    bar = open_bar(window)
    QTest.keyClicks(bar.field, "wind")
    wait_for(qtbot, bar, "1 of 3")
    QTest.keyClick(bar.field, Qt.Key.Key_C, ALT)
    assert bar.match_case.isChecked()
    wait_for(qtbot, bar, "1 of 2")
    QTest.keyClick(bar.field, Qt.Key.Key_W, ALT)
    assert bar.whole_word.isChecked()
    wait_for(qtbot, bar, "1 of 1")
    bar.match_case.click()
    wait_for(qtbot, bar, "2 of 2")
    assert bar.field.text() == "wind"


def test_esc_leaves_the_hit_selected(qtbot: QtBot, window: MainWindow, canvas: Canvas) -> None:
    bar = open_bar(window)
    QTest.keyClicks(bar.field, "windy")
    wait_for(qtbot, bar, "1 of 1")
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert not window.page.is_finding
    edit = focused()
    assert isinstance(edit, BlockEdit)
    assert edit.textCursor().selectedText() == "windy"
    assert not edit.has_hit_marks


def test_esc_closes_the_bar_before_anything_else_and_goes_back_to_writing(
    qtbot: QtBot, window: MainWindow, canvas: Canvas
) -> None:
    bar = open_bar(window)
    QTest.keyClicks(bar.field, "gust")
    wait_for(qtbot, bar, "Nothing found")
    window.page.focus_composer()
    QTest.keyClick(window.page.composer.field, Qt.Key.Key_Escape)
    assert not window.page.is_finding
    assert window.page.composer.field.hasFocus()


def test_opening_again_selects_what_was_typed(qtbot: QtBot, window: MainWindow, canvas: Canvas) -> None:
    bar = open_bar(window)
    QTest.keyClicks(bar.field, "wind")
    QTest.keyClick(bar.field, Qt.Key.Key_F, CONTROL)
    assert bar.field.selectedText() == "wind"
    window.page.close_find()
    QTest.keyClick(window, Qt.Key.Key_F3)
    assert window.page.is_finding
    assert bar.field.selectedText() == "wind"
    qtbot.waitUntil(lambda: count(bar).endswith("of 63"))


def test_opening_again_leaves_the_reader_where_it_is_until_enter(
    qtbot: QtBot, window: MainWindow, canvas: Canvas
) -> None:
    canvas.show_turns([user("windy"), answer(LONG), user("calm"), answer(LONG.replace("wind", "calm"))])
    bar = open_bar(window)
    QTest.keyClicks(bar.field, "windy")
    wait_for(qtbot, bar, "1 of 1")
    window.page.close_find()
    canvas.verticalScrollBar().setValue(canvas.verticalScrollBar().maximum() - 100)
    value = canvas.verticalScrollBar().value()
    open_bar(window)
    wait_for(qtbot, bar, "1 of 1")
    assert canvas.verticalScrollBar().value() == value + bar.height()
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert canvas.verticalScrollBar().value() == 0
    assert count(bar) == "1 of 1"


def test_the_selected_words_are_the_current_hit(qtbot: QtBot, window: MainWindow, canvas: Canvas) -> None:
    canvas.show_turns([user("wind wind"), user("1. wind wind wind")])
    edit = canvas.frames()[1].editors()[0]
    cursor = edit.textCursor()
    cursor.setPosition(8)
    cursor.setPosition(12, cursor.MoveMode.KeepAnchor)
    edit.setTextCursor(cursor)
    bar = open_bar(window)
    wait_for(qtbot, bar, "4 of 5")
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert count(bar) == "5 of 5"


def test_one_selected_line_is_looked_for(qtbot: QtBot, window: MainWindow, canvas: Canvas) -> None:
    canvas.show_turns([user("calm days"), user("windy days\nand more"), user("windy nights")])
    edits = [edit for frame in canvas.frames() for edit in frame.editors()]
    cursor = edits[1].textCursor()
    cursor.setPosition(0)
    cursor.setPosition(5, cursor.MoveMode.KeepAnchor)
    edits[1].setTextCursor(cursor)
    bar = open_bar(window)
    assert bar.field.text() == "windy"
    qtbot.waitUntil(lambda: count(bar).endswith("of 2"))
    window.page.close_find()
    cursor.select(cursor.SelectionType.Document)
    edits[1].setTextCursor(cursor)
    assert open_bar(window).field.text() == "windy"
    cursor.setPosition(0)
    cursor.setPosition(3, cursor.MoveMode.KeepAnchor)
    edits[1].setTextCursor(cursor)
    QTest.keyClicks(bar.field, "days")
    QTest.keyClick(bar.field, Qt.Key.Key_F, CONTROL)
    assert bar.field.text() == bar.field.selectedText() == "days"


def test_the_text_stays_where_it_is_when_the_bar_comes_and_goes(
    qtbot: QtBot, window: MainWindow, canvas: Canvas
) -> None:
    canvas.show_turns(chat(30))
    canvas.verticalScrollBar().setValue(canvas.verticalScrollBar().maximum() // 2)
    qtbot.waitUntil(lambda: canvas.is_settled)
    frame = canvas.frames()[-1]
    y = top_of(canvas, frame) + canvas.mapTo(window, canvas.rect().topLeft()).y()
    bar = open_bar(window)
    assert bar.height() >= 48
    assert canvas.mapTo(window, canvas.rect().topLeft()).y() == 52 + bar.height()
    assert top_of(canvas, frame) + canvas.mapTo(window, canvas.rect().topLeft()).y() == y
    window.page.close_find()
    assert top_of(canvas, frame) + canvas.mapTo(window, canvas.rect().topLeft()).y() == y


def test_who_is_at_the_end_stays_there(window: MainWindow, canvas: Canvas) -> None:
    bar = canvas.verticalScrollBar()
    open_bar(window)
    assert canvas.scrolling.follows
    assert bar.value() == bar.maximum() > 0
    window.page.close_find()
    assert canvas.scrolling.follows
    assert bar.value() == bar.maximum() > 0


def test_the_header_opens_and_closes_it(window: MainWindow, canvas: Canvas) -> None:
    button = window.page.header.find_button
    assert button.isVisible()
    button.click()
    assert window.page.is_finding
    assert button.isChecked()
    button.click()
    assert not window.page.is_finding
    assert not button.isChecked()


def test_a_new_chat_has_nothing_to_find(window: MainWindow, canvas: Canvas) -> None:
    open_bar(window)
    window.new_chat()
    assert not window.page.is_finding
    assert not window.page.header.find_button.isVisible()
    QTest.keyClick(window, Qt.Key.Key_F, CONTROL)
    assert not window.page.is_finding


def test_each_control_has_a_name_and_the_count_is_said(
    qtbot: QtBot, window: MainWindow, canvas: Canvas
) -> None:
    bar = open_bar(window)

    def name(widget: object) -> str:
        return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)  # type: ignore[arg-type]

    buttons = [name(one) for one in bar.findChildren(QPushButton)]
    assert buttons == ["Match case", "Whole word", "Previous hit", "Next hit", "Close find bar"]
    assert name(bar.field) == "Find in chat"
    with qtbot.waitSignal(bar.announced, timeout=WAIT) as said:
        QTest.keyClicks(bar.field, "gust")
    assert said.args == ["Nothing found"]
    assert bar.field.accessibleDescription() == "Nothing found"
