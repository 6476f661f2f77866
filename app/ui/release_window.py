"""The window that says what is new in a version, and leads to the page where it can be had."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout

from app.core.provider import host_of
from app.core.update import Release
from app.ui.document_view import DocumentView
from app.ui.theme import Theme, set_background
from app.ui.widgets.buttons import Button, Kind
from app.ui.widgets.label import Label
from app.ui.widgets.paragraph import Paragraph

SIZE, MIN_SIZE = QSize(640, 520), QSize(400, 320)


class ReleaseWindow(QDialog):
    """Made when it is asked for, and kept. What it shows was written by others (SEC-03)."""

    def __init__(self, theme: Theme, release: Release, open_link: Callable[[str], object]) -> None:
        super().__init__()
        self._theme = theme
        title = self.tr("Sirocco {version}").format(version=release.version)
        self.setWindowTitle(title)
        self.notes = DocumentView(theme, self.tr("What is new"), open_link)
        self.notes.show_text(release.notes or self.tr("Nothing was written about what is new."))
        page = Button(theme, self.tr("Open download page"), kind=Kind.PRIMARY, icon="external")
        page.clicked.connect(lambda: open_link(release.page))
        words = self.tr("Opens {host} in your browser. Sirocco itself downloads nothing.")
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 8, 24, 20)
        foot.setSpacing(12)
        foot.addWidget(Paragraph(theme, words.format(host=host_of(release.page)), style="label"), 1)
        foot.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 20, 0, 0)
        layout.setSpacing(4)
        head = QHBoxLayout()
        head.setContentsMargins(24, 0, 24, 0)
        head.addWidget(Label(theme, title, style="title.m"))
        layout.addLayout(head)
        layout.addWidget(self.notes, 1)
        layout.addLayout(foot)
        theme.changed.connect(self._show_theme)
        self._show_theme()
        self.setMinimumSize(MIN_SIZE)
        self.resize(SIZE)

    def _show_theme(self) -> None:
        set_background(self, self._theme.color("bg.canvas"))
