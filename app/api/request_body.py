"""From a `ChatRequest` to the JSON that an endpoint accepts: the least, and less where it refused (Q56)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from app.api.text_channels import clean
from app.core.context import ChatRequest, Message
from app.core.parts import (
    DocumentPart,
    ImagePart,
    Part,
    RefusalPart,
    TextPart,
    ThinkingPart,
    answer_text,
)

_NOT_KNOWN = re.compile(
    r"extra|unexpected|unknown|unrecogni[sz]ed|unsupported|not support|not permitted|not allowed"
)


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
        "model": clean(request.model),
        "messages": [_message(one, replays_thoughts=replays_thoughts) for one in request.messages],
        "stream": request.stream,
    }
    if request.stream and not is_mistral_like(url) and "stream_options" not in memory.refused:
        data["stream_options"] = {"include_usage": True}
    if request.max_tokens is not None:
        data[memory.max_tokens] = request.max_tokens
    if request.temperature is not None and "temperature" not in memory.refused:
        data["temperature"] = request.temperature
    return data


def encoded(data: dict[str, Any]) -> bytes:
    """The body's bytes."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def learn(memory: EndpointMemory, sent: dict[str, Any], words: str) -> bool:
    """Remember what of `sent` a refusal says is not known; True where asking again without it makes sense.

    What the person set is dropped only where the server doesn't know the field at all: of a value that it
    doesn't like the person must hear.
    """
    words = words.lower()
    if "max_completion_tokens" in words and "max_tokens" in sent:
        memory.max_tokens = "max_completion_tokens"
        return True
    if "max_completion_tokens" in words and "max_completion_tokens" in sent:
        memory.max_tokens = "max_tokens"
        return True
    refused = set[str]()
    if "stream_options" in sent and ("stream_options" in words or "include_usage" in words):
        refused.add("stream_options")
    if "temperature" in sent and "temperature" in words and _NOT_KNOWN.search(words):
        refused.add("temperature")
    if _replays_thoughts(sent) and re.search(r"thinking|content|messages?\b", words):
        refused.add("thinking")
    memory.refused |= refused
    return bool(refused)


def _replays_thoughts(sent: dict[str, Any]) -> bool:
    return any(
        part.get("type") == "thinking"
        for message in sent["messages"]
        if isinstance(message["content"], list)
        for part in message["content"]
    )


def _message(message: Message, *, replays_thoughts: bool) -> dict[str, Any]:
    parts = tuple(part for part in message.parts if replays_thoughts or not isinstance(part, ThinkingPart))
    if all(isinstance(part, TextPart | RefusalPart) for part in parts):
        # A plain string is what every server understands (wire.md Q63).
        content: str | list[dict[str, Any]] = clean(answer_text(parts))
    else:
        content = [data for part in parts if (data := _part(part)) is not None]
    return {"role": message.role.value, "content": content}


def _part(part: Part) -> dict[str, Any] | None:
    match part:
        case TextPart(text) | RefusalPart(text):
            return {"type": "text", "text": clean(text)}
        case ThinkingPart(text):
            return {"type": "thinking", "thinking": [{"type": "text", "text": clean(text)}]}
        case ImagePart(url):
            return {"type": "image_url", "image_url": {"url": url}}
        case DocumentPart(url, name):
            named = {"document_name": clean(name)} if name else {}
            return {"type": "document_url", "document_url": url, **named}
        case _:
            return None
