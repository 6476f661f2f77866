"""One conversation as it is lived in: what is asked, what is answered, and what of it is stored."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from app.chat.activity import IDLE, Activity, ActivityKind
from app.chat.connections import Connections
from app.chat.draft import Draft
from app.chat.keys import Keys
from app.chat.network import Network
from app.chat.preferences import Preferences
from app.core.conversation import Conversation, Role, Turn
from app.core.errors import (
    AddressNotFound,
    CannotSave,
    ChatError,
    ErrorDetails,
    NoConnection,
    NotAnApi,
    RequestRejected,
    UnknownAnswer,
)
from app.core.provider import Endpoint

# What it takes to ask is loaded with the first question (`asking`): the window is painted before.
if TYPE_CHECKING:
    from app.chat.answering import Answering
    from app.chat.unsaved import Keeper

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
        disk: Keeper,
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
        self.is_private = False
        self.is_busy = False
        self._conversation = conversation
        self._shown: tuple[Turn, ...] = conversation.path()
        self._network = network
        self._disk = disk
        self._keys = keys
        self._preferences = preferences
        self._connections = connections
        self._answering: Answering | None = None
        self._offline_turn_id = ""  # of the reply that ended last, where it found no way to the host
        self._draft = Draft(disk, "", self)
        self._draft.changed.connect(self.draft_changed)
        self._draft.save_failed.connect(self.save_failed)
        preferences.endpoints_changed.connect(self.model_changed)
        connections.models_changed.connect(self._on_models_changed)
        connections.models_failed.connect(self._on_models_failed)
        self.model_changed.connect(self._use_model)

    # -- what there is --

    @property
    def conversation_id(self) -> str:
        """The conversation's id, the same from the start."""
        return self._conversation.conversation_id

    @property
    def conversation(self) -> Conversation:
        """All turns that are stored, and the reply in flight as it is now."""
        answering = self._answering
        if answering is None or not answering.is_begun:
            return self._conversation
        return self._conversation.with_turn(answering.turn)

    @property
    def path(self) -> tuple[Turn, ...]:
        """The shown turns, first to last; while busy the last is the reply as it is now."""
        turn = self._answering.turn if self._answering is not None else None
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

    def begin_new(self, draft_key: str = "") -> None:
        """This is a new chat: it is there at once, its draft follows, which was kept under `draft_key`."""
        self.is_loaded = True
        self._draft.key = draft_key
        self._disk.submit(lambda store: store.draft(draft_key), self._draft.show_loaded)
        self.loaded.emit()

    def begin_private(self) -> None:
        """This is a new chat of which nothing is ever written, which takes a `disk` that keeps nothing."""
        self.is_private = True
        self.begin_new()

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
            self.load_failed.emit(CannotSave(ErrorDetails(reason="this chat is no longer in the history")))
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
        self.set_model(endpoint.endpoint_id, self.model)
        from app.chat.asking import question

        user, conversation = question(text, self._conversation, self._shown)
        draft_key = self._draft.key
        self._draft.take()
        answering = self._prepare((*self._shown, user), conversation, endpoint)
        answering.question_saved.connect(lambda saved: self._on_message_saved(conversation, saved))
        answering.question_not_saved.connect(lambda error: self._on_message_not_saved(text, error))
        answering.save_question(conversation, user, draft_key)
        self._start(answering)
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
        self.set_model(endpoint.endpoint_id, self.model)
        conversation = self._conversation
        if replaced:
            conversation = conversation.without_turn(turn_id)
            self._write(lambda store: store.remove_turn(turn_id))
        answering = self._prepare(tuple(path), conversation, endpoint)
        self._set_conversation(self._choosing(conversation, answering.turn))
        answering.begin()
        self.messages_reset.emit()
        self._start(answering)
        return True

    def stop(self) -> None:
        """End the reply in flight; its request is closed at once and what has come stays."""
        if self._answering is not None:
            self._answering.reply.stop()

    def retry_now(self) -> None:
        """Don't wait for the countdown."""
        if self._answering is not None:
            self._answering.reply.retry_now()

    def went_online(self) -> None:
        """The network is back: a reply that waits for it, or that has given up waiting, goes on."""
        if self._answering is not None:
            if self._answering.reply.waits_for_connection:
                self._answering.reply.retry_now()
        elif self._shown and self._shown[-1].turn_id == self._offline_turn_id:
            self.try_again(self._offline_turn_id)

    def set_model(self, endpoint_id: str, model: str) -> None:
        """Ask this model from the next message on."""
        if (self._conversation.endpoint_id, self._conversation.model) == (endpoint_id, model):
            return
        self._conversation = replace(self._conversation, endpoint_id=endpoint_id, model=model)
        if self.is_stored:
            self._write(lambda store, own=self.conversation_id: store.set_model(own, endpoint_id, model))
        self.model_changed.emit()

    def set_system_prompt(self, text: str) -> None:
        """Say this to the model before all else; only before the first message."""
        if not self._shown and not self.is_busy:
            self._conversation = replace(self._conversation, system_prompt=_clean(text))

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

    def save_now(self) -> None:
        """Hand all that is known to the disk, and go on."""
        self._draft.flush()
        if self._answering is not None:
            self._answering.save_now()

    def close(self) -> None:
        """The app ends: hand all that is not stored to the disk. A running reply becomes INTERRUPTED, as
        it would if the app had been killed: it was not the person who stopped it.
        """
        if self._answering is not None and not self.is_stored:
            # The first message is with the disk already, which will not be heard any more: the chat is there.
            self._draft.move_to(self.conversation_id)
        self._draft.flush()
        if self._answering is not None:
            self._answering.close()

    # -- the reply --

    def _prepare(self, path: tuple[Turn, ...], conversation: Conversation, endpoint: Endpoint) -> Answering:
        """Make what asks for the turn that comes after `path`; nothing has happened yet."""
        from app.chat.asking import answer_to

        answering = answer_to(path, conversation, endpoint, self._network, self._keys, self._disk, self)
        answering.reply.activity_changed.connect(self._set_activity)
        answering.changed.connect(self.reply_changed)
        answering.not_saved.connect(self._on_answer_not_saved)
        answering.ended.connect(self._on_ended)
        return answering

    def _start(self, answering: Answering) -> None:
        self._answering = answering
        self.is_busy = True
        self.busy_changed.emit(True)
        answering.reply.start()
        if answering.reply.wants_model:
            self._connections.fetch_models(answering.turn.endpoint_id)

    @Slot()
    def _use_model(self) -> None:
        """Let the reply that waits for a model go on, now that there may be one."""
        answering, endpoint = self._answering, self.endpoint()
        if answering is None or not answering.reply.wants_model or endpoint is None or not self.model:
            return
        if endpoint.endpoint_id == answering.turn.endpoint_id:
            answering.use_model(self.model)
            self.set_model(endpoint.endpoint_id, self.model)

    def _choosing(self, conversation: Conversation, turn: Turn) -> Conversation:
        """Add a turn and make sure that it is the version that is shown."""
        parent, own = turn.parent_id or "", conversation.conversation_id
        if parent in conversation.chosen:
            conversation = replace(conversation, chosen={**conversation.chosen, parent: turn.turn_id})
            self._write(lambda store: store.choose(own, parent, turn.turn_id))
        return conversation.with_turn(turn)

    def _on_message_saved(self, conversation: Conversation, saved: Turn) -> None:
        answering = self._answering
        if answering is None:
            return
        now, own = self._conversation, self.conversation_id
        self._set_conversation(conversation.with_turn(saved))
        self.is_stored = not self.is_private
        self._draft.move_to(own)
        self.message_added.emit(saved)
        if not now.title:
            self.title_changed.emit(self.title)
        # Before its first message was stored the chat may have got another name or model.
        elif now.title != conversation.title:
            self.rename(now.title)
        self.set_model(now.endpoint_id, now.model)
        self._set_conversation(self._conversation.with_turn(answering.turn))
        answering.begin()
        self.message_added.emit(answering.turn)

    def _on_message_not_saved(self, text: str, error: ChatError) -> None:
        self._answering = None
        self._set_activity(IDLE)
        self._draft.give_back(text)
        self.save_failed.emit(_about(error, "message"))
        self._set_idle()

    @Slot(object)
    def _on_ended(self, turn: Turn) -> None:
        from app.core.completion import ReplyState

        self._set_conversation(self._conversation.with_turn(turn))
        self._answering = None
        is_offline = turn.reply is not None and isinstance(turn.reply.error, NoConnection)
        self._offline_turn_id = turn.turn_id if is_offline and turn.state is ReplyState.FAILED else ""
        if turn.reply is not None and turn.reply.error is not None:
            self.answer_failed.emit(turn.endpoint_id, turn.reply.error)
        elif turn.state is ReplyState.DONE:
            self.answered.emit(turn.endpoint_id)
        self.message_changed.emit(turn)
        self._set_idle()

    def _set_idle(self) -> None:
        self.is_busy = False
        self.busy_changed.emit(False)

    # -- small things --

    def _set_conversation(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._shown = conversation.path()

    @Slot(object)
    def _set_activity(self, activity: Activity) -> None:
        if activity != self.activity:
            self.activity = activity
            self.activity_changed.emit(activity)

    def _write(self, job: Any) -> None:
        self._disk.submit(job, None, self._on_answer_not_saved)

    @Slot(object)
    def _on_answer_not_saved(self, error: ChatError) -> None:
        self.save_failed.emit(_about(error, "answer"))

    @Slot(str)
    def _on_models_changed(self, endpoint_id: str) -> None:
        endpoint = self.endpoint()
        if endpoint is not None and endpoint.endpoint_id == endpoint_id:
            self.model_changed.emit()
        self._give_up_model(endpoint_id, None)

    @Slot(str, object)
    def _on_models_failed(self, endpoint_id: str, error: ChatError) -> None:
        # Where there is a server without a list, the person must name the model.
        has_no_list = isinstance(error, AddressNotFound | NotAnApi | UnknownAnswer | RequestRejected)
        self._give_up_model(endpoint_id, None if has_no_list else error)

    def _give_up_model(self, endpoint_id: str, error: ChatError | None) -> None:
        answering = self._answering
        if answering is not None and answering.turn.endpoint_id == endpoint_id:
            answering.reply.give_up_model(error)


def _clean(text: str) -> str:
    """Without NUL, which SQLite and Qt cut at, and without lone surrogates, which nobody can send (Q42)."""
    return text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _about(error: ChatError, target: str) -> ChatError:
    return type(error)(replace(error.details, target=target))
