"""Turns as the database has them: parts and replies as JSON, each row with a CRC-32 over what it says."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.core.completion import Completion, Delta, ReplyState
from app.core.conversation import Role, Turn
from app.core.errors import error_from_data
from app.core.parts import Part, ToolCallPart, UnknownPart, part_from_data, part_to_data
from app.core.usage import usage_from_data


def json_text(value: Any) -> str:
    """JSON as SQLite can hold it: readable, or, where it has half of a surrogate pair, escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if text.isascii() or _is_utf8(text) else json.dumps(value, separators=(",", ":"))


def clean(text: str) -> str:
    """`text` as SQLite can hold it in a column of its own: half of a surrogate pair becomes U+FFFD."""
    if text.isascii() or _is_utf8(text):
        return text
    # Two halves that stand together are the character that they were meant to be.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def parts_text(parts: Iterable[Part]) -> str:
    """Parts as they are kept."""
    return json_text([part_to_data(part) for part in parts])


def parts_from_text(text: str) -> tuple[Part, ...]:
    """Read what `parts_text` wrote. Text that is damaged is kept whole, as a part of an unknown kind."""
    data = _loaded(text)
    if not isinstance(data, list):
        return (UnknownPart(text),)
    return tuple(
        part_from_data(one) if isinstance(one, dict) else UnknownPart(json_text(one)) for one in data
    )


def reply_text(reply: Completion | None) -> str | None:
    """All of a reply but its parts and its state, which have columns of their own."""
    if reply is None:
        return None
    data = {
        "finish_reason": reply.finish_reason,
        "usage": reply.usage.to_data() if reply.usage is not None else None,
        "served_model": reply.served_model,
        "response_id": reply.response_id,
        "error": reply.error.to_data() if reply.error is not None else None,
        "seconds_to_first": reply.seconds_to_first,
        "seconds": reply.seconds,
    }
    return json_text({name: value for name, value in data.items() if value is not None})


def reply_from_text(text: str, state: str, parts: tuple[Part, ...]) -> Completion:
    """Read what `reply_text` wrote; what is damaged counts as not given."""
    data = _loaded(text)
    if not isinstance(data, dict):
        data = {}
    usage, error = data.get("usage"), data.get("error")
    return Completion(
        parts=parts,
        state=_STATES.get(state, ReplyState.INTERRUPTED),
        finish_reason=_word(data, "finish_reason"),
        usage=usage_from_data(usage) if isinstance(usage, dict) else None,
        served_model=_word(data, "served_model"),
        response_id=_word(data, "response_id"),
        error=error_from_data(error) if isinstance(error, dict) else None,
        seconds_to_first=_seconds(data, "seconds_to_first"),
        seconds=_seconds(data, "seconds"),
    )


def continued(reply: Completion, fragments: Iterable[tuple[Part, ...]]) -> Completion:
    """A reply with its delta rows: text goes on, a tool call takes the place of its earlier self."""
    for parts in fragments:
        calls = tuple(part for part in parts if isinstance(part, ToolCallPart))
        rest = tuple(part for part in parts if not isinstance(part, ToolCallPart))
        reply = reply.plus(Delta(parts=rest, tool_calls=calls))
    return reply


# The columns of a turn that its CRC is over, in the order that `checksum` takes and `turn_from_row` reads.
COLUMNS = "id, role, created, state, endpoint_id, model, reply, parts"


def row_of(turn: Turn) -> tuple[str, str, float, str, str, str, str | None, str]:
    """A turn in the order of COLUMNS."""
    return (
        turn.turn_id,
        turn.role.value,
        turn.created,
        turn.state.value,
        clean(turn.endpoint_id),
        clean(turn.model),
        reply_text(turn.reply),
        parts_text(turn.content),
    )


def turn_from_row(row: Sequence[Any], number: int, parent_id: str | None) -> Turn:
    """Read a row of COLUMNS."""
    turn_id, role, created, state, endpoint_id, model, reply, parts = row
    content = parts_from_text(parts)
    return Turn(
        turn_id=turn_id,
        parent_id=parent_id,
        role=_ROLES.get(role, Role.USER if reply is None else Role.ASSISTANT),
        parts=content if reply is None else (),
        created=created,
        sequence=number,
        model=model,
        endpoint_id=endpoint_id,
        reply=None if reply is None else reply_from_text(reply, state, content),
    )


def checksum(row: Iterable[Any]) -> int:
    """The CRC-32 of a row of COLUMNS: SQLite does not notice a bit that changes in a text (safety.md §4)."""
    crc = 0
    for value in row:
        # A separator that no text begins with, so that nothing can move from one column to the next.
        crc = zlib.crc32(b"\xff" if value is None else b"\xfe" + str(value).encode(), crc)
    return crc


_ROLES: Mapping[str, Role] = {role.value: role for role in Role}
_STATES: Mapping[str, ReplyState] = {state.value: state for state in ReplyState}


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _word(data: Mapping[str, Any], name: str) -> str | None:
    value = data.get(name)
    return value if isinstance(value, str) else None


def _seconds(data: Mapping[str, Any], name: str) -> float | None:
    value = data.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
