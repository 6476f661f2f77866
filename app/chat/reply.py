"""One reply on its way: the key, the request, the waiting between tries, and the one end of it all."""

from __future__ import annotations

import random
import time
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.api.retry import delay_before_retry
from app.chat.activity import IDLE, Activity, ActivityKind
from app.chat.connections import preset_of
from app.chat.keys import KeyringState, Keys
from app.chat.network import Network
from app.chat.stream import CompletionStream
from app.core.completion import Completion, Delta, ReplyState
from app.core.context import ChatRequest
from app.core.errors import (
    ChatError,
    ConnectionLost,
    EmptyAnswer,
    ErrorDetails,
    KeyNeeded,
    ModelNotFound,
    NoConnection,
    TimedOut,
)
from app.core.parts import Part, TextPart, ThinkingPart
from app.core.provider import ApiKey, Endpoint, EndpointKind

MODEL_SECONDS = 60.0  # for a list of models to choose from, the wait for a key included


class ReplyInFlight(QObject):
    """Asks until there is an answer or an error that asking again would not mend. A request without a model
    waits for `use_model`, but not for ever.

    Signals: `grown(Delta)`: what has been added, with the time it took to think; `changed(Completion)`;
    `activity_changed(Activity)`; last and exactly once `ended(Completion)`, unless `abandon` was called.
    """

    grown = Signal(object)
    changed = Signal(object)
    activity_changed = Signal(object)
    ended = Signal(object)

    def __init__(
        self,
        network: Network,
        keys: Keys,
        endpoint: Endpoint,
        request: ChatRequest,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.completion = Completion()
        self.activity = IDLE
        self._network = network
        self._keys = keys
        self._endpoint = endpoint
        self._request = request
        self._stream: CompletionStream | None = None
        self._wants_key = False
        self._tries = 0
        self._has_payload = False
        self._has_ended = False
        self._asked_at = time.monotonic()
        self._thinking_since: float | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.retry_now)
        self._model_timer = QTimer(self)
        self._model_timer.setSingleShot(True)
        self._model_timer.timeout.connect(self.give_up_model)
        keys.key_found.connect(self._on_key_found)
        keys.key_unavailable.connect(self._on_key_unavailable)

    def start(self) -> None:
        """Post the request as soon as its model and the key are known."""
        self._set_activity(Activity(ActivityKind.WAITING, time.monotonic()))
        if self._request.model:
            self._ask_for_key()
        else:
            self._model_timer.start(int(MODEL_SECONDS * 1000))

    @property
    def wants_model(self) -> bool:
        """True from `start` until it knows which model to ask."""
        return self._model_timer.isActive()

    def use_model(self, model: str) -> None:
        """Ask this model, where none was known so far."""
        if self.wants_model:
            self._model_timer.stop()
            self._request = replace(self._request, model=model)
            self._ask_for_key()

    @Slot()
    def give_up_model(self, error: ChatError | None = None) -> None:
        """There is no model to ask, because of `error` where there is one."""
        if not self._request.model:
            self._end(ReplyState.FAILED, error or ModelNotFound(self._details()))

    def stop(self) -> None:
        """End as the person wants it: what has come stays."""
        self._end(ReplyState.STOPPED)

    def interrupt(self) -> None:
        """End because the app does: what has come stays."""
        self._end(ReplyState.INTERRUPTED)

    def abandon(self) -> None:
        """Close the request; nothing of this reply is heard any more."""
        self._has_ended = True
        self._let_go()

    @Slot()
    def retry_now(self) -> None:
        """Don't wait any longer for the next try; nothing happens where none is waited for."""
        if self.activity.kind is ActivityKind.RETRYING:
            self._timer.stop()
            self._set_activity(Activity(ActivityKind.WAITING, time.monotonic()))
            self._ask_for_key()

    @property
    def waits_for_connection(self) -> bool:
        """True between two tries where the first found no way to the host."""
        return self.activity.kind is ActivityKind.RETRYING and isinstance(self.activity.error, NoConnection)

    def _ask_for_key(self) -> None:
        if self._endpoint.kind is EndpointKind.DEMO:
            self._post(None)
        elif self._keys.knows_for_endpoint(self._endpoint):
            self._use_key()
        else:
            self._wants_key = True
            self._keys.fetch(self._endpoint.origin)

    def _use_key(self) -> None:
        self._wants_key = False
        key = self._keys.key_for_endpoint(self._endpoint)
        preset = preset_of(self._endpoint.base_url)
        if key is None and preset is not None and preset.needs_key:
            self._end(ReplyState.FAILED, KeyNeeded(self._details()))
        else:
            # Other servers may need none; where one does, its 401 says so.
            self._post(key)

    @Slot(str, object)
    def _on_key_found(self, origin: str, _: ApiKey | None) -> None:
        if self._wants_key and origin == self._endpoint.origin:
            self._use_key()

    @Slot(str, object)
    def _on_key_unavailable(self, origin: str, state: KeyringState) -> None:
        if not self._wants_key or origin != self._endpoint.origin:
            return
        if self._keys.key_for_endpoint(self._endpoint) is not None or self._endpoint.is_loopback:
            self._use_key()
        else:
            self._end(ReplyState.FAILED, KeyNeeded(self._details(reason=state.value)))

    def _post(self, key: ApiKey | None) -> None:
        self._tries += 1
        self._asked_at = time.monotonic()
        stream = CompletionStream(self._network, self._endpoint, key, self._request, self)
        stream.delta.connect(self._on_delta)
        stream.finished.connect(self._on_finished)
        stream.failed.connect(self._on_failed)
        self._stream = stream
        stream.start()

    @Slot(object)
    def _on_delta(self, delta: Delta) -> None:
        now = time.monotonic()
        if delta == Delta(progress=delta.progress):
            if delta.progress is not None:
                self._set_activity(self.activity._replace(progress=delta.progress))
            return
        self._has_payload = True
        parts = self._with_times(delta.parts, now)
        if parts != delta.parts:
            delta = replace(delta, parts=parts)
        completion = self.completion.plus(delta)
        if delta.parts and completion.seconds_to_first is None:
            completion = replace(completion, seconds_to_first=now - self._asked_at)
        self.completion = completion
        if completion.parts:
            thinks = isinstance(completion.parts[-1], ThinkingPart)
            kind = ActivityKind.THINKING if thinks else ActivityKind.WRITING
            if kind is not self.activity.kind:
                self._set_activity(Activity(kind, now))
        self.grown.emit(delta)
        self.changed.emit(completion)

    def _with_times(self, parts: tuple[Part, ...], now: float) -> tuple[Part, ...]:
        """Add how long it thought behind each thought that ends here."""
        timed: list[Part] = []
        for part in parts:
            match part:
                case TextPart(""):
                    continue
                case ThinkingPart():
                    self._thinking_since = self._thinking_since or now
                case _ if self._thinking_since is not None:
                    timed.append(ThinkingPart("", now - self._thinking_since))
                    self._thinking_since = None
            timed.append(part)
        return tuple(timed)

    @Slot()
    def _on_finished(self) -> None:
        self._stream = None
        if self.completion.is_empty and self.completion.finish_reason != "content_filter":
            self._end(ReplyState.FAILED, EmptyAnswer(self._details()))
        else:
            self._end(ReplyState.DONE)

    @Slot(object)
    def _on_failed(self, error: ChatError) -> None:
        self._stream = None
        delay = None if self._has_payload else delay_before_retry(error, self._tries, random.random)
        if delay is not None:
            now = time.monotonic()
            self._timer.start(int(delay * 1000))
            self._set_activity(Activity(ActivityKind.RETRYING, now, retry_at=now + delay, error=error))
        elif not self.completion.is_empty and isinstance(error, ConnectionLost | NoConnection | TimedOut):
            self._end(ReplyState.INTERRUPTED, error)
        else:
            self._end(ReplyState.FAILED, error)

    def _end(self, state: ReplyState, error: ChatError | None = None) -> None:
        if self._has_ended:
            return
        self._has_ended = True
        now = time.monotonic()
        completion = self.completion
        if self._thinking_since is not None:
            completion = completion.plus(Delta((ThinkingPart("", now - self._thinking_since),)))
        if self._tries:
            completion = replace(completion, seconds=now - self._asked_at)
        self.completion = completion.ended(state, error)
        self._let_go()
        self._set_activity(IDLE)
        self.ended.emit(self.completion)

    def _let_go(self) -> None:
        self._wants_key = False
        self._timer.stop()
        self._model_timer.stop()
        if self._stream is not None:
            self._stream.stop()
            self._stream = None

    def _set_activity(self, activity: Activity) -> None:
        if activity != self.activity:
            self.activity = activity
            self.activity_changed.emit(activity)

    def _details(self, reason: str = "") -> ErrorDetails:
        return ErrorDetails(host=self._endpoint.host, endpoint=self._endpoint.name, reason=reason)
