"""One endpoint in the list of Settings: symbol, name, host, and how it answered last in words."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QRadioButton, QSizePolicy, QWidget

from app.chat.connections import EndpointStatus, preset_of
from app.core.provider import PRESETS, Endpoint, EndpointKind
from app.ui.theme import Theme
from app.ui.widgets.buttons import paint_icon
from app.ui.widgets.focus_ring import is_by_keyboard
from app.ui.widgets.label import one_line

HEIGHT = 52


class EndpointRow(QRadioButton):
    """A radio button: one of the rows is open below the list. Named by the endpoint."""

    def __init__(self, theme: Theme, endpoint_id: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.endpoint_id = endpoint_id
        self._host = ""
        self._icon = "plug"
        self._status = EndpointStatus.UNKNOWN
        self._is_default = False
        self._is_first = self._is_last = True
        self._shows_focus = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_endpoint(self, endpoint: Endpoint, status: EndpointStatus, *, is_default: bool) -> None:
        """Show `endpoint`; one without an address is being written."""
        self._host = endpoint.host if endpoint.base_url else self.tr("Not saved yet")
        if endpoint.kind is EndpointKind.DEMO:
            self._host = self.tr("Answers in this app, without a network")
        self._icon = _icon_of(endpoint)
        self._status = status
        self._is_default = is_default
        self.setText(one_line(endpoint.name) or self._host)
        words = (self._host, self.tr("Default") if is_default else "", self._status_words()[0])
        self.setAccessibleName(self.text())
        self.setAccessibleDescription(", ".join(filter(None, words)))
        self.update()

    def set_place(self, *, is_first: bool, is_last: bool) -> None:
        """Say where in the list it stands, for its corners and its line."""
        self._is_first, self._is_last = is_first, is_last

    def _status_words(self) -> tuple[str, str]:
        match self._status:
            case EndpointStatus.CONNECTED:
                return self.tr("Connected"), "success.text"
            case EndpointStatus.OFFLINE:
                return self.tr("Not reachable"), "text.secondary"
            case EndpointStatus.REFUSED:
                return self.tr("Key refused"), "danger.text"
            case _:
                return "", ""

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def sizeHint(self) -> QSize:
        name, host = QFontMetrics(self._theme.font("ui.medium")), QFontMetrics(self._theme.font("label"))
        return QSize(300, max(HEIGHT, name.height() + host.height() + 16))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._shows_focus = is_by_keyboard(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._shows_focus = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        ground = QPainterPath()
        # The rows fill their card: its corners are theirs.
        box = QRectF(self.rect()).adjusted(0, 0 if self._is_first else -20, 0, 0 if self._is_last else 20)
        ground.addRoundedRect(box, 11, 11)
        if self.isChecked() or self.underMouse():
            painter.fillPath(ground, theme.color("accent.tint" if self.isChecked() else "fill.hover"))
        if not self._is_first:
            painter.fillRect(0, 0, self.width(), 1, theme.color("line.hair"))
        if self._shows_focus:
            painter.setPen(QPen(theme.color("line.focus"), theme.focus_width))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3, 3, -3, -3), 8, 8)
        status, tone = self._status_words()
        right = self.width() - 15
        if status:
            metrics = QFontMetrics(theme.font("label"))
            width = metrics.horizontalAdvance(status)
            right -= width
            self._write(painter, "label", tone, QRect(right, 0, width + 1, self.height()), status)
            right -= 13
            self._paint_dot(painter, right + 4, tone)
            right -= 10
        self._paint_names(painter, right)

    def _paint_names(self, painter: QPainter, right: int) -> None:
        theme = self._theme
        icon = self._mirrored(QRect(15, 0, 18, self.height()))
        paint_icon(painter, theme, self._icon, "text.secondary", 18, icon)
        name, host = QFontMetrics(theme.font("ui.medium")), QFontMetrics(theme.font("label"))
        line = max(18, name.height())
        top = (self.height() - line - max(16, host.height())) // 2
        tag = self.tr("Default") if self._is_default else ""
        tag_width = QFontMetrics(theme.font("label.medium")).horizontalAdvance(tag) + 12 if tag else 0
        room = max(0, right - 46 - (tag_width + 8 if tag else 0))
        shown = name.elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        self._write(painter, "ui.medium", "text.primary", QRect(46, top, room, line), shown)
        if tag:
            left = 46 + min(name.horizontalAdvance(self.text()), room) + 8
            box = self._mirrored(QRect(left, top, tag_width, 18))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("fill.selected"))
            painter.drawRoundedRect(box, 5, 5)
            painter.setFont(theme.font("label.medium"))
            painter.setPen(theme.color("accent.text"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, tag)
        room = max(0, right - 46)
        shown = host.elidedText(self._host, Qt.TextElideMode.ElideRight, room)
        self._write(
            painter, "label", "text.secondary", QRect(46, top + line, room, max(16, host.height())), shown
        )

    def _paint_dot(self, painter: QPainter, middle: int, tone: str) -> None:
        at = self._mirrored(QRect(middle - 4, 0, 8, self.height())).center()
        centre = QPointF(at.x() + 0.5, self.height() / 2 + 0.5)
        if self._status is EndpointStatus.OFFLINE:
            painter.setPen(QPen(self._theme.color(tone), 1.2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(centre, 3.0, 3.0)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color(tone))
            painter.drawEllipse(centre, 3.5, 3.5)

    def _write(self, painter: QPainter, style: str, tone: str, box: QRect, text: str) -> None:
        painter.setFont(self._theme.font(style))
        painter.setPen(self._theme.color(tone))
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        flags = Qt.AlignmentFlag.AlignAbsolute | side | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self._mirrored(box), flags | Qt.TextFlag.TextSingleLine, text)

    def _mirrored(self, box: QRect) -> QRect:
        """`box`, given for text that runs from the left, where it stands in this direction."""
        if self.layoutDirection() is not Qt.LayoutDirection.RightToLeft:
            return box
        return QRect(self.width() - box.left() - box.width(), box.top(), box.width(), box.height())


def _icon_of(endpoint: Endpoint) -> str:
    if endpoint.kind is EndpointKind.DEMO:
        return "wind"
    preset = preset_of(endpoint.base_url)
    if preset is not None and preset.needs_key:
        return "cloud" if preset is PRESETS[0] else "model"
    return "server" if endpoint.is_loopback else "plug"
