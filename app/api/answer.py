"""The body of one reply, whatever it turns out to be, as deltas (wire.md Q15 to Q25, Q47 to Q50)."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from dataclasses import replace

from app.api.connection import Reply
from app.api.lenient_json import objects_in_a_row
from app.api.reducer import MAX_BAD_IN_A_ROW, Reducer
from app.api.reply_errors import (
    error_in_place_of_answer,
    error_in_stream,
    error_of_reply,
    is_html,
    not_an_api,
    plain,
)
from app.api.sse import SSEDecoder
from app.core.completion import NOTHING, Delta
from app.core.errors import (
    AnswerTooLarge,
    ChatError,
    ConnectionLost,
    EmptyAnswer,
    ErrorDetails,
    TimedOut,
    UnknownAnswer,
)
from app.core.parts import Part, RefusalPart, TextPart, ThinkingPart

MAX_ANSWER = 2 * 1024 * 1024  # bytes of text and thoughts (wire.md, head)
MAX_ATTACHED = 16 * 1024 * 1024  # characters of all that isn't text, pictures inside the answer most of all
MAX_JSON = 16 * 1024 * 1024  # bytes of an answer in one piece: it is one event
MAX_ERROR_BODY = 1024 * 1024  # bytes that are read of what is no answer
BLANKS = b"\xef\xbb\xbf \t\r\n"


class Answer:
    """A reply of which enough has come to know what it is. `error` is set where it is no answer at all."""

    def __init__(self, reply: Reply, head: bytes, rest: AsyncIterator[bytes], about: ErrorDetails) -> None:
        self.error: ChatError | None = None
        self._reply = reply
        self._head = head
        self._rest = rest
        self._about = about
        self._decoder = SSEDecoder()
        self._reducer = Reducer()
        self._size = self._attached = 0
        self._has_content = False

    @classmethod
    async def of(cls, reply: Reply, about: ErrorDetails) -> Answer:
        """Read on until it is clear what the body is, whatever its content type says (wire.md Q20)."""
        rest, head = reply.pieces(), b""
        answer = cls(reply, head, rest, about)
        if not 200 <= reply.status < 300:
            body = await answer._beginning()
            answer.error = error_of_reply(reply.status, reply.headers, body, about, time.time())
            return answer
        async for data in rest:
            head += data
            # Servers keep a connection alive with blank lines before the body (wire.md Q23).
            if head.strip(BLANKS) or len(head) > MAX_ERROR_BODY:
                break
        answer._head = head
        if is_html(head.lstrip(BLANKS)):
            answer.error = not_an_api(await answer._beginning(), about, reply.status)
        return answer

    def deltas(self) -> AsyncGenerator[Delta, None]:
        """What the answer holds. Raises ChatError after the last delta where it isn't complete."""
        is_json = self._head.lstrip(BLANKS)[:1] in {b"{", b"["}
        return self._of_json() if is_json else self._of_stream()

    async def _beginning(self) -> bytes:
        """As much as comes soon, and is worth reading, of a body that is no answer."""
        pieces, size = [self._head], len(self._head)
        self._reply.deadlines.shorten(self._reply.deadlines.timeouts.error_body)
        try:
            async for data in self._rest:
                pieces.append(data)
                size += len(data)
                if size >= MAX_ERROR_BODY:
                    break
        except ChatError:
            # What had come of it must do: the status says most.
            pass
        return b"".join(pieces)

    async def _of_json(self) -> AsyncGenerator[Delta, None]:
        """One whole completion where a stream was due, or as it was asked for (wire.md Q21)."""
        pieces, size = [self._head], len(self._head)
        async for data in self._rest:
            pieces.append(data)
            size += len(data)
            if size > MAX_JSON:
                raise AnswerTooLarge(replace(self._about, reason="it is larger than 16 MiB"))
        text = b"".join(pieces).decode("utf-8", "replace").lstrip("\ufeff")
        objects = objects_in_a_row(text)
        for one in objects:
            for delta in self._within_limits(self._reducer.feed_object(one)):
                yield delta
        for delta in self._within_limits(self._reducer.finish()):
            yield delta
        if self._reducer.failure is not None:
            raise self._failure()
        if not any("choices" in one for one in objects):
            raise UnknownAnswer(replace(self._about, status=self._reply.status, raw=plain(text)))
        self._raise_if_empty()

    async def _of_stream(self) -> AsyncGenerator[Delta, None]:
        reducer, broken = self._reducer, None
        try:
            data: bytes | None = self._head
            while data is not None and not reducer.is_done:
                for delta in self._fed(data):
                    yield delta
                # A stream that is done is not read on for its text, whatever still comes.
                data = None if self._reducer.is_done else await anext(self._rest, None)
        except (ConnectionLost, TimedOut) as error:
            broken = error
        if reducer.is_done:
            async for usage in self._late():
                yield usage
        for event in self._decoder.finish():
            for delta in self._all_within_limits(reducer.feed(event)):
                yield delta
        for delta in self._within_limits(reducer.finish()):
            yield delta
        if reducer.failure is not None:
            raise self._failure()
        if not reducer.is_done and reducer.finish_reason is None:
            self._raise_for_early_end(broken)
        # What breaks after the end of an answer breaks nothing of it.
        self._raise_if_empty()

    def _raise_for_early_end(self, broken: ChatError | None) -> None:
        if broken is not None:
            raise broken
        if self._has_content:
            reason = "it ended without saying that it is complete"
            raise ConnectionLost(replace(self._about, reason=reason, charged=True))
        if self._decoder.has_strange_lines and not self._reducer.payloads:
            raise UnknownAnswer(
                replace(
                    self._about, status=self._reply.status, raw=plain(self._head.decode("utf-8", "replace"))
                )
            )

    def _fed(self, data: bytes) -> Iterator[Delta]:
        reducer, deadlines = self._reducer, self._reply.deadlines
        before = reducer.payloads
        for event in self._decoder.feed(data):
            yield from self._all_within_limits(reducer.feed(event))
            if reducer.failure is not None:
                raise self._failure()
            if reducer.bad_in_a_row >= MAX_BAD_IN_A_ROW:
                raise UnknownAnswer(replace(self._about, reason="its events can't be read"))
        if reducer.payloads > before:
            deadlines.note_payload()
            if reducer.finish_reason is not None:
                deadlines.shorten(deadlines.timeouts.finished)

    async def _late(self) -> AsyncIterator[Delta]:
        """The usage that comes behind [DONE], up to the end that lets the connection be used again (Q16)."""
        deadlines = self._reply.deadlines
        deadlines.shorten(deadlines.timeouts.drain)
        try:
            async for data in self._rest:
                for event in self._decoder.feed(data):
                    for delta in self._reducer.feed(event):
                        yield delta
        except ChatError:
            return

    def _all_within_limits(self, deltas: list[Delta]) -> Iterator[Delta]:
        for delta in deltas:
            yield from self._within_limits(delta)

    def _within_limits(self, delta: Delta) -> Iterator[Delta]:
        """`delta`, cut where the answer has become too long; AnswerTooLarge then follows."""
        if delta == NOTHING:
            return
        parts: list[Part] = []
        is_cut = False
        for part in delta.parts:
            if not isinstance(part, TextPart | ThinkingPart | RefusalPart):
                self._attached += len(repr(part))
                self._has_content = True
                parts.append(part)
                continue
            size = len(part.text.encode())
            room = MAX_ANSWER - self._size
            self._size += size
            self._has_content = self._has_content or bool(part.text.strip())
            is_cut = is_cut or size > room
            rest = part.text.encode()[: max(room, 0)].decode("utf-8", "ignore") if size > room else part.text
            parts.append(replace(part, text=rest) if size > room else part)
        calls = sum(len(call.arguments) for call in delta.tool_calls)
        self._has_content = self._has_content or bool(delta.tool_calls)
        if self._attached + calls <= MAX_ATTACHED:
            yield replace(delta, parts=tuple(parts)) if is_cut else delta
        if self._size > MAX_ANSWER:
            raise AnswerTooLarge(replace(self._about, reason="its text is longer than 2 MiB"))
        if self._attached + calls > MAX_ATTACHED:
            raise AnswerTooLarge(replace(self._about, reason="what is attached to it is larger than 16 MiB"))

    def _failure(self) -> ChatError:
        failure = self._reducer.failure or {}
        if self._has_content:
            return error_in_stream(failure, self._about)
        return error_in_place_of_answer(failure, self._about)

    def _raise_if_empty(self) -> None:
        # A filter that leaves nothing is an answer of its own kind, told by its finish_reason (wire.md Q36).
        if not self._has_content and self._reducer.finish_reason != "content_filter":
            raise EmptyAnswer(replace(self._about, status=self._reply.status))
