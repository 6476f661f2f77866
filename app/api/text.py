"""Text of servers made safe to keep: no lone surrogates, no NUL, and short plain lines where a line is wanted."""

from __future__ import annotations

import re

_SURROGATE = re.compile("[\ud800-\udfff]")
_HIGH = re.compile("[\ud800-\udbff]$")
# Controls, and what turns the direction of the text around it or hides in it.
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]+")


def clean(text: str) -> str:
    """Return `text` as storage and JSON can hold it: surrogate pairs joined, lone ones U+FFFD, no NUL (Q42)."""
    if text.isascii():
        return text.replace("\0", "") if "\0" in text else text
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\0", "")


class Cleaner:
    """Cleans text that comes in fragments: a pair of surrogates can be cut between two of them."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, fragment: str) -> str:
        """The clean text of `fragment`, without a first half at its end that waits for its other half."""
        text = self._held + fragment
        self._held = ""
        if not text.isascii() and _HIGH.search(text):
            text, self._held = text[:-1], text[-1]
        return clean(text)

    def finish(self) -> str:
        """What still waited."""
        held, self._held = self._held, ""
        return clean(held)


def one_line(text: str, limit: int) -> str:
    """`text` as one plain line of at most `limit` characters."""
    # Four times as much is enough to begin with: the blanks of a large text are not worth the time.
    line = " ".join(_INVISIBLE.sub(" ", clean(text[: limit * 4])).split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
