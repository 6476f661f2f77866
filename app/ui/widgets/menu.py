"""Menus: popup windows with round corners and the product's own icons."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import (
    QAction,
    QGuiApplication,
    QKeySequence,
    QPainterPath,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu, QWidget

from app.ui.theme import Theme

RADIUS = 10


class Menu(QMenu):
    """A menu that is thrown away when it closes."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFont(theme.font("ui"))
        self.setMinimumWidth(190)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        round_popup(self)

    def add(
        self,
        text: str,
        do: Callable[[], object],
        *,
        icon: str = "",
        keys: QKeySequence | None = None,
        tone: str = "text.secondary",
    ) -> QAction:
        """Add a row that calls `do`. `keys` are shown only: they work where they are bound."""
        action = self.addAction(text.replace("&", "&&"))
        if icon:
            action.setIcon(self._theme.icon(icon, tone, 16))
        if keys is not None:
            action.setShortcut(keys)
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.setShortcutVisibleInContextMenu(True)
        action.triggered.connect(lambda _checked=False: do())
        return action

    def open_at(self, at: QPoint) -> None:
        """Open with the upper corner at `at`, in px of the screen; doesn't wait."""
        self.popup(at)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        round_corners(self, RADIUS)


def round_popup(popup: QWidget) -> None:
    """Take the system's frame and shadow off a popup window and let its corners through."""
    popup.setWindowFlags(
        popup.windowFlags() | Qt.WindowType.FramelessWindowHint | Qt.WindowType.NoDropShadowWindowHint
    )
    if not _cuts_corners():
        popup.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)


def round_corners(popup: QWidget, radius: int) -> None:
    """Cut the corners where a window can't be relied on to be translucent: X11 without a compositor."""
    if _cuts_corners():
        path = QPainterPath()
        path.addRoundedRect(QRectF(popup.rect()), radius, radius)
        popup.setMask(QRegion(path.toFillPolygon().toPolygon()))


def _cuts_corners() -> bool:
    return QGuiApplication.platformName() == "xcb"
