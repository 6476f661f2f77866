"""The canvas: rows of messages, of which only what is visible is laid out and has widgets."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QPalette, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QGroupBox, QWidget

from app.chat.activity import Activity, ActivityKind
from app.core.conversation import Role, Turn
from app.ui.reading_column import full_width, text_width
from app.ui.theme import Theme
from app.ui.transcript.block_actions import BlockAction
from app.ui.transcript.budget import Budget, Courtesy, Turns
from app.ui.transcript.column import Anchor, Column
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
from app.ui.transcript.placing import Placing
from app.ui.transcript.scrolling import Scrolling
from app.ui.transcript.selecting import Selecting


class Canvas(QAbstractScrollArea):
    """Shows turns and keeps the reader's place.

    Signals: `try_again_requested(turn_id)`; `copy_requested(turn_id)`; `menu_requested(turn_id, place on the
    screen)`; `card_action(ErrorActionKind, turn_id)`; `link_activated(str)`; `left()`: Esc was pressed;
    `turns_reset()`: the rows are others; `turn_changed(row)`: one is, or is new at the end; `placed()`: what
    is visible may stand elsewhere. Its parts `scrolling`, `selecting` and `placing` have more.
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
        courtesy = Courtesy()
        self._steps = Turns()
        self.formulas = Formulas(self, courtesy)
        self.contents = Contents(courtesy, self)
        self._column = Column(theme, self.formulas, self.contents, look)
        # To assistive technology it is the group *Transcript* whose children are the messages.
        ground = QGroupBox()
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
        theme.changed.connect(self._on_theme_changed)
        self._pool = pool = FramePool(theme, ground)
        pool.try_again_requested.connect(self.try_again_requested)
        pool.copy_requested.connect(self.copy_requested)
        pool.menu_requested.connect(self.menu_requested)
        pool.card_action.connect(self.card_action)
        pool.link_activated.connect(self.link_activated)
        self.scrolling = Scrolling(theme, self, self._column, pool, self._place_within, self._slice)
        self.selecting = Selecting(self, self._column, pool, self.scrolling)
        self.placing = Placing(
            self,
            look,
            self._column,
            pool,
            contents=self.contents,
            courtesy=courtesy,
            steps=self._steps,
            scrolling=self.scrolling,
            selecting=self.selecting,
        )
        self.placing.placed.connect(self.placed)
        self.formulas.settled.connect(self.placing.show_formulas)
        self.opening = Opening(self._column, pool, self.scrolling, self.selecting, self.place)

    # -- what is shown ------------------------------------------------------------------------------------

    @property
    def turns(self) -> Sequence[Turn]:
        """The turns, first to last."""
        return self._column.turns

    @property
    def is_settled(self) -> bool:
        """Whether all is laid out that is seen, or is a page away."""
        return self.placing.is_settled

    @property
    def shows_all(self) -> bool:
        """Whether all that is seen is read and laid out, and no part of it an empty place."""
        return self.placing.shows_all

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
        budget = self.placing.growth()
        if frame is not None and message is not None:
            with self.selecting.drawing():
                message.update(turn)
            frame.show_turn()
        self._column.rows.change(row, turn, message.height if message is not None else None)
        if message is not None and budget.is_half_used and not message.has_dropped:
            self.placing.place_soon()
        else:
            self.placing.place_within(budget)
        self.turn_changed.emit(row)

    def show_activity(self, activity: Activity | None) -> None:
        """Show what goes on with the reply in flight; None for nothing."""
        before, self.placing.activity = self.placing.activity, activity
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
        self.placing.activity = None

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

    def place(self) -> None:
        """Lay out what is visible, correct what was only estimated, and put the widgets there."""
        self.placing.place()

    def _place_within(self, budget: Budget) -> None:
        self.placing.place_within(budget)

    def _slice(self) -> Budget:
        return self.placing.slice()

    def shut_down(self, seconds: float) -> bool:
        """Join the threads within `seconds`; False where one was left behind."""
        end = time.monotonic() + seconds
        parts = (self.formulas.shut_down, self.contents.shut_down, self._pool.shut_down)
        are_joined = [shut_down(max(0.0, end - time.monotonic())) for shut_down in parts]
        return all(are_joined)

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
