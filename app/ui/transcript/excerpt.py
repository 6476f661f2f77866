"""What is selected of a message, as blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TypeAlias

from app.markup.blocks import Block, ListItem, Paragraph, Plain
from app.markup.blocks import Heading as HeadingBlock
from app.ui.transcript.block_cut import All, Taken, Words, alone, cut, leaf_of
from app.ui.transcript.code import CodeDrawing
from app.ui.transcript.group import Group
from app.ui.transcript.laid_message import LaidMessage
from app.ui.transcript.pieces import CodePiece, Para, Piece
from app.ui.transcript.prose import ProseDrawing
from app.ui.transcript.qt_text import characters, drawable
from app.ui.transcript.selection import END, FIRST, LAST, Extent, Spot
from app.ui.transcript.table import TableDrawing
from app.ui.transcript.table_part import table_part

MARKER = -1
"""What comes before the first character of a paragraph: its bullet or number, if it has one."""
Share: TypeAlias = Taken | None


def excerpt(message: LaidMessage, extent: Extent) -> tuple[Block, ...]:
    """What is selected of a message. What of it is cut is laid out for that."""
    start, end = extent
    if (start, end) == (FIRST, LAST):
        return tuple(message.blocks)
    result: tuple[Block, ...] = ()
    if not start.is_message:
        result = _thought(message, start, Spot(False, END, END) if end.is_message else end)
        start = FIRST
    if end.is_message:
        result += _answer(message, start, end)
    return result


def _thought(message: LaidMessage, start: Spot, end: Spot) -> tuple[Block, ...]:
    lines = [
        _words_of(piece, share)
        for piece, share in _shares(message, message.thought_groups, message.thought_pieces, start, end)
        if share is not None
    ]
    return (Plain("\n".join(lines), (0, 0)),) if any(lines) else ()


def _words_of(piece: Piece, share: Share) -> str:
    match piece, share:
        case Para(), Words(start, end):
            return piece.text[max(0, start) : end]
        case Para(), _:
            return piece.text
        case _:
            return ""


def _answer(message: LaidMessage, start: Spot, end: Spot) -> tuple[Block, ...]:
    blocks = message.blocks
    taken: dict[int, Taken] = {}
    shares = _shares(message, message.answer_groups, message.pieces, start, end)
    for _, group in groupby(shares, lambda one: id(one[0].origin)):
        parts = list(group)
        origin = parts[0][0].origin
        found = None if origin is None else _of_leaf(origin, parts, goes_on=end == LAST)
        if found is not None:
            taken[id(origin)] = found
    if len(taken) == 1:
        ((wanted, part),) = taken.items()
        leaf = leaf_of(blocks, wanted)
        is_text = isinstance(leaf, Paragraph | HeadingBlock | Plain)
        if leaf is not None and not (is_text and isinstance(part, All)):
            # Words out of an item are no list; nor is code that stands in one.
            one = alone(leaf, part)
            return () if one is None else (one,)
    return cut(blocks, taken)


def _of_leaf(origin: Block | ListItem, parts: Sequence[tuple[Piece, Share]], *, goes_on: bool) -> Share:
    """What is taken of one block, whose pieces these are."""
    first = parts[0][0]
    if not isinstance(first, Para):
        return parts[0][1]
    if all(share is None for _, share in parts):
        return None
    # Lines that are pieces of their own are parted by an end of line, the pieces of one long line by nothing.
    text = drawable(origin.text) if isinstance(origin, Plain) else ""
    at = 0
    start, end, is_all = END, 0, True
    for piece, share in parts:
        length = len(piece.text) if isinstance(piece, Para) else 0
        match share:
            case None:
                is_all = False
            case Words(a, b):
                start, end = min(start, at + max(0, a)), at + b
                is_all &= a == MARKER and b == length
            case _:
                start, end = min(start, at), at + length
        at += length
        at += text[at : at + 1] == "\n"
    if at < len(text) and end == at and goes_on:
        end = len(text)  # what is folded is selected with what is around it
    return All() if is_all else Words(start, end)


def _shares(
    message: LaidMessage, groups: Sequence[Group], pieces: Sequence[Piece], start: Spot, end: Spot
) -> Iterator[tuple[Piece, Share]]:
    """All pieces with what is selected of each; characters of a paragraph count from its words on."""
    at = 0
    for number, group in enumerate(groups):
        own = pieces[at : at + len(group.pieces)]
        at += len(own)
        if not start.group <= number <= end.group:
            yield from ((piece, None) for piece in own)
        elif start.group < number < end.group:
            yield from ((piece, All()) for piece in own)
        else:
            first = start.position if number == start.group else 0
            last = end.position if number == end.group else END
            yield from _within(message, group, own, first, last)


def _within(
    message: LaidMessage, group: Group, pieces: Sequence[Piece], start: int, end: int
) -> Iterator[tuple[Piece, Share]]:
    """The pieces of one group with what is selected of each between two positions of its document."""
    if not group.is_drawn:
        message.lay_out(group)
    match group.drawing, pieces[0]:
        case ProseDrawing() as drawing, _:
            yield from zip(pieces, _of_prose(drawing, pieces, start, end), strict=True)
        case CodeDrawing() as drawing, CodePiece(block) as piece:
            whole = start <= 0 and end >= drawing.document.characterCount() - 1
            text = drawable(block.text)
            words = Words(characters(text, start), characters(text, end))
            yield piece, All() if whole else words if words.start < words.end else None
        case TableDrawing() as drawing, piece:
            if end <= 0 or start >= drawing.end_position:
                yield piece, None
            else:
                yield piece, table_part(drawing, start, min(end, drawing.end_position)) or All()
        case _, piece:
            yield piece, All()


def _of_prose(drawing: ProseDrawing, pieces: Sequence[Piece], start: int, end: int) -> Iterator[Share]:
    last_position = drawing.document.characterCount() - 1
    first, a = drawing.place(start) if start > 0 else (0, MARKER)
    last, b = drawing.place(end) if end < last_position else (len(pieces) - 1, END)
    for number, piece in enumerate(pieces):
        if not isinstance(piece, Para) or not first <= number <= last:
            yield None
            continue
        begins = a if number == first else MARKER
        ends = b if number == last else END
        if begins < 0 or (begins == 0 and piece.marker is None):
            begins = MARKER
        else:
            begins = characters(piece.text, begins)
        ends = characters(piece.text, ends)
        is_there = max(0, begins) < ends or (not piece.text and b > 0)
        yield Words(begins, ends) if is_there or first < number < last else None
