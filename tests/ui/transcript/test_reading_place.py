"""The line that is read stays where it is, whatever happens around it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from app.core.completion import ReplyState
from app.core.conversation import Turn
from app.core.settings import Appearance, LineLength, Settings
from app.ui.theme import Theme
from app.ui.transcript.block_edit import BlockEdit
from app.ui.transcript.block_widgets import BlockWidget, editor_of
from app.ui.transcript.canvas import Canvas
from app.ui.transcript.laid_cache import MESSAGES
from app.ui.transcript.message_frames import AnswerFrame
from app.ui.transcript.view import TranscriptView
from tests.ui.transcript.turns import ANSWER, answer, chat, frame_of, user

SENTENCE = "Sentence {0} of a long paragraph says something about the {0} winds of the sea, and goes on. "
PARAGRAPH = "".join(SENTENCE.format(number) for number in range(40))
CODE = "```python\n" + "".join(f"value_{number} = {number}\n" for number in range(60)) + "```"
TABLE = "| a | b |\n|---|---|\n" + "".join(
    f"| cell {number} with some words in it, more than one line can hold | {number} |\n"
    for number in range(60)
)
LOOK = Settings(appearance=Appearance.LIGHT, less_motion=True)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a message, known by its first letter: by that letter's place in the text."""

    canvas: Canvas
    turn: Turn
    is_thought: bool
    number: int
    position: int

    def y(self) -> int:
        """Where the line that holds the letter stands in the view, in px."""
        message = frame_of(self.canvas, self.turn).message
        assert message is not None
        group = message.numbered(self.number, is_thought=self.is_thought)
        assert group is not None
        edit = editor_in(frame_of(self.canvas, self.turn).live[group])
        cursor = edit.textCursor()
        cursor.setPosition(self.position)
        corner = edit.viewport().mapTo(self.canvas.viewport(), QPoint(0, 0))
        return edit.cursorRect(cursor).top() + corner.y()


def editor_in(widget: BlockWidget) -> BlockEdit:
    edit = editor_of(widget)
    assert edit is not None
    return edit


def first_line(canvas: Canvas) -> Line:
    """The first line that is whole in the view, read off the editors."""
    for frame in canvas.frames():
        for group, widget in frame.live.items():
            edit = editor_in(widget)
            at = QPoint(6, edit.viewport().mapFrom(canvas.viewport(), QPoint(0, 12)).y())
            if edit.viewport().rect().contains(at):
                assert frame.message is not None
                cursor = edit.cursorForPosition(at)
                cursor.movePosition(QTextCursor.MoveOperation.StartOfLine)
                number = frame.message.number_of(group)
                return Line(canvas, frame.message.turn, group.is_thought, number, cursor.position())
    raise AssertionError("no text at the top of the view")


def read_in(canvas: Canvas, text: str) -> Line:
    """Stand in the middle of `text`, which is an answer in the middle of a chat."""
    middle = answer(text)
    canvas.show_turns([*chat(6), user("q"), middle, *chat(6)])
    canvas.scrolling.show_row(13)
    bar = canvas.verticalScrollBar()
    bar.setValue(bar.value() + 407)
    return first_line(canvas)


TEXTS = pytest.mark.parametrize(
    "text",
    [PARAGRAPH, CODE, TABLE, f"# A\n\n{PARAGRAPH}\n\n- {PARAGRAPH}"],
    ids=["prose", "code", "table", "list"],
)


@TEXTS
def test_when_the_window_is_resized(view: TranscriptView, text: str) -> None:
    line = read_in(view.canvas, text)
    before = line.y()
    for width, height in ((620, 600), (480, 700), (900, 400), (520, 600)):
        view.resize(width, height)
        assert line.y() == before
    view.resize(900, 600)
    # And nothing has crept away on the way.
    assert line.y() == before
    assert first_line(view.canvas) == line


@TEXTS
def test_when_the_text_is_zoomed(view: TranscriptView, theme: Theme, text: str) -> None:
    line = read_in(view.canvas, text)
    before = line.y()
    for size in (16, 20, 13, 15):
        theme.follow(Settings(appearance=Appearance.LIGHT, less_motion=True, text_size=size))
        assert abs(line.y() - before) <= 1
    assert line.y() == before


@TEXTS
def test_when_the_theme_changes(view: TranscriptView, theme: Theme, text: str) -> None:
    line = read_in(view.canvas, text)
    before = line.y()
    theme.follow(Settings(appearance=Appearance.DARK, less_motion=True))
    assert line.y() == before
    theme.follow(Settings(appearance=Appearance.DARK, less_motion=True, strong_contrast=True))
    assert line.y() == before


def test_when_lines_get_longer(view: TranscriptView, theme: Theme) -> None:
    view.resize(1400, 600)
    line = read_in(view.canvas, PARAGRAPH)
    before = line.y()
    for length in (LineLength.NARROW, LineLength.FULL, LineLength.MEDIUM):
        theme.follow(replace(LOOK, line_length=length))
        assert line.y() == before


def test_when_an_answer_above_becomes_another(view: TranscriptView) -> None:
    canvas = view.canvas
    line = read_in(canvas, PARAGRAPH)
    before = line.y()
    for row in (1, 9, 11):
        canvas.change_turn(answer(PARAGRAPH, turn_id=canvas.turns[row].turn_id))
        assert line.y() == before
    canvas.change_turn(answer("short", turn_id=canvas.turns[11].turn_id))
    assert line.y() == before


def test_when_an_answer_below_grows(view: TranscriptView) -> None:
    canvas = view.canvas
    line = read_in(canvas, PARAGRAPH)
    before = line.y()
    last = canvas.turns[-1]
    for length in range(0, len(ANSWER), 20):
        canvas.change_turn(answer(ANSWER[:length], ReplyState.RUNNING, turn_id=last.turn_id))
        assert line.y() == before


def test_when_the_answer_that_is_read_grows(view: TranscriptView) -> None:
    canvas = view.canvas
    running = answer(PARAGRAPH, ReplyState.RUNNING)
    canvas.show_turns([*chat(3), running])
    bar = canvas.verticalScrollBar()
    bar.setValue(bar.value() - 100)
    line = first_line(canvas)
    before = line.y()
    for length in range(0, len(ANSWER), 7):
        text = f"{PARAGRAPH}\n\n{ANSWER[:length]}"
        canvas.change_turn(answer(text, ReplyState.RUNNING, turn_id=running.turn_id))
        assert line.y() == before


def test_when_the_thought_above_it_is_opened_and_closed(view: TranscriptView) -> None:
    canvas = view.canvas
    middle = answer(PARAGRAPH, thought=PARAGRAPH)
    canvas.show_turns([*chat(3), middle, *chat(3)])
    canvas.scrolling.show_row(6)
    bar = canvas.verticalScrollBar()
    bar.setValue(bar.value() + 300)
    line = first_line(canvas)
    before = line.y()
    frame = frame_of(canvas, middle)
    assert isinstance(frame, AnswerFrame)
    for _ in range(2):
        frame.line.toggle.click()
        assert line.y() == before


def test_a_thought_that_is_opened_in_sight_opens_downwards(view: TranscriptView) -> None:
    canvas = view.canvas
    middle = answer(PARAGRAPH, thought=PARAGRAPH)
    canvas.show_turns([*chat(3), middle, *chat(3)])
    canvas.scrolling.show_row(6)
    bar = canvas.verticalScrollBar()
    bar.setValue(bar.value() + 20)
    frame = frame_of(canvas, middle)
    assert isinstance(frame, AnswerFrame)
    before = frame.y()
    frame.line.toggle.click()
    assert frame.y() == before


def test_a_thought_that_is_read_stays_open_in_another_size(view: TranscriptView, theme: Theme) -> None:
    canvas = view.canvas
    middle = answer("Short.", thought=PARAGRAPH)
    canvas.show_turns([*chat(3), middle, *chat(3)])
    canvas.scrolling.show_row(6)
    frame = frame_of(canvas, middle)
    assert isinstance(frame, AnswerFrame)
    frame.line.toggle.click()
    bar = canvas.verticalScrollBar()
    bar.setValue(bar.value() + 400)
    line = first_line(canvas)
    before = line.y()
    theme.follow(Settings(appearance=Appearance.DARK, less_motion=True, text_size=18))
    assert abs(line.y() - before) <= 1


def test_a_thought_stays_open_when_its_layout_was_let_go(qtbot: QtBot, view: TranscriptView) -> None:
    canvas = view.canvas
    first = answer("Short.", thought="A thought.")
    canvas.show_turns([first, *chat(200)])
    canvas.scrolling.show_row(0)
    frame = frame_of(canvas, first)
    assert isinstance(frame, AnswerFrame)
    frame.line.toggle.click()
    message = frame.message
    for row in range(0, 400, 4):
        canvas.scrolling.show_row(row)
    qtbot.waitUntil(lambda: canvas.laid_count() <= MESSAGES)
    canvas.scrolling.show_row(0)
    frame = frame_of(canvas, first)
    assert frame.message is not message
    assert [edit.toPlainText() for edit in frame.editors()] == ["A thought.", "Short."]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_happens_in_whatever_order(view: TranscriptView, theme: Theme, seed: int) -> None:
    canvas = view.canvas
    line = read_in(canvas, PARAGRAPH)
    before = line.y()
    rng = random.Random(seed)

    def resize() -> None:
        view.resize(rng.randrange(400, 1200), rng.randrange(300, 800))

    def restyle() -> None:
        theme.follow(
            Settings(
                appearance=rng.choice((Appearance.LIGHT, Appearance.DARK)),
                less_motion=True,
                text_size=rng.randrange(13, 21),
            )
        )

    def change_above() -> None:
        row = rng.choice((1, 3, 9, 11))
        canvas.change_turn(answer(PARAGRAPH[: rng.randrange(2000)], turn_id=canvas.turns[row].turn_id))

    def change_below() -> None:
        canvas.change_turn(answer(ANSWER * rng.randrange(4), turn_id=canvas.turns[-1].turn_id))

    steps: list[Callable[[], None]] = [resize, restyle, change_above, change_below]
    for _ in range(40):
        rng.choice(steps)()
        assert abs(line.y() - before) <= 1
    view.resize(900, 600)
    theme.follow(LOOK)
    assert line.y() == before
