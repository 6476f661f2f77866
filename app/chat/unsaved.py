"""Where a talk is kept that is never written: nowhere, and whoever would store it need not know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Protocol, TypeVar

from PySide6.QtCore import QObject, QTimer

from app.core.conversation import Conversation, Turn
from app.core.errors import ChatError
from app.core.parts import Part

T = TypeVar("T")


class Store(Protocol):
    """What one talk asks of whoever keeps it; what each does is said in `app.store.conversations`."""

    def load(self, conversation_id: str) -> Conversation | None: ...
    def rename(self, conversation_id: str, title: str) -> None: ...
    def set_model(self, conversation_id: str, endpoint_id: str, model: str) -> None: ...
    def choose(self, conversation_id: str, parent_id: str | None, child_id: str) -> None: ...
    def add_turn(self, conversation: Conversation, turn: Turn) -> Turn: ...
    def begin_reply(self, conversation_id: str, turn: Turn) -> Turn: ...
    def append_reply(self, turn_id: str, parts: tuple[Part, ...]) -> None: ...
    def finish_reply(self, conversation_id: str, turn: Turn) -> Turn: ...
    def remove_turn(self, turn_id: str) -> None: ...
    def draft(self, conversation_id: str) -> str: ...
    def set_draft(self, conversation_id: str, text: str) -> None: ...


class Keeper(Protocol):
    """Does jobs on a store, one after another, and calls back on the GUI thread."""

    def submit(
        self,
        job: Callable[[Store], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[ChatError], None] | None = None,
    ) -> int: ...


class Unsaved(QObject):
    """A keeper that keeps nothing: every job succeeds, as it does on a disk."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = _Nothing()

    def submit(
        self,
        job: Callable[[Store], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[ChatError], None] | None = None,
    ) -> int:
        """Do `job`, which has nothing to do; then `done(its result)`, never at once."""
        result = job(self._store)
        if done is not None:
            QTimer.singleShot(0, self, lambda: done(result))
        return 0


class _Nothing:
    """A store in which nothing stays."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def load(self, conversation_id: str) -> Conversation | None:
        return None

    def rename(self, conversation_id: str, title: str) -> None:
        pass

    def set_model(self, conversation_id: str, endpoint_id: str, model: str) -> None:
        pass

    def choose(self, conversation_id: str, parent_id: str | None, child_id: str) -> None:
        pass

    def add_turn(self, conversation: Conversation, turn: Turn) -> Turn:
        return replace(turn, sequence=next(self._numbers))

    def begin_reply(self, conversation_id: str, turn: Turn) -> Turn:
        return replace(turn, sequence=next(self._numbers))

    def append_reply(self, turn_id: str, parts: tuple[Part, ...]) -> None:
        pass

    def finish_reply(self, conversation_id: str, turn: Turn) -> Turn:
        return replace(turn, sequence=turn.sequence or next(self._numbers))

    def remove_turn(self, turn_id: str) -> None:
        pass

    def draft(self, conversation_id: str) -> str:
        return ""

    def set_draft(self, conversation_id: str, text: str) -> None:
        pass
