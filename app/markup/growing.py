"""The pieces of a growing answer that are known in part: lists, tables and code that still grow, and
finished pieces whose links may still find their definition.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from markdown_it.common.utils import normalizeReference
from markdown_it.token import Token

from app.markup.blocks import Align, Block, CodeBlock, ListBlock, ListItem, Row, Table
from app.markup.convert import Converter, info_of
from app.markup.languages import language_of

HEAD = -1
"""The place of a table's head among its parts."""


@dataclass(slots=True)
class Unit:
    """A finished piece, its tokens kept because a later definition may make links of its brackets.

    `block` is its place among the top-level blocks; `part` its place among the parts of that block, None
    where it is the whole block.
    """

    tokens: list[Token]
    converter: Converter
    block: int
    part: int | None
    words: str = field(init=False)

    def __post_init__(self) -> None:
        contents = (token.content for token in self.tokens if token.type == "inline")
        self.words = normalizeReference("\n".join(content for content in contents if "[" in content))

    def names(self, labels: set[str]) -> bool:
        """Whether one of the labels, in their normal form, stands in the piece."""
        return any(label in self.words for label in labels)

    def unsettled(self) -> bool:
        """Whether the piece shows a mark as a link or a note whose definition has not come."""
        children = (child for token in self.tokens for child in token.children or ())
        return any(c.type == "footnote_ref" or c.attrs.get("href") == "pending:" for c in children)


class GrowingList:
    """A list whose items are finished but for the last, which is in the tail."""

    def __init__(self, head: Token, first_line: int) -> None:
        self._head = head
        self._first_line = first_line
        self._tight = True
        self._items: list[ListItem] = []

    def continued_by(self, head: Token) -> bool:
        """Whether the block with this opening token is more of the same list."""
        return head.type == self._head.type and head.markup == self._head.markup

    def size(self) -> int:
        """How many items are finished."""
        return len(self._items)

    def add(self, converter: Converter, head: Token, groups: list[list[Token]]) -> None:
        """Take finished items; `head` opened the part of the list that they were read in."""
        self._tight = self._tight and "tight" in head.meta
        self._items += [converter.item(group) for group in groups]

    def change(self, part: int, converter: Converter, tokens: list[Token]) -> None:
        """Make one item anew."""
        self._items[part] = converter.item(tokens)

    def block(self, end: int, more: Block | None = None) -> Block:
        """The list up to source line `end`, continued by what the tail shows of it."""
        tight, items = self._tight, tuple(self._items)
        if isinstance(more, ListBlock):
            tight, items, end = tight and more.tight, items + more.items, more.lines[1]
        whole = Converter().list_block(self._head, items, (self._first_line, end))
        return replace(whole, tight=tight)


class GrowingTable:
    """A table whose rows are finished but for the last, which is in the tail below a copy of the head."""

    def __init__(self, tokens: list[Token], converter: Converter, first_line: int) -> None:
        self._alignments: tuple[Align, ...]
        self._head: Row
        self._alignments, self._head = converter.table_head(tokens)
        self._first_line = first_line
        self._rows: list[Row] = []

    def continued_by(self, head: Token) -> bool:
        """Whether the block with this opening token is more of the same table."""
        return head.type == "table_open"

    def size(self) -> int:
        """How many rows are finished."""
        return len(self._rows)

    def add(self, converter: Converter, _head: Token, groups: list[list[Token]]) -> None:
        """Take finished rows."""
        self._rows += [converter.row(group) for group in groups]

    def change(self, part: int, converter: Converter, tokens: list[Token]) -> None:
        """Make one row anew."""
        if part == HEAD:
            self._head = converter.row(tokens)
        else:
            self._rows[part] = converter.row(tokens)

    def block(self, end: int, more: Block | None = None) -> Block:
        """The table up to source line `end`, continued by what the tail shows of it."""
        rows = tuple(self._rows)
        if isinstance(more, Table):
            rows, end = rows + more.rows, more.lines[1]
        return Table(self._alignments, self._head, rows, (self._first_line, end))


def with_part(block: Block, part: int, unit: Unit) -> Block:
    """A finished list or table with one part made anew."""
    match block:
        case ListBlock(items=items):
            item = unit.converter.item(unit.tokens)
            return replace(block, items=(*items[:part], item, *items[part + 1 :]))
        case Table() if part == HEAD:
            return replace(block, head=unit.converter.row(unit.tokens))
        case Table(rows=rows):
            row = unit.converter.row(unit.tokens)
            return replace(block, rows=(*rows[:part], row, *rows[part + 1 :]))
        case _:
            raise ValueError("only lists and tables have parts")


class GrowingCode:
    """A fenced block at the very start of the tail whose end has not come: its lines need no parser."""

    def __init__(self, fence: Token, source: str, first_line: int) -> None:
        self._info = info_of(fence)
        self._first_line = first_line
        opening = source.partition("\n")[0]
        indent = len(opening) - len(opening.lstrip(" "))
        self._indent = re.compile(rf"^ {{1,{indent}}}", re.MULTILINE) if indent else None
        mark, size = re.escape(fence.markup[0]), len(fence.markup)
        self._closer = re.compile(rf"^ {{0,3}}{mark}{{{size},}}[ \t]*$", re.MULTILINE)
        self._half = re.compile(rf" {{0,3}}{mark}{{1,{size}}}[ \t]*")
        self._read = len(opening) + 1
        self._text = ""

    def grow(self, source: str, end: int) -> bool:
        """Take the whole lines of `source` before `end`; False if one of them ends the block."""
        if self._closer.search(source, self._read, end):
            return False
        self._text += self._without_indent(source[self._read : end])
        self._read = end
        return True

    def block(self, source: str) -> CodeBlock:
        """The block with the line that is still being written, unless that may become the closing fence."""
        line = source[self._read :]
        text = self._text if self._half.fullmatch(line) else self._text + self._without_indent(line)
        lines = source.count("\n") + (not source.endswith("\n"))
        end = self._first_line + lines
        return CodeBlock(language_of(self._info), self._info, text, False, (self._first_line, end))

    def _without_indent(self, text: str) -> str:
        return self._indent.sub("", text) if self._indent else text
