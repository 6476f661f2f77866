import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.reply_errors import (
    error_in_place_of_answer,
    error_in_stream,
    error_of_reply,
    not_an_api,
    said_by,
)
from app.core.errors import (
    ChatError,
    ErrorDetails,
    KeyRejected,
    ModelNotFound,
    NoCredit,
    NotAllowed,
    RateLimited,
    RequestRejected,
    ServerProblem,
    StreamFailed,
    TooLarge,
    TooLong,
)
from tests.api.test_reducer import JSON

ABOUT = ErrorDetails(host="h", endpoint="E", target="test-model")


def error_of(status: int, body: bytes | str) -> ChatError:
    raw = body if isinstance(body, bytes) else body.encode()
    return error_of_reply(status, {}, raw, ABOUT, 0.0)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"error": {"message": "boom", "type": "t", "param": None, "code": "c"}}, "boom"),
        ({"object": "error", "message": "boom", "type": "t", "param": None, "code": "1300"}, "boom"),
        ({"detail": [{"type": "missing", "loc": ["body", "model"], "msg": "boom"}]}, "body.model: boom"),
        ({"object": "error", "message": {"detail": [{"loc": ["a", 0], "msg": "boom"}]}}, "a.0: boom"),
        ({"object": "Error", "message": ["boom"], "detail": ["x"], "code": 3001}, "boom"),
        ({"message": "boom", "request_id": "x"}, "boom"),
        ({"detail": "boom"}, "boom"),
        ({"error": "boom"}, "boom"),
        ({"error": {"code": 1, "error": "boom"}}, "boom"),
        ({"error": {"message": {"text": 1, "msg": "boom"}}}, "boom"),
        ({"status": "failure", "message": "boom"}, "boom"),
        ({"html-message": "boom"}, "boom"),
        ({"status": 429, "error": "INSUFFICIENT QUOTA", "message": "boom"}, "boom"),
        ({"errors": [{"message": "boom"}, {"message": "bang"}]}, "boom; bang"),
        ({"error_description": "boom"}, "boom"),
        ({"title": "boom"}, "boom"),
        (
            {
                "error": {
                    "message": "Provider returned error",
                    "metadata": {"raw": '{"error":{"message":"boom"}}'},
                }
            },
            "boom",
        ),
        ({"error": {"message": '{"error":{"message":"boom"}}'}}, "boom"),
        ([{"error": {"message": "boom"}}], "boom"),
        ({"error": None}, ""),
        ({"error": [1, 2]}, ""),
        ({"error": 7}, ""),
        ({}, ""),
    ],
)
def test_Q45_Q46_the_servers_own_words_in_every_shape(body: Any, words: str) -> None:
    assert said_by(body).text == words


REFUSED = "E did not accept the request."
WRONG_KEY = "E did not accept your key."
PAUSE = "E asks for a pause: too many requests right now."


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
        (402, {"error": {"message": "No"}}, NoCredit, "Your account at E has no credit left."),
        (403, {"message": "No"}, NotAllowed, "E does not allow this with your key."),
        (413, "No", TooLarge, "The message is too large for E."),
        (
            429,
            {"object": "error", "message": "No", "code": "1300", "raw_status_code": 429},
            RateLimited,
            PAUSE,
        ),
        (429, {"message": "No"}, RateLimited, PAUSE),
        (429, {"status": 429, "error": "INSUFFICIENT QUOTA", "message": "No"}, RateLimited, PAUSE),
        (500, "No", ServerProblem, "E has a problem of its own (status 500)."),
        (
            503,
            {"error": {"message": "No", "code": 503}},
            ServerProblem,
            "E has a problem of its own (status 503).",
        ),
    ],
)
def test_Q45_Q46_every_shape_of_an_error_is_one_sentence(
    status: int, body: Any, kind: type[ChatError], told: str
) -> None:
    error = error_of(status, body if isinstance(body, str) else json.dumps(body))
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
    assert error_of(422, json.dumps({"detail": detail})).details.server_text == said


@pytest.mark.parametrize("value", [None, [], {}, 5, True, "", [None], {"error": []}])
def test_Q46_an_error_of_any_json_type_is_told_by_its_status(value: Any) -> None:
    error = error_of(400, json.dumps({"error": value}))
    assert type(error) is RequestRejected
    assert str(error).startswith(REFUSED)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"error": {"message": "x", "code": "401"}}, "401"),
        ({"error": {"message": "x", "code": 500}}, "500"),
        ({"object": "error", "message": "x", "code": "1300"}, "1300"),
        ({"error": "INSUFFICIENT QUOTA", "message": "x"}, "INSUFFICIENT QUOTA"),
        ([{"error": {"message": "x", "code": 429}}], "429"),
    ],
)
def test_Q46_codes_are_words(body: Any, code: str) -> None:
    assert said_by(body).code == code


def test_Q46_plain_text_under_any_content_type() -> None:
    assert error_of(404, "Not Found").details.server_text == "Not Found"
    assert error_of(500, "Internal Server Error").details.server_text == "Internal Server Error"
    assert error_of(500, 'data: {"error":{"message":"boom"}}\n\n').details.server_text == "boom"


@pytest.mark.parametrize("status", [502, 503, 504, 520, 522, 524, 527])
def test_Q47_of_a_page_only_its_title_is_shown(status: int) -> None:
    page = (
        f"<!DOCTYPE html><html><head><title>x | {status}: A timeout &amp; more</title><style>p{{}}</style>"
        "<script>alert(1)</script></head>"
        "<body><p>Your IP: 203.0.113.9, 2001:db8:1:2:3:4:5:6</p></body></html>"
    )
    error = error_of(status, page)
    details = error.details
    assert type(error) is ServerProblem
    assert (details.status, details.server_text) == (status, f"x | {status}: A timeout & more")
    assert "203.0.113.9" not in details.raw
    assert "2001:db8" not in details.raw
    assert "alert" not in details.raw
    assert "<" not in details.raw
    assert not_an_api(page.encode(), ABOUT, 200).details.server_text == details.server_text
    assert error_of(502, "<html><title>" * 9000 + "x").details.server_text == ""


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"code": "context_length_exceeded", "message": "x"}},
        {"error": {"code": 400, "type": "exceed_context_size_error", "n_prompt_tokens": 9, "n_ctx": 8}},
        {"error": "Context size has been exceeded."},
        {"message": "This model's maximum context length is 32768 tokens. However, you requested 40000"},
        {"message": "Prompt is too long: 9 tokens > 8 maximum"},
        {"message": "Prompt contains 40000 tokens, too large for model with 32768 maximum context length"},
    ],
)
@pytest.mark.parametrize("status", [400, 413, 422, 500])
def test_Q55_a_chat_that_is_too_long(body: Any, status: int) -> None:
    error = error_of(status, json.dumps(body))
    assert isinstance(error, TooLong)
    assert str(error).startswith("This chat is too long for the model.")
    assert isinstance(error_in_place_of_answer(body, ABOUT), TooLong)


@pytest.mark.parametrize(
    "words",
    [
        "The model `gpt-9` does not exist or you do not have access to it.",
        "model 'x' not found, try pulling it first",
        "Invalid model: x",
        "Unknown model x",
        "The model x was retired",
        "The requested model is not supported.",
    ],
)
@pytest.mark.parametrize("status", [400, 404])
def test_Q64_a_model_that_is_not_there(words: str, status: int) -> None:
    assert isinstance(error_of(status, f'{{"error":{{"message":"{words}"}}}}'), ModelNotFound)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Service tier capacity exceeded for this model", RateLimited),
        ("Requests rate limit exceeded", RateLimited),
        ("", RateLimited),
        ("Your credit balance is too low", NoCredit),
        ("Please check your plan and billing details", NoCredit),
    ],
)
def test_Q51_what_waiting_mends_and_what_it_does_not(words: str, kind: type[ChatError]) -> None:
    assert type(error_of(429, f'{{"message":"{words}"}}')) is kind


@pytest.mark.parametrize(
    "words", ["Incorrect API key provided", "API key not valid. Please pass a valid API key."]
)
def test_a_wrong_key_under_400_is_a_wrong_key(words: str) -> None:
    assert error_of(400, f'{{"error":{{"message":"{words}"}}}}').code == "key_rejected"


def test_an_error_in_mid_answer_is_one_kind() -> None:
    assert isinstance(error_in_stream({"error": {"message": "x", "code": 429}}, ABOUT), StreamFailed)


@given(JSON)
def test_no_json_makes_the_extractor_fail(body: Any) -> None:
    said = said_by(body)
    assert len(said.text) <= 500
    said.text.encode()
    failure = body if isinstance(body, dict) else {"error": body}
    for error in (error_in_stream(failure, ABOUT), error_in_place_of_answer(failure, ABOUT)):
        repr(error.details).encode()
        assert len(error.details.raw) <= 4096


@given(
    st.integers(300, 599),
    st.binary(max_size=300) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace")),
)
def test_no_bytes_make_the_extractor_fail(status: int, body: bytes) -> None:
    error = error_of(status, body)
    assert error.details.status == status
    assert error.to_data()
    assert str(error)
    str(error).encode()
