"""The windows beside the main one: settings, shortcuts, guide and more, each made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.chat.connections import Connections
from app.chat.keys import Keys
from app.chat.preferences import Preferences
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.chat.autostart import Autostart
    from app.chat.hotkey import GlobalHotkey
    from app.chat.updates import Updates
    from app.core.about import About
    from app.core.update import Release
    from app.ui.guide_window import GuideWindow
    from app.ui.release_window import ReleaseWindow
    from app.ui.settings.dialog import SettingsDialog


class OtherWindows(QObject):
    """`open_link` opens a web page that the person asked for. What `use_…` tells comes after the start."""

    def __init__(
        self,
        window: QWidget,
        theme: Theme,
        connections: Connections,
        keys: Keys,
        preferences: Preferences,
        open_link: Callable[[str], object],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._connections = connections
        self._keys = keys
        self._preferences = preferences
        self._open_link = open_link
        self._settings: SettingsDialog | None = None
        self._guide: GuideWindow | None = None
        self._release: ReleaseWindow | None = None
        self._hotkey: GlobalHotkey | None = None
        self._updates: Updates | None = None
        self._make_autostart: Callable[[], Autostart | None] = lambda: None
        self._make_about: Callable[[], About] | None = None
        self._open_folder: Callable[[Path], bool] = lambda _: False

    # -- what comes after the start --

    def use_hotkey(self, hotkey: GlobalHotkey) -> None:
        """Let the settings show the hotkey."""
        self._hotkey = hotkey
        if self._settings is not None:
            self._settings.add_quick_ask(hotkey)

    def use_autostart(self, make: Callable[[], Autostart | None]) -> None:
        """Let the settings show whether the app starts with the session; `make` is called with the dialog."""
        self._make_autostart = make

    def use_about(self, make: Callable[[], About], open_folder: Callable[[Path], bool]) -> None:
        """Let the settings say what this Sirocco is; `open_folder` shows one, and says whether it could."""
        self._make_about = make
        self._open_folder = open_folder
        if self._settings is not None:
            self._settings.add_about(make(), open_folder)

    def use_updates(self, updates: Updates) -> None:
        """Let the settings show whether newer versions are looked for, from when they are opened first."""
        self._updates = updates

    # -- opening them --

    def open_settings(self) -> None:
        """Show the settings dialog."""
        _bring_forward(self._made_settings())

    def open_about(self) -> None:
        """Show the settings dialog at the page About."""
        dialog = self._made_settings()
        dialog.turn_to_about()
        _bring_forward(dialog)

    def show_shortcuts(self) -> None:
        """Show the list of shortcuts."""
        from app.ui.shortcut_list import ShortcutList

        shown = ShortcutList(self._theme, self._preferences.current.send_key, self._window)
        shown.guide_asked.connect(self.open_guide)
        shown.show()

    def open_guide(self) -> None:
        """Show the user's guide."""
        if self._guide is None:
            from app.ui.guide_window import GuideWindow

            self._guide = GuideWindow(self._theme, self._theme.resources, self._open_link)
        _bring_forward(self._guide)

    def show_licences(self) -> None:
        """Show whose work is in it."""
        from app.ui.licences_window import LicencesWindow, parts_in

        resources = self._theme.resources
        LicencesWindow(self._theme, resources, parts_in(resources), self._settings or self._window).show()

    def show_report(self, text: str) -> None:
        """Show the report of a crash."""
        from app.ui.report_window import ReportWindow

        ReportWindow(self._theme, text, self._window).show()

    def show_release(self, release: Release) -> None:
        """Show what is new in a version."""
        if self._release is None:
            from app.ui.release_window import ReleaseWindow

            self._release = ReleaseWindow(self._theme, release, self._open_link)
        _bring_forward(self._release)

    def shut_down(self, seconds: float) -> bool:
        """Join what works for them within `seconds`; False where it was left behind."""
        is_joined = True
        if self._guide is not None:
            self._guide.hide()
            is_joined &= self._guide.text.shut_down(seconds)
        if self._release is not None:
            self._release.hide()
            is_joined &= self._release.notes.shut_down(seconds)
        return is_joined

    def _made_settings(self) -> SettingsDialog:
        if self._settings is None:
            from app.ui.settings.dialog import SettingsDialog  # most starts never need it

            dialog = SettingsDialog(
                self._theme,
                self._connections,
                self._keys,
                self._preferences,
                self._hotkey,
                self._make_autostart(),
                self._window,
                updates=self._updates,
            )
            dialog.link_activated.connect(self._open_link)
            dialog.guide_asked.connect(self.open_guide)
            dialog.licences_asked.connect(self.show_licences)
            if self._make_about is not None:
                dialog.add_about(self._make_about(), self._open_folder)
            self._settings = dialog
        return self._settings


def _bring_forward(window: QWidget) -> None:
    window.show()
    window.raise_()
    window.activateWindow()
