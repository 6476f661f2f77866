"""Bounds for what is drawn, so that no text can stall or bloat the window; the stored text is always whole.

The figures are safety.md §4: measured with Qt's layout, which is quadratic in unbroken runs and in rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain
from typing import TypeVar

from app.markup.blocks import (
    Block,
    Code,
    CodeBlock,
    Emphasis,
    Footnote,
    Heading,
    Image,
    Link,
    ListBlock,
    ListItem,
    Math,
    MathBlock,
    Paragraph,
    Plain,
    Quote,
    Row,
    Rule,
    Span,
    Strike,
    Strong,
    Table,
    Text,
    span_text,
)

# --- the parser ----------------------------------------------------------------------------------------

RICH_CHARACTERS = 200_000
"""A text is parsed up to here; the rest is one `Plain` block."""
BLOCK_CHARACTERS = 32_000
"""A paragraph longer than this is not searched for emphasis, links and the like."""
BLOCK_SECONDS = 0.25
"""How long the parser may take for one top-level block, its structure and its words each."""
LATE_BLOCKS = 4
"""After so many blocks that took too long the rest of a text is shown plain."""
MAX_DEPTH = 16
"""Lists, quotes and emphasis nest so deep; marks deeper than that are shown as they were written."""
MATH_CHARACTERS = 2_000
"""A longer formula is text."""

# --- the display ---------------------------------------------------------------------------------------

RUN_CHARACTERS = 1_000
"""Longer runs without a place to break get one (U+200B)."""
TABLE_CELLS = 600
TABLE_COLUMNS = 16
LIST_ITEMS = 500
CODE_LINES = 1_000
"""Lines of a code block that are highlighted."""
CODE_LINE_CHARACTERS = 2_000
"""A longer line of code is neither highlighted nor wrapped."""
COMBINING_MARKS = 8
"""Marks on one base character; those beyond are left out."""
LINKS = 100
"""One paragraph has so many links, and one more for every ten characters; what is beyond is text."""

_SOFT_BREAK = "\u200b"
_LONG_RUN = re.compile(rf"\S{{{RUN_CHARACTERS}}}(?=\S)")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_MARKS = re.compile(
    # The blocks of combining marks; joiners and the marks of Indic and Semitic letters are not in them.
    rf"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{{{COMBINING_MARKS}}})"
    r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)


def rich_end(source: str) -> int:
    """How many characters of the text are parsed: whole lines up to `RICH_CHARACTERS`."""
    if len(source) <= RICH_CHARACTERS:
        return len(source)
    return source.rfind("\n", 0, RICH_CHARACTERS) + 1 or RICH_CHARACTERS


def drawable(text: str) -> str:
    """Text that Qt can lay out in linear time and a person can see all of.

    Control characters become their pictures, lone surrogates U+FFFD, and very long runs get a place to break.
    """
    text = without_controls(text)
    text = _MARKS.sub(r"\1", text)
    if len(text) > RUN_CHARACTERS:
        text = _LONG_RUN.sub(lambda run: run[0] + _SOFT_BREAK, text)
    return text


def without_controls(text: str) -> str:
    """The text with control characters as their pictures and lone surrogates as U+FFFD."""
    return _CONTROL.sub(_picture, text)


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


def drawn(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks as they may be drawn; what needs no change is the same object."""
    return tuple(map(_drawn, blocks))


def _drawn(block: Block) -> Block:
    match block:
        case Paragraph(spans) | Heading(spans=spans):
            return _changed(block, spans=_spans(_few_links(spans)))
        case ListBlock():
            return _changed(block, items=_items(block), hidden=max(0, len(block.items) - LIST_ITEMS))
        case Quote(blocks) | Footnote(blocks=blocks):
            return _changed(block, blocks=drawn(blocks))
        case Table():
            return _table(block)
        case CodeBlock(text=text) | Plain(text):
            return _changed(block, text=drawable(text))
        case MathBlock(tex):
            return _changed(block, tex=drawable(tex))
        case Rule():
            return block


def _items(block: ListBlock) -> tuple[ListItem, ...]:
    return tuple(_changed(item, blocks=drawn(item.blocks)) for item in block.items[:LIST_ITEMS])


def _table(table: Table) -> Table:
    columns = min(len(table.head), TABLE_COLUMNS)
    rows = max(1, TABLE_CELLS // max(1, columns))

    def row(cells: Row) -> Row:
        return tuple(map(_spans, cells[:columns]))

    return _changed(
        table,
        alignments=table.alignments[:columns],
        head=row(table.head),
        rows=tuple(map(row, table.rows[:rows])),
        hidden_rows=max(0, len(table.rows) - rows),
        hidden_columns=len(table.head) - columns,
    )


def _spans(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    return tuple(map(_span, spans))


def _few_links(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    links = [i for i, span in enumerate(spans) if isinstance(span, Link)]
    if len(links) <= LINKS:
        return spans
    many = set(links[LINKS + len(span_text(spans)) // 10 :])
    kept = (
        (span,) if i not in many or not isinstance(span, Link) else span.spans for i, span in enumerate(spans)
    )
    return tuple(chain.from_iterable(kept))


def _span(span: Span) -> Span:
    match span:
        case Text(text) | Code(text):
            return _changed(span, text=drawable(text))
        case Math(tex):
            return _changed(span, tex=drawable(tex))
        case Image(alt, host):
            return _changed(span, alt=drawable(alt), host=drawable(host))
        case Emphasis(spans) | Strong(spans) | Strike(spans) | Link(spans):
            return _changed(span, spans=_spans(spans))
        case _:
            return span


_Value = TypeVar("_Value", bound=Block | Span | ListItem)


def _changed(value: _Value, **fields: object) -> _Value:
    if all(getattr(value, name) == new for name, new in fields.items()):
        return value
    return replace(value, **fields)  # type: ignore[arg-type] # the callers name fields of their kind
