"""How long one request may take, stage by stage, by a clock that no change of the time of day touches."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import inf
from types import TracebackType

SLEPT = 2.0  # seconds asleep that count as a suspend


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long is waited, in seconds (wire.md, head).

    `connect` until the request can be sent; `write` for each piece of it; `first` until the first payload,
    silent or not; then `idle` without any byte and `payload` without a payload; `resume` after a suspend;
    `finished` for more once a finish_reason has come, and `drain` after [DONE]; `error_body` for the rest of
    a reply that is an error; `short` for the list of models, all in all. `look` is the time between two looks
    for a suspend; the last two are how long an unused connection is kept.
    """

    connect: float = 10.0
    write: float = 60.0
    first: float = 600.0
    idle: float = 120.0
    payload: float = 300.0
    resume: float = 60.0
    finished: float = 15.0
    drain: float = 0.2
    error_body: float = 10.0
    short: float = 30.0
    look: float = 5.0
    keep_alive: float = 60.0
    keep_alive_loopback: float = 4.0


class Stage(StrEnum):
    """What is waited for."""

    CONNECT = "connect"
    SEND = "send"
    FIRST = "first"
    IDLE = "idle"


class OutOfTime(Exception):  # noqa: N818  an event of the clock, not yet a fault
    """A deadline passed; `Deadlines.stage` says which."""


def seconds_asleep() -> float:
    """Seconds that this machine has slept since some fixed moment, untouched by changes of the time of day.

    0.0 on Windows, whose monotonic clock goes on during sleep: there deadlines have simply passed on waking.
    """
    # By name: no system has all of these, and type checkers know one system at a time.
    for running, awake in (
        ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"),
        ("CLOCK_MONOTONIC_RAW", "CLOCK_UPTIME_RAW"),
    ):
        if hasattr(time, running) and hasattr(time, awake):
            awake_for = time.clock_gettime(getattr(time, awake))
            return max(time.clock_gettime(getattr(time, running)) - awake_for, 0.0)
    return 0.0


class Deadlines:
    """Knows until when the present stage may last. `async with deadlines:` raises OutOfTime past that.

    The note_* methods may be called while something is waited for; they move the deadline. One timer serves
    the whole request: a stream enters and leaves with each of its pieces. `close` ends it.
    """

    def __init__(self, timeouts: Timeouts, asleep: Callable[[], float]) -> None:
        self.stage = Stage.CONNECT
        self.timeouts = timeouts
        self._loop = asyncio.get_running_loop()
        self._asleep = asleep
        self._slept = asleep()
        self._end = self._loop.time() + timeouts.connect
        self._payload_end = inf
        self._cap = inf
        self._timer: asyncio.TimerHandle | None = None
        self._waiting: asyncio.Task[object] | None = None
        self._cancels = 0
        self._is_past = False

    def note_connecting(self) -> None:
        """A connection is being made."""
        self._enter(Stage.CONNECT, self.timeouts.connect)

    def note_sending(self) -> None:
        """The request is being written; each piece has its own limit."""
        self._enter(Stage.SEND, inf)

    def note_sent(self) -> None:
        """The request is written; the answer is waited for."""
        self._enter(Stage.FIRST, self.timeouts.first)

    def note_bytes(self) -> None:
        """Something came, be it only a sign of life."""
        if self.stage is Stage.IDLE:
            self._end = self._loop.time() + self.timeouts.idle
        self._cap = inf

    def note_payload(self) -> None:
        """Part of the answer came."""
        self._payload_end = self._loop.time() + self.timeouts.payload
        self._enter(Stage.IDLE, self.timeouts.idle)

    def shorten(self, seconds: float) -> None:
        """From now on wait at most this long, whatever comes."""
        self._payload_end = min(self._payload_end, self._loop.time() + seconds)

    def close(self) -> None:
        """The request is over."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def __aenter__(self) -> None:
        self._waiting = asyncio.current_task()
        self._cancels = self._waiting.cancelling() if self._waiting is not None else 0
        self._arm()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        waiting, self._waiting = self._waiting, None
        if self._is_past and waiting is not None:
            self._is_past = False
            # As asyncio.timeout does it: somebody else may have cancelled the task too, which then counts.
            if waiting.uncancel() <= self._cancels and kind is asyncio.CancelledError:
                raise OutOfTime from None

    def _enter(self, stage: Stage, seconds: float) -> None:
        self.stage = stage
        self._end = self._loop.time() + seconds
        self._cap = inf
        if self._waiting is not None:
            self._arm()

    def _arm(self) -> None:
        """Let the timer ring no later than at the deadline; a ring that comes too early only looks."""
        when = min(self._end, self._payload_end, self._cap, self._loop.time() + self.timeouts.look)
        if self._timer is None or when < self._timer.when():
            if self._timer is not None:
                self._timer.cancel()
            self._timer = self._loop.call_at(when, self._look)

    def _look(self) -> None:
        self._timer = None
        slept = self._asleep()
        if slept - self._slept > SLEPT:
            # The connection may well be dead, and nobody would tell us.
            self._cap = self._loop.time() + self.timeouts.resume
        self._slept = slept
        if self._waiting is None:
            return
        if self._loop.time() >= min(self._end, self._payload_end, self._cap):
            self._is_past = True
            self._waiting.cancel()
        else:
            self._arm()
