"""The tool calls of one reply, put together from pieces that every server cuts its own way (wire.md Q35)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.api.lenient_json import dumped
from app.api.text_channels import clean
from app.core.parts import ToolCallPart

MAX_CALLS = 128
MAX_NAME = 200  # characters


@dataclass(slots=True)
class _Slot:
    index: int | None
    call_id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)


class ToolCalls:
    """Feed it each `tool_calls` list; `calls` are all calls as known so far."""

    def __init__(self) -> None:
        self._slots: list[_Slot] = []
        self._size = 0
        self._told = (0, 0)

    @property
    def calls(self) -> tuple[ToolCallPart, ...]:
        """The calls in the order in which they began."""
        return tuple(
            ToolCallPart(clean(slot.call_id), clean(slot.name), clean("".join(slot.arguments)))
            for slot in self._slots
            if slot.name or slot.arguments
        )

    def feed(self, pieces: object) -> bool:
        """Add what a delta holds; True where there is enough news to tell.

        That is a call or a name, or twice as much text: to tell all of a long text at each of its characters
        would take quadratic time. Whoever feeds must look at `has_news` at the end.
        """
        for piece in pieces if isinstance(pieces, list) else []:
            if isinstance(piece, dict):
                self._add(piece)
        named = sum(1 for slot in self._slots if slot.name)
        if named == self._told[0] and self._size <= 2 * self._told[1] + 64:
            return False
        self._told = (named, self._size)
        return named > 0

    @property
    def has_news(self) -> bool:
        """True where more is known than `feed` said."""
        return bool(self._slots) and self._told[1] != self._size

    def _add(self, piece: Mapping[str, Any]) -> None:
        function = piece.get("function")
        function = function if isinstance(function, dict) else {}
        call_id = piece.get("id")
        call_id = call_id if isinstance(call_id, str) and call_id != "null" else ""
        index = piece.get("index")
        slot = self._slot(index if isinstance(index, int) else None, call_id)
        if slot is None:
            return
        slot.call_id = slot.call_id or call_id[:MAX_NAME]
        name = function.get("name")
        if isinstance(name, str):
            slot.name = slot.name or name[:MAX_NAME]
        match function.get("arguments"):
            case str(text):
                slot.arguments.append(text)
                self._size += len(text)
            case dict() | list() as whole:
                slot.arguments = [dumped(whole)]
                self._size += len(slot.arguments[0])

    def _slot(self, index: int | None, call_id: str) -> _Slot | None:
        by_id = next((slot for slot in self._slots if call_id and slot.call_id == call_id), None)
        if by_id is not None:
            return by_id
        if index is not None:
            # A new id at an old index is a new call: some servers number all of them 0.
            same = [slot for slot in self._slots if slot.index == index]
            if same and (not call_id or not same[-1].call_id):
                return same[-1]
        elif not call_id and self._slots:
            return self._slots[-1]
        if len(self._slots) >= MAX_CALLS:
            return None
        self._slots.append(_Slot(index))
        return self._slots[-1]
