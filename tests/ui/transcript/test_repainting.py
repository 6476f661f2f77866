"""What is painted anew while an answer grows: what has changed, and not the page."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.core.completion import ReplyState
from app.ui.transcript.canvas import Canvas
from app.ui.transcript.view import TranscriptView
from tests.ui.painted import Painted
from tests.ui.transcript.turns import answer, user

BEFORE = "\n\n".join(f"Paragraph {number} of what stands there already." for number in range(40))
GROWING = (
    " Words ",
    "and more ",
    "and\nmore ",
    "\n\nA new paragraph.",
    "\n\n```python\n",
    "x = 1\n",
    "y = 2\n",
    "```\n\n",
    "| a | b |\n|---|---|\n",
    "| 1 | 2 |\n",
    "\n- an item\n",
    "- another\n",
)


def test_only_what_has_changed_is_painted_anew(qtbot: QtBot, canvas: Canvas) -> None:
    text = BEFORE
    canvas.show_turns([user("Go on."), answer(text, ReplyState.RUNNING, turn_id="growing")])
    qtbot.waitUntil(lambda: canvas.is_settled)
    painted = Painted(canvas.viewport())
    for piece in GROWING:
        text += piece
        painted.areas.clear()
        canvas.change_turn(answer(text, ReplyState.RUNNING, turn_id="growing"))
        qtbot.waitUntil(lambda: bool(painted.areas))
        if piece is GROWING[0]:
            # The first time all is read anew.
            painted.forget_once_quiet(qtbot)
        else:
            # The lines that grow, the row below them, and the strip that comes into sight.
            assert max(painted.areas) < 0.4, piece


def test_scrolling_paints_the_strip_that_comes_into_sight_also_below_the_pill(
    qtbot: QtBot, view: TranscriptView
) -> None:
    canvas = view.canvas
    canvas.show_turns([user("Go on."), answer(BEFORE)])
    bar = canvas.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    qtbot.waitUntil(lambda: canvas.is_settled)
    assert view.pill.isVisible()
    painted = Painted(canvas.viewport())
    for step in (40, -40, 7):
        painted.forget_once_quiet(qtbot)
        bar.setValue(bar.value() + step)
        qtbot.waitUntil(lambda: bool(painted.areas))
        assert max(painted.areas) < 0.3
        on_screen = view.screen().grabWindow(view.winId()).toImage()
        assert on_screen == view.grab().toImage(), "no picture of the pill is left behind"
