"""The sidebar: new chat, the list of chats, and who answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui.sidebar.chat_list import ChatList
from app.ui.sidebar.chat_model import ChatModel
from app.ui.sidebar.endpoint_badge import EndpointBadge
from app.ui.theme import Theme
from app.ui.widgets.buttons import Button, IconButton, paint_icon
from app.ui.widgets.panel import Surface

# The parts that the first picture of the window does without are loaded when they are first shown.
if TYPE_CHECKING:
    from app.ui.widgets.segmented import Segmented

DEFAULT_WIDTH, MIN_WIDTH, MAX_WIDTH = 260, 220, 360
DRAWER_WIDTH = 280


class Sidebar(Surface):
    """What stands at the side of the window, or slides over it where the window is narrow.

    Signals: `new_chat_asked()`, `hide_asked()`, `settings_asked()`, `quick_ask_asked()`; `filter_changed()`:
    `shows_quick_alone` is another; those of `chats` (a `ChatList`) and of `model` (a `ChatModel`).
    """

    new_chat_asked = Signal()
    hide_asked = Signal()
    settings_asked = Signal()
    quick_ask_asked = Signal()
    filter_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "bg.sidebar", edges=(Qt.Edge.RightEdge,), parent=parent)
        self.keeps_focus = False
        self.shows_quick_alone = False
        self._filter: Segmented | None = None
        self.model = ChatModel(self)
        self.chats = ChatList(theme, self.model)
        self.badge = EndpointBadge(theme)
        self._new = NewChatButton(theme, self.tr("New chat"))
        self._new.set_keys(QKeySequence("Ctrl+N"))
        self._new.clicked.connect(self.new_chat_asked)
        hide = IconButton(theme, "sidebar", self.tr("Hide sidebar"), keys=QKeySequence("Ctrl+B"))
        hide.clicked.connect(self.hide_asked)
        settings = IconButton(theme, "settings", self.tr("Settings"), keys=QKeySequence("Ctrl+,"))
        settings.clicked.connect(self.settings_asked)
        quick_ask = IconButton(theme, "quick-ask", self.tr("Quick Ask"))
        quick_ask.clicked.connect(self.quick_ask_asked)

        top = QHBoxLayout()
        top.setContentsMargins(12, 9, 10, 9)
        top.setSpacing(6)
        top.addWidget(self._new)
        top.addWidget(hide)
        foot_line = Surface(theme, "line.hair")
        foot_line.setFixedHeight(1)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 9, 10, 10)
        foot.setSpacing(10)
        foot.addWidget(self.badge)
        foot.addWidget(quick_ask)
        foot.addSpacing(-6)
        foot.addWidget(settings)
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 1, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.chats, 1)
        layout.addWidget(foot_line)
        layout.addLayout(foot)

    def offer_filter(self, is_offered: bool) -> None:
        """Let the person see the chats of Quick Ask alone, once there are any."""
        if is_offered and self._filter is None:
            from app.ui.widgets.segmented import Segmented

            choices = (("all", self.tr("All chats"), ""), ("quick", self.tr("Quick Ask"), ""))
            self._filter = Segmented(self._theme, self.tr("Chats that are listed"), choices)
            self._filter.set_value("all")
            self._filter.chosen.connect(self._on_filter)
            row = QHBoxLayout()
            row.setContentsMargins(12, 0, 10, 2)
            row.addWidget(self._filter)
            row.addStretch(1)
            self._layout.insertLayout(1, row)
        if self._filter is None:
            return
        self._filter.setVisible(is_offered)
        if not is_offered and self.shows_quick_alone:
            self._filter.set_value("all")
            self.shows_quick_alone = False

    def _on_filter(self, value: str) -> None:
        self.shows_quick_alone = value == "quick"
        self.filter_changed.emit()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002  # Qt's own name
        if not self.keeps_focus:
            return super().focusNextPrevChild(next)
        stops = [one for one in self.findChildren(QWidget) if one.isVisible() and _takes_tab(one)]
        here = self.focusWidget()
        at = stops.index(here) if here in stops else -1
        step = 1 if next else -1
        reason = Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason
        stops[(at + step) % len(stops)].setFocus(reason)
        return True


def _takes_tab(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


class NewChatButton(Button):
    """The button at the top: icon and words at the start, keys at the end."""

    def __init__(self, theme: Theme, text: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, text, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(max(34, QFontMetrics(self.font()).height() + 14))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        start = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        end = Qt.AlignmentFlag.AlignLeft if mirrored else Qt.AlignmentFlag.AlignRight
        icon = QRect(self.width() - 28 if mirrored else 10, 0, 18, self.height())
        paint_icon(painter, theme, "new-chat", "accent.text", 18, icon)
        across = Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(self.font())
        painter.setPen(theme.color("text.primary"))
        painter.drawText(self.rect().adjusted(36, 0, -36, 0), start | across, self._label)
        key_font = theme.font("key")
        painter.setFont(key_font)
        painter.setPen(theme.color("text.tertiary"))
        words = QFontMetrics(self.font()).horizontalAdvance(self._label)
        if self.width() - 36 - words - 10 > QFontMetrics(key_font).horizontalAdvance(self._keys) + 8:
            painter.drawText(self.rect().adjusted(10, 0, -10, 0), end | across, self._keys)
