"""Proxies on this machine: HTTP (CONNECT and forwarding) and SOCKS5, which note whom they were asked for."""

from __future__ import annotations

import contextlib
import selectors
import socket
import ssl
from collections.abc import Callable

from tests.servers.fake_server import Exchange, FakeServer, reply

WATCHDOG = 60.0


def proxy(port: int, *, user: str = "") -> Callable[[Exchange], None]:
    """A script for FakeServer: tunnels every CONNECT to `port` of this machine, and forwards the rest to it.

    With `user` (the whole value of Proxy-Authorization) everybody else gets 407.
    """

    def play(exchange: Exchange) -> None:
        if user and exchange.request.header("proxy-authorization") != user:
            reply(407, "who are you?", "Proxy-Authenticate: Basic")(exchange)
            return
        with socket.create_connection(("127.0.0.1", port), WATCHDOG) as upstream:
            if exchange.request.method == "CONNECT":
                exchange.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                request = exchange.request
                lines = [f"{request.method} {request.path} HTTP/1.1"]
                lines += [f"{name}: {value}" for name, value in request.headers]
                upstream.sendall("\r\n".join([*lines, "", ""]).encode() + request.body)
            relay(exchange.connection, upstream)
        exchange.ended = True

    return play


def relay(one: socket.socket, other: socket.socket) -> None:
    """Carry bytes both ways until both ends have closed, or neither says anything for WATCHDOG seconds.

    One thread does both: a TLS connection may not be read and written at once from two.
    """
    with selectors.DefaultSelector() as selector, contextlib.suppress(OSError):
        selector.register(one, selectors.EVENT_READ, (one, other))
        selector.register(other, selectors.EVENT_READ, (other, one))
        while selector.get_map() and (ready := selector.select(WATCHDOG)):
            for key, _ in ready:
                if not _carry(*key.data):
                    selector.unregister(key.fileobj)


def _carry(source: socket.socket, target: socket.socket) -> bool:
    """Carry what has come; return False once `source` has closed."""
    while True:
        source.setblocking(False)
        try:
            data = source.recv(65536)  # to the end: what TLS holds back, select doesn't see
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        except OSError:
            data = b""
        finally:
            source.settimeout(WATCHDOG)
        if not data:
            with contextlib.suppress(OSError):
                target.shutdown(socket.SHUT_WR)
            return False
        target.sendall(data)


class Babbler(FakeServer):
    """Says the same bytes to everybody who connects, without listening; then closes."""

    def __init__(self, says: bytes) -> None:
        self._says = says
        super().__init__()

    def _talk(self, connection: socket.socket) -> None:
        connection.sendall(self._says)


class SocksProxy(FakeServer):
    """A SOCKS5 proxy that leads every name to `port` of this machine; `asked_for` holds the names."""

    def __init__(self, port: int) -> None:
        self.asked_for: list[str] = []
        self._target = port
        super().__init__()

    def _talk(self, connection: socket.socket) -> None:
        greeting = connection.recv(2)
        connection.recv(greeting[1])
        connection.sendall(b"\x05\x00")
        head = connection.recv(4)
        if head[3] == 3:
            name = connection.recv(connection.recv(1)[0]).decode()
        else:
            name = socket.inet_ntoa(connection.recv(4))
        port = int.from_bytes(connection.recv(2), "big")
        self.asked_for.append(f"{name}:{port}")
        with socket.create_connection(("127.0.0.1", self._target), WATCHDOG) as upstream:
            connection.sendall(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
            relay(connection, upstream)
