"""One question and its answer on the way to disk, from the first row to the last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from app.chat.delta_writer import DeltaWriter
from app.chat.reply import ReplyInFlight
from app.core.completion import Completion, Delta
from app.core.conversation import Conversation, Turn
from app.core.errors import ChatError

if TYPE_CHECKING:
    from app.chat.unsaved import Keeper, Store


class Answering(QObject):
    """Stores the question while it is asked, the answer while it grows, and the answer's one end.

    Signals: `question_saved(Turn)`, upon which whoever asked calls `begin`, or, as the last one,
    `question_not_saved(ChatError)`; `changed(Turn)` once begun; `not_saved(ChatError)`: the answer goes on
    in memory only; last `ended(Turn)`, when the end is safe on disk or `not_saved` has said otherwise.
    It deletes itself after its last signal. Nothing of a reply is announced before its question is safe.
    """

    question_saved = Signal(object)
    question_not_saved = Signal(object)
    changed = Signal(object)
    not_saved = Signal(object)
    ended = Signal(object)

    def __init__(
        self,
        disk: Keeper,
        reply: ReplyInFlight,
        conversation_id: str,
        turn: Turn,
        parent: QObject | None = None,
    ) -> None:
        """`turn` is the reply before anything of it is there."""
        super().__init__(parent)
        self.turn = turn
        self.reply = reply
        self.is_begun = False
        self._disk = disk
        self._conversation_id = conversation_id
        self._completion: Completion | None = None  # how it ended
        self._writer = DeltaWriter(disk, turn.turn_id, self)
        self._writer.failed.connect(self.not_saved)
        reply.setParent(self)
        reply.grown.connect(self._on_grown)
        reply.changed.connect(self._on_changed)
        reply.ended.connect(self._on_reply_ended)

    def save_question(self, conversation: Conversation, question: Turn, draft_key: str) -> None:
        """Store the question, with the conversation where that is new, and empty the draft it was."""

        stored: list[Turn] = []  # seen by the disk thread only

        def save(store: Store) -> Turn:
            stored.append(store.add_turn(conversation, question))
            return stored[0]

        def empty_draft(store: Store) -> None:
            if stored:
                store.set_draft(draft_key, "")

        self._disk.submit(save, self._on_question_saved, self._on_question_not_saved)
        self._disk.submit(empty_draft)

    def begin(self) -> None:
        """Give the reply its row: its question is on disk. What has come so far follows."""
        own, running = self._conversation_id, replace(self.turn, reply=Completion())
        self.is_begun = True
        self._write(lambda store: store.begin_reply(own, running))
        self._writer.start()
        if self._completion is not None:
            self._end(self._completion)

    def use_model(self, model: str) -> None:
        """Ask this model: none was known when the question was put."""
        self.turn = replace(self.turn, model=model)
        self.reply.use_model(model)
        if self.is_begun:
            self.changed.emit(self.turn)

    def save_now(self) -> None:
        """Don't wait to write what has come since the last time."""
        self._writer.flush()

    def close(self) -> None:
        """The app ends: hand the disk all that is to be known of this reply."""
        self.reply.interrupt()
        if not self.is_begun:
            # Nobody will hear any more that the question was stored; its job comes first all the same.
            self.begin()

    def _on_question_saved(self, saved: Turn) -> None:
        if not self.is_begun:
            self.question_saved.emit(saved)

    def _on_question_not_saved(self, error: ChatError) -> None:
        self.reply.abandon()
        self._writer.stop()
        self.question_not_saved.emit(error)
        self.deleteLater()

    @Slot(object)
    def _on_grown(self, delta: Delta) -> None:
        self._writer.add(delta.parts)

    @Slot(object)
    def _on_changed(self, completion: Completion) -> None:
        self.turn = replace(self.turn, reply=completion)
        if self.is_begun:
            self.changed.emit(self.turn)

    @Slot(object)
    def _on_reply_ended(self, completion: Completion) -> None:
        self._completion = completion
        self.turn = replace(self.turn, reply=completion)
        if self.is_begun:
            self._end(completion)

    def _end(self, completion: Completion) -> None:
        """The one place where a reply ends, however it did."""
        self._writer.stop()
        own = self._conversation_id
        self.turn = turn = replace(self.turn, reply=completion)
        self._disk.submit(
            lambda store: store.finish_reply(own, turn), self._on_end_saved, self._on_end_not_saved
        )

    def _on_end_saved(self, stored: Turn) -> None:
        self.turn = stored
        self.ended.emit(stored)
        self.deleteLater()

    def _on_end_not_saved(self, error: ChatError) -> None:
        self.not_saved.emit(error)
        self._on_end_saved(self.turn)

    def _write(self, job: Callable[[Store], Any]) -> None:
        self._disk.submit(job, None, self.not_saved.emit)
