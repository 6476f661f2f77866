"""Colours of code: spans of a kind for each line, also while the code still grows.

Positions count Python characters; where UTF-16 units are needed (Qt), the caller converts.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from app.markup import limits
from app.markup.languages import language_of

if TYPE_CHECKING:
    from pygments.lexer import Lexer


class Kind(Enum):
    """What a piece of code is; the value is the name of its colour in the design tokens."""

    KEYWORD = "syn.keyword"
    STRING = "syn.string"
    NUMBER = "syn.number"
    FUNCTION = "syn.function"
    TYPE = "syn.type"
    COMMENT = "syn.comment"
    INSERTED = "diff.inserted"
    DELETED = "diff.deleted"
    HUNK = "diff.hunk"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of one line; what no span covers is `syn.text`."""

    start: int
    length: int
    kind: Kind


Line: TypeAlias = tuple[Span, ...]

_LOOK_AHEAD = 2
"""Lines whose colours may depend on the next ones (decorators, here-documents); not final until these are."""


def highlight(language: str, text: str) -> tuple[Line, ...]:
    """The spans of each line of a whole block of code; no lines where the language is not known.

    Takes 2 to 170 ms for 1,000 lines. To do it in slices, feed a `GrowingHighlight`.
    """
    growing = GrowingHighlight(language)
    growing.update(text)
    return growing.finish()


def load(language: str) -> None:
    """Have what reads this language at hand, which takes up to 50 ms at its first use. For any thread."""
    GrowingHighlight(language).update("x\n")


class GrowingHighlight:
    """Highlights code that grows, reading again only the last lines."""

    def __init__(self, language: str) -> None:
        self._lexer = _lexer(language)
        self._by_state = self._lexer is not None and _keeps_no_state(self._lexer)
        self._lines: list[Line] = []
        self._text = ""
        self._final = 0  # characters whose colours are settled
        self._final_lines = 0
        self._stack: tuple[str, ...] = ("root",)
        self._read_lines = 0

    @property
    def reads_on(self) -> bool:
        """Whether more code costs only what that is; else all of it is read again."""
        return self._by_state

    @property
    def lines(self) -> tuple[Line, ...]:
        """The spans of all lines so far."""
        return tuple(self._lines)

    def update(self, text: str) -> int:
        """Take the code so far, which begins as it did before; return the first line whose spans are new."""
        before = len(self._text)
        self._text = _within_limits(text)
        if self._lexer is None or len(self._text) == before:
            return len(self._lines)
        if self._by_state:
            return self._read_on(self._lexer)
        # Such a lexer reads from the start, so it does when an eighth has come: linear in sum.
        count = self._text.count("\n")
        if count - self._read_lines <= self._read_lines // 8:
            return len(self._lines)
        return self._read_all(self._lexer)

    def finish(self) -> tuple[Line, ...]:
        """The spans of all lines, now that the code is whole."""
        if self._lexer is not None and not self._by_state:
            self._read_all(self._lexer)
        return self.lines

    def _read_all(self, lexer: Lexer) -> int:
        self._read_lines = self._text.count("\n")
        pieces = ((kind, value) for _, kind, value in lexer.get_tokens_unprocessed(self._text))
        before, self._lines = self._lines, _lines(_in_time(pieces))
        pairs = enumerate(zip(before, self._lines, strict=False))
        return next((i for i, (a, b) in pairs if a != b), min(len(before), len(self._lines)))

    def _read_on(self, lexer: Lexer) -> int:
        first = self._final_lines
        # One settled line more, for patterns that look behind.
        context = self._text.rfind("\n", 0, max(0, self._final - 1)) + 1
        source = self._text[context:]
        at = self._final - context
        goal = len(source)
        for _ in range(_LOOK_AHEAD + 1):
            goal = source.rfind("\n", 0, goal)
            if goal < 0:
                break
        pieces: list[tuple[Any, str]] = []
        settled: tuple[int, tuple[str, ...]] | None = None
        for piece in _in_time(_tokens(lexer, source, self._stack, at)):
            match piece:
                case int(end), tuple(stack):
                    if at < end <= goal + 1:
                        settled = end, stack
                case _:
                    pieces.append(piece)
        self._lines[first:] = _lines(pieces)
        if settled:
            end, self._stack = settled
            self._final_lines += source.count("\n", at, end)
            self._final = context + end
        return first


def _within_limits(text: str) -> str:
    """The lines that are highlighted; lines that are too long are empty in it."""
    lines = text.split("\n", limits.CODE_LINES)[: limits.CODE_LINES]
    if max(map(len, lines)) > limits.CODE_LINE_CHARACTERS:
        lines = ["" if len(line) > limits.CODE_LINE_CHARACTERS else line for line in lines]
    return "\n".join(lines)


@lru_cache(maxsize=32)
def _lexer(language: str) -> Lexer | None:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    name = language_of(language)
    if not name or name == "text":
        return None
    try:
        return get_lexer_by_name(name)
    except ClassNotFound:
        return None


def _keeps_no_state(lexer: Lexer) -> bool:
    """Whether the lexer's states are all there is to know at the end of a line.

    C, C++, JSON and YAML have loops of their own; they are read whole.
    """
    from pygments.lexer import RegexLexer

    return type(lexer).get_tokens_unprocessed is RegexLexer.get_tokens_unprocessed


def _in_time(pieces: Iterable[Any]) -> Iterator[Any]:
    """The pieces that come before the time for one call is over; the rest of the code stays plain.

    What other programs took of the time doesn't count.
    """
    deadline = time.perf_counter() + limits.BLOCK_SECONDS
    used_up = time.thread_time() + limits.BLOCK_SECONDS
    for piece in pieces:
        yield piece
        if time.perf_counter() > deadline and time.thread_time() > used_up:
            return


def _tokens(lexer: Any, text: str, stack: tuple[str, ...], at: int) -> Iterator[tuple[Any, Any]]:
    """What Pygments' RegexLexer does with its table of states, from a place and a stack of states on.

    Yields (token type, value), and after each token that ends a line (position, stack of states).
    """
    from pygments.token import Error, Token, Whitespace

    table = lexer._tokens
    states = list(stack)
    while at < len(text):
        for matches, action, new in table[states[-1]]:
            found = matches(text, at)
            if not found:
                continue
            if isinstance(action, type(Token)):
                yield action, found.group()
            elif action is not None:
                for _, kind, value in action(lexer, found):
                    yield kind, value
            at = found.end()
            if new is not None:
                _change(states, new)
            break
        else:
            if text[at] == "\n":
                states = ["root"]
                yield Whitespace, "\n"
            else:
                yield Error, text[at]
            at += 1
        if at and text[at - 1] == "\n":
            yield at, tuple(states)


def _change(states: list[str], new: Any) -> None:
    """Apply a transition of the table: names to push, "#pop", "#push", or how many to take off (negative)."""
    match new:
        case int():
            # The first state always stays.
            del states[max(1, len(states) + new) :]
        case "#push":
            states.append(states[-1])
        case tuple():
            for state in new:
                if state == "#pop":
                    del states[max(1, len(states) - 1) :]
                else:
                    states.append(states[-1] if state == "#push" else state)
        case _:
            raise ValueError(f"an unknown transition: {new!r}")


def _lines(pieces: Iterable[tuple[Any, str]]) -> list[Line]:
    """The spans of each line that the pieces make up, neighbours of one kind joined."""
    lines: list[Line] = []
    line: list[Span] = []
    column = 0
    name = 0  # the length of the name that stands right before, where it has no kind of its own
    for token, value in pieces:
        kind = _kind(token)
        if name and value.startswith("("):
            line.append(Span(column - name, name, Kind.FUNCTION))
        name = len(value) if kind is None and token[:1] == ("Name",) else 0
        for i, text in enumerate(value.split("\n")):
            if i:
                lines.append(tuple(line))
                line, column = [], 0
            if not text:
                continue
            last = line[-1] if line else None
            if kind and last and last.kind is kind and last.start + last.length == column:
                line[-1] = Span(last.start, last.length + len(text), kind)
            elif kind and not text.isspace():
                # Whether indentation belongs to a token depends on how far the lexer looked ahead.
                indent = 0 if column else len(text) - len(text.lstrip())
                line.append(Span(column + indent, len(text) - indent, kind))
            column += len(text)
    if column:
        lines.append(tuple(line))
    return lines


_KINDS = {
    "Comment": Kind.COMMENT,
    "Comment.Preproc": Kind.KEYWORD,
    "Comment.PreprocFile": Kind.STRING,
    "Generic.Deleted": Kind.DELETED,
    "Generic.Heading": Kind.HUNK,
    "Generic.Inserted": Kind.INSERTED,
    "Generic.Prompt": Kind.COMMENT,
    "Generic.Subheading": Kind.HUNK,
    "Keyword": Kind.KEYWORD,
    "Keyword.Constant": Kind.NUMBER,
    "Keyword.Type": Kind.TYPE,
    "Literal.Date": Kind.NUMBER,
    "Literal.Number": Kind.NUMBER,
    "Literal.String": Kind.STRING,
    "Name.Attribute": Kind.FUNCTION,
    "Name.Builtin": Kind.FUNCTION,
    "Name.Builtin.Pseudo": Kind.KEYWORD,
    "Name.Class": Kind.TYPE,
    "Name.Constant": Kind.NUMBER,
    "Name.Decorator": Kind.FUNCTION,
    "Name.Entity": Kind.NUMBER,
    "Name.Exception": Kind.TYPE,
    "Name.Function": Kind.FUNCTION,
    "Name.Namespace": Kind.TYPE,
    "Name.Tag": Kind.KEYWORD,
    "Operator.Word": Kind.KEYWORD,
}


@lru_cache(maxsize=512)
def _kind(token: tuple[str, ...]) -> Kind | None:
    """The kind of a Pygments token type, from its nearest ancestor that has one."""
    for length in range(len(token), 0, -1):
        if kind := _KINDS.get(".".join(token[:length])):
            return kind
    return None
