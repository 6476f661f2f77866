"""The dialog Settings: a list of pages at the left, the chosen page at the right."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QHideEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QRadioButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.chat.autostart import Autostart
from app.chat.connections import Connections
from app.chat.hotkey import GlobalHotkey
from app.chat.keys import Keys
from app.chat.preferences import Preferences
from app.ui.settings.appearance_page import AppearancePage
from app.ui.settings.endpoints_page import EndpointsPage
from app.ui.settings.general_page import GeneralPage
from app.ui.settings.quick_ask_page import QuickAskPage
from app.ui.theme import Theme, set_background
from app.ui.widgets.buttons import paint_icon
from app.ui.widgets.focus_ring import show_focus
from app.ui.widgets.panel import Surface
from app.ui.widgets.toast import Toast
from app.ui.widgets.tooltip import set_tooltip

SIZE = QSize(760, 560)
MIN_SIZE = QSize(520, 420)
LIST_WIDTH, ICONS_WIDTH = 196, 52
NARROW = 680  # px of the dialog below which the list shows its icons alone


class SettingsDialog(QDialog):
    """Changes apply at once, but for an endpoint's own form, which has Save.

    Signals: `link_activated(address)`: a web page was asked for.
    """

    link_activated = Signal(str)

    def __init__(
        self,
        theme: Theme,
        connections: Connections,
        keys: Keys,
        preferences: Preferences,
        hotkey: GlobalHotkey | None = None,
        autostart: Autostart | None = None,
        parent: QWidget | None = None,
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
        self._entries: list[_Entry] = []
        pages: list[tuple[str, str, QWidget]] = [
            ("sliders", self.tr("General"), GeneralPage(theme, preferences, autostart)),
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
        self._add_page(len(self._entries) - 1, "quick-ask", self.tr("Quick Ask"), page)
        self._show_theme()

    def _add_page(self, at: int, icon: str, name: str, page: QWidget) -> None:
        area = QScrollArea()
        area.setWidget(page)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setAccessibleName(name)
        self._stack.addWidget(area)
        entry = _Entry(self._theme, icon, name, self._list)
        entry.toggled.connect(lambda is_on: self._stack.setCurrentWidget(area) if is_on else None)
        self._entries.insert(at, entry)
        self._column.insertWidget(at, entry)
        if at:
            self.setTabOrder(self._entries[at - 1], entry)

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


class _Entry(QRadioButton):
    """One line of the list of pages."""

    def __init__(self, theme: Theme, icon: str, name: str, parent: QWidget) -> None:
        super().__init__(name, parent)
        self._theme = theme
        self._icon = icon
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def sizeHint(self) -> QSize:
        return QSize(160, max(34, QFontMetrics(self._theme.font("ui.medium")).height() + 12))

    def minimumSizeHint(self) -> QSize:
        return QSize(34, self.sizeHint().height())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        show_focus(self, event, self._theme, 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, chosen = self._theme, self.isChecked()
        if chosen or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("fill.selected" if chosen else "fill.hover"))
            painter.drawRoundedRect(self.rect(), 8, 8)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        icon = QRect(self.width() - 27 if mirrored else 9, 0, 18, self.height())
        paint_icon(painter, theme, self._icon, "accent.text" if chosen else "text.secondary", 18, icon)
        if self.width() < 60:
            return
        painter.setFont(theme.font("ui.medium" if chosen else "ui"))
        painter.setPen(theme.color("text.primary" if chosen or self.underMouse() else "text.secondary"))
        room = self.rect().adjusted(9, 0, -37, 0) if mirrored else self.rect().adjusted(37, 0, -9, 0)
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        shown = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignAbsolute | side | Qt.AlignmentFlag.AlignVCenter, shown)
