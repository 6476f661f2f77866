"""How the small window gets the keyboard and gives it back, and how it learns that another one has it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.quick_ask.former import FormerWindow

AWAY = 50  # ms without the keyboard after which the person is elsewhere


class Coming(QObject):
    """Signals: `left()`: the window is in sight, and the person works in another one."""

    left = Signal()

    def __init__(
        self, window: QWidget, former: FormerWindow, bring_to_front: Callable[[QWidget, str], object]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._former = former
        self._bring_to_front = bring_to_front
        self._was_in_front = False
        self.away_timer = QTimer(self)
        self.away_timer.setSingleShot(True)
        self.away_timer.setInterval(AWAY)
        self.away_timer.timeout.connect(self._on_away)

    def come(self, activation_token: str) -> None:
        """Have the window in front; whoever is there now is who the person comes from."""
        if not self._window.isActiveWindow():
            self._former.remember()
        self._bring_to_front(self._window, activation_token)

    def leave(self) -> None:
        """Hide the window, and let the one that was in front before have the keyboard again."""
        if self._window.isActiveWindow():
            self._former.give_back()
        self._window.hide()

    def note_activation(self) -> None:
        """The window has got the keyboard, or has lost it."""
        if self._window.isActiveWindow():
            self._was_in_front = True
        elif self._was_in_front:
            # Not at once: the keyboard may be on its way to a menu of this window, or back from one.
            self.away_timer.start()

    def note_end(self) -> None:
        """The window is hidden."""
        self._was_in_front = False
        self.away_timer.stop()

    def _on_away(self) -> None:
        is_ours = self._window.isActiveWindow() or QApplication.activePopupWidget() is not None
        if not is_ours and self._window.isVisible():
            self.left.emit()
