"""One of several cards, of which one is chosen."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QRadioButton, QSizePolicy, QWidget

from app.ui.theme import Theme
from app.ui.widgets.buttons import paint_icon
from app.ui.widgets.focus_ring import show_focus

RADIUS = 12


class ChoiceCard(QRadioButton):
    """A radio button that looks like a card: icon, name, and a line of explanation below it."""

    def __init__(self, theme: Theme, icon: str, name: str, line: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._theme = theme
        self._icon = icon
        self._line = line
        self.setAccessibleName(name)
        self.setAccessibleDescription(line)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def sizeHint(self) -> QSize:
        name = QFontMetrics(self._theme.font("title.s"))
        line = QFontMetrics(self._theme.font("ui"))
        width = max(name.horizontalAdvance(self.text()), line.horizontalAdvance(self._line))
        return QSize(46 + width + 44, max(68, name.height() + line.height() + 28))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        show_focus(self, event, self._theme, RADIUS)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, chosen = self._theme, self.isChecked()
        over = self.underMouse() and not chosen
        fill = "accent.tint" if chosen else "fill.hover" if over else "bg.surface"
        width = 2 if chosen else 1
        painter.setPen(QPen(theme.color("accent.mark" if chosen else "line.hair"), width))
        painter.setBrush(theme.color(fill))
        edge = width / 2
        box = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
        painter.drawRoundedRect(box, RADIUS - edge, RADIUS - edge)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            icon_left, radio_left, text_left = self.width() - 35, 14, 36
        else:
            icon_left, radio_left, text_left = 15, self.width() - 31, 46
        paint_icon(
            painter,
            theme,
            self._icon,
            "accent.text" if chosen else "text.secondary",
            20,
            QRect(icon_left, 14, 20, 20),
        )
        paint_radio(painter, theme, QRectF(radio_left, 15, 16, 16), is_on=chosen)
        self._paint_text(painter, text_left)

    def _paint_text(self, painter: QPainter, left: int) -> None:
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        top = 13
        for style, tone, text, behind in (
            ("title.s", "text.primary", self.text(), 36),
            ("ui", "text.secondary", self._line, 12),  # the round mark stands beside the name only
        ):
            at = left - 36 + behind if mirrored else left
            room = QRect(at, 0, self.width() - 46 - behind, self.height())
            font = self._theme.font(style)
            metrics = QFontMetrics(font)
            height = max(20, metrics.height())
            painter.setFont(font)
            painter.setPen(self._theme.color(tone))
            painter.drawText(
                QRect(room.left(), top, room.width(), height),
                Qt.AlignmentFlag.AlignAbsolute | side | Qt.AlignmentFlag.AlignVCenter,
                metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width()),
            )
            top += height + 1


def paint_radio(painter: QPainter, theme: Theme, box: QRectF, *, is_on: bool) -> None:
    """Paint the round mark of a radio button, 16 px."""
    if is_on:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent.mark"))
        painter.drawEllipse(box)
        painter.setBrush(theme.color("accent.knob"))
        painter.drawEllipse(box.center(), 3.0, 3.0)
    else:
        painter.setPen(QPen(theme.color("line.field"), 1.5))
        painter.setBrush(theme.color("bg.surface"))
        painter.drawEllipse(box.adjusted(0.75, 0.75, -0.75, -0.75))
