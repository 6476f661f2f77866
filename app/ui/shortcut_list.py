"""The list of shortcuts: every command that has keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.core.settings import SendKey
from app.ui.actions import COMMANDS, Section, section_title
from app.ui.settings.link_button import LinkButton
from app.ui.theme import Theme, set_background
from app.ui.widgets.buttons import native_text
from app.ui.widgets.key_cap import KeyCap
from app.ui.widgets.label import Label


class ShortcutList(QDialog):
    """Made when it is asked for; closes with Esc.

    Signals: `guide_asked()`.
    """

    guide_asked = Signal()

    def __init__(self, theme: Theme, send_key: SendKey, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(24, 20, 24, 24)
        layout.setSpacing(0)
        guide = LinkButton(theme, self.tr("User’s guide"))
        guide.clicked.connect(self.guide_asked)
        head = QHBoxLayout()
        head.addWidget(Label(theme, self.tr("Keyboard shortcuts"), style="title.m"), 1)
        head.addWidget(guide)
        layout.addLayout(head)
        sends, breaks = ("Enter", "Shift+Enter")
        if send_key is SendKey.CTRL_ENTER:
            sends, breaks = ("Ctrl+Enter", "Enter")
        writing = [(self.tr("Send"), (sends,)), (self.tr("Break the line"), (breaks,))]
        self._add(layout, self.tr("Message"), writing)
        for section in Section:
            rows = [(one.text, (one.keys[0],)) for one in COMMANDS if one.section is section and one.keys]
            if section is Section.CHAT:
                rows.append((self.tr("Delete chat (in the list)"), ("Del",)))
                rows.append((self.tr("Match case (in the find bar)"), ("Alt+C",)))
                rows.append((self.tr("Whole word (in the find bar)"), ("Alt+W",)))
            self._add(layout, section_title(section), rows)
            if section is Section.ANSWER:
                self._add(layout, self.tr("Reading"), self._reading())
        self._add(layout, self.tr("Quick Ask"), self._quick_ask())
        scroll = QScrollArea(self)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll = scroll
        self._show_theme()
        theme.changed.connect(self._show_theme)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        self.resize(440, 720)

    def _reading(self) -> list[tuple[str, tuple[str, ...]]]:
        """What keys do while a message has the focus."""
        return [
            (self.tr("Previous message"), ("Up", "K")),
            (self.tr("Next message"), ("Down", "J")),
            (self.tr("Page up, page down"), ("PgUp", "PgDown")),
            (self.tr("Beginning, end"), ("Home", "End")),
            (self.tr("Copy the message"), ("C",)),
            (self.tr("Try again"), ("R",)),
            (self.tr("Actions of the message"), ("Return",)),
            (self.tr("From action to action"), ("Left", "Right")),
            (self.tr("Menu of the message"), ("Shift+F10",)),
            (self.tr("Back to writing"), ("Esc",)),
        ]

    def _quick_ask(self) -> list[tuple[str, tuple[str, ...]]]:
        """What keys do in the small window, beside those of the same name above."""
        return [
            (self.tr("Do something with a text"), ("Ctrl+J",)),
            (self.tr("The first nine actions"), ("Ctrl+1", "Ctrl+9")),
            (self.tr("What was asked before, and back"), ("Alt+Up", "Alt+Down")),
            (self.tr("New private question"), ("Ctrl+Shift+N",)),
            (self.tr("Copy and close"), ("Ctrl+Shift+X",)),
            (self.tr("Paste back"), ("Ctrl+Shift+V",)),
            (self.tr("Continue in main window"), ("Ctrl+Return", "Ctrl+O")),
            (self.tr("Keep on top"), ("Ctrl+P",)),
        ]

    def _show_theme(self) -> None:
        set_background(self._scroll, self._theme.color("bg.canvas"))

    def _add(self, layout: QVBoxLayout, title: str, rows: Sequence[tuple[str, tuple[str, ...]]]) -> None:
        layout.addSpacing(16)
        layout.addWidget(Label(self._theme, title, style="group", tone="text.tertiary"))
        layout.addSpacing(4)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(0, 1)
        for at, (text, keys) in enumerate(rows):
            label = Label(self._theme, text)
            label.setMinimumHeight(30)
            grid.addWidget(label, at, 0)
            caps = QHBoxLayout()
            caps.setSpacing(4)
            caps.addStretch(1)
            for one in keys:
                caps.addWidget(KeyCap(self._theme, native_text(QKeySequence(one))))
            grid.addLayout(caps, at, 1)
        layout.addLayout(grid)
