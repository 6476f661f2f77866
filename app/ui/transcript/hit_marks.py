"""The marks on what was found, in the messages on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QTextCharFormat
from PySide6.QtWidgets import QTextEdit

from app.ui.theme import Theme
from app.ui.transcript.block_edit import BlockEdit
from app.ui.transcript.block_widgets import editor_of
from app.ui.transcript.canvas import Canvas
from app.ui.transcript.find import Hit, Search
from app.ui.transcript.find_pattern import Span
from app.ui.transcript.group import Group
from app.ui.transcript.hit_places import HitPlace, hit_places
from app.ui.transcript.message_frame import MessageFrame
from app.ui.transcript.pieces import CodePiece

ON_CURRENT = QColor("#1c1f20")  # in both themes (SPEC §2.1)
MOST = 500  # hits that are marked in one text at a time; of more those that are near the view


@dataclass(frozen=True, slots=True)
class Marked:
    """What was marked in an editor, and what that was made of.

    Where the text was drawn anew, as its `revision` tells, the marks are gone with what they were on.
    """

    group: Group
    revision: int
    spans: list[Span]
    places: list[HitPlace]
    shown: list[HitPlace]
    current: Span | None


class HitMarks:
    """Marks the hits of a search; messages that come onto the screen are marked when they are there."""

    def __init__(self, canvas: Canvas, search: Search, theme: Theme) -> None:
        self._canvas = canvas
        self._search = search
        self._theme = theme
        self._marked: dict[BlockEdit, Marked] = {}

    def show(self, current: Hit | None) -> None:
        """Mark all hits on the screen, the current one as such."""
        before, self._marked = self._marked, {}
        for row, frame in self._canvas.frames_by_row().items():
            is_here = current is not None and current.row == row
            self._show_frame(frame, row, current if is_here else None, before)

    def clear(self) -> None:
        """Take all marks away."""
        for frame in self._canvas.frames():
            for edit in frame.editors():
                edit.mark_hits(())
        self._marked = {}

    def _show_frame(
        self, frame: MessageFrame, row: int, current: Hit | None, before: Mapping[BlockEdit, Marked]
    ) -> None:
        message, spans = frame.message, self._search.spans(row)
        if message is None:
            return
        places = self._places(frame, row, spans, before)
        span = (current.start, current.end) if current is not None else None
        for group, widget in frame.live.items():
            edit = editor_of(widget)
            if edit is None:
                continue
            shown = _near(places[group], edit)
            marked = Marked(group, edit.document().revision(), spans, places[group], shown, span)
            self._marked[edit] = marked
            old = before.get(edit)
            if old is None or not _are_alike(old, marked) or edit.has_hit_marks != bool(shown):
                edit.mark_hits([self._mark(one, is_current=one.span == span) for one in shown])

    def _places(
        self, frame: MessageFrame, row: int, spans: list[Span], before: Mapping[BlockEdit, Marked]
    ) -> dict[Group, list[HitPlace]]:
        """The hits in each group on the screen; those that were known are not looked for again."""
        found: dict[Group, list[HitPlace]] = {}
        for group, widget in frame.live.items():
            edit = editor_of(widget)
            if edit is None:
                continue
            old = before.get(edit)
            now = (group, edit.document().revision())
            if old is not None and (old.group, old.revision) == now and old.spans is spans:
                found[group] = old.places
        others = {group: list[HitPlace]() for group in frame.live if group not in found}
        if others and frame.message is not None and spans:
            for place in hit_places(frame.message, self._search.text(row), spans, others):
                others[place.group].append(place)
        return found | others

    def _mark(self, place: HitPlace, *, is_current: bool) -> QTextEdit.ExtraSelection:
        look = QTextCharFormat()
        look.setBackground(self._theme.color("find.current" if is_current else "find.match"))
        if is_current:
            look.setForeground(ON_CURRENT)
        elif place.group.kind is CodePiece:
            # Not every colour of code can be read on that of a hit.
            look.setForeground(self._theme.color("text.primary"))
        mark = QTextEdit.ExtraSelection()
        mark.format = look
        cursor = place.cursor()
        if cursor is not None:
            mark.cursor = cursor
        return mark


def _are_alike(one: Marked, other: Marked) -> bool:
    return (one.group, one.revision, one.shown, one.current) == (
        other.group,
        other.revision,
        other.shown,
        other.current,
    )


def _near(places: list[HitPlace], edit: BlockEdit) -> list[HitPlace]:
    if len(places) <= MOST:
        return places
    above = edit.visibleRegion().boundingRect().top()
    first = edit.cursorForPosition(QPoint(0, max(0, above))).position()
    number = next((i for i, one in enumerate(places) if one.end > first), 0)
    # In steps, so that they aren't marked anew for each line that is scrolled.
    start = max(0, number - number % (MOST // 5) - MOST // 5)
    return places[start : start + MOST]
