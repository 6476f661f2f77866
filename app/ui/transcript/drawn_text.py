"""The words of a message as they are drawn, in which a person finds them.

A line is what is drawn as one: a paragraph, a line of code, a cell of a table. What was thought comes first,
open or not. The marks before list items are no words, nor is what a formula or a chip is drawn from but its
own text. What is behind a row that offers more is found too.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace

from app.core.completion import ReplyState
from app.core.conversation import Role, Turn
from app.core.parts import RefusalPart, TextPart, ThinkingPart, thinking_text
from app.ui.transcript.content import MessageContent
from app.ui.transcript.flattener import plain_lines, plain_pieces, segments
from app.ui.transcript.group import Group
from app.ui.transcript.laid_message import LaidMessage
from app.ui.transcript.pieces import (
    CodePiece,
    FormulaPiece,
    Hidden,
    MorePiece,
    Para,
    PicturePiece,
    Piece,
    TablePiece,
)
from app.ui.transcript.qt_text import drawable

STEP = 1_000
"""Characters of Markdown that are read in one go: about 4 ms on a slow machine."""


@dataclass(frozen=True, slots=True)
class DrawnText:
    """All lines of a message, `thought_lines` of which were thought."""

    text: str
    thought_lines: int

    def line_at(self, place: int) -> int:
        """The number of the line that has the letter at `place`."""
        return self.text.count("\n", 0, place)

    def line_start(self, line: int) -> int:
        """Where a line begins."""
        at = 0
        for _ in range(line):
            at = self.text.find("\n", at) + 1
            if not at:
                return len(self.text)
        return at


@dataclass(frozen=True, slots=True)
class GroupLines:
    """Which lines of the message a group draws: `count` from `first` on."""

    group: Group
    first: int
    count: int


def source_of(turn: Turn) -> str | None:
    """All that a message is drawn from; None where there is more to it than text."""
    texts = [part.text for part in turn.content if isinstance(part, TextPart | RefusalPart | ThinkingPart)]
    return "\n".join(texts) if len(texts) == len(turn.content) else None


def drawn_text(turn: Turn, pieces: Sequence[Piece]) -> DrawnText:
    """The lines of a message that has these pieces beside what was thought."""
    thought = thinking_text(turn.content)
    lines = [line for piece in plain_pieces(thought) for line in _lines(piece)] if thought else []
    count = len(lines)
    for piece in pieces:
        lines += _lines(piece)
    return DrawnText("\n".join(lines), count)


def reading(turn: Turn, content: MessageContent) -> Generator[None, None, DrawnText]:
    """Read a message into `content`, which may hold the beginning of it; long ones in several steps."""
    for part in _beginnings(turn):
        content.update(part)
        yield
    content.update(turn)
    return drawn_text(turn, content.pieces)


def group_lines(message: LaidMessage, text: DrawnText) -> Iterator[GroupLines]:
    """The groups of a message, each with the lines that it draws."""
    first = 0 if message.is_thought_open else text.thought_lines
    for group in message.groups:
        count = sum(map(_line_count, group.pieces))
        yield GroupLines(group, first, count)
        first += count


def _beginnings(turn: Turn) -> Iterator[Turn]:
    reply = turn.reply
    words = [part for part in turn.content if not isinstance(part, ThinkingPart)]
    if turn.role is not Role.ASSISTANT or reply is None or len(words) != 1:
        return
    match words[0]:
        case TextPart(text):
            for end in range(STEP, len(text), STEP):
                begun = replace(reply, parts=(TextPart(text[:end]),), state=ReplyState.RUNNING)
                yield replace(turn, reply=begun)
        case _:
            return


def _lines(piece: Piece) -> list[str]:
    match piece:
        case Para():
            return [piece.text.replace("\n", " ")]
        case CodePiece(block):
            return drawable(block.text).removesuffix("\n").split("\n")
        case FormulaPiece():
            return _lines(piece.as_code)
        case TablePiece(table):
            cells = (cell for row in (table.head, *table.rows) for cell in row)
            return ["".join(one.text for one in segments(cell)) for cell in cells]
        case MorePiece(rest=Hidden() as rest):
            lines = list(plain_lines(rest.text)) if rest.text else []
            lines += [line for one in rest.pieces() for line in _lines(one)]
            rest.lines = len(lines)
            return lines
        case MorePiece() | PicturePiece():
            return []


def _line_count(piece: Piece) -> int:
    match piece:
        case Para():
            return 1
        case CodePiece(block):
            return block.text.removesuffix("\n").count("\n") + 1
        case FormulaPiece():
            return _line_count(piece.as_code)
        case TablePiece(table):
            return sum(map(len, (table.head, *table.rows)))
        case MorePiece(rest=Hidden() as rest):
            return rest.lines if rest.lines is not None else len(_lines(piece))
        case MorePiece() | PicturePiece():
            return 0
