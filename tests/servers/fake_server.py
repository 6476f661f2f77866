"""A real HTTP server on this machine that plays bytes by script, keeps every request and sees every close.

    with FakeServer(stream("Hello", " there")) as server:
        ...                             # ask server.url + "/chat/completions"
    server.exchanges[0].request.json    # what was asked

A script is a function of one `Exchange`; it writes raw bytes, so it can say whatever a bad server says. The
makers below give the usual ones; `server.script` may be set anew at any time. `in_turn(a, b, …)` plays a
script a request, the last one for all that follow. With `tls` the server speaks TLS by that context.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import random
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Self, TypeAlias

WATCHDOG = 60.0  # seconds; ten times what anything here may take

Cut: TypeAlias = Callable[[bytes], list[bytes]]


# -- ways to cut bytes ----------------------------------------------------------------------------------


def whole(data: bytes) -> list[bytes]:
    """All in one piece."""
    return [data]


def single_bytes(data: bytes) -> list[bytes]:
    """Byte by byte."""
    return [data[at : at + 1] for at in range(len(data))]


def cut_at(*places: int) -> Cut:
    """In two or more pieces, cut at `places`."""

    def cut(data: bytes) -> list[bytes]:
        ends = [0, *sorted(places), len(data)]
        return [data[start:end] for start, end in itertools.pairwise(ends) if start < end]

    return cut


def at_random(seed: int) -> Cut:
    """In pieces of 1 to 40 bytes, the same for the same seed."""

    def cut(data: bytes) -> list[bytes]:
        dice, pieces, at = random.Random(seed), [], 0
        while at < len(data):
            size = dice.randint(1, 40)
            pieces.append(data[at : at + size])
            at += size
        return pieces

    return cut


def kibibytes(data: bytes) -> list[bytes]:
    """In pieces of 1 KiB."""
    return [data[at : at + 1024] for at in range(0, len(data), 1024)]


# -- bytes of the protocol ------------------------------------------------------------------------------


def event(data: Any, name: str = "") -> bytes:
    """One server-sent event; what isn't text goes as JSON."""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {text}\n\n".encode("utf-8", "surrogatepass")


def delta(**fields: Any) -> dict[str, Any]:
    """A chunk whose delta has these fields."""
    return {"id": "c1", "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": fields}]}


def text_event(text: str) -> bytes:
    """One event with a piece of the answer."""
    return event(delta(content=text))


def finish_event(reason: str | None = "stop", **more: Any) -> bytes:
    """The event that says why the answer ended; `more` may give `usage`."""
    return event({"id": "c1", "choices": [{"index": 0, "delta": {}, "finish_reason": reason}], **more})


DONE = b"data: [DONE]\n\n"
STREAM_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
LAST_CHUNK = b"0\r\n\r\n"


def chunk(data: bytes) -> bytes:
    """`data` as one piece of a chunked body."""
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def completion(text: str, reason: str = "stop", **message: Any) -> dict[str, Any]:
    """A whole completion, as asked for without `stream`."""
    return {
        "id": "c1",
        "object": "chat.completion",
        "model": "test-model",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": text, **message},
                "finish_reason": reason,
            }
        ],
        "usage": {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12},
    }


# -- what a server sees ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Request:
    """One request as it came; the names of `headers` are in lower case."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """The value of the first header of this name."""
        return next((value for one, value in self.headers if one == name.lower()), None)

    @property
    def json(self) -> dict[str, Any]:
        """The body as a JSON object."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def text(self) -> str:
        """What the last message says."""
        content = self.json["messages"][-1]["content"]
        return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


@dataclass
class Exchange:
    """One request and the connection that its answer goes to.

    `number` counts the requests on this connection from 0. `hung_up` is set once the client has closed it.
    `hung_up_at` is when, by time.monotonic.
    """

    request: Request
    connection: socket.socket
    number: int
    server: FakeServer
    hung_up: threading.Event = field(default_factory=threading.Event)
    hung_up_at: float = 0.0
    ended: bool = False

    def send(self, data: bytes, cut: Cut = whole) -> None:
        """Write bytes as they are; ConnectionError where the client has gone."""
        for piece in cut(data):
            try:
                self.connection.sendall(piece)
            except OSError as error:
                self._note_close()
                raise ConnectionError from error

    def send_chunk(self, data: bytes) -> None:
        """Write one piece of a chunked body."""
        self.send(chunk(data))

    def begin_stream(self) -> None:
        """Write the head of an event stream."""
        self.send(STREAM_HEAD)

    def end_stream(self) -> None:
        """Write what ends a chunked body."""
        self.send(LAST_CHUNK)

    def pause(self, seconds: float) -> None:
        """Wait, or less where the client hangs up: then ConnectionError."""
        if self._closes_within(seconds):
            raise ConnectionError

    def wait_for_close(self, seconds: float = WATCHDOG) -> None:
        """Say nothing until the client closes the connection."""
        self._closes_within(seconds)
        self.ended = True

    def close(self) -> None:
        """Close the connection in good order, whatever was promised."""
        self.ended = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        """Break the connection off (RST)."""
        self.ended = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.server.drop(self.connection)

    def _closes_within(self, seconds: float) -> bool:
        try:
            self.connection.settimeout(max(seconds, 0.0005))
            while self.connection.recv(4096):
                continue
        except TimeoutError:
            return False
        except OSError:
            pass
        finally:
            with contextlib.suppress(OSError):
                self.connection.settimeout(WATCHDOG)
        self._note_close()
        return True

    def _note_close(self) -> None:
        if not self.hung_up.is_set():
            self.hung_up_at = time.monotonic()
            self.hung_up.set()
        self.ended = True


Script: TypeAlias = Callable[[Exchange], None]


# -- scripts --------------------------------------------------------------------------------------------


def stream(*texts: str, reason: str | None = "stop", cut: Cut = whole, usage: bool = False) -> Script:
    """A well-made stream of these pieces of an answer."""
    more = {"usage": {"prompt_tokens": 5, "completion_tokens": 7}} if usage else {}
    return body_stream(
        b"".join(map(text_event, texts)) + finish_event(reason, **more) + DONE,
        cut=cut,
    )


def body_stream(body: bytes, *, cut: Cut = whole, content_type: str = "text/event-stream") -> Script:
    """`body` in a chunked reply, each cut piece a chunk of its own."""

    def play(exchange: Exchange) -> None:
        kind = f"Content-Type: {content_type}\r\n" if content_type else ""
        exchange.send(f"HTTP/1.1 200 OK\r\n{kind}Transfer-Encoding: chunked\r\n\r\n".encode())
        for piece in cut(body):
            exchange.send_chunk(piece)
        exchange.end_stream()

    return play


def tokens(count: int, per_second: float, text: str = "word ") -> Script:
    """A stream of `count` pieces at a steady rate, by the clock, not by the sum of pauses."""

    def play(exchange: Exchange) -> None:
        exchange.begin_stream()
        began = time.monotonic()
        for number in range(count):
            late = began + number / per_second - time.monotonic()
            if late > 0:
                exchange.pause(late)
            exchange.send_chunk(text_event(text))
        exchange.send_chunk(finish_event(usage={"prompt_tokens": 9, "completion_tokens": count}) + DONE)
        exchange.end_stream()

    return play


def reply(status: int, body: Any = b"", *headers: str, reason: str = "Reason", cut: Cut = whole) -> Script:
    """A reply with a length. `body` goes as it is if it is bytes or text, else as JSON."""

    def play(exchange: Exchange) -> None:
        kind = "text/plain"
        if isinstance(body, bytes | str):
            data = body if isinstance(body, bytes) else body.encode()
            kind = "text/html" if data.lstrip()[:1] == b"<" else kind
        else:
            data, kind = json.dumps(body).encode(), "application/json"
        lines = [f"HTTP/1.1 {status} {reason}", *headers]
        names = {line.partition(":")[0].lower() for line in headers}
        if "content-type" not in names:
            lines.append(f"Content-Type: {kind}")
        if "content-length" not in names:
            lines.append(f"Content-Length: {len(data)}")
        exchange.send("\r\n".join([*lines, "", ""]).encode("latin-1") + data, cut)

    return play


def raw(data: bytes, *, cut: Cut = whole, then: Callable[[Exchange], None] = Exchange.close) -> Script:
    """Exactly these bytes, head and all; then close, `Exchange.reset` or `Exchange.wait_for_close`."""

    def play(exchange: Exchange) -> None:
        exchange.send(data, cut)
        then(exchange)

    return play


def partial_stream(*pieces: bytes, then: Callable[[Exchange], None] = Exchange.close) -> Script:
    """The head and these pieces, each a chunk; then close, reset or silence. The body's end never comes."""
    return raw(STREAM_HEAD + b"".join(map(chunk, pieces)), then=then)


def silence(exchange: Exchange) -> None:
    """Not a byte, until the client hangs up."""
    exchange.wait_for_close()


def hang_up(exchange: Exchange) -> None:
    """Close without a word."""
    exchange.close()


def reset(exchange: Exchange) -> None:
    """Break off without a word."""
    exchange.reset()


def redirect(status: int, location: str) -> Script:
    """A redirect."""
    return reply(status, b"", f"Location: {location}")


def in_turn(*scripts: Script) -> Script:
    """One script a request, in this order; the last one for all further requests."""
    waiting = list(scripts)
    lock = threading.Lock()

    def play(exchange: Exchange) -> None:
        with lock:
            script = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        script(exchange)

    return play


def by_path(scripts: dict[str, Script], otherwise: Script | None = None) -> Script:
    """The script of the longest path that the request's path ends with, else 404."""

    def play(exchange: Exchange) -> None:
        if exchange.request.method == "HEAD":
            # A body behind it would be read as the answer to the next request.
            exchange.send(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return
        path = exchange.request.path.partition("?")[0]
        found = [name for name in scripts if path.endswith(name)]
        (scripts[max(found, key=len)] if found else otherwise or reply(404, "Not Found"))(exchange)

    return play


def models(*names: str) -> Script:
    """A list of models."""
    return reply(200, {"object": "list", "data": [{"id": name} for name in names]})


def chat_and_models(chat: Script, *names: str) -> Script:
    """What a usual server has: a list of models beside the chat."""
    return by_path({"/models": models(*(names or ("test-model",))), "/chat/completions": chat})


# -- the server -----------------------------------------------------------------------------------------


class FakeServer:
    """Listens on 127.0.0.1 from the start; a thread a connection. `seen` counts accepted connections.

    `failures` holds what went wrong in scripts by their own fault; `close` raises the first of them.
    """

    def __init__(
        self, script: Script | None = None, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
    ) -> None:
        self.script: Script = script or stream("Hello", " there.")
        self.exchanges: list[Exchange] = []
        self.failures: list[BaseException] = []
        self.seen = 0
        self.bytes_of_http = 0
        self._tls = tls
        self._host = host
        self._changed = threading.Condition()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server((host, 0), backlog=128)
        self._is_closing = False
        self._start(self._accept)

    @property
    def port(self) -> int:
        """The TCP port."""
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"{'https' if self._tls else 'http'}://{self._host}:{self.port}"

    @property
    def url(self) -> str:
        """The base URL to ask."""
        return f"{self.origin}/v1"

    @property
    def requests(self) -> list[Request]:
        """All requests so far."""
        return [exchange.request for exchange in self.exchanges]

    @property
    def open_connections(self) -> int:
        """How many connections the server has that nobody closed yet."""
        with self._changed:
            return len(self._open)

    def wait_for_exchange(self, number: int = 1) -> Exchange:
        """Wait until that many requests have come; returns the last of these."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.exchanges) >= number, WATCHDOG):
                raise AssertionError(f"only {len(self.exchanges)} requests came")
            return self.exchanges[number - 1]

    def wait_until_all_closed(self) -> None:
        """Wait until no connection is open any more."""
        with self._changed:
            assert self._changed.wait_for(lambda: not self._open, WATCHDOG), "connections stayed open"

    def drop(self, connection: socket.socket) -> None:
        """Close a connection at once."""
        with self._changed:
            self._open.discard(connection)
            self._changed.notify_all()
        connection.close()

    def stop_listening(self) -> None:
        """Refuse new connections from now on, at the same port."""
        self._is_closing = True
        self._listener.close()

    def close(self) -> None:
        """End it; raises what a script did wrong."""
        self._is_closing = True
        # A thread in accept() is not woken by a close alone.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in tuple(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(WATCHDOG)
        if self.failures:
            raise self.failures[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self, target: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=target, args=arguments, name="fake-server", daemon=True)
        self._threads = [one for one in self._threads if one.is_alive()]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._is_closing:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._changed:
                self.seen += 1
                self._open.add(connection)
            self._start(self._serve, connection)

    def _serve(self, plain: socket.socket) -> None:
        connection = plain
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            plain.settimeout(WATCHDOG)
            if self._tls is not None:
                connection = self._tls.wrap_socket(plain, server_side=True)
                with self._changed:
                    self._open.discard(plain)
                    self._open.add(connection)
            self._talk(connection)
        except OSError:
            pass
        except BaseException as fault:  # noqa: BLE001  a script's own fault must fail the test
            self.failures.append(fault)
        finally:
            self.drop(plain)
            self.drop(connection)

    def _talk(self, connection: socket.socket) -> None:
        number = 0
        with connection.makefile("rb") as reader:
            while (request := _read_request(reader)) is not None:
                exchange = Exchange(request, connection, number, self)
                with self._changed:
                    self.bytes_of_http += len(request.body) + 1
                    self.exchanges.append(exchange)
                    self._changed.notify_all()
                try:
                    self.script(exchange)
                except ConnectionError:
                    return
                if exchange.ended:
                    return
                number += 1


def _read_request(reader: Any) -> Request | None:
    line = reader.readline()
    if not line.strip():
        return None
    words = line.decode("latin-1").split(" ", 2)
    if len(words) < 3:
        return Request("", "", (), line)
    method, path, _ = words
    headers = []
    while line := reader.readline().strip():
        name, _, value = line.decode("latin-1").partition(":")
        headers.append((name.strip().lower(), value.strip()))
    length = next((int(value) for name, value in headers if name == "content-length"), 0)
    return Request(method, path, tuple(headers), reader.read(length))


def joined(pieces: Iterable[bytes]) -> bytes:
    """All pieces as one."""
    return b"".join(pieces)
