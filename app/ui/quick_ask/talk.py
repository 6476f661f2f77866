"""Which talk the small window shows: the last one for some minutes, else a new one as the settings say."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, SignalInstance

from app.chat.library import Library
from app.chat.preferences import Preferences
from app.chat.session import ChatSession
from app.core.conversation import Role, Turn
from app.core.quick_ask import QuickAskSettings
from app.ui.quick_ask.face import Mode


class Talk(QObject):
    """Signals: `taken(ChatSession)`: another one is shown; `changed()`: `mode` or what was said may be
    another; `activity_changed(Activity)`.
    """

    taken = Signal(object)
    changed = Signal()
    activity_changed = Signal(object)

    def __init__(
        self, library: Library, preferences: Preferences, now: Callable[[], float], parent: QObject
    ) -> None:
        super().__init__(parent)
        self.asked = ""  # what is on its way to the disk
        self._library = library
        self._preferences = preferences
        self._now = now
        self._used_at = 0.0
        self._is_first = True
        self._can_leave: Callable[[], bool] | None = None  # while it waits for the list of chats
        self._links: list[tuple[SignalInstance, object]] = []
        self.session = library.new_quick_session()
        library.conversation_deleted.connect(self._on_deleted)
        library.summaries_changed.connect(self._on_summaries)
        preferences.changed.connect(self.apply_settings)

    @property
    def mode(self) -> Mode:
        """What it is about right now."""
        if self.session.is_busy:
            return Mode.ANSWERING
        return Mode.DONE if self.session.path else Mode.ASKING

    @property
    def question(self) -> str:
        """What was asked first."""
        path = self.session.path
        return path[0].text if path else self.asked

    @property
    def last_answer(self) -> Turn | None:
        """The newest answer; None before there is one."""
        return next((turn for turn in reversed(self.session.path) if turn.role is Role.ASSISTANT), None)

    def begin(self) -> None:
        """Begin anew; the talk before is kept among the chats, and goes on if it is being answered."""
        self._take(self._library.new_quick_session())

    def begin_private(self) -> None:
        """Begin a talk of which nothing is kept."""
        self._take(self._library.new_private_session())

    def begin_or_go_on(self, can_leave: Callable[[], bool]) -> None:
        """The window opens: go on with the last talk, also one of an earlier run, unless it is long ago.

        One that something is written in isn't left: `can_leave` says so, now or when the list of chats comes.
        """
        is_first, self._is_first = self._is_first, False
        if not can_leave() or self.mode is Mode.ANSWERING:
            return
        if self.mode is Mode.DONE:
            if self._now() - self._used_at > self._seconds:
                self.begin()
        elif is_first and self._library.is_loaded:
            self._go_on_from_earlier()
        elif is_first:
            self._can_leave = can_leave

    def note_use(self) -> None:
        """The person has it before them until now."""
        self._used_at = self._now()

    def apply_settings(self) -> None:
        """A talk that hasn't begun has the model and the system prompt of the settings."""
        settings = self._settings
        if self.mode is not Mode.ASKING or self.session.is_stored:
            return
        self.session.set_system_prompt(settings.system_prompt)
        if settings.model and self._preferences.endpoint(settings.endpoint_id) is not None:
            self.session.set_model(settings.endpoint_id, settings.model)

    def show(self) -> None:
        """Tell of the talk that is there from the beginning."""
        self._take(self.session)

    @property
    def _settings(self) -> QuickAskSettings:
        return self._preferences.quick_ask

    def _take(self, session: ChatSession) -> None:
        for signal, slot in self._links:
            signal.disconnect(slot)
        self.session = session
        self.asked = ""
        self.apply_settings()
        self._links = [
            (session.busy_changed, self._on_busy_changed),
            (session.activity_changed, self.activity_changed.emit),
            (session.message_added, self._on_changed),
            (session.messages_reset, self._on_changed),
            (session.loaded, self._on_changed),
        ]
        for signal, slot in self._links:
            signal.connect(slot)
        self.taken.emit(session)
        # What was held so far may be gone with this.
        self._library.hold(session.conversation_id)
        self.changed.emit()

    @property
    def _seconds(self) -> int:
        """How long the last talk is gone on with."""
        return self._settings.minutes * 60

    def _go_on_from_earlier(self) -> None:
        last = next((one for one in self._library.summaries if one.is_quick), None)
        if last is not None and 0 <= self._now() - last.updated <= self._seconds:
            self._take(self._library.session(last.conversation_id))

    def _on_summaries(self) -> None:
        can_leave, self._can_leave = self._can_leave, None
        if can_leave is not None and can_leave() and self.mode is Mode.ASKING:
            self._go_on_from_earlier()

    def _on_busy_changed(self) -> None:
        self.note_use()
        self.changed.emit()

    def _on_changed(self) -> None:
        self.changed.emit()

    def _on_deleted(self, conversation_id: str) -> None:
        if conversation_id == self.session.conversation_id:
            self.begin()
