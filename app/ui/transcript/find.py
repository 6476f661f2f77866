"""The search for words in a chat: it counts the hits of all messages, those near the reader first."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.completion import ReplyState
from app.core.conversation import Turn
from app.ui.transcript.content import MessageContent
from app.ui.transcript.drawn_text import DrawnText, drawn_text, reading, source_of
from app.ui.transcript.find_pattern import Matcher, Pattern, Span
from app.ui.transcript.height_index import HeightIndex
from app.ui.transcript.pieces import Piece

SLICE = 0.004
"""Seconds after which a step is the last one; a step itself takes up to 4 ms, nearly all take none."""
AGAIN = 200  # ms between two looks at a message that grows
KEPT_CHARACTERS = 8_000_000  # of the texts that were read, so that the next letter is found at once
KEPT_ROWS = 64  # whose hits are known one by one


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a hit is: from `start` to `end` in the drawn text of row `row`."""

    row: int
    start: int
    end: int


class Search(QObject):
    """Looks for one pattern at a time, in slices between which everything else goes on.

    `turns` gives the rows; `pieces_of` the pieces of a turn that is laid out, None for others.

    Signals: `changed()`: other hits are known, or all of them now.
    """

    changed = Signal()

    def __init__(
        self,
        turns: Callable[[], Sequence[Turn]],
        pieces_of: Callable[[Turn], Sequence[Piece] | None],
        parent: QObject | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        super().__init__(parent)
        self._turns = turns
        self._pieces_of = pieces_of
        self._clock = clock
        self._matcher: Matcher | None = None
        self._counts = HeightIndex()  # of the hits in each row
        self._first = self._behind = 0  # the rows that have been counted: all between these
        self._dirty: set[int] = set()
        self._work: Iterator[None] = iter(())
        self._hits: OrderedDict[int, tuple[Turn, list[Span]]] = OrderedDict()
        self._texts: OrderedDict[str, tuple[Turn, DrawnText]] = OrderedDict()
        self._kept = 0
        self._growing: tuple[str, MessageContent] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)

    # -- what is looked for -------------------------------------------------------------------------------

    @property
    def pattern(self) -> Pattern | None:
        """What is looked for; None for nothing."""
        return self._matcher.pattern if self._matcher is not None else None

    def look_for(self, pattern: Pattern, row: int) -> None:
        """Look for this from now on, from row `row` on to both sides."""
        self._matcher = Matcher(pattern)
        self.begin_anew(row)

    def begin_anew(self, row: int) -> None:
        """Count again: the rows are others, or the pattern is."""
        count = len(self._turns())
        self._counts = HeightIndex.of_none(count)
        self._hits.clear()
        self._dirty.clear()
        row = max(0, min(row, count - 1))
        self._first = self._behind = row
        self._work = self._count_all(row, count)
        if self._matcher is not None:
            self._timer.start(0)

    def stop(self) -> None:
        """Look for nothing, and keep nothing."""
        self._timer.stop()
        self._matcher = None
        self._work = iter(())
        self._counts = HeightIndex()
        self._first = self._behind = 0
        self._growing = None
        self._hits.clear()
        self._texts.clear()
        self._dirty.clear()
        self._kept = 0

    def take_turn(self, row: int) -> None:
        """A row is another than it was, or a new one at the end."""
        if self._matcher is None:
            return
        while len(self._counts) <= row:
            self._counts.append(0)
            if self._behind == len(self._counts) - 1:
                self._behind += 1
        self._hits.pop(row, None)
        self._dirty.add(row)
        if not self._timer.isActive():
            self._timer.start(AGAIN)

    # -- what was found -----------------------------------------------------------------------------------

    @property
    def count(self) -> int:
        """How many hits are known."""
        return self._counts.total

    @property
    def counts(self) -> HeightIndex:
        """The hits of each row, as heights of which `top` is the number of all before."""
        return self._counts

    @property
    def is_complete(self) -> bool:
        """Whether all rows are counted."""
        return self._first == 0 and self._behind >= len(self._counts)

    def number(self, hit: Hit) -> int:
        """Which of all it is, counted from 1."""
        before = sum(start < hit.start for start, _ in self.spans(hit.row))
        return self._counts.top(hit.row) + before + 1

    def spans(self, row: int) -> list[Span]:
        """The hits of a row, which is read now where it has to be."""
        turn = self._turns()[row]
        known = self._hits.get(row)
        if known is not None and known[0] is turn:
            self._hits.move_to_end(row)
            return known[1]
        if self._matcher is None:
            return []
        spans = self._matcher.spans(self.text(row).text)
        self._keep_hits(row, turn, spans)
        return spans

    def text(self, row: int) -> DrawnText:
        """The words of a row."""
        steps = self._read(self._turns()[row])
        while True:
            try:
                next(steps)
            except StopIteration as end:
                text: DrawnText = end.value
                return text

    def after(self, row: int, start: int) -> Hit | None:
        """The first hit from here on, else the very first; None while it isn't known, or there is none."""
        if not self._first <= row < self._behind:
            return None
        here = next((span for span in self.spans(row) if span[0] >= start), None)
        if here is not None:
            return Hit(row, *here)
        found = self._first_in(self._counts.top(row + 1))
        if found is None and self.is_complete:
            found = self._first_in(0)
        return found

    def before(self, row: int, start: int) -> Hit | None:
        """The last hit before here, else the very last; None while it isn't known, or there is none."""
        if not self._first <= row < self._behind:
            return None
        here = next((span for span in reversed(self.spans(row)) if span[0] < start), None)
        if here is not None:
            return Hit(row, *here)
        found = self._last_in(self._counts.top(row))
        if found is None and self.is_complete:
            found = self._last_in(self._counts.total)
        return found

    def _first_in(self, number: int) -> Hit | None:
        """The hit of this number; where its row turns out to have none, the next."""
        while number < self._counts.total:
            row = self._counts.find(number)
            spans = self.spans(row)
            if spans:
                return Hit(row, *spans[0])
        return None

    def _last_in(self, number: int) -> Hit | None:
        """The hit before the one of this number; where its row turns out to have none, the one before."""
        while number > 0:
            row = self._counts.find(number - 1)
            number = self._counts.top(row)
            spans = self.spans(row)
            if spans:
                return Hit(row, *spans[-1])
        return None

    # -- counting -----------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        end = self._clock() + SLICE
        for _ in self._work:
            if self._clock() >= end:
                self._timer.start(0)
                break
        else:
            if self._dirty:
                self._work = self._count_dirty()
                self._timer.start(0)
        self.changed.emit()

    def _count_all(self, row: int, count: int) -> Iterator[None]:
        for one in _from_near_to_far(row, count):
            yield from self._count_row(one)
            self._first, self._behind = min(self._first, one), max(self._behind, one + 1)
            yield

    def _count_dirty(self) -> Iterator[None]:
        while self._dirty:
            row = min(self._dirty)
            self._dirty.remove(row)
            yield from self._count_row(row)
            self._behind = max(self._behind, row + 1)
            yield

    def _count_row(self, row: int) -> Iterator[None]:
        matcher, turn = self._matcher, self._turns()[row]
        if matcher is None:
            return
        source = source_of(turn)
        if source is not None:
            count = matcher.count_in(source) if matcher.may_be_in(source) else 0
            if count is not None:
                self._counts.set(row, count)
                return
        text = yield from self._read(turn)
        if self._turns()[row] is turn:
            self._keep_hits(row, turn, matcher.spans(text.text))

    def _keep_hits(self, row: int, turn: Turn, spans: list[Span]) -> None:
        if row < len(self._counts):
            self._counts.set(row, len(spans))
        self._hits[row] = (turn, spans)
        if len(self._hits) > KEPT_ROWS:
            self._hits.popitem(last=False)

    def _read(self, turn: Turn) -> Generator[None, None, DrawnText]:
        known = self._texts.get(turn.turn_id)
        if known is not None and known[0] is turn:
            self._texts.move_to_end(turn.turn_id)
            return known[1]
        pieces = self._pieces_of(turn)
        if pieces is not None:
            text = drawn_text(turn, pieces)
        elif turn.state is ReplyState.RUNNING:
            # Of what grows out of sight only what is new is read.
            if self._growing is None or self._growing[0] != turn.turn_id:
                self._growing = (turn.turn_id, MessageContent())
            self._growing[1].update(turn)
            text = drawn_text(turn, self._growing[1].pieces)
        else:
            text = yield from reading(turn, MessageContent())
        self._keep_text(turn, text)
        return text

    def _keep_text(self, turn: Turn, text: DrawnText) -> None:
        old = self._texts.pop(turn.turn_id, None)
        self._texts[turn.turn_id] = (turn, text)
        self._kept += len(text.text) - (len(old[1].text) if old is not None else 0)
        while self._kept > KEPT_CHARACTERS and len(self._texts) > 1:
            _, (_, gone) = self._texts.popitem(last=False)
            self._kept -= len(gone.text)


def _from_near_to_far(row: int, count: int) -> Iterator[int]:
    for distance in range(max(row + 1, count - row)):
        if row + distance < count:
            yield row + distance
        if distance and row - distance >= 0:
            yield row - distance
