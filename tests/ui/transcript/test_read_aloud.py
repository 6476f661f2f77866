"""What assistive technology is given while it is there: rows as lines, and growing text by the sentence."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAccessible
from pytestqt.qtbot import QtBot

from app.core.completion import ReplyState
from app.core.conversation import Turn
from app.ui.transcript.pace import Pace
from app.ui.transcript.table_edit import RowLine, TableEdit
from app.ui.transcript.view import TranscriptView
from tests.ui.transcript.turns import answer, chat, frame_of, let_go_on, user

TABLE = "| wind | knots |\n|---|--:|\n| **mistral** | 50 |\n| [bora](https://b.example) and `föhn` | 60 |\n"


@pytest.fixture
def listener() -> Iterator[None]:
    """Assistive technology is there."""
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(False)


def table_edit(view: TranscriptView, turn: Turn) -> TableEdit:
    (edit,) = (one for one in frame_of(view.canvas, turn).editors() if isinstance(one, TableEdit))
    return edit


def lines(edit: TableEdit) -> list[str]:
    """What a screen reader meets below the table, in its own order."""
    found = QAccessible.queryAccessibleInterface(edit.viewport())
    children = [found.child(number) for number in range(found.childCount())]
    return [one.text(QAccessible.Text.Name) for one in children if not one.state().invisible]


# -- tables ---------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("listener")
def test_the_rows_of_a_table_are_lines(view: TranscriptView) -> None:
    turn = answer(f"Before.\n\n{TABLE}\nBehind.")
    view.canvas.show_turns([user("q"), turn])
    edit = table_edit(view, turn)
    assert lines(edit) == ["wind, knots", "mistral, 50", "bora and föhn, 60"]


@pytest.mark.usefixtures("listener")
def test_a_line_stands_where_its_row_does(view: TranscriptView) -> None:
    turn = answer(TABLE)
    view.canvas.show_turns([user("q"), turn])
    edit = table_edit(view, turn)
    for line in edit.viewport().findChildren(RowLine):
        cursor = edit.document().find(line.text().partition(",")[0].split(" ")[0])
        cursor.setPosition(cursor.selectionStart())
        assert line.geometry().contains(edit.cursorRect(cursor).center() + QPoint(1, 0))
    # And lets the pointer through to the text.
    assert edit.viewport().childAt(QPoint(20, 20)) is None


@pytest.mark.usefixtures("listener")
def test_lines_grow_with_their_table(view: TranscriptView) -> None:
    running = answer("", ReplyState.RUNNING)
    view.canvas.show_turns([user("q"), running])
    for end in (len(TABLE) // 2, len(TABLE)):
        view.canvas.change_turn(answer(TABLE[:end], ReplyState.RUNNING, turn_id=running.turn_id))
    assert lines(table_edit(view, running)) == ["wind, knots", "mistral, 50", "bora and föhn, 60"]
    shorter = "".join(TABLE.splitlines(keepends=True)[:3])
    view.canvas.change_turn(answer(shorter, turn_id=running.turn_id))
    assert lines(table_edit(view, running)) == ["wind, knots", "mistral, 50"]


@pytest.mark.usefixtures("listener")
def test_another_table_in_the_same_editor_has_its_own_lines(view: TranscriptView) -> None:
    turns = chat(30, TABLE)
    view.canvas.show_turns(turns)
    bar = view.canvas.verticalScrollBar()
    for value in range(bar.maximum(), 0, -400):
        bar.setValue(value)
        for frame in view.canvas.frames():
            for edit in frame.editors():
                if isinstance(edit, TableEdit):
                    assert lines(edit) == ["wind, knots", "mistral, 50", "bora and föhn, 60"]


def test_without_a_listener_there_are_no_lines(view: TranscriptView) -> None:
    turn = answer(TABLE)
    view.canvas.show_turns([user("q"), turn])
    assert table_edit(view, turn).viewport().findChildren(RowLine) == []


# -- a growing answer -----------------------------------------------------------------------------------


@pytest.fixture
def drawn() -> list[str]:
    return []


@pytest.fixture
def pace(view: TranscriptView, drawn: list[str]) -> Pace:
    return Pace(lambda turn: drawn.append(turn.text), view)


def growing(text: str) -> Turn:
    return answer(text, ReplyState.RUNNING, turn_id="growing")


@pytest.mark.usefixtures("listener")
def test_a_listener_gets_whole_sentences(qtbot: QtBot, pace: Pace, drawn: list[str]) -> None:
    text = "The sirocco comes from the desert. It is a warm wind. Then the rain"
    pace.take(growing(text[:3]))
    qtbot.waitUntil(lambda: bool(drawn))
    for length in range(4, text.index(".")):
        pace.take(growing(text[:length]))
        let_go_on()
    pace.take(growing(text[: text.index(". ") + 2]))
    qtbot.waitUntil(lambda: drawn[-1].endswith("desert. "))
    # Of a few dozen states this one, and at most one for each long while that a slow machine took.
    assert len(drawn) < 6


@pytest.mark.usefixtures("listener")
def test_a_long_sentence_is_not_waited_for_for_ever(qtbot: QtBot, pace: Pace, drawn: list[str]) -> None:
    pace.take(growing("one"))
    qtbot.waitUntil(lambda: drawn == ["one"])
    pace.take(growing("one two"))
    qtbot.waitUntil(lambda: drawn == ["one", "one two"])


@pytest.mark.usefixtures("listener")
def test_the_end_is_told_at_once(pace: Pace, drawn: list[str]) -> None:
    pace.take(growing("one"))
    pace.end(answer("one two", turn_id="growing"))
    assert drawn == ["one two"]
    let_go_on(100)
    assert drawn == ["one two"]


@pytest.mark.usefixtures("listener")
def test_the_newest_state_is_drawn_and_none_behind_it(qtbot: QtBot, pace: Pace, drawn: list[str]) -> None:
    pace.take(growing("a"))
    pace.take(growing("a. b"))
    qtbot.waitUntil(lambda: bool(drawn))
    pace.drop()
    assert drawn == ["a. b"]
