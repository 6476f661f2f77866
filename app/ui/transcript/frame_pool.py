"""The widgets of the messages on the screen, which show other messages when those have left it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Sequence
from itertools import pairwise

from PySide6.QtCore import QObject, QPoint, QRect, Signal
from PySide6.QtWidgets import QApplication, QWidget

from app.core.conversation import Role
from app.ui.error_table import ErrorActionKind
from app.ui.theme import Theme
from app.ui.transcript.block_spares import BlockSpares
from app.ui.transcript.laid_message import LaidMessage
from app.ui.transcript.message_frame import MessageFrame
from app.ui.transcript.message_frames import AnswerFrame, UserFrame
from app.ui.transcript.pictures import Pictures


class FramePool(QObject):
    """Frames by the number of the row that they show; none is made before it is needed.

    Signals: `try_again_requested(turn_id)`; `copy_requested(turn_id)`; `menu_requested(turn_id,
    place on the screen)`; `card_action(ErrorActionKind, turn_id)`; `link_activated(str)`;
    `thought_toggled(LaidMessage)` and `details_toggled(LaidMessage)`, which the message has still to follow;
    `caret_moved(MessageFrame, QRect)`; `selection_made(BlockEdit)`;
    `block_change_requested(LaidMessage, Group, BlockChange)`, the same.
    """

    try_again_requested = Signal(str)
    copy_requested = Signal(str)
    menu_requested = Signal(str, QPoint)
    card_action = Signal(object, str)
    link_activated = Signal(str)
    thought_toggled = Signal(object)
    details_toggled = Signal(object)
    caret_moved = Signal(object, QRect)
    selection_made = Signal(object)
    block_change_requested = Signal(object, object, object)

    def __init__(self, theme: Theme, ground: QWidget) -> None:
        super().__init__(ground)
        self.live: dict[int, MessageFrame] = {}
        self._theme = theme
        self._ground = ground
        self._pictures = Pictures(self)
        self._blocks = BlockSpares()
        self._spare: dict[Role, list[MessageFrame]] = {Role.USER: [], Role.ASSISTANT: []}
        # Frames of rows that have left the view, there to show others: that costs less than to hide first.
        self._leaving: dict[Role, list[MessageFrame]] = {Role.USER: [], Role.ASSISTANT: []}
        self._order: list[QWidget] = []
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)

    def frames(self) -> list[MessageFrame]:
        """The frames in use, in reading order."""
        return [self.live[row] for row in sorted(self.live)]

    def messages(self) -> list[LaidMessage]:
        """The messages that have a frame."""
        return [frame.message for frame in self.live.values() if frame.message is not None]

    def focused_row(self) -> int | None:
        """The row that has the focus, itself or within."""
        focused = QApplication.focusWidget()
        for row, frame in self.live.items():
            if focused is not None and (focused is frame or frame.isAncestorOf(focused)):
                return row
        return None

    def take(self, row: int, message: LaidMessage) -> MessageFrame:
        """A frame that shows `message`, the message of row `row`."""
        role = Role.USER if message.is_user else Role.ASSISTANT
        unused = self._leaving[role] or self._spare[role]
        frame = self.live[row] = unused.pop() if unused else self._make(role)
        frame.bind(message)
        return frame

    def leave_all_but(self, rows: Container[int]) -> None:
        """All other frames may be taken for other messages; `release_left` lets go of the rest."""
        for row in [row for row in self.live if row not in rows]:
            frame = self.live.pop(row)
            frame.leave()
            self._leaving[Role.USER if isinstance(frame, UserFrame) else Role.ASSISTANT].append(frame)

    def release_left(self) -> None:
        """Take their messages from the frames that have left and were not taken for others."""
        for role, frames in self._leaving.items():
            for frame in frames:
                frame.unbind()
            self._spare[role] += frames
            frames.clear()

    def make_spare(self) -> bool:
        """Make something that whoever reads on will need, while nobody waits for it; whether it was needed.

        A new widget takes longer than all else that is done for a block that comes into sight.
        """
        for role, spare in self._spare.items():
            if not spare:
                spare.append(self._make(role))
                return True
        return self._spare[Role.ASSISTANT][0].make_spare()

    def release_all(self) -> None:
        """Take their messages from all frames."""
        self.leave_all_but(())
        self.release_left()

    def clear(self) -> None:
        """Throw all frames away: they were made for another theme."""
        self.release_all()
        for spare in self._spare.values():
            for frame in spare:
                frame.deleteLater()
            spare.clear()
        self._blocks.clear()
        self._order = []

    def put_in_order(self) -> None:
        """Child order and Tab order are those of reading; recycled widgets would stand in any."""
        stops: list[QWidget] = []
        _stack(self.frames())
        for frame in self.frames():
            _stack(frame.widgets())
            frame.show_hover()
            stops += [frame, *frame.tab_stops()]
        if stops != self._order:
            self._order = stops
            for before, after in pairwise(stops):
                QWidget.setTabOrder(before, after)

    def mark_last(self, last: int) -> None:
        """Only the answer in row `last` shows its actions all the time."""
        for row, frame in self.live.items():
            if isinstance(frame, AnswerFrame) and frame.is_last != (row == last):
                frame.is_last = row == last
                frame.show_hover()

    def shut_down(self, seconds: float) -> bool:
        """Decode no more pictures, and join their thread within `seconds`; False where it was left behind."""
        return self._pictures.shut_down(seconds)

    def _make(self, role: Role) -> MessageFrame:
        frame: MessageFrame
        if role is Role.USER:
            frame = UserFrame(self._theme, self._pictures, self._blocks, self._ground)
        else:
            frame = answer = AnswerFrame(self._theme, self._pictures, self._blocks, self._ground)
            answer.thought_toggled.connect(lambda: self.thought_toggled.emit(answer.message))
            answer.details_toggled.connect(lambda: self.details_toggled.emit(answer.message))
            answer.card_action.connect(lambda kind: self._on_card_action(answer, kind))
        frame.link_activated.connect(self.link_activated)
        frame.copy_requested.connect(lambda: self.copy_requested.emit(_turn_id(frame)))
        frame.try_again_requested.connect(lambda: self.try_again_requested.emit(_turn_id(frame)))
        frame.menu_requested.connect(lambda at: self.menu_requested.emit(_turn_id(frame), at))
        frame.selection_made.connect(self.selection_made)
        frame.caret_moved.connect(lambda rect: self.caret_moved.emit(frame, rect))
        frame.block_change_requested.connect(
            lambda group, change: self.block_change_requested.emit(frame.message, group, change)
        )
        return frame

    def _on_card_action(self, frame: AnswerFrame, kind: ErrorActionKind) -> None:
        self.card_action.emit(kind, _turn_id(frame))

    def _on_focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        for frame in self.live.values():
            if any(one is not None and (one is frame or frame.isAncestorOf(one)) for one in (before, now)):
                frame.show_hover()


def _stack(widgets: Sequence[QWidget]) -> None:
    """Put children of one parent in this order, the last on top; what is moved is painted anew."""
    parent = widgets[0].parentWidget() if widgets else None
    if parent is None:
        return
    places = {child: place for place, child in enumerate(parent.children())}
    stay = _longest_rising([places[widget] for widget in widgets])
    above: QWidget | None = None
    for number in reversed(range(len(widgets))):
        widget = widgets[number]
        if number not in stay:
            if above is None:
                widget.raise_()
            else:
                widget.stackUnder(above)
        above = widget


def _longest_rising(values: Sequence[int]) -> set[int]:
    """The indexes of as many of these different values as rise from one to the next."""
    ends: list[int] = []  # of the runs of each length, the one whose last value is the lowest
    before: list[int] = []
    for index, value in enumerate(values):
        length = bisect_left(ends, value, key=values.__getitem__)
        before.append(ends[length - 1] if length else -1)
        ends[length:] = [index] if length == len(ends) else [index, *ends[length + 1 :]]
    found: set[int] = set()
    at = ends[-1] if ends else -1
    while at >= 0:
        found.add(at)
        at = before[at]
    return found


def _turn_id(frame: MessageFrame) -> str:
    return frame.message.turn.turn_id if frame.message is not None else ""
