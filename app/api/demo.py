"""The offline demo: a transport that answers requests in this process, with the bytes of a real server."""

from __future__ import annotations

import asyncio
import json
import math
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx

from app.api.demo_texts import demo_answer
from app.core.provider import DEMO_ENDPOINT

TOKENS_PER_SECOND = 60.0
THINKING_SECONDS = 0.35  # before the first token, as even a fast model takes
_TOKEN = re.compile(r"\s*[^\s]{1,6}|\s+$")


class DemoTransport(httpx.AsyncBaseTransport):
    """Answers `/models` and `/chat/completions`; no port is opened and no name is looked up.

    `pace` is in tokens a second; `math.inf` answers at once.
    """

    def __init__(self, pace: float = TOKENS_PER_SECOND) -> None:
        self._pace = pace

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The reply to one request."""
        what = request.url.path.rpartition("/")[2]
        match request.method, what:
            case "HEAD", _:
                return httpx.Response(204, stream=httpx.ByteStream(b""))
            case "GET", "models":
                card = {"id": DEMO_ENDPOINT.default_model, "max_context_length": 32_768}
                return _json(200, {"object": "list", "data": [card]})
            case "POST", "completions":
                return await self._answer(await request.aread())
            case _:
                return _json(404, {"error": {"message": "The demo has no such address."}})

    async def _answer(self, body: bytes) -> httpx.Response:
        asked = json.loads(body)
        messages = [one for one in asked["messages"] if one["role"] == "user"]
        text = demo_answer([_text(one["content"]) for one in messages])
        tokens = _TOKEN.findall(text)
        usage = {
            "prompt_tokens": sum(math.ceil(len(_text(one["content"])) / 4) for one in asked["messages"]),
            "completion_tokens": len(tokens),
        }
        usage["total_tokens"] = sum(usage.values())
        if asked.get("stream"):
            headers = {"Content-Type": "text/event-stream"}
            return httpx.Response(200, headers=headers, stream=_Stream(tokens, usage, self._pace))
        await asyncio.sleep(THINKING_SECONDS if math.isfinite(self._pace) else 0)
        choice = {
            "index": 0,
            "message": {"role": "assistant", "content": text},
            "finish_reason": "stop",
        }
        return _json(200, _chunk("chat.completion", choice, usage=usage))


class _Stream(httpx.AsyncByteStream):
    """The events of one answer, each when it is due by the clock, so that a late one delays no other."""

    def __init__(self, tokens: list[str], usage: dict[str, int], pace: float) -> None:
        self._tokens = tokens
        self._usage = usage
        self._pace = pace

    async def __aiter__(self) -> AsyncIterator[bytes]:
        is_paced = math.isfinite(self._pace)
        loop = asyncio.get_running_loop()
        began = loop.time() + THINKING_SECONDS
        yield _event(_delta({"role": "assistant", "content": ""}))
        for number, token in enumerate(self._tokens):
            rest = began + number / self._pace - loop.time() if is_paced else 0.0
            if rest > 0 or number % 64 == 0:
                await asyncio.sleep(max(rest, 0.0))
            yield _event(_delta({"content": token}))
        yield _event(_delta({}, "stop"))
        yield _event({**_chunk("chat.completion.chunk", usage=self._usage), "choices": []})
        yield b"data: [DONE]\n\n"


def _json(status: int, data: dict[str, Any]) -> httpx.Response:
    # As a stream that nobody has read yet, which is what comes from a network.
    stream = httpx.ByteStream(json.dumps(data).encode())
    return httpx.Response(status, headers={"Content-Type": "application/json"}, stream=stream)


def _delta(delta: dict[str, str], reason: str | None = None) -> dict[str, Any]:
    return _chunk("chat.completion.chunk", {"index": 0, "delta": delta, "finish_reason": reason})


def _chunk(kind: str, *choices: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": "demo",
        "object": kind,
        "model": DEMO_ENDPOINT.default_model,
        "choices": list(choices),
        **more,
    }


def _event(data: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(data)}\n\n".encode()


def _text(content: object) -> str:
    match content:
        case str():
            return content
        case list():
            return "".join(one.get("text", "") for one in content if isinstance(one, dict))
        case _:
            return ""
