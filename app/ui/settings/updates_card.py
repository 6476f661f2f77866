"""Whether newer versions are looked for; only where this build may look."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.chat.preferences import Preferences
from app.chat.updates import Updates
from app.core.settings import Settings, UpdateCheck
from app.ui.settings.rows import Card
from app.ui.theme import Theme
from app.ui.widgets.switch import Switch


class UpdatesCard(Card):
    """Says who is asked."""

    def __init__(
        self, theme: Theme, preferences: Preferences, updates: Updates, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self._updates = updates
        self.set_least_width()
        self._switch = Switch(theme, self.tr("Look for newer versions"))
        self._switch.clicked.connect(self._on_switch)
        words = self.tr("Once a day, by asking {host} for a small file. Nothing about you is sent.")
        self.add_row(self.tr("Look for newer versions"), self._switch, words.format(host=updates.host))
        preferences.changed.connect(self._show_settings)
        self._show_settings(preferences.current)

    def _show_settings(self, settings: Settings) -> None:
        self._switch.setChecked(settings.update_check is UpdateCheck.ON)

    def _on_switch(self, is_on: bool) -> None:
        self._updates.decide(UpdateCheck.ON if is_on else UpdateCheck.OFF)
