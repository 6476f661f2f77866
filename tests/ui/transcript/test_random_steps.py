"""Random steps of all kinds on a transcript, with the garbage collector at its most eager: it must live."""

from __future__ import annotations

import gc
import random
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest

from app.core.completion import ReplyState
from app.ui.transcript.view import TranscriptView
from tests.ui.transcript.turns import ANSWER, answer, chat, let_go_on, shown_turns

KEYS = [Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_J, Qt.Key.Key_K]


@pytest.fixture
def eager_collector() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(20, 2, 2)
    yield
    gc.set_threshold(*before)


@pytest.mark.usefixtures("eager_collector")
@pytest.mark.parametrize(
    ("seed", "steps"),
    [(0, 120), *(pytest.param(seed, 2_000, marks=pytest.mark.heavy) for seed in range(1, 6))],
)
@pytest.mark.timeout(1_200)
def test_random_steps(view: TranscriptView, seed: int, steps: int) -> None:
    rng = random.Random(seed)
    canvas = view.canvas
    bar = canvas.verticalScrollBar()
    text = ""
    turns = [*chat(60), answer("", ReplyState.RUNNING, turn_id="growing")]
    canvas.show_turns(turns)
    for number in range(steps):
        match rng.randrange(9):
            case 0:
                bar.setValue(bar.value() + rng.randint(-1_500, 1_500))
            case 1:
                canvas.scrolling.show_row(rng.randrange(len(turns)))
            case 2:
                view.resize(rng.randint(300, 1_200), rng.randint(200, 800))
            case 3:
                text += rng.choice([ANSWER, "word ", "**bold", "\n\n", "| a | b |\n|---|---|\n"])
                canvas.change_turn(answer(text, ReplyState.RUNNING, turn_id="growing"))
            case 4:
                canvas.focus_row(rng.randrange(len(turns)))
            case 5:
                for editor in (one for frame in canvas.frames() for one in frame.editors()[:1]):
                    cursor = editor.textCursor()
                    cursor.select(QTextCursor.SelectionType.Document)
                    editor.setTextCursor(cursor)
            case 6:
                QTest.keyClick(canvas.viewport(), rng.choice(KEYS))
            case 7:
                canvas.replace_turns(turns)
                text = ""
            case _:
                canvas.scrolling.jump_to_latest()
        if number % 5 == 0:
            gc.collect()
            let_go_on()
        # What is on the screen is in reading order, whatever was recycled for it.
        ground = canvas.viewport().rect()  # a message with the focus is kept off the screen
        places = [frame.y() for frame in canvas.frames() if frame.geometry().intersects(ground)]
        rows = [turn.turn_id for turn in canvas.turns]
        shown = [rows.index(turn_id) for turn_id in shown_turns(canvas)]
        assert shown == sorted(shown)
        assert places == sorted(places)
