"""How a window comes to the front with the permission that the desktop gave to another process."""

from __future__ import annotations

import os
from typing import cast

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QWidget

from app.desktop.hand_over import TOKEN_VARIABLES

# ms that a window manager has to do what is asked for, before it is told again that the person asks.
X11_PATIENCE = (100, 200, 400, 800)


def bring_to_front(window: QWidget, token: str = "") -> None:
    """Show `window` where it isn't, out of the task bar where it is in there, and give it the keyboard.

    `token` is the desktop's permission, from a second start, a tray or a notification. Qt looks for it in
    the environment, for Wayland each time that a window asks to be activated.
    """
    for name in TOKEN_VARIABLES:
        # Never one of an earlier time: it is good for once.
        os.environ.pop(name, None)
        if token:
            os.environ[name] = token
    if window.isMinimized():
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()
    for name in TOKEN_VARIABLES:
        os.environ.pop(name, None)
    if QGuiApplication.platformName() == "xcb":
        Arrival(window, token)


def bring_here(window: QWidget, token: str = "") -> None:
    """The same for a window that belongs to where the person is: from another virtual desktop it is fetched,
    and nobody is sent there.
    """
    if window.isVisible() and QGuiApplication.platformName() == "xcb":
        from app.desktop.x11_arrival import fetch

        fetch(os.environ.get("DISPLAY", ""), int(window.winId()))
    bring_to_front(window, token)


def has_keyboard(window: QWidget) -> bool:
    """Whether what is typed now goes to `window`.

    On X11 Qt believes for 100 ms more, and longer while it is busy, that a window has the keyboard after that
    was lost to another program or to another virtual desktop (focusInTimer of QXcbConnection).
    """
    if not window.isActiveWindow() or QGuiApplication.platformName() != "xcb":
        return window.isActiveWindow()
    from app.desktop.x11_arrival import is_ours_in_front

    return is_ours_in_front(os.environ.get("DISPLAY", ""), int(window.winId()))


class Arrival(QObject):
    """Of a window on X11: Qt asks for the keyboard once, with the time of the last key that was pressed in a
    window of ours, and the server does nothing where another program had the keyboard since.

    It insists a few times, and no longer when the window once had it: whoever left is where they want to be.
    """

    def __init__(self, window: QWidget, token: str) -> None:
        super().__init__(window)
        self._window = window
        self._token = token
        self._patience = iter(X11_PATIENCE)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)
        self._has_come = False
        self._application = cast(QGuiApplication, QGuiApplication.instance())
        self._application.focusWindowChanged.connect(self._on_focus_window_changed)
        self._timer.start(next(self._patience))

    def _on_focus_window_changed(self, focused: QWindow | None) -> None:
        if focused is not None:
            self._has_come = True

    def _look(self) -> None:
        from app.desktop.x11_arrival import end_startup, insist

        display, number = os.environ.get("DISPLAY", ""), int(self._window.winId())
        token, self._token = self._token, ""
        if "_TIME" in token:
            end_startup(display, number, token)
        is_wanted = self._window.isVisible() and not self._window.isMinimized() and not self._has_come
        wait = next(self._patience, None)
        if is_wanted and insist(display, number) and wait is not None:
            self._timer.start(wait)
        else:
            self._application.focusWindowChanged.disconnect(self._on_focus_window_changed)
            self.deleteLater()
