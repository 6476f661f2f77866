"""A thread for work that nobody waits for, which doesn't outlive whoever wants it."""

from __future__ import annotations

import atexit
from collections.abc import Callable
from threading import Event
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Slot

from app.chat.worker import JobThread, News, Tickets
from app.core.errors import ChatError
from app.ui.transcript.budget import switch_often

JOIN_SECONDS = 2.0


class SideThread(QObject):
    """Does jobs one after the other in a thread of its own, which starts with the first one.

    `ended` is for the jobs to look at: from then on nobody wants what they make.
    """

    def __init__(self, name: str, parent: QObject) -> None:
        super().__init__(parent)
        self.ended = Event()
        self._name = name
        self._tickets = Tickets()
        self._thread: JobThread | None = None

    def put(
        self, job: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[ChatError], None]
    ) -> None:
        """Do a job, which must hold nothing that lives on this thread."""
        self._running_thread().put(self._tickets.give(done, failed), job)

    def shut_down(self, seconds: float) -> bool:
        """Take no more jobs, and join the thread within `seconds`; False where it was left behind, alive."""
        self.ended.set()
        return self._thread is None or _joined(self._thread, seconds)

    def _running_thread(self) -> JobThread:
        if self._thread is None:
            switch_often()
            self._thread = thread = JobThread(self._name)
            thread.news.connect(self._on_news)
            thread.start()
            # Qt ends the process over a thread that is destroyed while it runs (REL-13). So it ends first,
            # whoever lets go of the window; and where nobody does, before Qt takes down all there is.
            ended = self.ended

            def end() -> None:
                atexit.unregister(end)
                ended.set()
                if shiboken6.isValid(thread):
                    _joined(thread, JOIN_SECONDS)

            self.destroyed.connect(end)
            atexit.register(end)
        return self._thread

    @Slot(object)
    def _on_news(self, news: News) -> None:
        self._tickets.deliver(news)


def _joined(thread: JobThread, seconds: float) -> bool:
    if thread.isRunning():
        thread.finish()
        return thread.joined_within(seconds)
    return True
