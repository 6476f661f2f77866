"""The column of messages as heights and positions: where the view stands in it, without any widget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from app.core.conversation import Turn
from app.ui.theme import Theme
from app.ui.transcript.formulas import Formulas
from app.ui.transcript.group import Group, Styles
from app.ui.transcript.height_index import HeightIndex
from app.ui.transcript.laid_cache import LaidCache
from app.ui.transcript.laid_message import LaidMessage
from app.ui.transcript.look import Look
from app.ui.transcript.rows import Rows

BELOW = 16  # px under the last message
AHEAD = 200  # px around the view that are laid out too
READ = 12  # px below the view's top: the line there is what the reader reads
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


class Column:
    """Rows, their layouts, and the place of the view in them. All lengths are px.

    While `follows`, the view stands at the end; else at the `anchor`. `pinned` is the row that may stand at
    the top of the view although there is nothing below it yet.
    """

    def __init__(self, theme: Theme, formulas: Formulas, look: Look = Look.PAGE) -> None:
        self.rows = Rows()
        self.width = 0
        self.height = 0  # of the view
        self.top = 0  # of the view
        self.anchor = Anchor()
        self.pinned: int | None = None
        self.follows = True
        self._stood: Anchor | None = None  # where the view stands since it was settled
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

    def settle_formulas(self) -> None:
        """Show the formulas that are set by now."""
        for message in self._cache.messages() if self._cache is not None else ():
            message.settle_formulas()

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
        """The layout of a row, made now if there is none."""
        return self.cache.message(self.turns[row], self.width)

    def settle(self, bind: Callable[[int], bool]) -> None:
        """Find where the view stands, lay out what it shows, and `bind` what is there.

        `bind` gets the view's top and says whether a height turned out to be another one.
        """
        if not self.follows:
            message, group = self._anchored()
            if group is not None and self.anchor.position >= 0 and not group.is_exact:
                message.lay_out(group)
            self.heights.set(self.anchor.row, message.height)
        for _ in range(ROUNDS):
            top = self._wanted_top()
            if not self._lay_out(top, top + self.height) and not bind(top):
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

    def _anchored(self) -> tuple[LaidMessage, Group | None]:
        anchor = self.anchor
        message = self.message(anchor.row)
        return message, message.numbered(anchor.group, is_thought=anchor.is_thought)

    def _wanted_top(self) -> int:
        maximum = self.maximum()
        if self.follows:
            return maximum
        top, anchor = self.heights.top(self.anchor.row), self.anchor
        _, group = self._anchored()
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
            if one.top > offset + READ:
                break
            group = one
        if message is None or group is None:
            return Anchor(row, offset=offset)
        offset -= group.top
        position, line = group.line_at(offset + READ)
        return Anchor(row, message.number_of(group), offset - line, position, group.is_thought)

    def visible(self, top: int) -> dict[int, int]:
        """The rows that a view at `top` shows some of, with the place of each in the view."""
        found: dict[int, int] = {}
        row = self.heights.find(top)
        y = self.heights.top(row) - top
        while row < len(self) and y < self.height:
            found[row] = y
            y += self.heights[row]
            row += 1
        return found

    def _lay_out(self, top: int, bottom: int) -> bool:
        """Lay out what is between these px of the whole; whether anything has another height now."""
        changed = False
        heights = self.heights
        row = heights.find(max(0, top - AHEAD))
        y = heights.top(row)
        while row < len(self) and y < bottom + AHEAD:
            message = self.message(row)
            for group in message.groups:
                begins = y + group.top
                if begins > bottom + AHEAD:
                    break
                if not group.is_exact and begins + group.height >= top - AHEAD:
                    changed |= message.lay_out(group)
            if message.height != heights[row]:
                heights.set(row, message.height)
                changed = True
            y += message.height
            row += 1
        return changed

    def known(self, turn: Turn) -> LaidMessage | None:
        """The layout of a turn, None where there is none."""
        return self._cache.known(turn, self.width) if self._cache is not None else None

    def _known_height(self, turn: Turn) -> int | None:
        message = self.known(turn)
        return message.height if message is not None else None
