"""Keys in small outlined boxes."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.ui.theme import Theme


def cap_size(theme: Theme, text: str) -> QSize:
    """How large the box around `text` is."""
    metrics = QFontMetrics(theme.font("key"))
    return QSize(max(metrics.horizontalAdvance(text) + 12, 20), max(metrics.height() + 4, 20))


def paint_cap(painter: QPainter, theme: Theme, text: str, rect: QRect) -> None:
    """Paint `text` in a box that is as wide as `rect` and stands in its middle."""
    height = cap_size(theme, text).height()
    box = QRectF(
        rect.left() + 0.5,
        rect.top() + (rect.height() - height) / 2 + 0.5,
        rect.width() - 1,
        height - 1,
    )
    painter.setPen(QPen(theme.color("line.control"), 1))
    painter.setBrush(theme.color("bg.surface"))
    painter.drawRoundedRect(box, 4.5, 4.5)
    painter.setFont(theme.font("key"))
    painter.setPen(theme.color("text.secondary"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


class KeyCap(QWidget):
    """One such box."""

    def __init__(self, theme: Theme, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = text
        self.setAccessibleName(text)

    def sizeHint(self) -> QSize:
        return cap_size(self._theme, self._text)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_cap(painter, self._theme, self._text, self.rect())
