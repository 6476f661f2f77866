"""One group of a message's pieces, with a document once it was near the screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

import shiboken6
from PySide6.QtCore import QRect

from app.markup.formula import guess
from app.ui.theme import Theme
from app.ui.transcript.code import FOLD_OVER, FOLDED, FOLDED_CHARACTERS, CodeDrawing
from app.ui.transcript.formula_drawing import SPACE, FormulaDrawing
from app.ui.transcript.formulas import Formulas
from app.ui.transcript.look import Look
from app.ui.transcript.more import HEIGHT as MORE
from app.ui.transcript.more import MoreDrawing
from app.ui.transcript.pictures import PictureDrawing, shown_size
from app.ui.transcript.pieces import CodePiece, FormulaPiece, MorePiece, Para, PicturePiece, Piece, TablePiece
from app.ui.transcript.prose import ProseDrawing
from app.ui.transcript.table import TableDrawing
from app.ui.transcript.text_styles import BAR, INDENT, QUOTE_INDENT, TextStyles

Drawing: TypeAlias = ProseDrawing | CodeDrawing | TableDrawing | FormulaDrawing | MoreDrawing | PictureDrawing

# px at the normal text size where text is meant; rows of buttons have their own height.
THOUGHT_INDENT = 21
LARGE_TABLE = 150  # cells from which on drawing a table and laying it out are two steps
CODE_HEAD, CODE_ABOVE, CODE_BELOW, FOLD_BAR, SCROLL_BAR = 35, 10, 11, 34, 12


class Styles:
    """The styles of all kinds of text of one theme. Without `formulas`, the source of each is shown."""

    def __init__(self, theme: Theme, formulas: Formulas | None = None, look: Look = Look.PAGE) -> None:
        self.formulas = formulas
        self.look = look
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
        self.laid_width = 0  # the width that its document is laid out for; 0 where it isn't
        self._is_stale = False  # so that the document shows pieces that were there before
        self.is_wide = False
        self.is_wrapped = False  # code, its long lines
        self.is_open = False  # code, all of its lines
        self.across = 0  # px that it was scrolled sideways when it left the screen
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
                return self._text_styles.px(INDENT * piece.level + QUOTE_INDENT * len(piece.quotes))

    def bars(self, width: int) -> Iterator[QRect]:
        """The bars of quotes that aren't painted with the text: beside other blocks, and between two of them.

        Their places in the message, whose text is `width` px wide, from its left edge.
        """
        first, styles = self.pieces[0], self._text_styles
        if not first.quotes:
            return
        is_mirrored = isinstance(first, Para) and first.is_right_to_left
        bottom = self.top if isinstance(first, Para) else self.top + self.height
        for number, bar in enumerate(first.quotes):
            left = styles.bar_left(bar.level, number)
            top = self.top - (0 if bar.begins else self.gap)
            if bottom > top:
                yield QRect(width - left - BAR if is_mirrored else left, top, BAR, bottom - top)

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
                is_long = self.code_lines > FOLD_OVER or len(block.text) > FOLDED_CHARACTERS
                return block.closed and is_long
            case _:
                return False

    @property
    def is_folded(self) -> bool:
        """Whether only its first lines are shown."""
        return self.can_fold and not self.is_open

    @property
    def is_drawn(self) -> bool:
        """Whether its document shows the pieces that it holds, and not others that it held before."""
        return self.drawing is not None and not self._is_stale

    def show(self, pieces: Sequence[Piece]) -> None:
        """Hold these pieces of the same kind instead; they are drawn when it is laid out."""
        self.pieces = pieces
        self.is_exact = False
        self._take_code()
        self._is_stale = self.drawing is not None

    def begin(self) -> bool:
        """Make the document of a large table, which takes as long as laying it out; whether that was done."""
        match self.pieces[0]:
            case TablePiece(table) if self.drawing is None:
                is_large = (1 + len(table.rows)) * len(table.head) > LARGE_TABLE
            case _:
                is_large = False
        if is_large:
            self.drawing = self._make_drawing()
            self._draw(self.drawing)
        return is_large

    def lay_out(self, width: int) -> None:
        """Make the document if there is none, and measure it in `width` px of text."""
        if self.drawing is None:
            self.drawing = self._make_drawing()
            self._draw(self.drawing)
        elif self._is_stale:
            self._draw(self.drawing)
            self.settle()
        self.laid_width = width
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
                lines = min(FOLDED, self.code_lines) if self.is_folded else self.code_lines
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
            case _ if self._is_stale:
                return False  # it is done when it is drawn
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
            self.laid_width = 0
            self._is_stale = False

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
        self._is_stale = False
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
