"""The dialog Settings: a list of pages at the left, the chosen page at the right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import (
    QHideEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.chat.autostart import Autostart
from app.chat.connections import Connections
from app.chat.hotkey import GlobalHotkey
from app.chat.keys import Keys
from app.chat.preferences import Preferences
from app.chat.updates import Updates
from app.core.about import About
from app.ui.actions import CommandId, command
from app.ui.settings.about_page import AboutPage
from app.ui.settings.appearance_page import AppearancePage
from app.ui.settings.endpoints_page import EndpointsPage
from app.ui.settings.general_page import GeneralPage
from app.ui.settings.quick_ask_page import QuickAskPage
from app.ui.theme import Theme, set_background
from app.ui.widgets.page_entry import PageEntry
from app.ui.widgets.panel import Surface
from app.ui.widgets.toast import Toast
from app.ui.widgets.tooltip import set_tooltip

SIZE = QSize(760, 560)
MIN_SIZE = QSize(520, 420)
LIST_WIDTH, ICONS_WIDTH = 196, 52
QUICK_ASK_PLACE = 2  # among the pages
NARROW = 680  # px of the dialog below which the list shows its icons alone


class SettingsDialog(QDialog):
    """Changes apply at once, but for an endpoint's own form, which has Save.

    Signals: `link_activated(address)`: a web page was asked for; `guide_asked()`, `licences_asked()`.
    """

    link_activated = Signal(str)
    guide_asked = Signal()
    licences_asked = Signal()

    def __init__(
        self,
        theme: Theme,
        connections: Connections,
        keys: Keys,
        preferences: Preferences,
        hotkey: GlobalHotkey | None = None,
        autostart: Autostart | None = None,
        parent: QWidget | None = None,
        *,
        updates: Updates | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._connections = connections
        self._preferences = preferences
        self.setWindowTitle(self.tr("Settings"))
        self.setAccessibleName(self.tr("Settings"))
        self._toast = Toast(theme, self)
        self.endpoints = EndpointsPage(theme, connections, keys, preferences, self._toast)
        self._stack = QStackedWidget()
        self._list = Surface(theme, "bg.sidebar", edges=(Qt.Edge.RightEdge,))
        self._list.setAccessibleName(self.tr("Pages"))
        self._list.setFixedWidth(LIST_WIDTH)
        self._column = column = QVBoxLayout(self._list)
        column.setContentsMargins(8, 12, 9, 12)
        column.setSpacing(1)
        self._entries: list[PageEntry] = []
        self._about: PageEntry | None = None
        pages: list[tuple[str, str, QWidget]] = [
            ("sliders", self.tr("General"), GeneralPage(theme, preferences, autostart, updates)),
            ("plug", self.tr("Endpoints"), self.endpoints),
            ("contrast", self.tr("Appearance"), AppearancePage(theme, preferences)),
        ]
        column.addStretch()
        for icon, name, page in pages:
            self._add_page(len(self._entries), icon, name, page)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._list)
        layout.addWidget(self._stack, 1)
        self._entries[1].setChecked(True)
        # A page of its own for each key press, as in a window with tabs.
        for keys_text, step in (("Ctrl+Tab", 1), ("Ctrl+Shift+Tab", -1)):
            shortcut = QShortcut(QKeySequence(keys_text), self)
            shortcut.activated.connect(lambda step=step: self._turn_page(step))
        guide_key = QShortcut(QKeySequence(command(CommandId.GUIDE).keys[0]), self)
        guide_key.activated.connect(self.guide_asked)
        theme.changed.connect(self._show_theme)
        self.setMinimumSize(MIN_SIZE)
        self.resize(SIZE)
        self._show_theme()
        if hotkey is not None:
            self.add_quick_ask(hotkey)
        self._toast.raise_()

    def add_quick_ask(self, hotkey: GlobalHotkey) -> None:
        """Have the page of Quick Ask, too: the hotkey comes a moment after the start. All else stays."""
        page = QuickAskPage(self._theme, self._preferences, self._connections, hotkey, self._toast)
        self._add_page(QUICK_ASK_PLACE, "quick-ask", self.tr("Quick Ask"), page)
        self._show_theme()

    def add_about(self, about: About, open_folder: Callable[[Path], bool]) -> None:
        """Have the page About, which is the last; what it says is gathered after the start."""
        page = AboutPage(self._theme, about, open_folder, self._toast)
        page.guide_asked.connect(self.guide_asked)
        page.licences_asked.connect(self.licences_asked)
        self._about = self._add_page(len(self._entries), "info", self.tr("About"), page)
        self._show_theme()

    def turn_to_about(self) -> None:
        """Show the page About, where there is one."""
        if self._about is not None:
            self._about.setChecked(True)

    def _add_page(self, at: int, icon: str, name: str, page: QWidget) -> PageEntry:
        area = QScrollArea()
        area.setWidget(page)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setAccessibleName(name)
        self._stack.addWidget(area)
        entry = PageEntry(self._theme, icon, name, self._list)
        entry.toggled.connect(lambda is_on: self._stack.setCurrentWidget(area) if is_on else None)
        self._entries.insert(at, entry)
        self._column.insertWidget(at, entry)
        if at:
            self.setTabOrder(self._entries[at - 1], entry)
        return entry

    def _turn_page(self, step: int) -> None:
        at = next(at for at, entry in enumerate(self._entries) if entry.isChecked())
        self._entries[(at + step) % len(self._entries)].setChecked(True)

    def _show_theme(self) -> None:
        set_background(self, self._theme.color("bg.canvas"))
        for at in range(self._stack.count()):
            area = self._stack.widget(at)
            if isinstance(area, QScrollArea):
                set_background(area.viewport(), self._theme.color("bg.canvas"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.width() < NARROW
        self._list.setFixedWidth(ICONS_WIDTH if is_narrow else LIST_WIDTH)
        for entry in self._entries:
            set_tooltip(entry, entry.text() if is_narrow else "")
        self._toast.place(self.height() - 16)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self._toast.dismiss()
            self.endpoints.forget_removed_keys()
