"""A flat ground with rounded corners and an outline: cards, bars, chips' rows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.ui.theme import Theme


class Panel(QWidget):
    """A widget that paints `fill`, and `line` around it, behind its children; tokens, radius in px."""

    def __init__(
        self,
        theme: Theme,
        *,
        fill: str = "bg.surface",
        line: str = "line.hair",
        radius: float = 12,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._fill = fill
        self._line = line
        self._radius = radius

    @property
    def theme(self) -> Theme:
        """The look."""
        return self._theme

    def set_tokens(self, fill: str, line: str) -> None:
        """Take other colours; an empty `line` means no outline."""
        if (fill, line) != (self._fill, self._line):
            self._fill, self._line = fill, line
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self._theme.color(self._fill))
        painter.setPen(QPen(self._theme.color(self._line), 1) if self._line else Qt.PenStyle.NoPen)
        edge = 0.5 if self._line else 0.0
        radius = max(self._radius - edge, 0.0)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(edge, edge, -edge, -edge), radius, radius)


class Surface(QWidget):
    """A plain ground in the colour of a token, with a hair line at the edges that are named."""

    def __init__(
        self,
        theme: Theme,
        fill: str,
        *,
        edges: Sequence[Qt.Edge] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._fill = fill
        self._edges = edges
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        # Not fillRect: to tell its arguments apart, all colour gradients that Qt knows by name are looked at.
        painter.setBrush(self._theme.color(self._fill))
        painter.drawRect(event.rect())
        painter.setBrush(self._theme.color("line.hair"))
        width, height = self.width(), self.height()
        if Qt.Edge.BottomEdge in self._edges:
            painter.drawRect(0, height - 1, width, 1)
        if Qt.Edge.TopEdge in self._edges:
            painter.drawRect(0, 0, width, 1)
        if Qt.Edge.RightEdge in self._edges:
            painter.drawRect(width - 1, 0, 1, height)
        if Qt.Edge.LeftEdge in self._edges:
            painter.drawRect(0, 0, 1, height)
