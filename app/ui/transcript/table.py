"""A table drawn into a document of its own; while it grows, only the rows that changed are drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import (
    QFont,
    QPainter,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextLength,
    QTextTable,
    QTextTableCell,
    QTextTableCellFormat,
    QTextTableFormat,
)

from app.markup.blocks import Align, Row, Table, span_text, written_words
from app.ui.transcript.document import SafeDocument
from app.ui.transcript.flattener import segments
from app.ui.transcript.inline_formulas import InlineFormulas, behind_source
from app.ui.transcript.pieces import Look, is_formula
from app.ui.transcript.qt_text import LINE_SEPARATOR, is_right_to_left
from app.ui.transcript.text_styles import BLEED, TextStyles

COLUMN_WIDTH = 110  # px that a column has at least before the table scrolls sideways
ROUNDING = 2
CELL_PADDING, CELL_RIGHT = 4, 12
HEAD_PADDING = (3, 5)  # above and below
_NUMBER = frozenset("0123456789")


@dataclass(frozen=True, slots=True)
class RowWords:
    """A row as one line of text, and where it stands in the document, in px."""

    top: int
    height: int
    words: str


class TableDrawing:
    """A document with one table."""

    has_ground = True

    def __init__(self, styles: TextStyles) -> None:
        self.document = SafeDocument()
        self.document.setDefaultFont(styles.font)
        self.document.set_side_margins(BLEED)
        self._styles = styles
        self._formulas = InlineFormulas(self.document, styles)
        self._table: QTextTable | None = None
        self._shown: Table | None = None
        self.is_mirrored = False  # whether its first column is the one at the right
        self._width = 0
        self._measured: tuple[float, int] = (0.0, -1)
        self._edges: list[int] = []  # between the rows, where they were painted
        self._rooms: dict[tuple[bool, bool], QTextTableCellFormat] = {}
        self._blocks: dict[tuple[Align, bool, bool], QTextBlockFormat] = {}
        self._characters: dict[tuple[Look, str, bool, bool], QTextCharFormat] = {}

    @property
    def lead(self) -> int:
        """How many px the document stands higher than its text."""
        return 0

    @property
    def width(self) -> int:
        """The width that the table was laid out in; more than was given where it has to scroll."""
        return self._width

    def end_cursor(self) -> QTextCursor:
        """A cursor behind the last letter of the last cell that has one."""
        if self._table is None or self._shown is None:
            return self.document.end_cursor()
        row = self._shown.rows[-1] if self._shown.rows else self._shown.head
        filled = [column for column, cell in enumerate(row) if cell]
        number = len(self._shown.rows)
        return self._cell(self._table, number, filled[-1] if filled else 0).lastCursorPosition()

    def place(self, position: int) -> tuple[int, int, int]:
        """The row, the column and how far in the cell's words a position of the document is.

        The last in UTF-16 units, as Qt counts; what is behind the table counts as the end of its last cell.
        """
        if self._table is None:
            return 0, 0, 0
        position = behind_source(self.document, position)
        cell = self._table.cellAt(position)
        if not cell.isValid():
            if position <= self._table.firstPosition():
                return 0, 0, 0
            cell = self._cell(self._table, self._table.rows() - 1, self._table.columns() - 1)
            position = cell.lastPosition()
        column = self._table.columns() - 1 - cell.column() if self.is_mirrored else cell.column()
        return cell.row(), column, position - cell.firstPosition()

    def cell_range(self, row: int, column: int) -> tuple[int, int]:
        """The first and the last position of a cell."""
        if self._table is None:
            return 0, 0
        cell = self._cell(self._table, row, column)
        return cell.firstPosition(), cell.lastPosition()

    def _cell(self, drawn: QTextTable, row: int, column: int) -> QTextTableCell:
        """The cell of a column of the table that was written: Qt's columns go from left to right."""
        return drawn.cellAt(row, drawn.columns() - 1 - column if self.is_mirrored else column)

    @property
    def cells(self) -> tuple[int, int]:
        """How many rows and columns are drawn."""
        return (self._table.rows(), self._table.columns()) if self._table is not None else (0, 0)

    @property
    def table(self) -> Table | None:
        """What is drawn."""
        return self._shown

    def row_lines(self) -> list[RowWords]:
        """Every row as its cells with commas between, the head first. `lay_out` comes before."""
        drawn, table = self._table, self._shown
        if drawn is None or table is None:
            return []
        layout, padding = self.document.documentLayout(), self._styles.px(CELL_PADDING)
        tops = [
            round(
                layout.blockBoundingRect(drawn.cellAt(row, 0).firstCursorPosition().block()).top() - padding
            )
            for row in range(drawn.rows())
        ]
        ends = [*tops[1:], round(self._bottom())]
        words = [", ".join(span_text(cell) for cell in row) for row in (table.head, *table.rows)]
        return [RowWords(top, end - top, one) for top, end, one in zip(tops, ends, words, strict=False)]

    @property
    def end_position(self) -> int:
        """The last position of the document, behind the table."""
        return self.document.characterCount() - 1

    def lay_out(self, width: int) -> int:
        """Lay the table out in `width` px, more where its columns need it, and return its height."""
        columns = len(self._shown.head) if self._shown else 1
        wanted = max(width, columns * self._styles.px(COLUMN_WIDTH)) + 2 * BLEED
        self.document.lay_out(wanted)
        # The widths of columns are rounded, so that their sum may be a px or two more than was given.
        needed = round(self.document.size().width())
        self._width = needed if needed > wanted + ROUNDING else wanted
        return round(self._bottom())

    def show(self, table: Table) -> None:
        """Draw the table."""
        old, drawn = self._shown, self._table
        self._shown = table
        self.is_mirrored = _is_mirrored(table)
        cursor = QTextCursor(self.document)
        cursor.beginEditBlock()
        if old is None or drawn is None or (old.head, old.alignments) != (table.head, table.alignments):
            self._draw_all(cursor, table)
        else:
            self._draw_rows(drawn, old, table)
        cursor.endEditBlock()

    def settle(self) -> bool:
        """Show the formulas that are set by now, or their source; whether anything is another than it was."""
        settled = self._formulas.settle()
        drawn, table = self._table, self._shown
        if settled.failed and drawn is not None and table is not None:
            cursor = QTextCursor(self.document)
            cursor.beginEditBlock()
            for number in sorted({drawn.cellAt(position).row() for position in settled.failed}):
                self._draw_row(drawn, number, (table.head, *table.rows)[number], table)
            cursor.endEditBlock()
        return settled.is_other

    def _draw_all(self, cursor: QTextCursor, table: Table) -> None:
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.removeSelectedText()
        look = QTextTableFormat()
        look.setBorder(0)
        look.setCellSpacing(0)
        look.setCellPadding(0)
        look.setHeaderRowCount(1)
        look.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        drawn = cursor.insertTable(1 + len(table.rows), max(1, len(table.head)), look)
        self._table = drawn
        self._draw_row(drawn, 0, table.head, table)
        for number, row in enumerate(table.rows, start=1):
            self._draw_row(drawn, number, row, table)
        self._hide_paragraph_behind(drawn)

    def _draw_rows(self, drawn: QTextTable, old: Table, table: Table) -> None:
        more = len(table.rows) + 1 - drawn.rows()
        if more > 0:
            drawn.appendRows(more)
        elif more < 0:
            drawn.removeRows(drawn.rows() + more, -more)
        for number, row in enumerate(table.rows):
            if number >= len(old.rows) or (row is not old.rows[number] and row != old.rows[number]):
                self._draw_row(drawn, number + 1, row, table)

    def _draw_row(self, drawn: QTextTable, number: int, row: Row, table: Table) -> None:
        for column, spans in enumerate(row):
            cell = self._cell(drawn, number, column)
            cursor = cell.firstCursorPosition()
            last = cell.lastPosition()
            if cursor.position() < last:
                cursor.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
                cursor.removeSelectedText()
            text, words = span_text(spans), written_words(spans)
            cursor.setBlockFormat(self._block(table.alignments[column], is_right_to_left(words)))
            cell.setFormat(self._room(cell.column() == len(row) - 1, number == 0))
            has_number = not _NUMBER.isdisjoint(text)
            for segment in map(self._formulas.shown, segments(spans)):
                look = self._character(self._styles.slanted(segment), segment.href, number == 0, has_number)
                if is_formula(segment.look):
                    self._formulas.insert(cursor, segment.text, look, self._styles.formula_size(look.font()))
                    continue
                shown = segment.text.replace(LINE_SEPARATOR, " ") if number == 0 else segment.text
                cursor.insertText(shown, look)

    def _hide_paragraph_behind(self, drawn: QTextTable) -> None:
        """Make the paragraph that Qt keeps behind each table as low as it can be."""
        cursor = self.document.end_cursor()
        look = QTextBlockFormat()
        look.setLineHeight(1, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        cursor.setBlockFormat(look)

    def _room(self, is_last: bool, is_head: bool) -> QTextTableCellFormat:
        """The format of a cell: its room alone, for Qt copies all of it each time it asks for any of it."""
        key = (is_last, is_head)
        if key not in self._rooms:
            look = self._rooms[key] = QTextTableCellFormat()
            look.setTopPadding(self._styles.px(HEAD_PADDING[0] if is_head else CELL_PADDING))
            look.setBottomPadding(self._styles.px(HEAD_PADDING[1] if is_head else CELL_PADDING))
            look.setLeftPadding(0)
            look.setRightPadding(0 if is_last else self._styles.px(CELL_RIGHT))
        return self._rooms[key]

    def _block(self, align: Align, is_right_to_left: bool) -> QTextBlockFormat:
        key = (align, is_right_to_left, self.is_mirrored)
        if key not in self._blocks:
            self._blocks[key] = self._make_block(*key)
        return self._blocks[key]

    def _make_block(self, align: Align, is_right_to_left: bool, is_mirrored: bool) -> QTextBlockFormat:
        result = QTextBlockFormat()
        if is_right_to_left:
            result.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        match align:
            case Align.RIGHT:
                result.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute)
            case Align.CENTER:
                result.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            case Align.LEFT | Align.NONE if is_mirrored:
                # Who writes `:--` means where lines begin.
                result.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute)
            case Align.LEFT:
                result.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
            case Align.NONE:
                result.setAlignment(Qt.AlignmentFlag.AlignLeft)
        result.setLineHeight(self._styles.line, QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
        return result

    def _character(self, look: Look, href: str, is_head: bool, has_number: bool) -> QTextCharFormat:
        key = (look, href, is_head, has_number)
        known = self._characters.get(key)
        if known is None:
            known = self._characters[key] = self._make_character(*key)
        return known

    def _make_character(self, look: Look, href: str, is_head: bool, has_number: bool) -> QTextCharFormat:
        result = QTextCharFormat(self._styles.character(look, 0, href))
        font = result.font()
        if is_head:
            font.setPixelSize(max(1, font.pixelSize() - 1))
            font.setWeight(QFont.Weight.DemiBold)
            if not look & Look.LINK:
                result.setForeground(self._styles.color("text.secondary"))
        elif has_number:
            font.setFeature(QFont.Tag("tnum"), 1)
        result.setFont(font)
        if look & Look.CODE:
            result.setBackground(self._styles.color("bg.sunken"))
        return result

    def _bottom(self) -> float:
        if self._table is None:
            return self.document.size().height()
        return self.document.documentLayout().frameBoundingRect(self._table).bottom()

    def paint(self, painter: QPainter, clip: QRectF) -> None:
        """Paint the lines between the rows."""
        if self._table is None:
            return
        layout = self.document.documentLayout()
        around = layout.frameBoundingRect(self._table)
        left, width = round(around.left()), round(around.width())
        if self._measured != (state := self.document.state):
            self._measured = state
            self._edges = list(self._row_edges(self._table))
        for number, y in enumerate(self._edges, start=1):
            if clip.top() - 1 <= y <= clip.bottom() + 1:
                color = self._styles.color("line.control" if number == 1 else "line.hair")
                painter.fillRect(left, y, width, 1, color)

    def _row_edges(self, drawn: QTextTable) -> Iterator[int]:
        layout, padding = self.document.documentLayout(), self._styles.px(CELL_PADDING)
        for number in range(1, drawn.rows()):
            block = drawn.cellAt(number, 0).firstCursorPosition().block()
            yield round(layout.blockBoundingRect(block).top() - padding)


def _is_mirrored(table: Table) -> bool:
    """Whether columns go from right to left, and cells begin there: as the first words of the head do."""
    first = next((text for cell in table.head if (text := written_words(cell).strip())), "")
    return is_right_to_left(first)
