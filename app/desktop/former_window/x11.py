"""On X11 the window manager says which window is active, and makes another one active on request (EWMH)."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from app.desktop.x_server import FAULTS, XServer

NORMAL_STATE = 1  # of WM_STATE (ICCCM 4.1.3.1)
# A request of a program for its own windows may be refused; one of the person, which this is, isn't (EWMH).
FROM_THE_PERSON = 2

_log = logging.getLogger(__name__)


class X11FormerWindow(QObject):
    """Asks on a connection of its own, which is made when it is first needed."""

    def __init__(self, display_name: str, without_keys: str, parent: QObject | None = None) -> None:
        """`display_name` is as in the variable DISPLAY; `without_keys` says in words that this server lets no
        program press keys.
        """
        super().__init__(parent)
        self.cannot_paste = ""
        self._without_keys = without_keys
        self._name = display_name
        self._server: XServer | None = None
        self._window = 0

    def remember(self) -> None:
        """The window that is active now is the one to come back to."""
        self._window = 0
        try:
            if self._server is None:
                self._server = XServer(self._name)
                self.cannot_paste = "" if self._server.extension("XTEST") else self._without_keys
            active = self._server.numbers(self._server.root, "_NET_ACTIVE_WINDOW")
        except FAULTS as error:
            self._give_up(error)
            return
        self._window = active[0] if active else 0

    def give_back(self) -> None:
        """Make that window active; one that is gone, minimised or on no desktop is left alone."""
        server, window = self._server, self._window
        if server is None or not window:
            return
        try:
            # Else the message would bring a minimised window up again.
            if server.numbers(window, "WM_STATE")[:1] == (NORMAL_STATE,):
                server.tell_window_manager(window, "_NET_ACTIVE_WINDOW", FROM_THE_PERSON)
        except FAULTS as error:
            self._give_up(error)

    def paste(self, text: str, gave_up: Callable[[], None]) -> None:
        """Paste `text` there once it is active."""
        # Most talks never need it.
        from app.desktop.former_window.pasting import Pasting
        from app.desktop.former_window.x11_hands import X11Hands

        if self._server is None or not self._window:
            QGuiApplication.clipboard().setText(text)
            gave_up()
        else:
            Pasting(X11Hands(self._server, self._window), text, gave_up, self)

    def _give_up(self, error: Exception) -> None:
        _log.info("the X server doesn't say which window is active: %s", type(error).__name__)
        self._server = None
