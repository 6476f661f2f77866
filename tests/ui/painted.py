"""What of a widget is painted anew."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

QUIET = 100  # ms without painting, after which nothing more is to come


class Painted(QObject):
    """Watches `widget`; `areas` are the px of each of its repaints, as shares of all of it."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.areas: list[float] = []
        self._widget = widget
        widget.installEventFilter(self)

    def forget_once_quiet(self, qtbot: QtBot) -> None:
        """Wait until what was to be painted is painted, however slowly, and count from then on."""
        seen = -1
        while seen != len(self.areas):
            seen = len(self.areas)
            qtbot.wait(QUIET)
        self.areas.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._widget and isinstance(event, QPaintEvent):
            size = self._widget.size()
            rects: Iterable[QRect] = event.region()  # type: ignore[assignment]  # it is one, says its manual
            painted = sum(rect.width() * rect.height() for rect in rects)
            self.areas.append(painted / (size.width() * size.height()))
        return False
