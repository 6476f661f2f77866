"""The first lines of a text, as many as are shown of a long message while it is folded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtGui import QFont, QTextLayout, QTextOption

from app.ui.transcript.pieces import Para, Piece, Segment

LINES = 12


def first_lines(pieces: Sequence[Piece], width: int, font: QFont) -> list[Piece] | None:
    """The pieces up to the 12th line of text in a column `width` px wide; None where there are no more."""
    left = LINES
    kept: list[Piece] = []
    for piece in pieces:
        if not isinstance(piece, Para):
            kept.append(piece)
            continue
        if left == 0:
            return kept
        ends = _line_ends(piece.text, width, font, left + 1)
        if len(ends) > left:
            cut = piece.text.encode("utf-16-le", "surrogatepass")[: 2 * ends[left - 1]]
            words = cut.decode("utf-16-le", "ignore").rstrip()
            return [*kept, replace(piece, segments=(Segment(words + " …"),))]
        kept.append(piece)
        left -= len(ends)
    return None


def _line_ends(text: str, width: int, font: QFont, most: int) -> list[int]:
    """Where the lines of a paragraph end, in UTF-16 units; not more of them than `most`."""
    layout = QTextLayout(text, font)
    layout.setTextOption(_OPTION)
    ends: list[int] = []
    layout.beginLayout()
    while len(ends) < most:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        ends.append(line.textStart() + line.textLength())
    layout.endLayout()
    return ends or [0]


_OPTION = QTextOption()
_OPTION.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
