"""The settings while the app runs, and the endpoints that they and the environment give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.api.environment import environment_endpoint
from app.chat.disk import Disk
from app.core.errors import CannotSave, ChatError, ErrorDetails
from app.core.provider import DEMO_ENDPOINT, Endpoint
from app.core.settings import Settings
from app.store.faults import StoreError
from app.store.settings_file import SettingsFile

if TYPE_CHECKING:
    from app.core.quick_ask import QuickAskSettings

SAVE_AFTER_MILLISECONDS = 300


class Preferences(QObject):
    """The settings as one value.

    Signals: `changed(Settings)`; `endpoints_changed()`; `save_failed(ChatError)`.

    `demo` is the endpoint of the offline demo where the app was started for it: it is then the default.
    Neither that nor the environment's endpoint is ever written to disk.
    """

    changed = Signal(object)
    endpoints_changed = Signal()
    save_failed = Signal(object)

    def __init__(
        self,
        path: Path,
        disk: Disk,
        environment: Mapping[str, str],
        demo: Endpoint | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Read the settings file, which is small, at once: the first window looks as it says."""
        super().__init__(parent)
        self._file = SettingsFile(path)
        self._disk = disk
        self._environment = environment_endpoint(environment)
        self._demo = demo
        self._demo_first = demo
        self.current: Settings = self._file.load()
        self._unsaved = False
        self._quick_ask: tuple[Mapping[str, Any], QuickAskSettings] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAVE_AFTER_MILLISECONDS)
        self._timer.timeout.connect(self.flush)

    def set(self, settings: Settings) -> None:
        """Take `settings` from now on and save them shortly."""
        if settings == self.current:
            return
        endpoints = self.endpoints()
        default = self.default_endpoint()
        self.current = settings
        self._unsaved = True
        self._timer.start()
        self.changed.emit(settings)
        if (self.endpoints(), self.default_endpoint()) != (endpoints, default):
            self.endpoints_changed.emit()

    def save_endpoint(self, endpoint: Endpoint) -> None:
        """Add `endpoint`, or put it in the place of the one of its id."""
        self.set(self.current.with_endpoint(endpoint))

    def remove_endpoint(self, endpoint_id: str) -> None:
        """Remove the endpoint of this id; chats that used it fall back to the default."""
        self.set(self.current.without_endpoint(endpoint_id))

    def set_default_endpoint(self, endpoint_id: str) -> None:
        """Use this endpoint for new chats."""
        self.set(replace(self.current, default_endpoint_id=endpoint_id))

    @property
    def file_put_aside(self) -> Path | None:
        """Where the file is now that could not be read at the start, or a copy of a newer version's file."""
        return self._file.kept

    @property
    def is_file_newer(self) -> bool:
        """Whether a newer version wrote the file: what this one doesn't know of it is as if never set."""
        return self._file.is_newer

    @property
    def quick_ask(self) -> QuickAskSettings:
        """The settings of the small window, read when they are first needed."""
        data = self.current.quick_ask_data
        if self._quick_ask is None or self._quick_ask[0] is not data:
            from app.core.quick_ask import quick_ask_from_data  # the main window is painted without

            self._quick_ask = data, quick_ask_from_data(data)
        return self._quick_ask[1]

    def set_quick_ask(self, settings: QuickAskSettings) -> None:
        """Take these settings of the small window."""
        from app.core.quick_ask import quick_ask_to_data

        self.set(replace(self.current, quick_ask_data=quick_ask_to_data(settings)))

    def offer_demo(self) -> None:
        """List the offline demo among the endpoints until the app ends."""
        if self._demo is None:
            self._demo = DEMO_ENDPOINT
            self.endpoints_changed.emit()

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All that can be chosen: the person's own, the environment's, the demo where it is offered."""
        others = (self._environment, self._demo)
        return (*self.current.endpoints, *(one for one in others if one is not None))

    def endpoint(self, endpoint_id: str) -> Endpoint | None:
        """The endpoint of this id, or None. The demo is always found: an old chat may hold it."""
        if endpoint_id == DEMO_ENDPOINT.endpoint_id:
            return self._demo or DEMO_ENDPOINT
        return next((one for one in self.endpoints() if one.endpoint_id == endpoint_id), None)

    def default_endpoint(self) -> Endpoint | None:
        """The endpoint of new chats: the chosen one, else the demo if the app was started for it, else the
        first there is; None before anything is set up.
        """
        endpoints = self.endpoints()
        chosen = next((one for one in endpoints if one.endpoint_id == self.current.default_endpoint_id), None)
        return chosen or self._demo_first or (endpoints[0] if endpoints else None)

    @Slot()
    def flush(self) -> None:
        """Save now what is not saved yet, on the disk thread where it runs."""
        self._timer.stop()
        if not self._unsaved:
            return
        self._unsaved = False
        file, settings = self._file, self.current
        if self._disk.is_running:
            self._disk.perform(lambda: _save(file, settings), None, self._on_save_failed)
            return
        try:
            _save(file, settings)
        except CannotSave as error:
            self._on_save_failed(error)

    def _on_save_failed(self, error: ChatError) -> None:
        self._unsaved = True
        self.save_failed.emit(error)


def _save(file: SettingsFile, settings: Settings) -> None:
    try:
        file.save(settings)
    except StoreError as error:
        raise CannotSave(ErrorDetails(reason=error.reason, target="settings")) from error
