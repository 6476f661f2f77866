"""The marks beside the scroll bar that say where in a chat the hits are."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.theme import Theme
from app.ui.transcript.canvas import Canvas
from app.ui.transcript.find import Search
from app.ui.transcript.hit_places import hit_places

WIDTH, HEIGHT, EDGE = 6, 3, 4  # px; the edge is what is left free at the right
STRIP = 14
MOST_ASKED = 100  # hits of one message; more are thought to be spread evenly
AFTER = 50  # ms: scrolling and counting bring many changes in a row


class ScrollMarks(QWidget):
    """A strip over the scroll bar, which gets all clicks. Messages that were not laid out stand where it is
    thought that they will.
    """

    def __init__(self, canvas: Canvas, search: Search, theme: Theme) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._search = search
        self._theme = theme
        self._places: list[int] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(AFTER)
        self._timer.timeout.connect(self._look)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.hide()

    def places(self) -> list[int]:
        """The marks that are shown, in px from the top."""
        return self._places

    def refresh(self) -> None:
        """Look soon where the hits stand now."""
        if not self._timer.isActive():
            self._timer.start()

    def clear(self) -> None:
        """Show none."""
        self._timer.stop()
        self._places = []
        self.hide()

    def _look(self) -> None:
        canvas = self._canvas
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        self.setGeometry(0 if mirrored else canvas.width() - STRIP, 0, STRIP, canvas.height())
        self._places = self._marked() if self._search.count else []
        self.setVisible(bool(self._places))
        self.raise_()
        self.update()

    def _marked(self) -> list[int]:
        """Of the steps from top to bottom those in which there is a hit."""
        total = self._canvas.heights.total
        room = max(1, min(self.height(), total))
        known = {row: tops for row in self._canvas.frames_by_row() if (tops := self._tops(row)) is not None}
        found: list[int] = []
        before = 0
        for y in range(0, room, HEIGHT):
            behind = self._number_at(min(total, (y + HEIGHT) * total // room), known)
            if behind > before:
                found.append(y)
            before = behind
        return found

    def _number_at(self, y: int, known: dict[int, list[int]]) -> int:
        """How many hits there are above `y` px of the whole."""
        heights, counts = self._canvas.heights, self._search.counts
        row = heights.find(y)
        if row >= len(counts):
            return counts.total
        inner = y - heights.top(row)
        count = counts[row]
        if row in known:
            above = sum(one < inner for one in known[row])
        else:
            # Its hits are thought to be spread evenly.
            above = int((inner / max(1, heights[row])) * count + 0.5)
        return counts.top(row) + min(above, count)

    def _tops(self, row: int) -> list[int] | None:
        """Where the hits of a message on the screen stand in it; None where they are too many to ask."""
        message, spans = self._canvas.frames_by_row()[row].message, self._search.spans(row)
        if message is None or len(spans) > MOST_ASKED:
            return None
        places = list(hit_places(message, self._search.text(row), spans))
        # What is closed or far from the screen isn't drawn.
        return [place.top for place in places] if len(places) == len(spans) else None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("find.current"))
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        x = EDGE if mirrored else self.width() - WIDTH - EDGE
        for y in self._places:
            painter.drawRoundedRect(x, y, WIDTH, HEIGHT, 1.5, 1.5)
