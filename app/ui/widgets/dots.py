"""Dots that say that something is alive, or how a connection is; words always stand beside them."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, QPointF, QTimer, Signal
from PySide6.QtGui import QColor, QPainter

from app.ui.theme import Theme

PERIOD = 1600  # ms from full to full (SPEC §2.6)
FRAME = 100  # ms: ten frames a second are enough for something that breathes


class Pulse(QObject):
    """The breath of the live dots. It costs nothing while it isn't started.

    Signals: `beat()` whenever `opacity` changed.
    """

    beat = Signal()

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._at = 0
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME)
        self._timer.timeout.connect(self._on_frame)

    @property
    def opacity(self) -> float:
        """From 0.4 to 1; 1 at rest and with less motion."""
        return 0.7 + 0.3 * math.cos(2 * math.pi * self._at / PERIOD)

    def start(self) -> None:
        """Breathe; with less motion stay still."""
        if not self._theme.less_motion and not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """Stand still at full strength."""
        self._timer.stop()
        self._at = 0

    def _on_frame(self) -> None:
        self._at = (self._at + FRAME) % PERIOD
        self.beat.emit()


def paint_dot(painter: QPainter, middle: QPointF, colour: QColor, opacity: float = 1.0) -> None:
    """Paint a dot of 8 px around `middle`."""
    painter.save()
    painter.setOpacity(opacity)
    painter.setBrush(colour)
    painter.setPen(QColor(0, 0, 0, 0))
    painter.drawEllipse(middle, 4.0, 4.0)
    painter.restore()
