"""One request and its reply over HTTP, and all that the network can raise as a `ChatError`."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from app.api.certificates import tls_context
from app.api.compression import Unpacker, UnpackError
from app.api.demo import DemoTransport
from app.api.proxies import Proxies
from app.core.errors import (
    AnswerTooLarge,
    BadAddress,
    BadKey,
    CertificateProblem,
    ChatError,
    ConnectionLost,
    ErrorDetails,
    KeyNeeded,
    NoConnection,
    ProxyProblem,
    RedirectRefused,
    TimedOut,
    UnknownAnswer,
)
from app.core.provider import ApiKey, Endpoint, EndpointKind, host_of, is_loopback, origin_of

MAX_BODY = 64 * 1024 * 1024  # bytes (wire.md, head)
MAX_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
SUSPEND_TICK = 5.0  # seconds between two looks at the clocks
SUSPEND_GAP = 20.0  # seconds that the wall clock may run ahead before that counts as a suspend


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long is waited, in seconds (wire.md, head): `first` until the first payload, `idle` without any
    byte and `payload` without a payload after it, `resume` after a suspend, `drain` for what follows [DONE].
    """

    connect: float = 10.0
    write: float = 60.0
    pool: float = 10.0
    first: float = 600.0
    idle: float = 120.0
    payload: float = 300.0
    resume: float = 60.0
    drain: float = 0.2
    keep_alive: float = 60.0
    keep_alive_loopback: float = 4.0
    whole: float = 30.0  # a short request, such as the list of models, all in all


class Reply:
    """A reply whose head has come. `headers` are in lower case. Read the body by `chunks` or `body`."""

    def __init__(self, response: httpx.Response, call: Call) -> None:
        self.status = response.status_code
        self.headers = {name.lower(): value for name, value in response.headers.items()}
        self._response = response
        self._call = call
        self._size = 0

    def note_payload(self) -> None:
        """Something was decoded that is more than a sign of life."""
        self._call.clocks.note_payload()

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it comes, unpacked, at most 64 MiB of it. Raises ChatError."""
        call = self._call
        try:
            unpacker = Unpacker(self.headers.get("content-encoding", ""))
            raw = self._response.aiter_raw()
            while True:
                try:
                    async with call.clocks.limit():
                        data = await anext(raw)
                except StopAsyncIteration:
                    return
                call.clocks.note_bytes()
                for piece in unpacker.feed(data):
                    self._size += len(piece)
                    if self._size > MAX_BODY:
                        raise AnswerTooLarge(replace(call.about, reason="it is larger than 64 MiB"))
                    yield piece
        except UnpackError as error:
            raise UnknownAnswer(replace(call.about, reason=str(error), status=self.status)) from None
        except TimeoutError:
            raise TimedOut(replace(call.about, reason=call.clocks.stage, charged=True)) from None
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            raise call.lost(error) from None

    async def body(self, limit: int = MAX_BODY) -> bytes:
        """The whole body, or its first `limit` bytes. Raises ChatError."""
        pieces: list[bytes] = []
        size = 0
        async for piece in self.chunks():
            pieces.append(piece)
            size += len(piece)
            if size >= limit:
                break
        return b"".join(pieces)[:limit]


class Clocks:
    """The limits of one request, by a monotonic clock; a suspend is seen by the wall clock's lead."""

    def __init__(self, timeouts: Timeouts) -> None:
        self.stage = "first"
        self._timeouts = timeouts
        self._started = self._last_byte = time.monotonic()
        self._last_payload: float | None = None
        self._lead = time.time() - self._started
        self._resumed: float | None = None

    def note_bytes(self) -> None:
        self._last_byte = time.monotonic()
        self._resumed = None

    def note_payload(self) -> None:
        self._last_payload = time.monotonic()

    @asynccontextmanager
    async def limit(self) -> AsyncIterator[None]:
        """Raise TimeoutError when what is inside takes too long; `stage` then says what did."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(self._left()) as timeout:

            def look() -> None:
                lead = time.time() - time.monotonic()
                if lead - self._lead > SUSPEND_GAP:
                    self._resumed = time.monotonic()
                self._lead = lead
                if not timeout.expired():
                    timeout.reschedule(loop.time() + self._left())
                    looks.append(loop.call_later(SUSPEND_TICK, look))

            looks = [loop.call_later(SUSPEND_TICK, look)]
            try:
                yield
            finally:
                looks[-1].cancel()

    def _left(self) -> float:
        if self._last_payload is None:
            ends = {"first": self._started + self._timeouts.first}
        else:
            ends = {
                "idle": self._last_byte + self._timeouts.idle,
                "payload": self._last_payload + self._timeouts.payload,
            }
        if self._resumed is not None:
            ends["resume"] = self._resumed + self._timeouts.resume
        self.stage = min(ends, key=lambda stage: ends[stage])
        return max(ends[self.stage] - time.monotonic(), 0.0)


@dataclass(slots=True)
class Call:
    """One request on its way: what it is about, and what httpx reported of it."""

    about: ErrorDetails
    clocks: Clocks
    proxy: str | None
    is_new_connection: bool = False
    is_sent: bool = False
    has_answer: bool = False

    async def trace(self, event: str, _: Mapping[str, Any]) -> None:
        """httpx tells what it does."""
        if event.endswith("connect_tcp.started"):
            self.is_new_connection = True
        elif event.endswith("send_request_body.complete"):
            self.is_sent = True
        elif event.endswith("receive_response_headers.complete"):
            self.has_answer = True

    def lost(self, error: Exception) -> ChatError:
        """The error that an exception is once a connection stood."""
        if _says(error, "illegal"):
            reason = "it sent something that is not HTTP"
        elif self.has_answer:
            reason = "the connection broke"
        else:
            reason = "it closed the connection without an answer"
        return ConnectionLost(replace(self.about, reason=reason, charged=self.is_sent))


class Connection:
    """The httpx clients, one for each way to a server, all without cookies, redirects and environment."""

    def __init__(
        self,
        proxies: Proxies,
        ca_file: str,
        environment: Mapping[str, str],
        timeouts: Timeouts,
        make_demo: Callable[[], DemoTransport],
    ) -> None:
        self.warnings: tuple[str, ...] = tuple(proxies.warnings)
        self._proxies = proxies
        self._ca_file = ca_file
        self._environment = environment
        self._timeouts = timeouts
        self._make_demo = make_demo
        self._clients: dict[tuple[str, bool, str | None], httpx.AsyncClient] = {}
        self._tls: ssl.SSLContext | None = None

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

        Whatever goes wrong is raised as ChatError, within `Timeouts`. The reply is closed on leaving.
        """
        clocks = Clocks(self._timeouts)
        origin = origin_of(url)
        for _ in range(MAX_REDIRECTS + 1):
            call = Call(about, clocks, self._proxies.for_url(url))
            try:
                headers = _headers(endpoint, key, url, body)
            except ValueError:
                raise KeyNeeded(about) from None
            response = await self._send(method, url, endpoint, headers, body, call)
            try:
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
        try:
            client = self._client(url, endpoint, call.proxy)
            request = client.build_request(
                method, url, headers=headers, content=body, extensions={"trace": call.trace}
            )
            for is_last in (False, True):
                try:
                    async with call.clocks.limit():
                        return await client.send(request, stream=True)
                except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
                    # A kept connection that the server had closed meanwhile: nobody read the request (Q54).
                    if is_last or call.is_new_connection or call.has_answer:
                        raise
            raise AssertionError("the loop above returns or raises")
        except TimeoutError:
            raise TimedOut(replace(call.about, reason=call.clocks.stage, charged=call.is_sent)) from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as error:
            raise _error_of(error, call, url) from None

    def _client(self, url: str, endpoint: Endpoint, proxy: str | None) -> httpx.AsyncClient:
        is_demo = endpoint.kind is EndpointKind.DEMO
        scheme = "demo" if is_demo else urlsplit(url).scheme
        is_local = is_loopback(url)
        client = self._clients.get((scheme, is_local, proxy))
        if client is None:
            seconds = self._timeouts.keep_alive_loopback if is_local else self._timeouts.keep_alive
            client = httpx.AsyncClient(
                transport=self._make_demo() if is_demo else None,
                verify=self._context(scheme, proxy),
                proxy=proxy,
                trust_env=False,
                follow_redirects=False,
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
                timeout=httpx.Timeout(
                    None,
                    connect=self._timeouts.connect,
                    write=self._timeouts.write,
                    pool=self._timeouts.pool,
                ),
                limits=httpx.Limits(max_connections=None, keepalive_expiry=seconds),
            )
            self._clients[scheme, is_local, proxy] = client
        return client

    def _context(self, scheme: str, proxy: str | None) -> ssl.SSLContext:
        if scheme != "https" and not (proxy or "").startswith("https"):
            # Never used; one without certificates costs nothing, and would trust nobody.
            return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if self._tls is None:
            self._tls, warnings = tls_context(self._ca_file, self._environment)
            self.warnings += warnings
        return self._tls


def _headers(endpoint: Endpoint, key: ApiKey | None, url: str, body: bytes | None) -> dict[str, str]:
    from app import __version__

    headers = {
        "User-Agent": f"Sirocco/{__version__}",
        "Accept": "text/event-stream, application/json",
        "Accept-Encoding": "identity",
    }
    if body is not None:
        headers["Content-Type"] = "application/json"
    if key is not None and endpoint.kind is not EndpointKind.DEMO:
        # Raises for any origin but the one that the key was entered for (SEC-06). From http to https on the
        # same host is the one step that it goes along with.
        origin = key.origin if _is_upgrade(key.origin, origin_of(url)) else origin_of(url)
        headers["Authorization"] = f"Bearer {key.reveal_for(origin)}"
    return headers


def _is_upgrade(before: str, after: str) -> bool:
    old, new = urlsplit(before), urlsplit(after)
    return (old.scheme, new.scheme) == ("http", "https") and old.hostname == new.hostname


def _redirected(url: str, origin: str, response: httpx.Response, about: ErrorDetails) -> str:
    try:
        target = urljoin(url, response.headers.get("location", ""))
        parts = urlsplit(target)
        is_there = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
    except ValueError:
        target, is_there = "", False
    if not is_there or not (origin_of(target) == origin or _is_upgrade(origin, origin_of(target))):
        where = host_of(target) if is_there else "an address that is none"
        raise RedirectRefused(replace(about, target=where, status=response.status_code))
    return str(target)


def _error_of(error: Exception, call: Call, url: str) -> ChatError:
    about = call.about
    match error:
        case httpx.ProxyError():
            return ProxyProblem(
                replace(about, target=host_of(call.proxy or ""), reason=_short(error) or "it refused")
            )
        case httpx.ConnectTimeout():
            if call.proxy:
                return ProxyProblem(replace(about, target=host_of(call.proxy), reason="it does not answer"))
            return NoConnection(replace(about, reason="it does not answer"))
        case httpx.ConnectError():
            return _connect_error(error, call)
        case httpx.PoolTimeout() | httpx.WriteTimeout() | httpx.ReadTimeout():
            return TimedOut(replace(about, reason="idle", charged=call.is_sent))
        case httpx.LocalProtocolError():
            # Its text would hold the header, and so the key (wire.md Q74).
            return BadKey(about)
        case httpx.UnsupportedProtocol() | httpx.InvalidURL() | ValueError():
            return BadAddress(replace(about, reason=f"{host_of(url) or 'it'} can't be asked"))
        case _:
            return call.lost(error)


def _connect_error(error: Exception, call: Call) -> ChatError:
    causes = tuple(_causes(error))
    tls = next((one for one in causes if isinstance(one, ssl.SSLError)), None)
    if tls is not None:
        reason = getattr(tls, "verify_message", "") or (tls.reason or "").replace("_", " ").lower()
        return CertificateProblem(replace(call.about, reason=reason or "the secure connection failed"))
    reason = "the connection was refused"
    for cause in causes:
        match cause:
            case socket.gaierror():
                reason = "its name could not be found"
            case ConnectionRefusedError():
                reason = "nothing answers there"
            case OSError(errno=101 | 113 | 10051 | 10065):
                reason = "there is no way to it; are you offline?"
    if call.proxy:
        return ProxyProblem(replace(call.about, target=host_of(call.proxy), reason=reason))
    return NoConnection(replace(call.about, reason=reason))


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        at = waiting.pop()
        if at is None or id(at) in seen:
            continue
        seen.add(id(at))
        yield at
        waiting += [at.__cause__, at.__context__]
        if isinstance(at, BaseExceptionGroup):
            waiting += at.exceptions


def _says(error: Exception, word: str) -> bool:
    return word in str(error).lower()


def _short(error: Exception) -> str:
    return "".join(one for one in str(error)[:120] if one.isprintable())
