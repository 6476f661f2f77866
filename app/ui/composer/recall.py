"""What was sent before, brought back one after another."""

from __future__ import annotations

from collections.abc import Iterable

KEPT = 50


class Recall:
    """Goes back and forth through earlier texts; what was being written is kept at the near end."""

    def __init__(self) -> None:
        self._texts: list[str] = []  # the newest first
        self._at = -1  # -1: what is being written
        self._written = ""

    def add(self, text: str) -> None:
        """This was sent just now."""
        self._texts = [text, *(one for one in self._texts if one != text)][:KEPT]
        self._at = -1

    def add_older(self, texts: Iterable[str]) -> None:
        """These were sent before all others, the newest first."""
        known = set(self._texts)
        self._texts = [*self._texts, *(one for one in dict.fromkeys(texts) if one not in known)][:KEPT]

    def older(self, shown: str) -> str:
        """What was sent before that which is `shown` now; `shown` where there is nothing."""
        if self._at < 0 or self._texts[self._at] != shown:
            self._at, self._written = -1, shown
        self._at = min(self._at + 1, len(self._texts) - 1)
        return self._texts[self._at] if self._at >= 0 else shown

    def newer(self, shown: str) -> str:
        """The way back."""
        if self._at < 0 or self._texts[self._at] != shown:
            return shown
        self._at -= 1
        return self._texts[self._at] if self._at >= 0 else self._written
