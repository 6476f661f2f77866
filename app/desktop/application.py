"""The application object, which knows that it is being quit before its windows do."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication


class Application(QApplication):
    """Quitting closes every window, and a window that is closed may mean that the app goes on without it.

    `is_quitting` tells the two apart, wherever the wish comes from: a menu, a key, a signal, or on macOS the
    Dock, which asks nobody else.
    """

    is_quitting = False

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Quit:
            self.is_quitting = True
        return super().event(event)
