"""Blocks made into pieces: how each stands to the one above it, and how much of it is drawn."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from math import ceil

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
from app.markup.pauses import may_pause
from app.ui.transcript.pieces import (
    FORMULA_CHANGES,
    GAP,
    Bar,
    Bars,
    CodePiece,
    FormulaPiece,
    Hidden,
    Look,
    More,
    MorePiece,
    Para,
    Piece,
    Segment,
    TablePiece,
    changes_of,
    is_alone,
    is_formula,
)
from app.ui.transcript.qt_text import LINE_SEPARATOR, drawable, is_mixed

PARAGRAPH_CHARACTERS = 4_000
"""A longer paragraph is drawn as several: Qt lays a paragraph out in one go."""
MIXED_CHARACTERS = 500
"""The same for text of both directions, which costs Qt far more (safety.md §4)."""
PARAGRAPH_CHANGES = 400
"""And for text whose look changes more often: it ends behind a word, or after half as many more."""
# px at the normal text size.
ITEM_GAP = 3
HEADING_GAP = 12
UNDER_HEADING = 4
# A number with its sign, its separators and what stands beside it: $1,234.50, 12 %; or that there is none.
_NUMBER = re.compile(r"[-+\u2212±~≈<>]?\s?[$€£¥]?\s?\d[\d.,\u00a0\u202f' ]{0,30}\s?[%‰$€£¥]?|[-–—]")


class Flattener:
    """Makes pieces of blocks; remembers those of list items, which stay the same while a list grows."""

    def __init__(self) -> None:
        self.is_ended = False  # so that nothing that is open may still be closed
        self._items: dict[int, tuple[ListItem, tuple[object, ...], tuple[Piece, ...]]] = {}
        self._asked: dict[tuple[int, int], int] = {}  # how much more of what was asked for

    def show_more(self, piece: MorePiece) -> None:
        """From now on make pieces of more of what `piece` stands for."""
        step = limits.MORE_ITEMS if piece.kind is More.ITEMS else limits.PLAIN_CHARACTERS
        self._asked[piece.place] = self._asked.get(piece.place, 0) + step

    def pieces(self, blocks: Iterable[Block], before: Block | None = None) -> list[Piece]:
        """The pieces of blocks that stand behind the block `before`."""
        return list(self._blocks(blocks, 0, (), 0 if before is None else _gap(before, None), before))

    def _blocks(
        self, blocks: Iterable[Block], level: int, quotes: Bars, gap: int, before: Block | None
    ) -> Iterator[Piece]:
        for block in blocks:
            may_pause()
            above = gap if before is None else _gap(before, block)
            if before is None and gap and isinstance(block, Heading) and not level:
                above = max(gap, HEADING_GAP)
            yield from self._block(block, level, quotes, above)
            before = block

    def _block(self, block: Block, level: int, quotes: Bars, gap: int) -> Iterator[Piece]:
        match block:
            case Paragraph(spans):
                yield from _split(Para(segments(spans), gap, level, quotes, origin=block))
            case Heading(number, spans):
                yield from _split(Para(segments(spans), gap, level, quotes, heading=number, origin=block))
            case ListBlock():
                yield from self._list(block, level, quotes, gap)
            case CodeBlock():
                yield self._code(block, gap, level, quotes, block)
            case MathBlock(tex, closed, lines):
                if tex == UNFINISHED:
                    yield Para(
                        (_segment(Run(Math(tex), Style.NORMAL, None)),), gap, level, quotes, origin=block
                    )
                elif closed:
                    yield FormulaPiece(tex, gap, level, quotes, block)
                else:
                    yield self._code(CodeBlock("tex", "tex", tex, closed, lines), gap, level, quotes, block)
            case Quote(blocks):
                inner = self._blocks(blocks, level, (*quotes, Bar(level)), gap, None)
                if (first := next(inner, None)) is not None:
                    yield replace(first, quotes=_begun(first.quotes, len(quotes)))
                yield from inner
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

    def _code(self, code: CodeBlock, gap: int, level: int, quotes: Bars, origin: Block) -> CodePiece:
        if self.is_ended and not code.closed:
            code = replace(code, closed=True)
        return CodePiece(code, gap, level, quotes, origin)

    def _list(self, block: ListBlock, level: int, quotes: Bars, gap: int) -> Iterator[Piece]:
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
            rest = Hidden(partial(_items_pieces, block.items[shown:], level, quotes))
            yield MorePiece(More.ITEMS, hidden, GAP, level + 1, quotes, place=place, origin=block, rest=rest)

    def _marked(
        self,
        marker: Segment,
        blocks: tuple[Block, ...],
        level: int,
        quotes: Bars,
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


def _items_pieces(items: Sequence[ListItem], level: int, quotes: Bars) -> Iterator[Piece]:
    flattener = Flattener()
    for item in items:
        yield from flattener._marked(Segment(""), item.blocks, level, quotes, 0, item=item)


def plain_pieces(text: str, gap: int = 0, origin: Block | None = None) -> Iterator[Para]:
    """Text as it is, a paragraph for each line."""
    for number, line in enumerate(drawable(text.removesuffix("\n")).split("\n")):
        may_pause()
        yield from _split(Para((Segment(line),) if line else (), 0 if number else gap, origin=origin))


def plain_lines(text: str) -> Iterator[str]:
    """The words of the paragraphs that `plain_pieces` makes, much faster."""
    for line in drawable(text.removesuffix("\n")).split("\n"):
        if len(line) <= MIXED_CHARACTERS:
            yield line
        else:
            yield from (part.text for part in _split(Para((Segment(line),))))


def stepped_pieces(
    text: str, asked: int, gap: int, origin: Block, place: tuple[int, int] = (0, 0)
) -> Iterator[Piece]:
    """The beginning of a text as it is, `asked` characters more of it, and a row for the rest."""
    room = limits.PLAIN_CHARACTERS + asked
    end = len(text) if len(text) <= room else text.rfind("\n", 0, room) + 1 or room
    end = _lines_end(text, limits.PLAIN_LINES * ceil(room / limits.PLAIN_CHARACTERS), end)
    yield from plain_pieces(text[:end], gap, origin)
    if end < len(text):
        rest = Hidden(text=text[end:])
        yield MorePiece(More.TEXT, len(text) - end, GAP, place=place, origin=origin, rest=rest)


def _lines_end(text: str, lines: int, end: int) -> int:
    """Where so many lines of the text before `end` end."""
    at = 0
    for _ in range(lines):
        at = text.find("\n", at, end) + 1
        if not at:
            return end
    return at


def segments(spans: tuple[Span, ...]) -> tuple[Segment, ...]:
    """Spans flattened into segments; neighbours of one look are one."""
    result: list[Segment] = []
    for run in runs(limits.few_links(spans)):
        segment = _segment(run)
        if not segment.text:
            continue
        last = result[-1] if result else None
        is_alike = last is not None and last.look is segment.look and last.href == segment.href
        if last is not None and is_alike and not is_alone(segment.look):
            result[-1] = Segment(last.text + segment.text, last.look, last.href)
        else:
            result.append(segment)
    return tuple(result)


def drawn_words(leaf: Leaf) -> str:
    """The words of a leaf as they are drawn."""
    return _segment(Run(leaf, Style.NORMAL, None)).text


def _begun(quotes: Bars, number: int) -> Bars:
    """The bars, of which the one with this number begins here."""
    return (*quotes[:number], quotes[number]._replace(begins=True), *quotes[number + 1 :])


def _gap(before: Block, block: Block | None) -> int:
    if isinstance(before, Heading):
        return GAP if isinstance(block, Heading) else UNDER_HEADING
    return HEADING_GAP if isinstance(block, Heading) else GAP


@cache
def _look_of(style: Style, of_leaf: Look, is_link: bool) -> Look:
    look = of_leaf | Look.LINK if is_link else of_leaf
    for one, shown in (
        (Style.EMPHASIS, Look.EMPHASIS),
        (Style.STRONG, Look.STRONG),
        (Style.STRIKE, Look.STRIKE),
    ):
        if one in style:
            look |= shown
    return look


_LEAVES: dict[type[Leaf], Look] = {
    Code: Look.CODE,
    Math: Look.FORMULA,
    Image: Look.IMAGE,
    FootnoteRef: Look.RAISED,
}


def _segment(run: Run) -> Segment:
    look = _look_of(run.style, _LEAVES.get(type(run.leaf), Look.NORMAL), run.link is not None)
    href = "" if run.link is None or run.link.href.startswith(PENDING) else run.link.href
    match run.leaf:
        case Math(tex):
            if tex == UNFINISHED:
                return Segment(tex, look & ~Look.FORMULA | Look.IMAGE, href)
            return Segment(drawable(leaf_text(run.leaf)), look, href)
        case Break(hard):
            return Segment(LINE_SEPARATOR if hard else " ", look, href)
        case leaf:
            return Segment(drawable(leaf_text(leaf)).replace("\n", " "), look, href)


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
    if len(text) > MIXED_CHARACTERS and is_mixed(text):
        bound = MIXED_CHARACTERS
    has_many = len(para.segments) * FORMULA_CHANGES > PARAGRAPH_CHANGES and para.changes > PARAGRAPH_CHANGES
    if len(text) <= bound and not has_many:
        yield para
        return
    gap, marker = para.gap, para.marker
    part: list[Segment] = []
    room, changes = bound, 0
    for segment in para.segments:
        rest = segment.text
        changes += changes_of(segment.look)
        while rest:
            is_whole = len(rest) <= room or is_formula(segment.look)
            cut = len(rest) if is_whole else rest.rfind(" ", 0, room) + 1 or room
            if changes > PARAGRAPH_CHANGES and not is_alone(segment.look):
                cut = min(cut, rest.find(" ") + 1 or cut)
            part.append(segment if cut == len(segment.text) else replace(segment, text=rest[:cut]))
            rest = rest[cut:]
            room -= cut
            is_full = changes > PARAGRAPH_CHANGES and part[-1].text.endswith(" ")
            if rest or room <= 0 or is_full or changes > PARAGRAPH_CHANGES * 1.5:
                yield replace(para, segments=tuple(part), gap=gap, marker=marker)
                gap, marker, part, room, changes = 0, None, [], bound, 0
    if part:
        yield replace(para, segments=tuple(part), gap=gap, marker=marker)


def _table(table: Table, gap: int, level: int, quotes: Bars) -> Iterator[Piece]:
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
