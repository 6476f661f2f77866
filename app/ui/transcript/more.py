"""The row that says that there is more than is drawn, and offers it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QWidget

from app.markup import limits
from app.markup.blocks import Table, plain_text
from app.markup.table_text import csv_of
from app.ui.theme import Theme
from app.ui.transcript.clipboard import put_csv, put_text
from app.ui.transcript.document import SafeDocument
from app.ui.transcript.pieces import More, MorePiece
from app.ui.widgets.buttons import Button, Kind, Size
from app.ui.widgets.label import ElidedLabel

HEIGHT = 32
GAP = 4


class MoreDrawing:
    """The room that the row takes. Its document is empty: there are no words in it to select or to find."""

    width = 0
    lead = 0

    def __init__(self) -> None:
        self.document = SafeDocument()

    def end_cursor(self) -> QTextCursor:
        """A cursor in the empty document."""
        return self.document.end_cursor()

    def lay_out(self, _width: int) -> int:
        """Return the height of the row."""
        return HEIGHT

    def paint(self, painter: QPainter, clip: QRectF) -> None:
        """The row paints itself."""


class MoreRow(QWidget):
    """Shows one `MorePiece`. Signal: `more_requested()`."""

    more_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._piece: MorePiece | None = None
        self._label = ElidedLabel(theme, style="ui", tone="text.secondary", parent=self)
        self.more = Button(theme, "", kind=Kind.QUIET, size=Size.SMALL, icon="chevron-down", parent=self)
        self.more.clicked.connect(self.more_requested)
        self.copy = Button(theme, "", kind=Kind.QUIET, size=Size.SMALL, icon="copy", parent=self)
        self.copy.clicked.connect(self._on_copy)

    def show_piece(self, piece: MorePiece) -> None:
        """Show what there is more of."""
        if piece == self._piece:
            return
        self._piece = piece
        self._label.set_text(words_for(piece))
        self.setAccessibleName(words_for(piece))
        self.more.setText(_offer(piece))
        is_open = piece.kind is More.MESSAGE and not piece.hidden
        self.more.set_icon("chevron-up" if is_open else "chevron-down")
        self.more.setVisible(piece.kind is not More.CELLS)
        self.copy.setText(self.tr("Copy as CSV") if piece.kind is More.CELLS else self.tr("Copy list"))
        self.copy.setVisible(piece.kind in {More.CELLS, More.ITEMS})
        self._place()

    def unbind(self) -> None:
        """Show nothing."""
        self._piece = None

    def tab_stops(self) -> list[QWidget]:
        """Where Tab goes, in reading order."""
        return [self.more, self.copy]

    def _on_copy(self) -> None:
        match self._piece:
            case MorePiece(origin=Table() as table):
                put_csv(csv_of(table))
            case MorePiece(origin=block) if block is not None:
                put_text(plain_text(block))
            case _:
                pass

    def _place(self) -> None:
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        words = self._label.sizeHint().width() if self._piece and words_for(self._piece) else 0
        # The words of a button without a label stand where those of the text do.
        x = words + GAP if words else -self.more.sizeHint().height() // 4
        self._put(self._label, 0, words, mirrored=mirrored)
        for button in (self.more, self.copy):
            if not button.isHidden():
                width = button.sizeHint().width()
                self._put(button, x, width, mirrored=mirrored)
                x += width + GAP

    def _put(self, widget: QWidget, x: int, width: int, *, mirrored: bool) -> None:
        height = widget.sizeHint().height()
        left = self.width() - x - width if mirrored else x
        widget.setGeometry(left, (self.height() - height) // 2, width, height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()


def words_for(piece: MorePiece) -> str:
    """What there is more of, in words."""
    count = QLocale().toString(piece.hidden)
    match piece.kind:
        case More.ITEMS:
            return _tr("1 more item") if piece.hidden == 1 else _tr("{count} more items").format(count=count)
        case More.CELLS:
            rows = _tr("1 more row") if piece.hidden == 1 else _tr("{count} more rows").format(count=count)
            columns = _tr("{count} more columns").format(count=QLocale().toString(piece.hidden_columns))
            if piece.hidden_columns == 1:
                columns = _tr("1 more column")
            return " · ".join([rows] * bool(piece.hidden) + [columns] * bool(piece.hidden_columns))
        case More.BLOCKS if piece.hidden == 1:
            return _tr("1 more paragraph")
        case More.BLOCKS:
            return _tr("{count} more paragraphs").format(count=count)
        case More.TEXT:
            return _tr("{count} more characters").format(count=count)
        case More.MESSAGE:
            return ""


def _offer(piece: MorePiece) -> str:
    match piece.kind:
        case More.ITEMS if piece.hidden > limits.MORE_ITEMS:
            return _tr("Show {count} more").format(count=QLocale().toString(limits.MORE_ITEMS))
        case More.TEXT | More.BLOCKS:
            return _tr("Show more")
        case More.MESSAGE if not piece.hidden:
            return _tr("Show less")
        case _:
            return _tr("Show all")


def _tr(text: str) -> str:
    return QCoreApplication.translate("MoreRow", text)
