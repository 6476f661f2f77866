"""The servers of the pictures: real ones on this machine, reached under the names that the pictures show.

Sirocco goes through a proxy, which is a setting like any other; that proxy leads every name to one TLS
server, whose certificates are those of an authority that the same settings trust.
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Self

import trustme

from build_scripts import shots_content as content
from tests.servers.fake_server import (
    DONE,
    Exchange,
    FakeServer,
    Script,
    by_path,
    delta,
    event,
    finish_event,
    partial_stream,
    reply,
    stream,
    text_event,
)

HOSTS = ("api.mistral.com", "api.mistral.ai", "ai.example.net")
REFUSING_HOST = "ai.example.net"
WRONG_KEY = "wrong-key-00000000000000004fQz"
PACE = 1 / 61  # seconds a token
# name, context in tokens, whether it is about to go
MODELS = (
    (content.MODEL, 262_144, False),
    ("mistral-small-4", 262_144, False),
    ("mistral-large-3", 262_144, False),
    ("codestral-2", 131_072, False),
    ("magistral-medium-1", 131_072, True),
)
NO_KEY = {"message": "Unauthorized", "type": "invalid_request_error", "code": "1010"}
TOO_LONG = {
    "message": "Prompt contains 349184 tokens, too large for model with 262144 maximum context length",
    "type": "invalid_request_error",
    "code": "3051",
}
TOO_MANY = {"message": "Requests rate limit exceeded", "type": "rate_limited", "code": "1300"}


class Gate:
    """What a script waits at until the picture is taken, or the client hangs up."""

    def __init__(self) -> None:
        self._opened = threading.Event()

    def open(self) -> None:
        """Let the script go on."""
        self._opened.set()

    def wait(self, exchange: Exchange) -> None:
        """Wait, with a sign of life each second, as servers give it."""
        while not self._opened.wait(0.05):
            exchange.pause(1.0)
            exchange.send_chunk(b": still here\n\n")


def written(text: str, exchange: Exchange) -> None:
    """Send `text` piece by piece at the pace of a real model, with the count of tokens so far."""
    for count, piece in enumerate(re.findall(r"\s*\S+\s*", text), 1):
        usage = {"prompt_tokens": 1210, "completion_tokens": count}
        exchange.send_chunk(event({**delta(content=piece), "usage": usage}))
        exchange.pause(PACE)


class Servers:
    """The proxy and the server behind it. `ca_file` is the authority's certificate, in `folder`.

    `pauses` are the gates of the turbine's answer, in their order; `undo` is that of the small window's.
    """

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        self.ca_file = folder / "authority.pem"
        authority.cert_pem.write_to_path(self.ca_file)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*HOSTS).configure_cert(context)
        self.pauses = (Gate(), Gate(), Gate())
        self._parser = Gate()
        self.undo = Gate()
        self._server = FakeServer(self._play, tls=context)
        self._proxy = FakeServer(tunnel_to(self._server.port))
        self.proxy_url = self._proxy.origin

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for gate in (*self.pauses, self._parser, self.undo):
            gate.open()
        self._proxy.close()
        self._server.close()

    def _play(self, exchange: Exchange) -> None:
        request = exchange.request
        host = (request.header("host") or "").partition(":")[0].lower()
        wrong_key = request.header("authorization") == f"Bearer {WRONG_KEY}"
        if host == REFUSING_HOST or wrong_key:
            reply(401, {"error": NO_KEY})(exchange)
            return
        by_path({"/models": _models(), "/chat/completions": self._answer}, reply(404, "Not Found"))(exchange)

    def _answer(self, exchange: Exchange) -> None:
        scripts: dict[str, Script] = {
            content.QUESTION: self._turbine,
            content.PARSER_QUESTION: self._tests,
            content.UNDO_QUESTION: self._undo,
            content.UNDO_FOLLOW_UP: stream(content.UNDO_SECOND),
            content.FOREIGN_QUESTION: stream(content.FOREIGN_ANSWER),
            content.FORMULAS_QUESTION: stream(content.FORMULAS_ANSWER),
            content.TREE_QUESTION: partial_stream(text_event(content.TREE_BEGINS), then=Exchange.reset),
            content.TREE_SECOND: reply(400, {"error": TOO_LONG}),
            content.NOTES_QUESTIONS[0]: reply(401, {"error": NO_KEY}),
            content.NOTES_QUESTIONS[2]: reply(429, {"error": TOO_MANY}, "Retry-After: 12"),
        }
        # Questions that got no answer come again in one message with the next.
        question = exchange.request.text.rpartition("\n\n")[2]
        scripts[question](exchange)

    def _turbine(self, exchange: Exchange) -> None:
        exchange.begin_stream()
        exchange.send_chunk(event(delta(reasoning_content=content.THOUGHT)))
        exchange.pause(2.0)
        for text, gate in zip(
            (content.ANSWER_BEGINS, content.ANSWER_GOES_ON, content.ANSWER_LEADS_ON), self.pauses, strict=True
        ):
            written(text, exchange)
            gate.wait(exchange)
        exchange.send_chunk(finish_event() + DONE)
        exchange.end_stream()

    def _undo(self, exchange: Exchange) -> None:
        exchange.begin_stream()
        written(content.UNDO_BEGINS, exchange)
        self.undo.wait(exchange)
        written(content.UNDO_ENDS, exchange)
        exchange.send_chunk(finish_event() + DONE)
        exchange.end_stream()

    def _tests(self, exchange: Exchange) -> None:
        exchange.begin_stream()
        exchange.send_chunk(text_event("Here they are:"))
        self._parser.wait(exchange)
        exchange.send_chunk(finish_event() + DONE)
        exchange.end_stream()


def _models() -> Script:
    data = [
        {
            "id": name,
            "object": "model",
            "max_context_length": length,
            "deprecation": "2031-01-01T00:00:00Z" if retires else None,
            "capabilities": {"completion_chat": True},
        }
        for name, length, retires in MODELS
    ]
    return reply(200, {"object": "list", "data": data})


def tunnel_to(port: int) -> Callable[[Exchange], None]:
    """A script of a proxy that leads every CONNECT to this port, whatever name is asked for."""

    def play(exchange: Exchange) -> None:
        exchange.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with socket.create_connection(("127.0.0.1", port)) as beyond:
            exchange.connection.settimeout(None)
            back = threading.Thread(target=_pump, args=(beyond, exchange.connection), daemon=True)
            back.start()
            _pump(exchange.connection, beyond)
            back.join()
        exchange.close()

    return play


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        # One side broke off: so does the other, without the good order of an end.
        for one in (source, target):
            _break_off(one)


def _break_off(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
