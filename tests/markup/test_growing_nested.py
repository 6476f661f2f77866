"""Growing Markdown of any nesting: no update shows a raw mark of well-formed text, and no word is lost."""

from __future__ import annotations

import os
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.markup.blocks import Block, text_of
from app.markup.parse import parse
from app.markup.tail import GrowingMarkdown
from tests.markup.test_growing import grown, raw

pytestmark = pytest.mark.timeout(3_600)
EXAMPLES = 1_500 if os.environ.get("SIROCCO_HEAVY") else 12

# --- well-formed text ------------------------------------------------------------------------------------

words = st.lists(
    st.sampled_from(["wind", "over", "the", "roof", "12", "é", "风", "شمس", "🎉"]), min_size=1, max_size=3
).map(" ".join)
leaves = st.one_of(
    words,
    words.map(lambda text: f"`{text}`"),
    words.map(lambda text: f"``{text}`x``"),
    st.just("$x^2 + y_1$"),
    st.just("\\(a_b\\)"),
    words.map(lambda text: f"![{text}](http://h.example/p.png)"),
)


def _styled(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        inner.map(lambda text: f"~~{text}~~"), inner.map(lambda text: f"[{text}](https://a.b/c_d)")
    )


plain_lines = st.lists(leaves, min_size=1, max_size=3).map(" ".join)
italic = plain_lines.map(lambda text: f"*{text}*")
bold = st.lists(st.one_of(leaves, italic), min_size=1, max_size=3).map(
    lambda parts: f"**{' x '.join(parts)}**"
)
spans = st.one_of(leaves, italic, bold, _styled(st.one_of(leaves, bold)))
lines = st.lists(spans, min_size=1, max_size=4).map(lambda parts: f"w {' w '.join(parts)} w")

paragraphs = st.lists(lines, min_size=1, max_size=3).map(lambda some: "\n".join(some) + "\n")
headings = st.builds(lambda level, line: f"{'#' * level} {line}\n", st.integers(1, 6), lines)
underlined = st.builds(lambda line, mark: f"{line}\n{mark * 3}\n", lines, st.sampled_from("=-"))
tables = st.builds(
    lambda head, rows: f"| {head} | b |\n|---|:-:|\n" + "".join(f"| {row} | 2 |\n" for row in rows),
    lines,
    st.lists(lines, max_size=3),
)
codes = st.sampled_from(["```py\nx = 1  # *a*\n\ny\n```\n", "~~~\n| a |\n~~~\n", "$$\nx_1\n+ y\n$$\n"])
flat_blocks = st.one_of(paragraphs, headings, underlined, tables, codes)


def _contained(blocks: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(blocks, min_size=1, max_size=3).map("\n".join)
    return st.one_of(
        several.map(lambda text: _indented(text, "> ", "> ")),
        st.lists(several, min_size=1, max_size=3).map(
            lambda items: "\n".join(_indented(item, "- ", "  ") for item in items)
        ),
        st.lists(several, min_size=1, max_size=3).map(
            lambda items: "\n".join(_indented(item, "7. ", "   ") for item in items)
        ),
        st.builds(
            lambda text, box: _indented(f"w {text}", f"- [{box}] ", "  "), paragraphs, st.sampled_from(" x")
        ),
    )


def _task(text: str, box: str) -> str:
    return _indented(f"w {text}", f"- [{box}] ", "  ")


def _indented(text: str, first: str, others: str) -> str:
    rows = text.split("\n")[:-1]
    return "".join(
        f"{others if number else first}{row}".rstrip(" ") + "\n" for number, row in enumerate(rows)
    )


documents = st.lists(st.recursive(flat_blocks, _contained, max_leaves=6), min_size=1, max_size=3).map(
    "\n".join
)


@settings(deadline=None, max_examples=EXAMPLES)
@given(documents, st.integers(1, 7))
def test_no_update_of_well_formed_text_shows_a_raw_mark(source: str, step: int) -> None:
    assert not _marks(parse(source)), "the text is no good for this test"
    growing = GrowingMarkdown()
    for start in range(0, len(source), step):
        growing.feed(source[start : start + step])
        shown = growing.update().blocks
        assert not _marks(shown), source[: start + step]
    assert growing.finish() == parse(source)


def _marks(blocks: tuple[Block, ...]) -> set[str]:
    return set("".join(raw(blocks))) & set("*`[]_#|~\\>$")


# --- any nesting -----------------------------------------------------------------------------------------

# markdown-it drops what nests deeper than its limit, in blocks and in lines.
containers = st.lists(st.sampled_from(["> ", "- ", "1. ", "* ", "+ ", ">", "10) "]), min_size=1, max_size=130)
inline_marks = st.sampled_from(["*", "**", "_", "__", "~~", "[", "![", "[^", "`", "$", "\\(", "<", '"'])


@settings(deadline=None, max_examples=EXAMPLES * 2)
@given(containers, st.integers(1, 40))
def test_no_word_is_lost_in_containers_of_any_depth(marks: list[str], step: int) -> None:
    on_one_line = "".join(marks) + "w0w\n\nw1w\n"
    _assert_words(on_one_line, step)
    column, rows = "", []
    for number, mark in enumerate(marks):
        rows.append(f"{column}{mark}w{number}w\n")
        column += mark if mark.startswith(">") else " " * len(mark)
    _assert_words("".join(rows), step * 10)


@settings(deadline=None, max_examples=EXAMPLES * 2)
@given(st.lists(inline_marks, min_size=1, max_size=130), st.booleans(), st.integers(1, 40))
def test_no_word_is_lost_in_marks_of_any_depth(marks: list[str], is_closed: bool, step: int) -> None:
    source = "".join(f"w{number}w {mark}" for number, mark in enumerate(marks)) + "w999w"
    if is_closed:
        closers = {"[": "]", "![": "]", "[^": "]", "\\(": "\\)", "<": ">"}
        source += "".join(f"{closers.get(mark, mark)} w{1000 + i}w" for i, mark in enumerate(reversed(marks)))
    _assert_words(source, step)


def _assert_words(source: str, step: int) -> None:
    blocks, shown = grown(source, range(0, len(source), step))
    assert blocks == shown == parse(source)
    assert _words(text_of(blocks)) == _words(source)


def _words(text: str) -> set[str]:
    return set(re.findall(r"w\d+w", text))
