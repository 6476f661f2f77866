"""Tests of how often a growing answer is drawn."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.core.completion import ReplyState
from app.core.conversation import Turn
from app.ui.transcript.pace import FRAME, RUSH_FRAME, Pace
from tests.ui.transcript.turns import answer


@pytest.mark.parametrize(("characters", "frame"), [(1, FRAME), (100, RUSH_FRAME)])
def test_text_is_drawn_in_frames_and_longer_ones_when_it_rushes_in(
    qtbot: QtBot, characters: int, frame: int
) -> None:
    drawn: list[Turn] = []
    parent = QObject()
    pace = Pace(drawn.append, parent)
    text, begun = "", time.perf_counter()
    while len(drawn) < 12:
        text += "x" * characters
        pace.take(answer(text, ReplyState.RUNNING, turn_id="growing"))
        qtbot.wait(5)
    passed = (time.perf_counter() - begun) * 1000
    # The first one is drawn at once, and the second before anything is known of the pace.
    assert len(drawn) - 2 <= passed / frame
    assert [len(one.text) for one in drawn] == sorted({len(one.text) for one in drawn})
