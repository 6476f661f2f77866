"""Selecting with the keyboard, across the edges of blocks and of messages."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QTextCursor, QTextDocument

from app.ui.transcript.column import Column
from app.ui.transcript.group import Group
from app.ui.transcript.selection import FIRST, LAST, Point, Spot

_KEY = QKeySequence.StandardKey
_MOVE = QTextCursor.MoveOperation
# Where each key leads. What is left or right in the text is before or after by the text's direction.
_MOVES = (
    (_KEY.SelectNextChar, _MOVE.Right),
    (_KEY.SelectPreviousChar, _MOVE.Left),
    (_KEY.SelectNextWord, _MOVE.WordRight),
    (_KEY.SelectPreviousWord, _MOVE.WordLeft),
    (_KEY.SelectNextLine, _MOVE.Down),
    (_KEY.SelectPreviousLine, _MOVE.Up),
    (_KEY.SelectStartOfLine, _MOVE.StartOfLine),
    (_KEY.SelectEndOfLine, _MOVE.EndOfLine),
    (_KEY.SelectStartOfBlock, _MOVE.StartOfBlock),
    (_KEY.SelectEndOfBlock, _MOVE.EndOfBlock),
    (_KEY.SelectStartOfDocument, _MOVE.Start),
    (_KEY.SelectEndOfDocument, _MOVE.End),
)
_PAGES = ((_KEY.SelectNextPage, _MOVE.Down), (_KEY.SelectPreviousPage, _MOVE.Up))
_AHEAD = {_MOVE.Right: 1, _MOVE.WordRight: 1, _MOVE.Left: -1, _MOVE.WordLeft: -1, _MOVE.Down: 1, _MOVE.Up: -1}
_VERTICAL = frozenset({_MOVE.Down, _MOVE.Up})
KEPT = 40  # px of a page that are seen again on the next
LINES = 1_000  # of a page at the most
INSIDE = 2.0  # px within a document's edge that are in its first or last line


class SelectingKeys:
    """Says where a key moves the end of a selection."""

    def __init__(self, column: Column) -> None:
        self._column = column
        self._x: int | None = None  # where the caret would stand in a line that is long enough

    def moved(self, point: Point, event: QKeyEvent) -> Point | None:
        """Where the key leads from a point; the point itself at an end of the chat. None for other keys."""
        page = next((move for keys, move in _PAGES if event.matches(keys)), None)
        if page is not None:
            return self._moved_by_page(point, page)
        move = next((move for keys, move in _MOVES if event.matches(keys)), None)
        if move is None:
            return None
        if move not in _VERTICAL:
            self._x = None
        match move:
            case _MOVE.Start:
                return Point(self._column.turns[0].turn_id, FIRST)
            case _MOVE.End:
                return Point(self._column.turns[-1].turn_id, LAST)
            case _:
                return self._moved(point, move)

    def _moved_by_page(self, point: Point, move: QTextCursor.MoveOperation) -> Point:
        """Line by line as far as the view is high: what is passed is laid out only now."""
        left = self._column.height - KEPT
        for _ in range(LINES):
            after = self._moved(point, move)
            if left <= 0 or after == point:
                break
            left -= self._distance(point, after) if move is _MOVE.Down else self._distance(after, point)
            point = after
        return point

    def _distance(self, upper: Point, lower: Point) -> int:
        """How many px of the column one point's line stands above another's."""
        (first, above), (last, below) = self._line(upper), self._line(lower)
        between = sum(self._column.message(row).height for row in range(first, last))
        return between + below - above

    def _line(self, point: Point) -> tuple[int, int]:
        """The row of a point, and the px from its top down to the point's line."""
        row = self._column.rows.number(point.turn_id) or 0
        group = self._column.message(row).numbered(point.spot.group, is_thought=not point.spot.is_message)
        return row, group.top + group.line_top(point.spot.position) if group is not None else 0

    def _moved(self, point: Point, move: QTextCursor.MoveOperation) -> Point:
        row = self._column.rows.number(point.turn_id)
        if row is None:
            return point
        group = self._column.message(row).numbered(point.spot.group, is_thought=not point.spot.is_message)
        if group is None:
            return self._entered(point, row, None, move)
        document = self._document(row, group)
        if document is None:
            return self._entered(point, row, group, move)
        cursor = QTextCursor(document)
        cursor.setPosition(min(point.spot.position, document.characterCount() - 1))
        if move in _VERTICAL:
            if self._x is None:
                self._x = _caret_x(cursor)
            cursor.setVerticalMovementX(self._x)
        before = cursor.position()
        cursor.movePosition(move)
        if cursor.position() != before:
            return self._point(row, group, cursor.position())
        return self._entered(point, row, group, move, cursor)

    def _entered(
        self,
        point: Point,
        row: int,
        group: Group | None,
        move: QTextCursor.MoveOperation,
        cursor: QTextCursor | None = None,
    ) -> Point:
        """Where the move leads beyond the edge of a group, or past a message without any."""
        step = _AHEAD.get(move, 0)
        if cursor is not None and move not in _VERTICAL:
            step *= -1 if cursor.block().textDirection() is Qt.LayoutDirection.RightToLeft else 1
        if not step:
            return point
        groups = self._column.message(row).groups
        number = groups.index(group) + step if group is not None else -1
        while not 0 <= number < len(groups) or (document := self._document(row, groups[number])) is None:
            if 0 <= number < len(groups):
                number += step
                continue
            row += step
            if not 0 <= row < len(self._column):
                return point
            groups = self._column.message(row).groups
            number = 0 if step > 0 else len(groups) - 1
        entered = groups[number]
        if move in _VERTICAL:
            height = document.size().height()
            at = QPointF(float(self._x or 0), INSIDE if step > 0 else height - INSIDE)
            position = document.documentLayout().hitTest(at, Qt.HitTestAccuracy.FuzzyHit)
        else:
            position = 0 if step > 0 else document.characterCount() - 1
        return self._point(row, entered, position)

    def _point(self, row: int, group: Group, position: int) -> Point:
        message = self._column.message(row)
        return Point(message.turn.turn_id, Spot(not group.is_thought, message.number_of(group), position))

    def _document(self, row: int, group: Group) -> QTextDocument | None:
        """The text of a group, None where it has none: a row that offers more."""
        if group.drawing is None or not group.is_exact:
            self._column.message(row).lay_out(group)
        return group.drawing.document if group.drawing is not None else None


def _caret_x(cursor: QTextCursor) -> int:
    within = cursor.position() - cursor.block().position()
    line = cursor.block().layout().lineForTextPosition(within)
    if not line.isValid():
        return 0
    # The binding gives the cursor's position beside it.
    found: object = line.cursorToX(within)
    return round(found[0] if isinstance(found, tuple) else float(str(found)))
