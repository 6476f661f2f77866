"""The client of the chat completions protocol: deltas, models and connection tests of any endpoint."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, aclosing, contextmanager, suppress
from dataclasses import dataclass, replace
from urllib.parse import urlsplit, urlunsplit

import httpx

from app.api.address import candidates, url_for
from app.api.answer import MAX_ERROR_BODY, Answer
from app.api.connection import Connection, Reply
from app.api.deadlines import Timeouts, seconds_asleep
from app.api.lenient_json import first_value
from app.api.models_list import models_of
from app.api.proxies import Proxies
from app.api.redaction import without_key
from app.api.reply_errors import error_in_place_of_answer, error_of_reply, is_html, not_an_api
from app.api.request_body import EndpointMemory, encoded, learn, request_data
from app.core.completion import Delta
from app.core.context import ChatRequest, Message
from app.core.conversation import Role
from app.core.errors import (
    AddressNotFound,
    BadAddress,
    ChatError,
    EmptyAnswer,
    ErrorDetails,
    KeyNeeded,
    KeyRejected,
    NotAnApi,
    RequestRejected,
    TimedOut,
    UnknownAnswer,
)
from app.core.models import ModelCard
from app.core.parts import TextPart
from app.core.provider import ApiKey, Endpoint, EndpointKind, host_of
from app.core.settings import ProxyMode

MAX_LIST = 16 * 1024 * 1024  # bytes of a list of models
USUAL_TIMEOUTS = Timeouts()
MAX_REFUSALS = 4  # requests of one try that a server may refuse field by field


@dataclass(frozen=True, slots=True)
class ConnectionReport:
    """What a connection test found. `milliseconds` is the time to the answer, `base_url_found` the address
    that answered, `error` why there is no `ok`.
    """

    ok: bool
    milliseconds: float = 0.0
    models: tuple[ModelCard, ...] = ()
    base_url_found: str = ""
    error: ChatError | None = None


def _demo() -> httpx.AsyncBaseTransport:
    from app.api.demo import DemoTransport

    return DemoTransport()


class ChatClient:
    """Made, used and closed on one asyncio loop. Importing and making it opens nothing.

    Every method that asks a server raises ChatError and nothing else, and no text of it holds the key.
    Cancelling the task that waits closes the request. `make_demo` makes the transport that answers for the
    offline demo, `asleep` tells how many seconds this machine has slept.
    """

    def __init__(
        self,
        *,
        environment: Mapping[str, str],
        proxy_mode: ProxyMode = ProxyMode.SYSTEM,
        proxy_url: str = "",
        ca_file: str = "",
        timeouts: Timeouts = USUAL_TIMEOUTS,
        make_demo: Callable[[], httpx.AsyncBaseTransport] = _demo,
        asleep: Callable[[], float] = seconds_asleep,
    ) -> None:
        self._timeouts = timeouts
        proxies = Proxies(proxy_mode, proxy_url, environment)
        self._connection = Connection(proxies, ca_file, environment, timeouts, make_demo, asleep)
        self._memories: dict[str, EndpointMemory] = {}
        self._heads: dict[str, bool] = {}  # by origin: whether a reply to HEAD was seen to have no body

    @property
    def warnings(self) -> tuple[str, ...]:
        """Plain sentences about proxy or certificate settings that could not be followed, as known so far."""
        return self._connection.warnings

    async def close(self) -> None:
        """Close every connection."""
        await self._connection.close()

    async def stream(
        self, endpoint: Endpoint, key: ApiKey | None, request: ChatRequest
    ) -> AsyncGenerator[Delta, None]:
        """Ask once and yield what comes. Ends normally only where the reply is complete (wire.md Q17).

        What needs no person is done silently: the other form of the address, a request without a field that
        the server refused, a fresh connection for a stale one. A bare end without a finish raises
        ConnectionLost, after the deltas.
        """
        about = _about(endpoint, request.model)
        with _told_well(key):
            async with aclosing(self._asked(endpoint, key, request, about)) as deltas:
                async for delta in deltas:
                    yield delta

    async def models(self, endpoint: Endpoint, key: ApiKey | None) -> tuple[ModelCard, ...]:
        """The models that the endpoint lists; empty where it lists none."""
        with _told_well(key):
            return await self._list(endpoint, key)

    async def test(self, endpoint: Endpoint, key: ApiKey | None) -> ConnectionReport:
        """Find out whether the endpoint answers, by its list of models; where it has none, by one token of
        its default model. Never raises ChatError: it is in the report.
        """
        started = time.monotonic()
        try:
            models = await self.models(endpoint, key)
        except (AddressNotFound, NotAnApi, UnknownAnswer, RequestRejected) as error:
            if not endpoint.default_model:
                return ConnectionReport(ok=False, error=error)
            models = ()
        except ChatError as error:
            return ConnectionReport(ok=False, error=error)
        if not models and endpoint.default_model:
            started = time.monotonic()
            hello = (Message(Role.USER, (TextPart("Hi"),)),)
            request = ChatRequest(endpoint.default_model, hello, stream=False, max_tokens=1)
            try:
                async for _ in self.stream(endpoint, key, request):
                    pass
            except EmptyAnswer:
                pass  # one token may be none that can be read; the endpoint did answer
            except ChatError as error:
                return ConnectionReport(ok=False, error=error)
        return ConnectionReport(
            ok=True,
            milliseconds=(time.monotonic() - started) * 1000,
            models=models,
            base_url_found=self._memory(endpoint).prefix or endpoint.base_url,
        )

    async def public_file(self, url: str, limit: int) -> bytes:
        """A file of `limit` bytes at most that anybody may read, asked for over TLS and without a key."""
        about = ErrorDetails(host=host_of(url))
        if not url.startswith("https://"):
            raise BadAddress(replace(about, reason="it is not https"))
        try:
            async with (
                asyncio.timeout(self._timeouts.short),
                self._connection.request("GET", url, Endpoint("", "", url), None, about) as reply,
            ):
                if reply.status != 200:
                    raise UnknownAnswer(replace(about, status=reply.status))
                return await reply.body(limit)
        except TimeoutError:
            raise TimedOut(replace(about, reason="first")) from None

    async def warm(self, endpoint: Endpoint) -> None:
        """Open a connection for the request that is being typed, by a HEAD without key (wire.md, head).

        Nobody waits for it, so no error is raised. A server that sends a body all the same, which would be
        read as the answer to the next request, is not warmed again.
        """
        origin = endpoint.origin
        if endpoint.kind is EndpointKind.DEMO or not self._heads.get(origin, True):
            return
        with suppress(ChatError, TimeoutError):
            async with asyncio.timeout(self._timeouts.short):
                async with self._head(endpoint) as first:
                    await first.body(0)
                if origin in self._heads or not _speaks_of_body(first):
                    return
                self._heads[origin] = False
                # Only what comes next on the same connection shows whether the body came too. Left unread, a
                # reply takes its connection with it.
                async with self._head(endpoint) as second:
                    if second.is_over_kept_connection and _is_alike(first, second):
                        await second.body(0)
                        self._heads[origin] = True

    def _head(self, endpoint: Endpoint) -> AbstractAsyncContextManager[Reply]:
        root = urlunsplit((*urlsplit(endpoint.base_url)[:2], "/", "", ""))
        return self._connection.request("HEAD", root, endpoint, None, _about(endpoint, ""))

    # -- asking --

    async def _asked(
        self, endpoint: Endpoint, key: ApiKey | None, request: ChatRequest, about: ErrorDetails
    ) -> AsyncGenerator[Delta, None]:
        memory = self._memory(endpoint)
        prefixes = _prefixes(endpoint, memory)
        first_error: ChatError | None = None
        refusals = 0
        while prefixes:
            url = url_for(prefixes[0], "chat/completions")
            data = request_data(request, url, memory)
            async with self._connection.request("POST", url, endpoint, key, about, encoded(data)) as reply:
                answer = await Answer.of(reply, about)
                if answer.error is None:
                    memory.prefix = prefixes[0]
                    async with aclosing(answer.deltas()) as deltas:
                        async for delta in deltas:
                            yield delta
                    return
            error = answer.error
            if isinstance(error, AddressNotFound | NotAnApi):
                first_error = first_error or error
                prefixes = prefixes[1:]
                continue
            refusals += 1
            words = f"{error.details.server_text} {error.details.raw}"
            is_taught = isinstance(error, RequestRejected) and refusals < MAX_REFUSALS
            if not (is_taught and learn(memory, data, words)):
                raise error
        if first_error is not None:
            raise first_error

    async def _list(self, endpoint: Endpoint, key: ApiKey | None) -> tuple[ModelCard, ...]:
        memory, about = self._memory(endpoint), _about(endpoint, "")
        first_error: ChatError | None = None
        for prefix in _prefixes(endpoint, memory):
            try:
                async with asyncio.timeout(self._timeouts.short):
                    cards = await self._list_at(url_for(prefix, "models"), endpoint, key, about)
            except TimeoutError:
                raise TimedOut(replace(about, reason="first")) from None  # nothing that costs anything
            except (AddressNotFound, NotAnApi) as error:
                first_error = first_error or error
                continue
            memory.prefix = prefix
            return cards
        raise first_error or AddressNotFound(about)

    async def _list_at(
        self, url: str, endpoint: Endpoint, key: ApiKey | None, about: ErrorDetails
    ) -> tuple[ModelCard, ...]:
        async with self._connection.request("GET", url, endpoint, key, about) as reply:
            is_good = 200 <= reply.status < 300
            body = await reply.body(MAX_LIST if is_good else MAX_ERROR_BODY)
            if not is_good:
                raise error_of_reply(reply.status, reply.headers, body, about, time.time())
            if is_html(body):
                raise not_an_api(body, about, reply.status)
            cards = models_of(body)
            value = first_value(body.decode("utf-8", "replace"))
            if (
                not cards
                and isinstance(value, dict)
                and (value.get("error") or value.get("object") == "error")
            ):
                raise error_in_place_of_answer(value, about)
            return cards

    def _memory(self, endpoint: Endpoint) -> EndpointMemory:
        return self._memories.setdefault(endpoint.base_url, EndpointMemory())


def _speaks_of_body(reply: Reply) -> bool:
    return "transfer-encoding" in reply.headers or reply.headers.get("content-length", "0") != "0"


def _is_alike(one: Reply, other: Reply) -> bool:
    length = "content-length"
    return (one.status, one.headers.get(length)) == (other.status, other.headers.get(length))


def _prefixes(endpoint: Endpoint, memory: EndpointMemory) -> tuple[str, ...]:
    found = candidates(endpoint.base_url)
    return tuple(sorted(found, key=lambda prefix: prefix != memory.prefix))


def _about(endpoint: Endpoint, model: str) -> ErrorDetails:
    return ErrorDetails(host=endpoint.host, endpoint=endpoint.name, target=model)


@contextmanager
def _told_well(key: ApiKey | None) -> Iterator[None]:
    """Take the key out of the error that leaves, for some servers repeat it; and say that there was none."""
    try:
        yield
    except KeyRejected as error:
        if key is not None:
            without_key(error, key)
            raise
        details = error.details
    except ChatError as error:
        without_key(error, key)
        raise
    else:
        return
    raise KeyNeeded(details)
