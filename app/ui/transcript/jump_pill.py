"""The pill that takes a reader who has scrolled up back to the end."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from app.ui.theme import Theme
from app.ui.transcript.box import paint_box
from app.ui.widgets.buttons import paint_icon
from app.ui.widgets.dots import Pulse, paint_dot
from app.ui.widgets.focus_ring import show_focus

HEIGHT, LEFT, RIGHT, SPACE, DOT, ICON = 34, 12, 14, 8, 8, 14


class JumpPill(QPushButton):
    """Shows a live dot while there is more to come below."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_live = False
        self._pulse = Pulse(theme, self)
        self._pulse.beat.connect(self.update)
        self.setText(self.tr("Jump to latest"))
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.show_theme()
        self.hide()

    def show_theme(self) -> None:
        """Take the fonts of the theme."""
        self.setFont(self._theme.font("ui.medium"))
        self._words = QFontMetrics(self.font()).size(Qt.TextFlag.TextSingleLine, self.text())

    def set_live(self, *, is_live: bool) -> None:
        """Whether something is being written below."""
        if is_live != self._is_live:
            self._is_live = is_live
            self.setAccessibleDescription(self.tr("An answer is being written") if is_live else "")
            self.updateGeometry()
            self.update()
        if is_live and self.isVisible():
            self._pulse.start()
        else:
            self._pulse.stop()

    def sizeHint(self) -> QSize:
        # It is asked for with each px that somebody scrolls.
        dot = DOT + SPACE if self._is_live else 0
        width = LEFT + dot + self._words.width() + SPACE + ICON + RIGHT
        return QSize(width, max(HEIGHT, self._words.height() + 14))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        show_focus(self, event, self._theme, self.height() / 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        over = "fill.pressed" if self.isDown() else "fill.hover" if self.underMouse() else "bg.surface"
        radius = self.height() // 2 - 1
        paint_box(painter, self.rect(), radius, theme.color(over), theme.color("line.field"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = LEFT
        if self._is_live:
            middle = QPointF(x + DOT / 2, self.height() / 2)
            paint_dot(painter, middle, theme.color("live.fill"), self._pulse.opacity)
            x += DOT + SPACE
        painter.setFont(self.font())
        painter.setPen(theme.color("text.primary"))
        room = self.rect().adjusted(x, 0, -RIGHT - ICON - SPACE, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, self.text())
        icon = QRect(self.width() - RIGHT - ICON, 0, ICON, self.height())
        paint_icon(painter, theme, "arrow-down", "text.primary", ICON, icon)
