"""Markdown that is still being written: finished blocks, and a tail that is read again as it grows.

All top-level blocks but the last are final, since CommonMark decides by open blocks; so only the last one is
read again when a line ends. Of lists and tables all items and rows but the last are final too, and in an
open fence nothing needs reading but the search for its end. What can still change in a finished block is
what a later definition makes of its brackets, and whether a list is tight.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.markup import limits
from app.markup.blocks import Block, CodeBlock, ListBlock, Plain, Quote, Table, plain_from

if TYPE_CHECKING:
    from app.markup.reader import TailReader


@dataclass(frozen=True, slots=True)
class Update:
    """What has changed since the update before: `kept` blocks stay, `blocks` replace all behind them.

    `inner` says how much of `blocks[0]` is the same as in the block that was shown in its place: so many
    leading items of a list, rows of a table, blocks of a quote, or characters of code or plain text; what
    is behind may be appended. It is 0 where the block is new or must be drawn anew.
    """

    kept: int
    blocks: tuple[Block, ...]
    inner: int


class GrowingMarkdown:
    """The blocks of a text that arrives in pieces. The same text in any pieces ends as `parse` gives it.

    `feed` only keeps the text; `update` reads it, so its caller decides how often that happens. One object
    belongs to one thread.
    """

    def __init__(self) -> None:
        self._reader: TailReader | None = None  # the parser loads with the first text, not at the start
        self._fed: list[str] = []
        self._taken = 0
        self._rest: list[str] = []  # behind the part that is parsed
        self._rest_line = 0
        self._shown: list[Block] = []
        self._ended = False
        self.is_rough = False
        """Whether something is plain that took too long to read while it grew: the text is to be parsed anew
        when it has ended."""

    @property
    def finished(self) -> tuple[Block, ...]:
        """The blocks that no further text changes, but for late definitions (`update` tells)."""
        return tuple(self._reader.finished) if self._reader else ()

    @property
    def tail(self) -> tuple[Block, ...]:
        """The blocks behind the finished ones as last shown, half-written marks completed or left out."""
        return tuple(self._shown[len(self._reader.finished) :]) if self._reader else ()

    def feed(self, text: str) -> None:
        """Add text. Cheap: nothing is read before the next `update`."""
        self._fed.append(text)

    def update(self) -> Update:
        """Read what was fed and say what is to be drawn anew."""
        reader = self._take()
        late_count = reader.late_count
        if not self._ended:
            reader.settle()
        stable = reader.take_stable()
        new = [*reader.finished[stable:], *(() if self._ended else reader.tail()), *self._plain()]
        self.is_rough |= reader.late_count > late_count
        old = self._shown[stable:]
        same = next(
            (i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
        )
        inner = _common(old[same], new[same]) if same < min(len(old), len(new)) else 0
        self._shown[stable + same :] = new[same:]
        return Update(stable + same, tuple(new[same:]), inner)

    def finish(self) -> tuple[Block, ...]:
        """End the text and return all of it; a last `update` tells what that changed.

        It is no good where it `is_rough`.
        """
        reader = self._take()
        if self._fed:
            self._fed = ["\n"]  # a CR at the very end
            self._take()
        if not self._ended:
            reader.end()
            self._ended = True
        return (*reader.finished, *self._plain())

    def _take(self) -> TailReader:
        if self._reader is None:
            from app.markup.reader import TailReader

            self._reader = TailReader()
        text = "".join(self._fed)
        self._fed.clear()
        if text.endswith("\r"):
            text = text[:-1]
            self._fed.append("\r")  # the other half of a line end may follow
        text = _normalised(text)
        self._taken += len(text)
        if self._ended:
            self._rest += [text] if text else []
        elif self._taken <= limits.RICH_CHARACTERS:
            self._reader.take(text)
        else:
            self._end_rich(self._reader, text)
        return self._reader

    def _end_rich(self, reader: TailReader, text: str) -> None:
        """End the part that is parsed where `limits.rich_end` ends it."""
        unread = reader.give_back() + text
        before = self._taken - len(unread)
        end = unread.rfind("\n", 0, limits.RICH_CHARACTERS - before) + 1
        if not end and not before:
            end = limits.RICH_CHARACTERS
        reader.take(unread[:end])
        self._rest_line = reader.line + unread.count("\n", 0, end)
        self._rest = [unread[end:]]
        reader.end()
        self._ended = True

    def _plain(self) -> tuple[Block, ...]:
        if not self._rest:
            return ()
        self._rest = ["".join(self._rest)]
        return (plain_from(self._rest[0], self._rest_line),)


def _normalised(text: str) -> str:
    from app.markup.grammar import normalised

    return normalised(text)


def _common(old: Block, new: Block) -> int:
    """How much of the new block can be kept from the old one: see `Update.inner`."""
    match old, new:
        case ListBlock(), ListBlock():
            if (old.ordered, old.start, old.tight) == (new.ordered, new.start, new.tight):
                return _same(old.items, new.items)
        case Table(), Table():
            if (old.alignments, old.head) == (new.alignments, new.head):
                return _same(old.rows, new.rows)
        case Quote(a), Quote(b):
            return _same(a, b)
        case CodeBlock(), CodeBlock() if (old.language, old.info) != (new.language, new.info):
            return 0
        case (CodeBlock(text=a), CodeBlock(text=b)) | (Plain(a), Plain(b)):
            return len(a) if b.startswith(a) else 0
    return 0


def _same(old: tuple[object, ...], new: tuple[object, ...]) -> int:
    pairs = enumerate(zip(old, new, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(old), len(new)))
