"""How a window comes to the front with the permission that the desktop gave to another process."""

from __future__ import annotations

import os

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.desktop.hand_over import TOKEN_VARIABLES


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
