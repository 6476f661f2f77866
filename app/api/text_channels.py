"""What a server's text must pass before it is text: broken characters, thoughts in tags, repetitions."""

from __future__ import annotations

import re

_LONE = re.compile("[\ud800-\udfff]")
_HIGH_AT_END = re.compile("[\ud800-\udbff]$")


class Characters:
    """Joins surrogate pairs that were cut between two pieces, and replaces or drops what is no character
    (wire.md Q42): lone surrogates become U+FFFD, NUL goes.
    """

    def __init__(self) -> None:
        self._half = ""

    def feed(self, text: str) -> str:
        """The text that is sure now."""
        if text.isascii() and not self._half:
            return text.replace("\0", "")
        text = self._half + text
        self._half = ""
        if _HIGH_AT_END.search(text):
            text, self._half = text[:-1], text[-1]
        if _LONE.search(text):
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return text.replace("\0", "")

    def finish(self) -> str:
        """What is left of a pair whose other half never came."""
        half, self._half = self._half, ""
        return "\ufffd" if half else ""


def clean(text: str) -> str:
    """`text` that is whole, as `Characters` would give it."""
    characters = Characters()
    return characters.feed(text) + characters.finish()


class Unrepeated:
    """Knows what one channel has said so far, so that a whole message behind its pieces adds only its rest
    (wire.md Q30).
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0

    def note(self, text: str) -> None:
        """This was said."""
        self._pieces.append(text)
        self._length += len(text)

    def rest_of(self, whole: str) -> str:
        """What of `whole` was not said yet."""
        if not self._length or len(whole) < self._length:
            return whole
        self._pieces = ["".join(self._pieces)]
        return whole.removeprefix(self._pieces[0])


class InlineThinking:
    """Tells `<think>…</think>` at the very start of a reply from its text (wire.md Q33).

    Anywhere else, in code most of all, the tag is text like any other. `feed` and `finish` return
    (thought, text).
    """

    OPEN, CLOSE = "<think>", "</think>"

    def __init__(self) -> None:
        self._state = "start"
        self._held = ""

    def feed(self, text: str) -> tuple[str, str]:
        if self._state == "text":
            return "", text
        self._held += text
        if self._state == "start":
            begun = self._held.lstrip()
            if begun.startswith(self.OPEN):
                self._held = begun[len(self.OPEN) :].removeprefix("\n")
                self._state = "thinking"
            elif self.OPEN.startswith(begun):
                return "", ""
            else:
                self._state = "text"
                return "", self._take()
        if self._state == "thinking":
            thought, tag, rest = self._held.partition(self.CLOSE)
            if not tag:
                safe = len(self._held) - _overlap(self._held, self.CLOSE)
                thought, self._held = self._held[:safe], self._held[safe:]
                return thought, ""
            self._held, self._state = rest, "gap"
            return thought, self._gap()
        return "", self._gap()

    def finish(self) -> tuple[str, str]:
        """What was held back when the reply ended: it is shown as what it was about to be."""
        held = self._take()
        match self._state:
            case "thinking":
                return held, ""
            case "gap":
                return "", ""
            case _:
                return "", held

    def _gap(self) -> str:
        # The blank lines between a thought and the answer belong to neither.
        rest = self._held.lstrip()
        self._held = ""
        if rest:
            self._state = "text"
        return rest

    def _take(self) -> str:
        held, self._held = self._held, ""
        return held


class Respelling:
    """Drops a thought that a server sends whole in its first piece and then again bit by bit (Q34)."""

    SHORTEST = 40  # characters; a first piece below that is an ordinary token or two

    def __init__(self) -> None:
        self._whole: str | None = None
        self._held = ""

    def feed(self, text: str) -> str:
        if self._whole is None:
            self._whole = text if len(text) >= self.SHORTEST else ""
            return text
        if not self._whole:
            return text
        self._held += text
        if self._whole == self._held:
            self._whole = self._held = ""
            return ""
        if self._whole.startswith(self._held):
            return ""
        self._whole = ""
        return self.finish()

    def finish(self) -> str:
        """What was held back for a repetition that never became whole."""
        held, self._held = self._held, ""
        return held


def _overlap(text: str, tag: str) -> int:
    return next((size for size in range(len(tag) - 1, 0, -1) if text.endswith(tag[:size])), 0)
