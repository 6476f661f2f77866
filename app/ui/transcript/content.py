"""What one message holds, as pieces to draw; of a growing one only the end is made anew."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from app.core.completion import ReplyState
from app.core.conversation import Role, Turn
from app.core.parts import (
    DocumentPart,
    ImagePart,
    Part,
    ReferencePart,
    RefusalPart,
    Source,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    UnknownPart,
)
from app.markup import limits
from app.markup.blocks import Block, CodeBlock, Image, ListItem, Paragraph, Plain, Text, leaf_text
from app.markup.footnotes import Marks, marks_of, may_have_notes, numbered, numbering
from app.markup.references import References, source_blocks
from app.markup.tail import GrowingMarkdown
from app.ui.safe_picture import measure
from app.ui.transcript.flattener import Flattener, plain_pieces, stepped_pieces
from app.ui.transcript.pieces import (
    GAP,
    CodePiece,
    FormulaPiece,
    Hidden,
    Look,
    More,
    MorePiece,
    Para,
    PicturePiece,
    Piece,
    Segment,
    TablePiece,
)
from app.ui.transcript.qt_text import drawable

INLINE = TextPart | RefusalPart | ReferencePart
"""Parts that are, one after the other, one text."""


class MarkdownPieces:
    """The pieces of one Markdown text that may grow."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self._source = ""
        self._growing: GrowingMarkdown | None = None
        self._blocks: list[Block] = []
        self._starts: list[int] = []  # the first piece of each block
        self._flattener = Flattener()
        self._room = limits.PIECES
        self._used: list[int] = []  # of the room, up to the end of each block
        self._drawn = 0  # blocks that have pieces; a row stands for the others
        self._read: list[Block] = []  # the blocks as they were written, their notes by label
        self._marks: list[Marks] = []
        self._before: Mapping[str, int] = {}
        self._sources: Mapping[str, Source] = {}
        self.numbers: Mapping[str, int] = {}

    @property
    def blocks(self) -> Sequence[Block]:
        """What the pieces were made from."""
        return self._blocks

    def set_notes(self, before: Mapping[str, int], sources: Mapping[str, Source]) -> None:
        """Before an update: the numbers that the text before has given, and the sources known by now."""
        self._before, self._sources = before, sources

    @property
    def is_rough(self) -> bool:
        """Whether it has to be read anew when it has ended, for some of it took too long while it grew."""
        return self._growing is not None and self._growing.is_rough

    def unread(self, source_length: int) -> int:
        """How much is left to read of a text so long that has ended, if it is what was growing here."""
        is_same = self._growing is not None and not self.is_rough and len(self._source) <= source_length
        return source_length - len(self._source) if is_same else source_length

    def update(self, source: str, *, ended: bool) -> int:
        """Take the text so far and return the first piece that is another one."""
        if ended and self.is_rough:
            self._growing, self._source = None, ""
        if self._growing is None and ended:
            from app.markup.parse import parse

            if source == self._source:
                return len(self.pieces)
            self._source = source
            self._flattener.is_ended = True
            return self._replace(0, parse(source))
        if self._growing is None or not source.startswith(self._source):
            self._growing, self._source = GrowingMarkdown(), ""
            self._replace(0, ())
        growing = self._growing
        growing.feed(source[len(self._source) :])
        self._source = source
        if ended:
            growing.finish()
            self._growing = None  # what is ended is not fed again; its flattened items are not needed
        update = growing.update()
        return self._replace(update.kept, update.blocks)

    def show_more(self, piece: MorePiece) -> int:
        """Make pieces of more of what `piece` stands for, and return the first that is another one."""
        if piece.kind is More.BLOCKS:
            self._room = self._used[-1] + limits.PIECES
            return self._replace(self._drawn, self._read[self._drawn :])
        self._flattener.show_more(piece)
        line = piece.place[0]
        kept = next(i for i, block in enumerate(self._blocks) if line < block.lines[1])
        return self._replace(kept, self._read[kept:])

    def _replace(self, kept: int, blocks: Sequence[Block]) -> int:
        """Hold other blocks behind the first `kept` ones, which may get other numbers by that."""
        self._read[kept:] = blocks
        if not may_have_notes(self._source):
            del self._marks[kept:]
            return self._draw(kept, self._read[kept:])
        self._marks[kept:] = map(marks_of, self._read[len(self._marks[:kept]) :])
        numbers = numbering(self._marks, self._before)
        if numbers != self.numbers:
            same = {label for label, number in numbers.items() if self.numbers.get(label) == number}
            others = (i for i, marks in enumerate(self._marks[:kept]) if not same.issuperset(marks.labels))
            kept = next(others, kept)
            self.numbers = numbers
        return self._draw(kept, [numbered(one, numbers, self._sources) for one in self._read[kept:]])

    def _draw(self, kept: int, blocks: Sequence[Block]) -> int:
        if self._drawn < len(self._blocks):
            self.pieces.pop()
        first = self._starts[kept] if kept < len(self._starts) else len(self.pieces)
        del self.pieces[first:], self._starts[kept:], self._blocks[kept:], self._used[kept:]
        self._drawn = min(self._drawn, kept)
        for block in blocks:
            before = self._blocks[-1] if self._blocks else None
            self._starts.append(len(self.pieces))
            self._blocks.append(block)
            used = self._used[-1] if self._used else 0
            if self._drawn == len(self._blocks) - 1 and used < self._room:
                pieces = self._flattener.pieces((block,), before)
                used += sum(1 if isinstance(piece, Para) else limits.APART for piece in pieces)
                self.pieces += pieces
                self._drawn += 1
            self._used.append(used)
        if self._drawn < len(self._blocks):
            hidden = self._blocks[self._drawn :]
            rest = Hidden(lambda: Flattener().pieces(hidden, hidden[0]))
            self.pieces.append(MorePiece(More.BLOCKS, len(hidden), GAP, rest=rest))
        return first


class MessageContent:
    """The pieces of one message. Text in a row is one Markdown text; other parts stand between."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.thought: list[Para] = []
        self._sections: list[tuple[tuple[Part, ...], MarkdownPieces | None]] = []
        self._starts: list[int] = []
        self._typed: list[Block] = []
        self._references = References()
        self._listed_blocks: list[Block] = []
        self._listed = 0  # pieces at the end that list the sources
        self._parts: tuple[Part, ...] = ()
        self._asked = 0  # characters of what was typed, beyond those that are shown at first
        self._thought_text = ""

    @property
    def blocks(self) -> list[Block]:
        """What the pieces were made from, each piece's `origin` among them or within one of them."""
        if self._typed:
            return list(self._typed)
        blocks: list[Block] = []
        texts = len(self.pieces) - self._listed
        for number, (_, markdown) in enumerate(self._sections):
            if markdown is not None:
                blocks += markdown.blocks
            else:
                end = self._starts[number + 1] if number + 1 < len(self._starts) else texts
                blocks += _origins(self.pieces[self._starts[number] : end])
        return blocks + self._listed_blocks

    def update(self, turn: Turn) -> int:
        """Take the message as it is now and return the first piece that is another one."""
        if turn.role is Role.ASSISTANT:
            return self._update_answer(turn)
        self._parts = turn.parts
        self.pieces = _user_pieces(turn.parts, self._asked)
        self._typed = _origins(self.pieces)
        return 0

    def take_plain(self, text: str) -> None:
        """Show a text as it was written."""
        self._parts = (TextPart(text),)
        self.pieces = _user_pieces(self._parts, 0)
        self._typed = _origins(self.pieces)

    def unread(self, turn: Turn) -> int:
        """How many characters `update` would read of what has ended."""
        if turn.role is not Role.ASSISTANT or turn.state is ReplyState.RUNNING:
            return 0
        count = 0
        for number, parts in enumerate(_sections(turn.content)):
            old = self._sections[number] if number < len(self._sections) else None
            is_rough = old is not None and old[1] is not None and old[1].is_rough
            if old is not None and old[0] == parts and not is_rough:
                continue
            length = sum(len(part.text) for part in parts if isinstance(part, TextPart | RefusalPart))
            count += old[1].unread(length) if old is not None and old[1] is not None else length
        return count

    def show_more(self, piece: MorePiece) -> int:
        """Make pieces of more of what `piece` stands for, and return the first that is another one."""
        if self._typed:
            self._asked += limits.PLAIN_CHARACTERS
            self.pieces = _user_pieces(self._parts, self._asked)
            return 0
        at = next(i for i, one in enumerate(self.pieces) if one is piece)
        number = bisect_right(self._starts, at) - 1
        _, markdown = self._sections[number]
        if markdown is None:
            return len(self.pieces)
        start, before = self._starts[number], len(markdown.pieces)
        changed = markdown.show_more(piece)
        self.pieces[start + changed : start + before] = markdown.pieces[changed:]
        for later in range(number + 1, len(self._starts)):
            self._starts[later] += len(markdown.pieces) - before
        return start + changed

    def take_thought(self, text: str) -> None:
        """Take what was thought so far: text as it is."""
        if text == self._thought_text:
            return
        kept = self._thought_text.count("\n") if text.startswith(self._thought_text) else 0
        # All lines but the last of what was known are the same objects as before.
        at = 0
        for _ in range(kept):
            at = text.index("\n", at) + 1
        lines = list(plain_pieces(text[at:], 0))
        if kept <= len(self.thought) and len(self.thought) == self._thought_text.count("\n") + 1:
            self.thought = [*self.thought[:kept], *lines]
        else:
            self.thought = list(plain_pieces(text))
        self._thought_text = text

    def _update_answer(self, turn: Turn) -> int:
        ended = turn.state is not ReplyState.RUNNING
        groups = _sections(turn.content)
        del self.pieces[len(self.pieces) - self._listed :]
        first = len(self.pieces)
        known = len(self._sections)
        numbers: Mapping[str, int] = {}
        sources = [self._references.source_text(parts) for parts in groups]
        for number, parts in enumerate(groups):
            is_text = isinstance(parts[0], INLINE)
            old = self._sections[number] if number < len(self._sections) else None
            if old is not None and old[0] == parts and (number < len(groups) - 1 or not is_text):
                numbers = old[1].numbers if old[1] is not None else numbers
                continue
            if old is not None and (old[1] is not None) != is_text:
                del self._sections[number:]
                old = None
            start = self._starts[number] if number < len(self._starts) else len(self.pieces)
            markdown = (old[1] if old else None) or (MarkdownPieces() if is_text else None)
            if markdown is not None:
                markdown.set_notes(numbers, self._references.sources)
                changed = markdown.update(sources[number], ended=ended or number < len(groups) - 1)
                pieces, numbers = markdown.pieces, markdown.numbers or numbers
            else:
                changed, pieces = 0, _part_pieces(parts[0])
            del self._sections[number:], self._starts[number:]
            self._sections.append((parts, markdown))
            self._starts.append(start)
            self.pieces[start + changed :] = pieces[changed:]
            first = min(first, start + changed)
        if len(groups) < known:
            del self._sections[len(groups) :]
            end = self._starts[len(groups)]
            del self._starts[len(groups) :], self.pieces[end:]
            first = min(first, end)
        return min(first, self._show_sources(numbers))

    def _show_sources(self, numbers: Mapping[str, int]) -> int:
        """List the sources below the answer; return where they begin."""
        end = len(self.pieces)
        self._listed_blocks = listed = source_blocks(numbers, self._references.sources, _tr("Sources"))
        if listed:
            self.pieces += Flattener().pieces(listed, listed[0])
        self._listed = len(self.pieces) - end
        return end


def _sections(parts: Sequence[Part]) -> list[tuple[Part, ...]]:
    """Text parts in a row together, any other part alone, thinking left out."""
    result: list[tuple[Part, ...]] = []
    for part in parts:
        match part:
            case ThinkingPart():
                continue
            case TextPart() | RefusalPart() | ReferencePart() if result and isinstance(result[-1][0], INLINE):
                result[-1] = (*result[-1], part)
            case _:
                result.append((part,))
    return result


def blocks_of(turn: Turn) -> list[Block]:
    """What a whole message says, without its thought; nothing is laid out for it."""
    if turn.role is not Role.ASSISTANT:
        return _origins(_user_pieces(turn.parts, 0))
    from app.markup.parse import parse

    references, numbers = References(), dict[str, int]()
    blocks: list[Block] = []
    for parts in _sections(turn.content):
        if not isinstance(parts[0], INLINE):
            blocks += _origins(_part_pieces(parts[0]))
            continue
        source = references.source_text(parts)
        read = parse(source)
        if may_have_notes(source):
            numbers = numbering(map(marks_of, read), numbers)
            read = tuple(numbered(block, numbers, references.sources) for block in read)
        blocks += read
    return blocks + source_blocks(numbers, references.sources, _tr("Sources"))


def _origins(pieces: Iterable[Piece]) -> list[Block]:
    """The blocks that these pieces were made from, each once."""
    found: dict[int, Block] = {}
    for piece in pieces:
        if piece.origin is not None and not isinstance(piece.origin, ListItem):
            found[id(piece.origin)] = piece.origin
    return list(found.values())


def _part_pieces(part: Part) -> list[Piece]:
    return [_with_origin(piece) for piece in _drawn_part(part)]


def _with_origin(piece: Piece) -> Piece:
    """The piece of a part that is no text, with the words that a copy has of it."""
    match piece:
        case Para():
            return replace(piece, origin=Paragraph((Text(piece.text),), (0, 0)))
        case CodePiece(block):
            return replace(piece, origin=block)
        case TablePiece(table):
            return replace(piece, origin=table)
        case PicturePiece(_, alt):
            return replace(piece, origin=Paragraph((Image(alt, ""),), (0, 0)))
        case MorePiece() | FormulaPiece():
            return piece


def _drawn_part(part: Part) -> list[Piece]:
    match part:
        case ImagePart(url, alt):
            host = url.split("/")[2] if url.startswith(("http://", "https://")) else ""
            return [_chip(leaf_text(Image(alt, host)))]
        case DocumentPart(_, name):
            return [_chip(f"🗎 {name or _tr('a document')}")]
        case ToolCallPart(_, name, arguments):
            note = Segment(_tr("The model asked for a tool that is not offered: ") + drawable(name))
            code = CodeBlock("json", "json", arguments, True, (0, 0))
            return [Para((note,), GAP), CodePiece(code, GAP)]
        case UnknownPart(raw):
            note = Segment(_tr("A part of a kind that this version does not know:"))
            return [Para((note,), GAP), CodePiece(CodeBlock("json", "json", raw, True, (0, 0)), GAP)]
        case _:
            return []


def _user_pieces(parts: Sequence[Part], asked: int) -> list[Piece]:
    pieces: list[Piece] = []
    for part in parts:
        match part:
            case TextPart(text):
                pieces += stepped_pieces(text, asked, GAP if pieces else 0, Plain(text, (0, 0)))
            case ImagePart(url, alt) if (extent := measure(url)) is not None:
                gap = GAP if pieces else 0
                pieces.append(
                    _with_origin(PicturePiece(url, drawable(alt), extent.width, extent.height, gap))
                )
            case _:
                pieces += _part_pieces(part)
    return pieces


def _chip(text: str) -> Para:
    return Para((Segment(drawable(text), Look.IMAGE),), GAP)


def _tr(text: str) -> str:
    return QCoreApplication.translate("MessageContent", text)
