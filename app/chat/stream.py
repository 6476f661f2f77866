"""One request to a model while it runs: its deltas on the GUI thread, at most one hand-over per frame."""

from __future__ import annotations

import time
from contextlib import aclosing
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.chat.network import Network, Report
from app.core.completion import Delta
from app.core.context import ChatRequest
from app.core.errors import ChatError
from app.core.frames import FRAME, frame_after
from app.core.parts import TextPart, ThinkingPart
from app.core.provider import ApiKey, Endpoint

if TYPE_CHECKING:
    import asyncio

    from app.api.client import ChatClient

WAITED_SECONDS = 0.0005  # what takes longer than this has waited for the server


class CompletionStream(QObject):
    """One try at a completion.

    Signals: `delta(Delta)`; then exactly one of `finished()` and `failed(ChatError)`, or none after `stop`.
    It deletes itself after its last signal, or on `stop`; `stop` may be called at any time before that.
    """

    delta = Signal(object)
    finished = Signal()
    failed = Signal(object)

    def __init__(
        self,
        network: Network,
        endpoint: Endpoint,
        key: ApiKey | None,
        request: ChatRequest,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._network = network
        self._question = (endpoint, key, request)
        self._ticket = 0

    def start(self) -> None:
        """Post the request."""
        endpoint, key, request = self._question

        async def pump(client: ChatClient, report: Report) -> None:
            await _pump(client, endpoint, key, request, report)

        self._ticket = self._network.run_reporting(
            pump, lambda _: self._on_finished(), self._on_failed, self.delta.emit
        )

    def stop(self) -> None:
        """Close the request, even where the server is silent; no signal follows."""
        self._network.cancel(self._ticket)
        self.deleteLater()

    def _on_finished(self) -> None:
        self.finished.emit()
        self.deleteLater()

    def _on_failed(self, error: ChatError) -> None:
        self.failed.emit(error)
        self.deleteLater()


async def _pump(
    client: ChatClient, endpoint: Endpoint, key: ApiKey | None, request: ChatRequest, report: Report
) -> None:
    import asyncio

    loop = asyncio.get_running_loop()
    frames = _Frames(loop, report)
    async with aclosing(client.stream(endpoint, key, request)) as deltas:
        try:
            asked = loop.time()
            async for delta in deltas:
                frames.add(delta)
                if loop.time() - asked > WAITED_SECONDS:
                    # All that comes within the frame is then read in one go: waking up for each token would
                    # cost more than the tokens. What is there already is never waited for.
                    await asyncio.sleep(frames.rest)
                asked = loop.time()
        finally:
            frames.close()


class _Frames:
    """Joins what comes within one frame. The first delta goes at once: that is what a person waits for."""

    def __init__(self, loop: asyncio.AbstractEventLoop, report: Report) -> None:
        self._loop = loop
        self._report = report
        self._last = float("-inf")
        self._frame = FRAME / 1000  # seconds
        self._waiting: Delta | None = None
        self._timer: asyncio.TimerHandle | None = None

    @property
    def rest(self) -> float:
        """Seconds until the next hand-over may be."""
        return max(self._last + self._frame - time.monotonic(), 0.0)

    def add(self, delta: Delta) -> None:
        self._waiting = delta if self._waiting is None else self._waiting.plus(delta)
        if self._timer is not None:
            return
        if (rest := self.rest) > 0:
            self._timer = self._loop.call_later(rest, self._flush)
        else:
            self._flush()

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._flush()

    def _flush(self) -> None:
        self._timer = None
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            now = time.monotonic()
            texts = (part.text for part in waiting.parts if isinstance(part, TextPart | ThinkingPart))
            self._frame = frame_after(sum(map(len, texts)), (now - self._last) * 1000) / 1000
            self._last = now
            self._report(waiting)
