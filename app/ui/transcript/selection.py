"""The one selection of a transcript: from one place of the text to another, over any number of messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from PySide6.QtCore import QObject, Signal

END = 2**31 - 1
"""A group or a position behind all others, wherever that turns out to be; the last that Qt can hold."""


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A place in a message: a position in the document of one of its groups, in reading order.

    The groups are counted within the thought, which comes first, or within the message itself.
    """

    is_message: bool = True
    group: int = 0
    position: int = 0


FIRST, LAST = Spot(), Spot(group=END, position=END)
Extent: TypeAlias = tuple[Spot, Spot]


@dataclass(frozen=True, slots=True)
class Point:
    """A spot in the message of a turn, which stays right when the message is laid out again."""

    turn_id: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Part:
    """What is selected: all from a spot in the first row to a spot in the last."""

    first_row: int
    first: Spot
    last_row: int
    last: Spot

    def within(self, row: int) -> Extent | None:
        """What is selected of this row; of a thought only where the selection begins or ends in it."""
        if not self.first_row <= row <= self.last_row:
            return None
        end = self.last if row == self.last_row else LAST
        start = self.first if row == self.first_row else Spot(end.is_message)
        return start, end


class Selection(QObject):
    """From the `anchor`, where it began, to the `focus`, where the pointer or the keyboard's caret is.

    Signals: `changed()`.
    """

    changed = Signal()

    def __init__(self, row_of: Callable[[str], int | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._row_of = row_of
        self._anchor: Point | None = None
        self._focus: Point | None = None

    @property
    def anchor(self) -> Point | None:
        """Where it began."""
        return self._anchor

    @property
    def focus(self) -> Point | None:
        """Where it ends, which may be before the anchor."""
        return self._focus

    @property
    def is_empty(self) -> bool:
        """Whether nothing is selected."""
        return self._anchor == self._focus

    @property
    def part(self) -> Part | None:
        """What is selected, from above to below; None for nothing, also when an end of it is gone."""
        if self._anchor is None or self._focus is None or self.is_empty:
            return None
        a, b = self.key(self._anchor), self.key(self._focus)
        if a is None or b is None:
            return None
        first, last = sorted((a, b))
        return Part(*first, *last)

    @property
    def is_upwards(self) -> bool:
        """Whether the focus is before the anchor."""
        if self._anchor is None or self._focus is None:
            return False
        return self.is_before(self._focus, self._anchor)

    def key(self, point: Point) -> tuple[int, Spot] | None:
        """What points are ordered by; None where its message is gone."""
        row = self._row_of(point.turn_id)
        return None if row is None else (row, point.spot)

    def is_before(self, point: Point, other: Point) -> bool:
        """Whether a point comes before another; not where one of them is gone."""
        a, b = self.key(point), self.key(other)
        return a is not None and b is not None and a < b

    def select(self, anchor: Point, focus: Point) -> None:
        """Select from one point to another; nothing, but remember where, if they are one."""
        if (anchor, focus) != (self._anchor, self._focus):
            self._anchor, self._focus = anchor, focus
            self.changed.emit()

    def clear(self) -> None:
        """Select nothing."""
        if self._anchor is not None:
            self._anchor = self._focus = None
            self.changed.emit()
