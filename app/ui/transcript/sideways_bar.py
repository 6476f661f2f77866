"""The bar under what scrolls sideways: a wheel that turns up or down over it is the page's."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QScrollBar, QWidget


class SidewaysBar(QScrollBar):
    """Scrolls by drag, click and sideways wheel alone."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QWheelEvent) and abs(event.angleDelta().y()) > abs(event.angleDelta().x()):
            event.ignore()
            return False
        return super().event(event)
