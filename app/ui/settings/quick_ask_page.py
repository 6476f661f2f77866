"""The page Quick Ask: the key that opens the small window, and what that window does."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.chat.connections import Connections
from app.chat.hotkey import GlobalHotkey
from app.chat.preferences import Preferences
from app.ui.settings.hotkey_card import HotkeyCard
from app.ui.settings.quick_actions import QuickActions
from app.ui.settings.quick_ask_cards import AnswersCard, WindowCard
from app.ui.settings.rows import PageTitle
from app.ui.theme import Theme
from app.ui.widgets.label import Label
from app.ui.widgets.paragraph import Paragraph
from app.ui.widgets.toast import Toast


class QuickAskPage(QWidget):
    """Every change applies at once."""

    def __init__(
        self,
        theme: Theme,
        preferences: Preferences,
        connections: Connections,
        hotkey: GlobalHotkey,
        toast: Toast,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(6)
        layout.addWidget(PageTitle(theme, self.tr("Quick Ask")))
        layout.addSpacing(6)
        layout.addWidget(HotkeyCard(theme, preferences, hotkey))
        if QGuiApplication.platformName().startswith("wayland"):
            # SPEC §9.6
            words = self.tr(
                "On Wayland your desktop decides where the window opens, whether it stays on top and which"
                " window has the keyboard after it."
            )
            layout.addWidget(Paragraph(theme, words, style="label"))
        layout.addSpacing(10)
        layout.addWidget(Label(theme, self.tr("Window"), style="ui.strong"))
        layout.addWidget(WindowCard(theme, preferences))
        layout.addSpacing(10)
        layout.addWidget(Label(theme, self.tr("Answers"), style="ui.strong"))
        layout.addWidget(AnswersCard(theme, preferences, connections))
        layout.addSpacing(10)
        layout.addWidget(QuickActions(theme, preferences, toast))
        layout.addStretch()
