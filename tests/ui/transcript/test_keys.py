"""All that can be done with a message is done by key."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.completion import ReplyState
from app.core.errors import ErrorDetails, KeyRejected
from app.core.settings import Appearance, Settings
from app.ui.error_table import ErrorActionKind
from app.ui.theme import Theme
from app.ui.transcript.block_edit import BlockEdit
from app.ui.transcript.message_frames import AnswerFrame, UserFrame
from app.ui.transcript.view import TranscriptView
from app.ui.widgets.focus_ring import FocusRing
from app.ui.widgets.menu import Menu
from tests.ui.transcript.turns import answer, chat, focused, frame_of, top_of, user

KEY = KeyRejected(ErrorDetails(endpoint="Here", status=401))


def press(*keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(focused(), key)


def last_answer(view: TranscriptView) -> AnswerFrame:
    frame = view.canvas.frames()[-1]
    assert isinstance(frame, AnswerFrame)
    return frame


def test_left_and_right_go_along_the_actions(view: TranscriptView) -> None:
    view.canvas.show_turns(chat(2))
    row = last_answer(view).row
    view.focus_transcript()
    press(Qt.Key.Key_Return)
    assert focused() is row.copy
    press(Qt.Key.Key_Right)
    assert focused() is row.try_again
    press(Qt.Key.Key_Right)
    assert focused() is row.try_again
    press(Qt.Key.Key_Left, Qt.Key.Key_Left)
    assert focused() is row.copy


def test_they_are_mirrored_with_the_layout(view: TranscriptView) -> None:
    view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    view.canvas.show_turns(chat(2))
    row = last_answer(view).row
    view.focus_transcript()
    press(Qt.Key.Key_Return, Qt.Key.Key_Left)
    assert focused() is row.try_again


def test_left_and_right_reach_the_buttons_of_a_card(view: TranscriptView) -> None:
    view.canvas.show_turns([user("q"), answer("", ReplyState.FAILED, error=KEY)])
    card = last_answer(view).card
    assert card is not None
    view.focus_transcript()
    press(Qt.Key.Key_Return)
    assert focused() is card.button(ErrorActionKind.OPEN_SETTINGS)
    press(Qt.Key.Key_Right)
    assert focused() is card.button(ErrorActionKind.TRY_AGAIN)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_a_key_presses_the_action(qtbot: QtBot, view: TranscriptView, key: Qt.Key) -> None:
    turns = chat(2, "")
    view.canvas.show_turns(turns)
    view.focus_transcript()
    press(Qt.Key.Key_Return, key)
    assert QGuiApplication.clipboard().text() == "Answer 1."
    press(Qt.Key.Key_Right)
    with qtbot.waitSignal(view.try_again_requested) as asked:
        press(key)
    assert asked.args == [turns[-1].turn_id]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_a_key_opens_and_closes_a_thought(view: TranscriptView, key: Qt.Key) -> None:
    view.canvas.show_turns([user("q"), answer("answer", thought="thought")])
    frame = last_answer(view)
    frame.setFocus(Qt.FocusReason.TabFocusReason)
    press(Qt.Key.Key_Tab)
    assert focused() is frame.line.toggle
    press(key)
    assert [edit.toPlainText() for edit in frame.editors()] == ["thought", "answer"]
    assert frame.line.toggle.accessibleDescription() == "open"
    press(key)
    assert [edit.toPlainText() for edit in frame.editors()] == ["answer"]


def test_from_an_action_the_keys_of_the_transcript_work_too(qtbot: QtBot, view: TranscriptView) -> None:
    turns = chat(4)
    view.canvas.show_turns(turns)
    view.focus_transcript()
    press(Qt.Key.Key_Return, Qt.Key.Key_Up)
    assert focused() is frame_of(view.canvas, turns[-2])
    press(Qt.Key.Key_Return)
    frame = frame_of(view.canvas, turns[-2])
    assert isinstance(frame, UserFrame)
    assert focused() is frame.copy_button
    press(Qt.Key.Key_Down)
    assert focused() is frame_of(view.canvas, turns[-1])
    press(Qt.Key.Key_Return)
    with qtbot.waitSignal(view.composer_focus_requested):
        press(Qt.Key.Key_Escape)


def test_pages_and_ends(view: TranscriptView) -> None:
    canvas = view.canvas
    canvas.show_turns(chat(20))
    view.focus_transcript()
    bar = canvas.verticalScrollBar()
    text = canvas.frames()[0].editors()[-1]
    before = top_of(canvas, text)
    press(Qt.Key.Key_PageUp)
    # One line of the page before is still to be seen.
    assert top_of(canvas, text) - before == canvas.viewport().height() - 40
    press(Qt.Key.Key_Home)
    assert bar.value() == 0
    press(Qt.Key.Key_End)
    assert canvas.scrolling.follows
    QTest.keyClick(focused(), Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    assert bar.value() == 0
    QTest.keyClick(focused(), Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert canvas.scrolling.follows


def test_after_paging_it_goes_on_from_what_is_in_sight(view: TranscriptView) -> None:
    canvas = view.canvas
    canvas.show_turns(chat(20))
    view.focus_transcript()
    press(Qt.Key.Key_PageUp, Qt.Key.Key_PageUp, Qt.Key.Key_PageUp)
    here = canvas.verticalScrollBar().value()
    press(Qt.Key.Key_K)
    row = canvas.focused_row()
    assert row is not None
    assert row < 36
    assert abs(canvas.verticalScrollBar().value() - here) < canvas.viewport().height()


def test_shift_f10_and_the_menu_key_open_the_menu_within_the_view(view: TranscriptView) -> None:
    turns = [user("q"), answer("word " * 2000)]
    view.canvas.show_turns(turns)
    view.canvas.focus_row(1)
    bar = view.canvas.verticalScrollBar()
    bar.setValue(bar.value() + 500)
    asked: list[QPoint] = []
    view.canvas.menu_requested.connect(lambda *words: asked.append(words[-1]))
    frame = last_answer(view)
    assert focused() is frame
    QTest.keyClick(frame, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    middle = frame.rect().center()
    reason = QContextMenuEvent.Reason.Keyboard
    QApplication.sendEvent(frame, QContextMenuEvent(reason, middle, frame.mapToGlobal(middle)))
    edit = frame.editors()[0]
    edit.setFocus(Qt.FocusReason.MouseFocusReason)
    QApplication.sendEvent(edit, QContextMenuEvent(reason, middle, edit.mapToGlobal(middle)))
    assert len(asked) == 3
    for at in asked:
        assert view.canvas.viewport().rect().contains(view.canvas.viewport().mapFromGlobal(at))
    for menu in view.findChildren(Menu):
        menu.close()


def test_tab_goes_through_a_message_in_reading_order(view: TranscriptView) -> None:
    text = "A [link](https://a.example).\n\n```python\ncode\n```\n"
    view.canvas.show_turns([user("q"), answer(text, thought="thought")])
    frame = last_answer(view)
    frame.setFocus(Qt.FocusReason.TabFocusReason)
    stops: list[str] = []
    while focused() is not frame.row.try_again:
        press(Qt.Key.Key_Tab)
        at = focused()
        assert frame.isAncestorOf(at)
        stops.append(at.textCursor().selectedText() if isinstance(at, BlockEdit) else type(at).__name__)
    assert stops[:2] == ["ThoughtToggle", "link"]
    assert stops[-2:] == ["RestingButton", "RestingButton"]
    tops = [one.mapTo(frame, QPoint(0, 0)).y() for one in (frame.line.toggle, frame.editors()[0], frame.row)]
    assert tops == sorted(tops)


@pytest.mark.parametrize("appearance", [Appearance.LIGHT, Appearance.DARK])
@pytest.mark.parametrize("strong", [False, True], ids=["usual", "strong"])
def test_what_has_the_focus_has_a_ring(
    view: TranscriptView, theme: Theme, appearance: Appearance, strong: bool
) -> None:
    theme.follow(Settings(appearance=appearance, strong_contrast=strong, less_motion=True))
    width = 3 if strong else 2
    view.canvas.show_turns([user("q"), answer("words")])
    view.focus_transcript()
    ring = theme.color("line.focus").name()
    for frame in (last_answer(view), view.canvas.frames()[0]):
        picture = frame.grab().toImage()
        inside = frame.focus_rect()
        x = inside.left() + inside.width() // 2
        column = [picture.pixelColor(x, y).name() for y in range(inside.top(), inside.top() + 5)]
        assert column.count(ring) == width
        press(Qt.Key.Key_Up)
    press(Qt.Key.Key_Return)
    (around,) = view.findChildren(FocusRing)
    assert around.isVisible()
    picture = around.grab().toImage()
    column = [picture.pixelColor(picture.width() // 2, y).name() for y in range(picture.height() // 2)]
    assert column.count(ring) == width


WIDE_CODE = "```\n" + "word " * 200 + "\n```\n"


@pytest.mark.parametrize("text", [WIDE_CODE, "| a |\n|---|\n| b |\n"], ids=["wide code", "table"])
def test_a_block_that_tab_comes_to_has_a_ring_and_its_menu_by_key(
    view: TranscriptView, theme: Theme, text: str
) -> None:
    view.canvas.show_turns([user("q"), answer(text)])
    (edit,) = last_answer(view).editors()
    last_answer(view).setFocus(Qt.FocusReason.TabFocusReason)
    while not edit.hasFocus():
        assert last_answer(view).isAncestorOf(focused())
        press(Qt.Key.Key_Tab)
    ring = theme.color("line.focus").name()
    picture = edit.viewport().grab().toImage()
    for x in (10, picture.width() - 10):
        assert picture.pixelColor(x, 0).name() == ring
        assert picture.pixelColor(x, picture.height() - 1).name() == ring
    press(Qt.Key.Key_End)
    picture = edit.viewport().grab().toImage()
    middle = picture.height() // 2
    assert [x for x in range(picture.width()) if picture.pixelColor(x, middle).name() == ring] == [
        *(0, 1),
        *(picture.width() - 2, picture.width() - 1),
    ]
    reason = QContextMenuEvent.Reason.Keyboard
    at = edit.cursorRect().center()
    QApplication.sendEvent(edit, QContextMenuEvent(reason, at, edit.mapToGlobal(at)))
    (menu,) = view.findChildren(Menu)
    assert {"Copy code", "Copy as CSV"} & {action.text() for action in menu.actions()}
    menu.close()
    press(Qt.Key.Key_Tab)
    assert edit.viewport().grab().toImage().pixelColor(10, 0).name() != ring


@pytest.mark.parametrize("is_within", [False, True])
def test_another_text_size_leaves_the_focus_in_its_message(
    view: TranscriptView, theme: Theme, is_within: bool
) -> None:
    turns = chat(20)
    view.canvas.show_turns(turns)
    view.canvas.focus_row(21)
    if is_within:
        frame_of(view.canvas, turns[21]).editors()[0].setFocus()
    assert view.canvas.focused_row() == 21
    theme.follow(Settings(text_size=18, less_motion=True))
    assert view.canvas.focused_row() == 21
