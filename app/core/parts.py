"""The parts that a message is made of, as values, and their form on disk."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class TextPart:
    """Text of the message itself: Markdown in an answer, plain text in a question."""

    text: str


@dataclass(frozen=True, slots=True)
class ThinkingPart:
    """What a reasoning model thought before it answered.

    `seconds` is how long it thought, None while it still does or where nobody measured. Sent back to
    the model with the next turn only where the endpoint speaks content lists (wire.md §10.2).
    """

    text: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class ImagePart:
    """A picture by address; from a model it is never fetched, from the user it is a `data:` URL."""

    url: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class DocumentPart:
    """A document by address, with the name that it is shown under."""

    url: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """What an answer rests on, as far as the server said: a page, by its title and its untrusted address."""

    source_id: str
    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ReferencePart:
    """The names of the sources that the text before it rests on; `sources` says what is known of them."""

    ids: tuple[str, ...]
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class RefusalPart:
    """The model's own words for why it doesn't answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCallPart:
    """A tool that the model asked for. Sirocco offers none yet, so it is shown and never run (SEC-15)."""

    call_id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class UnknownPart:
    """A part of a kind that this version doesn't know, kept whole as JSON so that nothing is lost."""

    raw: str


Part: TypeAlias = (
    TextPart
    | ThinkingPart
    | ImagePart
    | DocumentPart
    | ReferencePart
    | RefusalPart
    | ToolCallPart
    | UnknownPart
)


_SAID = TextPart | RefusalPart


def answer_text(parts: Iterable[Part]) -> str:
    """What a person would call the text: text and refusals, without thinking, joined as they stand."""
    return "".join([part.text for part in parts if isinstance(part, _SAID)])


def thinking_text(parts: Iterable[Part]) -> str:
    """All that was thought, joined as it stands."""
    return "".join(part.text for part in parts if isinstance(part, ThinkingPart))


def joined(parts: tuple[Part, ...], more: Iterable[Part]) -> tuple[Part, ...]:
    """Return `parts` continued by `more`: a fragment goes on where the last part is of its own kind."""
    result = list(parts)
    for part in more:
        match result[-1] if result else None, part:
            case TextPart(text), TextPart(rest):
                result[-1] = TextPart(text + rest)
            case ThinkingPart(text, _), ThinkingPart(rest, seconds):
                result[-1] = ThinkingPart(text + rest, seconds)
            case RefusalPart(text), RefusalPart(rest):
                result[-1] = RefusalPart(text + rest)
            case _:
                result.append(part)
    return tuple(result)


def part_to_data(part: Part) -> dict[str, Any]:
    """The part as a JSON object with a `type`; `part_from_data` is its inverse."""
    match part:
        case TextPart(text):
            return {"type": "text", "text": text}
        case ThinkingPart(text, seconds):
            return {"type": "thinking", "text": text, "seconds": seconds}
        case ImagePart(url, alt):
            return {"type": "image", "url": url, "alt": alt}
        case DocumentPart(url, name):
            return {"type": "document", "url": url, "name": name}
        case ReferencePart(ids, sources):
            known = [{"id": one.source_id, "title": one.title, "url": one.url} for one in sources]
            return {"type": "reference", "ids": list(ids)} | ({"sources": known} if known else {})
        case RefusalPart(text):
            return {"type": "refusal", "text": text}
        case ToolCallPart(call_id, name, arguments):
            return {"type": "tool_call", "id": call_id, "name": name, "arguments": arguments}
        case UnknownPart(raw):
            return {"type": "unknown", "raw": raw}


def part_from_data(data: Mapping[str, Any]) -> Part:
    """Read what `part_to_data` wrote; an object of a kind unknown to this version is kept whole."""
    match data:
        case {"type": "text", "text": str(text)}:
            return TextPart(text)
        case {"type": "thinking", "text": str(text)}:
            seconds = data.get("seconds")
            return ThinkingPart(text, float(seconds) if isinstance(seconds, int | float) else None)
        case {"type": "image", "url": str(url)}:
            return ImagePart(url, str(data.get("alt") or ""))
        case {"type": "document", "url": str(url)}:
            return DocumentPart(url, str(data.get("name") or ""))
        case {"type": "reference", "ids": list(ids)}:
            return ReferencePart(tuple(str(one) for one in ids), tuple(_sources(data.get("sources"))))
        case {"type": "refusal", "text": str(text)}:
            return RefusalPart(text)
        case {"type": "tool_call", "name": str(name)}:
            return ToolCallPart(str(data.get("id") or ""), name, str(data.get("arguments") or ""))
        case {"type": "unknown", "raw": str(raw)}:
            return UnknownPart(raw)
        case _:
            return UnknownPart(json.dumps(data, ensure_ascii=False, default=str))


def _sources(data: object) -> Iterator[Source]:
    for one in data if isinstance(data, list) else ():
        match one:
            case {"id": str(name), "title": str(title), "url": str(url)}:
                yield Source(name, title, url)
            case _:
                pass
