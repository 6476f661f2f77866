"""Selecting on the canvas: with the mouse, with keys, and by what is selected within one editor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from app.core.completion import ReplyState
from app.markup.blocks import Block
from app.ui.transcript.column import Column
from app.ui.transcript.content import blocks_of
from app.ui.transcript.excerpt import excerpt
from app.ui.transcript.frame_pool import FramePool
from app.ui.transcript.live_selection import LiveSelection
from app.ui.transcript.message_frame import MessageFrame
from app.ui.transcript.pointer import Pointer
from app.ui.transcript.scrolling import Scrolling
from app.ui.transcript.selecting_keys import SelectingKeys
from app.ui.transcript.selection import FIRST, LAST, Point, Selection


class Selecting(QObject):
    """Holds the selection of the column and makes it what a person selects.

    Signals: `selected()`: with the mouse, which is done; `copy_requested()`.
    """

    selected = Signal()
    copy_requested = Signal()

    def __init__(
        self, view: QAbstractScrollArea, column: Column, pool: FramePool, scrolling: Scrolling
    ) -> None:
        super().__init__(view)
        self._view = view
        self._column = column
        self._pool = pool
        self._scrolling = scrolling
        self._is_drawing = False
        self.selection = Selection(column.rows.number, self)
        self.live = LiveSelection(self.selection, pool.frames)
        self.pointer = Pointer(view, self.selection, self.live)
        self._keys = SelectingKeys(column)
        self.selection.changed.connect(self.live.show)
        self.pointer.selected.connect(self.selected)
        pool.caret_moved.connect(self._on_caret_moved)
        pool.selection_made.connect(self._take)

    def texts(self) -> Iterator[Sequence[Block]]:
        """What is selected, message by message; what isn't cut is made of its source as it is asked for."""
        part = self.selection.part
        if part is None:
            return iter(())
        turns = self._column.turns[part.first_row : part.last_row + 1]
        cut: dict[int, Sequence[Block]] = {}
        for row in {part.first_row, part.last_row}:
            extent = part.within(row)
            if extent is not None and (
                extent != (FIRST, LAST) or self._column.turns[row].state is ReplyState.RUNNING
            ):
                cut[row - part.first_row] = excerpt(self._column.message(row), extent)
        return (cut[i] if i in cut else blocks_of(turn) for i, turn in enumerate(turns))

    def select_row(self, row: int) -> None:
        """Select all of a message."""
        turn_id = self._column.turns[row].turn_id
        self.selection.select(Point(turn_id, FIRST), Point(turn_id, LAST))

    def select_all(self) -> None:
        """Select all of the message that has the focus; where that is selected already, of the chat."""
        turns = self._column.turns
        row = self._pool.focused_row()
        if not turns:
            return
        if row is not None:
            before = self.selection.part
            self.select_row(row)
            if self.selection.part != before:
                return
        self.selection.select(Point(turns[0].turn_id, FIRST), Point(turns[-1].turn_id, LAST))

    def drop(self) -> None:
        """Select nothing, and follow the mouse no further."""
        self.pointer.drop()
        self.selection.clear()

    def take_key(self, event: QKeyEvent) -> bool:
        """Whether the key selects or copies."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_requested.emit()
            return True
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
            return True
        row = self._pool.focused_row()
        if row is None:
            return False
        anchor, focus = self.selection.anchor, self.selection.focus
        is_in_text = self.live.ends_in(QApplication.focusWidget()) is not None
        if anchor is None or focus is None or (self.selection.is_empty and not is_in_text):
            # A message as a whole has the focus: its text begins where it begins.
            anchor = focus = Point(self._column.turns[row].turn_id, FIRST)
        point = self._keys.moved(focus, event)
        if point is None:
            return False
        self.selection.select(anchor, point)
        self._scrolling.show_point(point)
        self.live.give_focus(point)
        return True

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """While texts are drawn: what their carets do is no wish of anybody's."""
        before, self._is_drawing = self._is_drawing, True
        try:
            yield
        finally:
            self._is_drawing = before

    def _take(self, edit: QWidget | None) -> None:
        """What was selected in one editor is the selection; what was selected elsewhere no longer is."""
        ends = self.live.ends_in(edit) if edit is not None and not self._is_drawing else None
        if ends is not None:
            self.selection.select(*ends)

    def _on_caret_moved(self, frame: MessageFrame, caret: QRect) -> None:
        if not self._is_drawing:
            self._take(QApplication.focusWidget())
            at = frame.mapTo(self._view.viewport(), caret.topLeft())
            self._scrolling.show_caret(QRect(at, caret.size()))
