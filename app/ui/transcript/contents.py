"""The contents of messages: what is short is read at once, what is long in a thread that nobody waits for."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from contextlib import suppress
from functools import partial
from threading import Event

from PySide6.QtCore import QObject, Signal

from app.core.conversation import Role, Turn
from app.core.errors import ChatError
from app.markup.loading import is_loaded, load
from app.markup.pauses import pausing
from app.ui.transcript.budget import Budget, Courtesy, UsedUpError
from app.ui.transcript.content import MessageContent
from app.ui.transcript.side_thread import SideThread

TINY = 200  # characters that are read at once in any case
CHARACTER_SECONDS = 3e-6  # what reading takes; a text that there is no time for isn't even begun


class Contents(QObject):
    """Reads messages into pieces. Its thread starts with the first answer, or the first long question.

    Signals: `ready(turn_id)`: one that was asked for has been read.
    """

    ready = Signal(str)

    def __init__(self, courtesy: Courtesy, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._courtesy = courtesy
        self._read: dict[str, tuple[Turn, MessageContent]] = {}
        self._asked: dict[str, Turn] = {}
        self._thread = SideThread("contents", self)

    @property
    def is_idle(self) -> bool:
        """Whether all that was asked for has been read."""
        return not self._asked

    def now(self, turn: Turn) -> MessageContent:
        """The content of a turn, however long it takes."""
        content = self._known(turn)
        if content is None:
            self._asked.pop(turn.turn_id, None)
            content = MessageContent()
            content.update(turn)
        return content

    def within(self, turn: Turn, budget: Budget) -> MessageContent | None:
        """The content if it can be had within the budget; None where it is being read elsewhere now."""
        if self._known_turn(turn.turn_id) is turn:
            return self.now(turn)
        if turn.role is Role.ASSISTANT and not is_loaded():
            return self.in_time(turn)
        if len(turn.text) <= TINY:
            return self.now(turn)
        has_time = budget.left > len(turn.text) * CHARACTER_SECONDS
        if has_time and self._asked.get(turn.turn_id) is not turn:
            content = MessageContent()
            with suppress(UsedUpError), pausing(budget.check):
                content.update(turn)
                return content
        return self.in_time(turn)

    def in_time(self, turn: Turn) -> MessageContent | None:
        """The content if it has been read; else it is asked for."""
        content = self._known(turn)
        if content is None:
            self.ask_for(turn)
        return content

    def ask_for(self, turn: Turn) -> None:
        """Read it in the thread; `ready` tells when that is done."""
        turn_id = turn.turn_id
        ended = self._thread.ended
        if self._asked.get(turn_id) is turn or self._known_turn(turn_id) is turn or ended.is_set():
            return
        self._asked[turn_id] = turn
        # The thread gets hold of nothing that lives here but this book and the courtesy.
        job = partial(_read, turn, self._asked, ended, self._courtesy)
        self._thread.put(job, partial(self._take, turn), partial(self._on_failed, turn))

    def do(self, job: Callable[[], None], then: Callable[[], None]) -> None:
        """Do something else in the thread that nobody waits for either, and `then` this here."""
        if not self._thread.ended.is_set():
            self._thread.put(job, lambda _: then(), lambda _: then())

    def keep_only(self, turn_ids: Container[str]) -> None:
        """Nobody wants others any more."""
        for one in (self._asked, self._read):
            for turn_id in [turn_id for turn_id in one if turn_id not in turn_ids]:
                del one[turn_id]

    def shut_down(self, seconds: float) -> bool:
        """Read no more, and join the thread within `seconds`; False where it was left behind, alive."""
        self._asked.clear()
        return self._thread.shut_down(seconds)

    def _known(self, turn: Turn) -> MessageContent | None:
        if self._known_turn(turn.turn_id) is not turn:
            return None
        return self._read.pop(turn.turn_id)[1]

    def _known_turn(self, turn_id: str) -> Turn | None:
        return self._read[turn_id][0] if turn_id in self._read else None

    def _is_unwanted(self, turn: Turn) -> bool:
        return self._asked.get(turn.turn_id) is not turn

    def _take(self, turn: Turn, content: MessageContent | None) -> None:
        if content is None or self._is_unwanted(turn):
            return
        del self._asked[turn.turn_id]
        self._read[turn.turn_id] = (turn, content)
        self.ready.emit(turn.turn_id)

    def _on_failed(self, turn: Turn, _error: ChatError) -> None:
        content = MessageContent()
        content.take_plain(turn.text)
        self._take(turn, content)


def _read(turn: Turn, asked: Mapping[str, Turn], ended: Event, courtesy: Courtesy) -> MessageContent | None:
    def pause() -> None:
        courtesy.stand_back()
        if ended.is_set() or asked.get(turn.turn_id) is not turn:
            raise UsedUpError

    load()
    content = MessageContent()
    try:
        with pausing(pause):
            content.update(turn)
    except UsedUpError:
        return None
    return content
