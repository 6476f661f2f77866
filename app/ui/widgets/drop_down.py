"""The drop-down field: one of a list that opens."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QComboBox, QWidget

from app.ui.theme import Theme
from app.ui.widgets.buttons import paint_icon


class DropDown(QComboBox):
    """A combo box of plain text items, 32 px high; the wheel passes over it.

    On Linux Qt gives assistive technology the chosen text as the name: make it the buddy of its label.
    """

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFont(theme.font("ui"))

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        longest = max(
            (metrics.horizontalAdvance(self.itemText(at)) for at in range(self.count())), default=60
        )
        return QSize(longest + 10 + 34, max(32, metrics.height() + 10))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Scrolling a page must not change what the pointer happens to pass.
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = 2 if self.hasFocus() else 1
        line = "line.focus" if self.hasFocus() else "line.field" if self.isEnabled() else "line.hair"
        painter.setPen(QPen(self._theme.color(line), width))
        painter.setBrush(self._theme.color("bg.surface"))
        edge = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(edge, edge, -edge, -edge), 8 - edge, 8 - edge)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        arrow = QRect(8 if mirrored else self.width() - 22, 0, 14, self.height())
        paint_icon(painter, self._theme, "chevron-down", "text.secondary", 14, arrow)
        text = self.rect().adjusted(10, 0, -28, 0)
        if mirrored:
            text = self.rect().adjusted(28, 0, -10, 0)
        painter.setFont(self.font())
        painter.setPen(self._theme.color("text.primary" if self.isEnabled() else "text.disabled"))
        shown = QFontMetrics(self.font()).elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, text.width()
        )
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        painter.drawText(text, Qt.AlignmentFlag.AlignAbsolute | side | Qt.AlignmentFlag.AlignVCenter, shown)
