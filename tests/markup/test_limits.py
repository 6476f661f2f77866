"""What is drawn of texts that are too long, too wide or made to look like something else."""

import pytest

from app.markup import limits
from app.markup.blocks import Link, Paragraph, span_text
from app.markup.limits import drawable, few_links, rich_end
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


def test_links_without_words_between_them_become_text() -> None:
    (block,) = parse("[a](/b)" * 400)
    assert isinstance(block, Paragraph)
    spans = few_links(block.spans)
    assert sum(isinstance(span, Link) for span in spans) == limits.LINKS + 40
    assert span_text(spans) == "a" * 400
    (few,) = parse("[a](/b) " * limits.LINKS)
    assert isinstance(few, Paragraph)
    assert few_links(few.spans) is few.spans


def test_the_rich_part_ends_with_a_line() -> None:
    assert rich_end("a\n" * 5) == 10
    long = "abcdef\n" * limits.RICH_CHARACTERS
    assert long[: rich_end(long)].endswith("\n")
    assert limits.RICH_CHARACTERS - 7 < rich_end(long) <= limits.RICH_CHARACTERS
    assert rich_end("a" * 2 * limits.RICH_CHARACTERS) == limits.RICH_CHARACTERS
