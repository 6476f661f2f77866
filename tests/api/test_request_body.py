import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.request_body import EndpointMemory, encoded, is_mistral_like, learn, request_data
from app.core.context import ChatRequest, Message
from app.core.conversation import Role
from app.core.parts import DocumentPart, ImagePart, Part, RefusalPart, TextPart, ThinkingPart

MISTRAL = "https://api.mistral.ai/v1/chat/completions"
OTHER = "https://api.example.com/v1/chat/completions"


def data_of(
    *messages: Message, url: str = OTHER, memory: EndpointMemory | None = None, **more: Any
) -> dict[str, Any]:
    return request_data(ChatRequest("m", messages, **more), url, memory or EndpointMemory())


def user(*parts: Part) -> Message:
    return Message(Role.USER, parts)


def test_Q56_only_what_is_set_is_sent_and_never_null() -> None:
    assert data_of(user(TextPart("hi")), stream=False) == {
        "model": "m",
        "messages": [{"role": "user", "content": "hi"}],
        "stream": False,
    }
    full = data_of(user(TextPart("hi")), temperature=0.0, max_tokens=5)
    assert (full["temperature"], full["max_tokens"]) == (0.0, 5)
    assert "null" not in encoded(full).decode()


def test_Q56_messages_have_no_other_keys() -> None:
    data = data_of(
        user(TextPart("a")), Message(Role.ASSISTANT, (ThinkingPart("t"), TextPart("b"))), user(TextPart("c"))
    )
    assert [set(message) for message in data["messages"]] == [{"role", "content"}] * 3


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://api.mistral.ai/v1", True),
        ("https://api.Mistral.com", True),
        ("https://mistral.ai", True),
        ("https://codestral.mistral.ai/v1", True),
        ("https://notmistral.ai/v1", False),
        ("https://mistral.ai.evil.example/v1", False),
        ("http://localhost:11434/v1", False),
    ],
)
def test_Q57_which_hosts_are_strict(url: str, expected: bool) -> None:
    assert is_mistral_like(url) is expected


def test_Q57_stream_options_are_tried_elsewhere_only() -> None:
    assert "stream_options" not in data_of(user(TextPart("hi")), url=MISTRAL)
    assert data_of(user(TextPart("hi")), url=OTHER)["stream_options"] == {"include_usage": True}
    assert "stream_options" not in data_of(user(TextPart("hi")), url=OTHER, stream=False)


def test_Q58_the_name_of_max_tokens_is_learnt_both_ways() -> None:
    memory = EndpointMemory()
    sent = data_of(user(TextPart("hi")), memory=memory, max_tokens=5)
    assert learn(memory, sent, "Use 'max_completion_tokens' instead of 'max_tokens'.")
    sent = data_of(user(TextPart("hi")), memory=memory, max_tokens=5)
    assert sent["max_completion_tokens"] == 5
    assert "max_tokens" not in sent
    assert learn(memory, sent, "extra_forbidden: max_completion_tokens")
    assert data_of(user(TextPart("hi")), memory=memory, max_tokens=5)["max_tokens"] == 5


def test_Q59_the_system_speaks_as_system() -> None:
    data = data_of(Message(Role.SYSTEM, (TextPart("Be brief."),)), user(TextPart("hi")))
    assert data["messages"][0] == {"role": "system", "content": "Be brief."}


def test_thoughts_go_back_to_mistral_and_to_nobody_else() -> None:
    talk = (
        user(TextPart("?")),
        Message(Role.ASSISTANT, (ThinkingPart("hm"), TextPart("so"))),
        user(TextPart("!")),
    )
    assert data_of(*talk, url=MISTRAL)["messages"][1]["content"] == [
        {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]},
        {"type": "text", "text": "so"},
    ]
    assert data_of(*talk, url=OTHER)["messages"][1]["content"] == "so"
    assert b"hm" not in encoded(data_of(*talk, url=OTHER))


def test_thoughts_that_are_refused_are_not_sent_again() -> None:
    talk = (Message(Role.ASSISTANT, (ThinkingPart("hm"), TextPart("so"))), user(TextPart("!")))
    memory = EndpointMemory()
    sent = data_of(*talk, url=MISTRAL, memory=memory)
    assert learn(memory, sent, '{"detail":[{"loc":["body","messages",0,"content"],"msg":"not a string"}]}')
    assert data_of(*talk, url=MISTRAL, memory=memory)["messages"][0]["content"] == "so"
    assert not learn(memory, data_of(*talk, url=MISTRAL, memory=memory), "messages: bad")


def test_Q63_text_alone_is_a_plain_string() -> None:
    assert data_of(user(TextPart("a"), RefusalPart("b"), TextPart("c")))["messages"][0]["content"] == "abc"


def test_Q63_with_other_parts_it_is_a_list() -> None:
    parts = user(TextPart("a"), ImagePart("data:image/png;base64,x"), DocumentPart("https://h/d.pdf", "d"))
    assert data_of(parts)["messages"][0]["content"] == [
        {"type": "text", "text": "a"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,x"}},
        {"type": "document_url", "document_url": "https://h/d.pdf", "document_name": "d"},
    ]


@pytest.mark.parametrize(
    "words", ["temperature must be at most 1.5", "max_tokens is too large: 9", "boom", ""]
)
def test_Q56_of_a_value_that_is_not_liked_the_person_hears(words: str) -> None:
    memory = EndpointMemory()
    sent = data_of(user(TextPart("hi")), url=MISTRAL, temperature=9.0, max_tokens=9)
    assert not learn(memory, sent, words)


@given(st.text(), st.text())
def test_Q42_whatever_was_pasted_can_be_sent(text: str, model: str) -> None:
    broken = text + "\ud83d" + text + "\0\udc00"
    data = request_data(ChatRequest(model + "\ud800", (user(TextPart(broken)),)), OTHER, EndpointMemory())
    assert json.loads(encoded(data)) == data
    assert "\0" not in data["messages"][0]["content"]
