"""A small picture of the window in one theme, to choose that theme by."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QRadioButton, QSizePolicy, QWidget

from app.ui.theme import Theme
from app.ui.widgets.buttons import paint_icon
from app.ui.widgets.focus_ring import show_focus

PICTURE_HEIGHT = 84
RADIUS = 10


@dataclass(frozen=True, slots=True)
class Look:
    """The colours of the picture: grounds, the lines that stand for text, the two accents."""

    canvas: str
    side: str
    line: str
    accent: str
    user: str


LIGHT = Look("#FFFFFF", "#F1F1EE", "#CFD2D0", "#006773", "#D7E7EA")
DARK = Look("#1B1D1E", "#131516", "#54595A", "#5BB8C3", "#2C4347")


class ThemeCard(QRadioButton):
    """Shows `looks` side by side: one of them, or both for what follows the system."""

    def __init__(
        self, theme: Theme, icon: str, name: str, looks: tuple[Look, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(name, parent)
        self._theme = theme
        self._icon = icon
        self._looks = looks
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def sizeHint(self) -> QSize:
        height = QFontMetrics(self._theme.font("ui.medium")).height()
        return QSize(150, PICTURE_HEIGHT + 10 + max(20, height))

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self.sizeHint().height())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        show_focus(self, event, self._theme, RADIUS)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        picture = QRectF(0, 0, self.width(), PICTURE_HEIGHT)
        shape = QPainterPath()
        shape.addRoundedRect(picture.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        painter.save()
        share = picture.width() / len(self._looks)
        for number, look in enumerate(self._looks):
            part = QPainterPath()
            part.addRect(number * share, 0, share, picture.height())
            painter.setClipPath(shape.intersected(part))
            _paint_window(painter, picture, look)
        painter.restore()
        chosen = self.isChecked()
        tone = "accent.mark" if chosen else "line.field" if self.underMouse() else "line.hair"
        painter.setPen(QPen(self._theme.color(tone), 2 if chosen else 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        edge = 1.0 if chosen else 0.5
        painter.drawRoundedRect(picture.adjusted(edge, edge, -edge, -edge), RADIUS - edge, RADIUS - edge)
        self._paint_caption(painter)

    def _paint_caption(self, painter: QPainter) -> None:
        chosen = self.isChecked()
        font = self._theme.font("ui.medium" if chosen else "ui")
        metrics = QFontMetrics(font)
        tone = "text.primary" if chosen else "text.secondary"
        words = metrics.horizontalAdvance(self.text())
        top, height = PICTURE_HEIGHT + 10, self.height() - PICTURE_HEIGHT - 10
        left = max(0, (self.width() - words - 23) // 2)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        icon_left = left + words + 7 if mirrored else left
        paint_icon(painter, self._theme, self._icon, tone, 16, QRect(icon_left, top, 16, height))
        painter.setFont(font)
        painter.setPen(self._theme.color(tone))
        room = QRect(left if mirrored else left + 23, top, self.width() - 23, height)
        painter.drawText(
            room,
            Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width()),
        )


def _paint_window(painter: QPainter, box: QRectF, look: Look) -> None:
    painter.fillRect(box, QColor(look.canvas))
    painter.fillRect(QRectF(box.left(), 0, 44, box.height()), QColor(look.side))
    painter.setPen(Qt.PenStyle.NoPen)

    def bar(left: float, top: float, width: float, height: float, colour: str, radius: float = 2.5) -> None:
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(QRectF(box.left() + left, top, width, height), radius, radius)

    for number, width in enumerate((22, 28, 28, 20)):
        bar(8, 11 + number * 11, width, 5, look.accent if number == 0 else look.line)
    text = box.width() - 44 - 24
    bar(56, 11, text, 12, look.user, 4)
    for number, share in enumerate((1.0, 0.8, 0.55)):
        bar(56, 28 + number * 10, text * share, 5, look.line)
    painter.setPen(QPen(QColor(look.line), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(box.left() + 56.5, box.height() - 21.5, text, 13), 5, 5)
