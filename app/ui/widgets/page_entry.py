"""One line of a list of pages: an icon and a name, chosen like a radio button."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QRadioButton, QSizePolicy, QWidget

from app.ui.theme import Theme
from app.ui.widgets.buttons import paint_icon
from app.ui.widgets.focus_ring import show_focus


class PageEntry(QRadioButton):
    """Arrow keys go from one to the next; where there is little room the icon stands alone."""

    def __init__(self, theme: Theme, icon: str, name: str, parent: QWidget) -> None:
        super().__init__(name, parent)
        self._theme = theme
        self._icon = icon
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def sizeHint(self) -> QSize:
        return QSize(160, max(34, QFontMetrics(self._theme.font("ui.medium")).height() + 12))

    def minimumSizeHint(self) -> QSize:
        return QSize(34, self.sizeHint().height())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        show_focus(self, event, self._theme, 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, chosen = self._theme, self.isChecked()
        if chosen or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("fill.selected" if chosen else "fill.hover"))
            painter.drawRoundedRect(self.rect(), 8, 8)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        icon = QRect(self.width() - 27 if mirrored else 9, 0, 18, self.height())
        paint_icon(painter, theme, self._icon, "accent.text" if chosen else "text.secondary", 18, icon)
        if self.width() < 60:
            return
        painter.setFont(theme.font("ui.medium" if chosen else "ui"))
        painter.setPen(theme.color("text.primary" if chosen or self.underMouse() else "text.secondary"))
        room = self.rect().adjusted(9, 0, -37, 0) if mirrored else self.rect().adjusted(37, 0, -9, 0)
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        shown = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignAbsolute | side | Qt.AlignmentFlag.AlignVCenter, shown)
