"""Opening and folding what a message holds back, so that what is read stays where it is."""

from __future__ import annotations

from collections.abc import Callable

from app.ui.transcript.block_actions import BlockChange
from app.ui.transcript.column import Anchor, Column
from app.ui.transcript.frame_pool import FramePool
from app.ui.transcript.group import Group
from app.ui.transcript.laid_message import MODEL_LINE, LaidMessage
from app.ui.transcript.scrolling import Scrolling
from app.ui.transcript.selecting import Selecting


class Opening:
    """Opens thoughts, details, long texts and blocks, and closes them again; `place()` shows it."""

    def __init__(
        self,
        column: Column,
        pool: FramePool,
        scrolling: Scrolling,
        selecting: Selecting,
        place: Callable[[], None],
    ) -> None:
        self._column = column
        self._pool = pool
        self._scrolling = scrolling
        self._selecting = selecting
        self._place = place
        pool.thought_toggled.connect(self._on_thought_toggled)
        pool.details_toggled.connect(self._on_details_toggled)
        pool.block_change_requested.connect(self._on_block_change)

    def open_thought(self, row: int) -> None:
        """Show what was thought before the answer of a row."""
        message = self._column.message(row)
        if not message.is_thought_open:
            self._on_thought_toggled(message)

    def open_text(self, row: int) -> None:
        """Show all lines of a long question."""
        message = self._column.message(row)
        if message.cut_line is not None:
            self._on_block_change(message, message.groups[-1], BlockChange.MORE)

    def show_more(self, row: int, group: Group) -> None:
        """Show some or all of what a row that offers more stands for."""
        self._on_block_change(self._column.message(row), group, BlockChange.MORE)

    def unfold(self, row: int, group: Group) -> None:
        """Show all of a block of a row."""
        message = self._column.message(row)
        if group.is_folded:
            self._on_block_change(message, group, BlockChange.FOLD)
            message.lay_out(group)

    def _on_thought_toggled(self, message: LaidMessage) -> None:
        self._scrolling.keep_place()
        column, row = self._column, self._column.rows.number(message.turn.turn_id)
        if row is not None and column.heights.top(row) + MODEL_LINE > column.top:
            # The line that was pressed stays where it is, not the text below it.
            column.anchor = Anchor(row, offset=column.top - column.heights.top(row))
        message.toggle_thought()
        self._show_changed(message)

    def _on_details_toggled(self, message: LaidMessage) -> None:
        self._scrolling.keep_place()
        message.are_details_open = not message.are_details_open
        self._show_changed(message)

    def _on_block_change(self, message: LaidMessage, group: Group, change: BlockChange) -> None:
        self._scrolling.keep_place()
        with self._selecting.drawing():
            message.change_block(group, change)
        column, row = self._column, self._column.rows.number(message.turn.turn_id)
        is_message = change is BlockChange.MORE and message.is_user
        is_folded = not message.is_text_open if is_message else group.is_folded
        top = 0 if is_message else group.top
        if is_folded and row is not None and column.heights.top(row) + top < column.top:
            # What was read is not shown any more: the beginning is the nearest.
            column.anchor = Anchor(row, offset=top)
        self._show_changed(message)

    def _show_changed(self, message: LaidMessage) -> None:
        for frame in self._pool.frames():
            if frame.message is message:
                frame.show_turn()
        self._place()
