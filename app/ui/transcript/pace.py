"""When a growing answer is drawn: in frames, rarer where one of them is dear."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QAccessible

from app.core.conversation import Turn
from app.core.frames import frame_after
from app.core.parts import Part, RefusalPart, TextPart

MOST = 500
"""Characters more that are drawn at a time, which takes some 3 ms; a flood comes in so many steps."""
# A frame that took a while of this thread's time is followed by so many times that while for everything else.
SHARE = 4
SPOKEN_MILLISECONDS = 2500  # the longest time without an update while a screen reader reads along
_SENTENCE_END = re.compile(r"[.!?…:;]\s|[\u3002\uff01\uff1f]|\n")


class Pace:
    """Hands the newest state of a turn to `draw`, not more often than is good."""

    def __init__(self, draw: Callable[[Turn], None], parent: QObject) -> None:
        self._draw = draw
        self._turn: Turn | None = None
        self._drawn_id = ""
        self._drawn_length = 0
        self._begun = self._drawn_at = 0.0
        self._wait = 0.0
        self._timer = QTimer(parent)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_due)

    def take(self, turn: Turn) -> None:
        """Draw `turn` when it is time; a later one takes its place."""
        self._turn = turn
        if not self._timer.isActive():
            passed = (time.perf_counter() - self._drawn_at) * 1000
            self._timer.start(max(0, round(self._wait - passed)))

    def end(self, turn: Turn) -> None:
        """Draw `turn` now: it has ended."""
        self.drop()
        self._draw(turn)

    def drop(self) -> None:
        """Forget what was to be drawn."""
        self._timer.stop()
        self._turn = None
        self._drawn_id, self._drawn_length = "", 0

    def _on_due(self) -> None:
        turn = self._turn
        if turn is None:
            return
        begun = time.perf_counter()
        if QAccessible.isActive() and not self._is_worth_saying(turn, begun):
            self._timer.start(SPOKEN_MILLISECONDS // 10)
            return
        # Of what is first drawn here, all may have been seen already.
        is_known = self._drawn_id == turn.turn_id
        shown = beginning(turn, self._drawn_length + MOST) if is_known else turn
        self._turn = turn if shown is not turn else None
        worked = time.thread_time()
        self._draw(shown)
        worked = time.thread_time() - worked
        length = len(shown.text)
        self._drawn_id = turn.turn_id
        frame = frame_after(length - self._drawn_length, (begun - self._begun) * 1000)
        self._begun, self._drawn_at, self._drawn_length = begun, time.perf_counter(), length
        self._wait = max(frame, SHARE * worked * 1000)
        if self._turn is not None:
            self._timer.start(round(self._wait))

    def _is_worth_saying(self, turn: Turn, now: float) -> bool:
        """Whether a whole sentence has come: a screen reader may speak each change."""
        if (now - self._drawn_at) * 1000 > SPOKEN_MILLISECONDS:
            return True
        return _SENTENCE_END.search(turn.text, self._drawn_length) is not None


def beginning(turn: Turn, characters: int) -> Turn:
    """A growing turn with so many characters of its answer; itself where it has no more."""
    if turn.reply is None or len(turn.text) <= characters:
        return turn
    parts: list[Part] = []
    for part in turn.reply.parts:
        match part:
            case TextPart(text) | RefusalPart(text):
                parts.append(replace(part, text=text[:characters]))
                characters -= len(text)
            case _:
                parts.append(part)
        if characters <= 0:
            break
    return replace(turn, reply=replace(turn.reply, parts=tuple(parts)))
