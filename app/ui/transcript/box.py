"""A box with round corners that costs as much as its corners: they are smoothed once, the rest is filled."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPixmapCache

OPAQUE = 255


def paint_box(painter: QPainter, rect: QRect, radius: int, fill: QColor, line: QColor | None = None) -> None:
    """Paint the box, with a line of 1 px as its edge where it has one."""
    ratio = painter.device().devicePixelRatio()
    is_plain = ratio == int(ratio) and fill.alpha() == OPAQUE and (line is None or line.alpha() == OPAQUE)
    side = radius + 1
    if not is_plain or min(rect.width(), rect.height()) < 2 * side:
        _paint_smoothly(painter, rect, radius, fill, line)
        return
    corners = _corners(side, radius, fill, line, int(ratio))
    left, top, width, height = rect.left(), rect.top(), rect.width(), rect.height()
    right, bottom, part = left + width - side, top + height - side, side * int(ratio)
    painter.drawPixmap(left, top, corners, 0, 0, part, part)
    painter.drawPixmap(right, top, corners, part, 0, part, part)
    painter.drawPixmap(left, bottom, corners, 0, part, part, part)
    painter.drawPixmap(right, bottom, corners, part, part, part, part)
    was_smooth = painter.testRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    across, down = width - 2 * side, height - 2 * side
    painter.fillRect(left, top + side, width, down, fill)
    painter.fillRect(left + side, top, across, side, fill)
    painter.fillRect(left + side, bottom, across, side, fill)
    if line is not None:
        painter.fillRect(left + side, top, across, 1, line)
        painter.fillRect(left + side, top + height - 1, across, 1, line)
        painter.fillRect(left, top + side, 1, down, line)
        painter.fillRect(left + width - 1, top + side, 1, down, line)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, was_smooth)


def _corners(side: int, radius: int, fill: QColor, line: QColor | None, ratio: int) -> QPixmap:
    """The smallest box of this kind: nothing but its four corners."""
    key = f"box {side} {radius} {fill.rgba()} {line.rgba() if line is not None else ''} {ratio}"
    found = QPixmap()
    if not QPixmapCache.find(key, found):
        found = QPixmap(2 * side * ratio, 2 * side * ratio)
        found.setDevicePixelRatio(ratio)
        found.fill(Qt.GlobalColor.transparent)
        painter = QPainter(found)
        _paint_smoothly(painter, QRect(0, 0, 2 * side, 2 * side), radius, fill, line)
        painter.end()
        QPixmapCache.insert(key, found)
    return found


def _paint_smoothly(painter: QPainter, rect: QRect, radius: int, fill: QColor, line: QColor | None) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    edge = 0.0 if line is None else 0.5
    painter.setPen(Qt.PenStyle.NoPen if line is None else QPen(line, 1))
    painter.setBrush(fill)
    painter.drawRoundedRect(QRectF(rect).adjusted(edge, edge, -edge, -edge), radius, radius)
