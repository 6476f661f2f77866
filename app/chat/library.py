"""All conversations: the list of them, and the sessions that are open."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from app.chat.connections import Connections
from app.chat.disk import Disk, HistoryProblem
from app.chat.keys import Keys
from app.chat.network import Network
from app.chat.preferences import Preferences
from app.chat.session import ChatSession
from app.core.conversation import Conversation, ConversationSummary, Role, Turn, new_id
from app.core.errors import ChatError

if TYPE_CHECKING:
    from app.chat.unsaved import Keeper

KEPT_SESSIONS = 12
QUICK_DRAFT = "quick"  # the key of what is typed in the small window and not sent


class Library(QObject):
    """The list of chats, newest first, and one session for each chat that was opened.

    Signals: `summaries_changed()`; `busy_changed(conversation_id, bool)`; `unread_changed(conversation_id,
    bool)`; `reply_ended(conversation_id, Turn)`; `conversation_deleted(conversation_id, title)`;
    `failed(ChatError)`: the list could not be read, or a change to it not be stored; `history_opened()`:
    `history_problem` is known.

    A session stays valid while it is current, held, busy, or among the last twelve that were asked for.
    """

    summaries_changed = Signal()
    busy_changed = Signal(str, bool)
    unread_changed = Signal(str, bool)
    reply_ended = Signal(str, object)
    conversation_deleted = Signal(str, str)
    failed = Signal(object)
    history_opened = Signal()

    def __init__(
        self,
        network: Network,
        disk: Disk,
        keys: Keys,
        preferences: Preferences,
        connections: Connections,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.summaries: tuple[ConversationSummary, ...] = ()
        self.is_loaded = False
        self.current_id = ""
        self.held_id = ""
        self._is_held_in_sight = False
        self._network = network
        self._disk = disk
        self._keys = keys
        self._preferences = preferences
        self._connections = connections
        self._sessions: dict[str, ChatSession] = {}  # the one asked for last stands last
        self._unread: set[str] = set()
        self._deleted: list[ConversationSummary] = []
        disk.opened.connect(self._read_summaries)
        disk.opened.connect(self.history_opened)
        disk.open_failed.connect(self.failed)
        if disk.is_open:
            self._read_summaries()

    @property
    def history_problem(self) -> HistoryProblem | None:
        """What a person must know of the history; known from `history_opened` on."""
        return self._disk.problem

    @property
    def damaged_history(self) -> str:
        """Where the damaged history was put aside, untouched; empty where none was."""
        report = self._disk.report
        return str(report.kept) if report is not None and report.kept is not None else ""

    @property
    def busy_ids(self) -> frozenset[str]:
        """The chats with a reply in flight."""
        return frozenset(one for one, session in self._sessions.items() if session.is_busy)

    @property
    def unread_ids(self) -> frozenset[str]:
        """The chats whose answer came while another chat was shown."""
        return frozenset(self._unread)

    def new_session(self) -> ChatSession:
        """A chat that is stored with its first message; the one there is while that is still unsent."""
        for session in self._sessions.values():
            is_unsent = not session.is_stored and not session.is_busy and not session.is_private
            if is_unsent and not session.conversation.is_quick:
                return session
        session = self._add(Conversation(new_id()))
        session.begin_new()
        return session

    def new_quick_session(self) -> ChatSession:
        """A chat for the small window, stored with its first message; the one there is while unsent."""
        for session in self._sessions.values():
            is_unsent = not session.is_stored and not session.is_busy and not session.is_private
            if is_unsent and session.conversation.is_quick:
                return session
        session = self._add(Conversation(new_id(), is_quick=True))
        session.begin_new(QUICK_DRAFT)
        return session

    def new_private_session(self) -> ChatSession:
        """A chat for the small window of which nothing is ever written; it is gone once it isn't held."""
        from app.chat.unsaved import Unsaved

        keeper = Unsaved(self)
        session = self._add(Conversation(new_id(), is_quick=True), keeper)
        session.destroyed.connect(keeper.deleteLater)
        session.begin_private()
        return session

    def hold(self, conversation_id: str) -> None:
        """Keep the session of this chat beside the current one; empty for none."""
        before = self._sessions.get(self.held_id) if self.held_id != conversation_id else None
        self.held_id = conversation_id
        if before is not None and before.is_private:
            del self._sessions[before.conversation_id]
            # An answer in flight ends first: another thread still speaks to it.
            before.busy_changed.connect(before.deleteLater)
            before.stop()
            if not before.is_busy:
                before.deleteLater()

    def show_held(self, is_in_sight: bool) -> None:
        """Whether the chat that is held is seen by the person: its answers are read as they come then."""
        self._is_held_in_sight = is_in_sight
        if is_in_sight:
            self.mark_read(self.held_id)

    def read_recent_questions(self, count: int, done: Callable[[tuple[str, ...]], None]) -> None:
        """Read what was asked last in the small window, newest first, and give it to `done`."""
        self._disk.submit(lambda store: store.recent_questions(count), done)

    def session(self, conversation_id: str) -> ChatSession:
        """The session of a stored chat; it loads itself: `loaded` or `load_failed` follows where
        `is_loaded` is not yet true.
        """
        session = self._sessions.pop(conversation_id, None)
        if session is not None:
            self._sessions[conversation_id] = session
            return session
        summary = self._summary(conversation_id)
        session = self._add(Conversation(conversation_id, title=summary.title if summary else ""))
        session.load()
        self._let_old_go()
        return session

    def show(self, conversation_id: str) -> None:
        """This chat is the one in front: its answers are read as they come. Empty for none."""
        self.current_id = conversation_id
        self.mark_read(conversation_id)

    def mark_read(self, conversation_id: str) -> None:
        """The person has seen what is in this chat."""
        if conversation_id in self._unread:
            self._unread.discard(conversation_id)
            self.unread_changed.emit(conversation_id, False)

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a chat another title; an empty one changes nothing."""
        session = self._sessions.get(conversation_id)
        if session is not None:
            session.rename(title)
            return
        title = " ".join(title.split())
        summary = self._summary(conversation_id)
        if summary is None or not title or title == summary.title:
            return
        self._disk.submit(lambda store: store.rename(conversation_id, title), None, self.failed.emit)
        self._replace(summary._replace(title=title))

    def delete(self, conversation_id: str) -> None:
        """Take a chat out of the list, at once; a reply in flight is stopped. `undo_delete` brings it back
        until the app ends.
        """
        summary = self._summary(conversation_id)
        if summary is None:
            return
        session = self._sessions.get(conversation_id)
        if session is not None:
            session.stop()
        self._deleted.append(summary)
        self.summaries = tuple(one for one in self.summaries if one is not summary)
        self._disk.submit(lambda store: store.delete(conversation_id), None, self.failed.emit)
        self.mark_read(conversation_id)
        self.summaries_changed.emit()
        self.conversation_deleted.emit(conversation_id, summary.title)

    def undo_delete(self, conversation_id: str = "") -> bool:
        """Bring back the chat of this id, or the one deleted last; False where there is none."""
        wanted = [one for one in self._deleted if conversation_id in {"", one.conversation_id}]
        if not wanted:
            return False
        summary = wanted[-1]
        own = summary.conversation_id
        self._deleted.remove(summary)
        self._disk.submit(lambda store: store.restore(own), None, self.failed.emit)
        self._read_summaries()
        return True

    def went_online(self) -> None:
        """The network is back: replies that wait for it go on at once."""
        deleted = self._deleted_ids
        for own, session in tuple(self._sessions.items()):
            if own not in deleted:
                session.went_online()

    def save_now(self) -> None:
        """The session may end any moment: hand drafts, settings and replies so far to the disk, and go on."""
        for session in tuple(self._sessions.values()):
            session.save_now()
        self._preferences.flush()

    def shut_down(self, seconds: float = 2.0) -> bool:
        """The app ends: interrupt replies, save all, end the three threads, within `seconds` together.

        Replies in flight are stored as INTERRUPTED with the text that they have; drafts and settings are
        saved. False means that a thread hangs (its disk, the keyring, a name look-up) and was left behind,
        alive: the process must then end by `os._exit`, since destroying a running thread aborts it.
        """
        deadline = time.monotonic() + seconds
        for session in tuple(self._sessions.values()):
            session.close()
        self._preferences.flush()
        self._network.begin_stop()
        self._disk.begin_stop()
        self._keys.begin_stop()
        joined = [
            worker.stop(max(deadline - time.monotonic(), 0.0))
            for worker in (self._disk, self._network, self._keys)
        ]
        return all(joined)

    @property
    def _deleted_ids(self) -> set[str]:
        return {one.conversation_id for one in self._deleted}

    def _summary(self, conversation_id: str) -> ConversationSummary | None:
        return next((one for one in self.summaries if one.conversation_id == conversation_id), None)

    def _add(self, conversation: Conversation, keeper: Keeper | None = None) -> ChatSession:
        session = ChatSession(
            conversation,
            self._network,
            keeper or self._disk,
            self._keys,
            self._preferences,
            self._connections,
            self,
        )
        own = conversation.conversation_id
        session.busy_changed.connect(lambda busy: self.busy_changed.emit(own, busy))
        session.message_added.connect(lambda turn: self._on_message_added(session, turn))
        session.message_changed.connect(lambda turn: self._on_reply_ended(own, turn))
        session.title_changed.connect(lambda _: self._on_title_changed(session))
        session.answered.connect(self._connections.note_answer)
        session.answer_failed.connect(self._connections.note_error)
        self._sessions[own] = session
        return session

    def _let_old_go(self) -> None:
        """Forget the sessions that were asked for longest ago, so that a long day doesn't fill the memory."""
        idle = [
            own
            for own, session in self._sessions.items()
            if session.is_stored and session.is_loaded and not session.is_busy
            if own not in {self.current_id, self.held_id}
        ]
        for own in idle[: max(len(self._sessions) - KEPT_SESSIONS, 0)]:
            session = self._sessions.pop(own)
            session.close()
            session.deleteLater()

    def _replace(self, summary: ConversationSummary) -> None:
        self.summaries = tuple(
            summary if one.conversation_id == summary.conversation_id else one for one in self.summaries
        )
        self.summaries_changed.emit()

    def _on_message_added(self, session: ChatSession, turn: Turn) -> None:
        """A chat that was written in comes first, whatever the clock says (REL-15)."""
        if session.is_private:
            return
        if turn.role is Role.USER and session.conversation_id not in self._deleted_ids:
            own = session.conversation_id
            others = [one for one in self.summaries if one.conversation_id != own]
            self.summaries = (_summary_of(session), *others)
            self.summaries_changed.emit()

    def _on_title_changed(self, session: ChatSession) -> None:
        if self._summary(session.conversation_id) is not None:
            self._replace(_summary_of(session))

    def _on_reply_ended(self, conversation_id: str, turn: Turn) -> None:
        is_seen = conversation_id == self.current_id or (
            conversation_id == self.held_id and self._is_held_in_sight
        )
        if not is_seen and self._summary(conversation_id) is not None:
            self._unread.add(conversation_id)
            self.unread_changed.emit(conversation_id, True)
        self.reply_ended.emit(conversation_id, turn)

    @Slot()
    def _read_summaries(self) -> None:
        self._disk.submit(lambda store: store.summaries(), self._on_summaries, self._on_failed)

    def _on_summaries(self, summaries: tuple[ConversationSummary, ...]) -> None:
        self.summaries = summaries
        self.is_loaded = True
        self.summaries_changed.emit()

    def _on_failed(self, error: ChatError) -> None:
        self.failed.emit(error)


def _summary_of(session: ChatSession) -> ConversationSummary:
    one = session.conversation
    return ConversationSummary(
        one.conversation_id, one.title, one.created, one.updated, one.endpoint_id, one.model, one.is_quick
    )
