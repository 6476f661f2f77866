"""The editor of a table, whose rows are lines of text to whoever has them read out."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QPaintEvent
from PySide6.QtWidgets import QTextEdit, QWidget

from app.markup.blocks import Table
from app.ui.theme import Theme
from app.ui.transcript.block_edit import BlockEdit, Ground
from app.ui.transcript.table import TableDrawing
from app.ui.widgets.label import Label


class RowLine(Label):
    """One row, where it stands in the table. It is heard and not seen."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent=parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The table is painted already."""


class TableEdit(BlockEdit):
    """Shows a `TableDrawing`.

    In the text of a table Qt separates the cells by marks that no voice can say, and a caret goes from cell
    to cell. So while assistive technology is there, each row is a label too: its cells, with commas between.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent, QTextEdit.LineWrapMode.FixedPixelWidth)
        self._lines: list[RowLine] = []
        self._told: tuple[Table | None, float] = (None, 0.0)
        self._wanted = 0  # px across, while how wide it is may not be known yet
        self.horizontalScrollBar().rangeChanged.connect(self._on_range_changed)

    @property
    def is_mirrored(self) -> bool:
        """Whether its first column is the one at the right."""
        return isinstance(self.ground, TableDrawing) and self.ground.is_mirrored

    @property
    def across(self) -> int:
        bar = self.horizontalScrollBar()
        return bar.maximum() - bar.value() if self.is_mirrored else bar.value()

    def scroll_across(self, across: int) -> None:
        self._wanted = across
        bar = self.horizontalScrollBar()
        bar.setValue(bar.maximum() - across if self.is_mirrored else across)

    def _on_range_changed(self) -> None:
        if self.is_mirrored:
            self.scroll_across(self._wanted)

    def bind(self, ground: Ground) -> None:
        self._told = (None, 0.0)
        super().bind(ground)
        self.scroll_across(0)

    def unbind(self) -> None:
        for line in self._lines:
            line.hide()
        super().unbind()

    def tell_rows(self) -> None:
        """Have the lines say what the table holds now. Costs nothing while nobody listens."""
        drawing = self.ground
        if not QAccessible.isActive() or not isinstance(drawing, TableDrawing):
            return
        state = (drawing.table, drawing.document.textWidth())
        if state[0] is self._told[0] and state[1] == self._told[1]:
            return
        self._told = state
        rows = drawing.row_lines()
        while len(self._lines) < len(rows):
            self._lines.append(RowLine(self._theme, self.viewport()))
        for line, row in zip(self._lines, rows, strict=False):
            line.setGeometry(0, row.top, round(state[1]), row.height)
            if line.text() != row.words:
                line.setText(row.words)
            line.show()
        for line in self._lines[len(rows) :]:
            line.hide()
