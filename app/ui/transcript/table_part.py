"""Which cells of a table, or which words of one cell, lie between two positions of its document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from app.ui.transcript.table import TableDrawing


@dataclass(frozen=True, slots=True)
class Cells:
    """A rectangle of cells, the last ones included. Row 0 is the head."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(frozen=True, slots=True)
class CellWords:
    """Words of one cell, counted in UTF-16 units."""

    row: int
    column: int
    start: int
    end: int


TablePart: TypeAlias = Cells | CellWords


def table_part(drawing: TableDrawing, start: int, end: int) -> TablePart | None:
    """What is selected from one position to a later one; None for the whole table.

    A selection that comes from above or goes on below takes whole rows, one from cell to cell a rectangle.
    """
    from_above = start <= 0
    goes_on = end >= drawing.end_position
    if from_above and goes_on:
        return None
    first_row, first_column, first = drawing.place(start)
    last_row, last_column, last = drawing.place(end)
    _, columns = drawing.cells
    if from_above:
        return Cells(0, last_row, 0, columns - 1)
    if goes_on:
        rows, _ = drawing.cells
        return Cells(first_row, rows - 1, 0, columns - 1)
    if (first_row, first_column) == (last_row, last_column):
        return CellWords(first_row, first_column, first, last)
    across = sorted((first_column, last_column))
    return Cells(first_row, last_row, *across)


def shown_part(drawing: TableDrawing, start: int, end: int) -> tuple[int, int]:
    """The positions that a cursor is given to show that."""
    rows, columns = drawing.cells
    # Not the empty paragraphs that Qt keeps around a table.
    match table_part(drawing, start, end) or Cells(0, rows - 1, 0, columns - 1):
        case CellWords():
            return start, end
        case Cells(first_row, last_row, first_column, last_column):
            a, b = drawing.cell_range(first_row, first_column), drawing.cell_range(last_row, last_column)
            # Qt sets a cursor that reaches another cell to that cell's beginning.
            return (a[0], a[1]) if a == b else (min(a[0], b[0]), max(a[0], b[0]))
