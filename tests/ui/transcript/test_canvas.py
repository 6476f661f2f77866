"""The canvas keeps the reader's place, follows only at the end, and has widgets only for what is visible."""

from __future__ import annotations

import gc
import random
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.core.completion import ReplyState
from app.core.settings import Appearance, LineLength, Settings
from app.ui.theme import Theme
from app.ui.transcript.block_edit import BlockEdit
from app.ui.transcript.canvas import Canvas
from app.ui.transcript.laid_cache import MESSAGES
from app.ui.transcript.message_frames import AnswerFrame
from app.ui.transcript.view import TranscriptView
from tests.ui.transcript.turns import (
    ANSWER,
    answer,
    chat,
    focused,
    frame_of,
    shown_turns,
    top_of,
    user,
)

LONG = "\n\n".join(f"Paragraph {number} of some words that make a line or two of it." for number in range(60))


def scroll_by(canvas: Canvas, pixels: int) -> None:
    bar = canvas.verticalScrollBar()
    bar.setValue(bar.value() + pixels)


def wheel(view: TranscriptView, over: QWidget, notches: int) -> None:
    """Turn the wheel over a widget, as the window system says it; up is positive."""
    window = view.windowHandle()
    at = over.mapTo(view, over.rect().center())
    QTest.wheelEvent(window, QPointF(at), QPoint(0, 120 * notches))


# -- where it opens, and what it lays out ---------------------------------------------------------------


def test_a_chat_opens_at_its_end(canvas: Canvas) -> None:
    turns = chat(20)
    canvas.show_turns(turns)
    assert canvas.scrolling.follows
    assert canvas.verticalScrollBar().value() == canvas.verticalScrollBar().maximum()
    last = frame_of(canvas, turns[-1])
    assert top_of(canvas, last) + last.height() <= canvas.viewport().height()


def test_of_ten_thousand_turns_only_the_visible_are_laid_out(canvas: Canvas) -> None:
    canvas.show_turns(chat(5000))
    assert canvas.laid_count() < 20
    canvas.verticalScrollBar().setValue(canvas.verticalScrollBar().maximum() // 2)
    assert canvas.laid_count() < 40
    assert len(canvas.frames()) < 20


def test_the_view_is_filled_wherever_it_jumps(canvas: Canvas) -> None:
    canvas.show_turns(chat(300))
    rng = random.Random(4)
    height = canvas.viewport().height()
    for _ in range(30):
        canvas.verticalScrollBar().setValue(rng.randrange(canvas.verticalScrollBar().maximum()))
        frames = canvas.frames()
        assert top_of(canvas, frames[0]) <= 0
        assert top_of(canvas, frames[-1]) + frames[-1].height() >= height - 40
        for above, below in pairwise(frames):
            assert top_of(canvas, above) + above.height() == top_of(canvas, below)


def test_an_empty_transcript_shows_nothing(canvas: Canvas) -> None:
    canvas.show_turns(chat(3))
    canvas.show_turns([])
    assert canvas.frames() == []
    assert canvas.verticalScrollBar().maximum() == 0


# -- the reader's place ---------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_scrolling_moves_the_text_by_just_so_many_pixels(canvas: Canvas, seed: int) -> None:
    # The heights of nearly all messages are estimates at first, and wrong.
    canvas.show_turns(chat(60))
    rng = random.Random(seed)
    for _ in range(60):
        step = -rng.randrange(1, 500)
        # What the reader looks at: the first text that reaches into the view.
        group, edit = next(
            (group, widget)
            for frame in canvas.frames()
            for group, widget in sorted(frame.live.items(), key=lambda live: live[0].top)
            if top_of(canvas, widget) + widget.height() > 0
        )
        before = top_of(canvas, edit)
        scroll_by(canvas, step)
        if canvas.verticalScrollBar().value() == 0:
            break  # there was less above than it was thought
        widget = next((frame.live[group] for frame in canvas.frames() if group in frame.live), None)
        if widget is not None:
            assert top_of(canvas, widget) - before == -step


def test_the_line_does_not_move_when_something_above_changes(canvas: Canvas) -> None:
    turns = chat(30)
    canvas.show_turns(turns)
    canvas.verticalScrollBar().setValue(canvas.verticalScrollBar().maximum() // 2)
    frame = canvas.frames()[1]
    assert frame.message is not None
    turn, before = frame.message.turn, top_of(canvas, frame)
    above = turns[[one.turn_id for one in turns].index(turn.turn_id) - 6]
    longer = answer(LONG, turn_id=above.turn_id)
    canvas.change_turn(longer)
    assert top_of(canvas, frame_of(canvas, turn)) == before


def test_the_line_does_not_move_while_the_answer_below_grows(canvas: Canvas) -> None:
    turns = chat(10)
    running = answer("start", ReplyState.RUNNING)
    canvas.show_turns([*turns, running])
    scroll_by(canvas, -300)
    frame = canvas.frames()[0]
    assert frame.message is not None
    turn, before = frame.message.turn, top_of(canvas, frame)
    for length in range(0, len(LONG), 400):
        canvas.change_turn(answer(LONG[:length], ReplyState.RUNNING, turn_id=running.turn_id))
    assert top_of(canvas, frame_of(canvas, turn)) == before
    assert not canvas.scrolling.follows


def test_the_same_message_stays_when_the_window_is_resized(view: TranscriptView) -> None:
    canvas = view.canvas
    canvas.show_turns(chat(40))
    canvas.verticalScrollBar().setValue(canvas.verticalScrollBar().maximum() // 2)
    shown = shown_turns(canvas)[0]
    view.resize(500, 560)
    view.resize(900, 600)
    assert shown in shown_turns(canvas)[:2]


def test_another_theme_and_text_size_keep_the_place(view: TranscriptView, theme: Theme) -> None:
    canvas = view.canvas
    canvas.show_turns(chat(40))
    canvas.verticalScrollBar().setValue(canvas.verticalScrollBar().maximum() // 2)
    shown = shown_turns(canvas)
    theme.follow(Settings(appearance=Appearance.DARK, less_motion=True))
    assert shown_turns(canvas) == shown
    theme.follow(Settings(appearance=Appearance.DARK, less_motion=True, text_size=20))
    assert shown_turns(canvas)[0] in shown


def test_another_line_length_applies_at_once(view: TranscriptView, theme: Theme) -> None:
    canvas = view.canvas
    view.resize(1200, 600)
    canvas.show_turns(chat(2))
    widths = []
    for length in LineLength:
        theme.follow(Settings(appearance=Appearance.LIGHT, less_motion=True, line_length=length))
        frame = canvas.frames()[-1]
        assert abs(2 * frame.x() + frame.width() - view.width()) <= 1
        widths.append(frame.width())
    assert widths == [570 + 32, 690 + 32, 1200 - 48]


# -- following ------------------------------------------------------------------------------------------


def test_it_follows_only_at_the_end(view: TranscriptView) -> None:
    canvas = view.canvas
    running = answer("start", ReplyState.RUNNING)
    canvas.show_turns([*chat(6), running])
    canvas.change_turn(answer(LONG, ReplyState.RUNNING, turn_id=running.turn_id))
    bar = canvas.verticalScrollBar()
    assert bar.value() == bar.maximum()
    assert not view.pill.isVisible()
    scroll_by(canvas, -1)
    assert not canvas.scrolling.follows
    assert view.pill.isVisible()
    here = bar.value()
    canvas.change_turn(answer(LONG + LONG, ReplyState.RUNNING, turn_id=running.turn_id))
    assert bar.value() == here
    bar.setValue(bar.maximum() - 24)
    assert canvas.scrolling.follows
    assert not view.pill.isVisible()


def test_the_wheel_over_a_text_scrolls_the_transcript(view: TranscriptView) -> None:
    canvas = view.canvas
    canvas.show_turns(chat(10))
    edit = canvas.frames()[-1].editors()[0]
    before = canvas.verticalScrollBar().value()
    wheel(view, edit.viewport(), 2)
    assert canvas.verticalScrollBar().value() < before
    assert not canvas.scrolling.follows


def test_the_pill_jumps_to_the_latest(view: TranscriptView) -> None:
    canvas = view.canvas
    canvas.show_turns(chat(20))
    canvas.verticalScrollBar().setValue(100)
    assert view.pill.isVisible()
    below = view.height() - view.pill.geometry().bottom() - 1
    assert below == 12
    view.pill.click()
    assert canvas.scrolling.follows
    assert canvas.verticalScrollBar().value() == canvas.verticalScrollBar().maximum()
    assert not view.pill.isVisible()


def test_what_is_sent_goes_to_the_top_and_stays_until_the_answer_fills_the_view(canvas: Canvas) -> None:
    canvas.show_turns(chat(10))
    asked = user("What now?")
    running = answer("", ReplyState.RUNNING)
    canvas.add_turn(asked)
    canvas.add_turn(running)
    assert top_of(canvas, frame_of(canvas, asked)) == 0
    short = LONG[:600]
    canvas.change_turn(answer(short, ReplyState.RUNNING, turn_id=running.turn_id))
    assert top_of(canvas, frame_of(canvas, asked)) == 0
    canvas.change_turn(answer(LONG, ReplyState.RUNNING, turn_id=running.turn_id))
    last = frame_of(canvas, running)
    assert top_of(canvas, last) < 0
    assert canvas.scrolling.follows
    assert canvas.verticalScrollBar().value() == canvas.verticalScrollBar().maximum()


def test_a_short_answer_leaves_the_question_at_the_top_when_it_has_ended(canvas: Canvas) -> None:
    canvas.show_turns(chat(10))
    asked, running = user("What now?"), answer("", ReplyState.RUNNING)
    canvas.add_turn(asked)
    canvas.add_turn(running)
    canvas.change_turn(answer("Done.", turn_id=running.turn_id))
    assert top_of(canvas, frame_of(canvas, asked)) == 0


# -- widgets --------------------------------------------------------------------------------------------


def test_a_thousand_recycles_leave_no_document_behind(qtbot: QtBot, view: TranscriptView) -> None:
    canvas = view.canvas
    canvas.show_turns(chat(400))
    bar = canvas.verticalScrollBar()
    rng = random.Random(7)
    alive: set[int] = set()
    gone = 0

    def count_gone() -> None:
        nonlocal gone
        gone += 1

    for step in range(150):
        bar.setValue(rng.randrange(bar.maximum()))
        for frame in canvas.frames():
            for group in frame.live:
                document = group.drawing.document if group.drawing else None
                if isinstance(document, QTextDocument) and id(group) not in alive:
                    alive.add(id(group))
                    document.destroyed.connect(count_gone)
        if step % 10 == 0:
            qtbot.waitUntil(lambda: canvas.laid_count() <= MESSAGES + 20)
    qtbot.waitUntil(lambda: canvas.laid_count() <= MESSAGES)
    assert gone > 0
    # Editors: those on the screen, those in reserve, and no more.
    editors = view.findChildren(BlockEdit)
    assert len(editors) < 200
    gc.collect()


def test_the_focused_message_is_not_recycled(view: TranscriptView) -> None:
    canvas = view.canvas
    turns = chat(100)
    canvas.show_turns(turns)
    edit = frame_of(canvas, turns[-1]).editors()[0]
    edit.setFocus(Qt.FocusReason.MouseFocusReason)
    document = edit.document()
    canvas.verticalScrollBar().setValue(0)
    assert turns[-1].turn_id in shown_turns(canvas)
    assert edit.hasFocus()
    assert edit.document() is document
    assert top_of(canvas, frame_of(canvas, turns[-1])) >= canvas.viewport().height()
    for value in range(0, 4000, 400):
        canvas.verticalScrollBar().setValue(value)
    assert edit.document() is document
    canvas.scrolling.jump_to_latest()
    assert frame_of(canvas, turns[-1]).editors()[0] is edit


def test_children_and_tab_stops_are_in_reading_order_after_a_jump(view: TranscriptView) -> None:
    canvas = view.canvas
    canvas.show_turns(chat(100))
    rng = random.Random(3)
    for _ in range(10):
        canvas.verticalScrollBar().setValue(rng.randrange(canvas.verticalScrollBar().maximum()))
        frames = canvas.frames()
        shown = [one for one in canvas.viewport().children() if one in frames]
        assert shown == frames
        stops = []
        widget = frames[0].nextInFocusChain()
        while widget is not None and widget is not frames[0]:
            if widget in frames:
                stops.append(widget)
            widget = widget.nextInFocusChain()
        assert stops == frames[1:]
        for frame in frames:
            tops = [one.y() for one in frame.widgets() if one.isVisible()]
            assert tops == sorted(tops)


def test_keys_go_from_message_to_message(qtbot: QtBot, view: TranscriptView) -> None:
    canvas = view.canvas
    turns = chat(20)
    canvas.show_turns(turns)
    view.focus_transcript()
    assert canvas.focused_row() == len(turns) - 1
    for _ in range(6):
        QTest.keyClick(focused(), Qt.Key.Key_Up)
    assert canvas.focused_row() == len(turns) - 7
    QTest.keyClick(focused(), Qt.Key.Key_J)
    assert canvas.focused_row() == len(turns) - 6
    QTest.keyClick(focused(), Qt.Key.Key_K)
    assert canvas.focused_row() == len(turns) - 7
    QTest.keyClick(focused(), Qt.Key.Key_Home)
    assert canvas.verticalScrollBar().value() == 0
    QTest.keyClick(focused(), Qt.Key.Key_PageDown)
    assert canvas.verticalScrollBar().value() > 400
    QTest.keyClick(focused(), Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert canvas.scrolling.follows
    with qtbot.waitSignal(view.composer_focus_requested):
        QTest.keyClick(focused(), Qt.Key.Key_Escape)


def test_keys_work_from_within_a_text_too(view: TranscriptView) -> None:
    canvas = view.canvas
    turns = chat(5)
    canvas.show_turns(turns)
    frame_of(canvas, turns[-1]).editors()[0].setFocus(Qt.FocusReason.MouseFocusReason)
    QTest.keyClick(focused(), Qt.Key.Key_K)
    assert canvas.focused_row() == len(turns) - 2


def test_enter_goes_to_the_actions(view: TranscriptView) -> None:
    canvas = view.canvas
    turns = chat(2)
    canvas.show_turns(turns)
    view.focus_transcript()
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    frame = frame_of(canvas, turns[-1])
    assert isinstance(frame, AnswerFrame)
    assert QApplication.focusWidget() is frame.row.copy


def test_tab_comes_to_a_link_and_enter_follows_it(qtbot: QtBot, view: TranscriptView) -> None:
    canvas = view.canvas
    turns = [
        user("q"),
        answer("See [this](https://example.org/x?a=1&b=%20c) and [that](javascript:alert(1))."),
    ]
    canvas.show_turns(turns)
    frame = frame_of(canvas, turns[-1])
    frame.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(frame, Qt.Key.Key_Tab)
    edit = QApplication.focusWidget()
    assert isinstance(edit, BlockEdit)
    assert edit.textCursor().selectedText() == "this"
    with qtbot.waitSignal(view.link_activated) as activated:
        QTest.keyClick(edit, Qt.Key.Key_Return)
    assert activated.args == ["https://example.org/x?a=1&b=%20c"]


def test_a_link_is_underlined_under_the_pointer(qtbot: QtBot, canvas: Canvas) -> None:
    turns = [user("q"), answer("See [**this** page](https://example.org/x) now.")]
    canvas.show_turns(turns)
    (edit,) = frame_of(canvas, turns[-1]).editors()
    cursor = edit.textCursor()
    cursor.setPosition(len("See th"))
    QTest.mouseMove(edit.viewport(), edit.cursorRect(cursor).center())
    qtbot.waitUntil(lambda: bool(edit.extraSelections()))
    (selection,) = edit.extraSelections()
    assert selection.cursor.selectedText() == "this page"
    QTest.mouseMove(edit.viewport(), QPoint(1, 1))
    qtbot.waitUntil(lambda: not edit.extraSelections())


def test_the_cache_makes_coming_back_cheap(canvas: Canvas) -> None:
    first, second = chat(5), chat(5)
    canvas.show_turns(first)
    message = frame_of(canvas, first[-1]).message
    canvas.show_turns(second)
    canvas.show_turns(first)
    assert frame_of(canvas, first[-1]).message is message


def test_code_gets_its_colours_after_it_is_shown(qtbot: QtBot, canvas: Canvas) -> None:
    turns = [user("q"), answer(ANSWER)]
    canvas.show_turns(turns)
    frame = frame_of(canvas, turns[-1])

    def coloured() -> bool:
        block = frame.editors()[-1].document().firstBlock()
        return bool(block.layout().formats())

    assert not coloured()
    qtbot.waitUntil(coloured)


def test_the_heights_of_a_long_chat_are_estimated_bit_by_bit_and_the_view_stands(
    qtbot: QtBot, canvas: Canvas
) -> None:
    turns = chat(1_500)
    canvas.show_turns(turns)
    row = 1_400
    canvas.scrolling.show_row(row)
    frame = frame_of(canvas, turns[row])
    before = top_of(canvas, frame)
    at_first = canvas.verticalScrollBar().maximum()
    qtbot.waitUntil(lambda: not canvas.is_rough)
    assert top_of(canvas, frame_of(canvas, turns[row])) == before
    assert canvas.verticalScrollBar().maximum() != at_first
    canvas.scrolling.show_row(3)
    assert turns[3].turn_id in shown_turns(canvas)


def test_a_turn_of_a_long_chat_is_found_before_its_height_is_estimated(canvas: Canvas) -> None:
    turns = chat(1_500)
    canvas.show_turns(turns)
    assert canvas.is_rough
    canvas.scrolling.show_row(2)
    changed = answer("Changed.", turn_id=turns[3].turn_id)
    canvas.change_turn(changed)
    assert canvas.turns[3] is changed
