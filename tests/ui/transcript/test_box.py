"""Tests of boxes with round corners: as Qt paints them whole, but for less."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from app.ui.theme import Theme
from app.ui.transcript.box import paint_box

RADIUS = 10
RECT = QRect(3, 2, 120, 70)


def canvas(ratio: float) -> QImage:
    image = QImage(QSize(130, 80) * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.white)
    return image


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize(
    "line", [QColor("#888888"), QColor(0, 0, 0, 90), None], ids=["line", "clear", "none"]
)
def test_a_box_is_painted_as_qt_would(theme: Theme, ratio: float, line: QColor | None) -> None:
    fill = QColor("#e0d0c0")
    ours, theirs = canvas(ratio), canvas(ratio)
    painter = QPainter(ours)
    paint_box(painter, RECT, RADIUS, fill, line)
    painter.end()
    painter = QPainter(theirs)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen if line is None else QPen(line, 1))
    painter.setBrush(fill)
    edge = 0.0 if line is None else 0.5
    painter.drawRoundedRect(QRectF(RECT).adjusted(edge, edge, -edge, -edge), RADIUS, RADIUS)
    painter.end()
    far = 0
    for y in range(ours.height()):
        for x in range(ours.width()):
            one, other = ours.pixelColor(x, y), theirs.pixelColor(x, y)
            pairs = zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)  # type: ignore[index]
            far = max(far, *(abs(a - b) for a, b in pairs))
    assert far <= 2
