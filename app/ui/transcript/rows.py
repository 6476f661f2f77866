"""The rows of a transcript: which turns, and how high each is or is thought to be."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from app.core.conversation import Role, Turn
from app.core.parts import answer_text
from app.ui.transcript.folding import LINES
from app.ui.transcript.height_index import HeightIndex

# px of a message without its text: its paddings, its line and its actions
AROUND_QUESTION, AROUND_ANSWER = 50, 70
LINE = 1.6  # of the text's size
CHARACTER = 0.5  # the same, on average
FOLD_ROW = 40  # the row below a long question
LAST_LINES = 0.7  # how much of a line is empty on average where a paragraph ends

AT_ONCE = 100  # rows that are estimated at once; of a longer chat so many at its end
BATCH = 50  # rows between two looks at the clock


class Rows:
    """Turns with their heights. What isn't laid out is estimated from the figures kept beside it.

    In a long chat the rows before `due` are all taken for as high as the last ones on average, until `refine`
    has come to them.
    """

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.heights = HeightIndex()
        self._numbers: dict[str, int] = {}
        self._sizes: list[tuple[int, int] | None] = []  # characters and lines of each, once they were counted
        self.due = 0
        self._width = 1
        self._text_size = 1

    def __len__(self) -> int:
        return len(self.turns)

    def number(self, turn_id: str) -> int | None:
        """The row of this turn, None where it is in none."""
        row = self._numbers.get(turn_id)
        if row is None and self.due:
            before = range(min(self.due, len(self.turns)) - 1, -1, -1)
            return next((row for row in before if self.turns[row].turn_id == turn_id), None)
        return row

    def set_turns(self, turns: Sequence[Turn]) -> None:
        """Hold other turns; `estimate` is due."""
        self.turns = list(turns)
        self._numbers = {}
        self._sizes = [None] * len(self.turns)
        self.heights = HeightIndex.of_none(len(self.turns))

    def estimate(self, width: int, text_size: int, known: Callable[[Turn], int | None]) -> None:
        """Estimate the heights in a column `width` px wide, but for those that are `known`."""
        self._width, self._text_size = max(1, width), text_size
        count = len(self.turns)
        first = max(0, count - AT_ONCE)
        last = [self._height(row, known) for row in range(first, count)]
        if not first:
            self.heights = HeightIndex(last)
        else:
            self.heights = HeightIndex.even(count, sum(last) // len(last))
            for row, height in enumerate(last, start=first):
                self.heights.set(row, height)
        self.due = first

    def refine(self, seconds: float, known: Callable[[Turn], int | None]) -> None:
        """Estimate more of the rows that are due, for so long."""
        end = time.perf_counter() + seconds
        while self.due and time.perf_counter() < end:
            first = max(0, self.due - BATCH)
            for row in range(first, self.due):
                self.heights.set(row, self._height(row, known))
            self.due = first

    def _height(self, row: int, known: Callable[[Turn], int | None]) -> int:
        turn = self.turns[row]
        self._numbers[turn.turn_id] = row
        height = known(turn)
        return self._estimate(row) if height is None else height

    def add(self, turn: Turn) -> None:
        """Add a turn at the end."""
        self._numbers[turn.turn_id] = len(self.turns)
        self.turns.append(turn)
        self._sizes.append(_size(turn))
        self.heights.append(self._estimate(len(self.turns) - 1))

    def change(self, row: int, turn: Turn, height: int | None) -> None:
        """Hold the turn as it is now; `height` is None where it isn't laid out."""
        self.turns[row] = turn
        self._sizes[row] = _size(turn)
        self.heights.set(row, self._estimate(row) if height is None else height)

    def _estimate(self, row: int) -> int:
        size = self._sizes[row]
        if size is None:
            size = self._sizes[row] = _size(self.turns[row])
        characters, lines = size
        across = self._width / (self._text_size * CHARACTER)
        count = characters / across + (lines + 1) * LAST_LINES
        if self.turns[row].role is not Role.USER:
            return AROUND_ANSWER + round(count * self._text_size * LINE)
        folded = FOLD_ROW if count > LINES else 0
        return AROUND_QUESTION + folded + round(min(count, LINES) * self._text_size * LINE)


def _size(turn: Turn) -> tuple[int, int]:
    text = answer_text(turn.content)  # as `turn.text`, without the import that comes with each call of it
    return len(text), text.count("\n")
