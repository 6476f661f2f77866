"""Thoughts that a model writes into its answer between `<think>` and `</think>` (wire.md Q33)."""

from __future__ import annotations

import re
from enum import Enum, auto

from app.core.parts import Part, TextPart, ThinkingPart

_TAGS = ("<think>", "<thinking>")


class _At(Enum):
    START = auto()
    THOUGHT = auto()
    GAP = auto()
    ANSWER = auto()


class InlineThinking:
    """Splits text that comes in fragments. Only a tag at the very start counts: later ones stay literal."""

    def __init__(self) -> None:
        self._at = _At.START
        self._held = ""
        self._end_tag = ""
        self._thought_began = False

    def feed(self, fragment: str) -> list[Part]:
        """The parts that `fragment` makes certain."""
        if self._at is _At.ANSWER:
            return [TextPart(fragment)] if fragment else []
        text, self._held = self._held + fragment, ""
        parts: list[Part] = []
        while text and self._at is not _At.ANSWER:
            match self._at:
                case _At.START:
                    text = self._start(text)
                case _At.THOUGHT:
                    text = self._thought(text, parts)
                case _At.GAP:
                    text = text.lstrip()
                    self._at = _At.ANSWER if text else _At.GAP
        if text:
            parts.append(TextPart(text))
        return parts

    def is_not_used(self) -> list[Part]:
        """The server gives thoughts in a field of their own: a tag in the text is text. Returns what waited."""
        if self._at is not _At.START:
            return []
        self._at = _At.ANSWER
        return self.finish()

    def finish(self) -> list[Part]:
        """What was held back in case more of a tag came."""
        held, self._held = self._held, ""
        if not held:
            return []
        return [ThinkingPart(held) if self._at is _At.THOUGHT else TextPart(held)]

    def _start(self, text: str) -> str:
        begun = text.lstrip()
        for tag in _TAGS:
            if begun.startswith(tag):
                self._at = _At.THOUGHT
                self._end_tag = tag.replace("<", "</")
                return begun[len(tag) :]
        if not begun or any(tag.startswith(begun) for tag in _TAGS):
            if len(text) <= 256:
                self._held = text
                return ""
        self._at = _At.ANSWER
        return text

    def _thought(self, text: str, parts: list[Part]) -> str:
        if not self._thought_began:
            text = text.lstrip()
            self._thought_began = bool(text)
        thought, tag, rest = text.partition(self._end_tag)
        if tag:
            thought = thought.rstrip()
            self._at = _At.GAP
        else:
            # What may be the tag's beginning waits, and blanks before it do too, to be dropped with it.
            waiting = re.search(r"\s*(<(/[a-z]*)?)?$", thought)
            if waiting is not None and self._end_tag.startswith(waiting.group(1) or ""):
                keep = max(waiting.start(), len(thought) - 64)
                thought, self._held = thought[:keep], thought[keep:]
        if thought:
            parts.append(ThinkingPart(thought))
        return rest
