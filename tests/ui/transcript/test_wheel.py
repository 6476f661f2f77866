"""The wheel and the touchpad move the page, and with Ctrl held the size of its text."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.core.completion import ReplyState
from app.core.conversation import Turn
from app.core.settings import Appearance, Settings
from app.ui.theme import Theme
from app.ui.transcript.code_frame import CodeFrame
from app.ui.transcript.view import TranscriptView
from app.ui.transcript.wheel import Glide
from tests.ui.transcript.turns import answer, chat, frame_of, user

NOTCH = 120  # px that three lines are
WIDE = "```\n" + "word " * 100 + "\n```"


class Hand:
    """Turns a wheel or strokes a touchpad over a widget, as the window system says it; up is positive."""

    def __init__(self, view: TranscriptView) -> None:
        self._view = view
        self.over: QWidget = view.canvas.viewport()

    def turn(
        self, eighths: int, pixels: int = 0, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        at = self.over.mapTo(self._view, self.over.rect().center())
        # Over what stands in the view: a text may be higher than that.
        at.setY(max(2, min(at.y(), self._view.height() - 2)))
        phase = Qt.ScrollPhase.ScrollUpdate if pixels else Qt.ScrollPhase.NoScrollPhase
        window = self._view.windowHandle()
        QTest.wheelEvent(window, QPointF(at), QPoint(0, eighths), QPoint(0, pixels), keys, phase)


@pytest.fixture
def hand(view: TranscriptView) -> Hand:
    return Hand(view)


def value(view: TranscriptView) -> int:
    return view.canvas.verticalScrollBar().value()


def in_the_middle(view: TranscriptView) -> int:
    return stand_at(view, chat(20), 16)


def stand_at(view: TranscriptView, turns: list[Turn], row: int) -> int:
    view.canvas.show_turns(turns)
    # Once all is laid out, nothing that was estimated is corrected any more.
    for every in range(len(turns)):
        view.canvas.scrolling.show_row(every)
    view.canvas.scrolling.show_row(row)
    return value(view)


def move(theme: Theme) -> None:
    """Let things move, as they do unless the person asked for less motion."""
    theme.follow(Settings(appearance=Appearance.LIGHT))


def settle(qtbot: QtBot, view: TranscriptView) -> None:
    qtbot.waitUntil(lambda: not view.canvas.scrolling.wheel.glide.is_moving)


def test_with_less_motion_a_notch_moves_at_once(view: TranscriptView, hand: Hand) -> None:
    before = in_the_middle(view)
    hand.turn(-120)
    assert value(view) == before + NOTCH
    assert not view.canvas.scrolling.wheel.glide.is_moving
    hand.turn(240)
    assert value(view) == before - NOTCH


def test_a_notch_glides_just_as_far(qtbot: QtBot, view: TranscriptView, theme: Theme, hand: Hand) -> None:
    move(theme)
    before = in_the_middle(view)
    hand.turn(-120)
    assert value(view) > before
    settle(qtbot, view)
    assert value(view) == before + NOTCH


def test_what_glides_begins_at_once_and_comes_in_steps(
    qtbot: QtBot, theme: Theme, view: TranscriptView
) -> None:
    move(theme)
    steps: list[int] = []
    glide = Glide(theme, steps.append, view)
    glide.push(1000)
    assert len(steps) == 1
    assert 0 < steps[0] < 1000
    qtbot.waitUntil(lambda: not glide.is_moving)
    assert len(steps) > 1
    assert all(step > 0 for step in steps)
    assert sum(steps) == 1000


def test_it_turns_back_at_once(qtbot: QtBot, theme: Theme, view: TranscriptView) -> None:
    move(theme)
    steps: list[int] = []
    glide = Glide(theme, steps.append, view)
    glide.push(1000)
    glide.push(-100)
    assert steps[1] < 0
    qtbot.waitUntil(lambda: not glide.is_moving)
    assert sum(steps[1:]) == -100


def test_notches_in_a_row_add_up(qtbot: QtBot, view: TranscriptView, theme: Theme, hand: Hand) -> None:
    move(theme)
    before = in_the_middle(view)
    for _ in range(4):
        hand.turn(-120)
    settle(qtbot, view)
    assert value(view) == before + 4 * NOTCH


def test_a_touchpad_moves_pixel_for_pixel_and_at_once(view: TranscriptView, theme: Theme, hand: Hand) -> None:
    move(theme)
    before = in_the_middle(view)
    for pixels in (1, 7, 30, 3):
        hand.turn(2 * pixels, -pixels)
    assert value(view) == before + 41
    assert not view.canvas.scrolling.wheel.glide.is_moving


def test_a_finger_stops_what_glides(view: TranscriptView, theme: Theme, hand: Hand) -> None:
    move(theme)
    in_the_middle(view)
    hand.turn(-1200)
    hand.turn(2, -1)
    assert not view.canvas.scrolling.wheel.glide.is_moving


def test_parts_of_a_notch_are_not_lost(view: TranscriptView, theme: Theme, hand: Hand) -> None:
    move(theme)
    before = in_the_middle(view)
    for _ in range(16):
        hand.turn(-15)
    assert value(view) == before + 2 * NOTCH


def test_the_first_step_up_ends_following(
    qtbot: QtBot, view: TranscriptView, theme: Theme, hand: Hand
) -> None:
    move(theme)
    running = answer("word " * 600, ReplyState.RUNNING)
    view.canvas.show_turns([*chat(6), running])
    end = value(view)
    hand.turn(120)
    assert not view.canvas.scrolling.follows
    # What comes meanwhile doesn't draw the reader down again.
    view.canvas.change_turn(answer("word " * 900, ReplyState.RUNNING, turn_id=running.turn_id))
    settle(qtbot, view)
    assert value(view) == end - NOTCH
    assert not view.canvas.scrolling.follows


def test_gliding_to_the_end_follows_again(
    qtbot: QtBot, view: TranscriptView, theme: Theme, hand: Hand
) -> None:
    move(theme)
    view.canvas.show_turns(chat(6))
    bar = view.canvas.verticalScrollBar()
    bar.setValue(bar.maximum() - 200)
    assert not view.canvas.scrolling.follows
    hand.turn(-240)
    settle(qtbot, view)
    assert view.canvas.scrolling.follows
    assert bar.value() == bar.maximum()


def test_a_key_ends_the_gliding(view: TranscriptView, theme: Theme, hand: Hand) -> None:
    move(theme)
    in_the_middle(view)
    view.focus_transcript()
    hand.turn(-1200)
    QTest.keyClick(view.canvas, Qt.Key.Key_Home)
    assert value(view) == 0
    assert not view.canvas.scrolling.wheel.glide.is_moving


def test_over_code_and_its_bar_the_page_moves(view: TranscriptView, hand: Hand) -> None:
    wide = answer(WIDE)
    stand_at(view, [*chat(4), user("q"), wide, *chat(4)], 9)
    (code,) = [one for one in frame_of(view.canvas, wide).blocks() if isinstance(one, CodeFrame)]
    for over in (code.edit.viewport(), code.edit.horizontalScrollBar(), code.copy_button):
        hand.over = over
        before, sideways = value(view), code.edit.horizontalScrollBar().value()
        hand.turn(120)
        assert value(view) == before - NOTCH
        assert code.edit.horizontalScrollBar().value() == sideways
        hand.turn(-120)


def test_code_scrolls_sideways(view: TranscriptView) -> None:
    wide = answer(WIDE)
    view.canvas.show_turns([user("q"), wide])
    (code,) = [one for one in frame_of(view.canvas, wide).blocks() if isinstance(one, CodeFrame)]
    at = code.edit.viewport().mapTo(view, QPoint(20, 10))
    QTest.wheelEvent(view.windowHandle(), QPointF(at), QPoint(-120, 0))
    assert code.edit.horizontalScrollBar().value() > 0


def test_over_the_pill_the_page_moves(view: TranscriptView, hand: Hand) -> None:
    before = in_the_middle(view)
    assert view.pill.isVisible()
    hand.over = view.pill
    hand.turn(-120)
    assert value(view) == before + NOTCH


def test_with_ctrl_it_zooms(qtbot: QtBot, view: TranscriptView, hand: Hand) -> None:
    before = in_the_middle(view)
    steps: list[int] = []
    view.zoom_requested.connect(steps.append)
    hand.turn(120, keys=Qt.KeyboardModifier.ControlModifier)
    hand.turn(-240, keys=Qt.KeyboardModifier.ControlModifier)
    assert steps == [1, -2]
    # A touchpad zooms in small steps, of which many make one.
    for _ in range(9):
        hand.turn(20, 10, keys=Qt.KeyboardModifier.ControlModifier)
    assert steps == [1, -2, 1]
    assert value(view) == before
