"""Lays out what is seen and gives it widgets, in steps that leave time for all else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QAbstractEventDispatcher, QObject, QTimer, Signal
from PySide6.QtWidgets import QAbstractScrollArea

from app.chat.activity import Activity
from app.core.completion import ReplyState
from app.ui.reading_column import HANG
from app.ui.transcript.budget import Budget, Courtesy, Ration, Turns
from app.ui.transcript.code_colours import AFTER, AFTER_GROWTH, CodeColours
from app.ui.transcript.column import AHEAD, Column
from app.ui.transcript.contents import Contents
from app.ui.transcript.frame_pool import FramePool
from app.ui.transcript.laid_message import LaidMessage
from app.ui.transcript.look import Look
from app.ui.transcript.message_frames import AnswerFrame
from app.ui.transcript.scrolling import Scrolling
from app.ui.transcript.selecting import Selecting

REFINE, REFINE_AFTER = 0.004, 2  # seconds of estimating heights at a time, and ms for all else between two
SLICE = 0.005  # seconds that a step of scrolling lays out for, painting not counted; the rest follows
WHOLE = 0.008  # the same where all that is seen should come at once
BINDING = 0.003  # seconds more that such a step gives what is laid out its widgets for
REST_AFTER = 1  # ms for all else between two such steps
PREPARE = 0.006  # seconds that are laid out ahead at a time
PREPARE_FIRST, PREPARE_AFTER = 10, 1  # ms from what is seen until then, and from one time to the next
TRIM, TRIM_AFTER = 0.003, 100  # seconds of letting go at a time, and ms until then
GROWTH = 0.008  # seconds for what has grown; placing comes later if reading and drawing it takes half


class Placing(QObject):
    """Puts the widgets of a pool where the messages of a column are, in a view.

    What takes longer than a step may goes on by itself; when all is seen it makes ready what is around it.
    `activity` is what goes on with the reply in flight.

    Signal: `placed()`: what is visible may stand elsewhere.
    """

    placed = Signal()

    def __init__(
        self,
        view: QAbstractScrollArea,
        look: Look,
        column: Column,
        pool: FramePool,
        *,
        contents: Contents,
        courtesy: Courtesy,
        steps: Turns,
        scrolling: Scrolling,
        selecting: Selecting,
    ) -> None:
        super().__init__(view)
        self.slice_seconds = SLICE
        self.activity: Activity | None = None
        self._view = view
        self._look = look
        self._column = column
        self._pool = pool
        self._contents = contents
        self._courtesy = courtesy
        self._steps = steps
        self._scrolling = scrolling
        self._selecting = selecting
        self._colours = CodeColours(pool, steps, contents)
        self._ahead = AHEAD  # px around the view that have widgets
        self._wants_spares = False  # for widgets were taken since there was one of each kind
        self._rest_timer = self._timer(self._place_rest)
        self._refine_timer = self._timer(self._refine)
        self._formulas_timer = self._timer(self._settle_formulas)
        self._prepare_timer = self._timer(self._prepare)
        self._trim_timer = self._timer(self._trim)
        self._dispatcher = QAbstractEventDispatcher.instance()
        self._dispatcher.aboutToBlock.connect(self._on_turn_ended)
        contents.ready.connect(self._on_content_ready)

    def _timer(self, do: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(do)
        return timer

    @property
    def is_settled(self) -> bool:
        """Whether all is laid out that is seen, or is a page away."""
        timers = (self._rest_timer, self._prepare_timer, self._formulas_timer)
        return self._contents.is_idle and not any(timer.isActive() for timer in timers)

    @property
    def shows_all(self) -> bool:
        """Whether all that is seen is read and laid out, and no part of it an empty place."""
        return not self._rest_timer.isActive() and self._column.is_filled

    @property
    def _is_growing(self) -> bool:
        return self._column.turns[-1].state is ReplyState.RUNNING

    # -- what is seen -------------------------------------------------------------------------------------

    def place(self) -> None:
        """Lay out what is visible, correct what was only estimated, and put the widgets there."""
        self.place_within(Budget(max(WHOLE, self.slice_seconds)))

    def slice(self) -> Budget:
        """The time that a step of scrolling may take."""
        return self._rest_of(self.slice_seconds)

    def growth(self) -> Budget:
        """The time that reading, drawing and placing may take of what has grown."""
        return self._rest_of(max(GROWTH, self.slice_seconds))

    def _rest_of(self, seconds: float) -> Budget:
        """What is left of so many seconds of this turn: other things may have been done in it."""
        return Budget(max(0.0, seconds - self._steps.spent))

    def place_soon(self) -> None:
        """Place in another turn: this one had enough to do."""
        self._steps.take()
        self._rest_timer.start(REST_AFTER)

    def place_within(self, budget: Budget) -> None:
        """The same as `place`, but what takes longer follows after other events."""
        column = self._column
        if not column.turns:
            self._scrolling.set_top(0)
            return
        if self._view.viewport().height() <= 1 or not self._view.isVisible():
            return
        column.height = self._view.viewport().height()
        ration = Ration(budget, BINDING)
        with self._selecting.drawing(), self._courtesy.first(), self._steps.step():
            column.settle(partial(self._bind, ration), budget)
        column.is_unfinished |= not ration.is_enough
        self._selecting.live.show()
        self.placed.emit()
        self._want_trim()
        if column.is_unfinished:
            self._rest_timer.start(REST_AFTER)
        if not column.is_filled:
            column.want_seen()
            self._prepare_timer.stop()
        else:
            if column.is_rough and not self._refine_timer.isActive():
                self._refine_timer.start(REFINE_AFTER)
            if (not self._is_growing or self._wants_spares) and not self._prepare_timer.isActive():
                self._prepare_timer.start(PREPARE_FIRST)
        if self._is_growing:
            self._colours.begin(AFTER_GROWTH)
        elif column.is_filled:
            self._colours.begin(AFTER)

    def _place_rest(self) -> None:
        if self._steps.is_taken:
            self._rest_timer.start(REST_AFTER)
        else:
            self.place_within(self.slice())

    def _on_turn_ended(self) -> None:
        self._steps.begin()

    # -- widgets ------------------------------------------------------------------------------------------

    def _bind(self, ration: Ration, top: int) -> bool:
        """Put widgets where the messages are; whether a message turned out to have another height."""
        self._scrolling.set_top(top)
        ration.is_enough = True
        rows = self._column.visible(top)
        if self._is_growing:
            # Who pages back finds what was there. But while an answer grows it would all have to move along.
            self._ahead = AHEAD
            return self._bind_rows(rows, 0, ration)
        self._ahead = 0
        return self._bind_rows(rows, 2 * self._column.height, ration)

    def _bind_ahead(self) -> bool:
        """Put widgets a little further from the view, up to a page; whether there is more to do.

        So whoever pages finds them there, and text that is painted is all that is left to do.
        """
        column = self._column
        if self._ahead >= column.height or self._is_growing or column.is_unfinished:
            return False
        self._ahead += AHEAD
        near = column.visible(column.top, self._ahead)
        read = {row: y for row, y in near.items() if column.known_or_empty(row).is_read}
        ration = Ration(self._rest_of(PREPARE))
        with self._steps.step():
            is_other = self._bind_rows(read, column.height, ration)
        if is_other:
            self.place_within(self.slice())
        elif not ration.is_enough:
            self._ahead -= AHEAD
        return True

    def _bind_rows(self, rows: Mapping[int, int], around: int, ration: Ration) -> bool:
        """Put widgets where these rows are, as many as allowed; those `around` the view, in px, may stay."""
        column, pool, ahead = self._column, self._pool, self._ahead
        height, outer, x = self._view.viewport().height(), column.width + 2 * HANG, self._left()
        stay = column.visible(column.top, around)
        focused = pool.focused_row()
        # What has the focus stays bound, off the screen.
        pool.leave_all_but(stay if focused is None else stay.keys() | {focused})
        changed_order = False
        changed_height = False
        for row, y in rows.items():
            frame = pool.live.get(row)
            message = column.known_or_empty(row)
            if frame is None:
                frame = pool.take(row, message)
                if isinstance(frame, AnswerFrame):
                    frame.show_activity(self.activity if message.is_running else None)
                changed_order = True
            frame.setGeometry(x, y, outer, column.heights[row])
            if not frame.isVisible():
                frame.show()
            rest = max(0, around - ahead)
            changed_order |= frame.show_part(-y - ahead, height - y + ahead, rest, ration)
            frame.stick_heads(-y)
            message.free_dropped()
            if isinstance(frame, AnswerFrame):
                changed_height |= self._measure_card(row, frame, message)
        pool.release_left()
        for row in pool.live.keys() - rows.keys():
            beyond = -column.heights[row] - 50 if row < min(stay, default=0) else height + 50
            pool.live[row].setGeometry(x, stay.get(row, beyond), outer, column.heights[row])
        if changed_order:
            self._wants_spares = True
            pool.mark_last(len(column.rows) - 1)
            pool.put_in_order()
        return changed_height

    def _left(self) -> int:
        """The left edge of the messages in the viewport: in the middle of the whole, scroll bar or not."""
        outer = self._column.width + 2 * HANG
        x = (self._view.width() - outer) // 2 - self._view.viewport().x()
        return x if self._look is Look.ANSWERS else max(0, x)

    def _measure_card(self, row: int, frame: AnswerFrame, message: LaidMessage) -> bool:
        measured = frame.measure_card()
        if measured == (message.card_height if message.has_card else -1):
            return False
        message.set_card(measured)
        self._column.heights.set(row, message.height)
        frame.show_turn()
        return True

    # -- what nobody waits for ----------------------------------------------------------------------------

    def show_formulas(self) -> None:
        """Show the formulas that are set by now, as soon as there is time."""
        if not self._formulas_timer.isActive():
            self._formulas_timer.start(REST_AFTER)

    def _settle_formulas(self) -> None:
        if self._steps.is_taken:
            self._formulas_timer.start(REST_AFTER)
            return
        budget = self.slice()
        with self._selecting.drawing(), self._courtesy.first(), self._steps.step():
            is_done = self._column.settle_formulas(budget)
        self.place_within(budget)
        if not is_done:
            self._formulas_timer.start(REST_AFTER)

    def _refine(self) -> None:
        """Estimate more of the heights of a long chat: only the scroll bar tells of it."""
        if not self._column.turns or not self.shows_all:
            return
        if self._steps.is_taken:
            self._refine_timer.start(REFINE_AFTER)
            return
        with self._steps.step():
            self._column.refine(REFINE)
            self._scrolling.set_top(self._column.top)
        if self._column.is_rough:
            self._refine_timer.start(REFINE_AFTER)

    def _prepare(self) -> None:
        """Lay out a page above and below the view, so that it is there when somebody goes there."""
        if not self._column.turns or not self._view.isVisible():
            return
        if self._steps.is_taken:
            self._prepare_timer.start(PREPARE_AFTER)
            return
        if self._prepare_more():
            self._prepare_timer.start(PREPARE_AFTER)
        self._want_trim()

    def _prepare_more(self) -> bool:
        """Do one thing of what is to be prepared; whether there is more."""
        if self._is_growing:
            return self._make_spare()
        with self._selecting.drawing(), self._steps.step():
            prepared = self._column.prepare(self._rest_of(PREPARE))
        if prepared.is_other:
            self.place_within(self.slice())
        return not prepared.is_done or prepared.has_worked or self._bind_ahead() or self._make_spare()

    def _make_spare(self) -> bool:
        # Where all is seen already, nobody scrolls.
        if self._look is Look.PAGE and self._column.maximum() > 0:
            with self._steps.step():
                self._wants_spares = self._pool.make_spare()
        else:
            self._wants_spares = False
        return self._wants_spares

    def _on_content_ready(self, turn_id: str) -> None:
        row = self._column.rows.number(turn_id)
        if row is not None and row in self._pool.live:
            self._rest_timer.start(REST_AFTER)
            return
        self._ahead = 0
        if not self._prepare_timer.isActive():
            self._prepare_timer.start(PREPARE_AFTER)

    def _want_trim(self) -> None:
        # Not begun anew with each step: who scrolls on and on would never let it come.
        if self._column.cache.has_too_many and not self._trim_timer.isActive():
            self._trim_timer.start(TRIM_AFTER)

    def _trim(self) -> None:
        # It waits for no turn of its own: who scrolls on and on leaves none free.
        with self._steps.step():
            is_done = self._column.cache.trim(self._pool.messages(), Budget(TRIM))
        if not is_done:
            self._trim_timer.start(REST_AFTER)
