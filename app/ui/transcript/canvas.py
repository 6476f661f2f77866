"""The canvas: rows of messages, of which only what is visible is laid out and has widgets."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QGroupBox, QWidget

from app.chat.activity import Activity
from app.core.completion import ReplyState
from app.core.conversation import Role, Turn
from app.markup.blocks import Block
from app.ui.reading_column import HANG, text_width
from app.ui.theme import Theme
from app.ui.transcript.block_actions import BlockAction, BlockChange
from app.ui.transcript.code import CodeDrawing
from app.ui.transcript.column import AHEAD, Anchor, Column
from app.ui.transcript.content import blocks_of
from app.ui.transcript.excerpt import excerpt
from app.ui.transcript.formulas import Formulas
from app.ui.transcript.frame_pool import FramePool
from app.ui.transcript.height_index import HeightIndex
from app.ui.transcript.laid_message import MODEL_LINE, Group, LaidMessage
from app.ui.transcript.links import PieceLink, links_of
from app.ui.transcript.live_selection import LiveSelection
from app.ui.transcript.message_frame import MessageFrame
from app.ui.transcript.message_frames import AnswerFrame
from app.ui.transcript.pointer import Pointer
from app.ui.transcript.selecting_keys import SelectingKeys
from app.ui.transcript.selection import FIRST, LAST, Point, Selection
from app.ui.transcript.wheel import Wheel

TOLERANCE = 24  # px from the end that still count as the end
AROUND_CARET = 24  # px between the view's edge and a caret that was scrolled to
STEP = 40  # px of one step of the wheel or an arrow
AROUND = 72  # px above and below a place that was looked for that are shown too
REFINE_BUDGET = 0.004  # seconds
COLOUR_AFTER, COLOUR_BUDGET = 30, 0.008  # ms; seconds
COLOUR_GROWING = 120  # ms between two looks at code that grows


class Ground(QGroupBox):
    """The viewport; to assistive technology the group *Transcript* whose children are the messages."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """The background is all there is, and Qt fills that."""


class Canvas(QAbstractScrollArea):
    """Shows turns and keeps the reader's place.

    Signals: `following_changed()`: whether the view stays at the end; `try_again_requested(turn_id)`;
    `copy_requested(turn_id)`; `menu_requested(turn_id, place on the screen)`;
    `copy_selection_requested()`; `selected()`: with the mouse, which is done;
    `card_action(ErrorActionKind, turn_id)`; `link_activated(str)`; `left()`: Esc was pressed;
    `zoom_requested(steps)`: larger is positive; `turns_reset()`: the rows are others; `turn_changed(row)`:
    one is, or is new at the end; `placed()`: what is visible may stand elsewhere.
    """

    following_changed = Signal()
    try_again_requested = Signal(str)
    copy_requested = Signal(str)
    menu_requested = Signal(str, QPoint)
    copy_selection_requested = Signal()
    selected = Signal()
    card_action = Signal(object, str)
    link_activated = Signal(str)
    left = Signal()
    zoom_requested = Signal(int)
    turns_reset = Signal()
    turn_changed = Signal(int)
    placed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.formulas = Formulas(self)
        self.formulas.settled.connect(self._on_formulas_settled)
        self._column = Column(theme, self.formulas)
        self._is_placing = False
        self._is_drawing = False  # texts, so that carets move which nobody moves
        self._activity: Activity | None = None
        ground = Ground()
        ground.setAccessibleName(self.tr("Transcript"))
        ground.setAutoFillBackground(True)
        self.setViewport(ground)
        ground.setBackgroundRole(QPalette.ColorRole.Window)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        bar = self.verticalScrollBar()
        bar.setSingleStep(STEP)
        bar.setVisible(False)
        self._wheel = Wheel(theme, self, STEP, self._scroll_by, self.zoom_requested.emit)
        bar.sliderPressed.connect(self._wheel.glide.stop)
        bar.actionTriggered.connect(self._wheel.glide.stop)
        self._colour_timer = self._timer(COLOUR_AFTER, self._colour)
        self._trim_timer = self._timer(0, self._trim)
        self._refine_timer = self._timer(0, self._refine)
        theme.changed.connect(self._on_theme_changed)
        self._pool = pool = FramePool(theme, ground)
        pool.try_again_requested.connect(self.try_again_requested)
        pool.copy_requested.connect(self.copy_requested)
        pool.menu_requested.connect(self.menu_requested)
        pool.card_action.connect(self.card_action)
        pool.link_activated.connect(self.link_activated)
        pool.thought_toggled.connect(self._on_thought_toggled)
        pool.details_toggled.connect(self._on_details_toggled)
        pool.caret_moved.connect(self._on_caret_moved)
        pool.selection_made.connect(self._take_selection)
        pool.block_change_requested.connect(self._on_block_change)
        self.selection = Selection(self._column.rows.number, self)
        self._live = LiveSelection(self.selection, self.frames)
        self._keys = SelectingKeys(self._column)
        self._pointer = Pointer(self, self.selection, self._live)
        self.selection.changed.connect(self._live.show)
        self._pointer.selected.connect(self.selected)

    def _timer(self, milliseconds: int, do: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(do)
        return timer

    # -- what is shown ------------------------------------------------------------------------------------

    @property
    def turns(self) -> Sequence[Turn]:
        """The turns, first to last."""
        return self._column.turns

    @property
    def follows(self) -> bool:
        """Whether the view stays at the end while it grows."""
        return self._column.follows

    @property
    def is_at_end(self) -> bool:
        """Whether there is nothing more below."""
        return self._column.top >= self._column.maximum() - TOLERANCE

    @property
    def is_rough(self) -> bool:
        """Whether the heights of a long chat are still being estimated."""
        return self._column.is_rough

    @property
    def text_width(self) -> int:
        """The width of the column of text in px."""
        return text_width(self._theme, self.width())

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

    def show_turns(self, turns: Sequence[Turn]) -> None:
        """Show another conversation, at its end."""
        self._pointer.drop()
        self.selection.clear()
        self._set_turns(turns)
        self._column.pinned = None
        self._set_follows(follows=True)
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
            self._set_follows(follows=True)
        self.place()
        self.turns_reset.emit()

    def add_turn(self, turn: Turn) -> None:
        """Add a turn at the end. The user's own goes to the top of the view and stays there."""
        self._column.rows.add(turn)
        if turn.role is Role.USER:
            self._column.pinned = len(self._column.turns) - 1
            self._set_follows(follows=True)
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
        if frame is not None and message is not None:
            with self._drawing():
                message.update(turn)
            frame.show_turn()
        self._column.rows.change(row, turn, message.height if message is not None else None)
        self.place()
        self.turn_changed.emit(row)

    def show_activity(self, activity: Activity | None) -> None:
        """Show what goes on with the reply in flight; None for nothing."""
        self._activity = activity
        last = self._pool.live.get(len(self._column.turns) - 1)
        if isinstance(last, AnswerFrame) and last.message is not None:
            last.show_activity(activity if last.message.is_running else None)
            self.place()

    def _set_turns(self, turns: Sequence[Turn]) -> None:
        self._pool.release_all_but(())
        self._column.set_turns(turns, self.text_width)
        self._activity = None

    # -- what is selected ---------------------------------------------------------------------------------

    def selected_texts(self) -> Iterator[Sequence[Block]]:
        """What is selected, message by message; what isn't cut is made of its source as it is asked for."""
        part = self.selection.part
        if part is None:
            return iter(())
        turns = self._column.turns[part.first_row : part.last_row + 1]
        cut: dict[int, Sequence[Block]] = {}
        for row in {part.first_row, part.last_row}:
            extent = part.within(row)
            if extent is not None and (
                extent != (FIRST, LAST) or self._column.turns[row].state is ReplyState.RUNNING
            ):
                cut[row - part.first_row] = excerpt(self._column.message(row), extent)
        return (cut[i] if i in cut else blocks_of(turn) for i, turn in enumerate(turns))

    def select_row(self, row: int) -> None:
        """Select all of a message."""
        turn_id = self._column.turns[row].turn_id
        self.selection.select(Point(turn_id, FIRST), Point(turn_id, LAST))

    def select_all(self) -> None:
        """Select all of the message that has the focus; where that is selected already, of the chat."""
        turns = self._column.turns
        row = self.focused_row()
        if not turns:
            return
        if row is not None:
            before = self.selection.part
            self.select_row(row)
            if self.selection.part != before:
                return
        self.selection.select(Point(turns[0].turn_id, FIRST), Point(turns[-1].turn_id, LAST))

    def show_point(self, point: Point) -> None:
        """Scroll as little as is needed for a point to be seen."""
        row = self._column.rows.number(point.turn_id)
        if row is None:
            return
        message = self._column.message(row)
        spot = point.spot
        group = message.numbered(spot.group, is_thought=not spot.is_message)
        if group is None:
            self.show_row(row)
            return
        message.lay_out(group)
        self._column.heights.set(row, message.height)
        height, line = self.viewport().height(), round(self._theme.line_height("body"))
        position = min(spot.position, group.end_position)
        y = self._column.heights.top(row) + group.top + group.line_top(position) - self._column.top
        if not 0 <= y <= height - line:
            down = AROUND_CARET if y < 0 else height - line - AROUND_CARET
            number = message.number_of(group)
            self._column.anchor = Anchor(row, number, -down, position, group.is_thought)
            self._set_follows(follows=False)
        self.place()

    def _select_by_key(self, event: QKeyEvent) -> bool:
        """Whether the key selects or copies."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selection_requested.emit()
            return True
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
            return True
        row = self.focused_row()
        if row is None:
            return False
        anchor, focus = self.selection.anchor, self.selection.focus
        is_in_text = self._live.ends_in(QApplication.focusWidget()) is not None
        if anchor is None or focus is None or (self.selection.is_empty and not is_in_text):
            # A message as a whole has the focus: its text begins where it begins.
            anchor = focus = Point(self._column.turns[row].turn_id, FIRST)
        point = self._keys.moved(focus, event)
        if point is None:
            return False
        self.selection.select(anchor, point)
        self.show_point(point)
        self._live.give_focus(point)
        return True

    # -- scrolling ----------------------------------------------------------------------------------------

    @property
    def is_gliding(self) -> bool:
        """Whether a turn of the wheel has still some way to go."""
        return self._wheel.glide.is_moving

    def jump_to_latest(self) -> None:
        """Go to the end and stay there."""
        self._set_follows(follows=True)
        self.place()

    def shift(self, pixels: int) -> None:
        """The view's upper edge was moved down by so many px: leave the text where it is on the screen."""
        if not self._column.follows:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + pixels)

    def show_row(self, row: int) -> None:
        """Scroll as little as is needed for a row to be seen; its beginning comes first."""
        self._wheel.glide.stop()
        height = self.viewport().height()
        for _ in range(2):  # what is laid out for it may be higher than it was thought
            top = self._column.heights.top(row)
            bottom = top + self._column.heights[row]
            if top < self._column.top or bottom - top > height:
                wanted = top
            elif bottom > self._column.top + height:
                wanted = bottom - height
            else:
                return
            self._column.anchor = Anchor(row, offset=wanted - top)
            self._set_follows(follows=False)
            self.place()
            if self._column.top >= self._column.maximum():
                self._set_follows(follows=True)

    def show_place(self, row: int, group: Group, position: int) -> None:
        """Scroll so that the line with this position of a row's group is seen, with what is around it.

        Nothing moves where it is seen already; the view doesn't follow the end any more.
        """
        self._wheel.glide.stop()
        message, column, view = self.message(row), self._column, self.viewport().height()
        first, last = min(AROUND, view // 3), view - 2 * min(AROUND, view // 3)
        y = column.heights.top(row) + group.top + group.line_top(position) - column.top
        if row not in self._pool.live or not group.is_exact or not -first <= y < view + first:
            wanted = view // 3
        else:
            wanted = max(first, min(y, last))
        if wanted != y:
            number = message.number_of(group)
            column.anchor = Anchor(row, number, -wanted, position, is_thought=group.is_thought)
        elif column.follows:
            column.anchor = column.anchor_at(column.top)
        self._set_follows(follows=False)
        self.place()

    def open_thought(self, row: int) -> None:
        """Show what was thought before the answer of a row."""
        message = self.message(row)
        if not message.is_thought_open:
            self._on_thought_toggled(message)

    def open_text(self, row: int) -> None:
        """Show all lines of a long question."""
        message = self.message(row)
        if message.cut_line is not None:
            self._on_block_change(message, message.groups[-1], BlockChange.MORE)

    def unfold(self, row: int, group: Group) -> None:
        """Show all of a block of a row."""
        message = self.message(row)
        if group.is_folded:
            self._on_block_change(message, group, BlockChange.FOLD)
            message.lay_out(group)

    def focus_row(self, row: int) -> None:
        """Give a message the keyboard's focus."""
        if not self._column.turns:
            return
        row = max(0, min(row, len(self._column.turns) - 1))
        self.show_row(row)
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

    def links_of(self, turn_id: str) -> list[PieceLink]:
        """The web and mail addresses in a message that is on the screen, in reading order, each once."""
        row = self._column.rows.number(turn_id)
        frame = self._pool.live.get(row) if row is not None else None
        return links_of(frame.message.pieces) if frame is not None and frame.message is not None else []

    def last_visible_row(self) -> int:
        """The last message that the view shows some of."""
        return self._column.last_visible()

    def _scroll_by(self, distance: int) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + distance)

    def _set_follows(self, *, follows: bool) -> None:
        if follows:
            self._wheel.glide.stop()
        if follows != self._column.follows:
            self._column.follows = follows
            self.following_changed.emit()

    # -- where everything stands --------------------------------------------------------------------------

    def place(self) -> None:
        """Lay out what is visible, correct what was only estimated, and put the widgets there."""
        if not self._column.turns:
            self._set_range(0)
            return
        if self.viewport().height() <= 1 or not self.isVisible():
            return
        self._column.height = self.viewport().height()
        with self._drawing():
            self._column.settle(self._bind)
        self._live.show()
        self.placed.emit()
        if self._column.cache.has_too_many:
            self._trim_timer.start()
        if self._column.is_rough:
            self._refine_timer.start()
        if any(code.needs_colours for code in self._visible_code()) and not self._colour_timer.isActive():
            is_growing = self._column.turns[-1].state is ReplyState.RUNNING
            self._colour_timer.start(COLOUR_GROWING if is_growing else COLOUR_AFTER)

    @contextmanager
    def _drawing(self) -> Iterator[None]:
        """While texts are drawn: what their carets do is no wish of anybody's."""
        before, self._is_drawing = self._is_drawing, True
        try:
            yield
        finally:
            self._is_drawing = before

    def _set_range(self, top: int) -> None:
        bar = self.verticalScrollBar()
        maximum = self._column.maximum()
        moved = self._column.top - top
        self._column.top = top
        if moved and abs(moved) < self.viewport().height():
            # Qt copies what is already painted and moves the widgets along.
            self.viewport().scroll(0, moved)
        self._is_placing = True
        bar.setPageStep(max(1, self.viewport().height() - STEP))
        bar.setRange(0, maximum)
        bar.setValue(top)
        bar.setVisible(maximum > 0)
        self._is_placing = False

    def _bind(self, top: int) -> bool:
        """Put widgets where the messages are; whether a message turned out to have another height."""
        self._set_range(top)
        height = self.viewport().height()
        outer = self._column.width + 2 * HANG
        # In the middle of the whole, scroll bar or not.
        x = max(0, (self.width() - outer) // 2 - self.viewport().x())
        visible = self._column.visible(top)
        focused = self._pool.focused_row()
        # What has the focus stays bound, off the screen.
        self._pool.release_all_but(visible if focused is None else visible.keys() | {focused})
        changed_order = False
        changed_height = False
        for row, y in visible.items():
            frame = self._pool.live.get(row)
            message = self._column.message(row)
            if frame is None:
                frame = self._pool.take(row, message)
                if isinstance(frame, AnswerFrame):
                    frame.show_activity(self._activity if message.is_running else None)
                changed_order = True
            frame.setGeometry(x, y, outer, self._column.heights[row])
            changed_order |= frame.show_part(-y - AHEAD, height - y + AHEAD)
            frame.stick_heads(-y)
            message.free_dropped()
            if not frame.isVisible():
                frame.show()
            if isinstance(frame, AnswerFrame):
                changed_height |= self._measure_card(row, frame, message)
        if focused is not None and focused not in visible:
            y = -self._column.heights[focused] - 50 if focused < min(visible) else height + 50
            self._pool.live[focused].setGeometry(x, y, outer, self._column.heights[focused])
        if changed_order:
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

    def _visible_code(self) -> list[CodeDrawing]:
        return [
            group.drawing
            for frame in self._pool.live.values()
            for group in frame.live
            if isinstance(group.drawing, CodeDrawing)
        ]

    def _colour(self) -> None:
        """Colour code that is on the screen, a few milliseconds at a time."""
        end = time.perf_counter() + COLOUR_BUDGET
        for code in self._visible_code():
            if code.needs_colours:
                if time.perf_counter() > end:
                    self._colour_timer.start()
                    return
                code.colour()

    def shut_down(self, seconds: float) -> bool:
        """Join the thread that sets formulas within `seconds`; False where it was left behind."""
        return self.formulas.shut_down(seconds)

    def _on_formulas_settled(self) -> None:
        with self._drawing():
            self._column.settle_formulas()
        self.place()

    def _refine(self) -> None:
        """Estimate more of the heights of a long chat: only the scroll bar tells of it."""
        if not self._column.turns:
            return
        self._column.refine(REFINE_BUDGET)
        self._set_range(self._column.top)
        if self._column.is_rough:
            self._refine_timer.start()

    def _trim(self) -> None:
        self._column.cache.trim(self._pool.messages())

    # -- what happens -------------------------------------------------------------------------------------

    def _on_thought_toggled(self, message: LaidMessage) -> None:
        self._keep_place()
        row = self._column.rows.number(message.turn.turn_id)
        if row is not None and self._column.heights.top(row) + MODEL_LINE > self._column.top:
            # The line that was pressed stays where it is, not the text below it.
            offset = self._column.top - self._column.heights.top(row)
            self._column.anchor = Anchor(row, offset=offset)
        message.toggle_thought()
        self._show_changed(message)

    def _on_details_toggled(self, message: LaidMessage) -> None:
        self._keep_place()
        message.are_details_open = not message.are_details_open
        self._show_changed(message)

    def _on_block_change(self, message: LaidMessage, group: Group, change: BlockChange) -> None:
        self._keep_place()
        with self._drawing():
            message.change_block(group, change)
        row = self._column.rows.number(message.turn.turn_id)
        is_message = change is BlockChange.MORE and message.is_user
        is_folded = not message.is_text_open if is_message else group.is_folded
        top = 0 if is_message else group.top
        if is_folded and row is not None and self._column.heights.top(row) + top < self._column.top:
            # What was read is not shown any more: the beginning is the nearest.
            self._column.anchor = Anchor(row, offset=top)
        self._show_changed(message)

    def _show_changed(self, message: LaidMessage) -> None:
        for frame in self.frames():
            if frame.message is message:
                frame.show_turn()
        self.place()

    def _keep_place(self) -> None:
        """What a person opens grows downwards, also at the end of the view."""
        if self._column.follows and self._column.top < self._column.maximum() + 1:
            self._column.anchor = self._column.anchor_at(self._column.top)
            self._set_follows(follows=False)

    def _take_selection(self, edit: QWidget | None) -> None:
        """What was selected in one editor is the selection; what was selected elsewhere no longer is."""
        ends = self._live.ends_in(edit) if edit is not None and not self._is_drawing else None
        if ends is not None:
            self.selection.select(*ends)

    def _on_caret_moved(self, frame: MessageFrame, rect: QRect) -> None:
        if self._is_drawing:
            return
        self._take_selection(QApplication.focusWidget())
        at = frame.mapTo(self.viewport(), rect.topLeft()).y()
        over = at - 8
        under = at + rect.height() + 8 - self.viewport().height()
        bar = self.verticalScrollBar()
        if over < 0:
            bar.setValue(bar.value() + over)
        elif under > 0:
            bar.setValue(bar.value() + under)

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

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        if self._is_placing or not self._column.turns:
            return
        value = self.verticalScrollBar().value()
        moved = value - self._column.top
        if moved < 0:
            self._set_follows(follows=False)
        elif value >= self._column.maximum() - TOLERANCE:
            self._set_follows(follows=True)
        if value == 0:
            self._column.anchor = Anchor()
        elif abs(moved) <= 3 * self.viewport().height():
            # From what is on the screen, so that the text moves by just so many px.
            self._column.move_by(moved)
        else:
            row = self._column.heights.find(value)
            self._column.anchor = Anchor(row, offset=value - self._column.heights.top(row))
        self.place()

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
        self._wheel.take(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pointer.press(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pointer.release(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._select_by_key(event):
            return
        self._wheel.glide.stop()
        bar = self.verticalScrollBar()
        page = bar.pageStep()
        match event.key():
            case Qt.Key.Key_Up | Qt.Key.Key_K:
                self._focus_neighbour(-1)
            case Qt.Key.Key_Down | Qt.Key.Key_J:
                self._focus_neighbour(1)
            case Qt.Key.Key_PageUp:
                bar.setValue(bar.value() - page)
            case Qt.Key.Key_PageDown:
                bar.setValue(bar.value() + page)
            case Qt.Key.Key_Home:
                bar.setValue(0)
            case Qt.Key.Key_End:
                self.jump_to_latest()
            case Qt.Key.Key_Escape:
                self.left.emit()
            case _:
                event.ignore()
