"""Token counts out of whatever object a server counts in (wire.md Q39, §10.2)."""

from __future__ import annotations

from typing import Any

from app.api.content import as_json
from app.core.usage import Usage

MAX_EXTRA = 4096  # characters of the server's further figures
_LARGEST = 2**53


def usage_in(chunk: dict[str, Any]) -> Usage | None:
    """The usage in a chunk or a completion, wherever it is; None where none is or where all is zero."""
    choices = chunk.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    for holder in (chunk, first, chunk.get("x_groq")):
        if isinstance(holder, dict) and isinstance(data := holder.get("usage"), dict):
            return _usage(data)
    return None


def _usage(data: dict[str, Any]) -> Usage | None:
    rest = dict(data)
    prompt = _count(_first(rest, "prompt_tokens", "input_tokens"))
    completion = _count(_first(rest, "completion_tokens", "output_tokens"))
    if not prompt and not completion:
        return None
    details = _dict(
        data.get("prompt_tokens_details")
        or data.get("prompt_token_details")
        or data.get("input_tokens_details")
    )
    cached = _first(details, "cached_tokens")
    if cached is None:
        cached = _first(rest, "num_cached_tokens", "prompt_cache_hit_tokens")
    thought = _dict(data.get("completion_tokens_details") or data.get("output_tokens_details"))
    extra = as_json(rest) if rest else ""
    return Usage(
        prompt_tokens=prompt,
        completion_tokens=completion,
        cached_tokens=_count(cached),
        reasoning_tokens=_count(thought.get("reasoning_tokens")),
        extra=extra if len(extra) <= MAX_EXTRA else "",
    )


def _first(data: dict[str, Any], *names: str) -> Any:
    found = None
    for name in names:
        value = data.pop(name, None)
        found = value if found is None else found
    return found


def _dict(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, dict) else {}


def _count(value: Any) -> int | None:
    match value:
        case bool():
            return None
        case int() | float() if 0 <= value <= _LARGEST:
            return int(value)
        case _:
            return None
