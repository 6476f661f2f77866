"""Colouring the code that is on the screen, a few milliseconds at a time."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer

from app.ui.transcript.budget import Budget, Turns
from app.ui.transcript.code import CodeDrawing
from app.ui.transcript.contents import Contents
from app.ui.transcript.frame_pool import FramePool

AFTER, AFTER_GROWTH = 30, 200  # ms from what was laid out, or has grown, to its colours
SOON = 1  # ms from one step to the next
BUDGET = 0.006  # seconds


class CodeColours(QObject):
    """Colours what the frames of a pool show."""

    def __init__(self, pool: FramePool, steps: Turns, contents: Contents) -> None:
        super().__init__(pool)
        self._pool = pool
        self._steps = steps
        self._contents = contents
        self._loaded: dict[str, bool] = {}  # the languages that were asked for, and whether they are at hand
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(AFTER)
        self._timer.timeout.connect(self._colour)

    def begin(self, milliseconds: int) -> None:
        """Colour what needs it, in so long."""
        if not self._timer.isActive() and any(code.needs_colours for code in self._visible()):
            self._timer.start(milliseconds)

    def _visible(self) -> list[CodeDrawing]:
        return [
            group.drawing
            for frame in self._pool.live.values()
            for group in frame.live
            if isinstance(group.drawing, CodeDrawing)
        ]

    def _colour(self) -> None:
        if self._steps.is_taken:
            self._timer.start(SOON)
            return
        budget = Budget(BUDGET)
        with self._steps.step():
            for code in self._visible():
                while code.needs_colours and self._is_loaded(code.language):
                    if budget.is_used_up:
                        self._timer.start(SOON)
                        return
                    code.colour()

    def _is_loaded(self, language: str) -> bool:
        """Whether a language can be coloured at once; what it needs for that is loaded in the thread."""
        if language not in self._loaded:
            from app.markup.highlight import load

            self._loaded[language] = False
            self._contents.do(partial(load, language), partial(self._on_loaded, language))
        return self._loaded[language]

    def _on_loaded(self, language: str) -> None:
        self._loaded[language] = True
        self.begin(0)
