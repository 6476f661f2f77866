"""Brings a reply to disk while it grows: at most 250 ms or 2 KiB of it are only in memory (REL-02)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.core.errors import ChatError
from app.core.parts import Part, RefusalPart, TextPart, ThinkingPart, joined

if TYPE_CHECKING:
    from app.chat.unsaved import Keeper

WRITE_AFTER_MILLISECONDS = 250
WRITE_FROM_BYTES = 2048


class DeltaWriter(QObject):
    """Collects what is added to one reply and writes it from time to time.

    Signals: `failed(ChatError)`, once; what comes later is tried all the same.
    """

    failed = Signal(object)

    def __init__(self, disk: Keeper, turn_id: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._disk = disk
        self._turn_id = turn_id
        self._parts: tuple[Part, ...] = ()
        self._bytes = 0
        self._has_row = False
        self._has_failed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WRITE_AFTER_MILLISECONDS)
        self._timer.timeout.connect(self.flush)

    def start(self) -> None:
        """The reply has its row on disk from now on: write what has come so far."""
        self._has_row = True
        if self._parts:
            self.flush()

    def add(self, parts: tuple[Part, ...]) -> None:
        """Take what has come; it is written within 250 ms, or now if it is much."""
        if not parts:
            return
        self._parts = joined(self._parts, parts)
        self._bytes += sum(_size(part) for part in parts)
        if self._bytes >= WRITE_FROM_BYTES:
            self.flush()
        elif not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """Write no more: the whole reply is about to be stored, or nothing of it."""
        self._timer.stop()
        self._parts = ()

    @Slot()
    def flush(self) -> None:
        """Write what has come since the last time, where the reply has its row."""
        if not self._has_row or not self._parts:
            return
        self._timer.stop()
        turn_id, parts = self._turn_id, self._parts
        self._parts, self._bytes = (), 0
        self._disk.submit(lambda store: store.append_reply(turn_id, parts), None, self._on_failed)

    def _on_failed(self, error: ChatError) -> None:
        if not self._has_failed:
            self._has_failed = True
            self.failed.emit(error)


def _size(part: Part) -> int:
    match part:
        case TextPart(text) | ThinkingPart(text) | RefusalPart(text):
            return len(text.encode("utf-8", "replace"))
        case _:
            return 64
