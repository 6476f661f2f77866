"""The ring around what has the keyboard's focus."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.ui.theme import Theme

GAP = 2  # px between the control and the ring
KEYBOARD_REASONS = frozenset(
    {
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
    }
)


def is_by_keyboard(event: QFocusEvent) -> bool:
    """True where the focus came by a key, so that it has to be shown."""
    return event.reason() in KEYBOARD_REASONS


def show_focus(widget: QWidget, event: QFocusEvent, theme: Theme, radius: float) -> None:
    """Draw the ring around `widget`, whose corners have `radius`; call this in its `focusInEvent`.

    The ring goes away by itself with the focus. Nothing is drawn where the focus came by the pointer.
    """
    if not is_by_keyboard(event):
        return
    window = widget.window()
    ring = window.findChild(FocusRing, options=Qt.FindChildOption.FindDirectChildrenOnly)
    if ring is None:
        ring = FocusRing(window, theme)
    ring.surround(widget, radius)


class FocusRing(QWidget):
    """One for each window, over everything in it. It lets the pointer through."""

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self._theme = theme
        self._radius = 0.0
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def surround(self, widget: QWidget, radius: float) -> None:
        """Move to `widget` and follow it until it loses the focus."""
        self._forget()
        self._target, self._radius = widget, radius
        watched: QWidget | None = widget
        while watched is not None and watched is not self.parentWidget():
            watched.installEventFilter(self)
            self._watched.append(watched)
            watched = watched.parentWidget()
        self._place()
        self.show()
        self.raise_()

    def _forget(self) -> None:
        for widget in self._watched:
            if shiboken6.isValid(widget):  # else it is just being destroyed
                widget.removeEventFilter(self)
        self._watched.clear()
        self._target = None
        self.hide()

    def _place(self) -> None:
        target, window = self._target, self.parentWidget()
        if target is None or window is None:
            return
        around = GAP + self._theme.focus_width
        rect = QRect(target.mapTo(window, QPoint(0, 0)), target.size())
        self.setGeometry(rect.adjusted(-around, -around, around, around))
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.Move | QEvent.Type.Resize:
                self._place()
            case QEvent.Type.FocusOut if watched is self._target:
                self._forget()
            case QEvent.Type.Hide | QEvent.Type.Destroy | QEvent.Type.ParentChange:
                self._forget()
            case _:
                pass
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        width = self._theme.focus_width
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("line.focus"), width))
        inset = width / 2
        radius = self._radius + GAP + inset
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), radius, radius)
