"""Whether the app goes on when its window is closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from app.chat.preferences import Preferences
from app.ui.main_window import MainWindow
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.ui.staying_note import StayingNote


class Staying(QObject):
    """Decides each time that the window is closed. `has_tray` and `is_quitting` are asked at that moment.

    Signals: `quit_asked()`: there is no reason to go on, or the person wants none.
    """

    quit_asked = Signal()

    def __init__(
        self,
        theme: Theme,
        window: MainWindow,
        preferences: Preferences,
        has_tray: Callable[[], bool],
        is_quitting: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._preferences = preferences
        self._has_tray = has_tray
        self._is_quitting = is_quitting
        self.has_hotkey = False
        self._note: StayingNote | None = None
        # Later: the window is still about to close.
        window.closed.connect(self._on_closed, Qt.ConnectionType.QueuedConnection)

    @property
    def is_reachable(self) -> bool:
        """Whether a person can reach the app without its window."""
        return self.has_hotkey or self._has_tray()

    def _on_closed(self) -> None:
        if self._is_quitting():
            return
        settings = self._preferences.current
        if not settings.keep_running or not self.is_reachable:
            self.quit_asked.emit()
        elif not settings.knows_it_keeps_running:
            self._preferences.set(replace(settings, knows_it_keeps_running=True))
            from app.ui.staying_note import StayingNote  # once in a lifetime

            self._note = StayingNote(self._theme)
            self._note.quit_asked.connect(self.quit_asked)
            self._note.show()
