"""What a person has typed and not yet sent, at most a second behind on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.core.errors import ChatError

if TYPE_CHECKING:
    from app.chat.unsaved import Keeper

SAVE_AFTER_MILLISECONDS = 500


class Draft(QObject):
    """The draft of one chat; `key` is the conversation's id, or empty for the chat that is not sent yet.

    Signals: `changed(str)` where somebody other than the composer changed it: it was loaded, or came back
    because it could not be sent; `save_failed(ChatError)`.
    """

    changed = Signal(str)
    save_failed = Signal(object)

    def __init__(self, disk: Keeper, key: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.text = ""
        self.key = key
        self._disk = disk
        self._is_touched = False
        self._is_unsaved = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAVE_AFTER_MILLISECONDS)
        self._timer.timeout.connect(self.flush)

    def show_loaded(self, text: str) -> None:
        """Take what the disk had, unless the person was faster."""
        if not self._is_touched and text != self.text:
            self.text = text
            self.changed.emit(text)

    def set(self, text: str) -> None:
        """Take what the composer holds; it is saved shortly."""
        self._is_touched = True
        if text != self.text:
            self.text = text
            self._is_unsaved = True
            # Not started anew while it runs: somebody who never stops typing is saved too.
            if not self._timer.isActive():
                self._timer.start()

    def move_to(self, key: str) -> None:
        """The chat is stored from now on; what was typed meanwhile goes with it."""
        if key != self.key:
            old, self.key = self.key, key
            if self.text:
                self._disk.submit(lambda store: store.set_draft(old, ""))
                self._is_unsaved = True
                self.flush()

    def take(self) -> None:
        """The draft is being sent: it is empty here; whoever stores the message empties it on disk."""
        self._is_touched = True
        self._is_unsaved = False
        self._timer.stop()
        self.text = ""

    def give_back(self, text: str) -> None:
        """What was taken could not be sent: it comes before whatever was typed since."""
        self.text = f"{text}\n\n{self.text}" if self.text.strip() else text
        self._is_unsaved = True
        self._timer.start()
        self.changed.emit(self.text)

    @Slot()
    def flush(self) -> None:
        """Save now what is not saved yet."""
        self._timer.stop()
        if self._is_unsaved:
            self._is_unsaved = False
            key, text = self.key, self.text
            self._disk.submit(lambda store: store.set_draft(key, text), None, self._on_failed)

    def _on_failed(self, error: ChatError) -> None:
        self.save_failed.emit(error)
