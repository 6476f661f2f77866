"""One message laid out: its groups of pieces, each with a document once it was near the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.completion import ReplyState
from app.core.conversation import Role, Turn
from app.core.parts import thinking_text
from app.markup.blocks import Block
from app.markup.formula import can_be_set
from app.ui.transcript.block_actions import BlockChange
from app.ui.transcript.budget import Budget
from app.ui.transcript.content import MessageContent
from app.ui.transcript.folding import first_lines
from app.ui.transcript.formula_drawing import FormulaDrawing
from app.ui.transcript.group import Group, Styles
from app.ui.transcript.grouping import are_same, ends
from app.ui.transcript.look import Look
from app.ui.transcript.pieces import GAP, FormulaPiece, More, MorePiece, Para, Piece, tex_of

# px at the normal text size where text is meant; rows of buttons have their own height.
USER_ABOVE, USER_PADDING, USER_BELOW = 16, 11, 12
MODEL_LINE, UNDER_MODEL_LINE = 28, 2
ABOVE_ACTIONS, ACTIONS, UNDER_ACTIONS = 8, 28, 4
ABOVE_CARD, CARD_ESTIMATE = 8, 103
BARE_ABOVE = 14  # of an answer without its line
CUT_OFF = frozenset({ReplyState.STOPPED, ReplyState.INTERRUPTED})
UNDER_THOUGHT = 10
QUICK = 1_000
"""Characters that are read when they come; for more a message waits until its content is taken."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a person has opened of a message, and how each of its blocks is seen."""

    thought: bool = False
    details: bool = False
    text: bool = False  # all lines of a long question
    # Which group, whether it is open, whether wrapped, and how far it is scrolled sideways.
    blocks: tuple[tuple[int, bool, bool, int], ...] = ()


CLOSED = Opened()


class LaidMessage:
    """The layout of one message in a column of text `width` px wide.

    With a `room` it waits for its content and is about so many px high until then; else it is read at once.
    """

    def __init__(
        self,
        turn: Turn,
        styles: Styles,
        width: int,
        opened: Opened = CLOSED,
        room: int | None = None,
    ) -> None:
        self.turn = turn
        self.width = width
        self.groups: list[Group] = []
        self.height = 0
        self.has_card = False
        self.card_height = 0
        self.is_thought_open = opened.thought
        self.are_details_open = opened.details
        self.is_text_open = opened.text
        self.is_read = False
        self._opened = opened
        self._room = 0
        self._styles = styles
        self._content = MessageContent()
        self._pieces: Sequence[Piece] = ()
        self._answer: list[Group] = []
        self._thought: list[Group] = []
        self._dropped: list[Group] = []
        if room is None or turn.state is ReplyState.RUNNING:
            self._content.update(turn)
            self.take(self._content)
        else:
            self._update_thought()
            self.set_room(room)

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
        blocks = tuple(
            (number, group.is_open, group.is_wrapped, group.across)
            for number, group in enumerate(self._answer)
            if group.is_open or group.is_wrapped or group.across
        )
        blocks = blocks if self.is_read else self._opened.blocks
        return Opened(self.is_thought_open, self.are_details_open, self.is_text_open, blocks)

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

    @property
    def content(self) -> MessageContent:
        """What is laid out."""
        return self._content

    def update(self, turn: Turn) -> None:
        """Show the message as it is now; if there is much to read, as soon as its content is taken."""
        self.turn = turn
        self.is_read = self.is_read and self._content.unread(turn) <= QUICK
        if self.is_read:
            self._take_pieces(self._content.update(turn))
        self._update_thought()
        self.arrange()

    def take(self, content: MessageContent) -> None:
        """Lay this out: it has been read."""
        self._content = content
        self.is_read = True
        self._take_pieces(0)
        for number, is_open, is_wrapped, across in self._opened.blocks:
            if number < len(self._answer):
                self._answer[number].is_open = is_open
                self._answer[number].is_wrapped = is_wrapped
                self._answer[number].across = across
        self._opened = CLOSED
        self._update_thought()
        self.arrange()

    def set_room(self, height: int) -> None:
        """Be about so many px high until the content is there."""
        room = max(0, height - self.head - self.foot)
        if room != self._room or not self.height:
            self._room = room
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
            self._show_sources([group])
            return True
        if group.height != before:
            self.arrange()
            return True
        return False

    def settle_formulas(self, budget: Budget) -> bool:
        """Show the formulas that are set by now, and the source of those that will never be.

        Says whether there was time for all of them.
        """
        failed: list[Group] = []
        is_done = True
        for group in self._answer:
            if budget.is_used_up:
                is_done = False
                break
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
                failed.append(group)
        if failed:
            self._show_sources(failed)
        return is_done

    def _show_sources(self, groups: Sequence[Group]) -> None:
        """Show code instead of formulas that can't be set."""
        gone = set(groups)
        self._answer = [self._as_source(group) if group in gone else group for group in self._answer]
        self._dropped += groups
        self.arrange()

    def _as_source(self, group: Group) -> Group:
        code = Group([self._drawn(group.pieces[0])], self._styles)
        code.estimate(self.width)
        return code

    def _drawn(self, piece: Piece) -> Piece:
        """The piece as it is drawn: code where it is a formula that is known not to be settable."""
        match piece:
            case FormulaPiece():
                formulas = self._styles.formulas
                if (
                    not can_be_set(piece.tex)
                    or formulas is None
                    or formulas.has_failed(tex_of(piece.source), display=True)
                ):
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
        if not self.is_read and not self._answer:
            y = max(y, self.head + self._room)
        self.height = y + self.foot

    @property
    def head(self) -> int:
        """The px above the first group."""
        if self.is_user:
            return USER_ABOVE + USER_PADDING
        return MODEL_LINE + UNDER_MODEL_LINE if self.has_line else BARE_ABOVE

    @property
    def foot(self) -> int:
        """The px below the last group."""
        if self.is_user:
            return USER_PADDING + USER_BELOW
        if self.has_card:
            gap = ABOVE_CARD if self.groups else 0
            return gap + (self.card_height or CARD_ESTIMATE)
        return ABOVE_ACTIONS + ACTIONS + UNDER_ACTIONS if self.has_actions else 0

    @property
    def is_bare(self) -> bool:
        """Whether others show who answers and what goes on."""
        return self._styles.look is not Look.PAGE

    @property
    def is_document(self) -> bool:
        """Whether it is a text that nobody said."""
        return self._styles.look is Look.DOCUMENT

    @property
    def has_line(self) -> bool:
        """Whether the line with the model stands above it."""
        return not self.is_bare or bool(thinking_text(self.turn.content).strip())

    @property
    def has_actions(self) -> bool:
        """Whether the row of what can be done with it stands below."""
        return not self.is_bare or self.turn.state in CUT_OFF

    @property
    def foot_top(self) -> int:
        """Where the foot begins."""
        return self.height - self.foot

    def free(self) -> None:
        """Delete all documents. No editor may show one."""
        for group in (*self._thought, *self._answer, *self._dropped):
            group.free()
        self._dropped.clear()

    @property
    def has_dropped(self) -> bool:
        """Whether groups are no longer part of the message that an editor may still show."""
        return bool(self._dropped)

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
        for end in ends(pieces, at):
            run = pieces[at:end]
            known = old[len(groups)] if len(groups) < len(old) else None
            if known is not None and known.kind is not type(run[0]):
                self._dropped += old[len(groups) :]
                old, known = groups[:], None
            if known is None:
                known = Group(run, self._styles, is_thought=is_thought)
                known.estimate(self.width)
            elif not are_same(known.pieces, run):
                known.show(run)
                if known.drawing is None:
                    known.estimate(self.width)
            groups.append(known)
            at = end
        self._dropped += old[len(groups) :]
        return groups
