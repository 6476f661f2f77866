"""What happens at the session's start and when the window is closed."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from app.chat.autostart import Autostart
from app.chat.preferences import Preferences
from app.core.settings import Settings
from app.ui.settings.rows import Card
from app.ui.settings.state_hint import HintKind, StateHint
from app.ui.theme import Theme
from app.ui.widgets.switch import Switch


class StartupCard(Card):
    """Shows what the system says, asked each time that the card is shown: it can be changed elsewhere."""

    def __init__(
        self,
        theme: Theme,
        preferences: Preferences,
        autostart: Autostart | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, parent)
        self._preferences = preferences
        self._autostart = autostart
        self.set_least_width()
        if autostart is not None:
            self._start = Switch(theme, self.tr("Start with the session"))
            self._start.setEnabled(False)  # until it is known
            self._start.clicked.connect(self._on_start)
            self._hint = StateHint(theme)
            row = self.add_row(
                self.tr("Start with the session"),
                self._start,
                self.tr("Without its window, where a tray or the hotkey leads to it."),
            )
            row.add_below(self._hint)
            autostart.found.connect(self._on_found)
            autostart.failed.connect(self._on_failed)
        self._keep = Switch(theme, self.tr("Keep running when the window is closed"))
        self._keep.clicked.connect(self._on_keep)
        self.add_row(
            self.tr("Keep running when the window is closed"),
            self._keep,
            self.tr("Where a tray or the hotkey leads back to it; elsewhere closing quits."),
        )
        preferences.changed.connect(self._show_settings)
        self._show_settings(preferences.current)

    @property
    def problem(self) -> str:
        """What it says of a change that failed."""
        return self._hint.text if self._autostart is not None else ""

    def _show_settings(self, settings: Settings) -> None:
        self._keep.setChecked(settings.keep_running)

    def _on_keep(self, is_on: bool) -> None:
        self._preferences.set(replace(self._preferences.current, keep_running=is_on))

    def _on_start(self, is_on: bool) -> None:
        if self._autostart is None:
            return
        self._hint.say(HintKind.PLAIN, "")
        self._start.setEnabled(False)
        if is_on:
            self._autostart.turn_on()
        else:
            self._autostart.turn_off()

    def _on_found(self, is_on: bool) -> None:
        self._start.setEnabled(True)
        self._start.setChecked(is_on)

    def _on_failed(self, reason: str) -> None:
        words = self.tr("This could not be changed: {reason}.").format(reason=reason)
        self._hint.say(HintKind.BAD, words)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._autostart is not None:
            self._autostart.look()
