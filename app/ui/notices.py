"""What the window says of the keyring, the disk and the way to the network, beside any single answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from app.chat.disk import HistoryProblem
from app.chat.keys import KeyPlace, KeyringState, Keys
from app.chat.library import Library
from app.chat.preferences import Preferences
from app.core.errors import ChatError
from app.ui.chat_page import ChatPage

KEYRING, DISK, SETTINGS, NETWORK, FAULT, DEMO = "keyring", "disk", "settings", "network", "fault", "demo"


class Notices(QObject):
    """Listens to `library`, `keys` and `preferences`, and speaks through the bar of `page`."""

    def __init__(
        self, page: ChatPage, library: Library, keys: Keys, preferences: Preferences, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._page = page
        self._keys = keys
        self._is_shown = False
        self._library = library
        library.failed.connect(self.say_not_saved)
        library.history_opened.connect(self._on_history_opened)
        self._on_history_opened()
        preferences.save_failed.connect(self._on_settings_not_saved)
        self._preferences = preferences
        self._say_of_settings()
        preferences.endpoints_changed.connect(self._on_endpoints_changed)
        keys.key_stored.connect(self._on_key_stored)
        keys.key_not_stored.connect(self._on_key_not_stored)
        keys.key_unavailable.connect(self._on_key_unavailable)
        keys.keyring_changed.connect(self._on_keyring_changed)

    def say_not_saved(self, error: ChatError) -> None:
        """Something could not be read from or written to the disk."""
        from app.ui.error_text import error_text  # a table that most starts never need

        said = error_text(error)
        self._say(DISK, said.title, said.text, icon=said.icon, family="danger")

    def say_of_network(self, problems: Sequence[str]) -> None:
        """These sentences say what of proxies and certificates can't be used; none: all can (Q72, Q73)."""
        if problems:
            title = self.tr("Part of your network settings can’t be used")
            self._say(NETWORK, title, " ".join(problems), icon="plug")
        else:
            self._unsay(NETWORK)

    def offer_report(
        self, *, is_crash: bool, show: Callable[[], object], closed: Callable[[], object]
    ) -> None:
        """An earlier run came to a bad end, or to a fault that it outlived; `show` shows the report of it."""
        from app.ui.notice_bar import Notice

        if is_crash:
            title = self.tr("Sirocco ended unexpectedly last time")
        else:
            title = self.tr("Sirocco met a fault of its own last time")
        text = self.tr("There is a report of it on this computer. Nothing was sent.")
        actions = ((self.tr("Show report"), show),)
        self._page.notices.show_notice(Notice(FAULT, title, text, actions=actions, closed=closed))

    def offer_setup(self, enter: Callable[[], object]) -> None:
        """The demo answers; `enter` shows where a real endpoint is set up."""
        from app.ui.notice_bar import Notice

        self._page.notices.show_notice(
            Notice(
                DEMO,
                self.tr("This is the offline demo"),
                self.tr("Its answers are prepared, and nothing is sent. A key brings a real model."),
                icon="wind",
                family="accent",
                actions=((self.tr("Enter a key"), enter),),
            )
        )
        self._is_shown = True

    def _on_history_opened(self) -> None:
        problem = self._library.history_problem
        if problem is not None:
            self._say(DISK, *self._of_history(problem), family="danger")

    def _of_history(self, problem: HistoryProblem) -> tuple[str, str]:
        """The title and the text of what is wrong with the history."""
        kept = self.tr("The damaged file was kept, untouched: {path}").format(
            path=self._library.damaged_history
        )
        match problem:
            case HistoryProblem.RESTORED:
                return self.tr("Your chats were damaged and come from the last backup"), kept
            case HistoryProblem.REPLACED:
                return self.tr("Your chats were damaged and could not be read"), kept
            case HistoryProblem.NEWER:
                return (
                    self.tr("A newer Sirocco wrote these chats"),
                    self.tr("They can be read, and nothing can be saved. Install the newer version again."),
                )
            case HistoryProblem.READ_ONLY:
                return (
                    self.tr("Your chats can be read, and nothing can be saved"),
                    self.tr("The file or its folder may not be written to."),
                )

    def _say_of_settings(self) -> None:
        path = self._preferences.file_put_aside
        if path is None:
            return
        if self._preferences.is_file_newer:
            title = self.tr("A newer Sirocco wrote your settings")
            text = self.tr("This one uses what it knows of them. The file was copied first: {path}")
        else:
            title = self.tr("Your settings were damaged and could not be read")
            text = self.tr("Your chats and keys are still there. The file was kept, untouched: {path}")
        self._say(SETTINGS, title, text.format(path=path))

    def _on_endpoints_changed(self) -> None:
        if self._preferences.current.endpoints:
            self._unsay(DEMO)

    def _on_settings_not_saved(self, error: ChatError) -> None:
        from app.ui.error_text import error_text

        self._say(SETTINGS, self.tr("Your settings could not be saved"), error_text(error).text)

    def _on_key_stored(self, _: str, place: KeyPlace) -> None:
        if place is KeyPlace.KEYRING:
            self._unsay(KEYRING)
        elif self._keys.state is KeyringState.ABSENT:
            self._say(
                KEYRING,
                self.tr("No keychain on this system"),
                self.tr("Your key is kept until you quit, and never written to a file."),
                icon="key",
            )

    def _on_key_not_stored(self, _: str, state: KeyringState) -> None:
        kept = self.tr("Your key is kept until you quit, and never written to a file.")
        self._say_keyring(state, kept)

    def _on_key_unavailable(self, _: str, state: KeyringState) -> None:
        self._say_keyring(state, self.tr("Unlock it, then try again. Your chats can be read meanwhile."))

    def _on_keyring_changed(self, state: KeyringState) -> None:
        if state is KeyringState.OK:
            self._unsay(KEYRING)

    def _say_keyring(self, state: KeyringState, text: str) -> None:
        match state:
            case KeyringState.LOCKED:
                title = self.tr("Your keychain is locked")
            case KeyringState.WAITING:
                title = self.tr("Your keychain does not answer")
            case _:
                title = self.tr("Your keychain has a problem")
        self._say(KEYRING, title, text, icon="key", retry=True)

    def _say(
        self,
        key: str,
        title: str,
        text: str,
        *,
        icon: str = "warning",
        family: str = "warning",
        retry: bool = False,
    ) -> None:
        from app.ui.notice_bar import Notice

        actions = ((self.tr("Try again"), self._keys.retry),) if retry else ()
        self._page.notices.show_notice(Notice(key, title, text, icon, family, actions))
        self._is_shown = True

    def _unsay(self, key: str) -> None:
        if self._is_shown:
            self._page.notices.dismiss(key)
