"""Where reading a text may pause or be given up, so that nobody waits for a text that takes long to read."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class _PerThread(threading.local):
    pause: Callable[[], None] | None = None


_per_thread = _PerThread()


def may_pause() -> None:
    """Called after every few microseconds of reading. What gives it up raises an exception of its own."""
    pause = _per_thread.pause
    if pause is not None:
        pause()


@contextmanager
def pausing(pause: Callable[[], None]) -> Iterator[None]:
    """While this thread reads, call `pause` wherever it may pause, before what is called there already."""
    before = _per_thread.pause

    def both() -> None:
        pause()
        if before is not None:
            before()

    _per_thread.pause = both
    try:
        yield
    finally:
        _per_thread.pause = before
