"""A long plain text to read and to copy from, such as a licence: never HTML, never more than it says."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from app.ui.theme import Theme, set_background

MARGIN = 12  # px


class PlainText(QPlainTextEdit):
    """Read only, with a caret so that it can be read by key; Tab leaves it."""

    def __init__(self, theme: Theme, name: str, style: str = "ui", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._style = style
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.document().setDocumentMargin(MARGIN)
        theme.changed.connect(self._show_theme)
        self._show_theme()

    def _show_theme(self) -> None:
        theme = self._theme
        self.setFont(theme.font(self._style))
        set_background(self, theme.color("bg.sunken"))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Text, theme.color("text.primary"))
        self.setPalette(palette)
