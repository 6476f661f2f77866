"""Tables as other programs read them."""

import csv
import io

from app.markup.blocks import Table
from app.markup.parse import parse
from app.markup.table_text import csv_of, tsv_of


def table(source: str) -> Table:
    (block,) = parse(source)
    assert isinstance(block, Table)
    return block


def test_csv_has_commas_crlf_and_quotes_where_they_are_needed() -> None:
    found = csv_of(table('| a, b | "c" |\n|---|--:|\n| **1** | `x` [y](/z) |\n|  | 2 |\n'))
    assert found == '"a, b","""c"""\r\n1,x y\r\n,2\r\n'


def test_csv_is_read_back_as_it_was_written_and_formulas_are_data() -> None:
    source = "| one | two |\n|---|---|\n| =1+1 | -2 |\n| @x | שלום 🎉 |\n| a \\| b | +3 |\n"
    rows = list(csv.reader(io.StringIO(csv_of(table(source)), newline="")))
    assert rows == [["one", "two"], ["=1+1", "-2"], ["@x", "שלום 🎉"], ["a | b", "+3"]]


def test_tabs_part_the_cells_and_stand_in_none() -> None:
    assert tsv_of(table("| a\tb | c |\n|---|---|\n| 1 | 2 |\n")) == "a b\tc\n1\t2"
