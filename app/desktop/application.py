"""The application object, which is told what no window is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QApplication


class Application(QApplication):
    """Quitting closes every window, and a window that is closed may mean that the app goes on without it.

    `is_quitting` tells the two apart, wherever the wish comes from: a menu, a key, a signal, or on macOS the
    Dock, which asks nobody else.

    Signals: `icon_clicked()`: on macOS, the one in the Dock. Qt says of that click only that the app is
    active, though it was so before, and of nothing else twice (qcocoaapplicationdelegate.mm,
    applicationShouldHandleReopen). It has been heard from no real Dock yet.
    """

    icon_clicked = Signal()
    is_quitting = False
    _is_active = False

    def event(self, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.Quit:
                self.is_quitting = True
            case QEvent.Type.ApplicationActivate:
                was_active, self._is_active = self._is_active, True
                if was_active:
                    self.icon_clicked.emit()
            case QEvent.Type.ApplicationDeactivate:
                self._is_active = False
        return super().event(event)
