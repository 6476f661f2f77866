"""What a message's content holds, in every form that servers give it, as parts (wire.md Q31, Q32, Q36)."""

from __future__ import annotations

import json
from typing import Any

from app.core.parts import (
    DocumentPart,
    ImagePart,
    Part,
    ReferencePart,
    RefusalPart,
    TextPart,
    ThinkingPart,
    UnknownPart,
)

MAX_DEPTH = 16
_REASONING_FIELDS = ("reasoning_content", "reasoning", "thinking", "reasoning_details")


def parts_of(content: Any) -> list[Part]:
    """The parts of a `content` field: a string, a list of chunks, or one chunk; anything else is nothing."""
    match content:
        case str():
            return [TextPart(content)] if content else []
        case list():
            return [part for one in content for part in _chunk(one)]
        case dict():
            return _chunk(content)
        case _:
            return []


def reasoning_of(message: dict[str, Any]) -> str:
    """The thought in a delta or message: the first field that holds text, never two, for they repeat."""
    return next((text for name in _REASONING_FIELDS if (text := plain_text(message.get(name)))), "")


def plain_text(value: Any, depth: int = 0) -> str:
    """The text in a string, a list of chunks or a chunk, however nested."""
    if depth > MAX_DEPTH:
        return ""
    match value:
        case str():
            return value
        case list():
            return "".join(plain_text(one, depth + 1) for one in value)
        case {"type": "reference" | "tool_reference"}:
            return ""
        case dict():
            return next(
                (
                    text
                    for name in ("text", "thinking", "content", "summary")
                    if (text := plain_text(value.get(name), depth + 1))
                ),
                "",
            )
        case _:
            return ""


def _chunk(chunk: Any) -> list[Part]:
    match chunk:
        case str():
            return [TextPart(chunk)] if chunk else []
        case {"type": "text" | "output_text" | "input_text", "text": str(text)}:
            return [TextPart(text)] if text else []
        case {"type": "thinking" | "reasoning"}:
            text = plain_text(chunk)
            return [ThinkingPart(text)] if text else []
        case {"type": "refusal", "refusal": str(text)}:
            return [RefusalPart(text)] if text else []
        case {"type": "reference", "reference_ids": list(ids)}:
            return [ReferencePart(tuple(str(one) for one in ids if isinstance(one, str | int)))]
        case {"type": "image_url", "image_url": str(url) | {"url": str(url)}}:
            return [ImagePart(url)]
        case {"type": "document_url", "document_url": str(url)}:
            name = chunk.get("document_name")
            return [DocumentPart(url, name if isinstance(name, str) else "")]
        case {"text": str(text), **rest} if "type" not in rest:
            return [TextPart(text)] if text else []
        case dict():
            return [UnknownPart(as_json(chunk))] if chunk else []
        case _:
            return []


def as_json(value: Any) -> str:
    """`value`, which came out of JSON, as JSON again; ASCII, so that no half character is in it."""
    try:
        return json.dumps(value)
    except (ValueError, RecursionError):
        return ""
