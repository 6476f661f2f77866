"""Parts of a block tree, their structure kept: half a list is a list, half a link leads where it did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from app.markup.blocks import (
    Block,
    Code,
    CodeBlock,
    Emphasis,
    Footnote,
    Heading,
    Link,
    ListBlock,
    ListItem,
    Paragraph,
    Plain,
    Quote,
    Row,
    Span,
    Strike,
    Strong,
    Table,
    Text,
)
from app.ui.transcript.flattener import drawn_words
from app.ui.transcript.qt_text import characters, drawable
from app.ui.transcript.table_part import Cells, CellWords

SOFT_BREAK = "\u200b"


@dataclass(frozen=True, slots=True)
class All:
    """All of a block."""


@dataclass(frozen=True, slots=True)
class Words:
    """Some of a block's words, counted in characters of them as they are drawn."""

    start: int
    end: int


Taken: TypeAlias = All | Words | Cells | CellWords


def cut(blocks: Iterable[Block], taken: Mapping[int, Taken]) -> tuple[Block, ...]:
    """The blocks; of those that hold no others only what is `taken`, by the id of the block."""
    result: list[Block] = []
    for block in blocks:
        match block:
            case ListBlock():
                result += _cut_list(block, taken)
            case Quote(inner) | Footnote(blocks=inner):
                kept = cut(inner, taken)
                if kept:
                    result.append(replace(block, blocks=kept))
            case _ if (found := taken.get(id(block))) is not None:
                part = cut_leaf(block, found)
                if part is not None:
                    result.append(part)
            case _:
                pass
    return tuple(result)


def leaf_of(blocks: Iterable[Block], wanted: int) -> Block | None:
    """The block of this id that holds no others."""
    for block in blocks:
        match block:
            case ListBlock(items=items):
                found = leaf_of([block for item in items for block in item.blocks], wanted)
            case Quote(inner) | Footnote(blocks=inner):
                found = leaf_of(inner, wanted)
            case _:
                found = block if id(block) == wanted else None
        if found is not None:
            return found
    return None


def cut_leaf(block: Block, taken: Taken) -> Block | None:
    """A block as far as it is taken; None where that is nothing."""
    match block, taken:
        case _, All():
            return block
        case ((Paragraph() | Heading()), Words(start, end)):
            spans = cut_spans(block.spans, start, end)
            return replace(block, spans=spans) if spans else None
        case ((CodeBlock(text=text) | Plain(text)), Words(start, end)):
            part = _cut_text(text, start, end)
            return replace(block, text=part) if part else None
        case Table(), Cells():
            return _cut_table(block, taken)
        case Table(), CellWords(row, column, start, end):
            cell = (block.head, *block.rows)[row][column]
            words = "".join(map(_words, cell))
            spans = cut_spans(cell, characters(words, start), characters(words, end))
            return Paragraph(spans, block.lines) if spans else None
        case _:
            return block


def alone(block: Block, taken: Taken) -> Block | None:
    """A block of which alone something is taken: words out of a heading are words, and no heading."""
    part = cut_leaf(block, taken)
    match part:
        case Heading(_, spans, lines) if isinstance(taken, Words):
            return Paragraph(spans, lines)
        case CodeBlock(text=text, lines=lines) if isinstance(taken, Words) and "\n" not in text:
            return Paragraph((Code(text),), lines)
        case _:
            return part


def cut_spans(spans: Iterable[Span], start: int, end: int) -> tuple[Span, ...]:
    """The spans between two characters of their words as they are drawn, with their styles and links."""
    result: list[Span] = []
    at = 0
    for span in spans:
        length = len(_words(span))
        first, last = max(0, start - at), min(length, end - at)
        at += length
        if last <= first:
            continue
        match span:
            case _ if (first, last) == (0, length):
                result.append(span)
            case Emphasis(inner) | Strong(inner) | Strike(inner) | Link(inner):
                result.append(replace(span, spans=cut_spans(inner, first, last)))
            case Text(text) | Code(text):
                result.append(replace(span, text=_cut_text(text, first, last)))
            case _:
                result.append(span)  # half a formula or half a picture is nothing
    return tuple(result)


def _words(span: Span) -> str:
    match span:
        case Emphasis(inner) | Strong(inner) | Strike(inner) | Link(inner):
            return "".join(map(_words, inner))
        case _:
            return drawn_words(span)


def _cut_text(text: str, start: int, end: int) -> str:
    drawn = drawable(text)
    if len(drawn) == len(text):
        return text[start:end]
    return drawn[start:end].replace(SOFT_BREAK, "")


def _cut_list(block: ListBlock, taken: Mapping[int, Taken]) -> Sequence[Block]:
    kept: list[ListItem] = []
    first = last = 0
    for number, item in enumerate(block.items):
        blocks = cut(item.blocks, taken)
        if not blocks and id(item) not in taken:
            continue
        if not kept:
            first = number
        # The box of a task belongs to its first words.
        checked = item.checked if blocks[:1] and _begins(item, taken) else None
        kept.append(replace(item, blocks=blocks, checked=checked))
        last = number
    if kept and id(block) in taken:
        # The row that stands for the items that aren't drawn is selected.
        kept += block.items[last + 1 :]
    return [replace(block, items=tuple(kept), start=block.start + first)] if kept else []


def _begins(item: ListItem, taken: Mapping[int, Taken]) -> bool:
    first = item.blocks[0]
    match first:
        case ListBlock() | Quote() | Footnote():
            return True
        case _:
            return id(first) in taken


def _cut_table(table: Table, cells: Cells) -> Table:
    def across(row: Row) -> Row:
        return row[cells.first_column : cells.last_column + 1]

    rows = table.rows[max(0, cells.first_row - 1) : cells.last_row]
    return replace(
        table,
        alignments=table.alignments[cells.first_column : cells.last_column + 1],
        head=across(table.head) if cells.first_row == 0 else (),
        rows=tuple(map(across, rows)),
    )
