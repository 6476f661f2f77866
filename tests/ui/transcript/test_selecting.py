"""One selection over all messages, by mouse and by keyboard, in a real window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.completion import ReplyState
from app.core.conversation import Turn
from app.markup.blocks import text_of
from app.ui.theme import Theme
from app.ui.transcript.block_edit import BlockEdit
from app.ui.transcript.canvas import Canvas
from app.ui.transcript.selection import Point, Spot
from app.ui.transcript.view import TranscriptView
from tests.ui.transcript.turns import ANSWER, answer, chat, focused, frame_of, let_go_on, user

LEFT = Qt.MouseButton.LeftButton
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
RIGHT_TO_LEFT = Qt.LayoutDirection.RightToLeft
NONE = Qt.KeyboardModifier.NoModifier


class Mouse:
    """A mouse over a window: its events go the way of real ones, from the window to what is under it."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        window = canvas.window().windowHandle()
        assert window is not None
        self.window = window

    def to(self, turn: Turn, words: str, *, behind: bool = False) -> QPoint:
        """Where words of a turn begin or end, in the window."""
        for edit in frame_of(self.canvas, turn).editors():
            cursor = edit.document().find(words)
            if not cursor.isNull():
                cursor.setPosition(cursor.selectionEnd() if behind else cursor.selectionStart())
                # A bit inside, so that it is this cell of a table.
                inwards = -1 if behind is not (cursor.block().textDirection() is RIGHT_TO_LEFT) else 1
                at = edit.cursorRect(cursor).center() + QPoint(inwards, 0)
                return edit.viewport().mapTo(self.canvas.window(), at)
        raise AssertionError(f"{words!r} is not on the screen")

    def press(self, at: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.mousePress(self.window, LEFT, modifiers, at)

    def move(self, at: QPoint) -> None:
        QTest.mouseMove(self.window, at)

    def release(self, at: QPoint) -> None:
        QTest.mouseRelease(self.window, LEFT, NONE, at)

    def click(self, at: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
        self.press(at, modifiers)
        self.release(at)

    def drag(self, start: QPoint, end: QPoint) -> None:
        self.press(start)
        self.move((start + end) / 2)
        self.move(end)
        self.release(end)


@pytest.fixture
def mouse(canvas: Canvas) -> Mouse:
    return Mouse(canvas)


def selected(canvas: Canvas) -> str:
    """The words of the selection, and on the way: what the editors show is that, and no more."""
    shown = sum(edit.textCursor().hasSelection() for frame in canvas.frames() for edit in frame.editors())
    assert bool(shown) != canvas.selecting.selection.is_empty
    return "\n\n".join(text_of(blocks) for blocks in canvas.selecting.texts())


def shown_selections(canvas: Canvas) -> list[str]:
    """What each editor shows as selected, as assistive technology reads it."""
    cursors = [edit.textCursor() for frame in canvas.frames() for edit in frame.editors()]
    return [cursor.selectedText() for cursor in cursors if cursor.hasSelection()]


# -- by mouse -------------------------------------------------------------------------------------------


def test_a_drag_selects_within_a_paragraph_in_both_directions(canvas: Canvas, mouse: Mouse) -> None:
    turn = answer("One two three four")
    canvas.show_turns([user("q"), turn])
    start, end = mouse.to(turn, "two"), mouse.to(turn, "three", behind=True)
    mouse.drag(start, end)
    assert selected(canvas) == "two three"
    assert shown_selections(canvas) == ["two three"]
    mouse.drag(end, start)
    assert selected(canvas) == "two three"
    cursor = frame_of(canvas, turn).editors()[0].textCursor()
    assert cursor.position() < cursor.anchor()


def test_a_drag_goes_over_the_blocks_of_a_message(canvas: Canvas, mouse: Mouse) -> None:
    turn = answer(ANSWER)
    canvas.show_turns([user("q"), turn])
    mouse.drag(mouse.to(turn, "bold"), mouse.to(turn, "def f()", behind=True))
    assert selected(canvas) == "bold text with code and a link.\n\n- one\n- two\n\na\tb\n1\t2\n\ndef f()"
    prose, table, code = shown_selections(canvas)
    assert prose.startswith("bold text")
    assert prose.endswith("two")
    assert "1" in table
    assert code == "def f()"


def test_a_drag_goes_over_messages_in_both_directions(canvas: Canvas, mouse: Mouse) -> None:
    first, second, third = (
        answer("One *two* three"),
        user("A question\nof two lines"),
        answer("Four **five** six"),
    )
    canvas.show_turns([user("q"), first, second, third])
    start, end = mouse.to(first, "two"), mouse.to(third, "five", behind=True)
    words = "two three\n\nA question\nof two lines\n\nFour five"
    mouse.drag(start, end)
    assert selected(canvas) == words
    assert shown_selections(canvas) == ["two three", "A question\u2029of two lines", "Four five"]
    mouse.drag(end, start)
    assert selected(canvas) == words
    assert canvas.selecting.selection.is_upwards


def test_a_drag_from_the_margin_begins_at_the_nearest_text(canvas: Canvas, mouse: Mouse) -> None:
    turn = answer("One two\n\nThree four")
    canvas.show_turns([user("q"), turn])
    at = mouse.to(turn, "One")
    mouse.drag(QPoint(3, at.y()), mouse.to(turn, "Three"))
    assert selected(canvas) == "One two"


def test_a_click_clears_and_shift_click_extends(canvas: Canvas, mouse: Mouse) -> None:
    first, second = answer("One two three"), answer("Four five six")
    canvas.show_turns([first, user("q"), second])
    mouse.drag(mouse.to(first, "One"), mouse.to(first, "two"))
    mouse.click(mouse.to(first, "two"))
    assert selected(canvas) == ""
    mouse.click(mouse.to(second, "five"), SHIFT)
    assert selected(canvas) == "two three\n\nq\n\nFour "
    mouse.click(mouse.to(first, "three"), SHIFT)
    assert selected(canvas).strip() == "two"
    mouse.click(mouse.to(first, "One"), SHIFT)
    assert selected(canvas).strip() == "One"


def click_times(mouse: Mouse, at: QPoint, count: int) -> None:
    """Press as often, without the last release."""
    for number in range(count):
        if number == 1:
            # What the window system makes of the second press.
            widget = mouse.canvas.window().childAt(at)
            assert widget is not None
            local = QPointF(widget.mapFrom(mouse.canvas.window(), at))
            globally = QPointF(mouse.canvas.window().mapToGlobal(at))
            kind = QEvent.Type.MouseButtonDblClick
            QApplication.sendEvent(widget, QMouseEvent(kind, local, globally, LEFT, LEFT, NONE))
        else:
            mouse.press(at)
        if number < count - 1:
            mouse.release(at)


def test_two_clicks_select_a_word_and_dragging_on_goes_by_words(canvas: Canvas, mouse: Mouse) -> None:
    turn = answer("One two three four five")
    canvas.show_turns([user("q"), turn])
    at = mouse.to(turn, "three") + QPoint(6, 0)
    click_times(mouse, at, 2)
    assert selected(canvas) == "three"
    drag_on(mouse, mouse.to(turn, "four") + QPoint(4, 0))
    assert selected(canvas) == "three four"
    drag_on(mouse, mouse.to(turn, "two") + QPoint(4, 0))
    assert selected(canvas) == "two three"
    mouse.release(at)
    assert selected(canvas) == "two three"


def test_three_clicks_select_a_paragraph_without_its_bullet(canvas: Canvas, mouse: Mouse) -> None:
    turn = answer("First one.\n\n- Second one\n- Third one")
    canvas.show_turns([user("q"), turn])
    at = mouse.to(turn, "Second")
    click_times(mouse, at, 3)
    assert selected(canvas) == "Second one"
    drag_on(mouse, mouse.to(turn, "Third") + QPoint(4, 0))
    assert selected(canvas) == "- Second one\n- Third one"
    mouse.release(at)


def drag_on(mouse: Mouse, at: QPoint) -> None:
    """Move with the button held down, also behind a press that wasn't the window's."""
    canvas = mouse.canvas
    local = QPointF(canvas.viewport().mapFrom(canvas.window(), at))
    globally = QPointF(canvas.window().mapToGlobal(at))
    event = QMouseEvent(QEvent.Type.MouseMove, local, globally, Qt.MouseButton.NoButton, LEFT, NONE)
    QApplication.sendEvent(canvas.viewport(), event)


def test_a_drag_below_the_edge_scrolls_and_recycles_what_it_began_in(
    qtbot: QtBot, canvas: Canvas, mouse: Mouse
) -> None:
    turns = chat(30)
    canvas.show_turns(turns)
    canvas.verticalScrollBar().setValue(0)
    first = turns[0]
    mouse.press(mouse.to(first, "Question"))
    below = QPoint(400, canvas.height() + 200)
    mouse.move(QPoint(400, 300))
    drag_on(mouse, below)
    qtbot.waitUntil(lambda: canvas.verticalScrollBar().value() > 5 * canvas.height())
    end = QPoint(400, canvas.height() // 2)
    mouse.move(end)
    value = canvas.verticalScrollBar().value()
    mouse.release(end)
    let_go_on(100)
    assert canvas.verticalScrollBar().value() == value, "nothing scrolls when the button is up"
    part = canvas.selecting.selection.part
    assert part is not None
    assert (part.first_row, part.first.position) == (0, 0)
    assert part.last_row > 5
    text = selected(canvas)
    assert text.startswith("Question 0\n\nAnswer 0.\n\nHeading")
    assert all(f"Answer {number}." in text for number in range(part.last_row // 2))
    canvas.verticalScrollBar().setValue(0)
    assert shown_selections(canvas)[0] == "Question 0", "what is bound again is shown as selected again"
    assert selected(canvas) == text
    assert sum(edit.hasFocus() for frame in canvas.frames() for edit in frame.editors()) == 1


def test_a_drag_above_the_edge_scrolls_up(qtbot: QtBot, canvas: Canvas, mouse: Mouse) -> None:
    turns = chat(20)
    canvas.show_turns(turns)
    bottom = canvas.verticalScrollBar().value()
    mouse.press(mouse.to(turns[-1], "return", behind=True))
    mouse.move(QPoint(400, 100))
    drag_on(mouse, QPoint(400, -150))
    qtbot.waitUntil(lambda: canvas.verticalScrollBar().value() < bottom - 2 * canvas.height())
    mouse.release(QPoint(400, 5))
    assert canvas.selecting.selection.is_upwards
    assert selected(canvas).endswith("def f():\n    return")


def test_cells_are_selected_as_a_rectangle(canvas: Canvas, mouse: Mouse) -> None:
    turn = answer("| a | b | c |\n|---|---|---|\n| one | two | three |\n| four | five | six |")
    canvas.show_turns([user("q"), turn])
    mouse.drag(mouse.to(turn, "two"), mouse.to(turn, "six"))
    assert selected(canvas) == "two\tthree\nfive\tsix"
    mouse.drag(mouse.to(turn, "three"), mouse.to(turn, "three", behind=True))
    assert selected(canvas) == "three"


def test_a_drag_into_a_table_takes_whole_rows(canvas: Canvas, mouse: Mouse) -> None:
    turn = answer("Before\n\n| a | b |\n|---|---|\n| one | two |\n| four | five |\n\nBehind")
    canvas.show_turns([user("q"), turn])
    mouse.drag(mouse.to(turn, "Before"), mouse.to(turn, "one", behind=True))
    assert selected(canvas) == "Before\n\na\tb\none\ttwo"
    mouse.drag(mouse.to(turn, "Behind", behind=True), mouse.to(turn, "five"))
    assert selected(canvas) == "four\tfive\n\nBehind"


def test_wide_code_scrolls_to_the_end_of_the_selection_and_no_other_does(
    canvas: Canvas, mouse: Mouse
) -> None:
    code = "```\nbegin " + "word " * 100 + "end\nshort\n```\n\n"
    turn = answer(f"{code}Between\n\n{code}")
    canvas.show_turns([user("q"), turn])
    first, _, second = frame_of(canvas, turn).editors()
    mouse.drag(mouse.to(turn, "begin"), mouse.to(turn, "Between"))
    assert (first.horizontalScrollBar().value(), second.horizontalScrollBar().value()) == (0, 0)
    second.horizontalScrollBar().setValue(100)
    mouse.drag(mouse.to(turn, "begin"), mouse.to(turn, "Between", behind=True))
    assert second.horizontalScrollBar().value() == 100
    mouse.click(mouse.to(turn, "begin"))
    press(Qt.Key.Key_End)
    assert first.horizontalScrollBar().value() > 0


def test_text_from_right_to_left_is_selected(canvas: Canvas, mouse: Mouse) -> None:
    turn = answer("مرحبا بالعالم الجميل\n\nschön 😀 gut")
    canvas.show_turns([user("q"), turn])
    mouse.drag(mouse.to(turn, "بالعالم"), mouse.to(turn, "الجميل", behind=True))
    assert selected(canvas) == "بالعالم الجميل"
    mouse.drag(mouse.to(turn, "بالعالم"), mouse.to(turn, "😀", behind=True))
    assert selected(canvas) == "بالعالم الجميل\n\nschön 😀"


def test_cells_of_a_table_from_right_to_left_are_selected_as_they_were_written(
    canvas: Canvas, mouse: Mouse
) -> None:
    turn = answer("| الاسم | القيمة | x |\n|---|---|---|\n| English | كلمة | 1 |\n| ثان | b | 2 |\n")
    canvas.show_turns([user("q"), turn])
    mouse.drag(mouse.to(turn, "English"), mouse.to(turn, "كلمة"))
    assert selected(canvas) == "English\tكلمة"
    mouse.drag(mouse.to(turn, "كلمة"), mouse.to(turn, "2"))
    assert selected(canvas) == "كلمة\t1\nb\t2"
    (table,) = frame_of(canvas, turn).editors()
    assert table.textCursor().selectedTableCells() == (1, 2, 0, 2)


def test_a_click_on_a_link_follows_it_and_a_drag_over_it_does_not(
    qtbot: QtBot, view: TranscriptView, mouse: Mouse
) -> None:
    turn = answer("See [this page](https://example.org/x) now.")
    view.canvas.show_turns([user("q"), turn])
    opened: list[str] = []
    view.link_activated.connect(opened.append)
    at = mouse.to(turn, "this") + QPoint(4, 0)
    mouse.drag(at, mouse.to(turn, "page", behind=True) - QPoint(3, 0))
    assert opened == []
    mouse.click(at)
    assert opened == ["https://example.org/x"]


def test_the_selection_stays_while_the_message_grows_and_the_theme_changes(
    canvas: Canvas, mouse: Mouse, theme: Theme
) -> None:
    turn = answer("One two **thr", ReplyState.RUNNING)
    canvas.show_turns([user("q"), turn])
    mouse.drag(mouse.to(turn, "two"), mouse.to(turn, "thr", behind=True))
    assert selected(canvas) == "two thr"
    canvas.change_turn(answer("One two **three** four\n\nfive", turn_id=turn.turn_id))
    assert selected(canvas) == "two thr"
    assert shown_selections(canvas) == ["two thr"]
    theme.changed.emit()
    assert shown_selections(canvas) == ["two thr"]
    canvas.show_turns(chat(1))
    assert canvas.selecting.selection.is_empty


# -- by keyboard ----------------------------------------------------------------------------------------


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = SHIFT, times: int = 1) -> None:
    for _ in range(times):
        QTest.keyClick(focused(), key, modifiers)


def test_shift_and_arrows_select_within_an_editor(canvas: Canvas, mouse: Mouse) -> None:
    turn = answer("One two three")
    canvas.show_turns([user("q"), turn])
    mouse.click(mouse.to(turn, "two"))
    press(Qt.Key.Key_Right, times=3)
    assert selected(canvas) == "two"
    press(Qt.Key.Key_Right, SHIFT | CTRL)
    press(Qt.Key.Key_End)
    assert selected(canvas) == "two three"
    press(Qt.Key.Key_Home)
    assert selected(canvas).strip() == "One"
    press(Qt.Key.Key_Right, NONE)
    assert selected(canvas) == ""


def test_shift_and_arrows_go_on_in_the_next_block_and_message(canvas: Canvas, mouse: Mouse) -> None:
    first, second = answer("One\n\n```\ncode\n```"), user("Two")
    canvas.show_turns([user("q"), first, second])
    mouse.click(mouse.to(first, "ne"))
    press(Qt.Key.Key_Right, times=2 + 1 + 4)
    assert selected(canvas) == "ne\n\ncode"
    press(Qt.Key.Key_Right, times=2)
    assert selected(canvas) == "ne\n\ncode\n\nT"
    assert frame_of(canvas, second).isAncestorOf(focused())
    press(Qt.Key.Key_Left, times=3)
    assert selected(canvas) == "ne\n\ncod"
    assert frame_of(canvas, first).isAncestorOf(focused())
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down)
    assert selected(canvas).startswith("ne\n\ncode\n")


def test_shift_and_up_goes_to_the_message_before_and_scrolls_to_it(canvas: Canvas, mouse: Mouse) -> None:
    turns = chat(10)
    canvas.show_turns(turns)
    mouse.click(mouse.to(turns[-1], "Answer"))
    for _ in range(60):
        press(Qt.Key.Key_Up)
        edit = focused()
        assert isinstance(edit, BlockEdit)
        top = edit.mapTo(canvas.viewport(), edit.cursorRect().topLeft()).y()
        assert -edit.cursorRect().height() <= top <= canvas.viewport().height()
    part = canvas.selecting.selection.part
    assert part is not None
    assert part.first_row < 15
    assert part.last_row == 19


def test_shift_and_page_keys_select_as_much_as_the_view_shows(canvas: Canvas, mouse: Mouse) -> None:
    turns = chat(10)
    canvas.show_turns(turns)
    canvas.scrolling.show_row(0)
    mouse.click(mouse.to(turns[0], "Question"))
    before = canvas.verticalScrollBar().value()
    for pages in range(1, 4):
        press(Qt.Key.Key_PageDown)
        selection = canvas.selecting.selection
        assert selection.part is not None
        high = canvas.heights.top(selection.part.last_row) - canvas.heights.top(0)
        row = canvas.heights[selection.part.last_row]
        height = canvas.viewport().height()
        assert pages * (height - 100) - row <= high <= pages * height
        assert canvas.verticalScrollBar().value() > before
        before = canvas.verticalScrollBar().value()
        edit = focused()
        assert isinstance(edit, BlockEdit)
        top = edit.mapTo(canvas.viewport(), edit.cursorRect().topLeft()).y()
        assert -edit.cursorRect().height() <= top <= height
    press(Qt.Key.Key_PageUp, times=3)
    part = canvas.selecting.selection.part
    assert part is None or (part.first_row, part.last_row) == (0, 0)
    press(Qt.Key.Key_PageDown, times=40)
    assert selected(canvas).startswith("Question 0\n\n")
    assert canvas.selecting.selection.focus is not None
    assert canvas.selecting.selection.focus.turn_id == turns[-1].turn_id


def test_a_page_key_goes_on_from_the_end_of_a_message_that_is_selected_whole(canvas: Canvas) -> None:
    turns = chat(10)
    canvas.show_turns(turns)
    canvas.focus_row(0)
    press(Qt.Key.Key_A, CTRL)
    assert selected(canvas) == "Question 0"
    press(Qt.Key.Key_PageDown)
    assert selected(canvas).startswith("Question 0\n\nAnswer 0.\n\nHeading")
    focus = canvas.selecting.selection.focus
    assert focus is not None
    high = canvas.heights.top([turn.turn_id for turn in turns].index(focus.turn_id))
    assert 0 < high <= canvas.viewport().height()
    press(Qt.Key.Key_PageUp)
    assert selected(canvas) == "Question 0"


def test_a_message_that_has_the_focus_is_selected_from_its_beginning(canvas: Canvas) -> None:
    canvas.show_turns([user("q"), answer("One two three")])
    canvas.focus_row(1)
    press(Qt.Key.Key_Right, times=3)
    assert selected(canvas) == "One"


def test_select_all_takes_the_message_first_and_then_the_chat(canvas: Canvas, mouse: Mouse) -> None:
    turns = [user("Question"), answer(ANSWER), user("Another")]
    canvas.show_turns(turns)
    mouse.click(mouse.to(turns[2], "Another"))
    press(Qt.Key.Key_A, CTRL)
    assert selected(canvas) == "Another"
    press(Qt.Key.Key_A, CTRL)
    text = selected(canvas)
    assert text.startswith("Question\n\nHeading\n\n")
    assert text.endswith("return 1\n\nAnother")


def test_a_selection_by_key_in_another_message_clears_the_one_by_mouse(canvas: Canvas, mouse: Mouse) -> None:
    first, second = answer("One two three"), answer("See [there](https://example.org) now")
    canvas.show_turns([first, user("q"), second])
    mouse.drag(mouse.to(first, "One"), mouse.to(first, "two", behind=True))
    edit = frame_of(canvas, second).editors()[0]
    edit.setFocus(Qt.FocusReason.TabFocusReason)
    assert shown_selections(canvas) == ["there"]
    assert selected(canvas) == "there"


def test_what_assistive_technology_selects_is_the_selection(canvas: Canvas, mouse: Mouse) -> None:
    first, second = answer("One two three"), answer("Four five")
    canvas.show_turns([first, user("q"), second])
    mouse.drag(mouse.to(first, "One"), mouse.to(first, "two", behind=True))
    edit = frame_of(canvas, second).editors()[0]
    cursor = edit.textCursor()
    cursor.select(QTextCursor.SelectionType.Document)
    edit.setTextCursor(cursor)
    assert selected(canvas) == "Four five"
    assert shown_selections(canvas) == ["Four five"]


def test_code_that_is_unfolded_leaves_what_is_selected_around_it(canvas: Canvas) -> None:
    turns = [user("question"), answer("```\n" + "line\n" * 60 + "```"), user("another")]
    canvas.show_turns(turns)
    canvas.selecting.selection.select(
        *(Point(turn.turn_id, Spot(position=2)) for turn in (turns[0], turns[2]))
    )
    before = canvas.selecting.selection.part
    (group,) = canvas.message(1).groups
    assert group.is_folded
    canvas.opening.unfold(1, group)
    assert not group.is_folded
    assert canvas.selecting.selection.part == before is not None
