"""The rows of a transcript: which turns, and how high each is or is thought to be."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.core.conversation import Role, Turn
from app.ui.transcript.folding import LINES
from app.ui.transcript.height_index import HeightIndex

# px of a message without its text: its paddings, its line and its actions
AROUND_QUESTION, AROUND_ANSWER = 50, 70
LINE = 1.6  # of the text's size
CHARACTER = 0.5  # the same, on average
FOLD_ROW = 40  # the row below a long question
LAST_LINES = 0.7  # how much of a line is empty on average where a paragraph ends


class Rows:
    """Turns with their heights. What isn't laid out is estimated from the figures kept beside it."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.heights = HeightIndex()
        self._numbers: dict[str, int] = {}
        self._sizes: list[tuple[int, int]] = []  # characters and lines of each
        self._width = 1
        self._text_size = 1

    def __len__(self) -> int:
        return len(self.turns)

    def number(self, turn_id: str) -> int | None:
        """The row of this turn, None where it is in none."""
        return self._numbers.get(turn_id)

    def set_turns(self, turns: Sequence[Turn]) -> None:
        """Hold other turns; `estimate` is due."""
        self.turns = list(turns)
        self._numbers = {turn.turn_id: row for row, turn in enumerate(self.turns)}
        self._sizes = [_size(turn) for turn in self.turns]
        self.heights = HeightIndex()

    def estimate(self, width: int, text_size: int, known: Callable[[Turn], int | None]) -> None:
        """Estimate all heights in a column `width` px wide, but for those that are `known`."""
        self._width, self._text_size = max(1, width), text_size
        heights = []
        for row, turn in enumerate(self.turns):
            height = known(turn)
            heights.append(self._estimate(row) if height is None else height)
        self.heights = HeightIndex(heights)

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
        characters, lines = self._sizes[row]
        across = self._width / (self._text_size * CHARACTER)
        count = characters / across + (lines + 1) * LAST_LINES
        if self.turns[row].role is not Role.USER:
            return AROUND_ANSWER + round(count * self._text_size * LINE)
        folded = FOLD_ROW if count > LINES else 0
        return AROUND_QUESTION + folded + round(min(count, LINES) * self._text_size * LINE)


def _size(turn: Turn) -> tuple[int, int]:
    text = turn.text
    return len(text), text.count("\n")
