"""Blocks as they are drawn: paragraphs, codes and tables one below the other, their nesting as figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum, Flag
from functools import cache
from typing import NamedTuple, TypeAlias

from app.markup.blocks import Block, CodeBlock, ListItem, Table
from app.ui.transcript.qt_text import drawable, is_right_to_left

DISPLAY = "$$"
GAP = 8  # px at the normal text size, as all gaps here


class Look(Flag):
    """How a piece of text is set, beside where it leads."""

    NORMAL = 0
    EMPHASIS = 1
    STRONG = 2
    STRIKE = 4
    CODE = 8
    IMAGE = 16
    MARKER = 32
    RAISED = 64
    LINK = 128
    DONE = 256  # the box of a task that is done
    BOX = 512  # the box of any task
    FORMULA = 1024


FORMULA_CHANGES = 6
"""A formula costs as much as so many changes of look."""
NO_LETTERS = Look.CODE | Look.FORMULA


@dataclass(frozen=True, slots=True)
class Segment:
    """Text of one look; of a formula, its source. `href` is empty where it leads nowhere yet."""

    text: str
    look: Look = Look.NORMAL
    href: str = ""


class Bar(NamedTuple):
    """What stands beside a quote: so many lists are around that, and it may begin here."""

    level: int
    begins: bool = False


Bars: TypeAlias = tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Para:
    """One paragraph. `level` counts the lists around it, `quotes` has a bar for each quote, the outermost
    first; `gap` is the px above it.

    `heading` is 0 for body text; a `rule` is a line across and holds no text. A `marker` (a bullet, a
    number, a box) hangs before the text. `origin` is the block, or the list item without words, that it
    was made from, and is there for copies alone.
    """

    segments: tuple[Segment, ...]
    gap: int = 0
    level: int = 0
    quotes: Bars = ()
    heading: int = 0
    marker: Segment | None = None
    rule: bool = False
    origin: Block | ListItem | None = field(default=None, compare=False, repr=False)

    @property
    def text(self) -> str:
        """The words, without the marker."""
        return "".join(segment.text for segment in self.segments)

    @property
    def length(self) -> int:
        """How many characters the words have."""
        return sum(len(segment.text) for segment in self.segments)

    @property
    def changes(self) -> int:
        """How often the look changes in it, which costs as much as many letters."""
        return sum(changes_of(segment.look) for segment in self.segments)

    @property
    def is_right_to_left(self) -> bool:
        """Whether it is written so, as its first letter is. What code and formulas hold doesn't count."""
        if self.text.isascii():
            return False
        return is_right_to_left("".join(one.text for one in self.segments if not one.look & NO_LETTERS))

    def frame(self) -> tuple[object, ...]:
        """All but the words; paragraphs with the same frame differ in their text alone."""
        return (self.gap, self.level, self.quotes, self.heading, self.marker, self.rule)


@dataclass(frozen=True, slots=True)
class CodePiece:
    """A block of code, or a formula whose source is shown."""

    block: CodeBlock
    gap: int = 0
    level: int = 0
    quotes: Bars = ()
    origin: Block | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TablePiece:
    """A table as far as it is drawn; `origin` is the whole of it, which has so many more rows and columns."""

    table: Table
    gap: int = 0
    level: int = 0
    quotes: Bars = ()
    hidden_rows: int = 0
    hidden_columns: int = 0
    origin: Block | None = field(default=None, compare=False, repr=False)


class More(Enum):
    """What there is more of than is drawn; MESSAGE is all of a long one by the user."""

    ITEMS = "items"
    CELLS = "cells"
    BLOCKS = "blocks"
    TEXT = "text"
    MESSAGE = "message"


class Hidden:
    """What a row stands for, read when somebody looks for words in it: pieces, or a text as it is."""

    def __init__(self, make: Callable[[], Iterable[Piece]] = tuple, text: str = "") -> None:
        self.pieces = make
        self.text = text
        self.lines: int | None = None  # of its words, once they were read


@dataclass(frozen=True, slots=True)
class MorePiece:
    """A row that says that there is more, and offers it: so many `hidden` items, rows, blocks or characters.

    0 hidden lines of a MESSAGE means that it is open and may be folded. `place` names what it belongs to:
    the line and level of a list or a plain text. `rest` is what can be shown in its place.
    """

    kind: More
    hidden: int
    gap: int = 0
    level: int = 0
    quotes: Bars = ()
    hidden_columns: int = 0
    place: tuple[int, int] = (0, 0)
    origin: Block | None = field(default=None, compare=False, repr=False)
    rest: Hidden | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class PicturePiece:
    """A picture that the user attached: a `data:` address, and the size in px that it says it has."""

    url: str
    alt: str
    width: int
    height: int
    gap: int = 0
    level: int = 0
    quotes: Bars = ()
    origin: Block | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class FormulaPiece:
    """A formula on lines of its own."""

    tex: str
    gap: int = 0
    level: int = 0
    quotes: Bars = ()
    origin: Block | None = field(default=None, compare=False, repr=False)

    @property
    def source(self) -> str:
        """The formula as it is copied."""
        return f"{DISPLAY}{drawable(self.tex)}{DISPLAY}"

    @property
    def as_code(self) -> CodePiece:
        """What is drawn where it can't be set."""
        block = CodeBlock("tex", "tex", self.tex, True, (0, 0))
        return CodePiece(block, self.gap, self.level, self.quotes, self.origin)


Piece: TypeAlias = Para | CodePiece | TablePiece | FormulaPiece | MorePiece | PicturePiece


@cache  # a flag is looked up ten times as fast as it is masked
def is_formula(look: Look) -> bool:
    """Whether a formula is set so."""
    return bool(look & Look.FORMULA)


@cache
def is_alone(look: Look) -> bool:
    """Whether neighbours of this look stay apart."""
    return bool(look & NO_LETTERS)


def changes_of(look: Look) -> int:
    """How many changes of look one segment of this look counts as."""
    return FORMULA_CHANGES if is_formula(look) else 1


def is_display(source: str) -> bool:
    """Whether a formula with this source is set large."""
    return source.startswith(DISPLAY)


def tex_of(source: str) -> str:
    """A formula without its dollars."""
    around = 2 if is_display(source) else 1
    return source[around:-around]
