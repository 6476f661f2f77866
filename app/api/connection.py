"""One request and its reply over HTTP: the way there, redirects, deadlines, the body in pieces."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urljoin, urlsplit

import httpx

from app import __version__
from app.api.certificates import tls_context
from app.api.compression import Unpacker, UnpackError
from app.api.deadlines import Deadlines, OutOfTime, Timeouts
from app.api.network_errors import NETWORK_FAULTS, Call, Unanswered
from app.api.proxies import Proxies
from app.core.errors import (
    AnswerTooLarge,
    BadKey,
    ChatError,
    ErrorDetails,
    KeyNeeded,
    ProxyProblem,
    RedirectRefused,
    UnknownAnswer,
)
from app.core.provider import ApiKey, Endpoint, EndpointKind, host_of, is_loopback, origin_of

MAX_BODY = 64 * 1024 * 1024  # bytes (wire.md, head)
MAX_REDIRECTS = 5
MAX_KEPT = 4  # unused connections to one server; each may be stale, so as many tries again are silent
PIECE = 64 * 1024  # bytes of a request that are written in one go
REDIRECTS = frozenset({301, 302, 303, 307, 308})
USER_AGENT = f"Sirocco/{__version__}"


class Reply:
    """A reply whose head has come. `headers` are in lower case; `deadlines` are those of its request.

    `is_over_kept_connection` says that an earlier request had used the connection. The next one can only
    where the body was read to its end.
    """

    def __init__(self, response: httpx.Response, call: Call) -> None:
        self.status = response.status_code
        self.headers = {name.lower(): value for name, value in response.headers.items()}
        self.deadlines = call.deadlines
        self.is_over_kept_connection = not call.is_fresh
        self._response = response
        self._call = call
        self._size = 0

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body as it comes, unpacked, at most 64 MiB of it. Raises ChatError."""
        call = self._call
        try:
            unpacker = Unpacker(self.headers.get("content-encoding", ""))
        except UnpackError as error:
            raise UnknownAnswer(replace(call.about, reason=str(error), status=self.status)) from None
        raw = self._response.aiter_raw()
        while (data := await self._next(raw)) is not None:
            call.deadlines.note_bytes()
            try:
                for piece in unpacker.feed(data):
                    self._size += len(piece)
                    if self._size > MAX_BODY:
                        raise AnswerTooLarge(replace(call.about, reason="it is larger than 64 MiB"))
                    yield piece
            except UnpackError as error:
                raise UnknownAnswer(replace(call.about, reason=str(error), status=self.status)) from None

    async def body(self, limit: int) -> bytes:
        """The whole body; AnswerTooLarge past `limit` bytes."""
        pieces: list[bytes] = []
        size = 0
        async for piece in self.pieces():
            pieces.append(piece)
            size += len(piece)
            if size > limit:
                raise AnswerTooLarge(replace(self._call.about, reason=f"it is larger than {limit >> 20} MiB"))
        return b"".join(pieces)

    async def _next(self, raw: AsyncIterator[bytes]) -> bytes | None:
        try:
            async with self.deadlines:
                return await anext(raw, None)
        except OutOfTime:
            error = self._call.out_of_time()
        except NETWORK_FAULTS as fault:
            error = self._call.failed(fault)
        raise error


class Connection:
    """The httpx clients, one for each way to a server, all without cookies, redirects and environment.

    `warnings` are plain sentences about proxies and certificates, as known so far. `make_demo` makes the
    transport that answers for the offline demo, `asleep` tells how long this machine has slept.
    """

    def __init__(
        self,
        proxies: Proxies,
        ca_file: str,
        environment: Mapping[str, str],
        timeouts: Timeouts,
        make_demo: Callable[[], httpx.AsyncBaseTransport],
        asleep: Callable[[], float],
    ) -> None:
        self.warnings: tuple[str, ...] = tuple(proxies.warnings)
        self._proxies = proxies
        self._ca_file = ca_file
        self._environment = environment
        self._timeouts = timeouts
        self._make_demo = make_demo
        self._asleep = asleep
        self._clients: dict[tuple[str, bool, str | None], httpx.AsyncClient] = {}
        self._tls: ssl.SSLContext | None = None
        # Their records of finest detail hold whole headers, of replies too.
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)

    async def close(self) -> None:
        """Close every connection."""
        clients, self._clients = tuple(self._clients.values()), {}
        for client in clients:
            await client.aclose()

    @asynccontextmanager
    async def request(
        self,
        method: str,
        url: str,
        endpoint: Endpoint,
        key: ApiKey | None,
        about: ErrorDetails,
        body: bytes | None = None,
    ) -> AsyncIterator[Reply]:
        """Send one request and give its reply, redirects on the same host followed (wire.md Q68).

        Whatever goes wrong is raised as ChatError. The reply is closed on leaving.
        """
        origin = origin_of(url)
        with closing(Deadlines(self._timeouts, self._asleep)) as deadlines:
            for _ in range(MAX_REDIRECTS + 1):
                proxy = self._proxies.for_url(url) if endpoint.kind is EndpointKind.REMOTE else None
                about_proxy = replace(about, target=proxy.host if proxy is not None else "")
                if proxy is not None and not proxy.is_usable:
                    raise ProxyProblem(replace(about_proxy, reason="it is not written as an address"))
                call = Call(about, deadlines, proxy.url if proxy is not None else None)
                headers = _headers(endpoint, key, url, about)
                response = await self._send(method, url, endpoint, headers, body, call)
                try:
                    if response.status_code == 407 and proxy is not None:
                        reason = "it asks for a name and a password"
                        raise ProxyProblem(replace(about_proxy, status=407, reason=reason))
                    if response.status_code not in REDIRECTS:
                        yield Reply(response, call)
                        return
                    url = _redirected(url, origin, response, about)
                finally:
                    await response.aclose()
        raise RedirectRefused(replace(about, target="itself, over and over"))

    async def _send(
        self,
        method: str,
        url: str,
        endpoint: Endpoint,
        headers: dict[str, str],
        body: bytes | None,
        call: Call,
    ) -> httpx.Response:
        error: ChatError | None = None
        tries = 0
        try:
            client = self._client(url, endpoint, call.proxy)
            if body is not None:
                headers = {**headers, "Content-Type": "application/json", "Content-Length": str(len(body))}
            while error is None:
                request = client.build_request(
                    method,
                    url,
                    headers=headers,
                    content=_Pieces(body) if body is not None else None,
                    extensions={"trace": call.trace},
                )
                try:
                    async with call.deadlines:
                        return await client.send(request, stream=True)
                except Unanswered as fault:
                    # A kept connection that the server had closed meanwhile: nobody read the request (Q54).
                    # Where anything came back, somebody may have, and would do it twice.
                    tries += 1
                    if call.is_fresh or tries > MAX_KEPT:
                        error = call.failed(fault)
        except OutOfTime:
            error = call.out_of_time()
        except NETWORK_FAULTS as fault:
            error = call.failed(fault)
        except Exception as fault:
            # httpcore lets through whatever its SOCKS parser raises about garbage.
            if not call.is_in_tunnel:
                raise
            error = call.failed(fault)
        except asyncio.CancelledError:
            await call.abandon()
            raise
        await call.abandon()
        raise error

    def _client(self, url: str, endpoint: Endpoint, proxy: str | None) -> httpx.AsyncClient:
        is_demo = endpoint.kind is EndpointKind.DEMO
        scheme = "demo" if is_demo else urlsplit(url).scheme
        is_local = is_loopback(url)
        client = self._clients.get((scheme, is_local, proxy))
        if client is None:
            timeouts = self._timeouts
            context = self._context(scheme, proxy)
            if is_demo:
                transport = self._make_demo()
            else:
                from app.api.transport import Transport

                way = (
                    httpx.Proxy(proxy, ssl_context=context if proxy.startswith("https:") else None)
                    if proxy
                    else None
                )
                kept_seconds = timeouts.keep_alive_loopback if is_local else timeouts.keep_alive
                transport = Transport(context, way, MAX_KEPT, kept_seconds)
            client = httpx.AsyncClient(
                transport=transport,
                trust_env=False,
                follow_redirects=False,
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
                timeout=httpx.Timeout(None, write=timeouts.write),
            )
            self._clients[scheme, is_local, proxy] = client
        return client

    def _context(self, scheme: str, proxy: str | None) -> ssl.SSLContext:
        if scheme != "https" and not (proxy or "").startswith("https:"):
            # Never used; one without certificates costs nothing, and would trust nobody.
            return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if self._tls is None:
            self._tls, warnings = tls_context(self._ca_file, self._environment)
            self.warnings += warnings
        return self._tls


class _Pieces(httpx.AsyncByteStream):
    """A body in pieces, each with the whole time for writing: a large one over a slow line is no fault."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        view = memoryview(self._body)
        for at in range(0, len(view), PIECE):
            yield bytes(view[at : at + PIECE])


def _headers(endpoint: Endpoint, key: ApiKey | None, url: str, about: ErrorDetails) -> dict[str, str]:
    headers = {
        "User-Agent": USER_AGENT,
        "Accept": "text/event-stream, application/json",
        "Accept-Encoding": "identity",
    }
    if key is None or endpoint.kind is EndpointKind.DEMO:
        return headers
    # From http to https on the same host is the one step that a key goes along with (SEC-06).
    origin = key.origin if _is_upgrade(key.origin, origin_of(url)) else origin_of(url)
    if origin != key.origin:
        raise KeyNeeded(about)
    secret = key.reveal_for(origin)
    if not secret or not all("!" <= character <= "~" for character in secret):
        raise BadKey(about)
    headers["Authorization"] = f"Bearer {secret}"
    return headers


def _is_upgrade(before: str, after: str) -> bool:
    """True from http to https on the same host, at the same port or from 80 to 443; both are origins."""
    old, new = urlsplit(before), urlsplit(after)
    return (
        (old.scheme, new.scheme) == ("http", "https")
        and old.hostname == new.hostname
        and (old.port == new.port or (old.port, new.port) == (80, 443))
    )


def _redirected(url: str, origin: str, response: httpx.Response, about: ErrorDetails) -> str:
    try:
        target: str = urljoin(url, response.headers.get("location", ""))
        parts = urlsplit(target)
        is_there = parts.scheme in {"http", "https"} and bool(origin_of(target)) and parts.username is None
    except ValueError:
        target, is_there = "", False
    there = origin_of(target) if is_there else ""
    if not is_there or not (there == origin or _is_upgrade(origin, there)):
        where = host_of(target) if is_there else "an address that is none"
        raise RedirectRefused(replace(about, target=where, status=response.status_code))
    return target
