"""What is looked for, and where a text holds it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from PySide6.QtCore import QTextBoundaryFinder

from app.markup import limits

Span: TypeAlias = tuple[int, int]
"""Where a hit begins and ends in a text, in characters."""

_SPACE = re.compile("[\t\u00a0\u2028\u202f]")
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")  # soft hyphens, places to break, joiners of words
# Unseen, or with marks, or more than one letter after folding; others of these only cost more time.
_ODD = re.compile(
    "[\u00ad\u00df\u0130\u0149\u01f0\u0300-\u036f\u0390\u03b0\u0587\u1e96-\u1e9e\u1f50-\u1fff"
    "\u200b\u2060\ufb00-\ufb17\ufeff]+"
)
_RUN = re.compile(r"[^\W_]+")
_MARKS = re.compile(r"[*_~`\[\]()<>\\]+")
# What draws words that stand otherwise in the source: entities, pictures, notes, coded addresses, and a
# bracket with more of the word behind it (`[do](…)cs`).
_REWRITTEN = re.compile(r"&[#\w]|!\[|\[\^|%[0-9A-Fa-f]{2}|xn--|[\])][*_~`]*+\w")
# What keeps words of the source from being drawn, or puts some together: addresses, formulas, tables, boxes,
# marks within a word, and runs so long that they are drawn in parts.
# None of it may step back: these read texts of others.
_HIDES = re.compile(
    r"\]\(|\]:|\]\[|!\[|\[\^|&[#\w]|%[0-9A-Fa-f]{2}|xn--|\$|\\[(\[]|\[[xX]\]|(?<!\S)\S{450}"
    r"|^[ \t>]*+\|?[ \t]*+:?-++:?[ \t]*+\||\w(?=['’.:,;]*+[*~`\\])[*~`\\'’.:,;]++\w",
    re.MULTILINE,
)
_FENCE = re.compile(r"^[ \t>*+\d.)-]*+(?:`{3,}+|~{3,}+)(.*)$", re.MULTILINE)
_MANY_LINES = 400  # of a text as long as this not all may be drawn


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a person looks for."""

    text: str
    match_case: bool = False
    whole_word: bool = False


@dataclass(frozen=True, slots=True)
class Folded:
    """A text made comparable. `places` has, for each of its letters and its end, the place in the text.

    A place is -1 within what was one letter of the text (`ß` becomes `ss`). `places` is None where each
    letter stands where it stood.
    """

    text: str
    places: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> Span | None:
        """Where these letters stand in the text; None where half a letter would be among them."""
        if self.places is None:
            return start, end
        first, last = self.places[start], self.places[end]
        return (first, last) if first >= 0 and last >= 0 else None


def folded(text: str, fold: Callable[[str], str]) -> Folded:
    """The text with composed letters, one kind of space and nothing that isn't seen, after `fold`."""
    if text.isascii():
        return Folded(fold(text.replace("\t", " ")))
    text = _SPACE.sub(" ", text)
    # A letter never becomes less than one: where there are no more than before, each became just one.
    if _is_plain(text) and len(result := fold(text)) == len(text):
        return Folded(result)
    letters: list[str] = []
    places: list[int] = []
    at = 0
    for odd in _ODD.finditer(text):
        start, end = max(at, odd.start()), odd.end()
        # A mark belongs to the letter before it, and to a letter belong all marks behind it.
        while start > at and unicodedata.combining(text[start]):
            start -= 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        if end > at:
            _fold_part(text, at, start, fold, letters, places)
            _fold_letters(text, start, end, fold, letters, places)
            at = end
    _fold_part(text, at, len(text), fold, letters, places)
    return Folded("".join(letters), (*places, len(text)))


def _fold_part(
    text: str, start: int, end: int, fold: Callable[[str], str], letters: list[str], places: list[int]
) -> None:
    part = text[start:end]
    if _is_plain(part) and len(result := fold(part)) == len(part):
        letters.append(result)
        places += range(start, end)
    else:
        _fold_letters(text, start, end, fold, letters, places)


def _fold_letters(
    text: str, start: int, end: int, fold: Callable[[str], str], letters: list[str], places: list[int]
) -> None:
    while start < end:
        behind = start + 1
        while behind < end and unicodedata.combining(text[behind]):
            behind += 1
        letter = unicodedata.normalize("NFC", _UNSEEN.sub("", text[start:behind]))
        letter = unicodedata.normalize("NFC", fold(letter))
        if letter:
            letters.append(letter)
            places += [start, *[-1] * (len(letter) - 1)]
        start = behind


def _is_plain(text: str) -> bool:
    return text.isascii() or (not _UNSEEN.search(text) and unicodedata.is_normalized("NFC", text))


def _as_it_is(text: str) -> str:
    return text


class Matcher:
    """A pattern made ready. It has no hits where there is nothing to look for.

    A hit lies within one line of the text. Hits don't overlap: they are found from left to right.
    Letters are compared by Unicode's case folding, composed or not being the same, unless case matters; a
    whole word begins and ends where Unicode's words do (UAX #29).
    """

    def __init__(self, pattern: Pattern) -> None:
        self.pattern = pattern
        self._fold = _as_it_is if pattern.match_case else str.casefold
        self._needle = folded(pattern.text, self._fold).text
        self._runs = _RUN.findall(folded(pattern.text, str.casefold).text)
        self._quick = _quick_count(self._needle)
        self._last = ("", Folded(""))

    def spans(self, text: str) -> list[Span]:
        """All hits in a text, first to last."""
        found: list[Span] = []
        needle = self._needle
        if not needle:
            return found
        hay = self._folded(text)
        edges = _WordEdges(text) if self.pattern.whole_word else None
        at = hay.text.find(needle)
        while at >= 0:
            span = hay.span(at, at + len(needle))
            is_hit = span is not None and (edges is None or edges.are_around(span))
            if span is not None and is_hit:
                found.append(span)
            at = hay.text.find(needle, at + (len(needle) if is_hit else 1))
        return found

    def _folded(self, text: str) -> Folded:
        if text is not self._last[0]:
            self._last = (text, folded(text, self._fold))
        return self._last[1]

    def may_be_in(self, source: str) -> bool:
        """Whether a message with this Markdown may have a hit where it is drawn; never wrongly no."""
        if not self._needle:
            return False
        plain = self._folded(source).text.casefold()
        if not self._runs:
            signs = self._needle.replace(" ", "")
            # Dollars, and signs beyond ASCII, are also drawn for other signs.
            is_drawn = not signs.isascii() or "$" in signs or "&" in plain
            return is_drawn or all(sign in plain for sign in signs)
        if all(run in plain for run in self._runs) or len(plain) > limits.RICH_CHARACTERS:
            return True
        if _REWRITTEN.search(plain):
            return True
        bare = _MARKS.sub("", plain)
        return all(run in bare for run in self._runs)

    def count_in(self, source: str) -> int | None:
        """How many hits a message with this Markdown has, where that can be told without reading it.

        That is so for words of letters in a text whose words are drawn as they stand.
        """
        is_long = len(source) > limits.PLAIN_CHARACTERS or source.count("\n") > _MANY_LINES
        if self._quick is None or is_long or _HIDES.search(source):
            return None
        hay = self._folded(source)
        if self._is_in_fence(source) or (self.pattern.whole_word and "_" in source):
            return None
        count = self._quick(hay.text)
        if count and (self.pattern.whole_word or hay.places is not None):
            return len(self.spans(source))
        return count

    def _is_in_fence(self, source: str) -> bool:
        return any(self._needle in folded(info, self._fold).text for info in _FENCE.findall(source))


def _quick_count(needle: str) -> Callable[[str], int | None] | None:
    """What counts words of letters with a space between them, and one behind; None for any other needle.

    It gives None where the words stand in a row with something else between them, which may not be drawn.
    """
    if needle.isalpha():
        return lambda text: text.count(needle)
    words = needle.split(" ")
    is_open = words[-1] == ""
    if not needle or not all(word.isalpha() for word in (words[:-1] if is_open else words)):
        return None
    exact = re.compile(re.escape(needle) + (r"(?=\S)" if is_open else ""))
    behind = r"(?=[^\w.,;:!?'\"’”)/%–—-]|_)" if is_open else ""
    any_way = re.compile(r"[\W_]+".join(re.escape(word) for word in words if word) + behind)

    def count(text: str) -> int | None:
        known = len(exact.findall(text))
        return known if known == len(any_way.findall(text)) else None

    return count


class _WordEdges:
    """Where words begin and end in a text; a line of it is looked at when it is first asked about."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._start = self._end = 0
        self._edges: frozenset[int] = frozenset()

    def are_around(self, span: Span) -> bool:
        """Whether a word begins where the span does, and one ends where it does."""
        first, last = span
        if not self._edges or not self._start <= first <= last <= self._end:
            self._start = self._text.rfind("\n", 0, first) + 1
            end = self._text.find("\n", last)
            self._end = len(self._text) if end < 0 else end
            self._edges = _word_edges(self._text[self._start : self._end])
        return first - self._start in self._edges and last - self._start in self._edges


def _word_edges(line: str) -> frozenset[int]:
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Word, line)
    edges = {0}
    while (at := finder.toNextBoundary()) >= 0:
        edges.add(at)
    if line.isascii() or max(line) <= "\uffff":
        return frozenset(edges)
    # The finder counts in UTF-16.
    result, at = set(), 0
    for place, letter in enumerate(line):
        if at in edges:
            result.add(place)
        at += 2 if letter > "\uffff" else 1
    return frozenset(result | {len(line)})
