"""What the network can do (safety.md §6): each ends in one clear state, with the text so far."""

import os
import time
from typing import Any

import psutil
import pytest

from app.api.client import ChatClient
from app.api.deadlines import Timeouts, seconds_asleep
from app.core.errors import (
    AddressNotFound,
    AnswerTooLarge,
    ChatError,
    ConnectionLost,
    KeyNeeded,
    KeyRejected,
    ModelNotFound,
    NoConnection,
    NoCredit,
    NotAllowed,
    RateLimited,
    RequestRejected,
    ServerProblem,
    StreamFailed,
    TimedOut,
    TooLarge,
    UnknownAnswer,
)
from tests.api.asking import (
    QUICK_CONNECT,
    QUICK_FIRST,
    QUICK_IDLE,
    QUICK_TAIL,
    SECRET,
    WATCHDOG,
    Outcome,
    ask,
    asked,
    key_for,
    question,
    run,
)
from tests.servers.fake_server import (
    DONE,
    STREAM_HEAD,
    Exchange,
    FakeServer,
    body_stream,
    chunk,
    event,
    finish_event,
    hang_up,
    in_turn,
    partial_stream,
    raw,
    reply,
    reset,
    silence,
    stream,
    text_event,
    tokens,
)

HELLO = text_event("Hel") + text_event("lo")


def asked_of(script: Any, **more: Any) -> Outcome:
    with FakeServer(script) as server:
        return ask(server.url, **more)


# -- no connection --------------------------------------------------------------------------------------


def test_a_name_that_does_not_exist() -> None:
    error = ask("http://no-such-name.invalid/v1").error
    assert isinstance(error, NoConnection)
    assert error.details.host == "no-such-name.invalid"
    assert not error.details.charged


def test_a_name_that_no_name_can_be() -> None:
    assert isinstance(ask(f"http://{'a' * 70}.invalid/v1").error, ChatError)


def test_a_refused_connection() -> None:
    server = FakeServer()
    url = server.url
    server.close()
    error = ask(url).error
    assert isinstance(error, NoConnection)
    assert error.details.reason == "nothing answers at this address"


def test_an_address_without_a_route() -> None:
    # TEST-NET-1: either unreachable at once, or nobody answers.
    error = ask("http://192.0.2.1:9/v1", timeouts=QUICK_CONNECT).error
    assert isinstance(error, NoConnection)


# -- broken off -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("script", [reset, hang_up])
def test_a_connection_broken_off_before_the_head_may_have_been_charged(script: Any) -> None:
    with FakeServer(script) as server:
        error = ask(server.url).error
        assert isinstance(error, ConnectionLost)
        assert error.details.charged
        assert len(server.exchanges) == 1


BROKEN = {
    "in the middle of an event": STREAM_HEAD + chunk(HELLO) + chunk(b'data: {"choices":[{"del'),
    "in the middle of a character": STREAM_HEAD
    + chunk(HELLO)
    + chunk(b'data: {"choices":[{"delta":{"content":"\xf0\x9f'),
    "in the middle of a chunk": STREAM_HEAD + chunk(HELLO) + b"ff\r\ndata: ",
    "before the last chunk": STREAM_HEAD + chunk(HELLO),
    "before its length": b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + HELLO,
    "without length": b"HTTP/1.1 200 OK\r\n\r\n" + HELLO,
    "with a broken chunk size": STREAM_HEAD + chunk(HELLO) + b"zz\r\nx\r\n",
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_a_body_broken_off_is_interrupted_with_all_its_whole_characters(body: bytes) -> None:
    outcome = asked_of(raw(body))
    assert outcome.text == "Hello"
    assert isinstance(outcome.error, ConnectionLost)


@pytest.mark.parametrize("then", [Exchange.close, Exchange.wait_for_close])
@pytest.mark.parametrize(
    "head",
    [b"HTTP/1.1 200 O", b"HTTP/1.1 200 OK\r\nContent-Ty", b"garbage", b"\x16\x03\x01", b"SSH-2.0-x\r\n"],
)
def test_a_head_that_is_none(head: bytes, then: Any) -> None:
    error = asked_of(raw(head, then=then), timeouts=QUICK_FIRST).error
    assert isinstance(error, ConnectionLost | UnknownAnswer | TimedOut)


# -- silence --------------------------------------------------------------------------------------------


def test_silence_before_the_head_ends_as_first() -> None:
    with FakeServer(silence) as server:
        error = ask(server.url, timeouts=QUICK_FIRST).error
        assert isinstance(error, TimedOut)
        assert (error.details.reason, error.details.charged) == ("first", True)
        assert server.wait_for_exchange().hung_up.wait(WATCHDOG)


def test_silence_behind_the_head_ends_as_first() -> None:
    error = asked_of(raw(STREAM_HEAD, then=Exchange.wait_for_close), timeouts=QUICK_FIRST).error
    assert isinstance(error, TimedOut)
    assert error.details.reason == "first"


def test_silence_in_mid_answer_ends_as_idle_and_keeps_the_text() -> None:
    outcome = asked_of(partial_stream(HELLO, then=Exchange.wait_for_close), timeouts=QUICK_IDLE)
    assert outcome.text == "Hello"
    assert isinstance(outcome.error, TimedOut)
    assert outcome.error.details.reason == "idle"


def drip(data: bytes, before: bytes = b"") -> Any:
    """Sends `data` again and again, without end."""

    def play(exchange: Exchange) -> None:
        exchange.begin_stream()
        if before:
            exchange.send_chunk(before)
        while True:
            exchange.send_chunk(data)
            exchange.pause(0.02)

    return play


@pytest.mark.parametrize("data", [b": ping\n\n", b"\n", b"x", b"data: : PROCESSING\n\n"])
def test_Q44_signs_of_life_alone_do_not_hold_a_request_for_ever(data: bytes) -> None:
    error = asked_of(drip(data), timeouts=QUICK_FIRST).error
    assert isinstance(error, TimedOut)
    assert error.details.reason == "first"


def test_Q44_signs_of_life_hold_an_answer_longer_than_silence_but_not_for_ever() -> None:
    began = time.monotonic()
    outcome = asked_of(drip(b": ping\n\n", HELLO), timeouts=QUICK_IDLE)
    assert time.monotonic() - began > QUICK_IDLE.idle
    assert outcome.text == "Hello"
    assert isinstance(outcome.error, TimedOut)


def test_Q44_an_answer_that_goes_on_has_no_limit() -> None:
    # All of it takes longer than each of the limits.
    outcome = asked_of(tokens(120, 20), timeouts=Timeouts(first=5.0, idle=5.0, payload=5.0))
    assert outcome.text == "word " * 120
    assert outcome.error is None


def test_a_json_answer_that_never_ends_is_ended() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"

    def play(exchange: Exchange) -> None:
        exchange.send(head + chunk(b'{"choices":['))
        while True:
            exchange.send_chunk(b" ")
            exchange.pause(0.02)

    assert isinstance(asked_of(play, timeouts=QUICK_FIRST).error, TimedOut)


def test_the_body_of_an_error_that_never_ends_is_not_waited_for() -> None:
    head = b"HTTP/1.1 500 X\r\nContent-Length: 99\r\n\r\nout of mem"
    error = asked_of(raw(head, then=Exchange.wait_for_close), timeouts=QUICK_TAIL).error
    assert isinstance(error, ServerProblem)
    assert error.details.server_text == "out of mem"


class Sleeper:
    """A machine that sleeps when it is told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def test_REL_16_after_a_suspend_a_dead_connection_is_not_waited_for_long() -> None:
    sleeper = Sleeper()
    patient = Timeouts(first=3600.0, idle=3600.0, payload=3600.0, resume=0.1, look=0.1)

    def play(exchange: Exchange) -> None:
        exchange.begin_stream()
        exchange.send_chunk(HELLO)
        sleeper.seconds += 3600
        exchange.wait_for_close(60)

    with FakeServer(play) as server:
        outcome = ask(server.url, timeouts=patient, asleep=sleeper)
    assert outcome.text == "Hello"
    assert isinstance(outcome.error, TimedOut)


def test_REL_15_a_change_of_the_time_of_day_is_no_suspend() -> None:
    # It is the difference of two clocks that nobody can set.
    assert 0 <= seconds_asleep() <= seconds_asleep() + 1


# -- statuses -------------------------------------------------------------------------------------------

STATUSES: dict[int, type[ChatError]] = {
    400: RequestRejected,
    401: KeyRejected,
    402: NoCredit,
    403: NotAllowed,
    404: AddressNotFound,
    405: AddressNotFound,
    408: ServerProblem,
    413: TooLarge,
    418: RequestRejected,
    422: RequestRejected,
    429: RateLimited,
    500: ServerProblem,
    502: ServerProblem,
    503: ServerProblem,
    504: ServerProblem,
    524: ServerProblem,
    529: ServerProblem,
}
BODIES: dict[str, Any] = {
    "openai": {"error": {"message": "boom", "type": "x", "param": None, "code": None}},
    "flat": {"object": "error", "message": "boom", "type": "x", "code": "1300"},
    "detail": {"detail": [{"loc": ["body", "x"], "msg": "boom"}]},
    "text": "boom",
    "page": "<!DOCTYPE html><html><head><title>boom</title><body>203.0.113.9</body>",
    "empty": "",
    "null": None,
    "number": [5],
    "not utf-8": b"boom \xff\xfe\x00",
    "a megabyte": "boom " * 300_000,
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("status", STATUSES)
def test_Q45_every_status_with_every_body(status: int, body: Any) -> None:
    with FakeServer(reply(status, body)) as server:
        error = ask(server.url, key=key_for(server.url)).error
    assert type(error) is STATUSES[status]
    details = error.details
    assert details.status == status
    assert len(details.server_text) <= 500
    assert "\n" not in details.server_text
    assert len(details.raw) <= 4096
    assert "<" not in details.server_text + details.raw
    assert "203.0.113.9" not in details.raw
    if body not in ("", None, [5]):
        assert "boom" in str(error)


def test_Q51_kinds_of_429() -> None:
    quota = {"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}
    assert isinstance(asked_of(reply(429, quota)).error, NoCredit)
    assert isinstance(asked_of(reply(429, {"message": "Requests rate limit exceeded"})).error, RateLimited)
    scaleway = {"status": 429, "error": "INSUFFICIENT QUOTA", "message": "try later"}
    assert isinstance(asked_of(reply(429, scaleway)).error, RateLimited)


def test_Q52_the_pause_that_a_server_asks_for_is_told() -> None:
    error = asked_of(reply(429, "", "Retry-After: 7", "x-should-retry: true")).error
    assert error is not None
    assert (error.details.retry_after, error.details.should_retry) == (7.0, True)


def test_Q64_an_unknown_model_is_named() -> None:
    body = {
        "object": "error",
        "message": "Invalid model: test-model",
        "type": "invalid_model",
        "code": "1500",
    }
    error = asked_of(reply(400, body)).error
    assert isinstance(error, ModelNotFound)
    assert error.details.target == "test-model"


@pytest.mark.parametrize("status", [300, 304, 305])
def test_statuses_that_mean_nothing_here(status: int) -> None:
    assert isinstance(asked_of(reply(status, "")).error, UnknownAnswer)


def test_206_is_taken_for_what_it_holds() -> None:
    body = HELLO + finish_event() + DONE
    assert asked_of(reply(206, body)).text == "Hello"


# -- what comes too much --------------------------------------------------------------------------------


def test_too_many_headers_and_too_long_ones() -> None:
    for head in (
        b"X-Long: " + b"x" * 300_000,
        b"\r\n".join(b"X-%d: y" % number for number in range(100_000)),
    ):
        error = asked_of(raw(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n")).error
        assert isinstance(error, AnswerTooLarge | ConnectionLost)


def resident() -> int:
    size: int = psutil.Process(os.getpid()).memory_info().rss
    return size


def endless(data: bytes, before: bytes = b"") -> Any:
    def play(exchange: Exchange) -> None:
        exchange.begin_stream()
        if before:
            exchange.send_chunk(before)
        piece = chunk(data)
        while True:
            exchange.send(piece)

    return play


@pytest.mark.parametrize(
    ("data", "before"),
    [
        (b"x" * 65536, HELLO + b"data: "),
        (b": " + b"x" * 65536, HELLO),
        (b"data: " + b"x" * 65536 + b"\n", HELLO),
        (b": ping\n\n" * 8192, HELLO),
        (text_event("word " * 1000), HELLO),
    ],
    ids=["one line", "one comment", "one event", "comments", "text"],
)
def test_what_has_no_end_is_stopped_and_its_text_kept(data: bytes, before: bytes) -> None:
    memory = resident()
    outcome = asked_of(
        endless(data, before),
    )
    assert outcome.text.startswith("Hello")
    assert len(outcome.text.encode()) <= 2 * 1024 * 1024
    assert isinstance(outcome.error, AnswerTooLarge)
    assert resident() - memory < 64 * 1024 * 1024


def test_an_event_of_eight_megabytes_is_not_too_much() -> None:
    picture = [{"type": "image_url", "image_url": "data:image/png;base64," + "A" * 8_000_000}]
    body = event({"choices": [{"index": 0, "delta": {"content": picture}}]}) + HELLO + finish_event() + DONE
    outcome = asked_of(body_stream(body))
    assert (outcome.text, outcome.error) == ("Hello", None)


def test_a_text_in_one_piece_is_cut_at_the_limit() -> None:
    outcome = asked_of(body_stream(text_event("é" * 1_500_000) + finish_event() + DONE))
    assert outcome.text == "é" * 1024 * 1024
    assert isinstance(outcome.error, AnswerTooLarge)


def test_a_json_answer_has_a_limit_too() -> None:
    body = b'{"choices":[' + b" " * (17 * 1024 * 1024)
    assert isinstance(asked_of(raw(b"HTTP/1.1 200 OK\r\n\r\n" + body)).error, AnswerTooLarge)


# -- the next request -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        reset,
        hang_up,
        silence,
        reply(500, "boom"),
        partial_stream(HELLO),
        partial_stream(HELLO, then=Exchange.wait_for_close),
        body_stream(HELLO + event({"error": "boom"})),
        raw(b"garbage"),
        endless(text_event("x" * 60_000)),
    ],
)
def test_after_every_fault_the_next_request_works(fault: Any) -> None:
    with FakeServer(in_turn(fault, stream("fine"))) as server:

        async def twice(chat: ChatClient) -> tuple[Outcome, Outcome]:
            return await asked(chat, server.url), await asked(chat, server.url)

        one, two = run(twice, timeouts=Timeouts(first=3.0, idle=3.0))
        assert one.error is not None
        assert (two.text, two.error) == ("fine", None)


def test_an_error_behind_text_and_two_ends_and_more_text() -> None:
    failed = asked_of(body_stream(HELLO + event({"error": "boom"}) + text_event("more") + DONE))
    assert failed.text == "Hello"
    assert isinstance(failed.error, StreamFailed)
    twice = asked_of(
        body_stream(HELLO + finish_event("tool_calls") + text_event("!") + finish_event() + DONE)
    )
    assert (twice.text, twice.error, twice.reply.finish_reason) == ("Hello!", None, "stop")


def test_fifty_streams_leave_no_descriptor_behind() -> None:
    process = psutil.Process(os.getpid())
    with FakeServer(tokens(5, 1000)) as server:

        async def many(chat: ChatClient) -> tuple[int, int]:
            await asked(chat, server.url)
            before = process.num_fds()
            for number in range(50):
                server.script = (stream("a", "b"), partial_stream(HELLO), reply(500, "x"), hang_up)[
                    number % 4
                ]
                await asked(chat, server.url, question(str(number)))
            server.script = stream("last")
            await asked(chat, server.url)
            return before, process.num_fds()

        before, after = run(many)
        # The server's ends of the connections are in this process too, and close in threads of their own.
        assert after <= before + 4


def test_a_401_names_the_key_that_is_missing_or_wrong() -> None:
    with FakeServer(reply(401, {"detail": f"Unauthorized: {SECRET}"})) as server:
        assert isinstance(ask(server.url).error, KeyNeeded)
        error = ask(server.url, key=key_for(server.url)).error
        assert isinstance(error, KeyRejected)
        assert SECRET not in str(error)
