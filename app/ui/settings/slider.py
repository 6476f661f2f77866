"""The slider: a thin track with a round knob."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QWidget

from app.ui.theme import Theme
from app.ui.widgets.focus_ring import show_focus

KNOB = 16


class Slider(QSlider):
    """From `low` to `high`, with the arrow keys one by one; the wheel passes over it."""

    def __init__(self, theme: Theme, name: str, low: int, high: int, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self.setAccessibleName(name)
        self.setRange(low, high)
        self.setPageStep(1)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        return QSize(146, 28)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        show_focus(self, event, self._theme, 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        # Where the style has the handle that the pointer drags, there the knob is painted.
        handle = self.style().subControlRect(
            QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, self
        )
        middle = QPoint(handle.center().x(), self.height() // 2)
        track = QRectF(KNOB / 2, middle.y() - 2, self.width() - KNOB, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("fill.track"))
        painter.drawRoundedRect(track, 2, 2)
        filled = QRectF(track)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            filled.setLeft(middle.x())
        else:
            filled.setRight(middle.x())
        painter.setBrush(self._theme.color("accent.mark"))
        painter.drawRoundedRect(filled, 2, 2)
        painter.setPen(QPen(self._theme.color("accent.mark"), 2))
        painter.setBrush(self._theme.color("bg.surface"))
        painter.drawEllipse(QRectF(middle.x() - 7, middle.y() - 7, KNOB - 2, KNOB - 2))
