"""What a completion cost in tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts as the server gave them; None where it gave none.

    `extra` is the rest of the server's object as JSON text: unknown keys are kept (wire.md Q39).
    """

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cached_tokens: int | None = None
    reasoning_tokens: int | None = None
    extra: str = ""

    def to_data(self) -> dict[str, Any]:
        """The counts as a JSON object; `usage_from_data` is its inverse."""
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "cached_tokens": self.cached_tokens,
            "reasoning_tokens": self.reasoning_tokens,
            "extra": self.extra,
        }


def usage_from_data(data: Mapping[str, Any]) -> Usage:
    """Read what `Usage.to_data` wrote; a field of another type counts as not given."""

    def count(name: str) -> int | None:
        value = data.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    extra = data.get("extra")
    return Usage(
        prompt_tokens=count("prompt_tokens"),
        completion_tokens=count("completion_tokens"),
        cached_tokens=count("cached_tokens"),
        reasoning_tokens=count("reasoning_tokens"),
        extra=extra if isinstance(extra, str) else "",
    )
