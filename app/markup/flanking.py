"""Where emphasis begins and ends beside letters of scripts that put no spaces between words."""

from __future__ import annotations

import unicodedata

from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned


def is_unspaced(character: str) -> bool:
    """Whether it is a letter of Chinese, Japanese or Korean; "" is none."""
    if not character or character.isascii():
        return False
    is_letter = unicodedata.category(character)[0] == "L"
    return is_letter and unicodedata.east_asian_width(character) in "WFH"


class Inline(StateInline):
    """The state of the inline parser.

    CommonMark takes `**` between punctuation and a letter for the beginning of a word's, so that `**「a」**b`
    stays as it was typed. Where words have no spaces between them that is emphasis (commonmark-spec#650).
    """

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803 - its names
        scanned = super().scanDelims(start, canSplitWord)
        if not canSplitWord or self.src.isascii() or (scanned.can_open and scanned.can_close):
            return scanned
        end = start + scanned.length
        before, after = self.src[max(0, start - 1) : start], self.src[end : min(end + 1, self.posMax)]
        can_open = scanned.can_open or (is_unspaced(before) and bool(after) and not after.isspace())
        can_close = scanned.can_close or (is_unspaced(after) and bool(before) and not before.isspace())
        return Scanned(can_open, can_close, scanned.length)
