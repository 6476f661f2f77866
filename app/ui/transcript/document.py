"""The only kind of document that shows text of others: it loads nothing (SEC-01)."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, Qt, QUrl
from PySide6.QtGui import QImage, QTextCursor, QTextDocument, QTextOption

INSIDE = 10.0  # px from the left edge: within the first cell where the text is a table
_NOTHING = QImage(1, 1, QImage.Format.Format_ARGB32)
_NOTHING.fill(0)
_OPTION = QTextOption()
_OPTION.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)


class SafeDocument(QTextDocument):
    """A document without undo and margins whose resources are all one empty picture.

    An editor that shows it becomes its owner, so it is deleted by `shiboken6.delete`, and only after the
    editor has gone back to another document.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setUndoRedoEnabled(False)
        self.setDocumentMargin(0)
        self.setDefaultTextOption(_OPTION)
        self._kept = -1  # the revision that had its shapes kept

    def set_side_margins(self, margin: int) -> None:
        """Leave so many px free at both sides."""
        frame = self.rootFrame()
        look = frame.frameFormat()
        look.setLeftMargin(margin)
        look.setRightMargin(margin)
        frame.setFrameFormat(look)

    def keep_shapes(self) -> None:
        """Keep the shapes of the letters with their places once it is laid out again.

        Else Qt looks for them each time that it paints, which takes as long as all the rest of it. It also
        does each time that it lays out, as an editor always has it do once more with what it is given.
        """
        revision = self.revision()
        if self._kept == revision:
            return
        self._kept = revision
        block = self.begin()
        while block.isValid():
            block.layout().setCacheEnabled(True)
            block = block.next()

    def lay_out(self, width: float) -> None:
        """Lay it out in so many px, unless that has been done."""
        if self.textWidth() != width:
            self.keep_shapes()
            self.setLayoutEnabled(True)
            self.setTextWidth(width)

    @property
    def state(self) -> tuple[float, int]:
        """Another one after each change of the text or of its width; what was measured holds until then."""
        return self.textWidth(), self.revision()

    def end_cursor(self) -> QTextCursor:
        """A cursor behind the last character."""
        cursor = QTextCursor(self)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        return cursor

    def line_at(self, y: float) -> tuple[int, int]:
        """The line at this height or the next below: the position of its first letter, and its top in px."""
        layout = self.documentLayout()
        block = self.findBlock(layout.hitTest(QPointF(INSIDE, y), Qt.HitTestAccuracy.FuzzyHit))
        top = layout.blockBoundingRect(block).top()
        lines = block.layout()
        for number in range(lines.lineCount()):
            line = lines.lineAt(number)
            if number == lines.lineCount() - 1 or top + line.y() + line.height() > y:
                return block.position() + line.textStart(), round(top + line.y())
        return block.position(), round(top)

    def line_top(self, position: int) -> int:
        """The top in px of the line that holds the letter at `position`, or the last letter."""
        position = min(position, self.characterCount() - 1)
        block = self.findBlock(position)
        top = self.documentLayout().blockBoundingRect(block).top()
        line = block.layout().lineForTextPosition(position - block.position())
        return round(top + line.y()) if line.isValid() else round(top)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        # Never None: Qt would then look for a file of that name.
        return _NOTHING
