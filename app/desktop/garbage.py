"""Garbage collection on the GUI thread alone, between two events."""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QAbstractEventDispatcher, QObject, QTimer

YOUNG = 2_000  # objects more than were let go, after which the newest are looked through
MIDDLE = 4  # such looks after which those that were left are looked through
OLD = 25  # and these after which all are, when nobody waits for anything
MANY = 8_000  # of them, which make a look a long one
FLOOD = 400_000  # of them, which take as much memory as some long chats
AWHILE = 10.0  # seconds that so many are left alone
REST = 5.0  # seconds that are watched for that
QUIET = 0.02  # of them at most the thread has worked: the caret of a text blinks, and nobody types
LATEST = 300.0  # seconds after which all are looked through whoever waits


class Garbage(QObject):
    """Finds objects that hold each other and that nothing else holds, from now on.

    By itself Python does this in whichever thread happens to make an object, and what it finds is destroyed
    there and then: a widget, a document or a timer of Qt's beside the thread that it lives in, where Qt
    crashes of it or waits for ever; and at any moment, also while a window is painted. What there is already
    stays out of it, for that is the program: to look through it takes as long as a frame. So does looking
    through all that has come since, which therefore waits until the thread has had `rest` seconds of quiet,
    but not longer than `latest`. Many new ones wait for that too: they are code that was loaded, which stays,
    or a thread that reads a text lets go of them. More than `flood` wait for `awhile` seconds.
    """

    def __init__(
        self,
        parent: QObject,
        rest: float = REST,
        latest: float = LATEST,
        flood: int = FLOOD,
        awhile: float = AWHILE,
    ) -> None:
        super().__init__(parent)
        self._rest = rest
        self._latest = latest
        self._flood = flood
        self._awhile = awhile
        self._worked = self._due_at = 0.0
        self._flood_since: float | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(rest * 1000))
        self._timer.timeout.connect(self._on_rested)
        gc.disable()
        gc.freeze()
        self._dispatcher = QAbstractEventDispatcher.instance()
        self._dispatcher.aboutToBlock.connect(self._look)

    def _look(self) -> None:
        young, middle, old = gc.get_count()
        if young < YOUNG:
            return
        if young > MANY:
            self._look_at_rest()
            if young < self._flood or not self._has_waited():
                return
        self._flood_since = None
        if middle < MIDDLE:
            gc.collect(0)
            return
        gc.collect(1)
        if old >= OLD:
            self._look_at_rest()

    def _has_waited(self) -> bool:
        """Whether there was a flood for a while."""
        now = time.monotonic()
        if self._flood_since is None:
            self._flood_since = now
        return now - self._flood_since >= self._awhile

    def _look_at_rest(self) -> None:
        """Look through all when the thread rests, or at the latest."""
        if not self._timer.isActive():
            self._due_at = time.monotonic()
            self._watch()

    def _watch(self) -> None:
        self._worked = time.thread_time()
        self._timer.start()

    def _on_rested(self) -> None:
        is_quiet = time.thread_time() - self._worked <= QUIET * self._rest
        if is_quiet or time.monotonic() - self._due_at > self._latest:
            gc.collect(2)
        else:
            self._watch()
