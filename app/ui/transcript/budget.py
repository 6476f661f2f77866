"""How much of this thread's time one step may take, and that other threads leave it that time."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

SWITCH_SECONDS = 0.0001  # the longest that a thread which computes keeps the others waiting


class UsedUpError(Exception):
    """There is no time left: what was begun is given up."""


class Budget:
    """So many seconds of work of this thread; what other programs take of the time doesn't count."""

    def __init__(self, seconds: float) -> None:
        self._whole = seconds
        self._end = time.thread_time() + seconds
        self._look = time.perf_counter() + seconds  # asking for the thread's own time costs ten times as much

    @property
    def left(self) -> float:
        """How many seconds there are left."""
        return self._end - time.thread_time()

    @property
    def is_used_up(self) -> bool:
        """Whether there are none."""
        now = time.perf_counter()
        if now < self._look:
            return False
        left = self.left
        self._look = now + left
        return left <= 0

    @property
    def is_half_used(self) -> bool:
        """Whether less than half of them are left."""
        return self.left < self._whole / 2

    def check(self) -> None:
        """Raise UsedUpError when there are none."""
        if self.is_used_up:
            raise UsedUpError


class Ration:
    """Lets things be done while there is time, and `more` seconds beyond it; at least one in any case."""

    def __init__(self, budget: Budget, more: float = 0.0) -> None:
        self._budget = budget
        self._more = more
        self._has_begun = False
        self.is_enough = True

    def allows_one(self) -> bool:
        """Whether one more may be done now; if not, the ration was not enough."""
        if self._has_begun and self._budget.left < -self._more:
            self.is_enough = False
            return False
        self._has_begun = True
        return True


class Turns:
    """Lets one step of work be done in each turn of the event loop, painting being one.

    Several that are due at once would be one long one, and nobody's key or click would come between.
    """

    LONGEST = 0.05  # seconds that a step waits for another turn, should it be told of none
    MUCH = 0.002  # seconds of anything else that are a step: of what is painted, not all of it tells

    def __init__(self) -> None:
        self._begun = time.thread_time()
        self._waits_since: float | None = None
        self._is_taken = False

    @property
    def spent(self) -> float:
        """How many seconds this thread has worked in this turn."""
        return time.thread_time() - self._begun

    @contextmanager
    def step(self) -> Iterator[None]:
        """While a step is done."""
        try:
            yield
        finally:
            self.take()

    def take(self) -> None:
        """Something was done in this turn."""
        self._waits_since = None
        self._is_taken = True

    def begin(self) -> None:
        """Another turn begins."""
        self._begun = time.thread_time()
        self._waits_since = None
        self._is_taken = False

    @property
    def is_taken(self) -> bool:
        """Whether something was done in this turn already, so that another step should wait."""
        if not self._is_taken and self.spent < self.MUCH:
            return False
        now = time.perf_counter()
        if self._waits_since is None:
            self._waits_since = now
        return now - self._waits_since < self.LONGEST


class Courtesy:
    """Threads that compute stand back while the GUI thread draws: Python lets only one of them run."""

    LONGEST = 0.1  # seconds that a thread stands back, whatever happens

    def __init__(self) -> None:
        self._is_free = Event()
        self._is_free.set()

    @contextmanager
    def first(self) -> Iterator[None]:
        """While the GUI thread draws."""
        self._is_free.clear()
        try:
            yield
        finally:
            self._is_free.set()

    def stand_back(self) -> None:
        """Called often by a thread that computes: wait as long as the GUI thread draws."""
        if not self._is_free.is_set():
            self._is_free.wait(self.LONGEST)


def switch_often() -> None:
    """Let threads that compute hand over sooner than Python's usual 5 ms."""
    sys.setswitchinterval(SWITCH_SECONDS)
