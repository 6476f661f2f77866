"""Looks for a newer version once a day, where the person wants that; nothing is ever downloaded or run."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.chat.network import Network
from app.chat.preferences import Preferences
from app.core.errors import ChatError
from app.core.provider import host_of
from app.core.settings import Settings, UpdateCheck
from app.core.update import MAX_ANNOUNCEMENT, Release, is_update, release_of

if TYPE_CHECKING:
    from app.api.client import ChatClient

DAY = 24 * 60 * 60
LOOK_AROUND = 60 * 60 * 1000  # ms between two looks at whether a day is over: the computer may sleep

_log = logging.getLogger(__name__)


class Updates(QObject):
    """Made for builds alone that may look (`BuildInfo.looks_for_updates`); `address` is where they ask.

    Signals: `found(Release)`: one that is newer than `running`, and that the person has not closed before.
    """

    found = Signal(object)

    def __init__(
        self,
        network: Network,
        preferences: Preferences,
        address: str,
        running: str,
        now: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._network = network
        self._preferences = preferences
        self._address = address
        self._running = running
        self._now = now
        self._ticket: int | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_AROUND)
        self._timer.timeout.connect(self.look_if_due)

    @property
    def host(self) -> str:
        """Who is asked."""
        return host_of(self._address)

    @property
    def is_undecided(self) -> bool:
        """Whether the person has not said yet whether to look."""
        return self._preferences.current.update_check is UpdateCheck.ASK

    @property
    def is_asking(self) -> bool:
        """Whether an answer is awaited."""
        return self._ticket is not None

    def start(self) -> None:
        """Look now if that is wanted and due, and from now on once a day."""
        self._preferences.changed.connect(self._on_settings_changed)
        self._timer.start()
        self.look_if_due()

    def decide(self, check: UpdateCheck) -> None:
        """The person has said whether to look."""
        self._preferences.set(replace(self._preferences.current, update_check=check))

    def skip(self, release: Release) -> None:
        """The person knows of this one and wants to hear no more of it."""
        self._preferences.set(replace(self._preferences.current, update_skipped=release.version))

    def look_if_due(self) -> None:
        """Ask, if that is wanted and was not done today."""
        settings, now = self._preferences.current, int(self._now())
        # A time in the future is of a clock that was wrong.
        is_due = not 0 <= now - settings.update_checked < DAY
        if settings.update_check is not UpdateCheck.ON or not is_due or self._ticket is not None:
            return
        address = self._address

        async def ask(client: ChatClient) -> bytes:
            return await client.public_file(address, MAX_ANNOUNCEMENT)

        self._ticket = self._network.run(ask, self._on_answer, self._on_failed)
        # Also where there is no answer: who isn't there is asked again tomorrow.
        self._preferences.set(replace(settings, update_checked=now))

    def _on_settings_changed(self, settings: Settings) -> None:
        if settings.update_check is UpdateCheck.ON:
            self.look_if_due()
        elif self._ticket is not None:
            self._network.cancel(self._ticket)
            self._ticket = None

    def _on_answer(self, body: bytes) -> None:
        self._ticket = None
        try:
            release = release_of(body)
            is_new = is_update(release.version, self._running)
        except ValueError as error:
            _log.info("the announcement of newer versions can't be read: %s", error)
            return
        if is_new and release.version != self._preferences.current.update_skipped:
            self.found.emit(release)

    def _on_failed(self, error: ChatError) -> None:
        self._ticket = None
        _log.info("no word of newer versions: %s", error)
