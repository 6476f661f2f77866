"""Blocks as they are met in answers: where lists, tasks, tables, quotes and addresses stand."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QTextBlock, QTextLine, QTextTable

from app.core.completion import ReplyState
from app.core.conversation import Turn
from app.core.settings import Appearance, Settings
from app.markup.blocks import Align
from app.ui.reading_column import HANG
from app.ui.theme import Theme
from app.ui.transcript.canvas import Canvas
from app.ui.transcript.code import CodeDrawing
from app.ui.transcript.group import Styles
from app.ui.transcript.laid_message import LaidMessage
from app.ui.transcript.pieces import Look, Para, TablePiece
from app.ui.transcript.table import TableDrawing
from app.ui.transcript.text_styles import BLEED, INDENT, QUOTE_INDENT
from tests.ui.transcript.turns import answer, document_texts, frame_of, user

WIDTH = 600


def blocks(text: str, styles: Styles) -> list[QTextBlock]:
    """The paragraphs of the first group, laid out."""
    message = LaidMessage(answer(text), styles, WIDTH)
    document_texts(message)
    drawing = message.groups[0].drawing
    assert drawing is not None
    drawing.document.documentLayout().documentSize()
    # The message has to live as long as its blocks.
    drawing.document.setProperty("message", message)
    document = drawing.document
    return [document.findBlockByNumber(number) for number in range(document.blockCount())]


def text_start(block: QTextBlock) -> float:
    """Where in its line the text behind a marker begins, in px from the paragraph's left margin."""
    return line_x(block.layout().lineAt(0), block.text().index("\t") + 1)


@pytest.mark.parametrize("marker", ["1.", "10.", "100.", "99999."])
def test_text_stands_right_behind_its_number(styles: Styles, marker: str) -> None:
    (block,) = blocks(f"{marker} words", styles)
    width = QFontMetricsF(styles.answer.font).horizontalAdvance(marker)
    gap = text_start(block) - block.layout().lineAt(0).x() - width
    assert 2 <= gap <= 12
    left = block.blockFormat().leftMargin() + block.blockFormat().textIndent()
    assert left > -BLEED


def test_ten_stands_nearly_where_nine_does(styles: Styles) -> None:
    nine, ten = blocks("9. nine\n10. ten", styles)
    assert 0 <= ten.blockFormat().leftMargin() - nine.blockFormat().leftMargin() <= 8


@pytest.mark.parametrize("appearance", [Appearance.LIGHT, Appearance.DARK])
def test_the_box_of_a_task_is_painted(theme: Theme, canvas: Canvas, appearance: Appearance) -> None:
    theme.follow(Settings(appearance=appearance))
    turn = answer("- [x] done\n- [ ] open")
    canvas.show_turns([user("q"), turn])
    (edit,) = frame_of(canvas, turn).editors()
    picture = edit.viewport().grab().toImage()
    mark = theme.color("accent.mark").name()
    done, left = (colours(picture, half) for half in (0, 1))
    assert mark in done
    assert mark not in left
    assert theme.color("line.field").name() in left


def colours(picture: QImage, half: int) -> set[str]:
    """The colours at the left of the upper or the lower half."""
    height = picture.height() // 2
    side = round(24 * picture.devicePixelRatio())
    return {picture.pixelColor(x, half * height + y).name() for x in range(side) for y in range(height)}


@pytest.mark.parametrize(
    ("cells", "align"),
    [
        (["1", "22.5", "-3"], Align.RIGHT),
        (["$1,234.50", "12 %", "–"], Align.RIGHT),
        (["1", "two", "3"], Align.NONE),
        (["5.1 m/s", "6 m/s", "7"], Align.NONE),
        (["", "", ""], Align.NONE),
        (["–", "-", "—"], Align.NONE),
    ],
)
def test_columns_of_numbers_stand_at_the_right(styles: Styles, cells: list[str], align: Align) -> None:
    rows = "".join(f"| a | {cell} |\n" for cell in cells)
    message = LaidMessage(answer(f"| n | v |\n|---|---|\n{rows}"), styles, WIDTH)
    (piece,) = message.pieces
    assert isinstance(piece, TablePiece)
    assert piece.table.alignments == (Align.NONE, align)
    assert piece.origin is not None
    assert piece.origin.alignments == (Align.NONE, Align.NONE)  # type: ignore[union-attr]


def test_a_column_that_turns_out_to_hold_words_goes_back_to_the_left(styles: Styles) -> None:
    text = "| n |\n|---|\n| 1 |\n| two |\n"
    growing = LaidMessage(answer("", ReplyState.RUNNING, turn_id="x"), styles, WIDTH)
    for end in range(len(text)):
        growing.update(answer(text[:end], ReplyState.RUNNING, turn_id="x"))
        document_texts(growing)
    growing.update(answer(text, turn_id="x"))
    document_texts(growing)
    assert alignments(growing) == [Qt.AlignmentFlag.AlignLeft] * 3


def alignments(message: LaidMessage) -> list[Qt.AlignmentFlag]:
    """Where the cells of the first table stand, row by row."""
    drawing = message.groups[0].drawing
    assert drawing is not None
    (table,) = drawing.document.rootFrame().childFrames()
    assert isinstance(table, QTextTable)
    cells = [table.cellAt(row, column) for row in range(table.rows()) for column in range(table.columns())]
    kinds = Qt.AlignmentFlag.AlignHorizontal_Mask
    return [
        (cell.firstCursorPosition().blockFormat().alignment() or Qt.AlignmentFlag.AlignLeft)
        & (kinds & ~Qt.AlignmentFlag.AlignAbsolute)
        for cell in cells
    ]


@pytest.mark.parametrize("width", range(600, 612))
def test_a_table_that_fits_has_no_scroll_bar(styles: Styles, width: int) -> None:
    rows = "| Roof | 5.1 m/s | 122 kWh | 12 % |\n| Field, *far* | 6.4 m/s | 1,240 kWh | 88 % |\n"
    message = LaidMessage(
        answer(f"| Site | Wind | Energy | Share |\n|---|--:|:-:|---|\n{rows}"), styles, width
    )
    document_texts(message)
    assert not message.groups[0].is_wide


ARABIC_TABLE = "| الاسم | القيمة | `a` |\n|---|:--|:-:|\n| English | كلمة | |\n| ثان | | |\n"


def test_the_first_column_of_an_arabic_table_is_at_the_right_and_cells_begin_there(styles: Styles) -> None:
    message = LaidMessage(answer(ARABIC_TABLE), styles, WIDTH)
    text = document_texts(message)[0].splitlines()
    assert [line for line in text if line] == ["a", "القيمة", "الاسم", "كلمة", "English", "ثان"]
    places = Qt.AlignmentFlag
    assert alignments(message) == [places.AlignHCenter, places.AlignRight, places.AlignRight] * 3


def test_places_in_it_are_those_of_the_table_that_was_written(styles: Styles) -> None:
    message = LaidMessage(answer(ARABIC_TABLE), styles, WIDTH)
    document_texts(message)
    drawing = message.groups[0].drawing
    assert isinstance(drawing, TableDrawing)
    for row in range(3):
        for column in range(3):
            start, end = drawing.cell_range(row, column)
            assert drawing.place(start) == (row, column, 0)
            assert drawing.place(end)[:2] == (row, column)
    assert drawing.place(0) == (0, 0, 0)
    assert drawing.place(drawing.end_position) == (2, 2, 0)
    assert drawing.end_cursor().position() == drawing.cell_range(2, 0)[1]
    assert [row.words for row in drawing.row_lines()][1] == "English, كلمة, "


def test_a_wide_one_is_seen_from_its_first_column_on(canvas: Canvas) -> None:
    head = "| الاسم |" + " عمود |" * 12
    turn = answer(f"{head}\n|{'---|' * 13}\n{head}\n")
    canvas.show_turns([user("q"), turn])
    (edit,) = frame_of(canvas, turn).editors()
    bar = edit.horizontalScrollBar()
    assert bar.value() == bar.maximum() > 0


@pytest.mark.parametrize("marker", ["-", "1.", "100.", "- [x]"])
def test_the_lines_of_an_item_from_right_to_left_begin_below_each_other(styles: Styles, marker: str) -> None:
    (block,) = blocks(f"{marker} {'كلمة ' * 60}", styles)
    layout = block.layout()
    words = block.text().index("\u2003") + 1
    starts = [
        line_x(layout.lineAt(number), at) for number, at in enumerate((words, layout.lineAt(1).textStart()))
    ]
    assert abs(starts[0] - starts[1]) <= 1


def line_x(line: QTextLine, position: int) -> float:
    """Where in its line a position is."""
    x: Any = line.cursorToX(position)
    return float(x[0] if isinstance(x, tuple) else x)


@pytest.mark.parametrize(
    ("text", "directions"),
    [
        ("- شيء\n- thing", "RL"),
        ("> اقتباس\n>\n> quote", "RL"),
        ("# عنوان\n\n## heading", "RL"),
        ("- [ ] מטלה\n- [ ] task", "RL"),
        ("1. שלום\n   - inner\n   - פנים", "RLR"),
        ("123 שלום\n\n123 hello\n\n123", "RLL"),
        ("`code` שלום\n\n$x$ שלום\n\n`שלום` code\n\n`שלום`", "RRLL"),
    ],
)
def test_each_paragraph_has_its_own_direction(styles: Styles, text: str, directions: str) -> None:
    found = "".join(
        "R" if block.textDirection() is Qt.LayoutDirection.RightToLeft else "L"
        for block in blocks(text, styles)
    )
    assert found == directions


@pytest.mark.parametrize(
    ("text", "href", "words"),
    [
        ("(see https://en.wikipedia.org/wiki/A_(b)).", "https://en.wikipedia.org/wiki/A_(b)", ")."),
        ("Go to https://example.org/a, then b.", "https://example.org/a", ", then b."),
        ('"https://example.org/?q=1&r=2"!', "https://example.org/?q=1&r=2", '"!'),
        ("[https://example.org]", "https://example.org", "]"),
        ("www.example.org: here", "http://www.example.org", ": here"),
        ("write to a.b@example.org.", "mailto:a.b@example.org", "."),
    ],
)
def test_addresses_in_text_end_where_they_should(styles: Styles, text: str, href: str, words: str) -> None:
    (para,) = LaidMessage(answer(text), styles, WIDTH).pieces
    assert isinstance(para, Para)
    (link,) = [one for one in para.segments if one.href]
    assert link.href == href
    assert link.look & Look.LINK
    assert para.segments[-1].text == words


def test_quotes_in_quotes_have_a_bar_each(styles: Styles) -> None:
    pieces = LaidMessage(answer("> a\n>\n> > b\n> >\n> > > c"), styles, WIDTH).pieces
    assert [len(piece.quotes) for piece in pieces] == [1, 2, 3]


QUOTED_BLOCKS = "> first\n>\n> ```\n> code\n> ```\n>\n> | a |\n> |---|\n> | 1 |\n>\n> $$x^2$$\n>\n> last"


@pytest.mark.parametrize(
    ("text", "indent", "bars"),
    [
        ("> first\n>\n> second", 0, 1),
        (QUOTED_BLOCKS, 0, 1),
        ("> one\n\nbetween\n\n> another", 0, 2),
        ("> one\n\n<!-- -->\n\n> another", 0, 2),
        ("- item\n\n  > quoted\n  >\n  > ```\n  > code\n  > ```", INDENT, 1),
        ("> - item\n>\n>   ```\n>   code\n>   ```", 0, 1),
        ("> - item\n>   > inner\n>   >\n>   > more", INDENT + QUOTE_INDENT, 1),
        ("1. > quoted", INDENT, 1),
    ],
)
def test_a_quote_has_one_bar_from_its_first_line_to_its_last_whatever_it_holds(
    theme: Theme, canvas: Canvas, text: str, indent: int, bars: int
) -> None:
    turn = answer(text)
    canvas.show_turns([user("q"), turn])
    frame = frame_of(canvas, turn)
    picture = frame.grab().toImage()
    scale = picture.devicePixelRatio()
    x = round((HANG + indent) * scale)
    color = theme.color("line.control").name()
    rows = [y for y in range(picture.height()) if picture.pixelColor(x, y).name() == color]
    ends = [y for y in rows if y + 1 not in rows]
    assert len(ends) == bars
    # It begins where the text does, not in the room above.
    assert frame.message is not None
    if text.startswith(">") and not indent:
        group = frame.message.groups[0]
        assert rows[0] == round(group.top * scale)


def test_the_number_of_an_item_stands_outside_of_a_quote_that_it_begins_with(styles: Styles) -> None:
    (quoted,) = blocks("1. > words", styles)
    (plain,) = blocks("1. words", styles)
    looks = [one.blockFormat() for one in (quoted, plain)]
    left, usual = (look.leftMargin() + look.textIndent() for look in looks)
    assert left == usual
    assert looks[0].leftMargin() - looks[1].leftMargin() == QUOTE_INDENT


@pytest.mark.parametrize(
    "text", ["👩‍👩‍👧‍👦 family", "नमस्ते दुनिया", "e\u0301 combined", "🇩🇪 flag", "ไทย", "각"]
)
def test_letters_of_several_characters_are_drawn_as_they_are_however_they_arrive(
    styles: Styles, text: str
) -> None:
    growing = LaidMessage(answer("", ReplyState.RUNNING, turn_id="x"), styles, WIDTH)
    for end in range(1, len(text) + 1):
        growing.update(answer(text[:end], ReplyState.RUNNING, turn_id="x"))
        assert document_texts(growing) == [text[:end].strip()]
    growing.update(answer(text, turn_id="x"))
    assert document_texts(growing) == [text]


def test_soft_line_breaks_are_spaces_and_hard_ones_are_lines(styles: Styles) -> None:
    (block,) = blocks("soft\nbreak  \nhard\\\nhard", styles)
    assert block.text() == "soft break\u2028hard\u2028hard"


@pytest.mark.parametrize(
    "text", ["words `code`", "`code` words", "קראו `data.csv`", "`data.csv` קובץ", "קראו `קוד ארוך` כאן"]
)
def test_inline_code_has_its_chip_in_both_directions(theme: Theme, canvas: Canvas, text: str) -> None:
    turn = answer(text)
    canvas.show_turns([user("q"), turn])
    (edit,) = frame_of(canvas, turn).editors()
    picture = edit.viewport().grab().toImage()
    sunken = theme.color("bg.sunken").name()
    columns = [
        x
        for x in range(picture.width())
        if any(picture.pixelColor(x, y).name() == sunken for y in range(picture.height()))
    ]
    assert max(columns) - min(columns) > 20 * picture.devicePixelRatio()


@pytest.mark.parametrize(
    "text", ["ww `code` ww", "שש `code` שש", "שש `code`, `code` שש", "שש `code` `code` שש"]
)
def test_a_chip_touches_nothing_beside_it(theme: Theme, canvas: Canvas, text: str) -> None:
    for turn in (growing_to(canvas, text), answer(text)):
        if turn.turn_id != "grown":
            canvas.show_turns([user("q"), turn])
        (edit,) = frame_of(canvas, turn).editors()
        picture = edit.viewport().grab().toImage()
        sunken = theme.color("bg.sunken").name()
        inside = {x for x in range(picture.width()) if sunken in column(picture, x)}
        lefts, rights = {x for x in inside if x - 1 not in inside}, {x for x in inside if x + 1 not in inside}
        assert len(lefts) == len(rights) == text.count("code")
        ink = theme.color("text.primary").name()
        for x in {x - 2 for x in lefts} | {x + 2 for x in rights}:
            assert ink not in column(picture, x)
            assert len(column(picture, x)) <= 2  # nothing, or the end of the outline's curve


def column(picture: QImage, x: int) -> set[str]:
    """The colours of a column of px."""
    return {picture.pixelColor(x, y).name() for y in range(picture.height())}


def growing_to(canvas: Canvas, text: str) -> Turn:
    """An answer that came letter by letter, and is at its end."""
    canvas.show_turns([user("q"), answer("", ReplyState.RUNNING, turn_id="grown")])
    for end in range(1, len(text) + 1):
        canvas.change_turn(answer(text[:end], ReplyState.RUNNING, turn_id="grown"))
    done = answer(text, turn_id="grown")
    canvas.change_turn(done)
    return done


def test_what_a_slanted_font_lacks_stands_upright_and_is_heavier(styles: Styles) -> None:
    slanted = QFont(styles.answer.font)
    slanted.setItalic(True)
    lacks = not QFontMetricsF(slanted).inFontUcs4(ord("ش"))
    (block,) = blocks("*wind* شمس *شمس*", styles)
    looks = [look.format.font() for look in block.textFormats()]
    assert [one.italic() for one in looks] == [True, False, not lacks]
    heavy = QFont.Weight.DemiBold
    assert [one.weight() >= heavy for one in looks] == [False, False, lacks]
    message = LaidMessage(answer("```python\n# wind\n# شمس\n```"), styles, WIDTH)
    document_texts(message)
    code = message.groups[0].drawing
    assert isinstance(code, CodeDrawing)
    code.colour()
    formats = [code.document.findBlockByNumber(number).layout().formats() for number in range(2)]
    assert [one[0].format.fontItalic() for one in formats] == [True, not lacks]


def test_the_sign_of_a_picture_is_seen_in_any_font(theme: Theme, canvas: Canvas) -> None:
    turn = answer("![roof](https://example.org/roof.jpg)")
    canvas.show_turns([user("q"), turn])
    (edit,) = frame_of(canvas, turn).editors()
    picture = edit.viewport().grab().toImage()
    ground = theme.color("bg.sunken").lightness()
    left = min(x for x in range(picture.width()) if theme.color("bg.sunken").name() in column(picture, x))
    sign = range(left + 4, left + round(16 * picture.devicePixelRatio()))
    dark = [
        (x, y)
        for x in sign
        for y in range(picture.height())
        if abs(picture.pixelColor(x, y).lightness() - ground) > 60
    ]
    assert len(dark) > 10
