"""What the client makes of whole replies of a real server."""

import asyncio
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.api.client import ChatClient
from app.core.errors import (
    AddressNotFound,
    ChatError,
    ConnectionLost,
    EmptyAnswer,
    KeyNeeded,
    KeyRejected,
    NotAnApi,
    RateLimited,
    RequestRejected,
    StreamFailed,
    TooLarge,
    TooLong,
    UnknownAnswer,
)
from app.core.parts import ThinkingPart
from tests.api.asking import (
    QUICK_FIRST,
    QUICK_TAIL,
    WATCHDOG,
    Outcome,
    ask,
    asked,
    check,
    endpoint_at,
    key_for,
    list_models,
    question,
    run,
)
from tests.servers.fake_server import (
    DONE,
    Cut,
    Exchange,
    FakeServer,
    at_random,
    body_stream,
    by_path,
    chat_and_models,
    completion,
    cut_at,
    delta,
    event,
    finish_event,
    hang_up,
    in_turn,
    kibibytes,
    models,
    partial_stream,
    raw,
    reply,
    reset,
    single_bytes,
    stream,
    text_event,
    tokens,
    whole,
)

HELLO = text_event("Hel") + text_event("lo")
STREAM = HELLO + finish_event() + DONE
PAGE = b"<!DOCTYPE html><html><head><title>Log in to the network</title></head><body>x</body></html>"


def asked_of(script: Any, **more: Any) -> Outcome:
    with FakeServer(script) as server:
        return ask(server.url, **more)


# -- how a reply ends -----------------------------------------------------------------------------------


@pytest.mark.parametrize("cut", [whole, single_bytes, at_random(1), at_random(2), kibibytes])
def test_Q08_a_reply_cut_anywhere_is_the_same_reply(cut: Cut) -> None:
    body = text_event("Grüße 🙂 ") + text_event("漢字") + finish_event() + DONE
    outcome = asked_of(body_stream(body, cut=cut))
    assert (outcome.text, outcome.error) == ("Grüße 🙂 漢字", None)


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


def test_Q09_a_wrong_charset_changes_nothing() -> None:
    kind = "text/event-stream; charset=iso-8859-1"
    assert asked_of(body_stream(text_event("é") + DONE, content_type=kind)).text == "é"


def test_Q15_an_end_after_a_finish_reason_is_complete() -> None:
    outcome = asked_of(body_stream(HELLO + finish_event()))
    assert (outcome.text, outcome.error, outcome.reply.finish_reason) == ("Hello", None, "stop")


def test_Q15_a_server_that_stays_silent_after_the_finish_reason_ends_well() -> None:
    outcome = asked_of(
        partial_stream(HELLO, finish_event(), then=Exchange.wait_for_close), timeouts=QUICK_TAIL
    )
    assert (outcome.text, outcome.error) == ("Hello", None)


def test_Q16_usage_behind_done_still_counts_and_text_does_not() -> None:
    late = event({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2}}) + text_event("more")
    outcome = asked_of(body_stream(HELLO + finish_event() + DONE + late))
    assert outcome.reply.usage is not None
    assert outcome.text == "Hello"


def test_Q16_nobody_waits_for_a_server_that_says_nothing_behind_done() -> None:
    with FakeServer(partial_stream(HELLO, DONE, then=Exchange.wait_for_close)) as server:
        assert ask(server.url).error is None
        assert server.wait_for_exchange().hung_up.wait(WATCHDOG)


def test_Q16_done_behind_a_json_body() -> None:
    body = json.dumps(completion("Hello"), indent=1).encode() + b"\ndata: [DONE]\n\n"
    assert asked_of(reply(200, body, "Content-Type: application/json")).text == "Hello"


def test_Q16_what_is_drained_lets_the_connection_be_used_again() -> None:
    with FakeServer() as server:

        async def twice(chat: ChatClient) -> None:
            for _ in range(3):
                assert (await asked(chat, server.url)).error is None

        run(twice)
        assert server.seen == 1


def test_Q17_done_without_a_finish_reason_is_complete() -> None:
    outcome = asked_of(body_stream(HELLO + DONE))
    assert (outcome.text, outcome.error, outcome.reply.finish_reason) == ("Hello", None, None)


def test_Q17_a_bare_end_is_interrupted_and_keeps_the_text() -> None:
    outcome = asked_of(body_stream(HELLO))
    assert outcome.text == "Hello"
    assert isinstance(outcome.error, ConnectionLost)


@pytest.mark.parametrize("then", [Exchange.close, Exchange.reset])
def test_Q18_a_cut_connection_is_interrupted_and_keeps_the_text(then: Any) -> None:
    outcome = asked_of(partial_stream(HELLO, b'data: {"choices":[{"delta":{"content":"lo', then=then))
    if then is Exchange.close:
        assert outcome.text == "Hello"
    assert "Hello".startswith(outcome.text)
    assert isinstance(outcome.error, ConnectionLost)
    assert outcome.error.details.charged


def test_Q18_a_cut_after_the_finish_reason_loses_nothing() -> None:
    outcome = asked_of(partial_stream(HELLO, finish_event()))
    assert (outcome.text, outcome.error) == ("Hello", None)


@pytest.mark.parametrize(("tail", "complete"), [(b"", False), (finish_event(), True), (DONE, True)])
def test_Q19_a_close_delimited_stream_proves_nothing_by_its_end(tail: bytes, complete: bool) -> None:
    outcome = asked_of(raw(b"HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + HELLO + tail))
    assert outcome.text == "Hello"
    assert isinstance(outcome.error, ConnectionLost) is not complete


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/octet-stream", "application/json", "text/html"]
)
def test_Q20_a_stream_under_any_content_type(kind: str) -> None:
    assert asked_of(body_stream(HELLO + finish_event() + DONE, content_type=kind)).text == "Hello"


@pytest.mark.parametrize("kind", ["application/json", "text/event-stream", "text/plain"])
def test_Q20_a_completion_under_any_content_type(kind: str) -> None:
    assert asked_of(reply(200, json.dumps(completion("Hello")), f"Content-Type: {kind}")).text == "Hello"


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\n\n\n", b" \r\n\t"])
def test_Q21_a_whole_completion_where_a_stream_was_asked_for(before: bytes) -> None:
    body = before + json.dumps(completion("Hello", reasoning_content="hm")).encode()
    outcome = asked_of(reply(200, body, cut=single_bytes))
    assert (outcome.text, outcome.thinking, outcome.error) == ("Hello", "hm", None)
    assert outcome.reply.usage is not None
    assert outcome.reply.finish_reason == "stop"


def test_Q22_a_stream_where_none_was_asked_for() -> None:
    with FakeServer(stream("Hel", "lo")) as server:
        outcome = ask(server.url, question(stream=False))
        assert (outcome.text, outcome.error) == ("Hello", None)
        assert server.requests[0].json["stream"] is False


def test_Q23_blank_lines_before_the_body_are_signs_of_life() -> None:
    def play(exchange: Exchange) -> None:
        exchange.send(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        for _ in range(5):
            exchange.send_chunk(b"\n")
            exchange.pause(0.02)
        exchange.send_chunk(json.dumps(completion("Hello")).encode())
        exchange.end_stream()

    assert asked_of(play).text == "Hello"


@pytest.mark.parametrize(
    "script",
    [
        reply(200, b""),
        reply(204, b""),
        body_stream(b""),
        body_stream(DONE),
        body_stream(b": ping\n\n"),
        body_stream(event(delta(role="assistant")) + finish_event() + DONE),
        body_stream(text_event(" \n") + finish_event() + DONE),
        reply(200, completion("")),
        reply(200, {"choices": []}),
    ],
)
def test_Q24_an_answer_that_holds_nothing_is_an_error(script: Any) -> None:
    outcome = asked_of(script)
    assert isinstance(outcome.error, EmptyAnswer)


def test_Q36_nothing_but_a_filter_is_an_answer() -> None:
    outcome = asked_of(body_stream(event(delta(content="")) + finish_event("content_filter") + DONE))
    assert outcome.error is None
    assert outcome.reply.finish_reason == "content_filter"


def test_Q35_tool_calls_that_nobody_offered_are_shown() -> None:
    call = [{"index": 0, "id": "a", "function": {"name": "f", "arguments": '{"x":'}}]
    rest = [{"index": 0, "function": {"arguments": "1}"}}]
    body = event(delta(tool_calls=call)) + event(delta(tool_calls=rest)) + finish_event("tool_calls") + DONE
    outcome = asked_of(body_stream(body))
    assert outcome.error is None
    (part,) = outcome.reply.parts
    assert getattr(part, "arguments", "") == '{"x":1}'


def test_Q33_a_thought_in_tags_over_the_wire() -> None:
    outcome = asked_of(stream("<thi", "nk>\nwhy</th", "ink>\n\nso"))
    assert (outcome.thinking.strip(), outcome.text) == ("why", "so")


@pytest.mark.parametrize(
    ("text", "is_known"), [(b"OK", False), (b"Hello, I am a server.\n\n", False), (b": ping\n\n", True)]
)
def test_Q20_plain_text_is_no_answer(text: bytes, is_known: bool) -> None:
    outcome = asked_of(reply(200, text))
    assert isinstance(outcome.error, EmptyAnswer if is_known else UnknownAnswer)


@pytest.mark.parametrize("body", [{"ok": True}, [], [1, 2], "{cut off", {"data": []}])
def test_Q20_json_that_is_no_completion_is_no_answer(body: Any) -> None:
    assert isinstance(asked_of(reply(200, body)).error, UnknownAnswer)


# -- errors with status 200 -----------------------------------------------------------------------------


def test_Q47_a_web_page_in_place_of_an_answer() -> None:
    outcome = asked_of(reply(200, PAGE))
    assert isinstance(outcome.error, NotAnApi)
    assert outcome.error.details.server_text == "Log in to the network"
    assert "<" not in str(outcome.error.details)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"error": {"message": "boom"}}, RequestRejected),
        ({"error": "boom"}, RequestRejected),
        ({"object": "error", "message": "boom", "code": 429}, RateLimited),
        ({"error": {"message": "boom", "code": 401}}, KeyRejected),
        ({"error": {"message": "boom: maximum context length is 8"}}, TooLong),
        ({"detail": "boom"}, RequestRejected),
        ({"message": "boom"}, RequestRejected),
    ],
)
def test_Q48_an_error_under_status_200(body: Any, kind: type[ChatError]) -> None:
    with FakeServer(reply(200, body)) as server:
        error = ask(server.url, key=key_for(server.url)).error
    assert type(error) is kind
    assert "boom" in error.details.server_text


@pytest.mark.parametrize(
    "failing",
    [
        event({"error": {"message": "boom"}}),
        event({"error": {"message": "boom"}}, "error"),
        event({"object": "error", "message": "boom"}),
        event({"object": "Error", "message": "boom"}),
        event({"error": "boom"}),
        event("boom", "error"),
        event({"choices": [{"delta": {}, "finish_reason": "error"}], "error": {"message": "boom"}}),
        event({"choices": [{"delta": {}, "error": {"message": "boom"}}]}),
    ],
)
def test_Q49_every_form_of_an_error_in_a_stream_keeps_the_text(failing: bytes) -> None:
    with FakeServer(body_stream(text_event("Hello") + failing + text_event("!") + finish_event())) as server:
        outcome = ask(server.url)
    assert outcome.text == "Hello"
    assert isinstance(outcome.error, StreamFailed)
    assert str(outcome.error) == "Test server stopped with an error in mid-answer. It said: boom"


def test_Q49_an_error_before_any_text_is_told_as_what_it_is() -> None:
    outcome = asked_of(body_stream(event({"error": {"message": "slow down", "code": 429}})))
    assert isinstance(outcome.error, RateLimited)


def test_Q37_an_error_as_the_finish_reason() -> None:
    outcome = asked_of(body_stream(HELLO + finish_event("error") + DONE))
    assert outcome.text == "Hello"
    assert isinstance(outcome.error, StreamFailed)


def test_Q50_what_was_cut_short_and_says_done_counts_as_done() -> None:
    assert asked_of(body_stream(HELLO + DONE)).error is None


def test_Q11_too_many_bad_events_end_the_stream() -> None:
    outcome = asked_of(body_stream(HELLO + event("{bad") * 5 + text_event("!") + DONE))
    assert outcome.text == "Hello"
    assert isinstance(outcome.error, UnknownAnswer)


# -- silent second tries --------------------------------------------------------------------------------


def test_Q54_a_stale_connection_is_replaced_silently() -> None:
    with FakeServer(in_turn(stream("one"), hang_up, stream("two"))) as server:

        async def twice(chat: ChatClient) -> tuple[Outcome, Outcome]:
            return await asked(chat, server.url), await asked(chat, server.url)

        one, two = run(twice)
        assert (one.text, one.error, two.text, two.error) == ("one", None, "two", None)
        assert [exchange.number for exchange in server.exchanges] == [0, 1, 0]


def test_Q54_a_fresh_connection_that_closes_is_not_asked_again() -> None:
    with FakeServer(hang_up) as server:
        outcome = ask(server.url)
        assert isinstance(outcome.error, ConnectionLost)
        assert outcome.error.details.charged
        assert len(server.exchanges) == 1


@pytest.mark.parametrize(
    "says", [b"garbage\r\n\r\n", b"Not FoundHTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 2\r\n\r\n"]
)
def test_Q54_what_was_answered_be_it_with_no_http_is_not_asked_again(says: bytes) -> None:
    with FakeServer(in_turn(stream("one"), raw(says), stream("twice"))) as server:

        async def twice(chat: ChatClient) -> tuple[Outcome, Outcome]:
            return await asked(chat, server.url), await asked(chat, server.url)

        one, two = run(twice)
        assert (one.error, type(two.error)) == (None, UnknownAnswer)
        assert [exchange.number for exchange in server.exchanges] == [0, 1]


@pytest.mark.parametrize("says", [b"H", b"HTTP/1.1 20", b"HTTP/1.1 200 OK\r\nA: b\r\n"])
@pytest.mark.parametrize("then", [Exchange.close, Exchange.reset])
def test_Q54_what_was_answered_in_part_is_not_asked_again(
    says: bytes, then: Callable[[Exchange], None]
) -> None:
    with FakeServer(in_turn(stream("one"), raw(says, then=then), stream("twice"))) as server:

        async def twice(chat: ChatClient) -> tuple[Outcome, Outcome]:
            return await asked(chat, server.url), await asked(chat, server.url)

        one, two = run(twice)
        assert (one.error, type(two.error)) == (None, ConnectionLost)
        assert [exchange.number for exchange in server.exchanges] == [0, 1]


def test_Q54_what_a_server_has_begun_to_work_on_is_not_asked_again() -> None:
    begun = b"HTTP/1.1 102 Processing\r\n\r\n"
    with FakeServer(in_turn(stream("one"), raw(begun), stream("twice"))) as server:

        async def twice(chat: ChatClient) -> tuple[Outcome, Outcome]:
            return await asked(chat, server.url), await asked(chat, server.url)

        one, two = run(twice)
        assert (one.error, type(two.error)) == (None, ConnectionLost)
        assert [exchange.number for exchange in server.exchanges] == [0, 1]


def test_Q54_a_stale_connection_that_is_reset_is_replaced_silently() -> None:
    with FakeServer(in_turn(stream("one"), reset, stream("two"))) as server:

        async def twice(chat: ChatClient) -> tuple[Outcome, Outcome]:
            return await asked(chat, server.url), await asked(chat, server.url)

        one, two = run(twice)
        assert (one.text, one.error, two.text, two.error) == ("one", None, "two", None)
        assert [exchange.number for exchange in server.exchanges] == [0, 1, 0]


def refuses(field: str, body: Any, status: int = 422) -> Any:
    """Refuses requests that hold `field`."""

    def play(exchange: Exchange) -> None:
        (reply(status, body) if field in exchange.request.json else stream("fine"))(exchange)

    return play


@pytest.mark.parametrize(
    "body",
    [
        {"detail": [{"type": "extra_forbidden", "loc": ["body", "stream_options"], "msg": "Extra inputs"}]},
        {"object": "error", "message": {"detail": [{"loc": ["body", "stream_options"], "msg": "extra"}]}},
        {"detail": "Unexpected fields in the request: {'stream_options'}"},
        {"error": {"message": "Unknown parameter: 'stream_options.include_usage'."}},
    ],
)
@pytest.mark.parametrize("status", [400, 422])
def test_Q57_a_refused_field_of_ours_is_dropped_and_never_sent_again(body: Any, status: int) -> None:
    with FakeServer(refuses("stream_options", body, status)) as server:

        async def twice(chat: ChatClient) -> tuple[Outcome, Outcome]:
            return await asked(chat, server.url), await asked(chat, server.url)

        one, two = run(twice)
        assert (one.text, two.text) == ("fine", "fine")
        assert ["stream_options" in request.json for request in server.requests] == [True, False, False]


def test_Q58_the_other_name_of_max_tokens() -> None:
    words = "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead."
    with FakeServer(refuses("max_tokens", {"error": {"message": words}}, 400)) as server:
        assert ask(server.url, question(max_tokens=9)).text == "fine"
        assert server.requests[-1].json["max_completion_tokens"] == 9


def test_Q56_what_the_person_set_is_not_dropped_for_its_value() -> None:
    words = {"error": {"message": "temperature must be between 0 and 1.5"}}
    with FakeServer(refuses("temperature", words, 400)) as server:
        outcome = ask(server.url, question(temperature=9.0))
        assert isinstance(outcome.error, RequestRejected)
        assert len(server.requests) == 1


def test_Q56_a_refusal_that_goes_on_ends() -> None:
    with FakeServer(reply(422, {"detail": "stream_options and everything else"})) as server:
        assert isinstance(ask(server.url).error, RequestRejected)
        assert len(server.requests) == 2


# -- addresses ------------------------------------------------------------------------------------------


def only_at(prefix: str, otherwise: Any) -> Any:
    """A server whose API is below `prefix` alone."""

    def play(exchange: Exchange) -> None:
        path = exchange.request.path
        known = {f"{prefix}/chat/completions": stream("fine"), f"{prefix}/models": models("m")}
        known.get(path, otherwise)(exchange)

    return play


@pytest.mark.parametrize(
    "otherwise", [reply(404, "Not Found"), reply(405, ""), reply(200, PAGE), reply(404, PAGE)]
)
@pytest.mark.parametrize(
    ("base", "prefix"), [("", "/v1"), ("", ""), ("/v1", "/v1"), ("/v1", ""), ("/api", "/api/v1")]
)
def test_Q67_the_prefix_that_answers_is_found_and_remembered(base: str, prefix: str, otherwise: Any) -> None:
    with FakeServer(only_at(prefix, otherwise)) as server:

        async def ask_twice(chat: ChatClient) -> tuple[Outcome, Outcome]:
            url = server.origin + base
            return await asked(chat, url), await asked(chat, url)

        one, two = run(ask_twice)
        assert (one.text, two.text) == ("fine", "fine")
        assert server.requests[-1].path == f"{prefix}/chat/completions"
        assert len(server.requests) <= 3
        report = check(server.origin + base)
        assert (report.ok, report.base_url_found) == (True, server.origin + prefix)


def test_Q67_where_no_prefix_answers_the_first_error_is_told() -> None:
    with FakeServer(reply(404, "Not Found")) as server:
        outcome = ask(server.origin)
        assert isinstance(outcome.error, AddressNotFound)
        assert [request.path for request in server.requests] == ["/v1/chat/completions", "/chat/completions"]


def test_Q67_an_unknown_model_is_no_wrong_address() -> None:
    body = {"error": {"message": "model 'test-model' not found", "code": "model_not_found"}}
    with FakeServer(reply(404, body)) as server:
        error = ask(server.origin).error
        assert error is not None
        assert (error.code, error.details.target) == ("model_not_found", "test-model")
        assert len(server.requests) == 1


def test_Q67_a_query_stays() -> None:
    with FakeServer() as server:
        assert ask(f"{server.origin}/v1?api-version=1").text
        assert server.requests[0].path == "/v1/chat/completions?api-version=1"


# -- what is sent ---------------------------------------------------------------------------------------


def test_Q56_the_least_is_sent() -> None:
    with FakeServer() as server:
        ask(server.url)
        assert server.requests[0].json == {
            "model": "test-model",
            "messages": [{"role": "user", "content": "Hello?"}],
            "stream": True,
            "stream_options": {"include_usage": True},
        }


def test_Q69_nothing_compressed_is_asked_for() -> None:
    with FakeServer() as server:
        ask(server.url)
        assert server.requests[0].header("accept-encoding") == "identity"


def test_Q75_the_client_says_who_it_is() -> None:
    with FakeServer() as server:
        ask(server.url)
        assert str(server.requests[0].header("user-agent")).startswith("Sirocco/")


def test_Q71_http_1_1_is_spoken() -> None:
    with FakeServer() as server:
        ask(server.url)
        assert server.requests[0].header("upgrade") is None


def test_Q42_what_no_utf8_holds_is_replaced_before_it_is_sent() -> None:
    with FakeServer() as server:
        assert ask(server.url, question("a\ud83d\ude42b\ud83dc\0")).error is None
        assert server.requests[0].text == "a🙂b\ufffdc"


@pytest.mark.parametrize("size", [70_000, 5_000_000])
def test_Q70_a_large_body_arrives_whole(size: int) -> None:
    with FakeServer() as server:
        assert ask(server.url, question("é" * size)).error is None
        assert server.requests[0].text == "é" * size
        assert server.requests[0].header("transfer-encoding") is None


def test_Q70_an_early_hint_and_an_early_refusal() -> None:
    hint = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(HELLO + DONE)
    assert asked_of(raw(hint + head + HELLO + DONE)).text == "Hello"
    refused = asked_of(reply(413, "too large"), request=question("x" * 300_000))
    assert isinstance(refused.error, TooLarge)


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


def test_SEC_06_no_cookie_and_no_referer_is_ever_sent() -> None:
    with FakeServer(in_turn(reply(429, "wait", "Set-Cookie: a=b"), stream("x"))) as server:

        async def twice(chat: ChatClient) -> None:
            await asked(chat, server.url)
            await asked(chat, server.url)

        run(twice)
        for request in server.requests:
            assert request.header("cookie") is None
            assert request.header("referer") is None


# -- models, tests of a connection, warmth --------------------------------------------------------------


def test_Q65_models_are_listed() -> None:
    with FakeServer(chat_and_models(stream("x"), "a", "b")) as server:
        assert [card.model_id for card in list_models(server.url)] == ["a", "b"]


@pytest.mark.parametrize("script", [reply(200, b""), reply(200, {"data": None}), reply(200, {"data": []})])
def test_Q65_a_list_without_models_is_no_error(script: Any) -> None:
    with FakeServer(script) as server:
        assert list_models(server.url) == ()


@pytest.mark.parametrize("status", [404, 405])
def test_Q65_a_server_without_a_list_is_tested_by_asking(status: int) -> None:
    with FakeServer(by_path({"/models": reply(status, ""), "/chat/completions": stream("x")})) as server:
        report = check(server.url)
        assert report.ok
        assert report.models == ()
        assert server.requests[-1].json["max_tokens"] == 1


def test_a_test_tells_what_it_found() -> None:
    with FakeServer(chat_and_models(stream("x"), "a")) as server:
        report = check(server.origin)
        assert report.ok
        assert report.base_url_found == server.url
        assert [card.model_id for card in report.models] == ["a"]
        assert report.milliseconds > 0
    with FakeServer(reply(401, {"message": "Unauthorized"})) as server:
        report = check(server.url, key_for(server.url))
        assert not report.ok
        assert isinstance(report.error, KeyRejected)


def test_401_without_a_key_asks_for_one() -> None:
    with FakeServer(reply(401, {"message": "Unauthorized"})) as server:
        assert isinstance(ask(server.url).error, KeyNeeded)


def heads(reply_to_head: bytes, cut: Cut = whole) -> Any:
    """A server that sends these bytes to HEAD, and an answer to everything else."""

    def play(exchange: Exchange) -> None:
        if exchange.request.method == "HEAD":
            exchange.send(reply_to_head, cut)
        else:
            stream("fine")(exchange)

    return play


def test_warmth_is_a_request_without_key_whose_connection_is_used() -> None:
    play = heads(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")

    with FakeServer(play) as server:

        async def warmed(chat: ChatClient) -> Outcome:
            await chat.warm(endpoint_at(server.url))
            return await asked(chat, server.url, key=key_for(server.url))

        assert run(warmed).text == "fine"
        head, post = server.exchanges
        assert (head.request.method, head.request.path) == ("HEAD", "/")
        assert head.request.header("authorization") is None
        assert (post.number, server.seen) == (1, 1)


def test_warmth_of_a_server_that_only_speaks_of_a_body_is_proved_once() -> None:
    with FakeServer(heads(b"HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n")) as server:

        async def warmed(chat: ChatClient) -> None:
            for _ in range(3):
                await chat.warm(endpoint_at(server.url))
            assert (await asked(chat, server.url)).error is None

        run(warmed)
        assert [request.method for request in server.requests] == ["HEAD"] * 4 + ["POST"]
        assert server.seen == 1


@pytest.mark.parametrize(
    "body", [b"Not Found", b"two\r\nlines\r\n\r\n", b"x" * 200_000, b"HTTP/1.1 200 OK\r\n\r\n"]
)
@pytest.mark.parametrize("cut", [whole, cut_at(60), single_bytes])
def test_a_server_that_sends_a_body_to_head_is_asked_once_and_answers(body: bytes, cut: Cut) -> None:
    head = b"HTTP/1.1 404 Not Found\r\nContent-Length: %d\r\n\r\n" % len(body)
    with FakeServer(
        heads(head + body, kibibytes if len(body) > 1000 and cut is single_bytes else cut)
    ) as server:

        async def warmed(chat: ChatClient) -> Outcome:
            for _ in range(3):
                await chat.warm(endpoint_at(server.url))
            return await asked(chat, server.url)

        outcome = run(warmed)
        assert (outcome.text, outcome.error) == ("fine", None)
        assert [request.method for request in server.requests].count("POST") == 1
        assert len(server.requests) <= 4


def test_warmth_that_fails_is_nobodys_concern() -> None:
    with FakeServer(hang_up) as server:
        run(lambda chat: chat.warm(endpoint_at(server.url)), timeouts=QUICK_FIRST)
        server.script = Exchange.wait_for_close
        run(lambda chat: chat.warm(endpoint_at(server.url)), timeouts=QUICK_FIRST)
    run(lambda chat: chat.warm(endpoint_at("http://127.0.0.1:9")), timeouts=QUICK_FIRST)


# -- many at once, and any bytes ------------------------------------------------------------------------


def test_three_streams_at_once_do_not_wait_for_each_other() -> None:
    with FakeServer(tokens(20, 100)) as server:

        async def together(chat: ChatClient) -> list[Outcome]:
            return await asyncio.gather(*(asked(chat, server.url) for _ in range(3)))

        outcomes = run(together)
        assert [outcome.text for outcome in outcomes] == ["word " * 20] * 3


@settings(max_examples=60)
@given(
    st.binary(max_size=80)
    | st.lists(
        st.sampled_from(
            [HELLO, DONE, finish_event(), b"data: {\n\n", b": x\n\n", b"{", b"<", PAGE, b"\xff\xfe"]
        )
    ).map(b"".join),
    st.sampled_from([200, 206, 299, 300, 304, 400, 401, 404, 418, 429, 500, 503, 599]),
)
def test_REL_10_whatever_a_server_says_ends_in_one_state(body: bytes, status: int) -> None:
    outcome = asked_of(reply(status, body))
    assert outcome.error is None or isinstance(outcome.error, ChatError)
    if outcome.error is None:
        assert status < 300
        assert outcome.text.strip()


def test_importing_the_client_loads_neither_certificates_nor_the_demo() -> None:
    script = (
        "import sys, app.api.client; from app.api.client import ChatClient; ChatClient(environment={});"
        "print([name for name in ('truststore', 'app.api.demo', 'PySide6') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_thoughts_of_mistral_come_as_lists() -> None:
    body = (
        event(delta(content=[{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}]))
        + event(delta(content=[{"type": "text", "text": "so"}]))
        + finish_event()
        + DONE
    )
    outcome = asked_of(body_stream(body))
    assert outcome.reply.parts[0] == ThinkingPart("hm")
    assert outcome.text == "so"
