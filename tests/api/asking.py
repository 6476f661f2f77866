"""Asks a server through the real client, and keeps what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.api.client import ChatClient, ConnectionReport
from app.api.deadlines import Timeouts
from app.core.completion import Completion, Delta
from app.core.context import ChatRequest, Message
from app.core.conversation import Role
from app.core.errors import ChatError
from app.core.models import ModelCard
from app.core.parts import TextPart, answer_text, thinking_text
from app.core.provider import ApiKey, Endpoint

SECRET = "sk-marked-Zq7Xw93kLmN0pR5t"
WATCHDOG = 60.0  # seconds; nothing here should take a tenth of it
# Each is short in one stage, whose end a test waits for. A machine may be busy: what must not end has all the
# time of the product.
PATIENT = Timeouts()
QUICK_CONNECT = Timeouts(connect=2.5)
QUICK_FIRST = Timeouts(first=0.6, short=1.0)
QUICK_IDLE = Timeouts(idle=0.4, payload=1.2)
QUICK_TAIL = Timeouts(finished=0.3, error_body=0.3)


@dataclass
class Outcome:
    """One try at a completion: what came, and how it ended (`error` None: complete)."""

    deltas: list[Delta] = field(default_factory=list)
    error: ChatError | None = None

    @property
    def reply(self) -> Completion:
        reply = Completion()
        for delta in self.deltas:
            reply = reply.plus(delta)
        return reply

    @property
    def text(self) -> str:
        return answer_text(self.reply.parts)

    @property
    def thinking(self) -> str:
        return thinking_text(self.reply.parts)


def endpoint_at(url: str, model: str = "test-model") -> Endpoint:
    """An endpoint at this base URL."""
    return Endpoint("e1", "Test server", url, model)


def key_for(url: str, secret: str = SECRET) -> ApiKey:
    """A key that was entered for this base URL."""
    return ApiKey(secret, endpoint_at(url).origin)


def question(text: str = "Hello?", **more: Any) -> ChatRequest:
    """A request with one message."""
    return ChatRequest("test-model", (Message(Role.USER, (TextPart(text),)),), **more)


def client(**settings: Any) -> ChatClient:
    """A client that sees no environment but what is given."""
    return ChatClient(**{"environment": {}, **settings})


def run(make: Callable[[ChatClient], Any], **settings: Any) -> Any:
    """Run what `make` returns on a loop and a client of its own, under a watchdog."""

    async def main() -> Any:
        chat = client(**settings)
        try:
            async with asyncio.timeout(WATCHDOG):
                return await make(chat)
        finally:
            await chat.close()

    return asyncio.run(main())


async def asked(
    chat: ChatClient, url: str, request: ChatRequest | None = None, key: ApiKey | None = None
) -> Outcome:
    """Ask once."""
    outcome = Outcome()
    try:
        async for delta in chat.stream(endpoint_at(url), key, request or question()):
            outcome.deltas.append(delta)
    except ChatError as error:
        outcome.error = error
    return outcome


def ask(url: str, request: ChatRequest | None = None, key: ApiKey | None = None, **settings: Any) -> Outcome:
    """Ask once with a client of its own."""
    outcome: Outcome = run(lambda chat: asked(chat, url, request, key), **settings)
    return outcome


def list_models(url: str, key: ApiKey | None = None, **settings: Any) -> tuple[ModelCard, ...]:
    """The models of the server; raises ChatError."""
    cards: tuple[ModelCard, ...] = run(lambda chat: chat.models(endpoint_at(url), key), **settings)
    return cards


def check(
    url: str, key: ApiKey | None = None, model: str = "test-model", **settings: Any
) -> ConnectionReport:
    """The report of a connection test."""
    report: ConnectionReport = run(lambda chat: chat.test(endpoint_at(url, model), key), **settings)
    return report


def system(variables: Mapping[str, str]) -> dict[str, Any]:
    """Settings of a client that follows these environment variables."""
    return {"environment": dict(variables)}
