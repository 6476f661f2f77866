r"""Unfinished marks at the end of a growing paragraph, completed to what they are becoming.

`**bo` is shown as bold already, `[te` as a link that can't be followed yet, half a formula as a sign that
one is on its way, half a picture not at all. This is for the last open line of a growing answer only: text
that is whole is shown as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from app.markup.blocks import PENDING, UNFINISHED
from app.markup.flanking import is_unspaced
from app.markup.math import dollar_end

_MARK = re.compile(r"\\|`+|\$\$?|\*+|_+|~+|!?\[|\]|<|&")
_WORD = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{3,}")
_DESTINATION = re.compile(
    r"\(\s*(?:<[^<>\n]*>|[^\s()<>]*(?:\([^\s()]*\)[^\s()]*)*)"
    r"(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?\s*\)"
)
_HALF_DESTINATION = re.compile(r"\(\s*(?:<[^<>\n]*|[^\s<>]*)(?:>?\s+(?:[\"'(][^\n]*)?)?")
_LABEL = re.compile(r"\[[^\[\]]*\]")
_HALF_LABEL = re.compile(r"\[[^\[\]]*$")
_HALF_NOTE = re.compile(r"\[\^[^\]\s]*$")
_NOTE = re.compile(r"\[\^[^\]\s]+\]")
_HALF_TAG = re.compile(r"<(?:[A-Za-z/!][^<>\s]*)?$")
_ADDRESS = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:[^<>\s]*>")
_HALF_ENTITY = re.compile(r"&(?:#\w{0,7}|[A-Za-z][A-Za-z0-9]{0,7})?$")

_LINK_CHARACTERS = 300
_FORMULA_CHARACTERS = 400
_FORMULA_WORDS = 6


@dataclass(slots=True)
class _Open:
    """A mark that waits for its end: a delimiter `size` times, or a bracket with size 0."""

    mark: str
    size: int
    at: int


def complete(text: str, check: Callable[[], None]) -> str:
    """The inline Markdown with all that is open at its end closed or left out; `check` may give it up."""
    return _Completion(text, check).result()


class _Completion:
    def __init__(self, text: str, check: Callable[[], None]) -> None:
        self._text = text
        self._check = check
        self._open: list[_Open] = []
        self._ended = False
        self._has_link = False  # one that is still to come

    def result(self) -> str:
        position = 0
        while not self._ended and (match := _MARK.search(self._text, position)):
            self._check()
            position = self._read(match)
        # A picture may stand in a link, but no link in a link.
        while not self._has_link and (bracket := self._bracket_index()) is not None:
            self._check()
            opened = self._open[bracket]
            inner = self._text[opened.at + len(opened.mark) :]
            if opened.mark == "[" and (len(inner) >= _LINK_CHARACTERS or inner[:1].isspace()):
                break
            self._pending(bracket, len(self._text))
        return self._closed(self._text)

    def _read(self, match: re.Match[str]) -> int:
        """Take one mark and return where to go on."""
        at, mark = match.start(), match[0]
        match mark[0]:
            case "\\":
                return self._backslash(at)
            case "`":
                return self._code(at, mark)
            case "$":
                return self._dollars(at, mark)
            case "*" | "_" | "~":
                return self._delimiter(at, mark)
            case "[" | "!":
                return self._bracket(at, mark)
            case "]":
                return self._bracket_end(at)
            case "<":
                if _HALF_TAG.match(self._text, at):
                    self._hide(at)
                whole = _ADDRESS.match(self._text, at)
                return whole.end() if whole else at + 1
            case _:
                if _HALF_ENTITY.match(self._text, at):
                    self._hide(at)
                return at + 1

    # --- ends of the text --------------------------------------------------------------------------

    def _end_with(self, text: str) -> None:
        self._text = text
        self._ended = True

    def _hide(self, at: int) -> None:
        self._end_with(self._text[:at])

    def _open_formula(self, at: int) -> None:
        """Show only that there will be a formula."""
        self._end_with(rf"{self._text[:at]}\({UNFINISHED}\)")

    def _closed(self, text: str, first: int = 0) -> str:
        """`text` with the delimiters closed that are open from the `first` one on; empty ones are dropped."""
        text = text.rstrip()
        waiting = [o for o in self._open[first:] if o.size and o.at < len(text)]
        while waiting and text == text[: waiting[-1].at] + waiting[-1].mark * waiting[-1].size:
            text = text[: waiting.pop().at].rstrip()
        return text + "".join(o.mark * o.size for o in reversed(waiting))

    def _pending(self, bracket: int, end: int) -> None:
        """Show what stands behind an open bracket as a link whose address is still to come."""
        opened = self._open[bracket]
        inner = self._closed(self._text[:end], bracket + 1)
        del self._open[bracket:]
        if opened.mark == "![" or len(inner) <= opened.at + 1:
            self._hide(opened.at)
        else:
            self._has_link = True
            self._end_with(f"{inner}]({PENDING})")

    def _bracket_index(self) -> int | None:
        return next((i for i in reversed(range(len(self._open))) if not self._open[i].size), None)

    # --- marks -------------------------------------------------------------------------------------

    def _backslash(self, at: int) -> int:
        following = self._text[at + 1 : at + 2]
        if not following:
            self._hide(at)
        elif following in "([":
            closer = "\\)" if following == "(" else "\\]"
            end = self._text.find(closer, at + 2)
            if end < 0:
                self._open_formula(at)
            return end + 2
        return at + 2

    def _code(self, at: int, ticks: str) -> int:
        start = at + len(ticks)
        closer = re.compile(rf"(?<!`){ticks}(?!`)").search(self._text, start)
        if closer:
            return closer.end()
        body = self._text[start:].rstrip("`")
        if body.strip():
            self._end_with(self._text[:start] + body.rstrip() + ticks)
        else:
            self._hide(at)
        return start

    def _dollars(self, at: int, mark: str) -> int:
        text, start = self._text, at + len(mark)
        if mark == "$$":
            end = text.find("$$", start)
        else:
            if at and text[at - 1].isalnum():
                return start
            end = dollar_end(text, at, len(text))
        if end >= 0:
            return end + len(mark)
        rest = text[start : start + _FORMULA_CHARACTERS + 1]
        if not rest or (not rest[0].isspace() and _like_formula(rest)):
            if rest:
                self._open_formula(at)
            else:
                self._hide(at)  # a price may follow
        return start

    def _delimiter(self, at: int, run: str) -> int:
        text, mark, end = self._text, run[0], at + len(run)
        if end == len(text):
            self._hide(at)  # opens nothing yet, or closes what is closed anyway
            return end
        if mark == "~" and len(run) != 2:
            return end
        before, after = _kind(text[at - 1 : at]), _kind(text[end])
        may_open, may_close = (is_unspaced(one) and mark != "_" for one in (text[at - 1 : at], text[end]))
        left = after != " " and (after != "." or before != "a" or may_open)
        right = before != " " and (before != "." or after != "a" or may_close)
        size = len(run)
        if right and (mark != "_" or not left or after == "."):
            size = self._close(mark, size)
        if size and left and (mark != "_" or not right or before == "."):
            self._open.append(_Open(mark, size, end - size))
        return end

    def _close(self, mark: str, size: int) -> int:
        """Close what these delimiters close and return how many of them are left."""
        while size:
            i = next((i for i in reversed(range(len(self._open))) if self._open[i].mark == mark), None)
            if i is None:
                return size
            used = 2 if min(size, self._open[i].size) >= 2 else 1
            size -= used
            self._open[i].size -= used
            del self._open[i + (self._open[i].size > 0) :]
        return size

    def _bracket(self, at: int, mark: str) -> int:
        if mark == "[":
            if _HALF_NOTE.match(self._text, at):
                self._hide(at)
            elif note := _NOTE.match(self._text, at):
                return note.end()
        self._open.append(_Open(mark, 0, at))
        return at + len(mark)

    def _bracket_end(self, at: int) -> int:
        bracket = self._bracket_index()
        end = at + 1
        if bracket is None:
            return end
        text = self._text
        whole = _DESTINATION.match(text, end) or _LABEL.match(text, end)
        if whole:
            del self._open[bracket:]
            return whole.end()
        if end == len(text) or _HALF_DESTINATION.fullmatch(text, end) or _HALF_LABEL.match(text, end):
            self._pending(bracket, at)
        else:
            del self._open[bracket]
        return end


def _kind(character: str) -> str:
    """ " " for white space and the ends of the text, "." for punctuation, "a" for the rest."""
    if not character or character.isspace():
        return " "
    return "." if unicodedata.category(character)[0] in "PS" else "a"


def _like_formula(rest: str) -> bool:
    if re.match(r"[\d,.]+(?:[^\\^_{}=\d,.]|$)", rest) and not re.match(r"[\d,.]+\s*[+*/^=\\-]", rest):
        return False  # a price
    if len(rest) > _FORMULA_CHARACTERS or len(_WORD.findall(rest)) > _FORMULA_WORDS:
        return False
    return bool(re.search(r"[\\^_{}=]", rest)) or (len(rest) < 24 and not re.search(r"\s", rest))
