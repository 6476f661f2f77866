"""How a window comes to the front with the permission that the desktop gave to another process."""

from __future__ import annotations

import os

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.desktop.hand_over import TOKEN_VARIABLES

X11_PATIENCE = 100  # ms that a window manager has to do what Qt asks for


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
        QTimer.singleShot(X11_PATIENCE, window, lambda: _arrive_on_x11(window, token))


def bring_here(window: QWidget, token: str = "") -> None:
    """The same for a window that belongs to where the person is: from another virtual desktop it is fetched,
    and nobody is sent there.
    """
    if window.isVisible() and QGuiApplication.platformName() == "xcb":
        from app.desktop.x11_arrival import fetch

        fetch(os.environ.get("DISPLAY", ""), int(window.winId()))
    bring_to_front(window, token)


def _arrive_on_x11(window: QWidget, token: str) -> None:
    """Qt asks with the time of the last key that was pressed in a window of ours, which may be long ago."""
    from app.desktop.x11_arrival import end_startup, insist

    display, number = os.environ.get("DISPLAY", ""), int(window.winId())
    if window.isVisible() and QGuiApplication.focusWindow() is None:
        insist(display, number)
    if "_TIME" in token:
        end_startup(display, number, token)
