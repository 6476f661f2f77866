"""Blocks as they are drawn: paragraphs, codes and tables one below the other, their nesting as figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum, Flag
from typing import TypeAlias

from app.markup import limits
from app.markup.blocks import (
    PENDING,
    UNFINISHED,
    Align,
    Block,
    Break,
    Code,
    CodeBlock,
    Footnote,
    FootnoteRef,
    Heading,
    Image,
    Leaf,
    ListBlock,
    ListItem,
    Math,
    MathBlock,
    Paragraph,
    Plain,
    Quote,
    Row,
    Rule,
    Run,
    Span,
    Style,
    Table,
    leaf_text,
    runs,
    span_text,
)

DISPLAY = "$$"
LINE_SEPARATOR = "\u2028"  # Qt's new line within a paragraph
PARAGRAPH_CHARACTERS = 4_000
"""A longer paragraph is drawn as several: Qt lays a paragraph out in one go."""
MIXED_CHARACTERS = 500
"""The same for text of both directions, which costs Qt far more (safety.md §4)."""
GAP = 8  # px at the normal text size, as all gaps here
ITEM_GAP = 3
HEADING_GAP = 12
UNDER_HEADING = 4
# Characters that QTextDocument takes as its own: frame marks, paragraph ends, objects.
_RESERVED = re.compile("[\u2029\ufdd0\ufdd1\ufffc]")
# A number with its sign, its separators and what stands beside it: $1,234.50, 12 %; or that there is none.
_NUMBER = re.compile(r"[-+\u2212±~≈<>]?\s?[$€£¥]?\s?\d[\d.,\u00a0\u202f' ]{0,30}\s?[%‰$€£¥]?|[-–—]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LEFT_TO_RIGHT = re.compile("[A-Za-z\u00c0-\u058f\u3040-\u9fff\uac00-\ud7af]")


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


ALONE = Look.CODE | Look.FORMULA
"""Neighbours of these looks stay apart."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Text of one look; of a formula, its source. `href` is empty where it leads nowhere yet."""

    text: str
    look: Look = Look.NORMAL
    href: str = ""


@dataclass(frozen=True, slots=True)
class Para:
    """One paragraph. `level` counts the lists around it, `quotes` the quotes; `gap` is the px above it.

    `heading` is 0 for body text; a `rule` is a line across and holds no text. A `marker` (a bullet, a
    number, a box) hangs before the text. `origin` is the block, or the list item without words, that it
    was made from, and is there for copies alone.
    """

    segments: tuple[Segment, ...]
    gap: int = 0
    level: int = 0
    quotes: int = 0
    heading: int = 0
    marker: Segment | None = None
    rule: bool = False
    origin: Block | ListItem | None = field(default=None, compare=False, repr=False)

    @property
    def text(self) -> str:
        """The words, without the marker."""
        return "".join(segment.text for segment in self.segments)

    def frame(self) -> tuple[object, ...]:
        """All but the words; paragraphs with the same frame differ in their text alone."""
        return (self.gap, self.level, self.quotes, self.heading, self.marker, self.rule)


@dataclass(frozen=True, slots=True)
class CodePiece:
    """A block of code, or a formula whose source is shown."""

    block: CodeBlock
    gap: int = 0
    level: int = 0
    quotes: int = 0
    origin: Block | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TablePiece:
    """A table as far as it is drawn; `origin` is the whole of it, which has so many more rows and columns."""

    table: Table
    gap: int = 0
    level: int = 0
    quotes: int = 0
    hidden_rows: int = 0
    hidden_columns: int = 0
    origin: Block | None = field(default=None, compare=False, repr=False)


class More(Enum):
    """What there is more of than is drawn; MESSAGE is all of a long one by the user."""

    ITEMS = "items"
    CELLS = "cells"
    TEXT = "text"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class MorePiece:
    """A row that says that there is more, and offers it: so many `hidden` items, rows, or characters.

    0 hidden lines of a MESSAGE means that it is open and may be folded. `place` names what it belongs to:
    the line and level of a list or a plain text.
    """

    kind: More
    hidden: int
    gap: int = 0
    level: int = 0
    quotes: int = 0
    hidden_columns: int = 0
    place: tuple[int, int] = (0, 0)
    origin: Block | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class PicturePiece:
    """A picture that the user attached: a `data:` address, and the size in px that it says it has."""

    url: str
    alt: str
    width: int
    height: int
    gap: int = 0
    level: int = 0
    quotes: int = 0
    origin: Block | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class FormulaPiece:
    """A formula on lines of its own."""

    tex: str
    gap: int = 0
    level: int = 0
    quotes: int = 0
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


class Flattener:
    """Makes pieces of blocks; remembers those of list items, which stay the same while a list grows."""

    def __init__(self) -> None:
        self._items: dict[int, tuple[ListItem, tuple[object, ...], tuple[Piece, ...]]] = {}
        self._asked: dict[tuple[int, int], int] = {}  # how much more of what was asked for

    def show_more(self, piece: MorePiece) -> None:
        """From now on make pieces of more of what `piece` stands for."""
        step = limits.MORE_ITEMS if piece.kind is More.ITEMS else limits.PLAIN_CHARACTERS
        self._asked[piece.place] = self._asked.get(piece.place, 0) + min(step, piece.hidden)

    def pieces(self, blocks: Iterable[Block], before: Block | None = None) -> list[Piece]:
        """The pieces of blocks that stand behind the block `before`."""
        return list(self._blocks(blocks, 0, 0, 0 if before is None else _gap(before, None), before))

    def _blocks(
        self, blocks: Iterable[Block], level: int, quotes: int, gap: int, before: Block | None
    ) -> Iterator[Piece]:
        for block in blocks:
            above = gap if before is None else _gap(before, block)
            if before is None and gap and isinstance(block, Heading) and not level:
                above = max(gap, HEADING_GAP)
            yield from self._block(block, level, quotes, above)
            before = block

    def _block(self, block: Block, level: int, quotes: int, gap: int) -> Iterator[Piece]:
        match block:
            case Paragraph(spans):
                yield from _split(Para(segments(spans), gap, level, quotes, origin=block))
            case Heading(number, spans):
                yield from _split(Para(segments(spans), gap, level, quotes, heading=number, origin=block))
            case ListBlock():
                yield from self._list(block, level, quotes, gap)
            case CodeBlock():
                yield CodePiece(block, gap, level, quotes, block)
            case MathBlock(tex, closed, lines):
                if tex == UNFINISHED:
                    yield Para(
                        (_segment(Run(Math(tex), Style.NORMAL, None)),), gap, level, quotes, origin=block
                    )
                elif closed:
                    yield FormulaPiece(tex, gap, level, quotes, block)
                else:
                    yield CodePiece(CodeBlock("tex", "tex", tex, closed, lines), gap, level, quotes, block)
            case Quote(blocks):
                yield from self._blocks(blocks, level, quotes + 1, gap, None)
            case Table():
                yield from _table(block, gap, level, quotes)
            case Rule():
                yield Para((), gap, level, quotes, rule=True, origin=block)
            case Footnote(label, blocks):
                marker = Segment(f"[{label}]", Look.MARKER)
                yield from self._marked(marker, blocks, level, quotes, gap)
            case Plain(text):
                asked = self._asked.get((block.lines[0], level), 0)
                yield from stepped_pieces(text, asked, gap, block, (block.lines[0], level))

    def _list(self, block: ListBlock, level: int, quotes: int, gap: int) -> Iterator[Piece]:
        between = ITEM_GAP if block.tight else GAP
        place = (block.lines[0], level)
        shown = limits.LIST_ITEMS + self._asked.get(place, 0)
        for number, item in enumerate(block.items[:shown]):
            above = between if number else gap
            key = (number + block.start if block.ordered else None, level, quotes, above)
            known = self._items.get(id(item))
            if known is None or known[0] is not item or known[1] != key:
                marker = _marker(block, number, item, level)
                found = tuple(
                    self._marked(marker, item.blocks, level, quotes, above, is_tight=block.tight, item=item)
                )
                # The item is kept too: its id means it only as long as it lives.
                known = self._items[id(item)] = (item, key, found)
            yield from known[2]
        hidden = len(block.items) - shown
        if hidden > 0:
            yield MorePiece(More.ITEMS, hidden, GAP, level + 1, quotes, place=place, origin=block)

    def _marked(
        self,
        marker: Segment,
        blocks: tuple[Block, ...],
        level: int,
        quotes: int,
        gap: int,
        *,
        is_tight: bool = False,
        item: ListItem | None = None,
    ) -> Iterator[Piece]:
        inner = list(self._blocks(blocks, level + 1, quotes, 0, None))
        if is_tight and len(blocks) > 1 and isinstance(blocks[1], ListBlock) and len(inner) > 1:
            inner[1] = replace(inner[1], gap=min(inner[1].gap, ITEM_GAP))
        match inner[:1]:
            case [Para(marker=None) as first]:
                yield replace(first, gap=gap, marker=marker)
                inner = inner[1:]
            case _:
                yield Para((), gap, level + 1, quotes, marker=marker, origin=item)
        yield from inner


def plain_pieces(text: str, gap: int = 0, origin: Block | None = None) -> Iterator[Para]:
    """Text as it is, a paragraph for each line."""
    for number, line in enumerate(drawable(text.removesuffix("\n")).split("\n")):
        yield from _split(Para((Segment(line),) if line else (), 0 if number else gap, origin=origin))


def stepped_pieces(
    text: str, asked: int, gap: int, origin: Block, place: tuple[int, int] = (0, 0)
) -> Iterator[Piece]:
    """The beginning of a text as it is, `asked` characters more of it, and a row for the rest."""
    room = limits.PLAIN_CHARACTERS + asked
    end = len(text) if len(text) <= room else text.rfind("\n", 0, room) + 1 or room
    yield from plain_pieces(text[:end], gap, origin)
    if end < len(text):
        yield MorePiece(More.TEXT, len(text) - end, GAP, place=place, origin=origin)


def segments(spans: tuple[Span, ...]) -> tuple[Segment, ...]:
    """Spans flattened into segments; neighbours of one look are one."""
    result: list[Segment] = []
    for run in runs(limits.few_links(spans)):
        segment = _segment(run)
        if not segment.text:
            continue
        last = result[-1] if result else None
        if last and (last.look, last.href) == (segment.look, segment.href) and not segment.look & ALONE:
            result[-1] = Segment(last.text + segment.text, last.look, last.href)
        else:
            result.append(segment)
    return tuple(result)


def drawable(text: str) -> str:
    """Text that Qt draws in linear time and doesn't take for anything but text."""
    text = limits.drawable(text)
    return text if text.isascii() else _RESERVED.sub("\ufffd", text)


def is_display(source: str) -> bool:
    """Whether a formula with this source is set large."""
    return source.startswith(DISPLAY)


def tex_of(source: str) -> str:
    """A formula without its dollars."""
    around = 2 if is_display(source) else 1
    return source[around:-around]


def utf16_length(text: str) -> int:
    """How many positions of a QTextDocument the text takes."""
    if text.isascii():
        return len(text)
    return len(text) + sum(one > "\uffff" for one in text)


def characters(text: str, units: int) -> int:
    """How many characters of the text take so many positions of a QTextDocument, at most all of them."""
    if units <= 0 or text.isascii():
        return max(0, min(units, len(text)))
    for number, one in enumerate(text):
        if units <= 0:
            return number
        units -= 2 if one > "\uffff" else 1
    return len(text)


def drawn_words(leaf: Leaf) -> str:
    """The words of a leaf as they are drawn."""
    return _segment(Run(leaf, Style.NORMAL, None)).text


def is_right_to_left(text: str) -> bool:
    """Whether the first strong character is one of a script that is written from right to left."""
    if text.isascii():
        return False
    right = _RIGHT_TO_LEFT.search(text)
    if right is None:
        return False
    left = _LEFT_TO_RIGHT.search(text)
    return left is None or right.start() < left.start()


def _gap(before: Block, block: Block | None) -> int:
    if isinstance(before, Heading):
        return GAP if isinstance(block, Heading) else UNDER_HEADING
    return HEADING_GAP if isinstance(block, Heading) else GAP


def _segment(run: Run) -> Segment:
    look = Look.NORMAL
    for style, one in (
        (Style.EMPHASIS, Look.EMPHASIS),
        (Style.STRONG, Look.STRONG),
        (Style.STRIKE, Look.STRIKE),
    ):
        if style in run.style:
            look |= one
    href = ""
    if run.link is not None:
        look |= Look.LINK
        href = "" if run.link.href.startswith(PENDING) else run.link.href
    match run.leaf:
        case Code():
            look |= Look.CODE
        case Math(tex):
            if tex == UNFINISHED:
                return Segment(tex, look | Look.IMAGE, href)
            return Segment(drawable(leaf_text(run.leaf)), look | Look.FORMULA, href)
        case Image():
            look |= Look.IMAGE
        case FootnoteRef():
            look |= Look.RAISED
        case Break(hard):
            return Segment(LINE_SEPARATOR if hard else " ", look, href)
        case _:
            pass
    return Segment(drawable(leaf_text(run.leaf)).replace("\n", " "), look, href)


def _marker(block: ListBlock, number: int, item: ListItem, level: int) -> Segment:
    match item.checked:
        case True:
            return Segment("☑", Look.MARKER | Look.BOX | Look.DONE)
        case False:
            return Segment("☐", Look.MARKER | Look.BOX)
        case None if block.ordered:
            return Segment(f"{block.start + number}.", Look.MARKER)
        case None:
            return Segment("•◦▪"[min(level, 2)], Look.MARKER)


def _split(para: Para) -> Iterator[Para]:
    """The paragraph, in pieces that Qt lays out fast."""
    text = para.text
    bound = PARAGRAPH_CHARACTERS
    is_long = len(text) > MIXED_CHARACTERS and not text.isascii()
    if is_long and _RIGHT_TO_LEFT.search(text) and _LEFT_TO_RIGHT.search(text):
        bound = MIXED_CHARACTERS
    if len(text) <= bound:
        yield para
        return
    gap, marker = para.gap, para.marker
    part: list[Segment] = []
    room = bound
    for segment in para.segments:
        rest = segment.text
        while rest:
            is_whole = len(rest) <= room or segment.look & Look.FORMULA
            cut = len(rest) if is_whole else rest.rfind(" ", 0, room) + 1 or room
            part.append(replace(segment, text=rest[:cut]))
            rest = rest[cut:]
            room -= cut
            if rest or room <= 0:
                yield replace(para, segments=tuple(part), gap=gap, marker=marker)
                gap, marker, part, room = 0, None, [], bound
    if part:
        yield replace(para, segments=tuple(part), gap=gap, marker=marker)


def _table(table: Table, gap: int, level: int, quotes: int) -> Iterator[Piece]:
    """The table as far as it is drawn; its cells are made drawable when they are drawn."""
    columns = min(len(table.head), limits.TABLE_COLUMNS)
    rows = max(1, limits.TABLE_CELLS // max(1, columns))
    shown = _with_numbers_right(table, table.rows[:rows])
    more_rows, more_columns = max(0, len(table.rows) - rows), len(table.head) - columns
    if not more_rows and not more_columns:
        yield TablePiece(shown, gap, level, quotes, origin=table)
        return
    shown = replace(
        shown,
        alignments=shown.alignments[:columns],
        head=table.head[:columns],
        rows=tuple(row[:columns] for row in table.rows[:rows]),
    )
    yield TablePiece(shown, gap, level, quotes, more_rows, more_columns, table)
    yield MorePiece(More.CELLS, more_rows, ITEM_GAP, level, quotes, more_columns, origin=table)


def _with_numbers_right(table: Table, rows: tuple[Row, ...]) -> Table:
    """The table with columns of numbers at the right, where it says nothing of them."""
    alignments = tuple(
        Align.RIGHT if align is Align.NONE and _holds_numbers(rows, column) else align
        for column, align in enumerate(table.alignments)
    )
    return table if alignments == table.alignments else replace(table, alignments=alignments)


def _holds_numbers(rows: tuple[Row, ...], column: int) -> bool:
    found = False
    for row in rows:
        text = span_text(row[column]).strip()
        if text and not _NUMBER.fullmatch(text):
            return False
        found |= any(map(str.isdigit, text))
    return found
