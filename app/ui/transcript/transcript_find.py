"""Finding words in one transcript: the current hit, the way from hit to hit, and their marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum, auto

from PySide6.QtCore import QObject, Qt, Signal

from app.core.conversation import Turn
from app.ui.theme import Theme
from app.ui.transcript.block_widgets import editor_of
from app.ui.transcript.canvas import Canvas
from app.ui.transcript.find import Hit, Search
from app.ui.transcript.find_pattern import Matcher, Pattern
from app.ui.transcript.hit_marks import HitMarks
from app.ui.transcript.hit_places import HitPlace, group_of, hit_places, letter_at
from app.ui.transcript.pieces import MorePiece, Piece
from app.ui.transcript.scroll_marks import ScrollMarks
from app.ui.transcript.selection import Point, Spot

UNFOLDED = 4  # times that more is shown for one hit; each time costs more
BESIDE = 24  # px beside a hit that are shown too where its text scrolls sideways


class Wish(Enum):
    """What is to become the current hit, as soon as it is known."""

    FIRST = auto()
    NEXT = auto()
    PREVIOUS = auto()


class TranscriptFind(QObject):
    """Finds in what a canvas shows.

    Signals: `changed()`: the count, the current hit, or whether all is counted.
    """

    changed = Signal()

    def __init__(self, canvas: Canvas, theme: Theme) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._current: Hit | None = None
        self._from = (0, 0)  # the row and the letter from which the first hit is looked for
        self._wish: Wish | None = None
        self._was_shown = False  # whether the reader was taken to the current hit
        self._is_on = False
        self._search = Search(lambda: canvas.turns, self._pieces_of, self)
        self._marks = HitMarks(canvas, self._search, theme)
        self.scroll_marks = ScrollMarks(canvas, self._search, theme)
        self._search.changed.connect(self._on_search_changed)
        canvas.turns_reset.connect(self._on_turns_reset)
        canvas.turn_changed.connect(self._on_turn_changed)
        canvas.placed.connect(self._on_placed)

    # -- what is known ------------------------------------------------------------------------------------

    @property
    def is_on(self) -> bool:
        """Whether something is looked for."""
        return self._is_on

    @property
    def pattern(self) -> Pattern | None:
        """What is looked for."""
        return self._search.pattern

    @property
    def count(self) -> int:
        """How many hits are known."""
        return self._search.count

    @property
    def is_complete(self) -> bool:
        """Whether there are no more hits than are known."""
        return self._search.is_complete

    @property
    def current(self) -> Hit | None:
        """The hit that the reader was taken to."""
        return self._current

    @property
    def number(self) -> int:
        """Which of the hits the current one is, counted from 1; 0 where there is none."""
        return self._search.number(self._current) if self._current is not None else 0

    # -- what is asked ------------------------------------------------------------------------------------

    def look_for(self, pattern: Pattern) -> None:
        """Look for this and take the reader to the first hit, seen from the last or from what is read."""
        if pattern != self._search.pattern:
            self._begin(pattern, self._reader_place())
            self._wish = Wish.FIRST

    def mark(self, pattern: Pattern) -> None:
        """Look for this and leave the reader alone; what is selected is the current hit, if it is one."""
        if pattern != self._search.pattern:
            self._begin(pattern, self._selected_place(pattern) or self._reader_place())

    def _begin(self, pattern: Pattern, place: tuple[int, int]) -> None:
        self._from = (self._current.row, self._current.start) if self._current is not None else place
        self._current = self._wish = None
        self._is_on = True
        self._was_shown = False
        self._search.look_for(pattern, self._from[0])

    def go_to_next(self) -> None:
        """Take the reader to the next hit; behind the last comes the first."""
        self._go(Wish.NEXT)

    def go_to_previous(self) -> None:
        """Take the reader to the previous hit; before the first comes the last."""
        self._go(Wish.PREVIOUS)

    def end(self) -> bool:
        """Look for nothing any more, with the current hit selected; whether the focus is on it."""
        self._marks.clear()
        self.scroll_marks.clear()
        was_left = self._select_current()
        self._is_on = False
        self._wish = None
        self._current = None
        self._search.stop()
        self.changed.emit()
        return was_left

    # -- from hit to hit ----------------------------------------------------------------------------------

    def _go(self, wish: Wish) -> None:
        if not self._is_on:
            return
        here = self._current
        if here is not None and not self._was_shown and not self._is_in_view(here):
            self._show(here)
        else:
            self._wish = wish
            self._fulfil()

    def _fulfil(self) -> None:
        """Make the hit that is wished for the current one, if it is known by now."""
        here = self._current
        row, start = (here.row, here.start) if here is not None else self._from
        match self._wish:
            case Wish.NEXT if here is not None:
                hit = self._search.after(row, start + 1)
            case Wish.PREVIOUS:
                hit = self._search.before(row, start)
            case _:
                hit = self._search.after(row, start)
        if hit is None and not self._search.is_complete:
            return
        self._wish = None
        self._set_current(hit)
        if hit is not None:
            self._show(hit)

    def _set_current(self, hit: Hit | None) -> None:
        self._current = hit
        self._marks.show(hit)
        self.changed.emit()

    def _show(self, hit: Hit) -> None:
        """Scroll to a hit, and open what it is folded in."""
        self._was_shown = True
        canvas, text = self._canvas, self._search.text(hit.row)
        message = canvas.message(hit.row)
        if message.cut_line is not None and text.line_at(hit.start) >= message.cut_line:
            canvas.opening.open_text(hit.row)
        elif group_of(message, text, hit.start) is None:
            canvas.opening.open_thought(hit.row)
        message = canvas.message(hit.row)
        group = group_of(message, text, hit.start)
        for _ in range(UNFOLDED):
            if group is not None and group.kind is MorePiece:
                canvas.opening.show_more(hit.row, group)
                group = group_of(message, text, hit.start)
        if group is None:
            return
        if group.kind is MorePiece:
            # It is far behind: the row that offers more is as near as one comes at once.
            canvas.scrolling.show_place(hit.row, group, -1)
            return
        if group.drawing is None or not group.is_exact:
            message.lay_out(group)
        if group.is_folded and self._place_of(hit) is None:
            canvas.opening.unfold(hit.row, group)
        place = self._place_of(hit)
        if place is not None:
            canvas.scrolling.show_place(hit.row, group, place.start)
            self._scroll_sideways(hit.row, place)

    def _is_in_view(self, hit: Hit) -> bool:
        canvas = self._canvas
        place = self._place_of(hit) if hit.row in canvas.frames_by_row() else None
        if place is None:
            return False
        y = canvas.heights.top(hit.row) + place.top - canvas.verticalScrollBar().value()
        return 0 <= y < canvas.viewport().height()

    def _place_of(self, hit: Hit) -> HitPlace | None:
        message, text = self._canvas.message(hit.row), self._search.text(hit.row)
        return next(hit_places(message, text, [(hit.start, hit.end)]), None)

    def _scroll_sideways(self, row: int, place: HitPlace) -> None:
        frame = self._canvas.frames_by_row().get(row)
        widget = frame.live.get(place.group) if frame is not None else None
        cursor = place.cursor()
        if widget is None or cursor is None:
            return
        edit = editor_of(widget)
        if edit is None:
            return
        bar = edit.horizontalScrollBar()
        right = edit.cursorRect(cursor).right()
        cursor.setPosition(place.start)
        left = edit.cursorRect(cursor).left()
        left, right = min(left, right) - BESIDE, max(left, right) + BESIDE
        if right > edit.viewport().width():
            bar.setValue(bar.value() + min(right - edit.viewport().width(), left))
        elif left < 0:
            bar.setValue(bar.value() + left)

    def _select_current(self) -> bool:
        """Select the current hit; whether it is on the screen and has the focus now."""
        hit = self._current
        place = self._place_of(hit) if hit is not None else None
        if hit is None or place is None:
            return False
        canvas, group = self._canvas, place.group
        message = canvas.message(hit.row)
        spot = Spot(not group.is_thought, message.number_of(group))
        start, end = (
            Point(message.turn.turn_id, replace(spot, position=position))
            for position in (place.start, place.end)
        )
        canvas.selecting.selection.select(start, end)
        frame = canvas.frames_by_row().get(hit.row)
        widget = frame.live.get(group) if frame is not None else None
        edit = editor_of(widget) if widget is not None else None
        if edit is None or not self._is_in_view(hit):
            return False
        edit.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _selected_place(self, pattern: Pattern) -> tuple[int, int] | None:
        """The row and the letter where what is selected begins, if it is what is looked for."""
        matcher = Matcher(pattern)
        for row, frame in self._canvas.frames_by_row().items():
            starts = {
                group: cursor.selectionStart()
                for group, widget in frame.live.items()
                if (edit := editor_of(widget)) and (cursor := edit.textCursor()).hasSelection()
            }
            if starts and frame.message is not None:
                text = self._search.text(row)
                for place in hit_places(frame.message, text, matcher.spans(text.text), starts):
                    if place.start == starts[place.group]:
                        return row, place.span[0]
        return None

    def _reader_place(self) -> tuple[int, int]:
        """The row and the letter that stand at the top of the view."""
        anchor = self._canvas.reader_place
        if not 0 <= anchor.row < len(self._canvas.turns):
            return anchor.row, 0
        message = self._canvas.message(anchor.row)
        group = message.numbered(anchor.group, is_thought=anchor.is_thought)
        if group is None:
            return anchor.row, 0
        return anchor.row, letter_at(message, self._search.text(anchor.row), group, anchor.position)

    # -- what happens -------------------------------------------------------------------------------------

    def _pieces_of(self, turn: Turn) -> Sequence[Piece] | None:
        message = self._canvas.known_message(turn)
        return message.all_pieces if message is not None else None

    def _on_search_changed(self) -> None:
        hit = self._current
        if self._wish is not None:
            self._fulfil()
        elif hit is None or (hit.start, hit.end) not in self._search.spans(hit.row):
            # Hits came, or an answer goes on otherwise than it seemed. The reader stays.
            here = (hit.row, hit.start) if hit is not None else self._from
            self._current = self._search.after(*here)
        self._marks.show(self._current)
        self.scroll_marks.refresh()
        self.changed.emit()

    def _on_turns_reset(self) -> None:
        if self._is_on:
            self._current = None
            self._from = self._reader_place()
            self._search.begin_anew(self._from[0])
            self._on_search_changed()

    def _on_turn_changed(self, row: int) -> None:
        if self._is_on:
            self._search.take_turn(row)
            self._marks.show(self._current)

    def _on_placed(self) -> None:
        if self._is_on:
            self._marks.show(self._current)
            self.scroll_marks.refresh()
