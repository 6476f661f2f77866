"""What the window says of the keyring and the disk, beside any single answer."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.chat.keys import KeyPlace, KeyringState, Keys
from app.chat.library import Library
from app.chat.preferences import Preferences
from app.core.errors import ChatError
from app.ui.error_text import error_text
from app.ui.notice_bar import Notice, NoticeBar

KEYRING, DISK, SETTINGS = "keyring", "disk", "settings"


class Notices(QObject):
    """Listens to `library`, `keys` and `preferences` and speaks through `bar`."""

    def __init__(
        self, bar: NoticeBar, library: Library, keys: Keys, preferences: Preferences, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._bar = bar
        self._keys = keys
        library.failed.connect(self.say_not_saved)
        preferences.save_failed.connect(self._on_settings_not_saved)
        keys.key_stored.connect(self._on_key_stored)
        keys.key_not_stored.connect(self._on_key_not_stored)
        keys.key_unavailable.connect(self._on_key_unavailable)
        keys.keyring_changed.connect(self._on_keyring_changed)

    def say_not_saved(self, error: ChatError) -> None:
        """Something could not be read from or written to the disk."""
        said = error_text(error)
        self._bar.show_notice(Notice(DISK, said.title, said.text, icon=said.icon, family="danger"))

    def _on_settings_not_saved(self, error: ChatError) -> None:
        title = self.tr("Your settings could not be saved")
        self._bar.show_notice(Notice(SETTINGS, title, error_text(error).text))

    def _on_key_stored(self, _: str, place: KeyPlace) -> None:
        if place is KeyPlace.KEYRING:
            self._bar.dismiss(KEYRING)
        elif self._keys.state is KeyringState.ABSENT:
            self._bar.show_notice(
                Notice(
                    KEYRING,
                    self.tr("No keychain on this system"),
                    self.tr("Your key is kept until you quit, and never written to a file."),
                    icon="key",
                )
            )

    def _on_key_not_stored(self, _: str, state: KeyringState) -> None:
        kept = self.tr("Your key is kept until you quit, and never written to a file.")
        self._bar.show_notice(
            Notice(
                KEYRING,
                self._what_the_keyring_does(state),
                kept,
                icon="key",
                actions=((self.tr("Try again"), self._keys.retry),),
            )
        )

    def _on_key_unavailable(self, _: str, state: KeyringState) -> None:
        self._bar.show_notice(
            Notice(
                KEYRING,
                self._what_the_keyring_does(state),
                self.tr("Unlock it, then try again. Your chats can be read meanwhile."),
                icon="key",
                actions=((self.tr("Try again"), self._keys.retry),),
            )
        )

    def _on_keyring_changed(self, state: KeyringState) -> None:
        if state is KeyringState.OK:
            self._bar.dismiss(KEYRING)

    def _what_the_keyring_does(self, state: KeyringState) -> str:
        match state:
            case KeyringState.LOCKED:
                return self.tr("Your keychain is locked")
            case KeyringState.WAITING:
                return self.tr("Your keychain does not answer")
            case _:
                return self.tr("Your keychain has a problem")
