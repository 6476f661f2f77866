"""The body of one reply, whatever it turns out to be, as deltas (wire.md Q15 to Q25, Q47 to Q50)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

from app.api.connection import Reply
from app.api.lenient_json import first_value, objects_of
from app.api.reducer import MAX_BAD_IN_A_ROW, Reducer
from app.api.reply_errors import error_in_reply, error_of_reply, is_html, not_an_api
from app.api.sse import SSEDecoder
from app.core.completion import Delta
from app.core.errors import (
    AnswerTooLarge,
    ChatError,
    ConnectionLost,
    EmptyAnswer,
    ErrorDetails,
    StreamFailed,
    UnknownAnswer,
)
from app.core.parts import RefusalPart, TextPart, ThinkingPart

MAX_ANSWER = 2 * 1024 * 1024  # characters of text and thoughts (wire.md, head)
MAX_ERROR_BODY = 1024 * 1024  # bytes that are read of what is no answer
BLANKS = b"\xef\xbb\xbf \t\r\n"


class Answer:
    """A reply of which enough has come to know what it is. `error` is set where it is no answer at all."""

    def __init__(
        self,
        reply: Reply,
        head: bytes,
        rest: AsyncIterator[bytes],
        about: ErrorDetails,
        drain: float,
    ) -> None:
        self.error: ChatError | None = None
        self._reply = reply
        self._head = head
        self._rest = rest
        self._about = about
        self._drain = drain
        self._reducer = Reducer()
        self._size = 0
        self._has_content = False

    @classmethod
    async def of(cls, reply: Reply, about: ErrorDetails, drain: float) -> Answer:
        """Read on until it is clear what the body is, whatever its content type says (wire.md Q20)."""
        rest = reply.chunks()
        head = b""
        async for data in rest:
            head += data
            # Servers keep a connection alive with blank lines before the body (wire.md Q23).
            if head.strip(BLANKS) or len(head) > MAX_ERROR_BODY:
                break
        answer = cls(reply, head, rest, about, drain)
        if reply.status >= 400:
            body = await answer._whole(MAX_ERROR_BODY)
            answer.error = error_of_reply(reply.status, reply.headers, body, about, time.time())
        elif is_html(head.lstrip(BLANKS)):
            answer.error = not_an_api(await answer._whole(MAX_ERROR_BODY), about, reply.status)
        return answer

    def deltas(self) -> AsyncIterator[Delta]:
        """What the answer holds. Raises ChatError after the last delta where it isn't complete."""
        is_json = self._head.lstrip(BLANKS)[:1] in {b"{", b"["}
        return self._of_json() if is_json else self._of_stream()

    async def _whole(self, limit: int) -> bytes:
        pieces = [self._head]
        size = len(self._head)
        async for data in self._rest:
            pieces.append(data)
            size += len(data)
            if size >= limit:
                break
        return b"".join(pieces)

    async def _of_json(self) -> AsyncIterator[Delta]:
        """One whole completion where a stream was due, or as it was asked for (wire.md Q21)."""
        text = (await self._whole(2**63)).decode("utf-8", "replace").lstrip("\ufeff")
        objects, _ = objects_of(text)
        if not objects and isinstance(value := first_value(text), dict):
            objects = [value]
        for one in objects:
            for delta in self._counted([self._reducer.feed_object(one)]):
                yield delta
        for delta in self._counted([self._reducer.finish()]):
            yield delta
        self._raise_failure()
        if not objects:
            raise UnknownAnswer(replace(self._about, status=self._reply.status, raw=text[:500]))
        self._raise_if_empty()

    async def _of_stream(self) -> AsyncIterator[Delta]:
        decoder, reducer = SSEDecoder(), self._reducer
        broken: ChatError | None = None
        try:
            for delta in self._fed(decoder, self._head):
                yield delta
            while not reducer.is_done and (data := await anext(self._rest, None)) is not None:
                for delta in self._fed(decoder, data):
                    yield delta
            async for data in self._late():
                for delta in self._fed(decoder, data):
                    yield delta
        except ChatError as error:
            broken = error
        for event in decoder.finish():
            for delta in self._counted(reducer.feed(event)):
                yield delta
        for delta in self._counted([reducer.finish()]):
            yield delta
        self._raise_failure()
        is_complete = reducer.is_done or reducer.finish_reason is not None
        # What breaks after the end of an answer breaks nothing of it.
        if broken is not None and not (is_complete and isinstance(broken, ConnectionLost)):
            raise broken
        if reducer.finish_reason == "error":
            raise StreamFailed(self._about)
        if reducer.payloads and not is_complete:
            raise ConnectionLost(replace(self._about, reason="the stream ended without a finish"))
        self._raise_if_empty()

    def _fed(self, decoder: SSEDecoder, data: bytes) -> Iterator[Delta]:
        before = self._reducer.payloads
        for event in decoder.feed(data):
            yield from self._counted(self._reducer.feed(event))
        if self._reducer.payloads > before:
            self._reply.note_payload()
        self._raise_failure()
        if self._reducer.bad_in_a_row >= MAX_BAD_IN_A_ROW:
            raise UnknownAnswer(replace(self._about, reason="its events can't be read"))

    async def _late(self) -> AsyncIterator[bytes]:
        """What comes right behind [DONE]: usage, and the end that lets the connection be used again (Q16)."""
        try:
            async with asyncio.timeout(self._drain):
                async for data in self._rest:
                    yield data
        except (TimeoutError, ChatError):
            return

    def _counted(self, deltas: list[Delta]) -> Iterator[Delta]:
        for delta in deltas:
            if delta == Delta():
                continue
            for part in delta.parts:
                if isinstance(part, TextPart | ThinkingPart | RefusalPart):
                    self._size += len(part.text)
            self._has_content = self._has_content or bool(delta.parts or delta.tool_calls)
            yield delta
        if self._size > MAX_ANSWER:
            raise AnswerTooLarge(replace(self._about, reason="its text is longer than 2 MiB"))

    def _raise_failure(self) -> None:
        if self._reducer.failure is not None:
            raise error_in_reply(self._reducer.failure, self._about, after_text=self._has_content)

    def _raise_if_empty(self) -> None:
        # A filter that leaves nothing is an answer of its own kind, told by its finish_reason (wire.md Q36).
        if not self._has_content and self._reducer.finish_reason != "content_filter":
            raise EmptyAnswer(replace(self._about, status=self._reply.status))
