"""Reads the end of a growing Markdown text and settles what no further line can change."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from markdown_it.token import Token

from app.markup import limits
from app.markup.blocks import Block, Paragraph, plain_from
from app.markup.convert import Converter, is_closed
from app.markup.grammar import Definitions, Env, Late, grammar, groups, read_until
from app.markup.growing import HEAD, GrowingCode, GrowingList, GrowingTable, Unit, with_part
from app.markup.unfinished import unfinished

_Parts: TypeAlias = GrowingList | GrowingTable

_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
_FENCE = re.compile(r" {0,3}(?:`{3}|~{3})")


class TailReader:
    """The finished top-level blocks and the tail behind them. For one thread, as the grammar is.

    `finished` only grows, and what changes in it is told by `take_stable`; `line` is the source line on
    which the tail starts.
    """

    def __init__(self) -> None:
        self.finished: list[Block] = []
        self.line = 0
        self._grammar = grammar()
        self._definitions = Definitions()
        self._tail = ""
        self._settled = 0  # characters of the tail that have been searched for what is final
        self._head = ""  # of the table that grows; read above the tail
        self._parts: _Parts | None = None
        self._code: GrowingCode | None = None
        self._late = False  # the tail takes too long to read: plain until an empty line
        self._again = False  # most of the tail has been read before
        self._end = 0.0  # of the time that reading it again has, on the thread's own clock
        self._units: list[Unit] = []
        self._stable = 0
        self._read: tuple[int, list[Block]] | None = None  # how long the tail was, and what it was then

    def take(self, text: str) -> None:
        """Add text whose only line end is `\\n`. All that is read until the next is has its time together."""
        self._end = time.thread_time() + limits.GROWING_SECONDS
        self._again = len(text) < len(self._tail)
        self._tail += text

    def give_back(self) -> str:
        """Return the tail and forget it."""
        tail, self._tail, self._settled, self._code = self._tail, "", 0, None
        return tail

    @property
    def late_count(self) -> int:
        """How often something in this thread took too long to be read."""
        return self._grammar.late_count

    def take_stable(self) -> int:
        """How many finished blocks have not changed since this was last asked."""
        stable, self._stable = self._stable, len(self.finished)
        return stable

    # --- the tail ----------------------------------------------------------------------------------

    def tail(self) -> list[Block]:
        """The blocks behind the finished ones, half-written marks completed or left out.

        A tail of many thousand characters is read again only when it has grown by a part of its length.
        """
        if self._code:
            return [self._code.block(self._tail)]
        length = len(self._tail)
        if self._read is None or length - self._read[0] > _patience(length):
            self._read = length, self._tail_blocks()
        return self._read[1]

    def _tail_blocks(self) -> list[Block]:
        pieces = [] if self._late else self._read_tail()
        blocks: list[Block] = [self._converter().block(piece) for piece in pieces]
        if self._late:  # reading is what shows it
            blocks = [plain_from(self._tail, self.line)]
        if blocks and isinstance(blocks[-1], Paragraph) and not blocks[-1].spans:
            blocks.pop()
        if self._parts is None:
            return blocks
        if blocks and not self._late and self._parts.continued_by(pieces[0][0]):
            return [self._parts.block(self.line, blocks[0]), *blocks[1:]]
        return [self._parts.block(self.line), *blocks]

    def _read_tail(self) -> list[list[Token]]:
        env = self._trial(unknown=True)
        if not self._again:
            read_until(env, time.thread_time() + limits.BLOCK_SECONDS)
        try:
            pieces = list(groups(unfinished(self._grammar, self._head + self._tail, env)))
        except Late:  # while what is half there was completed
            self._grammar.late_count += 1
            self._late = True
            return []
        for group in pieces:
            if group[0].type == "plain" or not self._grammar.inline(group, env):
                self._late = True
                break
        return pieces

    def _trial(self, *, unknown: bool) -> Env:
        env = self._definitions.trial(unknown=unknown)
        if unknown and self._again:
            read_until(env, self._end)
        return env

    def _converter(self) -> Converter:
        return Converter(self.line - self._head.count("\n"))

    # --- settling ----------------------------------------------------------------------------------

    def settle(self) -> None:
        """Move all that no further line can change from the tail to the finished blocks."""
        end = self._tail.rfind("\n") + 1
        if end - self._settled <= (0 if self._code else _patience(end)):
            return
        self._settled = end
        self._read = None
        if self._code:
            if self._code.grow(self._tail, end):
                return
            self._code = None
        if self._late and not self._end_late(end):
            return
        text = self._head + self._tail[: self._settled]
        env = self._trial(unknown=True)
        pieces = list(groups(self._grammar.blocks(text, env)))
        if self._parts and not (pieces and self._parts.continued_by(pieces[0][0])):
            # Only when reading took too long: else a list goes on until its end has been seen.
            self._close_parts()
            self._late = True
            return
        lines = text.split("\n")
        cut = _cut(pieces, lines, self._head.count("\n"), env)
        parts = _final_parts(pieces, lines, cut)
        self._learn(self._definitions.adopt(env, parts.line if parts else cut))
        for group in pieces[:-1]:
            self._add(group)
        if parts:
            self._add_parts(parts)
        self._move(lines, parts.line if parts else cut, parts.head if parts else self._kept_head(cut))
        if pieces:
            self._open(pieces[-1][0])

    def _kept_head(self, cut: int) -> str:
        """The table's head while nothing moves; what moves without parts leaves the table behind."""
        return self._head if cut <= self._head.count("\n") else ""

    def _move(self, lines: list[str], cut: int, head: str) -> None:
        """Let the tail start with line `cut` of the text that was read."""
        above = self._head.count("\n")
        if cut > above:
            moved = sum(len(line) + 1 for line in lines[above:cut])
            self._tail = self._tail[moved:]
            self._settled -= moved
            self.line += cut - above
            self._head = head

    def _open(self, last: Token) -> None:
        """See to a last block that needs no parser to grow."""
        if self._parts is None and last.type == "fence" and not is_closed(last):
            if _FENCE.match(self._tail):
                self._code = GrowingCode(last, self._tail, self.line)
                self._code.grow(self._tail, self._settled)
        elif last.type == "plain":
            self._late = not _EMPTY_LINE.search(self._tail, 0, self._settled)

    def _end_late(self, end: int) -> bool:
        """End a block that took too long at the first empty line, if there is one."""
        empty = _EMPTY_LINE.search(self._tail, 0, end)
        if not empty:
            return False
        self._close_parts()
        cut = empty.start() + 1
        text = self._tail[:cut]
        self.finished.append(plain_from(text, self.line))
        self._tail = self._tail[cut:]
        self._settled -= cut
        self.line += text.count("\n")
        self._late = False
        return True

    def end(self) -> None:
        """Settle all of the tail as it stands."""
        env = self._trial(unknown=False)
        text = self._head + self._tail
        pieces = list(groups(self._grammar.blocks(text, env)))
        if self._parts and not (pieces and self._parts.continued_by(pieces[0][0])):
            self._close_parts()
            pieces = list(groups(self._grammar.blocks(self._tail, env)))
        labels = self._definitions.adopt(env, text.count("\n") + 1)
        self._resolve((u for u in self._units if u.unsettled() or u.names(labels)), unknown=False)
        for group in pieces:
            self._add(group, unknown=False)
        self._tail = self._head = ""
        self._code, self._late = None, False

    # --- finished blocks ---------------------------------------------------------------------------

    def _add(self, group: list[Token], *, unknown: bool = True) -> None:
        """Take a finished top-level block."""
        if self._parts:
            self._finish_parts(self._parts, group, unknown=unknown)
            return
        self._inline(group, None, unknown=unknown)
        self.finished.append(self._converter().block(group))

    def _inline(self, group: list[Token], part: int | None, *, unknown: bool = True) -> None:
        env = self._trial(unknown=unknown)
        self._grammar.inline(group, env)
        if any(token.type == "inline" and "[" in token.content for token in group):
            self._units.append(Unit(group, self._converter(), len(self.finished), part))

    def _add_parts(self, final: _FinalParts) -> None:
        """Take the finished items or rows of the last block."""
        if self._parts is None:
            first_line = self.line - self._head.count("\n") + (final.group[0].map or [0])[0]
            if final.head:
                thead = _table_head(final.group)
                self._inline(thead, HEAD)
                self._parts = GrowingTable(thead, self._converter(), first_line)
            else:
                self._parts = GrowingList(final.group[0], first_line)
        self._extend(self._parts, final.group[0], final.parts)

    def _extend(
        self,
        whole: _Parts,
        head: Token,
        parts: list[list[Token]],
        *,
        unknown: bool = True,
    ) -> None:
        for i, part in enumerate(parts):
            self._inline(part, whole.size() + i, unknown=unknown)
        whole.add(self._converter(), head, parts)

    def _finish_parts(self, whole: _Parts, group: list[Token], *, unknown: bool) -> None:
        self._extend(whole, group[0], _parts_of(group), unknown=unknown)
        end = (group[0].map or [0, 0])[1] + self.line - self._head.count("\n")
        self.finished.append(whole.block(end))
        self._parts = None

    def _close_parts(self) -> None:
        if self._parts:
            self.finished.append(self._parts.block(self.line))
            self._parts, self._head = None, ""

    def _learn(self, labels: set[str]) -> None:
        if labels:
            self._resolve((unit for unit in self._units if unit.names(labels)), unknown=True)

    def _resolve(self, units: Iterable[Unit], *, unknown: bool) -> None:
        """Read the words of finished pieces again, with the definitions as they are now."""
        self._read = None
        for unit in units:
            self._grammar.inline(unit.tokens, self._trial(unknown=unknown))
            self._stable = min(self._stable, unit.block)
            if unit.part is None:
                self.finished[unit.block] = unit.converter.block(unit.tokens)
            elif unit.block < len(self.finished):
                self.finished[unit.block] = with_part(self.finished[unit.block], unit.part, unit)
            elif self._parts:
                self._parts.change(unit.part, unit.converter, unit.tokens)


def _patience(length: int) -> int:
    """How much a tail of this length may grow before it is read again: 0 up to 8,000 characters."""
    return max(0, length // 64 - 125)


@dataclass(frozen=True, slots=True)
class _FinalParts:
    """The items or rows of the last block that are final; the tail goes on at `line`, below `head`."""

    group: list[Token]
    parts: list[list[Token]]
    line: int
    head: str


def _cut(pieces: list[list[Token]], lines: list[str], above: int, env: Env) -> int:
    """The line from which on all may still change: where the last block starts.

    Lines directly above it that belong to no block are link definitions, whose title may still come.
    """
    if not pieces:
        defined = [*env["references"].maps[0].values(), *env.get("duplicate_refs", ())]
        return max((link["map"][0] for link in defined), default=len(lines) - 1)
    cut = (pieces[-1][0].map or [0])[0]
    floor = (pieces[-2][0].map or [0, 0])[1] if len(pieces) > 1 else above
    while cut > floor and lines[cut - 1].strip():
        cut -= 1
    return cut


def _final_parts(pieces: list[list[Token]], lines: list[str], cut: int) -> _FinalParts | None:
    if not pieces or (pieces[-1][0].map or [-1])[0] != cut:
        return None
    group = pieces[-1]
    parts = _parts_of(group)
    if len(parts) < 2:
        return None
    line = (parts[-1][0].map or [0])[0]
    if group[0].type == "table_open":
        return _FinalParts(group, parts[:-1], line, "\n".join(lines[cut : cut + 2]) + "\n")
    if "|" in lines[line] or re.fullmatch(r"[ |:\t-]*-[ |:\t-]*", lines[line + 1]):
        return None  # as the first of its list this line would be a table's head
    return _FinalParts(group, parts[:-1], line, "")


def _parts_of(group: list[Token]) -> list[list[Token]]:
    """The items of a list, the rows of a table's body."""
    match group[0].type:
        case "bullet_list_open" | "ordered_list_open":
            return list(groups(group[1:-1], group[0].level + 1))
        case "table_open":
            body = next((i for i, token in enumerate(group) if token.type == "tbody_open"), None)
            return [] if body is None else list(groups(group[body + 1 : -2], group[0].level + 2))
        case _:
            return []


def _table_head(group: list[Token]) -> list[Token]:
    end = next(i for i, token in enumerate(group) if token.type == "thead_close")
    return group[1 : end + 1]
