"""Tool calls put together from their fragments, however a server numbers them (wire.md Q35)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.api.content import as_json
from app.api.text import clean
from app.core.parts import ToolCallPart

MAX_CALLS = 128


@dataclass(slots=True)
class _Call:
    index: int | None
    call_id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)


class ToolCalls:
    """Collects; `size` is the length of all arguments so far, in characters."""

    def __init__(self) -> None:
        self._calls: list[_Call] = []
        self.size = 0
        self._reported: tuple[int, int] = (0, 0)

    def feed(self, fragments: Any) -> bool:
        """Take a `tool_calls` list; True where there is enough news to tell: a call, a name, twice the text."""
        for fragment in fragments if isinstance(fragments, list) else []:
            if isinstance(fragment, dict):
                self._take(fragment)
        named = sum(1 for call in self._calls if call.name)
        if named > self._reported[0] or (named and self.size > 2 * self._reported[1] + 256):
            self._reported = (named, self.size)
            return True
        return False

    def feed_legacy(self, call: Any) -> bool:
        """Take a `function_call`, the single call of older servers."""
        return self.feed([{"index": 0, "function": call}]) if isinstance(call, dict) else False

    def parts(self) -> tuple[ToolCallPart, ...]:
        """The calls as known now."""
        return tuple(
            ToolCallPart(clean(call.call_id), clean(call.name), clean("".join(call.arguments)))
            for call in self._calls
            if call.name or call.arguments
        )

    def _take(self, fragment: dict[str, Any]) -> None:
        function = fragment.get("function")
        function = function if isinstance(function, dict) else {}
        call_id = _text(fragment.get("id"))
        call = self._slot(fragment.get("index"), call_id, _text(function.get("name")))
        if call is None:
            return
        call.call_id = call.call_id or call_id
        call.name = call.name or _text(function.get("name"))
        match function.get("arguments"):
            case str(arguments):
                call.arguments.append(arguments)
                self.size += len(arguments)
            case dict() | list() as arguments:
                call.arguments.append(as_json(arguments))
                self.size += len(call.arguments[-1])

    def _slot(self, index: Any, call_id: str, name: str) -> _Call | None:
        number = index if isinstance(index, int) and not isinstance(index, bool) else None
        same_id = next((call for call in self._calls if call_id and call.call_id == call_id), None)
        if same_id is not None:
            return same_id
        if number is not None:
            # The newest of that number: parallel calls that are all number 0 differ by their ids only.
            numbered = next((call for call in reversed(self._calls) if call.index == number), None)
            if numbered is not None and not (call_id and numbered.call_id):
                return numbered
        elif not call_id and self._calls and not (name and self._calls[-1].name not in {"", name}):
            return self._calls[-1]
        if len(self._calls) >= MAX_CALLS:
            return None
        self._calls.append(_Call(number))
        return self._calls[-1]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
