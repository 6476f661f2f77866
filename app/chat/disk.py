"""The disk thread: it owns the store with its one writing connection, and all that is written goes there."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.chat.worker import Failed, JobThread, News, Tickets
from app.core.errors import CannotSave, ChatError, ErrorDetails, UnexpectedError

if TYPE_CHECKING:
    from app.store.conversations import Conversations
    from app.store.database import Database, OpenReport

T = TypeVar("T")


class HistoryProblem(StrEnum):
    """What a person must know of the history that was opened; the values are those of the store's outcomes.

    RESTORED: it was damaged, and a backup stands in its place; REPLACED: there was no good backup either.
    NEWER and READ_ONLY: it can be read and not written.
    """

    RESTORED = "restored"
    REPLACED = "replaced"
    NEWER = "newer"
    READ_ONLY = "read_only"


DEAD = UnexpectedError(ErrorDetails(reason="the disk thread ended"))


class Disk(QObject):
    """Does jobs on the store, one after another in the order of `submit`.

    Signals: `opened()`, and from then on `report` says whether the history was damaged or can only be read;
    `open_failed(ChatError)`, after which every job fails with the same reason and the app goes on in memory.

    All methods are called on the GUI thread and return at once, save `stop`. Callbacks come there too. A job
    runs on the disk thread, so it holds frozen values only.
    """

    opened = Signal()
    open_failed = Signal(object)

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_open = False
        self.report: OpenReport | None = None
        self._store = _Store(path)
        self._tickets = Tickets()
        self._thread = JobThread("disk")
        self._thread.news.connect(self._on_news)
        self._thread.finished.connect(self._on_finished)
        self._is_stopping = False
        self._has_died = False  # a fault of our own ended the thread
        self._thread.put(self._tickets.give(self._on_opened, self._on_open_failed), self._store.open)

    def start(self) -> None:
        """Start the thread; it opens the store, marks replies that were running as interrupted, and goes on
        with what was submitted before.
        """
        self._thread.start()

    @property
    def problem(self) -> HistoryProblem | None:
        """What is wrong with the history that is open; None where nothing is, or nothing is open."""
        outcome = self.report.outcome.value if self.report is not None else ""
        return next((one for one in HistoryProblem if one.value == outcome), None)

    @property
    def is_running(self) -> bool:
        """True between `start` and `stop`."""
        return self._thread.isRunning() and not self._is_stopping

    def submit(
        self,
        job: Callable[[Conversations], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[ChatError], None] | None = None,
    ) -> int:
        """Do `job(conversations)`; then `done(its result)` or `failed(CannotSave)`. Returns a ticket."""
        return self.perform(lambda store=self._store: store.run(job), done, failed)  # type: ignore[misc]

    def perform(
        self,
        job: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[ChatError], None] | None = None,
    ) -> int:
        """As `submit`, for what needs the thread but not the store, such as writing the settings file."""
        if self._is_stopping:
            return 0
        ticket = self._tickets.give(done, failed)
        if self._has_died:
            QTimer.singleShot(0, self, lambda: self._tickets.deliver(Failed(ticket, DEAD)))
        else:
            self._thread.put(ticket, job)
        return ticket

    def forget(self, ticket: int) -> None:
        """Don't call back for `ticket`; its job is done all the same."""
        self._tickets.drop(ticket)

    def begin_stop(self) -> None:
        """Close the store after all that was submitted; `stop` waits for it. Nothing is taken after this."""
        if not self._is_stopping:
            self._thread.put(0, self._store.close)
            self._is_stopping = True
            self._thread.finish()

    def stop(self, seconds: float = 2.0) -> bool:
        """Do what was submitted, close the store and join the thread, all within `seconds`.

        False means that the disk hangs: the thread was left behind, alive, and the process must end by
        `os._exit`. A disk that was never started has nothing to lose and is True.
        """
        self.begin_stop()
        return not self._thread.isRunning() or self._thread.joined_within(seconds)

    def _on_opened(self, report: OpenReport) -> None:
        self.is_open = True
        self.report = report
        self.opened.emit()

    def _on_open_failed(self, error: ChatError) -> None:
        self.open_failed.emit(error)

    @Slot(object)
    def _on_news(self, news: News) -> None:
        self._tickets.deliver(news)

    @Slot()
    def _on_finished(self) -> None:
        if not self._is_stopping:
            self._has_died = True
            self._tickets.fail_all(DEAD)


class _Store:
    """The store as the disk thread has it; nothing here is touched by another thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._database: Database | None = None
        self._conversations: Conversations | None = None
        self._closed_because = "the history is not open"

    def open(self) -> OpenReport:
        from app.store.conversations import Conversations
        from app.store.database import Database, StoreError

        database = Database(self._path)
        try:
            report = database.open()
            conversations = Conversations(database)
            conversations.interrupt_running()
            # What was deleted in an earlier run can't be brought back in this one.
            conversations.purge(0.0)
        except StoreError as error:
            self._closed_because = error.reason
            raise CannotSave(ErrorDetails(reason=error.reason)) from error
        self._database, self._conversations = database, conversations
        return report

    def run(self, job: Callable[[Conversations], T]) -> T:
        from app.store.database import StoreError

        if self._conversations is None:
            raise CannotSave(ErrorDetails(reason=self._closed_because))
        try:
            return job(self._conversations)
        except StoreError as error:
            raise CannotSave(ErrorDetails(reason=error.reason)) from error

    def close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = self._conversations = None
