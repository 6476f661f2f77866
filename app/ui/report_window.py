"""The window that shows the report of a crash, for the person alone to read and to copy."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.plain_text import PlainText
from app.ui.theme import Theme, set_background
from app.ui.transcript.clipboard import put_text
from app.ui.widgets.buttons import Button, Kind
from app.ui.widgets.label import Label
from app.ui.widgets.paragraph import Paragraph
from app.ui.widgets.toast import Toast

SIZE, MIN_SIZE = QSize(760, 560), QSize(400, 320)


class ReportWindow(QDialog):
    """Made when it is asked for; closes with Esc."""

    def __init__(self, theme: Theme, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = text
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("What went wrong"))
        shown = PlainText(theme, self.tr("Report"), "code")
        shown.setPlainText(text)
        copy = Button(theme, self.tr("Copy report"), kind=Kind.PRIMARY, icon="copy")
        copy.clicked.connect(self._on_copy)
        close = Button(theme, self.tr("Close"))
        close.clicked.connect(self.close)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(close)
        buttons.addWidget(copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(8)
        layout.addWidget(Label(theme, self.tr("What went wrong"), style="title.m"))
        words = self.tr(
            "This report is on this computer alone, and holds no key. Whoever helps you with Sirocco can read"
            " from it what happened; look it through before you pass it on."
        )
        layout.addWidget(Paragraph(theme, words))
        layout.addWidget(shown, 1)
        layout.addLayout(buttons)
        self._toast = Toast(theme, self)
        theme.changed.connect(self._show_theme)
        self._show_theme()
        self.setMinimumSize(MIN_SIZE)
        self.resize(SIZE)
        copy.setFocus()

    def _on_copy(self) -> None:
        put_text(self._text)
        self._toast.say(self.tr("Report copied"))

    def _show_theme(self) -> None:
        set_background(self, self._theme.color("bg.canvas"))
