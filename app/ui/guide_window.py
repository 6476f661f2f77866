"""The user's guide: its pages at the left, the chosen one, Markdown of `resources/help`, at the right."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout

from app.ui.document_view import DocumentView
from app.ui.theme import Theme, set_background
from app.ui.widgets.page_entry import PageEntry
from app.ui.widgets.panel import Surface
from app.ui.widgets.tooltip import set_tooltip

FOLDER = "help"  # below `resources`
SIZE, MIN_SIZE = QSize(900, 680), QSize(440, 360)
LIST_WIDTH, ICONS_WIDTH = 210, 52
NARROW = 680  # px of the window below which the list shows its icons alone
CONTEXT = "GuideWindow"


class PageId(StrEnum):
    """Every page; the value is the name of its file."""

    FIRST_STEPS = "first-steps"
    QUICK_ASK = "quick-ask"
    SHORTCUTS = "shortcuts"
    CONNECTION = "connection"
    BACKUPS = "backups"
    PRIVACY = "privacy"


class GuidePage(NamedTuple):
    """One page; `source` is its English name in the list."""

    page_id: PageId
    icon: str
    source: str


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:
    """Mark `text` for translation; it is translated where it is shown."""
    return text


PAGES: tuple[GuidePage, ...] = (
    GuidePage(PageId.FIRST_STEPS, "key", QT_TRANSLATE_NOOP("GuideWindow", "First steps")),
    GuidePage(PageId.QUICK_ASK, "quick-ask", QT_TRANSLATE_NOOP("GuideWindow", "Quick Ask")),
    GuidePage(PageId.SHORTCUTS, "keyboard", QT_TRANSLATE_NOOP("GuideWindow", "Shortcuts")),
    GuidePage(PageId.CONNECTION, "plug", QT_TRANSLATE_NOOP("GuideWindow", "If it doesn’t connect")),
    GuidePage(PageId.BACKUPS, "archive", QT_TRANSLATE_NOOP("GuideWindow", "Backups")),
    GuidePage(PageId.PRIVACY, "shield", QT_TRANSLATE_NOOP("GuideWindow", "Privacy")),
)


class GuideWindow(QDialog):
    """Made when it is asked for, and kept: closed with Esc, it opens at the page that it was left at."""

    def __init__(self, theme: Theme, resources: Path, open_link: Callable[[str], object]) -> None:
        super().__init__()
        self._theme = theme
        self._folder = resources / FOLDER
        self.setWindowTitle(self.tr("User’s guide"))
        self.text = DocumentView(theme, self.windowTitle(), open_link)
        self._list = Surface(theme, "bg.sidebar", edges=(Qt.Edge.RightEdge,))
        self._list.setAccessibleName(self.tr("Pages"))
        column = QVBoxLayout(self._list)
        column.setContentsMargins(8, 12, 9, 12)
        column.setSpacing(1)
        self._entries: dict[PageId, PageEntry] = {}
        for page in PAGES:
            name = QCoreApplication.translate(CONTEXT, page.source)
            entry = PageEntry(theme, page.icon, name, self._list)
            entry.toggled.connect(lambda is_on, page=page: self._on_page(page.page_id) if is_on else None)
            self._entries[page.page_id] = entry
            column.addWidget(entry)
        column.addStretch()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._list)
        layout.addWidget(self.text, 1)
        theme.changed.connect(self._show_theme)
        self._show_theme()
        self.setMinimumSize(MIN_SIZE)
        self.resize(SIZE)
        self._entries[PageId.FIRST_STEPS].setChecked(True)

    def _on_page(self, page_id: PageId) -> None:
        try:
            text = (self._folder / f"{page_id}.md").read_text(encoding="utf-8")
        except OSError:
            text = self.tr("This page is missing from this copy of Sirocco.")
        self.text.show_text(text)

    def _show_theme(self) -> None:
        set_background(self, self._theme.color("bg.canvas"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.width() < NARROW
        self._list.setFixedWidth(ICONS_WIDTH if is_narrow else LIST_WIDTH)
        for entry in self._entries.values():
            set_tooltip(entry, entry.text() if is_narrow else "")
