"""Finding in a transcript: marks on what is found, the way from hit to hit, and the reader's place."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTextEdit
from pytestqt.qtbot import QtBot

from app.core.completion import ReplyState
from app.core.conversation import Turn
from app.core.settings import Appearance, Settings
from app.markup import limits
from app.ui.theme import Theme
from app.ui.transcript.block_actions import BlockChange
from app.ui.transcript.block_edit import BlockEdit
from app.ui.transcript.canvas import Canvas
from app.ui.transcript.drawn_text import drawn_text
from app.ui.transcript.find_pattern import Pattern
from app.ui.transcript.flattener import plain_lines, plain_pieces
from app.ui.transcript.group import Styles
from app.ui.transcript.laid_message import LaidMessage
from app.ui.transcript.more import MoreRow
from app.ui.transcript.pieces import MorePiece
from app.ui.transcript.transcript_find import UNFOLDED, TranscriptFind
from app.ui.transcript.view import TranscriptView
from tests.ui.test_theme import contrast
from tests.ui.transcript.turns import ANSWER, answer, chat, focused, frame_of, let_go_on, top_of, user

MANY = "\n\n".join(f"Paragraph {number} of the wind." for number in range(60))
MIXED = """## The **wi**nd

- first *wind*
- second

> 1. quoted wind 👍🏽 wind

| a | wind |
|---|---|
| **wind** | b |

```python
x = 1
print("wind")
```
"""


@pytest.fixture
def find(view: TranscriptView) -> TranscriptFind:
    return view.finder


def look(qtbot: QtBot, find: TranscriptFind, text: str, **how: bool) -> None:
    """Type this, and wait until all is counted."""
    find.look_for(Pattern(text, **how))
    qtbot.waitUntil(lambda: find.is_complete)


def marks(edit: BlockEdit) -> list[tuple[str, QColor]]:
    """What is marked in an editor, and how."""
    return [
        (one.cursor.selectedText(), one.format.background().color())
        for one in edit.extraSelections()
        if one.format.background().style() is not Qt.BrushStyle.NoBrush
    ]


def marked(canvas: Canvas) -> list[str]:
    """What is marked on the screen, from top to bottom."""
    return [words for frame in canvas.frames() for edit in frame.editors() for words, _ in marks(edit)]


def current_mark(canvas: Canvas, theme: Theme) -> tuple[BlockEdit, QTextEdit.ExtraSelection]:
    """The editor with the current hit, and its mark."""
    found = [
        (edit, one)
        for frame in canvas.frames()
        for edit in frame.editors()
        for one in edit.extraSelections()
        if one.format.background().color() == theme.color("find.current")
    ]
    assert len(found) == 1
    return found[0]


def current_y(canvas: Canvas, theme: Theme) -> int:
    """Where the current hit stands in the view."""
    edit, mark = current_mark(canvas, theme)
    rect = edit.cursorRect(mark.cursor)
    return top_of(canvas, edit) + rect.top()


# -- what is marked -------------------------------------------------------------------------------------


def test_every_hit_is_marked_where_it_is_drawn(
    qtbot: QtBot, canvas: Canvas, find: TranscriptFind, theme: Theme
) -> None:
    canvas.show_turns([user("wind?"), answer(MIXED)])
    look(qtbot, find, "wind")
    assert find.count == 8
    assert marked(canvas) == ["wind"] * 8
    edit, mark = current_mark(canvas, theme)
    assert mark.format.foreground().color() == QColor("#1c1f20")
    assert edit.toPlainText() == "wind?"


def test_marks_are_another_colour_than_the_current_one(
    qtbot: QtBot, canvas: Canvas, find: TranscriptFind, theme: Theme
) -> None:
    canvas.show_turns([user("wind wind")])
    look(qtbot, find, "wind")
    (edit,) = canvas.frames()[0].editors()
    assert [colour for _, colour in marks(edit)] == [theme.color("find.current"), theme.color("find.match")]


@pytest.mark.parametrize("appearance", [Appearance.LIGHT, Appearance.DARK])
def test_every_hit_can_be_read(
    qtbot: QtBot, canvas: Canvas, find: TranscriptFind, theme: Theme, appearance: Appearance
) -> None:
    theme.follow(Settings(appearance=appearance, less_motion=True))
    text = "wind [wind](https://a.example) `wind`\n\n| wind |\n|---|\n| a |\n\n```python\n# wind\n```\n"
    canvas.show_turns([user("wind"), answer(text, thought="wind")])
    look(qtbot, find, "wind")
    seen = 0
    for frame in canvas.frames():
        for edit in frame.editors():
            for mark in edit.extraSelections():
                seen += 1
                ink = mark.format.foreground()
                if ink.style() is Qt.BrushStyle.NoBrush:
                    ink = mark.cursor.charFormat().foreground()
                assert contrast(ink.color(), mark.format.background().color()) >= 4.5, (
                    mark.cursor.block().text()
                )
    assert seen == 6


def test_a_hit_may_cross_marks_and_an_underlined_link_stays_marked(
    qtbot: QtBot, view: TranscriptView, canvas: Canvas, find: TranscriptFind
) -> None:
    turns = [answer("some **bold** [text here](https://example.org)")]
    canvas.show_turns(turns)
    look(qtbot, find, "bold text")
    assert marked(canvas) == ["bold text"]
    (edit,) = frame_of(canvas, turns[0]).editors()
    cursor = edit.document().find("here")
    at = edit.cursorRect(cursor).center() - QPoint(6, 0)
    QTest.mouseMove(edit.viewport(), at)
    qtbot.waitUntil(lambda: len(edit.extraSelections()) == 2)
    assert marked(canvas) == ["bold text"]
    QTest.mouseMove(view, QPoint(1, view.height() - 1))
    qtbot.waitUntil(lambda: len(edit.extraSelections()) == 1)
    assert marked(canvas) == ["bold text"]


def test_marks_come_with_the_messages_and_go_with_the_search(
    qtbot: QtBot, canvas: Canvas, find: TranscriptFind
) -> None:
    canvas.show_turns([turn for number in range(40) for turn in (user(f"wind {number}"), answer(ANSWER))])
    look(qtbot, find, "wind")
    bar = canvas.verticalScrollBar()
    for value in (0, bar.maximum() // 2, bar.maximum(), 0):
        bar.setValue(value)
        on_screen = [edit.toPlainText() for frame in canvas.frames() for edit in frame.editors()]
        assert len(marked(canvas)) == sum("wind" in text for text in on_screen) > 0
    find.end()
    assert marked(canvas) == []
    bar.setValue(bar.maximum())
    assert marked(canvas) == []


def test_marks_survive_a_change_of_theme(
    qtbot: QtBot, canvas: Canvas, find: TranscriptFind, theme: Theme
) -> None:
    canvas.show_turns([user("wind wind")])
    look(qtbot, find, "wind")
    theme.follow(Settings(appearance=Appearance.DARK, less_motion=True))
    (edit,) = canvas.frames()[0].editors()
    assert [colour for _, colour in marks(edit)] == [theme.color("find.current"), theme.color("find.match")]


def test_of_very_many_hits_in_one_text_those_near_the_view_are_marked(
    qtbot: QtBot, canvas: Canvas, find: TranscriptFind
) -> None:
    canvas.show_turns([answer("```\n" + "wind wind wind wind\n" * 800 + "```")])
    look(qtbot, find, "wind")
    assert find.count == 3200
    assert len(marked(canvas)) == 80  # the others are in what is folded
    find.go_to_previous()
    assert canvas.verticalScrollBar().value() > 10_000
    (edit,) = canvas.frames()[0].editors()
    assert 100 <= len(marked(canvas)) <= 500
    places = [one.cursor.position() for one in edit.extraSelections()]
    assert places[-1] == len(edit.toPlainText())


# -- from hit to hit ------------------------------------------------------------------------------------


def test_the_first_hit_is_the_first_that_the_reader_sees(
    qtbot: QtBot, canvas: Canvas, find: TranscriptFind
) -> None:
    canvas.show_turns(chat(40))
    canvas.verticalScrollBar().setValue(canvas.verticalScrollBar().maximum() // 2)
    row = canvas.reader_place.row
    look(qtbot, find, "heading")
    assert find.current is not None
    assert 0 <= find.current.row - row <= 2
    assert find.number == (find.current.row + 1) // 2
    assert find.count == 40


@pytest.mark.parametrize(
    "text",
    [
        "a wind " * 3000,
        "\n\n".join(["a wind"] * 100),
        "```\n" + "wind\n" * 24 + "```\n\n" + MANY,
        "| a | b |\n|---|---|\n" + "| wind | x |\n" * 50,
    ],
    ids=["one long paragraph", "many", "code", "table"],
)
def test_no_hit_above_the_view_is_the_first(
    qtbot: QtBot, canvas: Canvas, find: TranscriptFind, theme: Theme, text: str
) -> None:
    canvas.show_turns([answer(text + "\n\nwind"), answer(MANY)])
    bar = canvas.verticalScrollBar()
    for value in (250, 900):
        bar.setValue(value)
        look(qtbot, find, "wind")
        assert 0 <= value - bar.value() <= 100
        find.end()


def test_at_the_end_the_first_hit_is_one_at_the_end(
    qtbot: QtBot, canvas: Canvas, find: TranscriptFind
) -> None:
    canvas.show_turns([answer(MANY), user("calm"), answer(MANY)])
    value = canvas.verticalScrollBar().value()
    look(qtbot, find, "wind")
    assert find.number > 60
    assert abs(canvas.verticalScrollBar().value() - value) < canvas.viewport().height()


def test_next_and_previous_go_round_and_each_hit_is_seen_with_what_is_around_it(
    qtbot: QtBot, canvas: Canvas, find: TranscriptFind, theme: Theme
) -> None:
    canvas.show_turns([answer(MANY), user("between"), answer(MANY)])
    look(qtbot, find, "wind")
    begun = find.number
    numbers = []
    for _ in range(120):
        find.go_to_next()
        numbers.append(find.number)
        assert 0 < current_y(canvas, theme) < canvas.viewport().height() - 20
    assert numbers == [*range(begun + 1, 121), *range(1, begun + 1)]
    find.go_to_previous()
    assert find.number == (begun - 1 or 120)


def test_what_is_seen_already_does_not_move(
    qtbot: QtBot, canvas: Canvas, find: TranscriptFind, theme: Theme
) -> None:
    canvas.show_turns([answer(MANY)])
    canvas.verticalScrollBar().setValue(300)
    look(qtbot, find, "wind")
    find.go_to_next()
    find.go_to_next()
    value, y = canvas.verticalScrollBar().value(), current_y(canvas, theme)
    find.go_to_next()
    assert canvas.verticalScrollBar().value() == value
    assert current_y(canvas, theme) > y


def test_typing_on_stays_at_the_hit_and_following_ends(
    qtbot: QtBot, canvas: Canvas, find: TranscriptFind
) -> None:
    canvas.show_turns([user("wind one"), answer(MANY), user("wind two"), answer(MANY)])
    assert canvas.scrolling.follows
    look(qtbot, find, "wi")
    first = find.current
    look(qtbot, find, "win")
    assert find.current is not None
    assert first is not None
    assert (find.current.row, find.current.start) == (first.row, first.start)
    look(qtbot, find, "wind two")
    assert find.current is not None
    assert (find.current.row, find.current.start) == (2, 0)
    assert not canvas.scrolling.follows


def test_nothing_found_moves_nothing(qtbot: QtBot, canvas: Canvas, find: TranscriptFind) -> None:
    canvas.show_turns([answer(MANY)])
    canvas.verticalScrollBar().setValue(200)
    look(qtbot, find, "gust")
    assert (find.count, find.current) == (0, None)
    assert canvas.verticalScrollBar().value() == 200
    find.go_to_next()
    assert canvas.verticalScrollBar().value() == 200


def test_a_hit_in_a_closed_thought_opens_it(
    qtbot: QtBot, canvas: Canvas, find: TranscriptFind, theme: Theme
) -> None:
    turns = [user("gust"), answer("No wind.", thought="First the gust,\nthen the wind.")]
    canvas.show_turns(turns)
    look(qtbot, find, "wind")
    assert find.count == 2
    message = frame_of(canvas, turns[1]).message
    assert message is not None
    assert message.is_thought_open
    assert current_mark(canvas, theme)[0].toPlainText() == "First the gust,\nthen the wind."
    assert marked(canvas) == ["wind", "wind"]


def test_a_hit_in_a_folded_question_opens_it(
    qtbot: QtBot, canvas: Canvas, find: TranscriptFind, theme: Theme
) -> None:
    canvas.show_turns([user("wind\n" + "line\n" * 40 + "wind at the end")])
    look(qtbot, find, "wind")
    assert find.count == 2
    find.go_to_next()
    edit, mark = current_mark(canvas, theme)
    assert edit.toPlainText().endswith("wind at the end")
    assert mark.cursor.selectedText() == "wind"


@pytest.mark.parametrize(
    "turn",
    [
        answer("".join(f"- item {n}\n" for n in range(limits.LIST_ITEMS + 40)) + "- the needle\n\nend wind"),
        answer("# a\n" * (limits.PIECES + 40) + "# the needle\n\nend"),
        user("word\n" * (limits.PLAIN_LINES + 40) + "the needle\nend"),
    ],
    ids=["list", "paragraphs", "question"],
)
def test_a_hit_behind_a_row_that_offers_more_is_shown(
    qtbot: QtBot, canvas: Canvas, find: TranscriptFind, theme: Theme, turn: Turn
) -> None:
    canvas.show_turns([turn])
    assert any(isinstance(piece, MorePiece) for piece in canvas.message(0).all_pieces)
    look(qtbot, find, "needle")
    assert find.count == 1
    _, mark = current_mark(canvas, theme)
    assert mark.cursor.selectedText() == "needle"
    assert mark.cursor.block().text().endswith("the needle")


def test_of_a_hit_far_behind_the_row_is_shown_that_offers_more(
    qtbot: QtBot, canvas: Canvas, find: TranscriptFind
) -> None:
    far = limits.PLAIN_LINES * (UNFOLDED + 3)
    turn = user("word\n" * far + "the needle\nend")
    canvas.show_turns([turn])
    look(qtbot, find, "needle")
    assert find.count == 1
    (row,) = (one for one in frame_of(canvas, turn).findChildren(MoreRow) if "characters" in words_of(one))
    assert row.isVisible()
    assert not row.visibleRegion().isEmpty()


def words_of(row: MoreRow) -> str:
    return row.accessibleName()


def test_plain_lines_are_the_words_of_plain_paragraphs() -> None:
    text = "one\n\n" + "two \u05d0 " * 300 + "\nthree \x07\n" + "x" * 9_000 + "\n"
    assert list(plain_lines(text)) == [para.text for para in plain_pieces(text)]


def test_the_words_of_an_answer_are_the_same_folded_and_unfolded(styles: Styles) -> None:
    items = "".join(f"{n}. *item* {n}\n   - `below` {n}\n" for n in range(limits.LIST_ITEMS + 30))
    turn = answer(items + "\n| a | b |\n|---|---|\n| c | d |\n\n" + "# a\n" * (2 * limits.PIECES) + "end\n")
    message = LaidMessage(turn, styles, 600)
    folded = drawn_text(turn, message.pieces)
    rows = [group for group in message.groups if group.kind is MorePiece]
    while rows:
        message.change_block(rows[0], BlockChange.MORE)
        rows = [group for group in message.groups if group.kind is MorePiece]
    assert drawn_text(turn, message.pieces) == folded
    assert folded.text.endswith("end")
    message.free()


def test_a_hit_in_folded_code_unfolds_it(
    qtbot: QtBot, canvas: Canvas, find: TranscriptFind, theme: Theme
) -> None:
    code = "".join(f"line {number}\n" for number in range(80))
    turns = [user("no"), answer(f"wind\n\n```text\nwind\n{code}wind\n```\n\nwind")]
    canvas.show_turns(turns)
    look(qtbot, find, "wind")
    assert find.count == 4
    assert marked(canvas) == ["wind"] * 3
    find.go_to_next()
    assert marked(canvas) == ["wind"] * 3
    find.go_to_next()
    edit, mark = current_mark(canvas, theme)
    assert mark.cursor.selectionEnd() == len(edit.toPlainText())
    assert "line 79" in edit.toPlainText()


def test_a_hit_beside_the_screen_is_scrolled_to_sideways(
    qtbot: QtBot, canvas: Canvas, find: TranscriptFind, theme: Theme
) -> None:
    line = "x = [" + "1, " * 200 + "wind]" + " # end" * 40
    canvas.show_turns([answer(f"```python\n{line}\nwind\n```")])
    look(qtbot, find, "wind")
    edit, mark = current_mark(canvas, theme)
    bar = edit.horizontalScrollBar()
    assert 0 < bar.value() < bar.maximum()
    assert 0 < edit.cursorRect(mark.cursor).right() < edit.viewport().width()
    find.go_to_next()
    edit, mark = current_mark(canvas, theme)
    assert 0 < edit.cursorRect(mark.cursor).right() < edit.viewport().width()


def test_the_current_hit_is_left_selected(
    qtbot: QtBot, view: TranscriptView, canvas: Canvas, find: TranscriptFind
) -> None:
    canvas.show_turns([user("no"), answer("The *wind* and the wind")])
    look(qtbot, find, "the wind")
    find.go_to_next()
    assert find.end()
    edit = focused()
    assert isinstance(edit, BlockEdit)
    assert edit.textCursor().selectedText() == "the wind"
    assert edit.textCursor().selectionStart() == len("The wind and ")
    assert view.selected_line() == "the wind"
    assert (find.is_on, find.count, find.current) == (False, 0, None)


@pytest.mark.parametrize("words", ["wind 7 👍🏽", "cell 7", "line 7", "thought 7"])
def test_a_hit_of_any_kind_is_left_selected(
    qtbot: QtBot, view: TranscriptView, canvas: Canvas, find: TranscriptFind, words: str
) -> None:
    text = "- 👍🏽 wind 7 👍🏽\n\n| a | b |\n|--|--|\n| x | cell 7 |\n\n```\nx\nline 7\n```"
    canvas.show_turns([answer(text, thought="the thought 7")])
    look(qtbot, find, words)
    assert find.end()
    assert view.selected_line() == words


def test_who_has_scrolled_away_from_the_hit_stays_there(
    qtbot: QtBot, view: TranscriptView, canvas: Canvas, find: TranscriptFind
) -> None:
    canvas.show_turns([user("a gust"), answer(MANY), answer(MANY)])
    look(qtbot, find, "gust")
    canvas.verticalScrollBar().setValue(1500)
    assert not find.end()
    assert canvas.verticalScrollBar().value() == 1500
    assert view.selected_line() == "gust"


def test_without_a_hit_nothing_is_selected(qtbot: QtBot, canvas: Canvas, find: TranscriptFind) -> None:
    canvas.show_turns(chat(2))
    look(qtbot, find, "gust")
    assert not find.end()
    assert canvas.selecting.selection.is_empty


# -- many messages, and messages that change --------------------------------------------------------------


def test_ten_thousand_messages_are_searched_without_laying_them_out(
    qtbot: QtBot, canvas: Canvas, find: TranscriptFind
) -> None:
    turns = chat(5000, "The **wind**, here.")
    turns[101] = answer("A **wi**nd [here](http://wind.example).")
    canvas.show_turns(turns)
    laid = canvas.laid_count()
    look(qtbot, find, "wind")
    assert find.count == 5000
    assert canvas.laid_count() < laid + 20
    canvas.verticalScrollBar().setValue(0)
    look(qtbot, find, "question 4321")
    assert (find.count, find.number) == (1, 1)
    assert find.current is not None
    assert find.current.row == 8642
    assert marked(canvas) == ["Question 4321"]
    assert canvas.laid_count() < laid + 40


def test_the_scroll_bar_has_a_mark_where_hits_are(qtbot: QtBot, canvas: Canvas, find: TranscriptFind) -> None:
    turns = chat(100)
    turns[50] = user("here is wind")
    canvas.show_turns(turns)
    look(qtbot, find, "wind")
    qtbot.waitUntil(lambda: bool(find.scroll_marks.places()))
    (place,) = find.scroll_marks.places()
    top = canvas.heights.top(50) / canvas.heights.total * canvas.height()
    assert abs(place - top) <= 6
    assert find.scroll_marks.isVisible()
    look(qtbot, find, "question")
    qtbot.waitUntil(lambda: len(find.scroll_marks.places()) == 99)
    find.end()
    assert not find.scroll_marks.isVisible()


def test_a_growing_answer_brings_hits_and_leaves_the_reader_alone(
    qtbot: QtBot, canvas: Canvas, find: TranscriptFind, theme: Theme
) -> None:
    growing = answer("The wind", ReplyState.RUNNING)
    canvas.show_turns([answer(MANY), user("wind"), growing])
    look(qtbot, find, "wind")
    find.go_to_next()
    value, y, hit = canvas.verticalScrollBar().value(), current_y(canvas, theme), find.current
    text = "The wind"
    for number in range(10):
        text += f", **wind** {number}"
        canvas.change_turn(replace(answer(text, ReplyState.RUNNING), turn_id=growing.turn_id))
    qtbot.waitUntil(lambda: find.count == 72)
    assert find.current == hit
    assert (canvas.verticalScrollBar().value(), current_y(canvas, theme)) == (value, y)
    assert marked(canvas).count("wind") == len(marked(canvas))
    canvas.add_turn(user("one more wind"))
    qtbot.waitUntil(lambda: find.count == 73)
    assert find.current == hit


def test_marks_stay_on_words_that_are_drawn_anew(qtbot: QtBot, canvas: Canvas, find: TranscriptFind) -> None:
    growing = answer("the wind and *the wind", ReplyState.RUNNING)
    canvas.show_turns([growing])
    look(qtbot, find, "wind")
    for text in ("the wind and *the wind blow", "the wind and *the wind blows* wind"):
        canvas.change_turn(replace(answer(text, ReplyState.RUNNING), turn_id=growing.turn_id))
        assert marked(canvas) == ["wind"] * text.count("wind")


def test_another_chat_is_searched_for_the_same_words(
    qtbot: QtBot, canvas: Canvas, find: TranscriptFind
) -> None:
    canvas.show_turns(chat(30))
    look(qtbot, find, "question")
    canvas.show_turns([user("no"), answer(MANY), user("a question"), answer(MANY)])
    assert canvas.scrolling.follows
    qtbot.waitUntil(lambda: find.is_complete)
    assert (find.count, find.number) == (1, 1)
    assert canvas.scrolling.follows
    find.go_to_next()
    assert marked(canvas) == ["question"]
    canvas.show_turns([])
    let_go_on()
    assert (find.count, find.current) == (0, None)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_done_only_what_is_looked_for_is_marked(
    qtbot: QtBot, view: TranscriptView, canvas: Canvas, find: TranscriptFind, seed: int
) -> None:
    rng = random.Random(seed)
    texts = [MIXED, ANSWER, MANY, "calm", "```\n" + "the wind\n" * 60 + "```"]

    def turn(state: ReplyState = ReplyState.DONE) -> Turn:
        return answer(rng.choice(texts), state, thought=rng.choice(("", "so the wind")))

    turns = [turn() if number % 2 else user(rng.choice(texts)) for number in range(40)]
    canvas.show_turns(turns)
    bar = canvas.verticalScrollBar()
    steps: dict[str, Callable[[], object]] = {
        "scroll": lambda: bar.setValue(rng.randrange(bar.maximum() + 1)),
        "look": lambda: find.look_for(Pattern(rng.choice(("wind", "THE wind", "zzz", "paragraph 1", "")))),
        "mark": lambda: find.mark(Pattern(rng.choice(("wind", "1")))),
        "next": find.go_to_next,
        "previous": find.go_to_previous,
        "end": find.end,
        "resize": lambda: view.resize(rng.randrange(300, 1000), rng.randrange(200, 700)),
        "add": lambda: canvas.add_turn(turn(ReplyState.RUNNING)),
        "grow": lambda: canvas.change_turn(replace(turn(), turn_id=canvas.turns[-1].turn_id)),
        "replace": lambda: canvas.replace_turns([*canvas.turns[: rng.randrange(1, 30)], turn()]),
        "show": lambda: canvas.show_turns([user("wind"), *(turn() for _ in range(20))]),
        "wait": lambda: let_go_on(rng.randrange(3)),
    }
    marks_seen = 0
    for _ in range(250):
        name = rng.choice(list(steps))
        steps[name]()
        if name in {"look", "mark"}:
            let_go_on(1)  # until then what was found before stays marked, so that nothing flickers
        wanted = find.pattern.text.casefold() if find.pattern is not None else None
        found = marked(canvas)
        assert {words.casefold() for words in found} <= {wanted}
        marks_seen += len(found)
    assert marks_seen > 100
