"""The card that stands in an answer's place when it failed: what happened, what is safe, what helps."""

from __future__ import annotations

import math
import time

from PySide6.QtCore import QRect, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.core.errors import ChatError
from app.markup.blocks import CodeBlock
from app.ui.error_table import ErrorActionKind, Family
from app.ui.error_text import ErrorAction, ErrorText, error_text
from app.ui.theme import Theme
from app.ui.transcript.code_frame import CodeFrame
from app.ui.transcript.group import Group, Styles
from app.ui.transcript.pieces import CodePiece
from app.ui.widgets.buttons import Button, Kind, Size, paint_icon
from app.ui.widgets.label import Label
from app.ui.widgets.panel import Panel
from app.ui.widgets.paragraph import Paragraph

ICON = 20
LEFT, TEXT_LEFT, TOP, RIGHT, BOTTOM = 14, 46, 11, 14, 12
TOKENS = {
    Family.DANGER: ("danger.tint", "danger.line", "danger.text", "danger.text"),
    Family.WARNING: ("warning.tint", "warning.line", "warning.text", "warning.text"),
    Family.NEUTRAL: ("bg.sunken", "line.hair", "text.primary", "text.secondary"),
}


class ErrorCard(Panel):
    """Says one error, and counts down to the next try where there is one.

    Signals: `action_requested(ErrorActionKind)` for all but the details, which the card opens itself;
    `details_toggled()`, whereupon its height is another one.
    """

    action_requested = Signal(object)
    details_toggled = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent=parent)
        self._error: ChatError | None = None
        self._retry_at: float | None = None
        self._shown: ErrorText | None = None
        self._icon_tone = "text.secondary"
        self._title = Label(theme, style="title.s", parent=self)
        self._title.setWordWrap(True)
        self._text = Paragraph(theme, style="body.s", parent=self)
        self._buttons: dict[ErrorActionKind, Button] = {}
        self._details: CodeFrame | None = None
        self._group: Group | None = None
        self._are_details_open = False
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._show)

    @property
    def shown(self) -> ErrorText | None:
        """The words on the card."""
        return self._shown

    def button(self, kind: ErrorActionKind) -> Button:
        """The button of this kind; a KeyError where the card has none."""
        return self._buttons[kind]

    def buttons(self) -> list[Button]:
        """The buttons in reading order, that of the details last."""
        return list(self._buttons.values())

    def show_error(self, error: ChatError, retry_at: float | None, *, are_details_open: bool) -> None:
        """Show `error`. `retry_at` is the `time.monotonic()` of the next try, None where none is planned."""
        self._error, self._retry_at = error, retry_at
        self._are_details_open = are_details_open
        if retry_at is None:
            self._timer.stop()
        else:
            self._timer.start()
        self._show()

    def forget(self) -> None:
        """Show nothing; no clock runs."""
        self._timer.stop()
        self._error = None
        self.hide()

    def _show(self) -> None:
        if self._error is None:
            return
        left = None if self._retry_at is None else max(0.0, self._retry_at - time.monotonic())
        shown = error_text(self._error, None if left is None else math.ceil(left))
        before, self._shown = self._shown, shown
        if shown == before:
            return
        fill, line, title, self._icon_tone = TOKENS[shown.family]
        self.set_tokens(fill, line)
        self._title.set_tone(title)
        self._title.setText(shown.title)
        self._text.setText(shown.text)
        self.setAccessibleName(shown.title)
        self.setAccessibleDescription(shown.text)
        if before is None or _kinds(before.actions) != _kinds(shown.actions):
            self._make_buttons(shown)
        for action in shown.actions:
            button = self._buttons[action.kind]
            if button.label != action.label:
                button.setText(action.label)
        if before is not None and before.details != shown.details:
            self._drop_details()
        self.lay_out(self.width())

    def _make_buttons(self, shown: ErrorText) -> None:
        for button in self._buttons.values():
            button.hide()
            button.deleteLater()
        self._buttons.clear()
        for action in shown.actions:
            button = Button(
                self._theme,
                action.label,
                kind=_kind(action),
                size=Size.SMALL,
                icon=action.icon,
                parent=self,
            )
            if action.kind is ErrorActionKind.DETAILS:
                button.clicked.connect(self._on_details)
            else:
                kind = action.kind
                button.clicked.connect(lambda _checked=False, kind=kind: self.action_requested.emit(kind))
            button.show()
            self._buttons[action.kind] = button

    def _on_details(self) -> None:
        self._are_details_open = not self._are_details_open
        self.lay_out(self.width())
        self.details_toggled.emit()

    # -- where everything stands --------------------------------------------------------------------------

    def lay_out(self, width: int) -> int:
        """Put everything in its place in `width` px and return the height."""
        room = max(60, width - TEXT_LEFT - RIGHT)
        title = max(21, self._title.heightForWidth(room))
        self._title.setGeometry(self._mirrored(QRect(TEXT_LEFT, TOP, room, title), width))
        text = self._text.heightForWidth(room)
        self._text.setGeometry(self._mirrored(QRect(TEXT_LEFT, TOP + title + 1, room, text), width))
        y = TOP + title + 1 + text + 8
        x, row = TEXT_LEFT, 0
        details = self._buttons.get(ErrorActionKind.DETAILS)
        for kind, button in self._buttons.items():
            hint = button.sizeHint()
            if x > TEXT_LEFT and x + hint.width() > width - RIGHT:
                x, y = TEXT_LEFT, y + row + 6
            if kind is ErrorActionKind.DETAILS:
                x = max(x, width - RIGHT - hint.width())
            button.setGeometry(self._mirrored(QRect(x, y, hint.width(), hint.height()), width))
            x += hint.width() + 8
            row = hint.height()
        y += row
        if details is not None:
            details.set_trailing_icon("chevron-up" if self._are_details_open else "chevron-down")
        if details is not None and self._are_details_open and self._shown is not None:
            frame, height = self._need_details(self._shown.details, width - LEFT - RIGHT)
            frame.setGeometry(LEFT, y + 10, width - LEFT - RIGHT, height)
            frame.show()
            y += 10 + height
        elif self._details is not None:
            self._details.hide()
        self.update()
        return y + BOTTOM

    def _need_details(self, raw: str, width: int) -> tuple[CodeFrame, int]:
        if self._group is None:
            # As if it still grew: it is shown whole.
            block = CodeBlock("", f'title="{self.tr("Reply")}"', raw, False, (0, 0))
            self._group = Group([CodePiece(block)], Styles(self._theme))
        group = self._group
        group.lay_out(width)
        if self._details is None:
            self._details = CodeFrame(self._theme, self)
        if self._details.edit.ground is not group.drawing:
            self._details.bind(group)
        self._details.show_group(group)
        return self._details, group.height

    def _drop_details(self) -> None:
        if self._details is not None:
            self._details.unbind()
            self._details.hide()
        if self._group is not None:
            self._group.free()
            self._group = None

    def _mirrored(self, rect: QRect, width: int) -> QRect:
        if QGuiApplication.isRightToLeft():
            rect.moveLeft(width - rect.right() - 1)
        return rect

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._shown is not None:
            rect = self._mirrored(QRect(LEFT, TOP, ICON, ICON), self.width())
            paint_icon(QPainter(self), self._theme, self._shown.icon, self._icon_tone, ICON, rect)


def _kinds(actions: tuple[ErrorAction, ...]) -> list[ErrorActionKind]:
    return [action.kind for action in actions]


def _kind(action: ErrorAction) -> Kind:
    if action.is_primary:
        return Kind.PRIMARY
    if action.kind in {ErrorActionKind.CANCEL, ErrorActionKind.DETAILS}:
        return Kind.QUIET
    return Kind.SECONDARY
