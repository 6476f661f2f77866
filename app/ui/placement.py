"""Where a window stands, kept between two starts and always where it can be seen."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.core.settings import WindowGeometry

MIN_SIZE = (480, 520)  # px
HOLD = (120, 80)  # px of a window that can be seen and dragged


def place(window: QWidget, geometry: WindowGeometry | None) -> None:
    """Put `window` where `geometry` says, as far as there is a screen; None: the usual size, anywhere."""
    wanted = geometry or WindowGeometry()
    rect = QRect(wanted.x, wanted.y, wanted.width, wanted.height)
    screen = QGuiApplication.screenAt(rect.center()) or QGuiApplication.primaryScreen()
    rect = clamped(rect, screen.availableGeometry())
    window.resize(rect.size())
    if geometry is not None:
        window.move(rect.topLeft())
    if wanted.maximised:
        window.setWindowState(Qt.WindowState.WindowMaximized)


def clamped(rect: QRect, room: QRect) -> QRect:
    """`rect` moved, and where it must be made smaller, into `room`."""
    width = max(min(rect.width(), room.width()), min(MIN_SIZE[0], room.width()))
    height = max(min(rect.height(), room.height()), min(MIN_SIZE[1], room.height()))
    left = min(max(rect.x(), room.left()), room.right() + 1 - width)
    top = min(max(rect.y(), room.top()), room.bottom() + 1 - height)
    return QRect(left, top, width, height)


def keep_in_sight(window: QWidget) -> None:
    """Bring `window` back to a screen where none shows enough of it to take hold of."""
    if window.isMaximized() or window.isFullScreen():
        return
    rect = window.geometry()
    for screen in QGuiApplication.screens():
        shown = screen.availableGeometry().intersected(rect)
        if shown.width() >= HOLD[0] and shown.height() >= HOLD[1]:
            return
    window.setGeometry(clamped(rect, QGuiApplication.primaryScreen().availableGeometry()))


def geometry_of(window: QWidget, sidebar_width: int, sidebar_hidden: bool) -> WindowGeometry:
    """Where `window` stands, or would if it weren't maximised."""
    covers = window.isMaximized() or window.isFullScreen()
    normal = window.normalGeometry() if covers else window.geometry()
    return WindowGeometry(
        normal.x(),
        normal.y(),
        normal.width(),
        normal.height(),
        window.isMaximized(),
        sidebar_width,
        sidebar_hidden,
    )
