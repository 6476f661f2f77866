"""Token counts out of whatever a server counts in, wherever it puts them (wire.md Q39, §10.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.api.lenient_json import dumped
from app.core.usage import Usage

MAX_EXTRA = 4096  # characters of a server's further figures
_LARGEST = 2**53


def usage_in(chunk: Mapping[str, Any], choice: Mapping[str, Any]) -> Usage | None:
    """The counts in a chunk, of which `choice` is the shown choice; None where none are, or all are zero."""
    for holder in (chunk, choice, chunk.get("x_groq")):
        if isinstance(holder, dict) and isinstance(data := holder.get("usage"), dict):
            usage = _usage(data)
            if usage is not None:
                return usage
    return None


def _usage(data: Mapping[str, Any]) -> Usage | None:
    prompt = _count(data.get("prompt_tokens", data.get("input_tokens")))
    completion = _count(data.get("completion_tokens", data.get("output_tokens")))
    if not prompt and not completion:
        return None
    details = _dict(data.get("prompt_tokens_details")) or _dict(data.get("prompt_token_details"))
    cached = details.get("cached_tokens", data.get("num_cached_tokens", data.get("prompt_cache_hit_tokens")))
    known = {"prompt_tokens", "completion_tokens", "input_tokens", "output_tokens"}
    extra = dumped({name: value for name, value in data.items() if name not in known})
    return Usage(
        prompt_tokens=prompt,
        completion_tokens=completion,
        cached_tokens=_count(cached),
        reasoning_tokens=_count(_dict(data.get("completion_tokens_details")).get("reasoning_tokens")),
        extra=extra if 2 < len(extra) <= MAX_EXTRA else "",
    )


def _count(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 <= value <= _LARGEST else None


def _dict(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
