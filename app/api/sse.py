"""A decoder of server-sent events: bytes in, events out, without any I/O (wire.md Q1 to Q14, Q25)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.core.errors import AnswerTooLarge, ErrorDetails

MAX_EVENT = 16 * 1024 * 1024  # bytes of a line or an event (wire.md, head)
BOM = b"\xef\xbb\xbf"
SHORT = 4096  # bytes
# Comments and blank lines in a row: a server that sends nothing else can send millions of them. The group
# holds the last comment.
_SIGNS_OF_LIFE = re.compile(rb"(?:(:[^\r\n]*+)?+[\r\n])++")


@dataclass(frozen=True, slots=True)
class Event:
    """One event with data. `is_cut` says that the stream ended before the blank line that ends an event."""

    data: str
    name: str = ""
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Comment:
    """A line that starts with a colon: the server is alive."""

    text: str


class SSEDecoder:
    """Feed it the body as it comes, cut anywhere; call `finish` at its end.

    Lines end with LF, CRLF or CR and nothing else; an event is there as soon as its blank line's first byte
    is. Text is UTF-8 whatever the headers say, decoded by whole lines. Of more than 4 KiB of comments in
    a row only the last need be told. Raises AnswerTooLarge past 16 MiB.
    `has_strange_lines` says that there was text that is no field of an event.
    """

    def __init__(self) -> None:
        self.has_strange_lines = False
        self._line: list[bytes] = []  # the pieces of a line that isn't whole yet
        self._line_size = 0
        self._data: list[bytes] = []
        self._data_size = 0
        self._name = ""
        self._at_start = True
        self._after_cr = False

    def feed(self, data: bytes) -> list[Event | Comment]:
        """The events that `data` completes."""
        if self._after_cr and data:
            self._after_cr = False
            if data.startswith(b"\n"):
                data = data[1:]
        if not data:
            return []
        events: list[Event | Comment] = []
        if not self._data and not self._name and self._line_size < SHORT:
            data = self._past_flood(data, events)
            if not data:
                return events
        # bytes.splitlines knows only CR, LF and CRLF; str.splitlines would also split inside JSON (Q6).
        pieces = data.splitlines(keepends=True)
        for piece in pieces[:-1]:
            self._take(piece.rstrip(b"\r\n"), events)
        last = pieces[-1]
        if last.endswith((b"\n", b"\r")):
            self._after_cr = last.endswith(b"\r")
            self._take(last.rstrip(b"\r\n"), events)
        else:
            self._line.append(last)
            self._line_size += len(last)
            if self._line_size > MAX_EVENT:
                raise _too_large()
        return events

    def finish(self) -> list[Event | Comment]:
        """What was left when the stream ended: servers forget the last blank line, or the last newline."""
        events: list[Event | Comment] = []
        if self._line:
            self._take(b"", events)
        if self._data:
            self._end_event(events, is_cut=True)
        return events

    def _past_flood(self, data: bytes, events: list[Event | Comment]) -> bytes:
        """`data` with the line that had begun, without a flood of signs of life at its beginning: that is
        passed over in one step.
        """
        data = b"".join((*self._line, data))
        self._line.clear()
        self._line_size = 0
        signs = _SIGNS_OF_LIFE.match(data)
        if signs is None or signs.end() < SHORT:
            return data
        self._at_start = False
        if signs[1] is not None:
            events.append(_comment(signs[1]))
        self._after_cr = data.endswith(b"\r", 0, signs.end()) and signs.end() == len(data)
        return data[signs.end() :]

    def _take(self, piece: bytes, events: list[Event | Comment]) -> None:
        if self._line:
            self._line.append(piece)
            line = b"".join(self._line)
            self._line.clear()
            self._line_size = 0
        else:
            line = piece
        if self._at_start:
            self._at_start = False
            line = line.removeprefix(BOM)
        if not line:
            self._end_event(events, is_cut=False)
            return
        field, _, value = line.partition(b":")
        match field:
            case b"":
                events.append(_comment(line))
            case b"data":
                self._data.append(value.removeprefix(b" "))
                self._data_size += len(value)
                if self._data_size > MAX_EVENT:
                    raise _too_large()
            case b"event":
                self._name = _text(value).strip()
            case b"id" | b"retry":
                pass
            case _:
                self.has_strange_lines = True

    def _end_event(self, events: list[Event | Comment], *, is_cut: bool) -> None:
        data, name = _text(b"\n".join(self._data)), self._name
        self._data, self._data_size, self._name = [], 0, ""
        if data.strip():
            events.append(Event(data, name, is_cut))


def _comment(line: bytes) -> Comment:
    return Comment(_text(line[1:]).strip())


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _too_large() -> AnswerTooLarge:
    return AnswerTooLarge(ErrorDetails(reason="one event is larger than 16 MiB"))
