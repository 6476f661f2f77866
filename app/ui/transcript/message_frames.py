"""The two kinds of messages: the user's block, and the assistant's answer with its line, card and row."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.chat.activity import Activity, ActivityKind
from app.core.completion import ReplyState
from app.ui.error_table import ErrorActionKind
from app.ui.reading_column import HANG
from app.ui.theme import Theme
from app.ui.transcript.actions_row import HANG as ROW_HANG
from app.ui.transcript.actions_row import ActionsRow
from app.ui.transcript.block_spares import BlockSpares
from app.ui.transcript.box import paint_box
from app.ui.transcript.budget import Ration
from app.ui.transcript.error_card import ErrorCard
from app.ui.transcript.laid_message import (
    ABOVE_ACTIONS,
    ABOVE_CARD,
    ACTIONS,
    MODEL_LINE,
    USER_ABOVE,
    USER_BELOW,
    LaidMessage,
)
from app.ui.transcript.message_frame import MessageFrame
from app.ui.transcript.model_line import ModelLine
from app.ui.transcript.pictures import Pictures
from app.ui.transcript.writing_caret import WritingCaret
from app.ui.widgets.buttons import IconButton
from app.ui.widgets.panel import Panel

RADIUS = 12
TOOLBAR = 30
BARE_INSET = 11  # px less that a message hangs out of the text where the scroll bar stands there


class UserFrame(MessageFrame):
    """The user's message in its block, which hangs into both margins."""

    def __init__(self, theme: Theme, pictures: Pictures, spares: BlockSpares, parent: QWidget) -> None:
        super().__init__(theme, pictures, spares, parent)
        self._toolbar = Panel(theme, line="line.control", radius=8, parent=self)
        self.copy_button = IconButton(theme, "copy", self.tr("Copy"), side=26, parent=self._toolbar)
        self.copy_button.clicked.connect(self.copy_requested)
        self.copy_button.move(2, 2)
        self._toolbar.resize(TOOLBAR, TOOLBAR)
        self._toolbar.hide()

    def show_hover(self) -> None:
        focus = self.focusWidget() if self.isActiveWindow() else None
        is_shown = self.underMouse() or (focus is not None and focus.hasFocus())
        self._toolbar.setVisible(is_shown)
        if is_shown:
            self._toolbar.raise_()

    def tab_stops(self) -> list[QWidget]:
        return [*super().tab_stops(), self.copy_button]

    def actions_of(self) -> list[QAbstractButton]:
        return [self.copy_button]

    def focus_rect(self) -> QRect:
        inset = BARE_INSET if self.message is not None and self.message.is_bare else 0
        return self.rect().adjusted(inset, USER_ABOVE, -inset, -USER_BELOW)

    def show_part(self, top: int, bottom: int, around: int, ration: Ration) -> bool:
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        x = 12 if mirrored else self.width() - TOOLBAR - 12
        self._toolbar.move(x, USER_ABOVE - TOOLBAR // 2)
        return super().show_part(top, bottom, around, ration)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_box(painter, self.focus_rect(), RADIUS, self.theme.color("bg.user"))
        painter.end()
        super().paintEvent(event)


class AnswerFrame(MessageFrame):
    """An answer. Signals: `thought_toggled()`; `details_toggled()`; `card_action(ErrorActionKind)`."""

    thought_toggled = Signal()
    details_toggled = Signal()
    card_action = Signal(object)

    def __init__(self, theme: Theme, pictures: Pictures, spares: BlockSpares, parent: QWidget) -> None:
        super().__init__(theme, pictures, spares, parent)
        self.is_last = False
        self._activity: Activity | None = None
        self.line = ModelLine(theme, self)
        self.line.thought_toggled.connect(self.thought_toggled)
        self.row = ActionsRow(theme, self)
        self.row.copy_requested.connect(self.copy_requested)
        self.row.try_again_requested.connect(self.try_again_requested)
        self.caret = WritingCaret(theme, self)
        self.card: ErrorCard | None = None

    def bind(self, message: LaidMessage) -> None:
        self._activity = None
        super().bind(message)

    def leave(self) -> None:
        self.caret.hide()
        if self.message is not None:
            self.line.show_activity(None, self.message.turn)
        if self.card is not None:
            self.card.forget()
        super().leave()

    def show_turn(self) -> None:
        """Show the turn as it is now, without its text."""
        message = self.message
        if message is None:
            return
        super().show_turn()
        self.line.show_turn(message.turn, is_open=message.is_thought_open)
        self.row.show_turn(message.turn, can_try_again=True)
        self.line.setVisible(message.has_line)
        self.row.setVisible(message.has_actions and not message.has_card)

    def show_activity(self, activity: Activity | None) -> None:
        """Show what goes on with this answer; None for nothing."""
        if activity is None and self._activity is None:
            return
        self._activity = activity
        if self.message is not None:
            self.line.show_activity(None if self.message.is_bare else activity, self.message.turn)
            self.show_name()

    def state_words(self) -> str:
        message = self.message
        if message is None:
            return ""
        if message.has_card and self.card is not None and self.card.shown is not None:
            return self.card.shown.title
        match message.turn.state:
            case ReplyState.RUNNING:
                kind = self._activity.kind if self._activity else ActivityKind.WAITING
                words = {
                    ActivityKind.WAITING: self.tr("Waiting"),
                    ActivityKind.THINKING: self.tr("Thinking"),
                    ActivityKind.WRITING: self.tr("Writing"),
                }
                return words.get(kind, "")
            case ReplyState.STOPPED:
                return self.tr("Stopped")
            case ReplyState.INTERRUPTED:
                return self.tr("Interrupted")
            case ReplyState.FAILED:
                return self.tr("Failed")
            case ReplyState.DONE:
                return self.tr("Finished")

    def measure_card(self) -> int:
        """The height of the card that this answer needs; -1 where it needs none."""
        message = self.message
        if message is None:
            return -1
        error, retry_at = message.turn.reply.error if message.turn.reply else None, None
        activity = self._activity
        if message.is_running and activity is not None and activity.kind is ActivityKind.RETRYING:
            error, retry_at = activity.error, activity.retry_at
        if error is None:
            if self.card is not None:
                self.card.forget()
            return -1
        if self.card is None:
            self.card = ErrorCard(self.theme, self)
            self.card.action_requested.connect(self._on_card_action)
            self.card.details_toggled.connect(self.details_toggled)
        self.card.show_error(error, retry_at, are_details_open=message.are_details_open)
        self.card.show()
        return self.card.lay_out(message.width)

    def show_part(self, top: int, bottom: int, around: int, ration: Ration) -> bool:
        message = self.message
        if message is None:
            return False
        changed = super().show_part(top, bottom, around, ration)
        self.line.setGeometry(HANG, 0, message.width, MODEL_LINE)
        self.row.setVisible(message.has_actions and not message.has_card)
        foot = message.foot_top
        if message.has_card and self.card is not None:
            gap = ABOVE_CARD if message.groups else 0
            self.card.setGeometry(HANG, foot + gap, message.width, max(1, message.card_height))
        elif message.has_actions:
            width = message.width + 2 * ROW_HANG
            self.row.setGeometry(HANG - ROW_HANG, foot + ABOVE_ACTIONS, width, ACTIONS)
        self._put_caret(message)
        return changed

    def _put_caret(self, message: LaidMessage) -> None:
        kind = self._activity.kind if self._activity else None
        writes = message.is_running and kind in {ActivityKind.WRITING, ActivityKind.THINKING}
        at: QPoint | None = None
        if writes and message.groups:
            last = message.groups[-1]
            if last.is_thought == (kind is ActivityKind.THINKING):
                at = self.end_point(last)
        if at is None:
            self.caret.hide()
        else:
            self.caret.stand_at(at)
            self.caret.raise_()

    def show_hover(self) -> None:
        focus = self.focusWidget() if self.isActiveWindow() else None
        has_focus = focus is not None and focus.hasFocus()
        self.row.reveal(is_shown=self.is_last or self.underMouse() or has_focus)

    def widgets(self) -> list[QWidget]:
        card = [self.card] if self.card is not None else []
        return [self.line, *super().widgets(), *card, self.row]

    def tab_stops(self) -> list[QWidget]:
        stops: list[QWidget] = [self.line.toggle]
        return [*stops, *super().tab_stops(), *self.actions_of()]

    def actions_of(self) -> list[QAbstractButton]:
        card = self.card.buttons() if self.card is not None else []
        return [*card, self.row.copy, self.row.try_again]

    def focus_rect(self) -> QRect:
        inset = BARE_INSET if self.message is not None and self.message.is_bare else 0
        return self.rect().adjusted(inset, 0, -inset, 0)

    def _on_card_action(self, kind: ErrorActionKind) -> None:
        self.card_action.emit(kind)

    def paintEvent(self, event: QPaintEvent) -> None:
        message = self.message
        thought = [group for group in message.groups if group.is_thought] if message else []
        if thought:
            top, bottom = thought[0].top, thought[-1].top + thought[-1].height
            mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
            x = self.width() - HANG - 7 if mirrored else HANG + 5
            painter = QPainter(self)
            painter.setPen(QPen(Qt.PenStyle.NoPen))
            painter.fillRect(x, top - 2, 2, bottom - top + 4, self.theme.color("line.hair"))
            painter.end()
        super().paintEvent(event)
