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

    The note_* methods may be called while something is waited for; they move the deadline.
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
        self._limit: asyncio.Timeout | None = None
        self._tick: asyncio.TimerHandle | None = None

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
        self._move()

    async def __aenter__(self) -> None:
        self._limit = asyncio.timeout_at(self._when())
        await self._limit.__aenter__()
        self._tick = self._loop.call_later(self.timeouts.look, self._look)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        limit, self._limit = self._limit, None
        if self._tick is not None:
            self._tick.cancel()
        if limit is not None:
            try:
                await limit.__aexit__(kind, error, trace)
            except TimeoutError:
                raise OutOfTime from None

    def _enter(self, stage: Stage, seconds: float) -> None:
        self.stage = stage
        self._end = self._loop.time() + seconds
        self._cap = inf
        self._move()

    def _when(self) -> float | None:
        when = min(self._end, self._payload_end, self._cap)
        return when if when < inf else None

    def _move(self) -> None:
        if self._limit is not None and not self._limit.expired():
            self._limit.reschedule(self._when())

    def _look(self) -> None:
        slept = self._asleep()
        if slept - self._slept > SLEPT:
            # The connection may well be dead, and nobody would tell us.
            self._cap = self._loop.time() + self.timeouts.resume
            self._move()
        self._slept = slept
        self._tick = self._loop.call_later(self.timeouts.look, self._look)
