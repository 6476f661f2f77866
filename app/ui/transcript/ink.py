"""A formula as painter paths, which take the colour of the text around them when they are painted."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from app.markup.formula import EM, Formula, Shape

READABLE = 3.0
"""The contrast with the ground that a colour needs which a formula asks for (WCAG, as for large text)."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A path with a pen (filled where its width is 0) or a colour of its own."""

    path: QPainterPath
    pen: float
    color: str


@dataclass(frozen=True, slots=True)
class Ink:
    """A formula that is ready to be painted; its lengths are for a text size of 1."""

    width: float
    ascent: float
    descent: float
    glyphs: QPainterPath
    strokes: tuple[Stroke, ...]

    @property
    def weight(self) -> int:
        """How much memory it takes, in path elements (24 bytes)."""
        return self.glyphs.elementCount() + sum(one.path.elementCount() for one in self.strokes)

    def paint(self, painter: QPainter, x: float, baseline: float, size: float, color: QColor) -> None:
        """Paint it with its left end on the baseline there, in text of this size and colour."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(x, baseline)
        painter.scale(size / EM, size / EM)
        painter.fillPath(self.glyphs, color)
        for one in self.strokes:
            own = _color(one.color, color)
            if one.pen:
                painter.strokePath(one.path, QPen(own, one.pen))
            else:
                painter.fillPath(one.path, own)
        painter.restore()


def ink_of(formula: Formula) -> Ink:
    """Make the paths. It may be done in any thread."""
    glyphs = _path()
    strokes = []
    for shape in formula.shapes:
        if shape.pen or shape.color:
            path = _path()
            _draw(path, shape)
            strokes.append(Stroke(path, shape.pen, shape.color))
        else:
            _draw(glyphs, shape)
    return Ink(formula.width / EM, formula.ascent / EM, formula.descent / EM, glyphs, tuple(strokes))


def _path() -> QPainterPath:
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    return path


def _draw(path: QPainterPath, shape: Shape) -> None:
    for name, numbers in shape.steps:
        match name:
            case "M":
                path.moveTo(*numbers)
            case "L":
                path.lineTo(*numbers)
            case "Q":
                path.quadTo(*numbers)
            case "C":
                path.cubicTo(*numbers)
            case _:
                path.closeSubpath()


def _color(asked: str, text: QColor) -> QColor:
    """The colour that a formula asks for; the text's where there is no such colour, or it can't be read."""
    if not asked or not QColor.isValidColorName(asked):
        return text
    color = QColor(asked)
    # What is readable stands on dark ground where the text is light, and the other way round.
    ground = 0.0 if _luminance(text) > 0.3 else 1.0
    lighter, darker = sorted((_luminance(color), ground), reverse=True)
    return color if (lighter + 0.05) / (darker + 0.05) >= READABLE else text


def _luminance(color: QColor) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

    red, green, blue = linear(color.redF()), linear(color.greenF()), linear(color.blueF())
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
