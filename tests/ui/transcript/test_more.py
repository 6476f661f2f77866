"""What is too long to be drawn at once: tables, lists, plain text and questions, and how more of it comes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QTextDocument
from PySide6.QtTest import QTest

from app.core.completion import ReplyState
from app.core.conversation import Turn
from app.core.settings import Settings
from app.markup import limits
from app.markup.blocks import ListBlock, ListItem, Paragraph, Text
from app.ui.theme import Theme
from app.ui.transcript.block_actions import BlockChange
from app.ui.transcript.canvas import Canvas
from app.ui.transcript.flattener import Flattener
from app.ui.transcript.folding import LINES
from app.ui.transcript.group import Group, Styles
from app.ui.transcript.laid_message import LaidMessage
from app.ui.transcript.more import MoreRow, words_for
from app.ui.transcript.pieces import CodePiece, More, MorePiece, Para, TablePiece
from tests.ui.transcript.turns import answer, focused, frame_of, top_of, user

WIDTH = 600


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is counted here is what is drawn, however long this machine takes to read it."""
    monkeypatch.setattr(limits, "BLOCK_SECONDS", 60.0)


def table(columns: int, rows: int) -> str:
    row = "|" + "".join(f" r{{0}}c{column} |" for column in range(columns)) + "\n"
    lines = [row.format("h"), "|" + "---|" * columns + "\n", *(row.format(n) for n in range(rows))]
    return "".join(lines)


def rows_of(canvas: Canvas, turn: Turn) -> list[MoreRow]:
    return [row for row in frame_of(canvas, turn).findChildren(MoreRow) if row.isVisible()]


def shown(canvas: Canvas, turn: Turn) -> MoreRow:
    canvas.show_turns([user("q"), turn] if turn.reply else [turn])
    (row,) = rows_of(canvas, turn)
    return row


def labels(row: MoreRow) -> list[str]:
    return [one.label for one in (row.more, row.copy) if one.isVisible()]


def lines_of(document: QTextDocument) -> int:
    block, count = document.begin(), 0
    while block.isValid():
        count += block.layout().lineCount()
        block = block.next()
    return count


def group_of(message: LaidMessage, piece: MorePiece) -> Group:
    return next(group for group in message.groups if group.pieces[0] is piece)


def pieces(message: LaidMessage) -> tuple[int, list[MorePiece]]:
    """How many pieces are text, and the rows that say that there is more."""
    more = [piece for piece in message.pieces if isinstance(piece, MorePiece)]
    return len(message.pieces) - len(more), more


# -- tables ---------------------------------------------------------------------------------------------


def test_a_table_too_large_shows_its_first_rows_and_is_copied_whole(canvas: Canvas) -> None:
    turn = answer(table(20, 100))
    row = shown(canvas, turn)
    (edit,) = frame_of(canvas, turn).editors()
    drawn_rows = limits.TABLE_CELLS // limits.TABLE_COLUMNS
    assert edit.document().blockCount() == (drawn_rows + 1) * limits.TABLE_COLUMNS + 2
    assert row.accessibleName() == f"{100 - drawn_rows} more rows · 4 more columns"
    assert labels(row) == ["Copy as CSV"]
    row.copy.click()
    lines = QGuiApplication.clipboard().text().split("\r\n")
    assert len(lines) == 102
    assert lines[100] == ",".join(f"r99c{column}" for column in range(20))


def test_a_table_is_named_with_its_whole_size(canvas: Canvas) -> None:
    turn = answer(table(3, 5))
    canvas.show_turns([user("q"), turn])
    (edit,) = frame_of(canvas, turn).editors()
    assert edit.accessibleName() == "Table, 3 columns, 5 rows"
    assert rows_of(canvas, turn) == []


def test_the_menu_copies_a_table_for_spreadsheets_and_writers(canvas: Canvas) -> None:
    turn = answer("| a | b |\n|---|--:|\n| x | 1,5 |\n")
    canvas.show_turns([user("q"), turn])
    (edit,) = frame_of(canvas, turn).editors()
    found = {one.text: one for one in canvas.block_actions(edit.mapToGlobal(QPoint(10, 10)))}
    assert list(found) == ["Copy table", "Copy as CSV"]
    found["Copy table"].do()
    data = QGuiApplication.clipboard().mimeData()
    assert data.text() == "a\tb\nx\t1,5"
    assert "<td" in data.html()
    found["Copy as CSV"].do()
    assert QGuiApplication.clipboard().text() == 'a,b\r\nx,"1,5"\r\n'


def test_a_growing_table_says_how_many_rows_it_hides(styles: Styles) -> None:
    text = table(4, 400)
    growing = LaidMessage(answer("", ReplyState.RUNNING, turn_id="x"), styles, WIDTH)
    for end in range(0, len(text), 997):
        growing.update(answer(text[:end], ReplyState.RUNNING, turn_id="x"))
    growing.update(answer(text, turn_id="x"))
    drawn, row = growing.pieces
    assert isinstance(drawn, TablePiece)
    assert len(drawn.table.rows) == 150
    assert isinstance(row, MorePiece)
    assert (row.kind, row.hidden, row.hidden_columns) == (More.CELLS, 250, 0)


# -- lists ----------------------------------------------------------------------------------------------


def test_a_list_too_long_offers_the_rest_in_steps() -> None:
    # Not parsed: reading so many items may take longer than a block is given.
    item = ListItem((Paragraph((Text("a"),), (0, 1)),), None, (0, 1))
    count = limits.LIST_ITEMS + limits.MORE_ITEMS + 7
    blocks = [ListBlock(False, 1, True, (item,) * count, (0, count))]
    flattener = Flattener()
    *text, row = flattener.pieces(blocks)
    assert isinstance(row, MorePiece)
    assert (len(text), row.kind, row.hidden) == (limits.LIST_ITEMS, More.ITEMS, count - limits.LIST_ITEMS)
    flattener.show_more(row)
    *text, row = flattener.pieces(blocks)
    assert isinstance(row, MorePiece)
    assert (len(text), row.hidden) == (count - 7, 7)
    flattener.show_more(row)
    assert [type(piece) for piece in flattener.pieces(blocks)] == [Para] * count


def test_each_list_has_its_own_rest(styles: Styles) -> None:
    long = "- a\n" * (limits.LIST_ITEMS + 3)
    message = LaidMessage(answer(f"{long}\ntext\n\n{long}\n```\ncode\n```\n"), styles, WIDTH)
    _, rows = pieces(message)
    message.change_block(group_of(message, rows[1]), BlockChange.MORE)
    _, (left,) = pieces(message)
    assert left.place == rows[0].place
    assert isinstance(message.pieces[-1], CodePiece)


def test_the_row_below_a_list_is_pressed_by_key_and_copies_all_of_it(canvas: Canvas) -> None:
    turn = answer("1. a\n" * (limits.LIST_ITEMS + 2))
    row = shown(canvas, turn)
    assert labels(row) == ["Show all", "Copy list"]
    row.copy.click()
    assert QGuiApplication.clipboard().text().splitlines()[-1] == f"{limits.LIST_ITEMS + 2}. a"
    assert row.more in frame_of(canvas, turn).tab_stops()
    row.more.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(row.more, Qt.Key.Key_Space)
    assert rows_of(canvas, turn) == []
    # The focus stays in the message.
    frame = frame_of(canvas, turn)
    assert frame is focused() or frame.isAncestorOf(focused())


@pytest.mark.parametrize("text", [table(limits.TABLE_COLUMNS + 1, 1), "- r0c0\n" * (limits.LIST_ITEMS + 1)])
def test_the_row_below_copies_nothing_that_a_terminal_obeys(canvas: Canvas, text: str) -> None:
    row = shown(canvas, answer(text.replace("r0c0", "x\x1b[2Jy\x9bz")))
    row.copy.click()
    copied = QGuiApplication.clipboard().text()
    assert "x\u241b[2Jy\ufffdz" in copied
    assert not {"\x1b", "\x9b"} & set(copied)


def test_more_of_a_list_while_text_grows_below(styles: Styles) -> None:
    text = "- a\n" * (limits.LIST_ITEMS + 5) + "\nbelow "
    message = LaidMessage(answer(text, ReplyState.RUNNING, turn_id="x"), styles, WIDTH)
    _, (row,) = pieces(message)
    message.change_block(group_of(message, row), BlockChange.MORE)
    for words in ("one", "one two", "one two\n\nthree"):
        message.update(answer(text + words, ReplyState.RUNNING, turn_id="x"))
        assert pieces(message)[1] == []
    message.update(answer(text + words, turn_id="x"))
    count, rows = pieces(message)
    assert (count, rows) == (limits.LIST_ITEMS + 5 + 2, [])


# -- plain text -----------------------------------------------------------------------------------------


def test_what_is_beyond_the_rich_part_comes_in_steps(styles: Styles) -> None:
    line = "word " * 19 + "word\n"
    text = line * ((limits.RICH_CHARACTERS + 2 * limits.PLAIN_CHARACTERS) // len(line) + 100)
    message = LaidMessage(answer(text), styles, WIDTH)
    seen = []
    while (found := pieces(message))[1]:
        seen.append(found[1][0].hidden)
        message.change_block(group_of(message, found[1][0]), BlockChange.MORE)
    assert len(seen) == 2
    assert abs(seen[0] - seen[1] - limits.PLAIN_CHARACTERS) <= len(line)
    words = sum(len(piece.text.split()) for piece in message.pieces if isinstance(piece, Para))
    assert words == len(text.split())


# -- questions ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["word " * 1000, "line\n" * 40, "🎉 \n\n" * 30], ids=["words", "lines", "gaps"]
)
def test_a_long_question_is_folded_after_twelve_lines(canvas: Canvas, text: str) -> None:
    turn = user(text)
    row = shown(canvas, turn)
    edit = frame_of(canvas, turn).editors()[0]
    assert lines_of(edit.document()) == LINES
    assert labels(row) == ["Show all"]
    row.more.click()
    bar = canvas.verticalScrollBar()
    bar.setValue(bar.maximum())
    (row,) = rows_of(canvas, turn)
    assert labels(row) == ["Show less"]
    assert frame_of(canvas, turn).height() > canvas.height() / 2
    row.more.click()
    assert lines_of(frame_of(canvas, turn).editors()[0].document()) == LINES


def test_twelve_lines_are_not_folded_and_width_decides(styles: Styles) -> None:
    assert not pieces(LaidMessage(user("a\n" * 11 + "a"), styles, WIDTH))[1]
    message = LaidMessage(user("word " * 150), styles, 900)
    assert not pieces(message)[1]
    message.set_width(300)
    assert pieces(message)[1][0].kind is More.MESSAGE
    message.set_width(900)
    assert not pieces(message)[1]


def test_an_open_question_stays_open_in_another_size(theme: Theme, canvas: Canvas) -> None:
    turn = user("line\n" * 40)
    shown(canvas, turn).more.click()
    theme.follow(Settings(text_size=20))
    bar = canvas.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert labels(rows_of(canvas, turn)[-1]) == ["Show less"]


def test_folding_a_long_question_leaves_its_beginning_in_view(canvas: Canvas) -> None:
    turn = user("line\n" * 200)
    canvas.show_turns([turn, answer("word\n\n" * 60)])
    canvas.verticalScrollBar().setValue(0)
    (row,) = rows_of(canvas, turn)
    row.more.click()
    canvas.verticalScrollBar().setValue(frame_of(canvas, turn).height() - 300)
    (row,) = rows_of(canvas, turn)
    row.more.click()
    assert -20 <= top_of(canvas, frame_of(canvas, turn)) <= 40


def test_a_pasted_book_is_shown_at_once(styles: Styles) -> None:
    message = LaidMessage(user("line of words\n" * 150_000), styles, WIDTH)
    text, (row,) = pieces(message)
    assert (text, row.kind) == (LINES, More.MESSAGE)
    message.change_block(group_of(message, row), BlockChange.MORE)
    text, rows = pieces(message)
    assert [one.kind for one in rows] == [More.TEXT, More.MESSAGE]
    assert text == limits.PLAIN_LINES
    message.change_block(group_of(message, rows[0]), BlockChange.MORE)
    assert pieces(message)[0] == 2 * limits.PLAIN_LINES


@pytest.fixture
def german() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.German, QLocale.Country.Germany))
    yield
    QLocale.setDefault(before)


@pytest.mark.usefixtures("german")
def test_figures_are_written_as_the_person_does() -> None:
    assert words_for(MorePiece(More.ITEMS, 1_234)) == "1.234 more items"
    assert words_for(MorePiece(More.CELLS, 12_345, hidden_columns=1_024)) == (
        "12.345 more rows · 1.024 more columns"
    )
    assert words_for(MorePiece(More.TEXT, 1_234_567)) == "1.234.567 more characters"
