"""Where the hits of a message stand in its documents."""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QTextCursor

from app.ui.transcript.code import CodeDrawing
from app.ui.transcript.drawn_text import DrawnText, group_lines
from app.ui.transcript.find_pattern import Span
from app.ui.transcript.formula_drawing import FormulaDrawing
from app.ui.transcript.group import Group
from app.ui.transcript.inline_formulas import before_source
from app.ui.transcript.laid_message import LaidMessage
from app.ui.transcript.more import MoreDrawing
from app.ui.transcript.pieces import FormulaPiece, TablePiece
from app.ui.transcript.prose import ProseDrawing
from app.ui.transcript.qt_text import utf16_length
from app.ui.transcript.table import TableDrawing


@dataclass(frozen=True, slots=True)
class HitPlace:
    """A hit in the document of a group: from position `start` to `end`."""

    group: Group
    start: int
    end: int
    span: Span

    def cursor(self) -> QTextCursor | None:
        """The hit selected; None where the group isn't drawn."""
        drawing = self.group.drawing
        if drawing is None:
            return None
        cursor = QTextCursor(drawing.document)
        last = drawing.document.characterCount() - 1
        cursor.setPosition(min(self.start, last))
        cursor.setPosition(min(self.end, last), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    @property
    def top(self) -> int:
        """The top of its line, in px of the message."""
        return self.group.top + self.group.line_top(self.start)


def group_of(message: LaidMessage, text: DrawnText, place: int) -> Group | None:
    """The group that draws the letter at `place`; None while its part is closed."""
    line = text.line_at(place)
    lines = group_lines(message, text)
    return next((one.group for one in lines if one.first <= line < one.first + one.count), None)


def hit_places(
    message: LaidMessage, text: DrawnText, spans: Sequence[Span], groups: Container[Group] | None = None
) -> Iterator[HitPlace]:
    """Where those of the hits stand that are drawn, in all groups or in these alone."""
    if not spans:
        return
    lines = text.text.split("\n")
    starts = [0]
    for line in lines[:-1]:
        starts.append(starts[-1] + len(line) + 1)
    begins = [span[0] for span in spans]
    for one in group_lines(message, text):
        is_wanted = groups is None or one.group in groups
        drawing = one.group.drawing if one.group.is_drawn else None
        if not is_wanted or drawing is None or one.first >= len(lines):
            continue
        behind = one.first + min(one.count, _lines_drawn(one.group))
        low = bisect_left(begins, starts[one.first])
        high = bisect_left(begins, starts[behind]) if behind < len(starts) else len(spans)
        for span in spans[low:high]:
            number = bisect_right(starts, span[0]) - 1
            line, at = lines[number], span[0] - starts[number]
            start = _line_start(one.group, number - one.first) + utf16_length(line[:at])
            end = start + utf16_length(line[at : at + span[1] - span[0]])
            if one.group.kind is FormulaPiece or "$" in line:
                start = before_source(drawing.document, start)
            yield HitPlace(one.group, start, end, span)


def letter_at(message: LaidMessage, text: DrawnText, group: Group, position: int) -> int:
    """Which letter of the text stands at a position of a group's document, or near it."""
    first = next((one.first for one in group_lines(message, text) if one.group is group), 0)
    line, letter = 0, 0
    match group.drawing, group.pieces[0]:
        case ProseDrawing() as prose, _:
            line, letter = prose.place(max(0, position))
        case CodeDrawing() as code, _:
            line = code.document.findBlock(max(0, position)).blockNumber()
        case TableDrawing() as table, TablePiece(drawn):
            row, column, _ = table.place(max(0, position))
            line = row * len(drawn.head) + column
        case _:
            pass
    return text.line_start(first + line) + max(0, letter)


def _lines_drawn(group: Group) -> int:
    """How many lines of a group stand in its document: of folded code only the first, of a row none."""
    match group.drawing:
        case CodeDrawing() as code:
            return code.whole_lines
        case MoreDrawing():
            return 0
        case _:
            return sys.maxsize


def _line_start(group: Group, line: int) -> int:
    """Where in the document a line of a group begins."""
    match group.drawing, group.pieces[0]:
        case ProseDrawing() as prose, _:
            return prose.words_start(line)
        case CodeDrawing() as code, _:
            return code.document.findBlockByNumber(line).position()
        case FormulaDrawing(), FormulaPiece(tex):
            return utf16_length("".join(("$$", *tex.splitlines(keepends=True)[:line])))
        case TableDrawing() as table, TablePiece(drawn):
            return table.cell_range(*divmod(line, len(drawn.head)))[0]
        case _:
            return 0
