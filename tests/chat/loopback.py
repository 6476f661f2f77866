"""A real server on this machine that says what a test tells it to, and sees when a client hangs up."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

WATCHDOG_SECONDS = 60.0


@dataclass
class Request:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def last_text(self) -> str:
        content = self.data["messages"][-1]["content"]
        return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


@dataclass
class Call:
    """One request and the connection to answer it on."""

    request: Request
    connection: socket.socket
    hung_up: threading.Event = field(default_factory=threading.Event)

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def begin_stream(self) -> None:
        self.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")

    def event(self, data: dict[str, Any] | str) -> None:
        text = data if isinstance(data, str) else json.dumps(data)
        self.chunk(f"data: {text}\n\n".encode())

    def chunk(self, data: bytes) -> None:
        self.send(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def text(self, text: str) -> None:
        self.event({"choices": [{"index": 0, "delta": {"content": text}}]})

    def thinking(self, text: str) -> None:
        self.event({"choices": [{"index": 0, "delta": {"reasoning_content": text}}]})

    def finish(self, reason: str = "stop") -> None:
        self.event({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
        self.event("[DONE]")
        self.send(b"0\r\n\r\n")

    def answer(self, text: str) -> None:
        self.begin_stream()
        self.text(text)
        self.finish()

    def fail(self, status: int, message: str, *headers: str) -> None:
        body = json.dumps({"error": {"message": message}}).encode()
        lines = "".join(f"{line}\r\n" for line in headers)
        self.send(
            f"HTTP/1.1 {status} No\r\nContent-Type: application/json\r\n{lines}"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )

    def break_off(self) -> None:
        """Hang up in the middle of things."""
        self.connection.shutdown(socket.SHUT_RDWR)

    def wait_for_hang_up(self) -> None:
        """Say nothing until the client closes the connection."""
        self.connection.settimeout(WATCHDOG_SECONDS)
        try:
            while self.connection.recv(4096):
                pass
        except ConnectionError:
            pass
        except TimeoutError:
            return
        self.hung_up.set()


Script = Callable[[Call], None]


def greet(call: Call) -> None:
    """The script of a friendly server."""
    call.answer("Hello there.")


class LoopbackServer:
    """Answers `POST …/chat/completions` by `script`, lists one model, and keeps every call."""

    def __init__(self, script: Script = greet) -> None:
        self.script = script
        self.calls: list[Call] = []
        self.knocks: list[Request] = []  # what asked for nothing
        self.called = threading.Semaphore(0)
        self.secret = ""  # without which it lists no models
        self.before_list: Callable[[], object] = lambda: None  # called before it lists its models
        self._port = 0
        self._taken = 0
        self.models: tuple[str, ...] = ("test-model",)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._connections: set[socket.socket] = set()
        threading.Thread(target=self._accept, name="loopback", daemon=True).start()

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def open_connections(self) -> int:
        return len(self._connections)

    def take_call(self) -> Call | None:
        """Return the next call that nobody has taken yet, None where there is none."""
        if not self.called.acquire(blocking=False):
            return None
        self._taken += 1
        return self.calls[self._taken - 1]

    def stop_listening(self) -> None:
        """Refuse all connections, until `listen_again`."""
        self._port = self.port
        self.close()

    def listen_again(self) -> None:
        """Listen at the same port as before."""
        self._listener = socket.create_server(("127.0.0.1", self._port), backlog=64)
        threading.Thread(target=self._accept, name="loopback", daemon=True).start()

    def close(self) -> None:
        if self._listener.fileno() < 0:
            return
        # Closing alone leaves it listening while another thread waits in `accept`.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in tuple(self._connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._connections.add(connection)
            threading.Thread(target=self._serve, args=(connection,), name="loopback", daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection, connection.makefile("rb") as reader:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                while line := reader.readline():
                    method, path, _ = line.decode("latin-1").split(" ", 2)
                    headers = {}
                    while line := reader.readline().strip():
                        name, _, value = line.decode("latin-1").partition(":")
                        headers[name.lower()] = value.strip()
                    body = reader.read(int(headers.get("content-length", "0")))
                    self._answer(Call(Request(method, path, headers, body), connection))
        except OSError:
            pass
        finally:
            self._connections.discard(connection)

    def _answer(self, call: Call) -> None:
        match call.request.method:
            case "POST":
                self.calls.append(call)
                self.called.release()
                try:
                    self.script(call)
                except ConnectionError:
                    call.hung_up.set()
                    raise
            case "GET" if (
                self.secret and call.request.headers.get("authorization") != f"Bearer {self.secret}"
            ):
                call.fail(401, "who are you")
            case "GET" if call.request.path.endswith("/models"):
                self.before_list()
                body = json.dumps({"data": [{"id": one} for one in self.models]}).encode()
                call.send(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    + f"Content-Length: {len(body)}\r\n\r\n".encode()
                    + body
                )
            case _:
                self.knocks.append(call.request)
                call.send(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")


@contextmanager
def loopback_server(script: Script = greet) -> Iterator[LoopbackServer]:
    server = LoopbackServer(script)
    try:
        yield server
    finally:
        server.close()
