"""The way from httpx to the network, over connections that know whether anything came back."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import h11
import httpcore
import httpx

from app.api.network_errors import HeadTooLong, NoHttp, Unanswered


class Transport(httpx.AsyncBaseTransport):
    """What httpx's own transport is, but that its errors say more: Unanswered, NoHttp, HeadTooLong."""

    def __init__(
        self, context: ssl.SSLContext, proxy: httpx.Proxy | None, kept: int, kept_seconds: float
    ) -> None:
        """At most `kept` unused connections stay open, for so long."""
        self._backend = _Backend()
        common: dict[str, Any] = {
            "ssl_context": context,
            "max_connections": None,
            "max_keepalive_connections": kept,
            "keepalive_expiry": kept_seconds,
            "network_backend": self._backend,
        }
        self._pool: httpcore.AsyncConnectionPool
        if proxy is None:
            self._pool = httpcore.AsyncConnectionPool(**common)
        elif proxy.url.scheme in {"http", "https"}:
            self._pool = httpcore.AsyncHTTPProxy(
                proxy_url=_url(proxy.url),
                proxy_auth=proxy.raw_auth,
                proxy_headers=proxy.headers.raw,
                proxy_ssl_context=proxy.ssl_context,
                **common,
            )
        else:
            self._pool = httpcore.AsyncSOCKSProxy(
                proxy_url=_url(proxy.url), proxy_auth=proxy.raw_auth, **common
            )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request and give its reply, whose body is still to be read."""
        with _as_httpx():
            response = await self._pool.handle_async_request(
                httpcore.Request(
                    method=request.method,
                    url=_url(request.url),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Body(response),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        """Close every connection."""
        with _as_httpx():
            await self._pool.aclose()
            # Where a task is cancelled while its pool closes stale connections, it forgets the rest of them.
            for stream in tuple(self._backend.streams):
                await stream.aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _as_httpx():
            async for piece in self._response.aiter_stream():
                yield piece

    async def aclose(self) -> None:
        with _as_httpx():
            await self._response.aclose()


class _Backend(httpcore.AnyIOBackend):
    """Connects, and knows which connections are still open."""

    def __init__(self) -> None:
        self.streams: set[_Stream] = set()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        stream = await super().connect_tcp(host, port, timeout, local_address, socket_options)
        return _Stream(stream, self.streams)


class _Stream(httpcore.AsyncNetworkStream):
    """A connection that raises Unanswered where it ends before anything came since the last was written."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, still_open: set[_Stream]) -> None:
        self._stream = stream
        self._still_open = still_open
        self._has_heard = False
        still_open.add(self)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            data = await self._stream.read(max_bytes, timeout)
        except httpcore.ReadError as error:
            if self._has_heard:
                raise
            raise Unanswered(str(error)) from error
        if not data and not self._has_heard:
            raise Unanswered("the connection was closed")
        self._has_heard = True
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._has_heard = False
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        self._still_open.discard(self)
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self._still_open.discard(self)  # it closes itself where the greeting fails
        secured = await self._stream.start_tls(ssl_context, server_hostname, timeout)
        return _Stream(secured, self._still_open)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _url(url: httpx.URL) -> httpcore.URL:
    return httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)


@contextmanager
def _as_httpx() -> Iterator[None]:
    """What httpcore raises, as httpx's error of the same name or as the closer one that it is."""
    try:
        yield
    except (
        httpcore.TimeoutException,
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.ProxyError,
        httpcore.UnsupportedProtocol,
    ) as error:
        cause = error.__context__  # its pool raises it anew `from None`
        kind: type[httpx.TransportError] = getattr(httpx, type(error).__name__)
        if isinstance(cause, h11.RemoteProtocolError):
            kind = HeadTooLong if cause.error_status_hint == 431 else NoHttp
        raise kind(str(error)) from error
