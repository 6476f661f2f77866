"""The switch: on or off, at once."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from app.ui.theme import Theme
from app.ui.widgets.focus_ring import show_focus


class Switch(QCheckBox):
    """36 × 20 px; `name` is its accessible name, the words beside it are the row's."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        return QSize(36, 20)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        show_focus(self, event, self._theme, 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.45)
        wider = 1 if self.isDown() else 0
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        if mirrored:
            painter.translate(36, 0)
            painter.scale(-1, 1)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("accent.mark"))
            painter.drawRoundedRect(QRectF(0, 0, 36, 20), 10, 10)
            painter.setBrush(self._theme.color("accent.knob"))
            painter.drawRoundedRect(QRectF(19 - wider, 3, 14 + wider, 14), 7, 7)
        else:
            painter.setPen(QPen(self._theme.color("line.field"), 1.5))
            painter.setBrush(self._theme.color("bg.surface"))
            painter.drawRoundedRect(QRectF(0.75, 0.75, 34.5, 18.5), 9.25, 9.25)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("line.field"))
            painter.drawRoundedRect(QRectF(4, 4, 12 + wider, 12), 6, 6)
