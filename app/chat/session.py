"""One conversation as it is lived in: what is asked, what is answered, and what of it is stored."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from app.chat.activity import IDLE, Activity, ActivityKind
from app.chat.connections import Connections
from app.chat.delta_writer import DeltaWriter
from app.chat.disk import Disk
from app.chat.draft import Draft
from app.chat.keys import Keys
from app.chat.network import Network
from app.chat.preferences import Preferences
from app.chat.reply import ReplyInFlight
from app.core.completion import Completion, Delta, ReplyState
from app.core.context import request_for
from app.core.conversation import Conversation, Role, Turn, new_id, title_from
from app.core.errors import CannotSave, ChatError, ErrorDetails
from app.core.parts import TextPart
from app.core.provider import Endpoint

__all__ = ["Activity", "ActivityKind", "ChatSession"]


class ChatSession(QObject):
    """One conversation, with at most one reply in flight.

    Signals:
    `loaded()`; `load_failed(ChatError)`;
    `message_added(Turn)`: a turn stands at the end of the path: the user's once it is safe on disk, then the
    reply's, still empty and RUNNING;
    `reply_changed(Turn)`: the running reply has grown, at most once a frame;
    `message_changed(Turn)`: the reply has ended, and that is safe on disk (or `save_failed` came before);
    `messages_reset()`: the path is another one, read it anew;
    `busy_changed(bool)`; `activity_changed(Activity)`; `title_changed(str)`;
    `model_changed()`: `endpoint()` or `model` may be others;
    `draft_changed(str)`: the composer should show this;
    `save_failed(ChatError)`: with `details.target` "message" nothing was sent and the text is the draft
    again; with "answer" the reply goes on, but only in memory;
    `answered(endpoint_id)` and `answer_failed(endpoint_id, ChatError)`: how a reply ended.
    """

    loaded = Signal()
    load_failed = Signal(object)
    message_added = Signal(object)
    reply_changed = Signal(object)
    message_changed = Signal(object)
    messages_reset = Signal()
    busy_changed = Signal(bool)
    activity_changed = Signal(object)
    title_changed = Signal(str)
    model_changed = Signal()
    draft_changed = Signal(str)
    save_failed = Signal(object)
    answered = Signal(str)
    answer_failed = Signal(str, object)

    def __init__(
        self,
        conversation: Conversation,
        network: Network,
        disk: Disk,
        keys: Keys,
        preferences: Preferences,
        connections: Connections,
        parent: QObject | None = None,
    ) -> None:
        """`conversation` is new and will be stored with its first message, or names the one to `load`."""
        super().__init__(parent)
        self.activity = IDLE
        self.is_loaded = False
        self.is_stored = False
        self.is_busy = False
        self._conversation = conversation
        self._shown: tuple[Turn, ...] = conversation.path()
        self._network = network
        self._disk = disk
        self._keys = keys
        self._preferences = preferences
        self._connections = connections
        self._reply: ReplyInFlight | None = None
        self._writer: DeltaWriter | None = None
        self._reply_turn: Turn | None = None  # the reply in flight, as it is now
        self._unsaved: Turn | None = None  # the user's turn on its way to disk
        self._ended_before_saved: Completion | None = None
        self._draft = Draft(disk, "", self)
        self._draft.changed.connect(self.draft_changed)
        self._draft.save_failed.connect(self.save_failed)
        preferences.endpoints_changed.connect(self.model_changed)
        connections.models_changed.connect(self._on_models_changed)

    # -- what there is --

    @property
    def conversation_id(self) -> str:
        """The conversation's id, the same from the start."""
        return self._conversation.conversation_id

    @property
    def conversation(self) -> Conversation:
        """All turns that are stored, and the reply in flight as it is now."""
        turn = self._reply_turn
        if turn is None or self._unsaved is not None:
            return self._conversation
        return self._conversation.with_turn(turn)

    @property
    def path(self) -> tuple[Turn, ...]:
        """The shown turns, first to last; while busy the last is the reply as it is now."""
        turn = self._reply_turn
        if turn is None or not self._shown or self._shown[-1].turn_id != turn.turn_id:
            return self._shown
        return (*self._shown[:-1], turn)

    @property
    def title(self) -> str:
        """The title; empty before the first message."""
        return self._conversation.title

    @property
    def draft(self) -> str:
        """What is typed and not sent."""
        return self._draft.text

    @property
    def model(self) -> str:
        """The model that the next message goes to; empty where none is known."""
        endpoint = self.endpoint()
        if endpoint is None:
            return ""
        if self._conversation.endpoint_id == endpoint.endpoint_id and self._conversation.model:
            return self._conversation.model
        if endpoint.default_model:
            return endpoint.default_model
        cards = self._connections.models(endpoint.endpoint_id)
        return next((card.model_id for card in cards if card.chats), "")

    def endpoint(self) -> Endpoint | None:
        """Where the next message goes: the chat's own endpoint, else, where that is gone, the default."""
        own = self._conversation.endpoint_id
        return (self._preferences.endpoint(own) if own else None) or self._preferences.default_endpoint()

    # -- loading --

    def begin_new(self) -> None:
        """This is a new chat: it is there at once, its draft follows."""
        self.is_loaded = True
        self._disk.submit(lambda store: store.draft(""), self._draft.show_loaded)
        self.loaded.emit()

    def load(self) -> None:
        """Read the conversation from disk; `loaded` or `load_failed` follows."""
        conversation_id = self._draft.key = self.conversation_id
        self.is_stored = True
        self._disk.submit(
            lambda store: (store.load(conversation_id), store.draft(conversation_id)),
            self._on_loaded,
            self.load_failed.emit,
        )

    def _on_loaded(self, found: tuple[Conversation | None, str]) -> None:
        conversation, draft = found
        if conversation is None:
            self.load_failed.emit(CannotSave(ErrorDetails(reason="this chat is not there any more")))
            return
        self._set_conversation(conversation)
        self.is_loaded = True
        self._draft.show_loaded(draft)
        self.loaded.emit()

    # -- what a person does --

    def send(self, text: str) -> bool:
        """Send `text`: the request goes out at once, the turn is shown when it is safe on disk.

        False, and nothing happens, where there is nothing to send, no endpoint, or a reply in flight.
        """
        text = _clean(text)
        endpoint = self.endpoint()
        if self.is_busy or not self.is_loaded or endpoint is None or not text.strip():
            return False
        now = time.time()
        parent_id = self._shown[-1].turn_id if self._shown else None
        user = Turn(new_id(), parent_id, Role.USER, (TextPart(text),), created=now)
        conversation = replace(
            self._conversation,
            title=self._conversation.title or title_from(user.parts),
            created=self._conversation.created or now,
            updated=now,
            endpoint_id=endpoint.endpoint_id,
            model=self.model,
        )
        draft_key = self._draft.key
        self._draft.take()
        self._unsaved = user
        path = (*self._shown, user)
        self._prepare_reply(path, user.turn_id, conversation, endpoint)

        def save(store: Any) -> Turn:
            saved: Turn = store.add_turn(conversation, user)
            store.set_draft(draft_key, "")
            return saved

        self._disk.submit(
            save,
            lambda saved: self._on_message_saved(conversation, saved),
            lambda error: self._on_message_not_saved(text, error),
        )
        self._start_reply()
        return True

    def try_again(self, turn_id: str) -> bool:
        """Ask anew for the reply of this id, or for a reply to the user's turn of this id.

        The new reply is a version beside the old one; a reply that holds nothing is replaced. False, and
        nothing happens, while a reply is in flight or where there is no endpoint or no such turn.
        """
        turns = {turn.turn_id: turn for turn in self._conversation.turns}
        turn, endpoint = turns.get(turn_id), self.endpoint()
        if self.is_busy or turn is None or endpoint is None:
            return False
        parent = turn if turn.role is Role.USER else turns.get(turn.parent_id or "")
        if parent is None:
            return False
        has_children = any(one.parent_id == turn_id for one in turns.values())
        replaced = turn.reply is not None and turn.reply.is_empty and not has_children
        path: list[Turn] = []
        at: Turn | None = parent
        while at is not None:
            path.insert(0, at)
            at = turns.get(at.parent_id or "")
        conversation = self._conversation
        if replaced:
            conversation = conversation.without_turn(turn_id)
            self._disk.submit(lambda store: store.remove_turn(turn_id), None, self._on_answer_not_saved)
        conversation = replace(conversation, endpoint_id=endpoint.endpoint_id, model=self.model)
        self._prepare_reply(tuple(path), parent.turn_id, conversation, endpoint)
        self._begin_reply_row(conversation)
        self.messages_reset.emit()
        self._start_reply()
        return True

    def stop(self) -> None:
        """End the reply in flight; its request is closed at once and what has come stays."""
        if self._reply is not None:
            self._reply.stop()

    def retry_now(self) -> None:
        """Don't wait for the countdown."""
        if self._reply is not None:
            self._reply.retry_now()

    def went_online(self) -> None:
        """The network is back: a reply that waits for it goes on."""
        if self._reply is not None and self._reply.waits_for_connection:
            self._reply.retry_now()

    def set_model(self, endpoint_id: str, model: str) -> None:
        """Ask this model from the next message on."""
        if (self._conversation.endpoint_id, self._conversation.model) == (endpoint_id, model):
            return
        self._conversation = replace(self._conversation, endpoint_id=endpoint_id, model=model)
        if self.is_stored:
            self._write(lambda store, own=self.conversation_id: store.set_model(own, endpoint_id, model))
        self.model_changed.emit()

    def rename(self, title: str) -> None:
        """Give the chat another title; an empty one changes nothing."""
        title = " ".join(_clean(title).split())
        if not title or title == self.title:
            return
        self._conversation = replace(self._conversation, title=title)
        if self.is_stored:
            self._write(lambda store, own=self.conversation_id: store.rename(own, title))
        self.title_changed.emit(title)

    def set_draft(self, text: str) -> None:
        """Keep what the composer holds; it is on disk within a second."""
        self._draft.set(_clean(text))

    def close(self) -> None:
        """The app ends: hand all that is not stored to the disk. A running reply becomes INTERRUPTED, as
        it would if the app had been killed: it was not the person who stopped it.
        """
        self._draft.flush()
        if self._reply is not None:
            self._reply.interrupt()
        if self._unsaved is not None and self._ended_before_saved is not None:
            # Nobody will hear that the message was stored; the jobs on the reply come after it all the same.
            self._unsaved = None
            self._begin_reply_row(self._conversation)

    # -- the reply --

    def _prepare_reply(
        self, path: tuple[Turn, ...], parent_id: str, conversation: Conversation, endpoint: Endpoint
    ) -> None:
        model = conversation.model
        turn = Turn(
            new_id(),
            parent_id,
            Role.ASSISTANT,
            created=time.time(),
            model=model,
            endpoint_id=endpoint.endpoint_id,
            reply=Completion(),
        )
        request = request_for(path, model, conversation.system_prompt)
        reply = ReplyInFlight(self._network, self._keys, endpoint, request, self)
        reply.activity_changed.connect(self._on_activity_changed)
        reply.grown.connect(self._on_reply_grown)
        reply.changed.connect(self._on_reply_changed)
        reply.ended.connect(self._on_reply_ended)
        self._reply = reply
        self._reply_turn = turn
        self._writer = DeltaWriter(self._disk, turn.turn_id, self)
        self._writer.failed.connect(self._on_answer_not_saved)

    def _start_reply(self) -> None:
        self.is_busy = True
        self.busy_changed.emit(True)
        if self._reply is not None:
            self._reply.start()

    def _on_message_saved(self, conversation: Conversation, saved: Turn) -> None:
        is_titled = conversation.title != self.title
        # The person may have renamed the chat or chosen another model in between.
        title = self.title or conversation.title
        self._set_conversation(replace(conversation, title=title).with_turn(saved))
        self._unsaved = None
        self.is_stored = True
        self._draft.key = self.conversation_id
        self.message_added.emit(saved)
        if is_titled:
            self.title_changed.emit(title)
        self._begin_reply_row(self._conversation)
        if self._reply_turn is not None:
            self.message_added.emit(self._reply_turn)

    def _on_message_not_saved(self, text: str, error: ChatError) -> None:
        if self._reply is not None:
            self._reply.abandon()
        self._unsaved = self._ended_before_saved = None
        self._leave_reply()
        self._set_activity(IDLE)
        self._draft.give_back(text)
        self.save_failed.emit(_about(error, "message"))
        self._set_idle()

    def _begin_reply_row(self, conversation: Conversation) -> None:
        turn, writer = self._reply_turn, self._writer
        if turn is None or writer is None:
            return
        own, parent = conversation.conversation_id, turn.parent_id or ""
        if parent in conversation.chosen:
            conversation = replace(conversation, chosen={**conversation.chosen, parent: turn.turn_id})
            self._write(lambda store: store.choose(own, parent, turn.turn_id))
        self._set_conversation(conversation.with_turn(turn))
        running = replace(turn, reply=Completion())
        self._write(lambda store: store.begin_reply(own, running))
        writer.start()
        if self._ended_before_saved is not None:
            completion, self._ended_before_saved = self._ended_before_saved, None
            self._end(completion)

    @Slot(object)
    def _on_activity_changed(self, activity: Activity) -> None:
        self._set_activity(activity)

    @Slot(object)
    def _on_reply_grown(self, delta: Delta) -> None:
        if self._writer is not None:
            self._writer.add(delta.parts)

    @Slot(object)
    def _on_reply_changed(self, completion: Completion) -> None:
        if self._reply_turn is not None:
            self._reply_turn = replace(self._reply_turn, reply=completion)
            if self._unsaved is None:
                self.reply_changed.emit(self._reply_turn)

    @Slot(object)
    def _on_reply_ended(self, completion: Completion) -> None:
        self._reply = None
        if self._unsaved is not None:
            self._ended_before_saved = completion
        else:
            self._end(completion)

    def _end(self, completion: Completion) -> None:
        """The one place where a reply ends, however it did."""
        if self._reply_turn is None:
            return
        turn = replace(self._reply_turn, reply=completion)
        self._reply_turn = turn
        if self._writer is not None:
            self._writer.stop()
        if completion.error is not None:
            self.answer_failed.emit(turn.endpoint_id, completion.error)
        elif completion.state is ReplyState.DONE:
            self.answered.emit(turn.endpoint_id)
        own = self.conversation_id
        self._disk.submit(
            lambda store: store.finish_reply(own, turn),
            lambda _: self._on_ended(turn),
            lambda error: self._on_end_not_saved(turn, error),
        )

    def _on_end_not_saved(self, turn: Turn, error: ChatError) -> None:
        self._on_answer_not_saved(error)
        self._on_ended(turn)

    def _on_ended(self, turn: Turn) -> None:
        self._set_conversation(self._conversation.with_turn(turn))
        self._leave_reply()
        self.message_changed.emit(turn)
        self._set_idle()

    def _leave_reply(self) -> None:
        if self._writer is not None:
            self._writer.stop()
            self._writer.deleteLater()
        self._reply = self._writer = self._reply_turn = None

    def _set_idle(self) -> None:
        self.is_busy = False
        self.busy_changed.emit(False)

    # -- small things --

    def _set_conversation(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._shown = conversation.path()

    def _set_activity(self, activity: Activity) -> None:
        if activity != self.activity:
            self.activity = activity
            self.activity_changed.emit(activity)

    def _write(self, job: Any) -> None:
        self._disk.submit(job, None, self._on_answer_not_saved)

    def _on_answer_not_saved(self, error: ChatError) -> None:
        self.save_failed.emit(_about(error, "answer"))

    @Slot(str)
    def _on_models_changed(self, endpoint_id: str) -> None:
        endpoint = self.endpoint()
        if endpoint is not None and endpoint.endpoint_id == endpoint_id:
            self.model_changed.emit()


def _clean(text: str) -> str:
    """Without NUL, which SQLite and Qt cut at, and without lone surrogates, which nobody can send (Q42)."""
    return text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _about(error: ChatError, target: str) -> ChatError:
    return type(error)(replace(error.details, target=target))
