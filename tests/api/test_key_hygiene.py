"""The key is sent to its origin in one header, and stands nowhere else (wire.md Q74, SEC-06, SEC-14)."""

import base64
import logging
import traceback
from typing import Any
from urllib.parse import quote

import pytest

from app.api.client import ChatClient
from app.api.redaction import without_key
from app.core.errors import BadKey, ChatError, ErrorDetails, KeyNeeded, RequestRejected
from app.core.provider import ApiKey, entered_key
from tests.api.asking import (
    QUICK_FIRST,
    SECRET,
    Outcome,
    ask,
    check,
    endpoint_at,
    key_for,
    list_models,
    question,
    run,
)
from tests.servers.fake_server import (
    Exchange,
    FakeServer,
    body_stream,
    event,
    hang_up,
    partial_stream,
    raw,
    redirect,
    reply,
    reset,
    silence,
    stream,
    text_event,
)

SPELLINGS = (
    SECRET,
    f"Bearer {SECRET}",
    quote(SECRET, safe=""),
    SECRET.encode().hex(),
    *(base64.b64encode(b"k" * lead + SECRET.encode()).decode() for lead in range(3)),
)
TELLTALES = (SECRET, SECRET[5:25], SECRET.encode().hex(), base64.b64encode(SECRET.encode()).decode()[:-4])


def all_text(error: BaseException) -> str:
    """Everything that anybody could print of an exception, its causes with their traces included."""
    details = repr(getattr(error, "details", ""))
    data = repr(error.to_data()) if isinstance(error, ChatError) else ""
    return "".join([str(error), repr(error), details, data, *traceback.format_exception(error)])


@pytest.mark.parametrize(
    "typed",
    [
        f"  {SECRET}\n",
        f"Bearer {SECRET}",
        f"bearer  {SECRET} ",
        f'"{SECRET}"',
        f"\ufeff{SECRET}",
        f"\u200b{SECRET}\u200b",
        f"\ufeff{SECRET}\r\n",
    ],
)
def test_Q74_what_is_pasted_around_a_key_goes(typed: str) -> None:
    with FakeServer() as server:
        assert ask(server.url, key=entered_key(typed, endpoint_at(server.url).origin)).error is None
        assert server.requests[0].header("authorization") == f"Bearer {SECRET}"


@pytest.mark.parametrize(
    "secret", ["", f"{SECRET}\n", "a\nb", "a b", "schlüssel", "a\x00b", "a\r\nX-Evil: 1", "🔑"]
)
def test_Q74_what_can_be_no_key_is_never_sent(secret: str) -> None:
    with FakeServer() as server:
        error = ask(server.url, key=key_for(server.url, secret)).error
        assert isinstance(error, BadKey)
        assert server.seen == 0
        assert not secret or secret not in all_text(error)


def test_Q74_no_key_no_header() -> None:
    with FakeServer() as server:
        assert ask(server.url).error is None
        names = {name for name, _ in server.requests[0].headers}
        assert not names & {"authorization", "x-api-key", "api-key", "cookie"}


def test_SEC_06_a_key_for_another_origin_is_not_sent() -> None:
    with FakeServer() as server:
        for other in (
            "http://127.0.0.1:1/v1",
            f"http://localhost:{server.port}/v1",
            "https://api.mistral.ai/v1",
        ):
            error = ask(server.url, key=key_for(other)).error
            assert isinstance(error, KeyNeeded)
        assert server.seen == 0


def test_SEC_06_the_key_stands_in_one_header_and_nowhere_else() -> None:
    with FakeServer() as server:
        ask(server.url, key=key_for(server.url))
        (request,) = server.requests
        holders = [name for name, value in request.headers if SECRET in value]
        assert holders == ["authorization"]
        assert SECRET not in request.path + request.body.decode()


def echo(status: int) -> Any:
    """Says back all that it was told, in every spelling, in the head and in the body."""

    def play(exchange: Exchange) -> None:
        told = " ".join(SPELLINGS)
        body = {"error": {"message": f"bad key {told}", "code": SECRET, "type": told}, "headers": told}
        reply(status, body, f"X-Echo: {SECRET}", f"X-Request: Bearer {SECRET}")(exchange)

    return play


FAULTS: dict[str, Any] = {
    **{f"echo under {status}": echo(status) for status in (200, 400, 401, 403, 404, 429, 500)},
    "echo in a page": reply(502, f"<html><title>{SECRET}</title><body>Bearer {SECRET}</body>"),
    "echo in place of an answer": reply(200, f"<html><title>{SECRET}</title><body>{SECRET}</body>"),
    "echo in a stream": body_stream(text_event("x") + event({"error": {"message": " ".join(SPELLINGS)}})),
    "echo before text": body_stream(event({"error": {"message": " ".join(SPELLINGS), "code": SECRET}})),
    "echo as text": reply(200, f"you said {SECRET}"),
    "echo in a redirect": redirect(307, f"http://{SECRET}.example/{SECRET}"),
    "echo in an encoding": reply(200, "x", f"Content-Encoding: {SECRET}"),
    "echo in the reason": raw(f"HTTP/1.1 400 {SECRET}\r\nContent-Length: 0\r\n\r\n".encode()),
    "echo as garbage": raw(f"{SECRET}\r\n\r\n".encode()),
    "echo in a bad header": raw(f"HTTP/1.1 200 OK\r\n{SECRET}: \x00\r\n\r\n".encode()),
    "silence": silence,
    "reset": reset,
    "hang up": hang_up,
    "cut": partial_stream(text_event("x")),
    "well": stream("fine"),
}


@pytest.mark.parametrize("script", FAULTS.values(), ids=FAULTS)
def test_SEC_14_the_key_and_the_question_stand_in_no_error_and_no_log(
    script: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    marked = "marked-question-4711"
    with FakeServer(script) as server:
        key = key_for(server.url)
        outcome = ask(server.url, question(marked), key, timeouts=QUICK_FIRST)
        texts = [all_text(outcome.error)] if outcome.error is not None else []
        try:
            list_models(server.url, key, timeouts=QUICK_FIRST)
        except ChatError as error:
            texts.append(all_text(error))
        report = check(server.url, key, timeouts=QUICK_FIRST)
        texts.append(repr(report) + (all_text(report.error) if report.error else ""))
    logged = "\n".join(logging.Formatter().format(record) + repr(record.args) for record in caplog.records)
    for text in (*texts, logged):
        for telltale in TELLTALES:
            assert telltale not in text
        assert marked not in text


def test_SEC_14_a_wrong_name_in_the_address_tells_no_key(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for url in ("http://no-such-name.invalid/v1?key=hidden-4711", "http://127.0.0.1:9/v1?key=hidden-4711"):
        outcome: Outcome = ask(url, key=key_for(url), timeouts=QUICK_FIRST)
        assert outcome.error is not None
        assert SECRET not in all_text(outcome.error)
        assert "hidden-4711" not in str(outcome.error) + repr(outcome.error.details)
    assert "hidden-4711" not in caplog.text
    assert SECRET not in caplog.text


def test_what_looks_like_a_key_goes_too() -> None:
    words = "Incorrect API key provided: sk-abcdefghij123. Header: Bearer eyJhbGciOi.x.y"
    error = without_key(RequestRejected(ErrorDetails(server_text=words, raw=words)), None)
    for text in (error.details.server_text, error.details.raw):
        assert "sk-abc" not in text
        assert "eyJ" not in text
        assert "Incorrect API key" in text


def test_a_short_key_tears_no_holes() -> None:
    error = RequestRejected(ErrorDetails(server_text="a banana"))
    assert without_key(error, ApiKey("a", "http://h:80")).details.server_text == "a banana"


def test_the_key_is_no_part_of_what_a_client_shows_of_itself() -> None:
    with FakeServer() as server:

        async def shown(chat: ChatClient) -> str:
            async for _ in chat.stream(endpoint_at(server.url), key_for(server.url), question()):
                pass
            return repr(chat) + repr(vars(chat))

        assert SECRET not in run(shown)
