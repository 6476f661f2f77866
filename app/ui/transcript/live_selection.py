"""The selection on the editors that are on the screen, where assistive technology finds it, too."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from app.ui.transcript.block_edit import BlockEdit
from app.ui.transcript.group import Group
from app.ui.transcript.message_frame import MessageFrame
from app.ui.transcript.selection import FIRST, Extent, Point, Selection, Spot
from app.ui.transcript.table import TableDrawing
from app.ui.transcript.table_part import shown_part


class LiveSelection:
    """Shows a selection on frames, and finds the points that are under the pointer or the caret."""

    def __init__(self, selection: Selection, frames: Callable[[], Iterable[MessageFrame]]) -> None:
        self._selection = selection
        self._frames = frames
        self._is_shown = False

    def show(self) -> None:
        """Give each editor its part of the selection."""
        part = self._selection.part
        if part is None and not self._is_shown:
            return
        self._is_shown = part is not None
        for frame in self._frames():
            key = self._selection.key(_point(frame, FIRST))
            extent = part.within(key[0]) if part is not None and key is not None else None
            for group, edit in frame.editors_by_group():
                begin = spot_of(frame, group)
                bar = edit.horizontalScrollBar()
                across = bar.value()
                self._show_on(edit, group, begin, extent)
                if not self._ends_in(_point(frame, begin)):
                    # Qt scrolls to each caret, but this one is only where the selection goes on elsewhere.
                    bar.setValue(across)

    def _ends_in(self, begin: Point) -> bool:
        focus = self._selection.focus
        return focus is not None and focus == _at(begin, focus.spot.position)

    def _show_on(self, edit: BlockEdit, group: Group, begin: Spot, extent: Extent | None) -> None:
        found = None if extent is None else positions(group, begin, extent)
        cursor = edit.textCursor()
        if found is None:
            if cursor.hasSelection():
                edit.clear_selection()
            return
        anchor, focus = found[::-1] if self._selection.is_upwards else found
        if (cursor.anchor(), cursor.position()) != (anchor, focus):
            edit.select(anchor, focus)

    # -- points -------------------------------------------------------------------------------------------

    def point_at(self, at: QPoint) -> Point | None:
        """The point nearest to a place of the view; None where there is no message."""
        found: MessageFrame | None = None
        for frame in self._frames():
            if frame.message is None or frame.visibleRegion().isEmpty():
                continue
            if found is None or frame.y() <= at.y():
                found = frame
        return None if found is None else self._point_in(found, at - found.pos())

    def _point_in(self, frame: MessageFrame, at: QPoint) -> Point:
        groups = frame.editors_by_group()
        if frame.message is None or not groups:
            return _point(frame, FIRST)
        nearest, edit = groups[0]
        for group, one in groups[1:]:
            if group.top > at.y():
                break
            nearest, edit = group, one
        begin = spot_of(frame, nearest)
        if at.y() < nearest.top and nearest is frame.message.groups[0]:
            return _point(frame, begin)
        if at.y() >= nearest.top + nearest.height and nearest is frame.message.groups[-1]:
            return _point(frame, _moved(begin, edit.document().characterCount() - 1))
        inside = edit.viewport().mapFrom(frame, at)
        inside.setY(max(0, min(inside.y(), edit.viewport().height() - 1)))
        return _point(frame, _moved(begin, edit.cursorForPosition(inside).position()))

    def ends_in(self, edit: QWidget | None) -> tuple[Point, Point] | None:
        """Where the selection of an editor begins and where its caret is; None for another widget."""
        for frame in self._frames():
            for group, one in frame.editors_by_group():
                if one is edit:
                    cursor, begin = one.textCursor(), spot_of(frame, group)
                    anchor, focus = cursor.anchor(), cursor.position()
                    return _point(frame, _moved(begin, anchor)), _point(frame, _moved(begin, focus))
        return None

    def editor(self, point: Point) -> BlockEdit | None:
        """The editor that shows a point."""
        for frame in self._frames():
            if frame.message is not None and frame.message.turn.turn_id == point.turn_id:
                for group, edit in frame.editors_by_group():
                    begin = spot_of(frame, group)
                    if (begin.is_message, begin.group) == (point.spot.is_message, point.spot.group):
                        return edit
        return None

    def give_focus(self, point: Point) -> None:
        """Give the keyboard's focus to the editor that shows a point."""
        edit = self.editor(point)
        if edit is not None and not edit.hasFocus():
            edit.setFocus(Qt.FocusReason.OtherFocusReason)


def spot_of(frame: MessageFrame, group: Group) -> Spot:
    """The beginning of a group."""
    number = frame.message.number_of(group) if frame.message is not None else 0
    return Spot(not group.is_thought, number)


def positions(group: Group, begin: Spot, extent: Extent) -> tuple[int, int] | None:
    """Which positions of a group's document are within an extent; None for none."""
    if group.drawing is None:
        return None
    start, end = extent
    key = (begin.is_message, begin.group)
    if not (start.is_message, start.group) <= key <= (end.is_message, end.group):
        return None
    bound = group.drawing.document.characterCount() - 1
    first = start.position if key == (start.is_message, start.group) else 0
    last = end.position if key == (end.is_message, end.group) else bound
    first, last = min(first, bound), min(last, bound)
    if first >= last:
        return None
    match group.drawing:
        case TableDrawing() as table:
            return shown_part(table, first, last)
        case _:
            return first, last


def _point(frame: MessageFrame, spot: Spot) -> Point:
    return Point(frame.message.turn.turn_id if frame.message is not None else "", spot)


def _at(begin: Point, position: int) -> Point:
    return Point(begin.turn_id, _moved(begin.spot, position))


def _moved(begin: Spot, position: int) -> Spot:
    return Spot(begin.is_message, begin.group, position)
