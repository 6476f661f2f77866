"""Which answers came while nobody looked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.chat.library import Library
from app.core.conversation import Turn

# What answers are made of is loaded with the first of them, which a start does without.
if TYPE_CHECKING:
    from app.core.completion import ReplyState


class Attention(QObject):
    """Listens to `library`. `in_sight` gives the ids of the chats that somebody looks at right now.

    Signals: `came(conversation_id, ReplyState)`: an answer has ended that nobody saw;
    `seen(conversation_id)`: somebody looks at it now, or it is gone; `changed()`: `failed_ids` or the chats
    that are being answered.
    """

    came = Signal(str, object)
    seen = Signal(str)
    changed = Signal()

    def __init__(
        self, library: Library, in_sight: Callable[[], frozenset[str]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._in_sight = in_sight
        self._unseen: dict[str, ReplyState] = {}
        library.reply_ended.connect(self._on_reply_ended)
        library.busy_changed.connect(self.changed)
        library.conversation_deleted.connect(lambda own, _: self._forget({own}))

    @property
    def failed_ids(self) -> frozenset[str]:
        """The chats whose last answer failed, unseen so far."""
        if not self._unseen:
            return frozenset()
        from app.core.completion import ReplyState

        return frozenset(own for own, state in self._unseen.items() if state is not ReplyState.DONE)

    def look(self) -> None:
        """What is in sight may be something else now."""
        if self._unseen:
            self._forget(self._in_sight())

    def _on_reply_ended(self, own: str, turn: Turn) -> None:
        from app.core.completion import ReplyState

        state = turn.state
        # What a person stopped is no news to them.
        if state is ReplyState.STOPPED or own in self._in_sight():
            return
        self._unseen[own] = state
        self.came.emit(own, state)
        self.changed.emit()

    def _forget(self, ids: frozenset[str] | set[str]) -> None:
        for own in ids & self._unseen.keys():
            del self._unseen[own]
            self.seen.emit(own)
            self.changed.emit()
