"""What a session is doing right now, as one value for whoever shows it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from app.core.errors import ChatError


class ActivityKind(StrEnum):
    """IDLE: nothing is asked. WAITING: for a key, a connection, the first word. RETRYING: till `retry_at`."""

    IDLE = "idle"
    WAITING = "waiting"
    THINKING = "thinking"
    WRITING = "writing"
    RETRYING = "retrying"


class Activity(NamedTuple):
    """What goes on since when. `since` and `retry_at` are seconds of `time.monotonic()`.

    `error` is why it retries. `progress` is (done, all) of the prompt where the server tells.
    """

    kind: ActivityKind = ActivityKind.IDLE
    since: float = 0.0
    retry_at: float | None = None
    error: ChatError | None = None
    progress: tuple[int, int] | None = None


IDLE = Activity()
