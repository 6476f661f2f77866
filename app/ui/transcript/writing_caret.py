"""The block that stands behind the last word while an answer is written."""

from __future__ import annotations

import math

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from app.ui.theme import Theme

SIZE = QSize(9, 17)  # px at the normal text size
PERIOD, FRAME = 1000, 100  # ms (SPEC §2.6)


class WritingCaret(QWidget):
    """Breathes ten times a second in its own rectangle; with less motion it stands still.

    While words push it on, it is painted with them often enough.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._at = 0
        self._has_moved = False  # since the last beat
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME)
        self._timer.timeout.connect(self._on_frame)
        self.resize(SIZE)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @property
    def is_moving(self) -> bool:
        """Whether it breathes."""
        return self._timer.isActive()

    def stand_at(self, middle_left: QPoint) -> None:
        """Stand 3 px behind this point of the text's middle line."""
        place = QPoint(middle_left.x() + 3, middle_left.y() - SIZE.height() // 2)
        if place != self.pos():
            self._has_moved = True
            self.move(place)
        if self.isHidden():
            self.show()

    def _on_frame(self) -> None:
        self._at = (self._at + FRAME) % PERIOD
        if not self._has_moved:
            self.update()
        self._has_moved = False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._theme.less_motion:
            self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
        self._at = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(0.7 + 0.3 * math.cos(2 * math.pi * self._at / PERIOD))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("live.fill"))
        painter.drawRoundedRect(QRectF(self.rect()), 2, 2)
