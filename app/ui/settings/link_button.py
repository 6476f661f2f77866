"""Words that do something when they are clicked, in the colour of a link."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.ui.theme import Theme
from app.ui.widgets.buttons import paint_icon
from app.ui.widgets.focus_ring import show_focus


class LinkButton(QPushButton):
    """A button without a ground; underlined under the pointer and with the focus."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        *,
        icon: str = "",
        style: str = "ui.medium",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._icon = icon
        self.setFont(theme.font(style))
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        # 28 px high, so that a finger or an unsteady pointer meets it.
        return QSize(
            metrics.horizontalAdvance(self.text()) + (18 if self._icon else 0) + 4, max(28, metrics.height())
        )

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        show_focus(self, event, self._theme, 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        font = self.font()
        font.setUnderline(self.underMouse() or self.hasFocus())
        painter.setFont(font)
        tone = "accent.text" if self.isEnabled() else "text.disabled"
        painter.setPen(self._theme.color(tone))
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        room = self.rect().adjusted(2, 0, -2, 0)
        if self._icon:
            at = room.left() if mirrored else room.right() - 13
            paint_icon(painter, self._theme, self._icon, tone, 14, QRect(at, 0, 14, self.height()))
            room.adjust(18 if mirrored else 0, 0, 0 if mirrored else -18, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, self.text())
