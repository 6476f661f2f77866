"""What is typed and what waits to be sent, for every chat that is open."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from app.chat.session import ChatSession


class Unsent(NamedTuple):
    """Text in the composer, and messages that wait for the answer that is being written."""

    typed: str = ""
    queued: tuple[str, ...] = ()

    @property
    def draft(self) -> str:
        """All of it as one text: what is stored, so that a message that waits is never lost either."""
        return "\n\n".join(one for one in (*self.queued, self.typed) if one.strip())


class Outbox(QObject):
    """Sends what waits when the answer before it is finished, also for a chat that isn't shown.

    After an answer that was stopped or failed nothing goes out by itself: what waits stays where it can be
    seen, and `send` takes it from there.

    Signals: `changed(conversation_id)`: what waits, or what the composer should hold, is another.
    """

    changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._unsent: dict[str, Unsent] = {}

    def watch(self, session: ChatSession) -> None:
        """Take care of this chat from now on."""
        own = session.conversation_id
        if own in self._unsent:
            return
        self._unsent[own] = Unsent(typed=session.draft)
        session.draft_changed.connect(lambda text: self._on_draft_changed(session, text))
        session.busy_changed.connect(lambda busy: self._on_busy_changed(session, busy))
        session.destroyed.connect(lambda: self._unsent.pop(own, None))

    def unsent(self, session: ChatSession) -> Unsent:
        """What is typed and what waits in this chat."""
        return self._unsent.get(session.conversation_id, Unsent())

    def set_typed(self, session: ChatSession, text: str) -> None:
        """The composer holds this."""
        self._keep(session, self.unsent(session)._replace(typed=text))

    def send(self, session: ChatSession) -> bool:
        """Send what is typed, or let it wait while an answer is written; with nothing typed send what waits
        first. False where nothing could be sent or queued.
        """
        now = self.unsent(session)
        if not now.typed.strip():
            return not session.is_busy and self._send_next(session)
        if session.is_busy or now.queued:
            self._change(session, Unsent(queued=(*now.queued, now.typed.strip())))
            return session.is_busy or self._send_next(session)
        if not session.send(now.typed):
            return False
        self._change(session, Unsent())
        return True

    def remove(self, session: ChatSession, at: int) -> None:
        """Don't send the message that waits in place `at`."""
        now = self.unsent(session)
        self._change(session, now._replace(queued=now.queued[:at] + now.queued[at + 1 :]))

    def take_back(self, session: ChatSession, at: int) -> None:
        """Put the message that waits in place `at` back into the composer, before what is typed there."""
        now = self.unsent(session)
        texts = (now.queued[at], now.typed)
        typed = "\n\n".join(one for one in texts if one.strip())
        self._change(session, Unsent(typed, now.queued[:at] + now.queued[at + 1 :]))

    def _send_next(self, session: ChatSession) -> bool:
        now = self.unsent(session)
        if not now.queued or not session.send(now.queued[0]):
            return False
        self._change(session, now._replace(queued=now.queued[1:]))
        return True

    def _change(self, session: ChatSession, unsent: Unsent) -> None:
        self._keep(session, unsent)
        self.changed.emit(session.conversation_id)

    def _keep(self, session: ChatSession, unsent: Unsent) -> None:
        self._unsent[session.conversation_id] = unsent
        session.set_draft(unsent.draft)

    def _on_draft_changed(self, session: ChatSession, text: str) -> None:
        # Loaded, or given back because it could not be sent: it holds what was waiting, too.
        self._unsent[session.conversation_id] = Unsent(typed=text)
        self.changed.emit(session.conversation_id)

    def _on_busy_changed(self, session: ChatSession, busy: bool) -> None:
        if not busy and self.unsent(session).queued:
            # Not within the signal: others have yet to hear that the answer ended.
            QTimer.singleShot(0, session, lambda: self._go_on(session))

    def _go_on(self, session: ChatSession) -> None:
        from app.core.completion import ReplyState  # loaded with the first answer

        path = session.path
        if not session.is_busy and path and path[-1].state is ReplyState.DONE:
            self._send_next(session)
