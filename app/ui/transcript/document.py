"""The only kind of document that shows text of others: it loads nothing (SEC-01)."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage, QTextCursor, QTextDocument, QTextOption

_NOTHING = QImage(1, 1, QImage.Format.Format_ARGB32)
_NOTHING.fill(0)


class SafeDocument(QTextDocument):
    """A document without undo and margins whose resources are all one empty picture.

    An editor that shows it becomes its owner, so it is deleted by `shiboken6.delete`, and only after the
    editor has gone back to another document.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setUndoRedoEnabled(False)
        self.setDocumentMargin(0)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setDefaultTextOption(option)

    def set_side_margins(self, margin: int) -> None:
        """Leave so many px free at both sides."""
        frame = self.rootFrame()
        look = frame.frameFormat()
        look.setLeftMargin(margin)
        look.setRightMargin(margin)
        frame.setFrameFormat(look)

    def end_cursor(self) -> QTextCursor:
        """A cursor behind the last character."""
        cursor = QTextCursor(self)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        return cursor

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        # Never None: Qt would then look for a file of that name.
        return _NOTHING
