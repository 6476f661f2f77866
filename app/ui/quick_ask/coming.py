"""How the small window gets the keyboard and gives it back, and how it learns that another one has it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.quick_ask.former import FormerWindow

AWAY = 50  # ms without the keyboard after which the person is elsewhere
LATE = 1000  # ms in which Qt has surely heard what the desktop knows


class Front(NamedTuple):
    """What the desktop does: show a window and give it the keyboard, with the permission that another process
    got; and say whether a window has the keyboard, which Qt may hear late.
    """

    bring: Callable[[QWidget, str], object]
    has_keyboard: Callable[[QWidget], bool]


class Coming(QObject):
    """Signals: `left()`: the window is in sight, and the person works in another one."""

    left = Signal()

    def __init__(self, window: QWidget, former: FormerWindow, front: Front) -> None:
        super().__init__(window)
        self._window = window
        self._former = former
        self._front = front
        self._was_in_front = False
        self.away_timer = QTimer(self)
        self.away_timer.setSingleShot(True)
        self.away_timer.setInterval(AWAY)
        self.away_timer.timeout.connect(self._on_away)
        self._late_timer = QTimer(self)
        self._late_timer.setSingleShot(True)
        self._late_timer.setInterval(LATE)

    @property
    def is_in_front(self) -> bool:
        """Whether the window has the keyboard now."""
        return self._front.has_keyboard(self._window)

    def come(self, activation_token: str) -> None:
        """Have the window in front; whoever is there now is who the person comes from."""
        if not self.is_in_front:
            self._former.remember()
            # The person was elsewhere before; now this window is what they want.
            self.away_timer.stop()
            if self._window.isActiveWindow():
                self._late_timer.start()
        self._front.bring(self._window, activation_token)

    def leave(self) -> None:
        """Hide the window, and let the one that was in front before have the keyboard again."""
        if self.is_in_front:
            self._former.give_back()
        self._window.hide()

    def note_activation(self) -> None:
        """The window has got the keyboard, or has lost it."""
        if self._window.isActiveWindow():
            self._was_in_front = True
            self._late_timer.stop()
        elif self._late_timer.isActive():
            # Of the time before the window was asked for.
            self._was_in_front = False
            self._late_timer.stop()
        elif self._was_in_front:
            # Not at once: the keyboard may be on its way to a menu of this window, or back from one.
            self.away_timer.start()

    def note_end(self) -> None:
        """The window is hidden."""
        self._was_in_front = False
        self.away_timer.stop()
        self._late_timer.stop()

    def _on_away(self) -> None:
        is_ours = self._window.isActiveWindow() or QApplication.activePopupWidget() is not None
        if not is_ours and self._window.isVisible():
            self.left.emit()
