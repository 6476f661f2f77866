"""The offline demo: real bytes, no network, an answer to everything."""

import asyncio
import math
import re
import socket
from typing import Any

import pytest

from app.api.client import ChatClient
from app.api.demo import DemoTransport
from app.api.demo_texts import ANSWERS, DEFAULT, LABEL, TOUR, demo_answer
from app.core.completion import Completion
from app.core.context import ChatRequest, Message
from app.core.conversation import Role
from app.core.parts import TextPart, answer_text
from app.core.provider import DEMO_ENDPOINT, ApiKey
from tests.api.asking import run


def conversation(*texts: str, stream: bool = True) -> ChatRequest:
    roles = (Role.USER, Role.ASSISTANT)
    messages = tuple(Message(roles[at % 2], (TextPart(text),)) for at, text in enumerate(texts))
    return ChatRequest(DEMO_ENDPOINT.default_model, messages, stream=stream)


def told(request: ChatRequest, key: ApiKey | None = None) -> Completion:
    async def listen(chat: ChatClient) -> Completion:
        reply = Completion()
        async for delta in chat.stream(DEMO_ENDPOINT, key, request):
            reply = reply.plus(delta)
        return reply

    reply: Completion = run(listen, make_demo=lambda: DemoTransport(math.inf))
    return reply


@pytest.mark.parametrize("stream", [True, False])
def test_the_first_question_gets_the_tour(stream: bool) -> None:
    reply = told(conversation("hi", stream=stream))
    assert answer_text(reply.parts) == TOUR
    assert (reply.finish_reason, reply.served_model) == ("stop", DEMO_ENDPOINT.default_model)
    assert reply.usage is not None
    assert reply.usage.completion_tokens


def test_the_tour_shows_what_can_be_shown_and_says_what_it_is() -> None:
    assert LABEL in TOUR
    for pattern in (
        r"^## ",
        r"^- ",
        r"^  1\. ",
        r"^\|:--",
        r"^```python",
        r"^```javascript",
        r"^> ",
        r"\]\(https://",
        r"`.+`",
    ):
        assert re.search(pattern, TOUR, re.MULTILINE), pattern


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("hello", "Hello"),
        ("Write some Python code", "```python"),
        ("a table please", "|:--"),
        ("make a list", "1. "),
        ("a long text", "# A wind"),
        ("help", "**hello**"),
        ("How do I get an API key?", "console.mistral.ai"),
        ("keyboard shortcuts?", "Ctrl+N"),
        ("thanks!", "welcome"),
        ("is this private?", "nothing leaves"),
        ("who are you", LABEL),
        ("show me the tour again", "Welcome"),
        ("bye", "Goodbye"),
        ("quote somebody", "> "),
        ("What is 6 × 7?", LABEL),
    ],
)
def test_what_is_typed_chooses_the_answer(question: str, word: str) -> None:
    assert word in answer_text(told(conversation("hi", TOUR, question)).parts)


def test_what_is_not_known_is_answered_plainly() -> None:
    assert demo_answer(["hi", "zzz"]) == DEFAULT
    assert demo_answer([]) == TOUR


def test_every_answer_is_markdown_that_ends() -> None:
    for text in (TOUR, DEFAULT, *(text for _, text in ANSWERS)):
        assert text.endswith("\n")
        assert text.count("```") % 2 == 0
        assert "http://" not in text


def test_no_key_is_shown_to_the_demo_and_no_socket_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    # Python's own function, so that any connection at all would be noticed.
    monkeypatch.setattr(socket.socket, "connect", lambda *arguments: seen.append(arguments))
    told(conversation("hi"), ApiKey("sk-secret-secret-1", DEMO_ENDPOINT.origin))
    assert seen == []


def test_the_demo_lists_its_model_and_passes_the_connection_test() -> None:
    cards = run(lambda chat: chat.models(DEMO_ENDPOINT, None))
    assert [card.model_id for card in cards] == [DEMO_ENDPOINT.default_model]
    assert run(lambda chat: chat.test(DEMO_ENDPOINT, None)).ok
    run(lambda chat: chat.warm(DEMO_ENDPOINT))


def test_the_demo_comes_bit_by_bit() -> None:
    async def first_few(chat: ChatClient) -> int:
        count = 0
        async for delta in chat.stream(DEMO_ENDPOINT, None, conversation("hi")):
            count += bool(delta.parts)
            if count == 3:
                break
        return count

    assert run(first_few, make_demo=lambda: DemoTransport(200.0)) == 3


def test_other_addresses_of_the_demo_are_none() -> None:
    import httpx

    async def get() -> int:
        async with httpx.AsyncClient(transport=DemoTransport()) as browser:
            return (await browser.get("https://demo.invalid/secret")).status_code

    assert asyncio.run(get()) == 404
