"""What servers say of errors, in all its shapes, against a real server."""

from typing import Any

import pytest

from app.core.errors import (
    AddressNotFound,
    ChatError,
    KeyRejected,
    ModelNotFound,
    NoCredit,
    NotAllowed,
    NotAnApi,
    RateLimited,
    RequestRejected,
    ServerProblem,
    StreamFailed,
    TooLarge,
    TooLong,
)
from tests.api.asking import ask, key_for
from tests.servers.fake_server import (
    FakeServer,
    Script,
    body_stream,
    event,
    finish_event,
    reply,
    text_event,
)


def error_of(script: Script, **settings: Any) -> ChatError:
    """The error that asking this server with a key ends with."""
    with FakeServer(script) as server:
        error = ask(server.url, key=key_for(server.url), **settings).error
    assert error is not None
    return error


# -- shapes of errors -----------------------------------------------------------------------------------

REFUSED = "Test server did not accept the request."
WRONG_KEY = "Test server did not accept your key."
PAUSE = "Test server asks for a pause: too many requests right now."
LONG = "This chat is too long for the model."


@pytest.mark.parametrize(
    ("status", "body", "kind", "told"),
    [
        (
            400,
            {"error": {"message": "No", "type": "t", "param": None, "code": None}},
            RequestRejected,
            REFUSED,
        ),
        (400, {"error": "No"}, RequestRejected, REFUSED),
        (400, {"error": {"message": {"detail": "No"}}}, RequestRejected, REFUSED),
        (400, {"error": {"code": 400, "error": "No"}}, RequestRejected, REFUSED),
        (400, {"status": "failure", "message": "No"}, RequestRejected, REFUSED),
        (400, {"html-message": "No"}, RequestRejected, REFUSED),
        (400, {"detail": "No"}, RequestRejected, REFUSED),
        (400, [{"error": {"message": "No"}}], RequestRejected, REFUSED),
        (400, {"errors": ["No"]}, RequestRejected, REFUSED),
        (422, {"object": "error", "message": {"detail": "No"}}, RequestRejected, REFUSED),
        (422, {"object": "Error", "message": ["No"], "detail": [1], "code": 3001}, RequestRejected, REFUSED),
        (401, {"message": "No", "request_id": "x"}, KeyRejected, WRONG_KEY),
        (401, {"detail": "No"}, KeyRejected, WRONG_KEY),
        (400, {"error": {"message": "No", "code": "invalid_api_key"}}, KeyRejected, WRONG_KEY),
        (402, {"error": {"message": "No"}}, NoCredit, "Your account at Test server has no credit left."),
        (403, {"message": "No"}, NotAllowed, "Test server does not allow this with your key."),
        (413, "No", TooLarge, "The message is too large for Test server."),
        (
            429,
            {"object": "error", "message": "No", "code": "1300", "raw_status_code": 429},
            RateLimited,
            PAUSE,
        ),
        (429, {"message": "No"}, RateLimited, PAUSE),
        (429, {"status": 429, "error": "INSUFFICIENT QUOTA", "message": "No"}, RateLimited, PAUSE),
        (500, "No", ServerProblem, "Test server has a problem of its own (status 500)."),
        (
            503,
            {"error": {"message": "No", "code": 503}},
            ServerProblem,
            "Test server has a problem of its own (status 503).",
        ),
    ],
)
def test_Q45_Q46_every_shape_of_an_error_is_one_sentence(
    status: int, body: Any, kind: type[ChatError], told: str
) -> None:
    error = error_of(reply(status, body))
    assert type(error) is kind
    assert str(error) == f"{told} It said: No"


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        (
            [{"type": "missing", "loc": ["body", "model"], "msg": "Field required"}],
            "body.model: Field required",
        ),
        ([{"msg": "a"}, {"msg": "b"}], "a; b"),
        (
            "Unexpected fields in the request: {'safe_prompt'}",
            "Unexpected fields in the request: {'safe_prompt'}",
        ),
        ("one\n two\u202e\x00", "one two"),
    ],
)
def test_Q45_the_details_of_a_refusal_are_one_line(detail: Any, said: str) -> None:
    assert error_of(reply(422, {"detail": detail})).details.server_text == said


@pytest.mark.parametrize("value", [None, [], {}, 5, True, "", [None], {"error": []}])
def test_Q46_an_error_of_any_json_type_is_told_by_its_status(value: Any) -> None:
    error = error_of(reply(400, {"error": value}))
    assert type(error) is RequestRejected
    assert str(error).startswith(REFUSED)


def test_Q46_plain_text_under_the_name_of_json_is_a_sentence() -> None:
    error = error_of(reply(404, "Not Found", "Content-Type: application/json"))
    assert str(error) == f"There is no chat API at this address of {error.details.host}. It said: Not Found"
    assert type(error) is AddressNotFound


@pytest.mark.parametrize("status", [502, 503, 504, 520, 522, 524, 527])
def test_Q47_a_page_of_a_gateway_is_its_title_and_status(status: int) -> None:
    page = (
        f"<!DOCTYPE html>\n<html><head><title>x | {status}: A timeout &amp; more</title>"
        f"<script>alert('hi')</script></head><body>Your IP: 203.0.113.9</body></html>"
    )
    error = error_of(reply(status, page))
    assert type(error) is ServerProblem
    assert error.details.status == status
    assert error.details.server_text == f"x | {status}: A timeout & more"
    assert not any(word in error.details.raw for word in ("<", "203.0.113.9", "alert"))


def test_Q47_a_page_in_place_of_an_api_names_the_host() -> None:
    error = error_of(reply(200, "\n <html><title>Welcome</title></html>"))
    assert type(error) is NotAnApi
    assert str(error).endswith("answered with a web page, not with an answer of a chat API. It said: Welcome")


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


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (429, {"error": {"type": "insufficient_quota", "message": "x"}}, NoCredit),
        (429, {"message": "Please check your plan and billing details"}, NoCredit),
        (429, {"message": "Service tier capacity exceeded", "code": "3505"}, RateLimited),
        (429, {"error": {"type": "rate_limited", "message": "x"}}, RateLimited),
        (429, "", RateLimited),
    ],
)
def test_Q51_a_quota_is_no_pause(status: int, body: Any, kind: type[ChatError]) -> None:
    assert type(error_of(reply(status, body))) is kind


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("Retry-After: 1.5", 1.5),
        ("retry-after-ms: 250", 0.25),
        ("Retry-After: Sun, 22 Nov 2020 10:00:00 GMT", 0.0),
        ("Retry-After: 114h18m", 411_480.0),
        ("Retry-After: soon", None),
        ("x-ratelimit-reset-tokens: 6m0s", 360.0),
    ],
)
def test_Q52_the_asked_pause_comes_through_in_seconds(header: str, seconds: float | None) -> None:
    assert error_of(reply(429, "", header)).details.retry_after == seconds


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"error": {"message": "x", "code": "context_length_exceeded"}}),
        (
            400,
            {"error": {"code": 400, "type": "exceed_context_size_error", "n_prompt_tokens": 9, "n_ctx": 8}},
        ),
        (500, {"error": "Context size has been exceeded"}),
        (400, {"message": "Prompt contains 9 tokens, too large for model with 8 maximum context length"}),
        (200, {"error": "Context size has been exceeded"}),
    ],
)
def test_Q55_what_the_model_cannot_hold_is_told_as_such(status: int, body: Any) -> None:
    error = error_of(reply(status, body))
    assert type(error) is TooLong
    assert str(error).startswith(LONG)


def test_Q64_a_retired_model_is_named() -> None:
    error = error_of(reply(404, {"message": "The model test-model was retired", "type": "invalid_model"}))
    assert type(error) is ModelNotFound
    assert str(error).startswith("Test server does not offer the model test-model.")
