"""From a reply to `GET {base}/models` to model cards, in every shape that servers give it (wire.md Q65)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.api.lenient_json import first_value
from app.core.models import ModelCard

MAX_MODELS = 10_000
MAX_NAME = 300  # characters


def models_of(body: bytes) -> tuple[ModelCard, ...]:
    """The models in the order given, each once; empty where there are none or nothing can be read."""
    cards: dict[str, ModelCard] = {}
    for entry in _entries(first_value(body.decode("utf-8", "replace"))):
        card = _card(entry)
        if card is not None and len(cards) < MAX_MODELS:
            cards.setdefault(card.model_id, card)
    return tuple(cards.values())


def _entries(value: object) -> Iterator[object]:
    match value:
        case list():
            yield from value
        case {"data": list(entries)} | {"models": list(entries)}:
            yield from entries
        case {"data": dict(inner)}:
            yield from _entries(inner)


def _card(entry: object) -> ModelCard | None:
    if isinstance(entry, str):
        entry = {"id": entry}
    if not isinstance(entry, dict):
        return None
    names = (entry.get(name) for name in ("id", "name", "model", "key"))
    model_id = next((name for name in names if isinstance(name, str) and _is_name(name)), None)
    if model_id is None:
        return None
    aliases = entry.get("aliases")
    return ModelCard(
        model_id=model_id,
        aliases=tuple(one for one in aliases if isinstance(one, str) and _is_name(one))
        if isinstance(aliases, list)
        else (),
        context_length=_context_length(entry),
        chats=_chats(entry.get("capabilities")),
        deprecated=bool(entry.get("deprecation")),
    )


def _is_name(text: str) -> bool:
    return 0 < len(text) <= MAX_NAME and text.isprintable()


def _context_length(entry: Mapping[str, Any]) -> int | None:
    for name in ("max_context_length", "context_length", "context_window", "max_model_len"):
        value = entry.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
    return None


def _chats(capabilities: object) -> bool:
    return not (isinstance(capabilities, dict) and capabilities.get("completion_chat") is False)
