"""Selecting with the mouse: by letters, words or paragraphs, on through all that is scrolled into view."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QMouseEvent, QTextCursor
from PySide6.QtWidgets import QAbstractScrollArea, QApplication

from app.ui.transcript.live_selection import LiveSelection
from app.ui.transcript.prose import ProseDrawing
from app.ui.transcript.selection import Point, Selection, Spot

SCROLL_EVERY = 30  # ms
SCROLL_STEP, SCROLL_SHARE = 8, 0.4  # px of one step: at least so many, and so much of how far it is outside
EDGE = 4  # px within the view's edge that scroll already


class Unit(IntEnum):
    """By what a selection grows, as the number of clicks it takes."""

    LETTER = 1
    WORD = 2
    PARAGRAPH = 3


class Pointer(QObject):
    """Follows the mouse from a press to the release.

    Signals: `selected()`: the button was released over a selection that was made with it.
    """

    selected = Signal()

    def __init__(self, view: QAbstractScrollArea, selection: Selection, live: LiveSelection) -> None:
        super().__init__(view)
        self._view = view
        self._selection = selection
        self._live = live
        self._unit = Unit.LETTER
        self._base: tuple[Point, Point] | None = None  # what was pressed on; None while nothing is
        self._at = QPoint()
        self._clicks = Unit.LETTER
        self._since_click = QElapsedTimer()
        self._click_at = QPoint()
        self._timer = QTimer(self)
        self._timer.setInterval(SCROLL_EVERY)
        self._timer.timeout.connect(self._scroll)

    def press(self, event: QMouseEvent) -> None:
        """The button goes down, once or, for a double click, again."""
        at = event.position().toPoint()
        point = self._live.point_at(at) if event.button() is Qt.MouseButton.LeftButton else None
        if point is None:
            event.ignore()
            return
        self._at = at
        self._unit = self._counted(at, is_second=event.type() is QEvent.Type.MouseButtonDblClick)
        anchor = self._selection.anchor
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and anchor is not None:
            self._base = (anchor, anchor)
        else:
            self._base = self._around(point)
        self._extend_to(at)
        self._live.give_focus(point)

    def move(self, event: QMouseEvent) -> None:
        """The mouse moves while the button is down."""
        if self._base is None:
            event.ignore()
            return
        if not event.buttons() & Qt.MouseButton.LeftButton:
            self.drop()  # the release went to another window
            return
        self._at = event.position().toPoint()
        self._extend_to(self._at)
        if self._outside():
            if not self._timer.isActive():
                self._timer.start()
        else:
            self._timer.stop()

    def release(self, event: QMouseEvent) -> None:
        """The button goes up."""
        if event.button() is not Qt.MouseButton.LeftButton or self._base is None:
            event.ignore()
            return
        self.drop()
        if not self._selection.is_empty:
            self.selected.emit()

    def drop(self) -> None:
        """Follow no further."""
        self._base = None
        self._timer.stop()

    def _counted(self, at: QPoint, *, is_second: bool) -> Unit:
        hints = QGuiApplication.styleHints()
        is_again = (
            self._since_click.isValid()
            and self._since_click.elapsed() <= hints.mouseDoubleClickInterval()
            and (at - self._click_at).manhattanLength() < QApplication.startDragDistance()
        )
        if is_second:
            self._clicks = Unit.WORD
        else:
            self._clicks = Unit.PARAGRAPH if is_again and self._clicks == Unit.WORD else Unit.LETTER
        self._click_at = at
        self._since_click.start()
        return self._clicks

    def _around(self, point: Point) -> tuple[Point, Point]:
        """The letter's place, the word or the paragraph at a point."""
        edit = self._live.editor(point)
        if self._unit is Unit.LETTER or edit is None:
            return point, point
        cursor = QTextCursor(edit.document())
        cursor.setPosition(min(point.spot.position, edit.document().characterCount() - 1))
        match self._unit:
            case Unit.WORD:
                cursor.select(QTextCursor.SelectionType.WordUnderCursor)
                start, end = cursor.selectionStart(), cursor.selectionEnd()
            case _:
                block = cursor.block()
                start, end = block.position(), block.position() + block.length() - 1
                if isinstance(edit.ground, ProseDrawing):
                    # Its words, without the bullet before them.
                    start = edit.ground.words_start(edit.ground.place(start)[0])
        return _at(point, start), _at(point, max(start, end))

    def _extend_to(self, at: QPoint) -> None:
        point = self._live.point_at(at)
        if point is None or self._base is None:
            return
        first, last = self._base
        start, end = self._around(point)
        if self._selection.is_before(start, first):
            self._selection.select(last, start)
        else:
            self._selection.select(first, last if self._selection.is_before(end, last) else end)

    def _outside(self) -> int:
        """How many px the pointer is above (below 0) or below the part of the view that doesn't scroll."""
        y, bottom = self._at.y(), self._view.viewport().height() - EDGE
        return min(0, y - EDGE) or max(0, y - bottom)

    def _scroll(self) -> None:
        outside = self._outside()
        if not outside:
            self._timer.stop()
            return
        if not QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            self.drop()
            return
        step = max(SCROLL_STEP, round(abs(outside) * SCROLL_SHARE))
        bar = self._view.verticalScrollBar()
        bar.setValue(bar.value() + (step if outside > 0 else -step))
        height = self._view.viewport().height()
        self._extend_to(QPoint(self._at.x(), max(0, min(self._at.y(), height - 1))))


def _at(point: Point, position: int) -> Point:
    return Point(point.turn_id, Spot(point.spot.is_message, point.spot.group, position))
