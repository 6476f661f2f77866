"""The canvas: rows of messages, of which only what is visible is laid out and has widgets."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QAbstractEventDispatcher, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QPalette, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QGroupBox, QWidget

from app.chat.activity import Activity, ActivityKind
from app.core.completion import ReplyState
from app.core.conversation import Role, Turn
from app.ui.reading_column import HANG, full_width, text_width
from app.ui.theme import Theme
from app.ui.transcript.block_actions import BlockAction
from app.ui.transcript.budget import Budget, Courtesy, Ration, Turns
from app.ui.transcript.code_colours import AFTER, AFTER_GROWTH, CodeColours
from app.ui.transcript.column import AHEAD, Anchor, Column
from app.ui.transcript.contents import Contents
from app.ui.transcript.formulas import Formulas
from app.ui.transcript.frame_pool import FramePool
from app.ui.transcript.height_index import HeightIndex
from app.ui.transcript.laid_message import LaidMessage
from app.ui.transcript.links import PieceLink, links_of
from app.ui.transcript.look import Look
from app.ui.transcript.message_frame import MessageFrame
from app.ui.transcript.message_frames import AnswerFrame
from app.ui.transcript.opening import Opening
from app.ui.transcript.scrolling import Scrolling
from app.ui.transcript.selecting import Selecting

REFINE, REFINE_AFTER = 0.004, 2  # seconds of estimating heights at a time, and ms for all else between two
SLICE = 0.005  # seconds that a step of scrolling lays out for, painting not counted; the rest follows
WHOLE = 0.012  # the same where all that is seen should come at once
BINDING = 0.003  # seconds more that such a step gives what is laid out its widgets for
REST_AFTER = 1  # ms for all else between two such steps
PREPARE = 0.006  # seconds that are laid out ahead at a time
PREPARE_FIRST, PREPARE_AFTER = 10, 1  # ms from what is seen until then, and from one time to the next
TRIM, TRIM_AFTER = 0.003, 100  # seconds of letting go at a time, and ms until then
GROWTH = (
    0.008  # seconds for what has grown; if reading and drawing it takes half of them, placing comes later
)


class Canvas(QAbstractScrollArea):
    """Shows turns and keeps the reader's place.

    Signals: `try_again_requested(turn_id)`; `copy_requested(turn_id)`; `menu_requested(turn_id, place on the
    screen)`; `card_action(ErrorActionKind, turn_id)`; `link_activated(str)`; `left()`: Esc was pressed;
    `turns_reset()`: the rows are others; `turn_changed(row)`: one is, or is new at the end; `placed()`: what
    is visible may stand elsewhere. Its parts `scrolling` and `selecting` have more.
    """

    try_again_requested = Signal(str)
    copy_requested = Signal(str)
    menu_requested = Signal(str, QPoint)
    card_action = Signal(object, str)
    link_activated = Signal(str)
    left = Signal()
    turns_reset = Signal()
    turn_changed = Signal(int)
    placed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None, look: Look = Look.PAGE) -> None:
        super().__init__(parent)
        self._theme = theme
        self._look = look
        self._courtesy = Courtesy()
        self._steps = Turns()
        self.formulas = Formulas(self, self._courtesy)
        self.formulas.settled.connect(self._on_formulas_settled)
        self.contents = Contents(self._courtesy, self)
        self.contents.ready.connect(self._on_content_ready)
        self.slice_seconds = SLICE
        self._ahead = AHEAD
        self._wants_spares = False  # for widgets were taken since there was one of each kind
        self._column = Column(theme, self.formulas, self.contents, look)
        self._activity: Activity | None = None
        # To assistive technology it is the group *Transcript* whose children are the messages.
        ground = QGroupBox()
        self._dispatcher = QAbstractEventDispatcher.instance()
        self._dispatcher.aboutToBlock.connect(self._on_turn_ended)
        names = {
            Look.PAGE: self.tr("Transcript"),
            Look.ANSWERS: self.tr("Answer"),
            Look.DOCUMENT: self.tr("Text"),
        }
        ground.setAccessibleName(names[look])
        ground.setAutoFillBackground(True)
        self.setViewport(ground)
        # The page's ground, or that of what a small window is made of.
        is_page = look is not Look.ANSWERS
        ground.setBackgroundRole(QPalette.ColorRole.Window if is_page else QPalette.ColorRole.Base)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._trim_timer = self._timer(self._trim)
        self._refine_timer = self._timer(self._refine)
        self._refine_timer.setInterval(REFINE_AFTER)
        self._rest_timer = self._timer(self._place_rest)
        self._rest_timer.setInterval(REST_AFTER)
        self._formulas_timer = self._timer(self._settle_formulas)
        self._formulas_timer.setInterval(REST_AFTER)
        self._prepare_timer = self._timer(self._prepare)
        theme.changed.connect(self._on_theme_changed)
        self._pool = pool = FramePool(theme, ground)
        pool.try_again_requested.connect(self.try_again_requested)
        pool.copy_requested.connect(self.copy_requested)
        pool.menu_requested.connect(self.menu_requested)
        pool.card_action.connect(self.card_action)
        pool.link_activated.connect(self.link_activated)
        self._colours = CodeColours(pool, self._steps, self.contents)
        self.scrolling = Scrolling(theme, self, self._column, pool, self._place, self._slice)
        self.selecting = Selecting(self, self._column, pool, self.scrolling)
        self.opening = Opening(self._column, pool, self.scrolling, self.selecting, self.place)

    def _timer(self, do: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(0)
        timer.timeout.connect(do)
        return timer

    # -- what is shown ------------------------------------------------------------------------------------

    @property
    def turns(self) -> Sequence[Turn]:
        """The turns, first to last."""
        return self._column.turns

    @property
    def is_settled(self) -> bool:
        """Whether all is laid out that is seen, or is a page away."""
        timers = (self._rest_timer, self._prepare_timer, self._formulas_timer)
        return self.contents.is_idle and not any(timer.isActive() for timer in timers)

    @property
    def shows_all(self) -> bool:
        """Whether all that is seen is read and laid out, and no part of it an empty place."""
        return not self._rest_timer.isActive() and self._column.is_filled

    @property
    def is_rough(self) -> bool:
        """Whether the heights of a long chat are still being estimated."""
        return self._column.is_rough

    @property
    def text_width(self) -> int:
        """The width of the column of text in px."""
        if self._look is Look.ANSWERS:
            return full_width(self.width())
        return text_width(self._theme, self.width())

    @property
    def wanted_height(self) -> int:
        """The px of height in which all would be seen from the last question on; 0 where there is nothing."""
        return self._column.wanted_height()

    def frames(self) -> list[MessageFrame]:
        """The messages that have widgets, in reading order."""
        return self._pool.frames()

    def block_actions(self, at: QPoint) -> list[BlockAction]:
        """What can be done with the block at this place on the screen."""
        return [one for frame in self.frames() for one in frame.block_actions(at)]

    def frames_by_row(self) -> Mapping[int, MessageFrame]:
        """The same, by the rows that they show."""
        return self._pool.live

    def laid_count(self) -> int:
        """How many messages are laid out at this moment, on the screen or kept."""
        return self._column.laid_count()

    @property
    def reader_place(self) -> Anchor:
        """What stands at the top of the view."""
        return self._column.anchor_at(self._column.top) if self.turns else Anchor()

    @property
    def heights(self) -> HeightIndex:
        """The heights of the rows, estimates for those that were not laid out."""
        return self._column.heights

    def message(self, row: int) -> LaidMessage:
        """The layout of a row, made now if there is none."""
        return self._column.message(row)

    def known_message(self, turn: Turn) -> LaidMessage | None:
        """The layout of a turn, None where there is none at this moment."""
        return self._column.known(turn)

    def links_of(self, turn_id: str) -> list[PieceLink]:
        """The web and mail addresses in a message that is on the screen, in reading order, each once."""
        row = self._column.rows.number(turn_id)
        frame = self._pool.live.get(row) if row is not None else None
        return links_of(frame.message.pieces) if frame is not None and frame.message is not None else []

    def last_visible_row(self) -> int:
        """The last message that the view shows some of."""
        return self._column.last_visible()

    def show_turns(self, turns: Sequence[Turn]) -> None:
        """Show another conversation, at its end."""
        self.selecting.drop()
        self._set_turns(turns)
        self._column.pinned = None
        self.scrolling.follow()
        self.place()
        self.turns_reset.emit()

    def replace_turns(self, turns: Sequence[Turn]) -> None:
        """Show another path of the same conversation; the reader stays where it is the same."""
        anchor, old = self._column.anchor, self._column.turns
        self._set_turns(turns)
        if not self._column.follows and anchor.row < len(old):
            row = self._column.rows.number(old[anchor.row].turn_id)
            if row is None:
                self._column.anchor = Anchor(max(0, min(anchor.row, len(turns) - 1)))
            else:
                self._column.anchor = replace(anchor, row=row)
        last = self._column.turns[-1] if self._column.turns else None
        is_new = last is not None and last.reply is not None and last.reply.is_empty
        if is_new and len(turns) > 1:
            self._column.pinned = len(self._column.turns) - 2
            self.scrolling.follow()
        self.place()
        self.turns_reset.emit()

    def add_turn(self, turn: Turn) -> None:
        """Add a turn at the end. The user's own goes to the top of the view and stays there."""
        self._column.rows.add(turn)
        if turn.role is Role.USER:
            self._column.pinned = len(self._column.turns) - 1
            self.scrolling.follow()
        self._pool.mark_last(len(self._column.rows) - 1)
        self.place()
        self.turn_changed.emit(len(self._column.rows) - 1)

    def change_turn(self, turn: Turn) -> None:
        """Show a turn as it is now."""
        row = self._column.rows.number(turn.turn_id)
        if row is None:
            return
        frame = self._pool.live.get(row)
        message = frame.message if frame is not None else None
        budget = self._rest_of(max(GROWTH, self.slice_seconds))
        if frame is not None and message is not None:
            with self.selecting.drawing():
                message.update(turn)
            frame.show_turn()
        self._column.rows.change(row, turn, message.height if message is not None else None)
        if message is not None and budget.is_half_used and not message.has_dropped:
            self._steps.take()
            self._rest_timer.start()
        else:
            self._place(budget)
        self.turn_changed.emit(row)

    def show_activity(self, activity: Activity | None) -> None:
        """Show what goes on with the reply in flight; None for nothing."""
        before, self._activity = self._activity, activity
        kind = activity.kind if activity is not None else None
        last = self._pool.live.get(len(self._column.turns) - 1)
        if isinstance(last, AnswerFrame) and last.message is not None:
            last.show_activity(activity if last.message.is_running else None)
            # Else only the seconds beside its name are others; or those of the card, which may get higher.
            if before is None or before.kind is not kind or kind is ActivityKind.RETRYING:
                self.place()

    def _set_turns(self, turns: Sequence[Turn]) -> None:
        self._pool.release_all()
        self._column.set_turns(turns, self.text_width)
        self._activity = None

    # -- the keyboard's focus -----------------------------------------------------------------------------

    def focus_row(self, row: int) -> None:
        """Give a message the keyboard's focus."""
        if not self._column.turns:
            return
        row = max(0, min(row, len(self._column.turns) - 1))
        self.scrolling.show_row(row)
        frame = self._pool.live.get(row)
        if frame is not None:
            frame.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _focus_neighbour(self, step: int) -> None:
        """Focus the message before or behind the focused one; one in sight where that has left the view."""
        row, seen = self.focused_row(), self._column.visible(self._column.top)
        if row is not None and row in seen:
            self.focus_row(row + step)
        elif seen:
            self.focus_row(max(seen) if step < 0 or row is None else min(seen))

    def focused_row(self) -> int | None:
        """The message that has the focus, itself or within."""
        return self._pool.focused_row()

    # -- where everything stands --------------------------------------------------------------------------

    def place(self) -> None:
        """Lay out what is visible, correct what was only estimated, and put the widgets there."""
        self._place(Budget(max(WHOLE, self.slice_seconds)))

    def _place_slice(self) -> None:
        """The same, but what takes longer than a step of scrolling may follows after other events."""
        self._place(self._slice())

    def _place_rest(self) -> None:
        if self._steps.is_taken:
            self._rest_timer.start()
        else:
            self._place_slice()

    def _on_turn_ended(self) -> None:
        self._steps.begin()

    def _slice(self) -> Budget:
        return self._rest_of(self.slice_seconds)

    def _rest_of(self, seconds: float) -> Budget:
        """What is left of so many seconds of this turn: other things may have been done in it."""
        return Budget(max(0.0, seconds - self._steps.spent))

    def _place(self, budget: Budget) -> None:
        if not self._column.turns:
            self.scrolling.set_top(0)
            return
        if self.viewport().height() <= 1 or not self.isVisible():
            return
        self._column.height = self.viewport().height()
        ration = Ration(budget, BINDING)
        with self.selecting.drawing(), self._courtesy.first(), self._steps.step():
            self._column.settle(partial(self._bind, ration), budget)
        self._column.is_unfinished |= not ration.is_enough
        self.selecting.live.show()
        self.placed.emit()
        self._want_trim()
        if self._column.is_unfinished:
            self._rest_timer.start()
        if not self._column.is_filled:
            self._column.want_seen()
            self._prepare_timer.stop()
        else:
            if self._column.is_rough and not self._refine_timer.isActive():
                self._refine_timer.start()
            if (not self._is_growing or self._wants_spares) and not self._prepare_timer.isActive():
                self._prepare_timer.start(PREPARE_FIRST)
        if self._is_growing:
            self._colours.begin(AFTER_GROWTH)
        elif self._column.is_filled:
            self._colours.begin(AFTER)

    @property
    def _is_growing(self) -> bool:
        return self._column.turns[-1].state is ReplyState.RUNNING

    def _bind(self, ration: Ration, top: int) -> bool:
        """Put widgets where the messages are; whether a message turned out to have another height."""
        self.scrolling.set_top(top)
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
            self._place_slice()
        elif not ration.is_enough:
            self._ahead -= AHEAD
        return True

    def _bind_rows(self, rows: Mapping[int, int], around: int, ration: Ration) -> bool:
        """Put widgets where these rows are, as many as allowed; those `around` the view, in px, may stay."""
        height = self.viewport().height()
        outer = self._column.width + 2 * HANG
        # In the middle of the whole, scroll bar or not.
        x = (self.width() - outer) // 2 - self.viewport().x()
        if self._look is not Look.ANSWERS:
            x = max(0, x)
        stay = self._column.visible(self._column.top, around)
        focused = self._pool.focused_row()
        # What has the focus stays bound, off the screen.
        self._pool.leave_all_but(stay if focused is None else stay.keys() | {focused})
        changed_order = False
        changed_height = False
        for row, y in rows.items():
            frame = self._pool.live.get(row)
            message = self._column.known_or_empty(row)
            if frame is None:
                frame = self._pool.take(row, message)
                if isinstance(frame, AnswerFrame):
                    frame.show_activity(self._activity if message.is_running else None)
                changed_order = True
            frame.setGeometry(x, y, outer, self._column.heights[row])
            if not frame.isVisible():
                frame.show()
            ahead = self._ahead
            rest = max(0, around - ahead)
            changed_order |= frame.show_part(-y - ahead, height - y + ahead, rest, ration)
            frame.stick_heads(-y)
            message.free_dropped()
            if isinstance(frame, AnswerFrame):
                changed_height |= self._measure_card(row, frame, message)
        self._pool.release_left()
        for row in self._pool.live.keys() - rows.keys():
            beyond = -self._column.heights[row] - 50 if row < min(stay, default=0) else height + 50
            self._pool.live[row].setGeometry(x, stay.get(row, beyond), outer, self._column.heights[row])
        if changed_order:
            self._wants_spares = True
            self._pool.mark_last(len(self._column.rows) - 1)
            self._pool.put_in_order()
        return changed_height

    def _measure_card(self, row: int, frame: AnswerFrame, message: LaidMessage) -> bool:
        measured = frame.measure_card()
        if measured == (message.card_height if message.has_card else -1):
            return False
        message.set_card(measured)
        self._column.heights.set(row, message.height)
        frame.show_turn()
        return True

    def shut_down(self, seconds: float) -> bool:
        """Join the threads within `seconds`; False where one was left behind."""
        end = time.monotonic() + seconds
        parts = (self.formulas.shut_down, self.contents.shut_down, self._pool.shut_down)
        are_joined = [shut_down(max(0.0, end - time.monotonic())) for shut_down in parts]
        return all(are_joined)

    def _on_formulas_settled(self) -> None:
        if not self._formulas_timer.isActive():
            self._formulas_timer.start()

    def _settle_formulas(self) -> None:
        if self._steps.is_taken:
            self._formulas_timer.start()
            return
        budget = self._slice()
        with self.selecting.drawing(), self._courtesy.first(), self._steps.step():
            is_done = self._column.settle_formulas(budget)
        self._place(budget)
        if not is_done:
            self._formulas_timer.start()

    def _refine(self) -> None:
        """Estimate more of the heights of a long chat: only the scroll bar tells of it."""
        if not self._column.turns or not self.shows_all:
            return
        if self._steps.is_taken:
            self._refine_timer.start()
            return
        with self._steps.step():
            self._column.refine(REFINE)
            self.scrolling.set_top(self._column.top)
        if self._column.is_rough:
            self._refine_timer.start()

    def _prepare(self) -> None:
        """Lay out a page above and below the view, so that it is there when somebody goes there."""
        if not self._column.turns or not self.isVisible():
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
        with self.selecting.drawing(), self._steps.step():
            prepared = self._column.prepare(self._rest_of(PREPARE))
        if prepared.is_other:
            self._place_slice()
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
            self._rest_timer.start()
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

    # -- what happens -------------------------------------------------------------------------------------

    def _on_theme_changed(self) -> None:
        row, focused = self.focused_row(), QApplication.focusWidget()
        # Fonts and sizes are in every widget: it is simpler to make the few there are anew.
        self._pool.clear()
        self._column.take_theme(self.text_width)
        self.place()
        frame = self._pool.live.get(row) if row is not None else None
        if frame is not None:
            # Who was in a message stays in it; a message as a whole is only come to by key.
            reasons = Qt.FocusReason
            is_whole = isinstance(focused, MessageFrame)
            frame.setFocus(reasons.ShortcutFocusReason if is_whole else reasons.OtherFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        # Of the viewport, where Qt has filled the background. What stands on it is painted in the same turn.
        self._steps.take()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self.scrolling.follow_bar()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = self.text_width
        if width != self._column.width:
            self._column.set_width(width)
        self.place()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.place()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.scrolling.wheel.take(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.selecting.pointer.press(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.selecting.pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.selecting.pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.selecting.pointer.release(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.selecting.take_key(event):
            return
        self.scrolling.wheel.glide.stop()
        if self.scrolling.take_key(event):
            return
        match event.key():
            case Qt.Key.Key_Up | Qt.Key.Key_K:
                self._focus_neighbour(-1)
            case Qt.Key.Key_Down | Qt.Key.Key_J:
                self._focus_neighbour(1)
            case Qt.Key.Key_Escape:
                self.left.emit()
            case _:
                event.ignore()
