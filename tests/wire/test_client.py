"""Compressed and divided replies, and questions that are given up, against a real server."""

import asyncio
import gzip
import json
import socket
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from app.api.client import ChatClient
from app.core.errors import (
    ChatError,
    ConnectionLost,
    KeyNeeded,
    KeyRejected,
    RateLimited,
    RequestRejected,
    TooLarge,
    UnknownAnswer,
)
from tests.api.asking import (
    WATCHDOG,
    Outcome,
    ask,
    asked,
    endpoint_at,
    key_for,
    question,
    run,
)
from tests.servers.fake_server import (
    DONE,
    Cut,
    Exchange,
    FakeServer,
    Script,
    body_stream,
    completion,
    cut_at,
    finish_event,
    partial_stream,
    raw,
    reply,
    silence,
    single_bytes,
    stream,
    text_event,
    whole,
)

HELLO = text_event("Hel") + text_event("lo")
STREAM = HELLO + finish_event() + DONE


def answer(body: bytes, *headers: str, cut: Cut = whole) -> Script:
    """A reply with status 200 under these headers."""
    return reply(200, body, *headers, cut=cut)


def asked_of(script: Script) -> Outcome:
    """Ask a server that plays `script` once."""
    with FakeServer(script) as server:
        return ask(server.url)


# -- compression ----------------------------------------------------------------------------------------


def raw_deflate(data: bytes) -> bytes:
    """What some servers mean by deflate: no header around it."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize("cut", [whole, single_bytes])
@pytest.mark.parametrize("body", [STREAM, json.dumps(completion("Hello")).encode()])
@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("gzip", gzip.compress),
        ("GZIP", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", raw_deflate),
        ("identity", bytes),
    ],
)
def test_Q69_a_compressed_answer_is_decoded(
    name: str, pack: Callable[[bytes], bytes], body: bytes, cut: Cut
) -> None:
    outcome = asked_of(answer(pack(body), f"Content-Encoding: {name}", cut=cut))
    assert (outcome.text, outcome.error) == ("Hello", None)


def test_Q69_plain_text_under_the_name_of_gzip_is_read_as_it_is() -> None:
    outcome = asked_of(answer(STREAM, "Content-Encoding: gzip"))
    assert (outcome.text, outcome.error) == ("Hello", None)


def test_Q69_a_corrupt_answer_is_told() -> None:
    packed = bytearray(gzip.compress(HELLO * 200))
    packed[10:30] = b"\xff" * 20
    outcome = asked_of(answer(bytes(packed), "Content-Encoding: gzip"))
    assert isinstance(outcome.error, UnknownAnswer)
    assert outcome.error.details.reason == "its compression is broken"


@pytest.mark.parametrize(
    ("body", "kind"), [(HELLO, ConnectionLost), (json.dumps(completion("Hello")).encode(), UnknownAnswer)]
)
def test_Q69_half_a_compressed_answer_is_not_complete(body: bytes, kind: type[ChatError]) -> None:
    outcome = asked_of(answer(gzip.compress(body)[:-14], "Content-Encoding: gzip"))
    assert isinstance(outcome.error, kind)


def test_Q69_a_bomb_is_stopped() -> None:
    bomb = gzip.compress(b": " + b"x" * (24 * 1024 * 1024))
    outcome = asked_of(answer(bomb, "Content-Encoding: gzip"))
    assert isinstance(outcome.error, UnknownAnswer)
    assert outcome.error.details.reason == "it grows without end when unpacked"


@pytest.mark.parametrize("name", ["br", "zstd", "gzip, br", "nonsense"])
def test_Q69_a_compression_that_nobody_asked_for_is_named(name: str) -> None:
    outcome = asked_of(answer(b"\x8b\x00\x80", f"Content-Encoding: {name}"))
    assert isinstance(outcome.error, UnknownAnswer)
    assert name in outcome.error.details.reason


def test_Q69_a_compressed_error_says_the_same() -> None:
    body = gzip.compress(json.dumps({"message": "Slow down"}).encode())
    outcome = asked_of(reply(429, body, "Content-Encoding: gzip"))
    assert isinstance(outcome.error, RateLimited)
    assert outcome.error.details.server_text == "Slow down"


def test_Q69_the_status_of_an_error_counts_whatever_its_body_is() -> None:
    with FakeServer(reply(401, b"\x8b\x00", "Content-Encoding: br")) as server:
        assert isinstance(ask(server.url).error, KeyNeeded)
        assert isinstance(ask(server.url, key=key_for(server.url)).error, KeyRejected)


# -- before the answer ----------------------------------------------------------------------------------


def test_Q70_several_hints_before_the_answer() -> None:
    hints = b"HTTP/1.1 102 Processing\r\n\r\n" + b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 3
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(STREAM)
    outcome = asked_of(raw(hints + head + STREAM, cut=single_bytes))
    assert (outcome.text, outcome.error) == ("Hello", None)


@contextmanager
def refusing_by_the_head() -> Iterator[str]:
    """A server that answers 413 to the head of a request, and only then reads what is sent, unheeded."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError), listener.accept()[0] as connection:
            connection.settimeout(WATCHDOG)
            head = b""
            while b"\r\n\r\n" not in head:
                head += connection.recv(1024)
            connection.sendall(
                b"HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 4\r\n\r\nlong"
            )
            while connection.recv(65536):
                continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    finally:
        listener.close()
        thread.join(WATCHDOG)


def test_Q70_a_refusal_before_the_body_was_read_is_told_as_such() -> None:
    with refusing_by_the_head() as url:
        outcome = ask(url, question("x" * 5_000_000))
        assert isinstance(outcome.error, TooLarge)
        assert str(outcome.error) == "The message is too large for Test server. It said: long"


def test_Q75_a_server_that_wants_another_client_is_heard() -> None:
    with FakeServer(reply(400, {"detail": "Invalid user agent"})) as server:
        error = ask(server.url).error
        assert isinstance(error, RequestRejected)
        assert str(error) == "Test server did not accept the request. It said: Invalid user agent"
        agent = str(server.requests[0].header("user-agent"))
        assert not any(name in agent.lower() for name in ("python", "httpx", "openai", "mozilla"))


# -- giving up ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "script",
    [
        silence,
        partial_stream(then=Exchange.wait_for_close),
        raw(b"HTTP/1.1 200 OK\r\nContent-", then=Exchange.wait_for_close),
        raw(b"HTTP/1.1 500 Reason\r\nContent-Length: 9\r\n\r\nx", then=Exchange.wait_for_close),
    ],
)
def test_REL_cancelling_before_any_text_closes_the_connection(script: Script) -> None:
    with FakeServer(script) as server:

        async def give_up(chat: ChatClient) -> None:
            task = asyncio.create_task(asked(chat, server.url))
            exchange = await asyncio.to_thread(server.wait_for_exchange)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await asyncio.to_thread(exchange.hung_up.wait, WATCHDOG)

        run(give_up)


@pytest.mark.parametrize("way", ["cancel", "close"])
def test_REL_giving_up_in_mid_answer_closes_the_connection_and_the_next_question_works(way: str) -> None:
    with FakeServer(partial_stream(HELLO, then=Exchange.wait_for_close)) as server:

        async def read_until_given_up(chat: ChatClient, has_text: asyncio.Event) -> None:
            deltas = chat.stream(endpoint_at(server.url), None, question())
            try:
                async for _ in deltas:
                    has_text.set()
                    if way == "close":
                        return
            finally:
                await deltas.aclose()

        async def give_up(chat: ChatClient) -> Outcome:
            has_text = asyncio.Event()
            task = asyncio.create_task(read_until_given_up(chat, has_text))
            await has_text.wait()
            if way == "cancel":
                task.cancel()
            await asyncio.wait([task])
            assert task.cancelled() is (way == "cancel")
            assert await asyncio.to_thread(server.exchanges[0].hung_up.wait, WATCHDOG)
            server.script = stream("again")
            return await asked(chat, server.url)

        assert run(give_up).text == "again"
        server.wait_until_all_closed()


# -- divided anywhere -----------------------------------------------------------------------------------

DIVIDED = b"\xef\xbb\xbf: hi\r\n\r\n" + text_event("é🙂").replace(b"\n", b"\r\n") + text_event("漢") + DONE
WHOLE = json.dumps(completion("é🙂漢"), ensure_ascii=False).encode()


@pytest.mark.parametrize("body", [DIVIDED, WHOLE])
def test_REL_11_a_body_divided_at_every_place_gives_the_same_text(body: bytes) -> None:
    with FakeServer() as server:

        async def at_every_place(chat: ChatClient) -> None:
            for at in range(1, len(body)):
                server.script = body_stream(body, cut=cut_at(at))
                outcome = await asked(chat, server.url)
                assert (outcome.text, outcome.error) == ("é🙂漢", None), at

        run(at_every_place)
        assert server.seen == 1


def test_REL_11_a_whole_reply_divided_at_every_place_gives_the_same_text() -> None:
    data = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (
        len(DIVIDED),
        DIVIDED,
    )
    with FakeServer() as server:

        async def at_every_place(chat: ChatClient) -> None:
            for at in range(1, len(data)):
                server.script = raw(data, cut=cut_at(at), then=lambda _: None)
                outcome = await asked(chat, server.url)
                assert (outcome.text, outcome.error) == ("é🙂漢", None), at

        run(at_every_place)
