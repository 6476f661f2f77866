"""Scrolling the canvas: the bar, the wheel, following the end, and keeping the reader's place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from app.ui.theme import Theme
from app.ui.transcript.budget import Budget
from app.ui.transcript.column import Anchor, Column
from app.ui.transcript.frame_pool import FramePool
from app.ui.transcript.group import Group
from app.ui.transcript.selection import Point
from app.ui.transcript.wheel import Wheel

TOLERANCE = 24  # px from the end that still count as the end
AROUND_CARET = 24  # px between the view's edge and a caret that was scrolled to
NEAR_CARET = 8  # px that are shown above and below a caret that was moved
STEP = 40  # px of one step of the wheel or an arrow
AROUND = 72  # px above and below a place that was looked for that are shown too


class Scrolling(QObject):
    """Says where in the column the view stands; `place` then puts the widgets there, within a budget.

    Signals: `following_changed()`: whether the view stays at the end; `zoom_requested(steps)`: larger is
    positive.
    """

    following_changed = Signal()
    zoom_requested = Signal(int)

    def __init__(
        self,
        theme: Theme,
        view: QAbstractScrollArea,
        column: Column,
        pool: FramePool,
        place: Callable[[Budget], None],
        budget: Callable[[], Budget],
    ) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self._column = column
        self._pool = pool
        self._place_within = place
        self._budget = budget  # of one step
        self.cover: QWidget | None = None  # what lies over a part of the view, now and then
        self._is_placing = False  # so that the bar moves that nobody moves
        self._bar = bar = view.verticalScrollBar()
        bar.setSingleStep(STEP)
        bar.setVisible(False)
        self.wheel = Wheel(theme, view, STEP, self.move_by, self.zoom_requested.emit)
        bar.sliderPressed.connect(self.wheel.glide.stop)
        bar.actionTriggered.connect(self.wheel.glide.stop)

    def _place(self) -> None:
        self._place_within(self._budget())

    # -- following the end --------------------------------------------------------------------------------

    @property
    def follows(self) -> bool:
        """Whether the view stays at the end while it grows."""
        return self._column.follows

    def follow(self) -> None:
        """Stand at the end from now on; it is seen when all is placed again."""
        self.wheel.glide.stop()
        self._set_follows(follows=True)

    def jump_to_latest(self) -> None:
        """Go to the end and stay there."""
        self.follow()
        self._place()

    def stand(self, anchor: Anchor) -> None:
        """Stand at a place and stay there; it is seen when all is placed again."""
        self._column.anchor = anchor
        self._set_follows(follows=False)

    def keep_place(self) -> None:
        """What a person opens grows downwards, also at the end of the view."""
        column = self._column
        if column.follows and column.top < column.maximum() + 1:
            self.stand(column.anchor_at(column.top))

    def _set_follows(self, *, follows: bool) -> None:
        if follows != self._column.follows:
            self._column.follows = follows
            self.following_changed.emit()

    # -- going somewhere ----------------------------------------------------------------------------------

    def move_by(self, distance: int) -> None:
        """Go so many px down."""
        self._bar.setValue(self._bar.value() + distance)

    def shift(self, pixels: int) -> None:
        """The view's upper edge was moved down by so many px: leave the text where it is on the screen."""
        if not self._column.follows:
            self.move_by(pixels)

    def take_key(self, event: QKeyEvent) -> bool:
        """Whether the key scrolls."""
        bar = self._bar
        match event.key():
            case Qt.Key.Key_PageUp:
                self.move_by(-bar.pageStep())
            case Qt.Key.Key_PageDown:
                self.move_by(bar.pageStep())
            case Qt.Key.Key_Home:
                bar.setValue(0)
            case Qt.Key.Key_End:
                self.jump_to_latest()
            case _:
                return False
        return True

    def show_row(self, row: int) -> None:
        """Scroll as little as is needed for a row to be seen; its beginning comes first."""
        self.wheel.glide.stop()
        column, height = self._column, self._view.viewport().height()
        stood: int | None = None
        budget = self._budget()
        column.measure(row, budget)
        for _ in range(2):  # what is laid out for it may be higher than it was thought
            top = column.heights.top(row)
            bottom = top + column.heights[row]
            if top < column.top or bottom - top > height:
                wanted = top
            elif bottom > column.top + height:
                wanted = bottom - height
            else:
                return
            if wanted == stood:
                return
            self.stand(Anchor(row, offset=wanted - top))
            self._place_within(budget)
            stood = column.top
            if column.top >= column.maximum():
                self.follow()

    def show_place(self, row: int, group: Group, position: int) -> None:
        """Scroll so that the line with this position of a row's group is seen, with what is around it.

        Nothing moves where it is seen already; the view doesn't follow the end any more.
        """
        self.wheel.glide.stop()
        column, view = self._column, self._view.viewport().height()
        message = column.message(row)
        first, last = min(AROUND, view // 3), view - 2 * min(AROUND, view // 3)
        y = column.heights.top(row) + group.top + group.line_top(position) - column.top
        if row not in self._pool.live or not group.is_exact or not -first <= y < view + first:
            wanted = view // 3
        else:
            wanted = max(first, min(y, last))
        anchor = column.anchor
        if wanted != y:
            number = message.number_of(group)
            anchor = Anchor(row, number, -wanted, position, is_thought=group.is_thought)
        elif column.follows:
            anchor = column.anchor_at(column.top)
        self.stand(anchor)
        self._place()

    def show_point(self, point: Point) -> None:
        """Scroll as little as is needed for a point to be seen."""
        column = self._column
        row = column.rows.number(point.turn_id)
        if row is None:
            return
        message = column.message(row)
        spot = point.spot
        group = message.numbered(spot.group, is_thought=not spot.is_message)
        if group is None:
            self.show_row(row)
            return
        message.lay_out(group)
        column.heights.set(row, message.height)
        height, line = self._view.viewport().height(), round(self._theme.line_height("body"))
        position = min(spot.position, group.end_position)
        y = column.heights.top(row) + group.top + group.line_top(position) - column.top
        if not 0 <= y <= height - line:
            down = AROUND_CARET if y < 0 else height - line - AROUND_CARET
            self.stand(Anchor(row, message.number_of(group), -down, position, group.is_thought))
        self._place()

    def show_caret(self, caret: QRect) -> None:
        """Scroll as little as is needed for a caret to be seen that stands there in the viewport."""
        over = caret.top() - NEAR_CARET
        under = caret.top() + caret.height() + NEAR_CARET - self._view.viewport().height()
        if over < 0:
            self.move_by(over)
        elif under > 0:
            self.move_by(under)

    # -- the bar ------------------------------------------------------------------------------------------

    def set_top(self, top: int) -> None:
        """Stand exactly so many px below the top of the column, and let the bar say so."""
        bar, column, viewport = self._bar, self._column, self._view.viewport()
        maximum = column.maximum()
        moved = column.top - top
        column.top = top
        if moved and abs(moved) < viewport.height():
            self._copy(moved)
        page = max(1, viewport.height() - STEP)
        if (bar.value(), bar.maximum(), bar.pageStep()) == (top, maximum, page):
            return
        self._is_placing = True
        bar.setPageStep(page)
        bar.setRange(0, maximum)
        bar.setValue(top)
        bar.setVisible(maximum > 0)
        self._is_placing = False

    def _copy(self, moved: int) -> None:
        """Have Qt move the widgets and copy what is painted; it does so where nothing lies over the view."""
        viewport, cover = self._view.viewport(), self.cover
        around = cover.parentWidget() if cover is not None else None
        if cover is None or around is None or cover.isHidden():
            viewport.scroll(0, moved)
            return
        # So the cover steps aside, unnoticed: where anything is to be painted Qt doesn't copy either.
        place = cover.geometry()
        around.setAttribute(Qt.WidgetAttribute.WA_UpdatesDisabled, True)
        cover.move(0, around.height())
        around.setAttribute(Qt.WidgetAttribute.WA_UpdatesDisabled, False)
        viewport.scroll(0, moved)
        cover.move(place.topLeft())
        copied = place.translated(viewport.mapFrom(around, QPoint())).translated(0, moved)
        viewport.update(copied)

    def follow_bar(self) -> None:
        """Go where the bar was moved to, unless that was done to tell where the view stands."""
        column = self._column
        if self._is_placing or not column.turns:
            return
        value = self._bar.value()
        moved = value - column.top
        if moved < 0:
            self._set_follows(follows=False)
        elif value >= column.maximum() - TOLERANCE:
            self.follow()
        if value == 0:
            column.anchor = Anchor()
        elif abs(moved) <= 3 * self._view.viewport().height():
            # From what is on the screen, so that the text moves by just so many px.
            column.move_by(moved)
        else:
            row = column.heights.find(value)
            column.anchor = Anchor(row, offset=value - column.heights.top(row))
        self._place()
