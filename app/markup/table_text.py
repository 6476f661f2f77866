"""Tables as other programs read them: comma-separated, and separated by tabs."""

from __future__ import annotations

import csv
import io

from app.markup.blocks import Table, span_text


def csv_of(table: Table) -> str:
    """All rows as RFC 4180 has them: commas, CRLF, quotes where they are needed.

    What stands in a cell is what comes out. A cell that begins with = is not changed: a spreadsheet asks
    about formulas when it opens a file, and a program that reads the data must get the data.
    """
    result = io.StringIO()
    writer = csv.writer(result, lineterminator="\r\n")
    writer.writerows(_rows(table))
    return result.getvalue()


def tsv_of(table: Table) -> str:
    """All rows, their cells parted by tabs, as spreadsheets take them from the clipboard."""
    return "\n".join("\t".join(" ".join(cell.split()) for cell in row) for row in _rows(table))


def _rows(table: Table) -> list[list[str]]:
    return [[span_text(cell) for cell in row] for row in (table.head, *table.rows)]
