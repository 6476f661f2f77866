"""Whether the app starts with the session, as the system has it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from app.chat.disk import Disk
from app.core.errors import CannotSave, ChatError, ErrorDetails
from app.store.faults import REASONS, fault_of_errno


class StartupEntry(Protocol):
    """What makes a system start the app with the session; an OSError where it refuses.

    All of it is done on the disk thread.
    """

    def exists(self) -> bool:
        """Whether it is there, and nobody has switched it off elsewhere."""

    def make(self) -> None:
        """Make it, in the place of what there is."""

    def remove(self) -> None:
        """Take it away."""


class Autostart(QObject):
    """Asks and tells the system; nothing of it is kept in the settings, which could say otherwise.

    Signals: `found(bool)`: whether the app starts with the session; `failed(reason)`: it could not be told,
    or changed; `found` follows.
    """

    found = Signal(bool)
    failed = Signal(str)

    def __init__(self, entry: StartupEntry, disk: Disk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entry = entry
        self._disk = disk

    def look(self) -> None:
        """Ask the system; `found` follows."""
        self._disk.perform(_guarded(self._entry.exists), self.found.emit, self._on_failed)

    def turn_on(self) -> None:
        """Start with the session from the next one on."""
        self._change(self._entry.make)

    def turn_off(self) -> None:
        """Don't start with the session any more."""
        self._change(self._entry.remove)

    def _change(self, change: Callable[[], None]) -> None:
        self._disk.perform(_guarded(change), lambda _: self.look(), self._on_not_changed)

    def _on_not_changed(self, error: ChatError) -> None:
        self._on_failed(error)
        self.look()

    def _on_failed(self, error: ChatError) -> None:
        self.failed.emit(error.details.reason)


def _guarded(job: Callable[[], object]) -> Callable[[], object]:
    def do() -> object:
        try:
            return job()
        except OSError as error:
            raise CannotSave(ErrorDetails(reason=REASONS[fault_of_errno(error.errno)])) from error

    return do
