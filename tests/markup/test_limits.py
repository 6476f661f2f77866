"""What is drawn of texts that are too long, too wide or made to look like something else."""

import pytest

from app.markup import limits
from app.markup.blocks import Code, Link, ListBlock, Paragraph, Plain, Table, Text, plain_text
from app.markup.limits import drawable, drawn, rich_end
from app.markup.parse import parse


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x01b\x1b[31m", "a␁b␛[31m"),
        ("a\x00b\x7f", "a␀b␡"),
        ("a\tb\nc", "a\tb\nc"),
        ("a\ud800b", "a\ufffdb"),
        ("e\u0301", "e\u0301"),
        ("a" + "\u0301" * 50 + "b", "a" + "\u0301" * limits.COMBINING_MARKS + "b"),
        ("👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"),
    ],
)
def test_text_that_can_be_drawn(text: str, shown: str) -> None:
    assert drawable(text) == shown


def test_long_runs_get_places_to_break() -> None:
    run = "x" * (3 * limits.RUN_CHARACTERS)
    shown = drawable(run)
    assert shown.replace("\u200b", "") == run
    assert max(map(len, shown.split("\u200b"))) == limits.RUN_CHARACTERS
    assert drawable("word " * 1_000) == "word " * 1_000


def test_long_tables_lose_their_last_rows_and_columns() -> None:
    source = "|" + "a|" * 20 + "\n|" + "-|" * 20 + "\n" + ("|" + "b|" * 20 + "\n") * 100
    (table,) = drawn(parse(source))
    assert isinstance(table, Table)
    assert len(table.head) == len(table.alignments) == len(table.rows[0]) == limits.TABLE_COLUMNS
    assert table.hidden_columns == 4
    assert len(table.rows) * limits.TABLE_COLUMNS <= limits.TABLE_CELLS
    assert len(table.rows) + table.hidden_rows == 100


def test_long_lists_lose_their_last_items() -> None:
    (block,) = drawn(parse("- a\n" * (limits.LIST_ITEMS + 7)))
    assert isinstance(block, ListBlock)
    assert (len(block.items), block.hidden) == (limits.LIST_ITEMS, 7)


def test_what_needs_no_change_is_the_same_object() -> None:
    blocks = parse("# a\n\n- b `c`\n\n> d\n\n```\ne\n```\n\n| f |\n|---|\n| g |\n")
    assert all(a is b for a, b in zip(blocks, drawn(blocks), strict=True))


def test_limits_reach_into_nested_text() -> None:
    (block,) = drawn(parse("> - **a\x01** `b\x02`\n"))
    assert "␁" in str(block)
    assert "␂" in str(block)
    assert drawn((Plain("a\x03", (0, 1)),)) == (Plain("a␃", (0, 1)),)
    assert drawn((Paragraph((Code("a\x03"), Text("b")), (0, 1)),)) == (
        Paragraph((Code("a␃"), Text("b")), (0, 1)),
    )


def test_links_without_words_between_them_become_text() -> None:
    (block,) = drawn(parse("[a](/b)" * 400))
    assert isinstance(block, Paragraph)
    assert sum(isinstance(span, Link) for span in block.spans) == limits.LINKS + 40
    assert plain_text(block) == "a" * 400


def test_the_rich_part_ends_with_a_line() -> None:
    assert rich_end("a\n" * 5) == 10
    long = "abcdef\n" * limits.RICH_CHARACTERS
    assert long[: rich_end(long)].endswith("\n")
    assert limits.RICH_CHARACTERS - 7 < rich_end(long) <= limits.RICH_CHARACTERS
    assert rich_end("a" * 2 * limits.RICH_CHARACTERS) == limits.RICH_CHARACTERS
