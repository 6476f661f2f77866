"""Where on a screen the small window stands and how large it may be."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QCursor, QGuiApplication, QScreen

from app.core.quick_ask import MIN_WIDTH, QuickSize

MARGIN = 16  # px that stay free of it at every side
IDLE_HEIGHT = 102
SHARE = 0.6  # of the screen's height that it takes at most (SPEC §4)


def wanted_screen(follows_pointer: bool) -> QScreen:
    """The screen with the pointer, else the main one."""
    under = QGuiApplication.screenAt(QCursor.pos()) if follows_pointer else None
    return under or QGuiApplication.primaryScreen()


def screen_name(screen: QScreen) -> str:
    """What a screen is known by from one day to the next, whichever socket it is plugged into."""
    parts = (screen.manufacturer(), screen.model(), screen.serialNumber())
    return " ".join(one for one in parts if one) or screen.name()


def width_on(room: QRect, size: QuickSize) -> int:
    """The window's width in px in `room`."""
    most = room.width() - 2 * MARGIN
    return max(min(size.width, most), min(MIN_WIDTH, most))


def most_height(room: QRect, size: QuickSize) -> int:
    """The most that its height may be in px."""
    usual = round(room.height() * SHARE)
    return min(size.height or usual, room.height() - 2 * MARGIN)


def first_corner(room: QRect, width: int) -> QPoint:
    """The upper corner of a window that opens: in the middle, its one line at a third of the height."""
    left = room.left() + (room.width() - width) // 2
    return QPoint(left, room.top() + max(MARGIN, room.height() // 3 - IDLE_HEIGHT // 2))


def clamped(rect: QRect, room: QRect) -> QRect:
    """`rect` moved, and where it must be made smaller, so that it stands in `room` with the margins free."""
    inner = room.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
    width, height = min(rect.width(), inner.width()), min(rect.height(), inner.height())
    left = min(max(rect.x(), inner.left()), inner.right() + 1 - width)
    top = min(max(rect.y(), inner.top()), inner.bottom() + 1 - height)
    return QRect(left, top, width, height)
