"""The column of messages as heights and positions: where the view stands in it, without any widget."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from app.core.conversation import Turn
from app.ui.theme import Theme
from app.ui.transcript.budget import Budget
from app.ui.transcript.contents import Contents
from app.ui.transcript.formulas import Formulas
from app.ui.transcript.group import Group, Styles
from app.ui.transcript.height_index import HeightIndex
from app.ui.transcript.laid_cache import LaidCache
from app.ui.transcript.laid_message import LaidMessage
from app.ui.transcript.look import Look
from app.ui.transcript.rows import Rows

BELOW = 16  # px under the last message
AHEAD = 200  # px around the view that have widgets too where they are laid out
READ = 12  # px below the view's top: the line there is what the reader reads
A_WHILE = 0.05  # seconds in which any block is drawn and laid out
ROUNDS = 12  # corrections of estimates until the view stands; more are never needed, but must not hang


@dataclass(frozen=True, slots=True)
class Anchor:
    """What stands at the top of the view: the line that holds a `position` in a group of a row.

    `offset` is the px from the line's top down to the view's. `group` counts within the thought or within the
    message itself. -1 stands for none: the offset is then from the top of the group, or of the row.
    """

    row: int = 0
    group: int = -1
    offset: int = 0
    position: int = -1
    is_thought: bool = False


class Prepared(NamedTuple):
    """Whether all around the view is laid out, and whether something that is seen is higher or lower now.

    `has_worked` where there was much to do, so that anything else should wait.
    """

    is_done: bool
    is_other: bool
    has_worked: bool = False


class Column:
    """Rows, their layouts, and the place of the view in them. All lengths are px.

    While `follows`, the view stands at the end; else at the `anchor`. `pinned` is the row that may stand at
    the top of the view although there is nothing below it yet.
    """

    def __init__(self, theme: Theme, formulas: Formulas, contents: Contents, look: Look = Look.PAGE) -> None:
        self.rows = Rows()
        self.width = 0
        self.height = 0  # of the view
        self.top = 0  # of the view
        self.anchor = Anchor()
        self.pinned: int | None = None
        self.follows = True
        self.is_unfinished = False  # so that what is seen in part is still an empty place
        self._stood: Anchor | None = None  # where the view stands since it was settled
        self._has_begun = False
        self._contents = contents
        self._theme = theme
        self._formulas = formulas
        self._look = look
        self._cache: LaidCache | None = None  # made with the first message: fonts cost time at the start

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def turns(self) -> Sequence[Turn]:
        """The turns, first to last."""
        return self.rows.turns

    @property
    def heights(self) -> HeightIndex:
        """The heights of the rows."""
        return self.rows.heights

    def last_visible(self) -> int:
        """The last row that the view shows some of."""
        return self.heights.find(self.top + self.height - 1) if len(self) else 0

    @property
    def cache(self) -> LaidCache:
        """The messages that are laid out."""
        if self._cache is None:
            self._cache = LaidCache(Styles(self._theme, self._formulas, self._look))
        return self._cache

    def laid_count(self) -> int:
        """How many messages are laid out."""
        return len(self._cache) if self._cache is not None else 0

    def set_turns(self, turns: Sequence[Turn], width: int) -> None:
        """Hold other turns, in a column so wide."""
        self.rows.set_turns(turns)
        self.anchor = Anchor()
        self.pinned = None
        self.set_width(width)

    def set_width(self, width: int) -> None:
        """Be so wide; all heights are estimates until they are laid out."""
        self.width = width
        self.rows.estimate(width, self._theme.text_size, self._known_height)

    @property
    def is_rough(self) -> bool:
        """Whether `refine` has something to do."""
        return self.rows.due > 0

    def refine(self, seconds: float) -> None:
        """Estimate more of the heights, for so long; what the view shows stays where it is."""
        row = self.heights.find(self.top)
        before = self.heights.top(row)
        self.rows.refine(seconds, self._known_height)
        self.top += self.heights.top(row) - before

    def take_theme(self, width: int) -> None:
        """Let go of all layouts: they were made for another theme. Nothing may be bound."""
        if self._cache is not None:
            self._cache.clear(Styles(self._theme, self._formulas, self._look))
        self.set_width(width)

    def settle_formulas(self, budget: Budget) -> bool:
        """Show the formulas that are set by now, in the newest messages first; whether all are shown."""
        messages = list(self._cache.messages()) if self._cache is not None else []
        return all(message.settle_formulas(budget) for message in reversed(messages))

    def wanted_height(self) -> int:
        """How high a view would be that shows all there is, from the message on that stands at its top."""
        pinned = self.heights.top(self.pinned) if self.pinned is not None else 0
        return self.heights.total + BELOW - pinned if len(self) else 0

    def maximum(self) -> int:
        """The lowest place of the view's top."""
        if not len(self):
            return 0
        end = self.heights.total + BELOW - self.height
        # There is room below as long as the message that was sent last stands at the top.
        pinned = self.heights.top(self.pinned) if self.pinned is not None else 0
        return max(0, end, pinned)

    def message(self, row: int) -> LaidMessage:
        """The layout of a row, however long it takes to make it now if there is none."""
        message = self.known_or_empty(row)
        if not message.is_read:
            message.take(self._contents.now(message.turn))
        return message

    def known_or_empty(self, row: int) -> LaidMessage:
        """The layout of a row as far as there is one: an empty place where it has not been read."""
        return self.cache.message(self.turns[row], self.width, self.heights[row])

    def measure(self, row: int, budget: Budget) -> None:
        """Lay out the beginning of a row, a view high, as far as there is time: then its height is known."""
        message = self.known_or_empty(row)
        if not message.is_read and (content := self._contents.within(message.turn, budget)) is not None:
            message.take(content)
        for group in message.groups:
            if group.top > self.height or budget.is_used_up:
                break
            if not group.is_exact:
                message.lay_out(group)
        self.heights.set(row, message.height)

    def settle(self, bind: Callable[[int], bool], budget: Budget) -> None:
        """Find where the view stands, lay out what it shows if there is time, and `bind` what is there.

        `bind` gets the view's top and says whether a height turned out to be another one.
        """
        self.is_unfinished = self._has_begun = False
        if not self.follows:
            message, group = self._anchored(), self._anchored_group()
            if group is not None and self.anchor.position >= 0 and not group.is_exact:
                message.lay_out(group)
            self.heights.set(self.anchor.row, message.height)
        for _ in range(ROUNDS):
            top = self._wanted_top()
            if not self._lay_out(top, top + self.height, budget) and not bind(top):
                break
        if self.follows:
            self._stood = None
        elif self.anchor is not self._stood:
            # Else it is kept as it is: who makes the window narrow and wide again is at the same line.
            self._stood = self.anchor = self.anchor_at(self.top)

    def move_by(self, distance: int) -> None:
        """Stand so many px further down, seen from what is there now."""
        here = self.anchor_at(self.top)
        self.anchor = replace(here, offset=here.offset + distance)

    def _anchored(self) -> LaidMessage:
        return self.known_or_empty(self.anchor.row)

    def _anchored_group(self) -> Group | None:
        return self._anchored().numbered(self.anchor.group, is_thought=self.anchor.is_thought)

    def _wanted_top(self) -> int:
        maximum = self.maximum()
        if self.follows:
            return maximum
        top, anchor = self.heights.top(self.anchor.row), self.anchor
        group = self._anchored_group()
        if group is not None:
            top += group.top + group.line_top(anchor.position) + anchor.offset
        elif anchor.group < 0:
            top += anchor.offset
        return max(0, min(top, maximum))

    def anchor_at(self, top: int) -> Anchor:
        """What stands at this height of the column."""
        row = self.heights.find(top)
        offset = top - self.heights.top(row)
        message = self.known(self.turns[row])
        group: Group | None = None
        for one in message.groups if message is not None else ():
            # What is only an empty place yet, or out of sight, doesn't hold the view: what is below it does.
            is_empty = group is not None and not group.is_exact
            if one.top > offset + (self.height if is_empty else READ):
                break
            group = one
        is_empty = message is None or (group is not None and not group.is_exact)
        left = self.heights[row] - offset
        if is_empty and offset > 0 and left < self.height and row + 1 < len(self):
            return Anchor(row + 1, offset=-left)
        if message is None or group is None:
            return Anchor(row, offset=offset)
        offset -= group.top
        position, line = group.line_at(max(0, offset + READ))
        return Anchor(row, message.number_of(group), offset - line, position, group.is_thought)

    def visible(self, top: int, around: int = 0) -> dict[int, int]:
        """The rows that a view at `top` shows some of, with the place of each in the view.

        With those that would be seen if it were higher by `around` at both ends.
        """
        found: dict[int, int] = {}
        heights, count, bottom = self.heights, len(self), self.height + around
        row = heights.find(max(0, top - around))
        y = heights.top(row) - top
        while row < count and y < bottom:
            found[row] = y
            y += heights[row]
            row += 1
        return found

    def _lay_out(self, top: int, bottom: int, budget: Budget) -> bool:
        """Lay out what is between these px of the whole, or as much of it as there is time for, at least one.

        Says whether anything has another height now.
        """
        changed = False
        heights = self.heights
        rows = self.visible(top)
        for row, y in reversed(rows.items()) if self.follows else rows.items():
            message = self.known_or_empty(row)
            if not message.is_read:
                content = self._contents.within(message.turn, budget)
                if content is not None:
                    message.take(content)
            for group in message.groups:
                begins = top + y + group.top
                if begins > bottom:
                    break
                if group.is_exact or begins + group.height < top:
                    continue
                if self.is_unfinished or (budget.is_used_up and self._has_begun):
                    self.is_unfinished = True
                    break
                self._has_begun = True
                if budget.left < A_WHILE and group.begin():
                    self.is_unfinished = True
                    break
                changed |= message.lay_out(group)
            if message.height != heights[row]:
                heights.set(row, message.height)
                changed = True
        return changed

    @property
    def is_filled(self) -> bool:
        """Whether all rows that the view shows are read and, as far as they are seen, laid out."""
        return not self.is_unfinished and all(
            self.known_or_empty(row).is_read for row in self.visible(self.top)
        )

    def want_seen(self) -> None:
        """Have nothing read but what is seen: that comes before all that is near."""
        self._contents.keep_only({self.turns[row].turn_id for row in self.visible(self.top)})

    def prepare(self, budget: Budget) -> Prepared:
        """Lay out what is a page above and below the view, as far as there is time."""
        seen = self.visible(self.top)
        heights = {row: self.known_or_empty(row).height for row in seen}
        wanted: set[str] = set()
        first, last = min(seen, default=0), max(seen, default=-1)
        is_done = True
        y = seen.get(first, 0)
        for row in range(first, len(self)):
            if y >= 2 * self.height:
                break
            is_done &= self._prepare_row(row, wanted, -self.height - y, 2 * self.height - y, budget)
            y += self.known_or_empty(row).height
        y = seen.get(first, 0)
        for row in range(first - 1, -1, -1):
            if y <= -self.height:
                break
            message = self.known_or_empty(row)
            is_done &= self._prepare_row(row, wanted, message.height - y - self.height, sys.maxsize, budget)
            y -= message.height
        self._contents.keep_only(wanted)
        is_other = any(self.known_or_empty(row).height != heights[row] for row in range(first, last + 1))
        return Prepared(is_done=is_done, is_other=is_other, has_worked=budget.is_half_used)

    def _prepare_row(self, row: int, wanted: set[str], top: int, bottom: int, budget: Budget) -> bool:
        """Lay out what stands between these px of a row, from its end on; whether there was time for all."""
        message = self.known_or_empty(row)
        wanted.add(message.turn.turn_id)
        if not message.is_read:
            content = self._contents.in_time(message.turn)
            if content is None:
                return True
            message.take(content)
        for group in reversed(message.groups):
            if group.is_exact or group.top > bottom or group.top + group.height < top:
                continue
            if budget.is_used_up or (budget.left < A_WHILE and group.begin()):
                return False
            message.lay_out(group)
        return True

    def known(self, turn: Turn) -> LaidMessage | None:
        """The layout of a turn, None where there is none."""
        return self._cache.known(turn, self.width) if self._cache is not None else None

    def _known_height(self, turn: Turn) -> int | None:
        message = self.known(turn)
        return message.height if message is not None else None
