"""Stop at every stage: the server sees the close, and nothing is left behind (REL-13)."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from app.api.client import ChatClient
from app.core.provider import DEMO_ENDPOINT
from tests.api.asking import WATCHDOG, asked, client, endpoint_at, key_for, question, run
from tests.servers.fake_server import (
    DONE,
    STREAM_HEAD,
    Exchange,
    FakeServer,
    finish_event,
    partial_stream,
    raw,
    reply,
    silence,
    text_event,
    tokens,
)
from tests.servers.tls import Authority

HELLO = text_event("Hel") + text_event("lo")
wait = Exchange.wait_for_close


def endless_page(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 500 X\r\nTransfer-Encoding: chunked\r\n\r\n")
    exchange.send_chunk(b"boom")
    exchange.wait_for_close()


STAGES: dict[str, Callable[[Exchange], None]] = {
    "before the head": silence,
    "in the head": raw(b"HTTP/1.1 200 OK\r\nContent-", then=wait),
    "behind the head": raw(STREAM_HEAD, then=wait),
    "in a comment": partial_stream(b": pi", then=wait),
    "in the first event": partial_stream(b'data: {"cho', then=wait),
    "behind text": partial_stream(HELLO, then=wait),
    "in a character": partial_stream(b'data: {"a":"\xf0\x9f', then=wait),
    "in a flood": tokens(100_000, 2000),
    "behind the finish reason": partial_stream(HELLO, finish_event(), then=wait),
    "in a json answer": raw(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"choices":', then=wait),
    "in the body of an error": endless_page,
}


async def stopped_soon(chat: ChatClient, server: FakeServer, number: int = 1) -> None:
    """Ask, wait until the server has begun to answer, cancel, and see the close."""
    task = asyncio.create_task(asked(chat, server.url, key=key_for(server.url)))
    exchange = await asyncio.to_thread(server.wait_for_exchange, number)
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(exchange.hung_up.wait, WATCHDOG), "the server never saw the close"


@pytest.mark.parametrize("script", STAGES.values(), ids=STAGES)
def test_REL_13_stop_closes_the_request_at_every_stage(script: Any) -> None:
    with FakeServer(script) as server:

        async def stop(chat: ChatClient) -> None:
            await stopped_soon(chat, server)
            assert server.open_connections <= 1

        run(stop)


@pytest.mark.parametrize("script", [silence, STAGES["behind text"]])
def test_REL_13_stop_closes_the_request_under_tls(script: Any, authority: Authority) -> None:
    with FakeServer(script, tls=authority.context_of("127.0.0.1")) as server:
        # The loopback goes directly, and is as secure as any other host.
        run(lambda chat: stopped_soon(chat, server), ca_file=authority.ca_file)


def test_stop_while_the_server_does_not_take_the_request() -> None:
    taken = threading.Event()

    def refuse_to_read(listener: Any) -> None:
        connection, _ = listener.accept()
        taken.set()
        with connection:
            connection.settimeout(WATCHDOG)
            while connection.recv(1):
                if done.wait(WATCHDOG):
                    return

    import socket

    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=refuse_to_read, args=(listener,))
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"

        async def stop(chat: ChatClient) -> None:
            task = asyncio.create_task(asked(chat, url, question("x" * 20_000_000)))
            await asyncio.to_thread(taken.wait, WATCHDOG)
            await asyncio.sleep(0.05)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        run(stop)
        done.set()
        thread.join(WATCHDOG)


def test_stop_in_the_handshake() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/v1"

        async def stop(chat: ChatClient) -> None:
            task = asyncio.create_task(asked(chat, url))
            connection, _ = await asyncio.to_thread(listener.accept)
            with connection:
                connection.settimeout(WATCHDOG)
                await asyncio.to_thread(connection.recv, 4096)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                assert await asyncio.to_thread(connection.recv, 4096) == b""

        run(stop)


def test_leaving_the_loop_closes_the_request() -> None:
    with FakeServer(STAGES["behind text"]) as server:

        async def leave(chat: ChatClient) -> None:
            deltas = chat.stream(endpoint_at(server.url), None, question())
            async for _ in deltas:
                break
            await deltas.aclose()

            assert await asyncio.to_thread(server.exchanges[0].hung_up.wait, WATCHDOG)
            server.script = tokens(3, 1000, "x")
            assert (await asked(chat, server.url)).text == "xxx"

        run(leave)
        server.wait_until_all_closed()


def test_closing_the_client_closes_what_is_kept() -> None:
    with FakeServer() as server:
        run(lambda chat: asked(chat, server.url))
        server.wait_until_all_closed()


def test_stop_of_the_demo_ends_it() -> None:
    async def stop(chat: ChatClient) -> None:
        count = 0
        async for _ in chat.stream(DEMO_ENDPOINT, None, question()):
            count += 1
            if count > 3:
                break

    run(stop)


def test_two_hundred_sends_and_stops_leave_nothing_behind() -> None:
    with FakeServer(partial_stream(HELLO, then=wait)) as server:

        async def many(chat: ChatClient) -> int:
            for number in range(200):
                task = asyncio.create_task(asked(chat, server.url))
                if number % 3:
                    await asyncio.to_thread(server.wait_for_exchange, len(server.exchanges) + 1)
                await asyncio.sleep(0)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
            return len(asyncio.all_tasks())

        assert run(many) == 1
        server.wait_until_all_closed()


def test_a_cancelled_wait_for_models_closes_the_request() -> None:
    with FakeServer(silence) as server:

        async def stop(chat: ChatClient) -> None:
            task = asyncio.create_task(chat.models(endpoint_at(server.url), None))
            exchange = await asyncio.to_thread(server.wait_for_exchange)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await asyncio.to_thread(exchange.hung_up.wait, WATCHDOG)

        run(stop)


def test_a_client_that_was_never_used_closes() -> None:
    asyncio.run(client().close())


def test_what_was_stopped_does_not_spoil_the_next() -> None:
    with FakeServer(silence) as server:

        async def stop_and_ask(chat: ChatClient) -> str:
            await stopped_soon(chat, server)
            server.script = tokens(3, 1000, "x")
            return (await asked(chat, server.url)).text

        assert run(stop_and_ask) == "xxx"


def test_done_is_not_waited_behind() -> None:
    with FakeServer(partial_stream(HELLO, finish_event() + DONE, then=wait)) as server:
        assert run(lambda chat: asked(chat, server.url)).error is None
        assert server.exchanges[0].hung_up.wait(WATCHDOG)
    with FakeServer(reply(500, "x")) as server:
        assert run(lambda chat: asked(chat, server.url)).error is not None
