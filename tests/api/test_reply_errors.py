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
    ModelNotFound,
    NoCredit,
    RateLimited,
    StreamFailed,
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


def test_Q47_of_a_page_only_its_title_is_shown() -> None:
    page = (
        "<!DOCTYPE html><html><head><title>x | 524: A timeout &amp; more</title><style>p{}</style>"
        "<script>alert(1)</script></head>"
        "<body><p>Your IP: 203.0.113.9, 2001:db8:1:2:3:4:5:6</p></body></html>"
    )
    details = error_of(524, page).details
    assert details.server_text == "x | 524: A timeout & more"
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
    import json

    assert isinstance(error_of(status, json.dumps(body)), TooLong)
    assert isinstance(error_in_place_of_answer(body, ABOUT), TooLong)


@pytest.mark.parametrize(
    "words",
    [
        "The model `gpt-9` does not exist or you do not have access to it.",
        "model 'x' not found, try pulling it first",
        "Invalid model: x",
        "Unknown model x",
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
