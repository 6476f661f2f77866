"""The tool calls of one reply, put together from pieces that every server cuts its own way (wire.md Q35)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.parts import ToolCallPart

MAX_CALLS = 128


@dataclass(slots=True)
class _Slot:
    index: int | None
    call_id: str = ""
    name: str = ""
    arguments: str = ""


class ToolCalls:
    """Feed it each `tool_calls` list; `calls` are all calls as known so far."""

    def __init__(self) -> None:
        self._slots: list[_Slot] = []

    @property
    def calls(self) -> tuple[ToolCallPart, ...]:
        """The calls in the order in which they began."""
        return tuple(ToolCallPart(slot.call_id, slot.name, slot.arguments) for slot in self._slots)

    def feed(self, pieces: object) -> bool:
        """Add what a delta holds; True where that was anything."""
        changed = False
        for piece in pieces if isinstance(pieces, list) else []:
            if isinstance(piece, dict):
                self._add(piece)
                changed = True
        return changed

    def _add(self, piece: Mapping[str, Any]) -> None:
        function = piece.get("function")
        function = function if isinstance(function, dict) else {}
        call_id = piece.get("id")
        call_id = call_id if isinstance(call_id, str) and call_id != "null" else ""
        index = piece.get("index")
        slot = self._slot(index if isinstance(index, int) else None, call_id)
        if slot is None:
            return
        slot.call_id = slot.call_id or call_id
        name = function.get("name")
        if isinstance(name, str):
            slot.name = slot.name or name
        match function.get("arguments"):
            case str(text):
                slot.arguments += text
            case dict() | list() as whole:
                slot.arguments = json.dumps(whole, ensure_ascii=False)

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
