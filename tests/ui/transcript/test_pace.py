"""Tests of how often a growing answer is drawn."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.core.completion import Completion, ReplyState
from app.core.conversation import Role, Turn
from app.core.frames import FRAME, RUSH_FRAME
from app.core.parts import TextPart, ThinkingPart
from app.ui.transcript.pace import MOST, Pace, beginning
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


def test_a_flood_of_text_is_drawn_in_steps_of_a_bounded_length(qtbot: QtBot) -> None:
    drawn: list[Turn] = []
    parent = QObject()
    pace = Pace(drawn.append, parent)
    pace.take(answer("first", ReplyState.RUNNING, turn_id="growing"))
    qtbot.waitUntil(lambda: len(drawn) == 1)
    flood = "first" + "x" * (3 * MOST)
    pace.take(answer(flood, ReplyState.RUNNING, turn_id="growing"))
    qtbot.waitUntil(lambda: drawn[-1].text == flood)
    assert [len(one.text) for one in drawn] == [5, 5 + MOST, 5 + 2 * MOST, 5 + 3 * MOST]
    end = answer(flood + "x" * (2 * MOST), turn_id="growing")
    pace.end(end)
    assert drawn[-1] is end


def test_what_may_have_been_seen_before_is_drawn_whole(qtbot: QtBot) -> None:
    drawn: list[Turn] = []
    parent = QObject()
    turn = answer("x" * (5 * MOST), ReplyState.RUNNING)
    pace = Pace(drawn.append, parent)
    pace.take(turn)
    qtbot.waitUntil(lambda: bool(drawn))
    assert drawn == [turn]


def test_the_beginning_of_an_answer_counts_its_words_and_not_its_thought() -> None:
    parts = (ThinkingPart("long thought"), TextPart("one "), ThinkingPart("more"), TextPart("two"))
    turn = Turn("a", None, Role.ASSISTANT, reply=Completion(parts, ReplyState.RUNNING))
    assert beginning(turn, 7) is turn
    cut = beginning(turn, 5)
    assert (cut.text, cut.turn_id) == ("one t", "a")
    assert cut.content == (*parts[:3], TextPart("t"))
    assert beginning(turn, 4).content == parts[:2]
