"""Bounds for what is drawn, so that no text can stall or bloat the window; the stored text is always whole.

The figures are safety.md §4: measured with Qt's layout, which is quadratic in unbroken runs and in rows.
"""

from __future__ import annotations

import re
from itertools import chain

from app.markup.blocks import Link, Span, span_text

# --- the parser ----------------------------------------------------------------------------------------

RICH_CHARACTERS = 200_000
"""A text is parsed up to here; the rest is one `Plain` block."""
BLOCK_CHARACTERS = 32_000
"""A paragraph longer than this is not searched for emphasis, links and the like."""
BLOCK_SECONDS = 0.25
"""How long the parser may work on one top-level block, its structure and its words each."""
GROWING_SECONDS = 0.025
"""For all that is read again when a text has grown; what comes at once has `BLOCK_SECONDS`. What is plain by
that is read anew when the text has ended."""
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
MORE_ITEMS = 1_000
"""So many more items are drawn at a time when they are asked for."""
PLAIN_CHARACTERS = 50_000
"""So much plain text is drawn, and as much again at a time."""
PLAIN_LINES = 1_000
"""The same of text with short lines."""
PIECES = 1_500
"""After so many paragraphs of one text the rest waits until more is wanted."""
APART = 3
"""As many of them a code, a table, or what else stands apart counts as."""
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
    if not (text.isascii() and text.isprintable()):
        text = without_controls(text)
    if not text.isascii():
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


def few_links(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """The spans of a paragraph; links beyond `LINKS` are their words alone."""
    links = [i for i, span in enumerate(spans) if isinstance(span, Link)]
    if len(links) <= LINKS:
        return spans
    many = set(links[LINKS + len(span_text(spans)) // 10 :])
    kept = (
        (span,) if i not in many or not isinstance(span, Link) else span.spans for i, span in enumerate(spans)
    )
    return tuple(chain.from_iterable(kept))
