"""Who answers, and how the connection is: the foot of the sidebar."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.chat.connections import EndpointStatus
from app.core.provider import Endpoint, EndpointKind
from app.ui.theme import Theme
from app.ui.widgets.buttons import paint_icon
from app.ui.widgets.label import one_line

DOTS = {
    EndpointStatus.CONNECTED: "success.text",
    EndpointStatus.OFFLINE: "text.tertiary",
    EndpointStatus.REFUSED: "danger.text",
}


class EndpointBadge(QWidget):
    """A symbol with a state dot, the endpoint's name, and its state in words."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._endpoint: Endpoint | None = None
        self._status = EndpointStatus.UNKNOWN
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_endpoint(self, endpoint: Endpoint | None, status: EndpointStatus) -> None:
        """Name this endpoint; None before one is set up."""
        self._endpoint, self._status = endpoint, status
        self.setAccessibleName(", ".join(self._words()))
        self.update()

    def _words(self) -> tuple[str, str]:
        endpoint = self._endpoint
        if endpoint is None:
            return self.tr("No endpoint"), self.tr("Add one in Settings")
        name = one_line(endpoint.name) or endpoint.host
        if endpoint.kind is EndpointKind.DEMO:
            return name, self.tr("In this app")
        match self._status:
            case EndpointStatus.CONNECTED:
                return name, self.tr("Connected")
            case EndpointStatus.OFFLINE:
                return name, self.tr("Offline")
            case EndpointStatus.REFUSED:
                return name, self.tr("Key not accepted")
            case _:
                return name, endpoint.host

    def _symbol(self) -> str:
        endpoint = self._endpoint
        if endpoint is None:
            return "plug"
        if endpoint.kind is EndpointKind.DEMO:
            return "wind"
        return "server" if endpoint.is_loopback else "cloud"

    def sizeHint(self) -> QSize:
        return QSize(140, 40)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, 40)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        tile = QRect(self.width() - 32 if mirrored else 0, (self.height() - 32) // 2, 32, 32)
        painter.setPen(QPen(theme.color("line.hair"), 1))
        painter.setBrush(theme.color("bg.surface"))
        painter.drawRoundedRect(QRectF(tile).adjusted(0.5, 0.5, -0.5, -0.5), 7.5, 7.5)
        paint_icon(painter, theme, self._symbol(), "text.secondary", 18, tile)
        if self._status in DOTS:
            middle = QPointF(tile.right() - 1.0, tile.bottom() - 1.0)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("bg.sidebar"))
            painter.drawEllipse(middle, 5.0, 5.0)
            painter.setBrush(theme.color(DOTS[self._status]))
            painter.drawEllipse(middle, 3.0, 3.0)
        text = self.rect().adjusted(0, 0, -42, 0) if mirrored else self.rect().adjusted(42, 0, 0, 0)
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        middle_y = text.center().y()
        for words, style, tone, top in zip(
            self._words(),
            ("ui.medium", "label"),
            ("text.primary", "text.secondary"),
            (middle_y - 17, middle_y + 1),
            strict=True,
        ):
            font = theme.font(style)
            painter.setFont(font)
            painter.setPen(theme.color(tone))
            shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, text.width())
            painter.drawText(
                QRect(text.left(), top, text.width(), 17),
                Qt.AlignmentFlag.AlignAbsolute | side | Qt.AlignmentFlag.AlignVCenter,
                shown,
            )
