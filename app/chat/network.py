"""The network thread: one asyncio loop with one `ChatClient`, which is made, used and closed there."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from PySide6.QtCore import QDeadlineTimer, QObject, QThread, QTimer, Signal, Slot

from app.chat.worker import Answered, Failed, News, Reported, Tickets, unexpected
from app.core.errors import ChatError, ErrorDetails, UnexpectedError
from app.core.settings import Settings

if TYPE_CHECKING:
    import asyncio

    from app.api.client import ChatClient

CLOSING_SECONDS = 0.5  # for cancelled requests and idle connections to close in
RESOLVER_NAME = "sirocco-names"
DEAD = UnexpectedError(ErrorDetails(reason="the network thread ended"))

ClientMaker: TypeAlias = "Callable[[], ChatClient]"
Report: TypeAlias = Callable[[Any], None]


def client_maker(settings: Settings, environment: Mapping[str, str]) -> ClientMaker:
    """Return what makes a client after the person's proxy and certificate settings, on the network thread."""

    def make() -> ChatClient:
        from app.api.client import ChatClient

        return ChatClient(
            proxy_mode=settings.proxy_mode,
            proxy_url=settings.proxy_url,
            ca_file=settings.ca_file,
            environment=environment,
        )

    return make


class Network(QObject):
    """Runs coroutines with the client and hands what comes of them to the GUI thread.

    Signals: `ready()` once the client can be used; `warnings_changed(tuple[str, ...])`, plain sentences about
    proxy or certificate variables that could not be followed.

    Everything here is called on the GUI thread. What is asked before the thread is ready, or before it was
    started at all, is kept until it is.
    """

    ready = Signal()
    warnings_changed = Signal(object)

    def __init__(self, make_client: ClientMaker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.warnings: tuple[str, ...] = ()
        self._tickets = Tickets()
        self._thread = _LoopThread(make_client)
        self._thread.news.connect(self._on_news)
        self._thread.client_ready.connect(self._on_client_ready)
        self._thread.finished.connect(self._on_finished)
        self._backlog: dict[int, Callable[[], None]] = {}
        self._is_ready = False
        self._is_stopping = False
        self._has_died = False  # a fault of our own ended the thread

    def start(self) -> None:
        """Start the thread, which imports httpx and makes the client; `ready` follows."""
        self._thread.start()

    @property
    def is_ready(self) -> bool:
        """True from `ready` until `stop`."""
        return self._is_ready and not self._is_stopping

    def use(self, make_client: ClientMaker) -> None:
        """Make another client for all that is asked from now on; the old one closes after its last answer."""
        self._tell(self._tickets.give(None, None), lambda: self._thread.replace_client(make_client))

    def run(
        self,
        make: Callable[[ChatClient], Coroutine[Any, Any, Any]],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[ChatError], None] | None = None,
    ) -> int:
        """Run what `make` returns; `done(result)` or `failed(error)` follows on the GUI thread, or neither
        after `cancel`. Returns the ticket to cancel it by. `make` runs on the network thread and may hold
        frozen values only.
        """
        return self.run_reporting(lambda client, _: make(client), done, failed)

    def run_reporting(
        self,
        make: Callable[[ChatClient, Report], Coroutine[Any, Any, Any]],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[ChatError], None] | None = None,
        reported: Callable[[Any], None] | None = None,
    ) -> int:
        """As `run`, for a coroutine that also calls `report(value)` on its way; each call is a hand-over."""
        ticket = self._tickets.give(done, failed, reported)
        self._tell(ticket, lambda: self._thread.begin(ticket, make))
        return ticket

    def cancel(self, ticket: int) -> None:
        """End what `ticket` stands for: its request is closed at once, and nothing of it is heard again."""
        if ticket not in self._tickets:
            return
        self._tickets.drop(ticket)
        if self._backlog.pop(ticket, None) is None and self._is_ready:
            self._thread.cancel(ticket)

    def begin_stop(self) -> None:
        """Close all requests and let the thread end; `stop` waits for it."""
        self._is_stopping = True
        self._backlog.clear()
        self._thread.ask_to_end()

    def stop(self, seconds: float = 2.0) -> bool:
        """Close all requests and join the thread within `seconds`.

        False means that it hangs, or that a name look-up that can't be interrupted still does: it was left
        behind, alive, and the process must end by `os._exit` once everything else is saved.
        """
        if not self._is_stopping:
            self.begin_stop()
        return self._thread.joined_within(seconds)

    def _tell(self, ticket: int, call: Callable[[], None]) -> None:
        if self._is_stopping:
            return
        if self._has_died:
            QTimer.singleShot(0, self, lambda: self._tickets.deliver(Failed(ticket, DEAD)))
        elif self._is_ready:
            call()
        else:
            self._backlog[ticket] = call

    @Slot(object)
    def _on_client_ready(self, warnings: tuple[str, ...]) -> None:
        first = not self._is_ready
        self._is_ready = True
        if self._is_stopping:
            return
        backlog, self._backlog = self._backlog, {}
        for call in backlog.values():
            call()
        if warnings != self.warnings:
            self.warnings = warnings
            self.warnings_changed.emit(warnings)
        if first:
            self.ready.emit()

    @Slot(object)
    def _on_news(self, news: News) -> None:
        if not self._is_stopping:
            self._tickets.deliver(news)

    @Slot()
    def _on_finished(self) -> None:
        if not self._is_stopping:
            self._has_died = True
            self._tickets.fail_all(DEAD)


class _LoopThread(QThread):
    """The loop. Its methods are called on the GUI thread; what starts with an underscore runs on its own.

    Without a parent, as `JobThread` is and for the same reason.
    """

    news = Signal(object)
    client_ready = Signal(object)

    def __init__(self, make_client: ClientMaker) -> None:
        super().__init__()
        self.setObjectName("network")
        self._make_client = make_client
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: asyncio.Event | None = None
        self._client: ChatClient | None = None
        self._tasks: dict[int, asyncio.Task[Any]] = {}
        self._closings: set[asyncio.Task[Any]] = set()
        self._names_hang = False
        self._warnings: tuple[str, ...] = ()

    def begin(self, ticket: int, make: Callable[[ChatClient, Report], Coroutine[Any, Any, Any]]) -> None:
        self._call(lambda: self._begin(ticket, make))

    def cancel(self, ticket: int) -> None:
        self._call(lambda: self._cancel(ticket))

    def replace_client(self, make_client: ClientMaker) -> None:
        self._call(lambda: self._replace_client(make_client))

    def ask_to_end(self) -> None:
        # The order of these two lines and of `run` setting `_loop` before `_serve` looks at the request
        # makes sure that one of the two threads sees the other.
        self.requestInterruption()
        self._call(self._set_end)

    def joined_within(self, seconds: float) -> bool:
        return self.wait(QDeadlineTimer(int(max(seconds, 0.0) * 1000))) and not self._names_hang

    def _call(self, what: Callable[[], None]) -> None:
        loop = self._loop
        if loop is not None and not self.isFinished():
            try:
                loop.call_soon_threadsafe(what)
            except RuntimeError:  # the loop closed in between: all its tasks have ended
                return

    def run(self) -> None:
        import asyncio
        from concurrent.futures import ThreadPoolExecutor

        loop = asyncio.new_event_loop()
        resolver = ThreadPoolExecutor(max_workers=4, thread_name_prefix=RESOLVER_NAME)
        loop.set_default_executor(resolver)
        self._loop = loop
        try:
            loop.run_until_complete(self._serve())
        finally:
            resolver.shutdown(wait=False, cancel_futures=True)
            self._names_hang = _still_running(RESOLVER_NAME, CLOSING_SECONDS / 2)
            loop.close()

    async def _serve(self) -> None:
        import asyncio

        self._end = asyncio.Event()
        if self.isInterruptionRequested():
            return
        self._client = self._make_client()
        self._announce(self._client)
        await self._end.wait()
        tasks = tuple(self._tasks.values())
        for task in tasks:
            task.cancel()
        # Not cancelled: a client that was replaced closes once its users have ended, which they do now.
        if awaited := (*tasks, *self._closings):
            await asyncio.wait(awaited, timeout=CLOSING_SECONDS)
        closing = asyncio.ensure_future(self._client.close())
        await asyncio.wait([closing], timeout=CLOSING_SECONDS)
        # A generator that a cancelled reader left half-way closes in a task of its own, made when its memory
        # is freed; a loop that is closed before that complains on stderr.
        left_over = asyncio.ensure_future(asyncio.get_running_loop().shutdown_asyncgens())
        await asyncio.wait([left_over], timeout=CLOSING_SECONDS)
        if rest := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(rest, timeout=CLOSING_SECONDS)

    def _set_end(self) -> None:
        if self._end is not None:
            self._end.set()

    def _begin(self, ticket: int, make: Callable[[ChatClient, Report], Coroutine[Any, Any, Any]]) -> None:
        if self._client is None or self._loop is None:
            return

        def report(value: Any) -> None:
            self.news.emit(Reported(ticket, value))

        task = self._loop.create_task(make(self._client, report))
        self._tasks[ticket] = task
        task.add_done_callback(lambda task: self._ended(ticket, task))

    def _cancel(self, ticket: int) -> None:
        task = self._tasks.get(ticket)
        if task is not None:
            task.cancel()

    def _ended(self, ticket: int, task: asyncio.Task[Any]) -> None:
        del self._tasks[ticket]
        # Certificates are read with the first request that needs them.
        if self._client is not None and self._client.warnings != self._warnings:
            self._announce(self._client)
        if task.cancelled():
            return
        match task.exception():
            case None:
                self.news.emit(Answered(ticket, task.result()))
            case ChatError() as error:
                self.news.emit(Failed(ticket, error))
            case fault:
                self.news.emit(Failed(ticket, unexpected(fault)))

    def _replace_client(self, make_client: ClientMaker) -> None:
        if self._client is None or self._loop is None:
            return
        old, users = self._client, tuple(self._tasks.values())
        self._client = make_client()
        closing = self._loop.create_task(_close_after(old, users))
        self._closings.add(closing)
        closing.add_done_callback(self._closings.discard)
        self._announce(self._client)

    def _announce(self, client: ChatClient) -> None:
        self._warnings = client.warnings
        self.client_ready.emit(self._warnings)


async def _close_after(client: ChatClient, users: tuple[asyncio.Task[Any], ...]) -> None:
    import asyncio

    if users:
        await asyncio.wait(users)
    await client.close()


def _still_running(prefix: str, seconds: float) -> bool:
    """True if a thread of that name is still at work after `seconds`: a look-up of a name that hangs."""
    import threading

    threads = [thread for thread in threading.enumerate() if thread.name.startswith(prefix)]
    for thread in threads:
        thread.join(seconds / len(threads))
    return any(thread.is_alive() for thread in threads)
