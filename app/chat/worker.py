"""How the GUI thread asks another thread for something and hears what came of it.

Nothing that lives on the GUI thread is ever in a worker's hands: who asked is kept here under a number,
a ticket, and only tickets and frozen values cross. So no worker can hold the last reference to a QObject,
and an answer to somebody who no longer waits is dropped.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, NamedTuple

from PySide6.QtCore import QDeadlineTimer, QThread, Signal

from app.core.errors import ChatError, ErrorDetails, UnexpectedError


# Named tuples: dataclasses take several times as long to make, and a start waits for these.
class Answered(NamedTuple):
    """A job has ended well with `value`."""

    ticket: int
    value: Any


class Failed(NamedTuple):
    """A job has ended with `error`."""

    ticket: int
    error: ChatError


class Reported(NamedTuple):
    """A job that goes on has come to `value`."""

    ticket: int
    value: Any


News = Answered | Failed | Reported


def unexpected(fault: BaseException) -> UnexpectedError:
    """Announce a fault of our own once, to `sys.excepthook`, and return what the person is told of it."""
    sys.excepthook(type(fault), fault, fault.__traceback__)
    return UnexpectedError(ErrorDetails(reason=type(fault).__name__))


class _Asker(NamedTuple):
    done: Callable[[Any], None] | None
    failed: Callable[[ChatError], None] | None
    reported: Callable[[Any], None] | None


class Tickets:
    """Who waits for what; it lives on the asking thread and is only used there."""

    def __init__(self) -> None:
        self._askers: dict[int, _Asker] = {}
        self._last = 0

    def __len__(self) -> int:
        return len(self._askers)

    def __contains__(self, ticket: int) -> bool:
        return ticket in self._askers

    def give(
        self,
        done: Callable[[Any], None] | None,
        failed: Callable[[ChatError], None] | None,
        reported: Callable[[Any], None] | None = None,
    ) -> int:
        """Return a new ticket for somebody who waits."""
        self._last += 1
        self._askers[self._last] = _Asker(done, failed, reported)
        return self._last

    def drop(self, ticket: int) -> None:
        """Forget who waits: whatever still comes for this ticket reaches nobody."""
        self._askers.pop(ticket, None)

    def deliver(self, news: News) -> None:
        """Tell whoever waits. An error that nobody waits for is dropped with its ticket."""
        match news:
            case Reported(ticket, value):
                asker = self._askers.get(ticket)
                if asker is not None and asker.reported is not None:
                    asker.reported(value)
            case Answered(ticket, value):
                asker = self._askers.pop(ticket, None)
                if asker is not None and asker.done is not None:
                    asker.done(value)
            case Failed(ticket, error):
                asker = self._askers.pop(ticket, None)
                if asker is not None and asker.failed is not None:
                    asker.failed(error)

    def fail_all(self, error: ChatError) -> None:
        """Tell everybody who waits that no answer will come."""
        for ticket in tuple(self._askers):
            self.deliver(Failed(ticket, error))


class JobThread(QThread):
    """A thread that does one job after another, in the order in which they were put.

    Signals: `news(News)`.

    It has no parent on purpose: its own running frame keeps it alive, so that a thread that was abandoned
    because it hangs is never destroyed while it runs, which would abort the process (REL-13).
    """

    news = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._jobs: SimpleQueue[tuple[int, Callable[[], Any]] | None] = SimpleQueue()

    def put(self, ticket: int, job: Callable[[], Any]) -> None:
        """Queue a job. It may raise ChatError; any other exception is a fault of our own."""
        self._jobs.put((ticket, job))

    def finish(self) -> None:
        """Let the thread end once everything that was put before is done."""
        self._jobs.put(None)

    def joined_within(self, seconds: float) -> bool:
        """Wait for the end of the thread; False if it did not come within `seconds`."""
        return self.wait(QDeadlineTimer(int(max(seconds, 0.0) * 1000)))

    def run(self) -> None:
        while (entry := self._jobs.get()) is not None:
            self.news.emit(_outcome(*entry))
            del entry


def _outcome(ticket: int, job: Callable[[], Any]) -> News:
    try:
        return Answered(ticket, job())
    except ChatError as error:
        return Failed(ticket, error)
    except Exception as fault:  # noqa: BLE001 (one faulty job must not take the thread, and all after it, down)
        return Failed(ticket, unexpected(fault))
