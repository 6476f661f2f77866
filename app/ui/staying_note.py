"""What is said once when the window was closed and the app goes on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout

from app.ui.theme import Theme, set_background
from app.ui.widgets.buttons import Button, Kind
from app.ui.widgets.label import Label
from app.ui.widgets.paragraph import Paragraph

WIDTH, MARGIN = 400, 24  # px


class StayingNote(QDialog):
    """A window of its own, for the main window is closed by then. Escape keeps the app running.

    Signals: `quit_asked()`.
    """

    quit_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Sirocco keeps running"))
        text = Paragraph(
            theme,
            self.tr(
                "Answers go on, and Quick Ask stays at hand. The icon in the tray, the hotkey or another "
                "start of Sirocco brings it back. Settings, General has a switch for this."
            ),
        )
        text.setFixedWidth(WIDTH - 2 * MARGIN)
        quit_button = Button(theme, self.tr("Quit Sirocco"))
        quit_button.clicked.connect(self._on_quit)
        keep = Button(theme, self.tr("Keep running"), kind=Kind.PRIMARY)
        keep.clicked.connect(self.close)
        keep.setDefault(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(quit_button)
        buttons.addWidget(keep)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, 20, MARGIN, 20)
        layout.setSpacing(8)
        layout.addWidget(Label(theme, self.tr("Sirocco keeps running"), style="title.m"))
        layout.addWidget(text)
        layout.addSpacing(8)
        layout.addLayout(buttons)
        self.setFixedWidth(WIDTH)
        theme.changed.connect(self._show_theme)
        self._show_theme()
        keep.setFocus()

    def _show_theme(self) -> None:
        set_background(self, self._theme.color("bg.canvas"))

    def _on_quit(self) -> None:
        self.close()
        self.quit_asked.emit()
