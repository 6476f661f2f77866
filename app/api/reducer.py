"""From the chunks of a stream, or one whole completion, to deltas; no server data can make it raise."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.api.lenient_json import objects_of
from app.api.sse import Comment, Event
from app.api.text_channels import Characters, InlineThinking, Respelling
from app.api.tool_calls import ToolCalls
from app.core.completion import Delta
from app.core.parts import (
    DocumentPart,
    ImagePart,
    Part,
    ReferencePart,
    RefusalPart,
    TextPart,
    ThinkingPart,
    UnknownPart,
)
from app.core.usage import Usage

MAX_BAD_IN_A_ROW = 5  # wire.md Q11
MAX_DEPTH = 8
REASONING_FIELDS = ("reasoning_content", "reasoning", "thinking")
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
        self._texts: list[str] = []  # the answer so far: a whole message might repeat it
        self._characters = Characters()
        self._thought_characters = Characters()
        self._inline = InlineThinking()
        self._respelling = Respelling()
        self._tools = ToolCalls()

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
                if data.endswith("[DONE]") and data[:1] == "{":
                    self.is_done = True
                objects, bad = objects_of(data)
                if bad and not is_cut:
                    self.bad += bad
                    self.bad_in_a_row = 0 if objects else self.bad_in_a_row + 1
                elif objects:
                    self.bad_in_a_row = 0
                return [delta for one in objects if (delta := self.feed_object(one, name)) != Delta()]

    def feed_object(self, chunk: Mapping[str, Any], event_name: str = "") -> Delta:
        """The delta of one chunk, or of one whole completion."""
        self.payloads += 1
        choice = _first_choice(chunk)
        failure = _failure(chunk, choice, event_name)
        if failure is not None and self.failure is None:
            self.failure = failure
        if choice is None and failure is not None:
            return Delta()
        choice = choice or {}
        delta = _dict(choice.get("delta"))
        message = _dict(choice.get("message"))
        body = delta or message
        parts = tuple(self._parts(body, choice, is_message=not delta))
        reason = choice.get("finish_reason")
        reason = reason if isinstance(reason, str) and reason else None
        self.finish_reason = reason or self.finish_reason
        has_tools = self._tools.feed(body.get("tool_calls"))
        return Delta(
            parts=parts,
            tool_calls=self._tools.calls if has_tools else (),
            finish_reason=reason,
            usage=_usage(chunk, choice),
            served_model=_text(chunk.get("model")) or None,
            response_id=_text(chunk.get("id")) or None,
        )

    def finish(self) -> Delta:
        """What was held back until it was sure what it is."""
        held: list[Part] = []
        thought = self._respelling.finish() + self._thought_characters.finish()
        inline, text = self._inline.finish()
        if thought or inline:
            held.append(ThinkingPart(thought + inline))
        if text := text + self._characters.finish():
            held.append(self._answer(text))
        return Delta(parts=tuple(held))

    def _parts(
        self, body: Mapping[str, Any], choice: Mapping[str, Any], *, is_message: bool
    ) -> Iterator[Part]:
        thought = self._thought(_reasoning(body))
        if thought:
            yield ThinkingPart(thought)
        content = body.get("content")
        if content is None and not body:
            content = choice.get("text")
        match content:
            case str() if is_message:
                yield from self._message_text(content)
            case str():
                yield from self._plain(content)
            case list():
                yield from self._list(content, 0)
        if refusal := _text(body.get("refusal")):
            yield RefusalPart(Characters().feed(refusal))

    def _thought(self, text: str) -> str:
        return self._respelling.feed(self._thought_characters.feed(text)) if text else ""

    def _message_text(self, text: str) -> Iterator[Part]:
        """A whole message where deltas were due: what it repeats of them is not shown twice (Q30)."""
        before = "".join(self._texts)
        if before and text.startswith(before):
            text = text[len(before) :]
        elif before and before.endswith(text):
            return
        yield from self._plain(text)

    def _plain(self, text: str) -> Iterator[Part]:
        thought, text = self._inline.feed(self._characters.feed(text))
        if thought:
            yield ThinkingPart(thought)
        if text:
            yield self._answer(text)

    def _answer(self, text: str) -> TextPart:
        self._texts.append(text)
        return TextPart(text)

    def _list(self, content: list[Any], depth: int) -> Iterator[Part]:
        for part in content:
            match part:
                case str(text):
                    yield from self._plain(text)
                case {"type": "text", "text": str(text)}:
                    yield from self._plain(text)
                case {"type": "thinking", "thinking": thinking}:
                    if thought := self._thought(_flat(thinking, depth + 1)):
                        yield ThinkingPart(thought)
                case {"type": "reference", "reference_ids": list(ids)}:
                    yield ReferencePart(tuple(str(one) for one in ids if isinstance(one, int | str)))
                case {"type": "image_url", "image_url": str(url)} | {"image_url": {"url": str(url)}}:
                    yield ImagePart(_clean(url))
                case {"type": "document_url", "document_url": str(url)}:
                    yield DocumentPart(_clean(url), _clean(_text(part.get("document_name"))))
                case dict():
                    yield UnknownPart(_dump(part))


def _reasoning(body: Mapping[str, Any]) -> str:
    """The first of the fields that holds text: some servers fill two with the same (wire.md Q32)."""
    for name in REASONING_FIELDS:
        if found := _flat(body.get(name), 0):
            return found
    return _flat(body.get("reasoning_details"), 0)


def _flat(value: object, depth: int) -> str:
    """The text of a thought, which may be a string, or a list of parts that hold such lists."""
    if depth > MAX_DEPTH:
        return ""
    match value:
        case str():
            return value
        case list():
            return "".join(_flat(one, depth + 1) for one in value)
        case {"text": str(text)}:
            return text
        case {"thinking": inner}:
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


def _failure(
    chunk: Mapping[str, Any], choice: Mapping[str, Any] | None, event_name: str
) -> Mapping[str, Any] | None:
    """The object that reports an error, in any of the forms of wire.md Q48 and Q49; else None."""
    if chunk.get("error") or event_name == "error":
        return chunk
    if str(chunk.get("object")).lower() == "error":
        return chunk
    if choice is not None:
        return choice if choice.get("error") else None
    if "choices" not in chunk and any(chunk.get(name) for name in ("detail", "errors", "errorMessage")):
        return chunk
    if "choices" not in chunk and isinstance(chunk.get("message"), str) and chunk.get("message"):
        return chunk
    return None


def _usage(chunk: Mapping[str, Any], choice: Mapping[str, Any]) -> Usage | None:
    for found in (chunk.get("usage"), choice.get("usage"), _dict(chunk.get("x_groq")).get("usage")):
        if isinstance(found, dict) and (usage := usage_of(found)) is not None:
            return usage
    return None


def usage_of(data: Mapping[str, Any]) -> Usage | None:
    """The counts of a usage object, wherever it stood; None where all of it is zero or missing (Q39)."""

    def count(value: object) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return int(value) if 0 <= value < 2**53 else None

    prompt, completion = count(data.get("prompt_tokens")), count(data.get("completion_tokens"))
    if not prompt and not completion:
        return None
    details = _dict(data.get("prompt_tokens_details")) or _dict(data.get("prompt_token_details"))
    cached = details.get("cached_tokens", data.get("num_cached_tokens"))
    known = {"prompt_tokens", "completion_tokens"}
    extra = {name: value for name, value in data.items() if name not in known}
    return Usage(
        prompt_tokens=prompt,
        completion_tokens=completion,
        cached_tokens=count(cached),
        reasoning_tokens=count(_dict(data.get("completion_tokens_details")).get("reasoning_tokens")),
        extra=_dump(extra) if extra else "",
    )


def _progress(comment: str) -> list[Delta]:
    found = _PROGRESS.search(comment)
    return [Delta(progress=(int(found[1]), int(found[2])))] if found else []


def _dict(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return _clean(value) if isinstance(value, str) else ""


def _clean(text: str) -> str:
    characters = Characters()
    return characters.feed(text) + characters.finish()


def _dump(value: object) -> str:
    try:
        return _clean(json.dumps(value, ensure_ascii=False, default=str))
    except RecursionError:
        return ""
