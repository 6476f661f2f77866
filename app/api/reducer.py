"""From the chunks of a stream, or one whole completion, to deltas; no server data can make it raise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.api.lenient_json import dumped, objects_of
from app.api.sse import Comment, Event
from app.api.text_channels import Characters, InlineThinking, Respelling, Unrepeated, clean
from app.api.tool_calls import ToolCalls
from app.api.usage_data import usage_in
from app.core.completion import NOTHING, Delta
from app.core.parts import (
    DocumentPart,
    ImagePart,
    Part,
    ReferencePart,
    RefusalPart,
    Source,
    TextPart,
    ThinkingPart,
    UnknownPart,
)

MAX_BAD_IN_A_ROW = 5  # wire.md Q11
MAX_DEPTH = 8
MAX_ADDRESS = 2048
MAX_NAME = 200  # characters of a model, an id, a reason to finish
REASONING_FIELDS = ("reasoning_content", "reasoning", "thinking", "reasoning_details")
CONTENT_FIELDS = ("content", "tool_calls", "function_call", "refusal", *REASONING_FIELDS)
# Other servers' words for the three that mean something to the window; an unknown one stays as it is (Q37).
REASONS = {
    "max_tokens": "length",
    "max_output_tokens": "length",
    "safety": "content_filter",
    "network_error": "error",
    "abort": "error",
}
_PROGRESS = re.compile(r"keep-?alive\s+(\d{1,12})/(\d{1,12})", re.IGNORECASE)


class Reducer:
    """Feed it events; read off it how the reply stands.

    `finish_reason` is the last one given. `is_done` says that `[DONE]` came. `failure` is the first object
    that reported an error. `bad` counts what could not be read, `bad_in_a_row` what of it came since the last
    good event. `payloads` counts what is more than a sign of life.
    """

    def __init__(self) -> None:
        self.finish_reason: str | None = None
        self.is_done = False
        self.failure: Mapping[str, Any] | None = None
        self.bad = 0
        self.bad_in_a_row = 0
        self.payloads = 0
        self._characters = Characters()
        self._thought_characters = Characters()
        self._inline = InlineThinking()
        self._respelling = Respelling()
        self._said = Unrepeated()
        self._thought_so_far = Unrepeated()
        self._tools = ToolCalls()
        self._names: tuple[str | None, str | None] = (None, None)

    def feed(self, event: Event | Comment) -> list[Delta]:
        """The deltas of one event, in order."""
        match event:
            case Comment(text):
                return _progress(text)
            case Event(data, name, is_cut):
                data = data.strip()
                if data.startswith(":"):
                    return _progress(data[1:])
                if data.strip('"') == "[DONE]":
                    self.is_done = True
                    self.payloads += 1
                    return []
                objects, bad = objects_of(data)
                if bad and not is_cut:
                    self.bad += bad
                    self.bad_in_a_row = 0 if objects else self.bad_in_a_row + 1
                elif objects:
                    self.bad_in_a_row = 0
                if bad and not objects and name == "error":
                    self.failure = self.failure or {"message": clean(data)}
                if self.is_done:
                    return self._late(objects)
                return [delta for one in objects if (delta := self.feed_object(one, name)) != NOTHING]

    def feed_object(self, chunk: Mapping[str, Any], event_name: str = "") -> Delta:
        """The delta of one chunk, or of one whole completion."""
        self.payloads += 1
        choice = _first_choice(chunk)
        failure = _failure(chunk, choice, event_name)
        if failure is not None and self.failure is None:
            self.failure = failure
        if choice is None and failure is not None:
            return NOTHING
        choice = choice or {}
        delta, message = _dict(choice.get("delta")), _dict(choice.get("message"))
        is_message = not any(delta.get(name) for name in CONTENT_FIELDS)
        body = message if is_message and message else delta
        parts = tuple(self._parts(body, choice, is_message=is_message))
        has_tools = self._tools.feed(_tool_calls(body))
        return Delta(
            parts=parts,
            tool_calls=self._tools.calls if has_tools else (),
            finish_reason=self._finish(choice),
            usage=usage_in(chunk, choice),
            **self._new_names(chunk),
        )

    def finish(self) -> Delta:
        """What was held back until it was sure what it is."""
        held: list[Part] = []
        thought = self._respelling.finish() + self._thought_characters.finish()
        inline, text = self._inline.finish()
        if thought or inline:
            held.append(ThinkingPart(thought + inline))
        if text := text + self._characters.finish():
            held.append(TextPart(text))
        return Delta(parts=tuple(held), tool_calls=self._tools.calls if self._tools.has_news else ())

    def _late(self, objects: list[dict[str, Any]]) -> list[Delta]:
        """What counts behind [DONE]: the usage (Q16)."""
        usages = (usage_in(one, _first_choice(one) or {}) for one in objects)
        return [Delta(usage=usage) for usage in usages if usage is not None]

    def _finish(self, choice: Mapping[str, Any]) -> str | None:
        reason = choice.get("finish_reason")
        if not isinstance(reason, str) or not reason:
            return None
        reason = clean(reason[:MAX_NAME])
        reason = REASONS.get(reason.lower(), reason)
        if reason == "error" and self.failure is None:
            self.failure = {"error": {"type": choice["finish_reason"][:MAX_NAME]}}
        self.finish_reason = reason
        return reason

    def _new_names(self, chunk: Mapping[str, Any]) -> dict[str, Any]:
        """The model that serves, and the reply's first id: some servers give each chunk one of its own."""
        model, response_id = self._names
        served = _name(chunk.get("model")) or model
        first_id = response_id or _name(chunk.get("id"))
        news = {
            "served_model": served if served != model else None,
            "response_id": first_id if first_id != response_id else None,
        }
        self._names = (served, first_id)
        return news

    def _parts(
        self, body: Mapping[str, Any], choice: Mapping[str, Any], *, is_message: bool
    ) -> Iterator[Part]:
        thought = _reasoning(body)
        if thought := self._thought(self._thought_so_far.rest_of(thought) if is_message else thought):
            yield ThinkingPart(thought)
        content = body.get("content")
        if content is None and not body:
            content = choice.get("text")
        match content:
            case str():
                yield from self._plain(self._said.rest_of(content) if is_message else content)
            case list() if not (is_message and content and self._said.rest_of(_flat(content, 0)) == ""):
                yield from self._list(content)
            case {"type": _}:
                yield from self._list([content])
        if refusal := _text(body.get("refusal")):
            yield RefusalPart(refusal)

    def _thought(self, text: str) -> str:
        if not text:
            return ""
        self._thought_so_far.note(text)
        return self._respelling.feed(self._thought_characters.feed(text))

    def _plain(self, text: str) -> Iterator[Part]:
        self._said.note(text)
        thought, text = self._inline.feed(self._characters.feed(text))
        if thought:
            yield ThinkingPart(thought)
        if text:
            yield TextPart(text)

    def _list(self, content: list[Any]) -> Iterator[Part]:
        for part in content:
            match part:
                case str(text):
                    yield from self._plain(text)
                case {"type": "text" | "output_text", "text": str(text)}:
                    yield from self._plain(text)
                case {"type": "thinking", "thinking": thinking}:
                    if thought := self._thought(_flat(thinking, 0)):
                        yield ThinkingPart(thought)
                case {"type": "refusal", "refusal": str(text)}:
                    yield RefusalPart(clean(text))
                case {"type": "reference", "reference_ids": list(ids)}:
                    yield ReferencePart(
                        tuple(clean(str(one)[:MAX_NAME]) for one in ids if isinstance(one, int | str))
                    )
                case {"type": "tool_reference", "title": str() | None as title} if _text(part.get("url")):
                    # What a search found: by its address, which is how it is known again.
                    url = _text(part["url"])[:MAX_ADDRESS]
                    source = Source(url, _text(title)[:MAX_NAME], url)
                    yield ReferencePart((source.source_id,), (source,))
                case {"type": "image_url", "image_url": str(url) | {"url": str(url)}}:
                    yield ImagePart(clean(url))
                case {"type": "document_url", "document_url": str(url)}:
                    yield DocumentPart(clean(url), _text(part.get("document_name")))
                case dict():
                    yield UnknownPart(dumped(part))


def _reasoning(body: Mapping[str, Any]) -> str:
    """The first of the fields that holds text: some servers fill two with the same (wire.md Q32)."""
    return next((found for name in REASONING_FIELDS if (found := _flat(body.get(name), 0))), "")


def _flat(value: object, depth: int) -> str:
    """The text of a thought, which may be a string, or a list of parts that hold such lists."""
    if depth > MAX_DEPTH:
        return ""
    match value:
        case str():
            return value
        case list():
            return "".join(_flat(one, depth + 1) for one in value)
        case {"type": "reference" | "tool_reference"}:
            return ""
        case {"text": inner} | {"thinking": inner} | {"summary": inner} | {"content": inner}:
            return _flat(inner, depth + 1)
        case _:
            return ""


def _first_choice(chunk: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Choice 0; what is meant for others is never mixed into it (wire.md Q40)."""
    choices = chunk.get("choices")
    if isinstance(choices, dict):
        choices = [choices]
    for choice in choices if isinstance(choices, list) else []:
        if isinstance(choice, dict) and choice.get("index") in (0, None, "0"):
            return choice
    return None


def _tool_calls(body: Mapping[str, Any]) -> object:
    legacy = body.get("function_call")
    return [{"index": 0, "function": legacy}] if isinstance(legacy, dict) else body.get("tool_calls")


def _failure(
    chunk: Mapping[str, Any], choice: Mapping[str, Any] | None, event_name: str
) -> Mapping[str, Any] | None:
    """The object that reports an error, in any of the forms of wire.md Q48 and Q49; else None."""
    kind = chunk.get("object")
    if chunk.get("error") or (isinstance(kind, str) and kind.lower() == "error"):
        return chunk
    if choice is not None:
        return choice if choice.get("error") else None
    if "choices" in chunk:
        return None
    says_so = event_name == "error" or any(chunk.get(name) for name in ("detail", "errors", "errorMessage"))
    is_bare_message = isinstance(chunk.get("message"), str) and bool(chunk["message"])
    return chunk if says_so or is_bare_message else None


def _progress(comment: str) -> list[Delta]:
    found = _PROGRESS.search(comment)
    return [Delta(progress=(int(found[1]), int(found[2])))] if found else []


def _dict(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return clean(value) if isinstance(value, str) else ""


def _name(value: object) -> str | None:
    return clean(value[:MAX_NAME]) or None if isinstance(value, str) else None
