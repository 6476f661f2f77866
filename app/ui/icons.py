"""The product's own icons, drawn from SVG files in the colour and size that are asked for."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap


class Icons:
    """Pixmaps of the SVG files in `icons/` and `logo/` under `resources`, kept once drawn."""

    def __init__(self, resources: Path) -> None:
        self._resources = resources
        self._drawn: dict[tuple[str, int, int, float], QPixmap] = {}

    def pixmap(self, name: str, colour: QColor, size: int, ratio: float) -> QPixmap:
        """The icon `name` (without `.svg`) in `colour`, `size` device-independent px wide and high.

        `ratio` is the device pixel ratio of the screen it is for.
        """
        key = (name, size, colour.rgba(), ratio)
        if key not in self._drawn:
            source = (self._resources / "icons" / f"{name}.svg").read_bytes()
            self._drawn[key] = _draw(source.replace(b"currentColor", colour.name().encode()), size, ratio)
        return self._drawn[key]

    def logo(self, name: str, size: int, ratio: float) -> QPixmap:
        """The drawing `name` of `logo/` in its own colours."""
        key = (f"logo/{name}", size, 0, ratio)
        if key not in self._drawn:
            self._drawn[key] = _draw((self._resources / "logo" / f"{name}.svg").read_bytes(), size, ratio)
        return self._drawn[key]


def _draw(source: bytes, size: int, ratio: float) -> QPixmap:
    from PySide6.QtSvg import QSvgRenderer  # a library of its own, loaded with the first icon

    pixels = round(size * ratio)
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(source)).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
