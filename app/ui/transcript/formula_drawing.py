"""A formula on lines of its own, in a document of its own."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QTextBlockFormat, QTextCharFormat, QTextCursor

from app.ui.transcript.document import SafeDocument
from app.ui.transcript.formulas import Unset
from app.ui.transcript.inline_formulas import InlineFormulas
from app.ui.transcript.pieces import FormulaPiece, Look
from app.ui.transcript.text_styles import BLEED, DISPLAY_SIZE, TextStyles

SPACE = 6  # px above and below


class FormulaDrawing:
    """A document with one formula, in the middle of its width.

    Where it is too wide it becomes smaller, but never smaller than the text: then it scrolls sideways.
    """

    has_ground = False

    def __init__(self, styles: TextStyles) -> None:
        self.document = SafeDocument()
        self.document.setDefaultFont(styles.font)
        self.document.set_side_margins(BLEED)
        self._styles = styles
        self._formulas = InlineFormulas(self.document, styles)
        self._source = ""
        self._width = 0

    @property
    def lead(self) -> int:
        """How many px the document stands higher than its text."""
        return 0

    @property
    def width(self) -> int:
        """The width of the formula in px."""
        return self._width

    @property
    def has_failed(self) -> bool:
        """Whether it can't be set, so that its source has to be shown instead."""
        return self._formulas.painter.states.get(self._source) is Unset.FAILED

    def end_cursor(self) -> QTextCursor:
        """A cursor behind the formula."""
        return self.document.end_cursor()

    def lay_out(self, width: int) -> int:
        """Put the formula in the middle of `width` px and return its height."""
        painter = self._formulas.painter
        painter.room, painter.least = float(width), 1 / DISPLAY_SIZE
        size = self._styles.display_size
        whole = painter.extent(self._source).width * size
        self._width = ceil(min(whole, max(width, whole * painter.least)))
        wanted = max(width, self._width) + 2 * BLEED
        self.document.lay_out(wanted)
        return round(self.document.size().height())

    def show(self, piece: FormulaPiece) -> None:
        """Draw the formula."""
        if piece.source == self._source:
            return
        self._source = piece.source
        cursor = QTextCursor(self.document)
        cursor.beginEditBlock()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.removeSelectedText()
        block = QTextBlockFormat()
        block.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        block.setTopMargin(self._styles.px(SPACE))
        block.setBottomMargin(self._styles.px(SPACE))
        cursor.setBlockFormat(block)
        look = QTextCharFormat(self._styles.character(Look.NORMAL))
        self._formulas.insert(cursor, self._source, look, self._styles.display_size)
        cursor.endEditBlock()

    def settle(self) -> bool:
        """Show the formula if it is set by now; whether it is another than it was."""
        return self._formulas.settle().is_other

    def paint(self, painter: QPainter, clip: QRectF) -> None:
        """There is nothing behind a formula."""
