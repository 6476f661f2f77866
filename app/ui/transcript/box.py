"""A box with round corners that costs as much as its corners: they are smoothed once, the rest is filled."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
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
    inner = rect.adjusted(side, side, -side, -side)
    for x, from_x in ((rect.left(), 0), (inner.right() + 1, side)):
        for y, from_y in ((rect.top(), 0), (inner.bottom() + 1, side)):
            part = QRect(from_x, from_y, side, side)
            scaled = QRect(part.topLeft() * int(ratio), part.size() * int(ratio))
            painter.drawPixmap(QRect(QPoint(x, y), part.size()), corners, scaled)
    was_smooth = painter.testRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.fillRect(rect.adjusted(side, 0, -side, 0), fill)
    painter.fillRect(rect.adjusted(0, side, 0, -side), fill)
    if line is not None:
        painter.fillRect(inner.left(), rect.top(), inner.width(), 1, line)
        painter.fillRect(inner.left(), rect.bottom(), inner.width(), 1, line)
        painter.fillRect(rect.left(), inner.top(), 1, inner.height(), line)
        painter.fillRect(rect.right(), inner.top(), 1, inner.height(), line)
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
