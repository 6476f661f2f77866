"""The toast: one short sentence that goes by itself, with at most one thing to do about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFocusEvent,
    QFontMetrics,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.ui.theme import Theme
from app.ui.widgets.focus_ring import show_focus
from app.ui.widgets.label import ElidedLabel

STAYS, STAYS_WITH_ACTION = 6_000, 10_000  # ms (SPEC §2.6)


class Toast(QWidget):
    """One for each window; a new message takes the place of the old one.

    It stays while the pointer or the focus is on it.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._action: Callable[[], None] | None = None
        self._bottom: int | None = None
        self._label = ElidedLabel(theme, tone="text.onTooltip")
        self._button = _ToastButton(theme)
        self._button.clicked.connect(self._on_action)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 0, 8, 0)
        layout.setSpacing(12)
        layout.addWidget(self._label)
        layout.addWidget(self._button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time)
        self.hide()

    @property
    def text(self) -> str:
        """What it says while it is shown."""
        return self._label.text()

    def say(self, text: str, action: str = "", do: Callable[[], None] | None = None) -> None:
        """Show `text`; a click on `action` calls `do` and takes the toast away."""
        self._label.set_text(text)
        self._action = do
        self._button.setText(action)
        self._button.setVisible(bool(action))
        self.setAccessibleName(text)
        self._timer.start(STAYS_WITH_ACTION if action else STAYS)
        self.show()
        self.raise_()
        self.place()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, f"{text}. {action}".rstrip(". ")))

    def place(self, bottom: int | None = None) -> None:
        """Stand in the middle of the parent with the lower edge at `bottom`, in the parent's px."""
        parent = self.parentWidget()
        if parent is None:
            return
        if bottom is not None:
            self._bottom = bottom
        edge = self._bottom if self._bottom is not None else parent.height() - 16
        wanted = self._label.sizeHint().width() + 14 + 8
        if self._button.isVisibleTo(self):
            wanted += 12 + self._button.sizeHint().width()
        width = min(wanted, parent.width() - 32)
        height = max(42, self._label.sizeHint().height() + 22)
        self.setGeometry((parent.width() - width) // 2, edge - height, width, height)

    def dismiss(self) -> None:
        """Go now."""
        self._timer.stop()
        self._action = None
        self.hide()

    def _on_time(self) -> None:
        if self.underMouse() or self._button.hasFocus():
            self._timer.start(STAYS)
        else:
            self.dismiss()

    def _on_action(self) -> None:
        do = self._action
        self.dismiss()
        if do is not None:
            do()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("bg.tooltip"))
        painter.drawRoundedRect(QRectF(self.rect()), 10, 10)


class _ToastButton(QPushButton):
    """Underlined words on the toast's dark ground."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFont(theme.font("ui.medium"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self.text()) + 18, 28)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        show_focus(self, event, self._theme, 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        font = self.font()
        painter.setFont(font)
        painter.setPen(self._theme.color("text.onTooltip"))
        metrics = QFontMetrics(font)
        text = QRect(self.rect())
        painter.drawText(text, Qt.AlignmentFlag.AlignCenter, self.text())
        width = metrics.horizontalAdvance(self.text())
        left = (self.width() - width) // 2
        base = (self.height() + metrics.ascent() - metrics.descent()) // 2
        painter.drawLine(left, base + 3, left + width, base + 3)
