"""From a `ChatRequest` to the JSON that an endpoint accepts: the least, and less where it refused (Q56)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from app.core.context import ChatRequest, Message
from app.core.parts import (
    DocumentPart,
    ImagePart,
    Part,
    RefusalPart,
    TextPart,
    ThinkingPart,
)

OPTIONAL_FIELDS = ("stream_options", "max_tokens", "temperature")


@dataclass(slots=True)
class EndpointMemory:
    """What one endpoint taught us. `prefix` is the address that answered last; `refused` are fields that it
    refused, "thinking" for thoughts in messages; `max_tokens` is its name for that field.
    """

    prefix: str | None = None
    refused: set[str] = field(default_factory=set)
    max_tokens: str = "max_tokens"


def is_mistral_like(url: str) -> bool:
    """True for hosts that refuse every field they don't know, and know content lists (wire.md Q57, §10)."""
    host = (urlsplit(url).hostname or "").lower()
    return any(host == name or host.endswith(f".{name}") for name in ("mistral.ai", "mistral.com"))


def request_data(request: ChatRequest, url: str, memory: EndpointMemory) -> dict[str, Any]:
    """The body of the request to `url` as a JSON object."""
    replays_thoughts = is_mistral_like(url) and "thinking" not in memory.refused
    data: dict[str, Any] = {
        "model": request.model,
        "messages": [_message(one, replays_thoughts=replays_thoughts) for one in request.messages],
        "stream": request.stream,
    }
    if request.stream and not is_mistral_like(url) and "stream_options" not in memory.refused:
        data["stream_options"] = {"include_usage": True}
    if request.max_tokens is not None and "max_tokens" not in memory.refused:
        data[memory.max_tokens] = request.max_tokens
    if request.temperature is not None and "temperature" not in memory.refused:
        data["temperature"] = request.temperature
    return data


def encoded(data: dict[str, Any]) -> bytes:
    """The body's bytes. What no UTF-8 can hold becomes U+FFFD (wire.md Q42)."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def learn(memory: EndpointMemory, sent: dict[str, Any], words: str) -> bool:
    """Remember which field of `sent` a refusal names; True where asking again without it makes sense."""
    words = words.lower()
    if memory.max_tokens in sent and memory.max_tokens == "max_tokens" and "max_completion_tokens" in words:
        memory.max_tokens = "max_completion_tokens"
        return True
    if memory.max_tokens in sent and memory.max_tokens != "max_tokens" and memory.max_tokens in words:
        memory.max_tokens = "max_tokens"
        memory.refused.add("max_tokens")
        return True
    # A server that refuses the option may name the option's own field.
    named = [name for name in OPTIONAL_FIELDS if name in sent and name in words]
    if "stream_options" in sent and "include_usage" in words and "stream_options" not in named:
        named.append("stream_options")
    sends_thoughts = any(isinstance(one["content"], list) for one in sent["messages"])
    if sends_thoughts and "thinking" in words and "thinking" not in memory.refused:
        named.append("thinking")
    memory.refused.update(named)
    return bool(named)


def _message(message: Message, *, replays_thoughts: bool) -> dict[str, Any]:
    parts = tuple(part for part in message.parts if replays_thoughts or not isinstance(part, ThinkingPart))
    if all(isinstance(part, TextPart | RefusalPart) for part in parts):
        content: str | list[dict[str, Any]] = "".join(
            part.text for part in parts if isinstance(part, TextPart | RefusalPart)
        )
    else:
        content = [data for part in parts if (data := _part(part)) is not None]
    return {"role": message.role.value, "content": content}


def _part(part: Part) -> dict[str, Any] | None:
    match part:
        case TextPart(text) | RefusalPart(text):
            return {"type": "text", "text": text}
        case ThinkingPart(text):
            return {"type": "thinking", "thinking": [{"type": "text", "text": text}]}
        case ImagePart(url):
            return {"type": "image_url", "image_url": {"url": url}}
        case DocumentPart(url, name):
            return {"type": "document_url", "document_url": url, **({"document_name": name} if name else {})}
        case _:
            return None
