"""One message laid out: its groups of pieces, each with a document once it was near the screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import shiboken6

from app.core.completion import ReplyState
from app.core.conversation import Role, Turn
from app.core.parts import thinking_text
from app.markup.blocks import Block
from app.markup.formula import guess
from app.ui.theme import Theme
from app.ui.transcript.block_actions import BlockChange
from app.ui.transcript.code import FOLD_OVER, FOLDED, CodeDrawing
from app.ui.transcript.content import MessageContent
from app.ui.transcript.folding import first_lines
from app.ui.transcript.formula_drawing import SPACE, FormulaDrawing
from app.ui.transcript.formulas import Formulas
from app.ui.transcript.more import HEIGHT as MORE
from app.ui.transcript.more import MoreDrawing
from app.ui.transcript.pictures import PictureDrawing, shown_size
from app.ui.transcript.pieces import (
    GAP,
    CodePiece,
    FormulaPiece,
    More,
    MorePiece,
    Para,
    PicturePiece,
    Piece,
    TablePiece,
)
from app.ui.transcript.prose import ProseDrawing
from app.ui.transcript.table import TableDrawing
from app.ui.transcript.text_styles import INDENT, QUOTE_INDENT, TextStyles

Drawing: TypeAlias = ProseDrawing | CodeDrawing | TableDrawing | FormulaDrawing | MoreDrawing | PictureDrawing

GROUP_PARAGRAPHS = 40
GROUP_CHARACTERS = 6_000
# px at the normal text size where text is meant; rows of buttons have their own height.
USER_ABOVE, USER_PADDING, USER_BELOW = 16, 11, 12
MODEL_LINE, UNDER_MODEL_LINE = 28, 2
ABOVE_ACTIONS, ACTIONS, UNDER_ACTIONS = 8, 28, 4
ABOVE_CARD, CARD_ESTIMATE = 8, 103
THOUGHT_INDENT, UNDER_THOUGHT = 21, 10
CODE_HEAD, CODE_ABOVE, CODE_BELOW, FOLD_BAR, SCROLL_BAR = 35, 10, 11, 34, 12


@dataclass(frozen=True, slots=True)
class Opened:
    """What a person has opened of a message."""

    thought: bool = False
    details: bool = False
    text: bool = False  # all lines of a long question
    code: tuple[tuple[int, bool, bool], ...] = ()  # which group, whether it is open, and whether wrapped


CLOSED = Opened()


class Styles:
    """The styles of all kinds of text of one theme. Without `formulas`, the source of each is shown."""

    def __init__(self, theme: Theme, formulas: Formulas | None = None) -> None:
        self.formulas = formulas
        self.answer = TextStyles(theme, formulas=formulas)
        self.table = TextStyles(theme, "body.s", formulas=formulas)
        self.thought = TextStyles(theme, "body.s", "text.secondary")


class Group:
    """A run of prose, one block of code, one table or one formula: what one editor shows.

    `top` and `height` are px in the message; `height` is an estimate until `is_exact`.
    """

    def __init__(self, pieces: Sequence[Piece], styles: Styles, *, is_thought: bool = False) -> None:
        self.pieces = pieces
        self.is_thought = is_thought
        self.drawing: Drawing | None = None
        self.top = 0
        self.height = 0
        self.is_exact = False
        self.is_wide = False
        self.is_wrapped = False  # code, its long lines
        self.is_open = False  # code, all of its lines
        self.code_lines = 0
        self._styles = styles
        self._text_styles = styles.thought if is_thought else styles.answer
        self._take_code()

    @property
    def kind(self) -> type[Piece]:
        """What it is made of."""
        return type(self.pieces[0])

    @property
    def gap(self) -> int:
        """The px above it, unless it is the first."""
        return self._text_styles.px(self.pieces[0].gap)

    @property
    def indent(self) -> int:
        """How far it stands in from the text's edge."""
        if self.is_thought:
            return THOUGHT_INDENT
        match self.pieces[0]:
            case Para():
                return 0
            case piece:
                return self._text_styles.px(INDENT * piece.level + QUOTE_INDENT * piece.quotes)

    @property
    def text_top(self) -> int:
        """Where its document begins, in px from its own top."""
        lead = self.drawing.lead if self.drawing is not None else 0
        return CODE_HEAD + CODE_ABOVE - lead if self.kind is CodePiece else -lead

    def line_at(self, y: int) -> tuple[int, int]:
        """The line at this height or the next below: its first letter, and its top; -1 for none."""
        if self.drawing is None or not self.is_exact:
            return -1, 0
        position, top = self.drawing.document.line_at(y - self.text_top)
        return position, self.text_top + top

    def line_top(self, position: int) -> int:
        """The top of the line that holds this position; 0 for -1 and where nothing is laid out."""
        if self.drawing is None or position < 0:
            return 0
        return self.text_top + self.drawing.document.line_top(position)

    @property
    def can_fold(self) -> bool:
        """Whether it is code that is long enough to be folded; never while it still grows."""
        match self.pieces[0]:
            case CodePiece(block):
                return block.closed and self.code_lines > FOLD_OVER
            case _:
                return False

    @property
    def is_folded(self) -> bool:
        """Whether only its first lines are shown."""
        return self.can_fold and not self.is_open

    def show(self, pieces: Sequence[Piece]) -> None:
        """Hold these pieces of the same kind instead."""
        self.pieces = pieces
        self.is_exact = False
        self._take_code()
        if self.drawing is not None:
            self._draw(self.drawing)

    def lay_out(self, width: int) -> None:
        """Make the document if there is none, and measure it in `width` px of text."""
        if self.drawing is None:
            self.drawing = self._make_drawing()
            self._draw(self.drawing)
        width = max(40, width - self.indent)
        match self.drawing:
            case CodeDrawing() as code:
                code.set_view(is_wrapped=self.is_wrapped, is_folded=self.is_folded)
                height = code.lay_out(width - 2)
                self.is_wide = code.width > width - (0 if self.is_wrapped else 2)
                height += CODE_HEAD + CODE_ABOVE + CODE_BELOW + 1 + (FOLD_BAR if self.can_fold else 0)
            case TableDrawing() as table:
                height = table.lay_out(width)
                self.is_wide = table.width > width + 8
            case FormulaDrawing() as formula:
                height = formula.lay_out(width)
                self.is_wide = formula.width > width
            case prose:
                height = prose.lay_out(width)
        height += SCROLL_BAR if self.is_wide else 0
        self.height = height
        self.is_exact = True

    @property
    def end_position(self) -> int:
        """The last position in its document."""
        return self.drawing.document.characterCount() - 1 if self.drawing is not None else 0

    def estimate(self, width: int) -> None:
        """Guess the height in `width` px."""
        styles = self._text_styles
        match self.pieces[0]:
            case Para():
                lines = gaps = 0
                across = max(1, int(width / (styles.font.pixelSize() * 0.5)))
                for para in self.pieces:
                    if isinstance(para, Para):
                        lines += 1 + sum(len(one.text) for one in para.segments) // across
                        gaps += para.gap
                self.height = lines * styles.line + styles.px(gaps - self.pieces[0].gap)
            case CodePiece():
                lines = FOLDED if self.is_folded else self.code_lines
                self.height = lines * 20 + CODE_HEAD + CODE_ABOVE + CODE_BELOW
                self.height += FOLD_BAR if self.can_fold else 0
            case TablePiece(table):
                self.height = (1 + len(table.rows)) * (styles.line + 10)
            case MorePiece():
                self.height = MORE
            case PicturePiece() as picture:
                self.height = shown_size(picture, width).height()
            case FormulaPiece(tex):
                extent = guess(tex, display=True)
                self.height = round((extent.ascent + extent.descent) * styles.display_size) + styles.px(
                    2 * SPACE
                )
        self.is_exact = False

    def settle(self) -> bool:
        """Show the formulas that are set by now; whether anything is another than it was."""
        match self.drawing:
            case None | CodeDrawing() | MoreDrawing() | PictureDrawing():
                return False
            case drawing:
                is_other = drawing.settle()
        self.is_exact &= not is_other
        return is_other

    def free(self) -> None:
        """Delete the document. No editor may show it."""
        if self.drawing is not None:
            shiboken6.delete(self.drawing.document)
            self.drawing = None

    def _take_code(self) -> None:
        match self.pieces[0]:
            case CodePiece(block):
                self.code_lines = block.text.count("\n") + (not block.text.endswith("\n"))
                # What a person has seen growing doesn't fold up when it is finished.
                self.is_open |= not block.closed
            case _:
                pass

    def _make_drawing(self) -> Drawing:
        match self.pieces[0]:
            case Para():
                return ProseDrawing(self._text_styles)
            case CodePiece():
                return CodeDrawing(self._text_styles)
            case MorePiece():
                return MoreDrawing()
            case PicturePiece() as picture:
                return PictureDrawing(picture)
            case TablePiece():
                return TableDrawing(self._styles.table)
            case FormulaPiece():
                return FormulaDrawing(self._text_styles)

    def _draw(self, drawing: Drawing) -> None:
        match drawing, self.pieces[0]:
            case ProseDrawing(), _:
                paras = [piece for piece in self.pieces if isinstance(piece, Para)]
                # The room above the group is not the document's.
                paras[0] = replace(paras[0], gap=0)
                drawing.show(paras)
            case CodeDrawing(), CodePiece(block):
                drawing.set_view(is_wrapped=self.is_wrapped, is_folded=self.is_folded)
                drawing.show(block)
            case TableDrawing(), TablePiece(table):
                drawing.show(table)
            case MoreDrawing(), MorePiece():
                pass
            case PictureDrawing(), PicturePiece() as picture:
                drawing.show(picture)
            case FormulaDrawing(), FormulaPiece() as formula:
                drawing.show(formula)
            case _:
                raise TypeError("a drawing was given pieces of another kind")


class LaidMessage:
    """The layout of one message in a column of text `width` px wide."""

    def __init__(self, turn: Turn, styles: Styles, width: int, opened: Opened = CLOSED) -> None:
        self.turn = turn
        self.width = width
        self.groups: list[Group] = []
        self.height = 0
        self.has_card = False
        self.card_height = 0
        self.is_thought_open = opened.thought
        self.are_details_open = opened.details
        self.is_text_open = opened.text
        self._styles = styles
        self._content = MessageContent()
        self._pieces: Sequence[Piece] = ()
        self._answer: list[Group] = []
        self._thought: list[Group] = []
        self._dropped: list[Group] = []
        self.update(turn)
        for number, is_open, is_wrapped in opened.code:
            if number < len(self._answer):
                self._answer[number].is_open = is_open
                self._answer[number].is_wrapped = is_wrapped

    @property
    def is_user(self) -> bool:
        """Whether it is a message of the user's."""
        return self.turn.role is Role.USER

    @property
    def is_running(self) -> bool:
        """Whether more of it may come."""
        return self.turn.state is ReplyState.RUNNING

    @property
    def pieces(self) -> Sequence[Piece]:
        """All pieces of the message itself that are shown, without its thought."""
        return self._pieces

    @property
    def opened(self) -> Opened:
        """What is open of it."""
        code = tuple(
            (number, group.is_open, group.is_wrapped)
            for number, group in enumerate(self._answer)
            if group.is_open or group.is_wrapped
        )
        return Opened(self.is_thought_open, self.are_details_open, self.is_text_open, code)

    @property
    def all_pieces(self) -> Sequence[Piece]:
        """The same with what a folded question leaves out."""
        return self._content.pieces

    @property
    def cut_line(self) -> int | None:
        """The first of the pieces that a folded question doesn't show whole; None where nothing is folded."""
        match self._pieces[-1:]:
            case [MorePiece(More.MESSAGE, hidden)] if hidden:
                return len(self._pieces) - 2
            case _:
                return None

    def number_of(self, group: Group) -> int:
        """Which group of the thought, or of the message itself, it is."""
        return (self._thought if group.is_thought else self._answer).index(group)

    def numbered(self, number: int, *, is_thought: bool) -> Group | None:
        """The inverse: the group of this number, or the last; None where there is none."""
        groups = self._thought if is_thought else self._answer
        return groups[min(number, len(groups) - 1)] if groups and number >= 0 else None

    @property
    def blocks(self) -> Sequence[Block]:
        """What the pieces were made from."""
        return self._content.blocks

    @property
    def answer_groups(self) -> Sequence[Group]:
        """The groups of the message itself; their pieces are `pieces`."""
        return self._answer

    @property
    def thought_groups(self) -> Sequence[Group]:
        """The groups of its thought, where that is open; their pieces are `thought_pieces`."""
        return self._thought

    @property
    def thought_pieces(self) -> Sequence[Para]:
        """The lines of its thought."""
        return self._content.thought

    def update(self, turn: Turn) -> None:
        """Show the message as it is now."""
        self.turn = turn
        self._take_pieces(self._content.update(turn))
        self._update_thought()
        self.arrange()

    def toggle_thought(self) -> None:
        """Open or close what was thought."""
        self.is_thought_open = not self.is_thought_open
        self._update_thought()
        self.arrange()

    def change_block(self, group: Group, change: BlockChange) -> None:
        """Show a block in another way; its height is an estimate until it is laid out."""
        match change:
            case BlockChange.FOLD:
                group.is_open = not group.is_open
            case BlockChange.WRAP:
                group.is_wrapped = not group.is_wrapped
            case BlockChange.MORE:
                self._show_more(group.pieces[0])
        group.is_exact = False
        self.arrange()

    def _show_more(self, piece: Piece) -> None:
        match piece:
            case MorePiece(More.MESSAGE):
                self.is_text_open = not self.is_text_open
                self._take_pieces(0)
            case MorePiece():
                self._take_pieces(self._content.show_more(piece))
            case _:
                pass

    def _take_pieces(self, first: int) -> None:
        """Show the pieces of the content, of which `first` and those behind it are others."""
        self._pieces = self._content.pieces
        if self.is_user and (folded := first_lines(self._pieces, self.width, self._styles.answer.font)):
            hidden = 0 if self.is_text_open else 1
            shown = self._pieces if self.is_text_open else folded
            self._pieces = [*shown, MorePiece(More.MESSAGE, hidden, GAP)]
        self._answer = self._regrouped(self._answer, self._pieces, first, is_thought=False)

    def set_width(self, width: int) -> None:
        """Take another width; what is on the screen is measured again when it is shown."""
        if width == self.width:
            return
        self.width = width
        if self.is_user:
            self._take_pieces(0)
            self.arrange()
        for group in self.groups:
            group.is_exact = False
            if group.drawing is None:
                group.estimate(width)
        self.card_height = 0
        self.arrange()

    def set_card(self, height: int) -> None:
        """There is a card below the text, so high; 0 where that isn't known yet, -1 where there is none."""
        self.has_card = height >= 0
        self.card_height = max(0, height)
        self.arrange()

    def lay_out(self, group: Group) -> bool:
        """Measure a group; whether anything moved."""
        before = group.height
        group.lay_out(self.width)
        if isinstance(group.drawing, FormulaDrawing) and group.drawing.has_failed:
            self._show_source(group)
            return True
        if group.height != before:
            self.arrange()
            return True
        return False

    def settle_formulas(self) -> None:
        """Show the formulas that are set by now, and the source of those that will never be."""
        for group in list(self._answer):
            match group.drawing:
                case None:
                    # What is laid out later must not turn out then to be another group.
                    has_failed = self._drawn(group.pieces[0]) is not group.pieces[0]
                case FormulaDrawing() as drawing:
                    has_failed = group.settle() and drawing.has_failed
                case _:
                    group.settle()
                    has_failed = False
            if has_failed:
                self._show_source(group)

    def _show_source(self, group: Group) -> None:
        """Show code instead of a formula that can't be set."""
        number = self._answer.index(group)
        self._answer[number] = code = Group([self._drawn(group.pieces[0])], self._styles)
        code.estimate(self.width)
        self._dropped.append(group)
        self.arrange()

    def _drawn(self, piece: Piece) -> Piece:
        """The piece as it is drawn: code where it is a formula that is known not to be settable."""
        match piece:
            case FormulaPiece():
                formulas = self._styles.formulas
                if formulas is None or formulas.has_failed(piece.tex, display=True):
                    return piece.as_code
        return piece

    def arrange(self) -> None:
        """Put the groups one below the other."""
        self.groups = [*self._thought, *self._answer] if self._thought else self._answer
        y = self.head
        last: Group | None = None
        for group in self.groups:
            if last is not None:
                y += UNDER_THOUGHT if last.is_thought and not group.is_thought else group.gap
            group.top = y
            y += group.height
            last = group
        self.height = y + self.foot

    @property
    def head(self) -> int:
        """The px above the first group."""
        return USER_ABOVE + USER_PADDING if self.is_user else MODEL_LINE + UNDER_MODEL_LINE

    @property
    def foot(self) -> int:
        """The px below the last group."""
        if self.is_user:
            return USER_PADDING + USER_BELOW
        if self.has_card:
            gap = ABOVE_CARD if self.groups else 0
            return gap + (self.card_height or CARD_ESTIMATE)
        return ABOVE_ACTIONS + ACTIONS + UNDER_ACTIONS

    @property
    def foot_top(self) -> int:
        """Where the foot begins."""
        return self.height - self.foot

    def free(self) -> None:
        """Delete all documents. No editor may show one."""
        for group in (*self._thought, *self._answer, *self._dropped):
            group.free()
        self._dropped.clear()

    def free_dropped(self) -> None:
        """Delete the documents of groups that are no longer part of the message. No editor may show one."""
        for group in self._dropped:
            group.free()
        self._dropped.clear()

    def _update_thought(self) -> None:
        text = thinking_text(self.turn.content) if self.is_thought_open else ""
        if not text:
            self._dropped += self._thought
            self._thought = []
            return
        self._content.take_thought(text)
        self._thought = self._regrouped(self._thought, self._content.thought, 0, is_thought=True)

    def _regrouped(
        self, old: list[Group], pieces: Sequence[Piece], first: int, *, is_thought: bool
    ) -> list[Group]:
        """Groups for the pieces; those before piece `first` are kept, later ones reuse what they can."""
        groups: list[Group] = []
        at = 0
        for group in old:
            # The last group before a change may take in more.
            if at + len(group.pieces) >= first:
                break
            at += len(group.pieces)
            groups.append(group)
        pieces = [*pieces[:at], *map(self._drawn, pieces[at:])]
        for end in _ends(pieces, at):
            run = pieces[at:end]
            known = old[len(groups)] if len(groups) < len(old) else None
            if known is not None and known.kind is not type(run[0]):
                self._dropped += old[len(groups) :]
                old, known = groups[:], None
            if known is None:
                known = Group(run, self._styles, is_thought=is_thought)
                known.estimate(self.width)
            elif not _same(known.pieces, run):
                known.show(run)
                if known.drawing is None:
                    known.estimate(self.width)
            groups.append(known)
            at = end
        self._dropped += old[len(groups) :]
        return groups


def _ends(pieces: Sequence[Piece], at: int) -> Iterator[int]:
    """Where the groups end that the pieces from `at` on make up."""
    size = 0
    for number in range(at, len(pieces)):
        piece = pieces[number]
        if not isinstance(piece, Para):
            if number > at:
                yield number
            yield number + 1
            at, size = number + 1, 0
            continue
        length = sum(len(one.text) for one in piece.segments)
        if number > at and (size + length > GROUP_CHARACTERS or number - at >= GROUP_PARAGRAPHS):
            yield number
            at, size = number, 0
        size += length
    if at < len(pieces):
        yield len(pieces)


def _same(old: Sequence[Piece], new: Sequence[Piece]) -> bool:
    return len(old) == len(new) and all(a is b or a == b for a, b in zip(old, new, strict=True))
