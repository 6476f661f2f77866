"""Reads a body the way the client does, without a network: decoder, reducer, completion."""

from __future__ import annotations

from dataclasses import dataclass

from app.api.reducer import Reducer
from app.api.sse import SSEDecoder
from app.core.completion import Completion, Delta
from app.core.parts import Part, answer_text, thinking_text
from tests.servers.fake_server import Cut, whole


@dataclass
class Reading:
    """What came of a body."""

    completion: Completion
    deltas: list[Delta]
    reducer: Reducer

    @property
    def text(self) -> str:
        return answer_text(self.completion.parts)

    @property
    def thinking(self) -> str:
        return thinking_text(self.completion.parts)

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.completion.parts


def read(body: bytes, cut: Cut = whole) -> Reading:
    """Feed `body`, cut, to a decoder and a reducer."""
    decoder, reducer = SSEDecoder(), Reducer()
    deltas: list[Delta] = []
    for piece in cut(body):
        for event in decoder.feed(piece):
            deltas += reducer.feed(event)
    for event in decoder.finish():
        deltas += reducer.feed(event)
    deltas.append(reducer.finish())
    completion = Completion()
    for delta in deltas:
        completion = completion.plus(delta)
    return Reading(completion, deltas, reducer)
