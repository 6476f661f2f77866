"""Writing into a chat: the field, the model's chip and what waits, wherever in a window they stand."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence

from app.chat.session import ChatSession
from app.ui.composer.message_field import MessageField
from app.ui.composer.outbox import Outbox
from app.ui.composer.queue_row import ChipText, QueueRow
from app.ui.widgets.buttons import native_text
from app.ui.widgets.label import one_line
from app.ui.widgets.tooltip import set_tooltip


class Writing(QObject):
    """Writes into one chat at a time; what is typed in each is kept. Whoever made the field says what sends.

    Signals: `model_asked()`: the person wants to choose a model; `setup_asked()`: there is nobody to send to
    yet; `typing_began()`; `state_changed()`: what is typed, or what can be done with it, may be another.
    """

    model_asked = Signal()
    setup_asked = Signal()
    typing_began = Signal()
    state_changed = Signal()

    def __init__(
        self, outbox: Outbox, field: MessageField, model_chip: ChipText, queue_row: QueueRow, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.field = field
        self._outbox = outbox
        self._model_chip = model_chip
        self._queue_row = queue_row
        self._session: ChatSession | None = None
        model_chip.set_trailing_icon("chevron-down")
        model_chip.setAccessibleName(self.tr("Model"))
        model_chip.clicked.connect(self.model_asked)
        field.typed.connect(self._on_typed)
        queue_row.edit_asked.connect(self._on_edit_asked)
        queue_row.remove_asked.connect(self._on_remove_asked)
        outbox.changed.connect(self._on_outbox_changed)

    @property
    def is_busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._session is not None and self._session.is_busy

    @property
    def can_send(self) -> bool:
        """Whether there is something that can go out or wait."""
        session = self._session
        waits = session is not None and bool(self._outbox.unsent(session).queued)
        return session is not None and session.is_loaded and (waits or bool(self.field.text.strip()))

    def show_session(self, session: ChatSession | None) -> None:
        """Write into this chat from now on."""
        old, self._session = self._session, session
        if old is not None:
            old.busy_changed.disconnect(self.state_changed)
            old.model_changed.disconnect(self._show_model)
            old.loaded.disconnect(self._on_loaded)
        if session is not None:
            self._outbox.watch(session)
            session.busy_changed.connect(self.state_changed)
            session.model_changed.connect(self._show_model)
            session.loaded.connect(self._on_loaded)
        self._show_unsent()
        self._show_model()

    def fill(self, text: str, replace_part: str) -> None:
        """Hold `text` with `replace_part` of it selected, ready to be written over."""
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.show_text(text)
        self.field.select(replace_part)
        self._on_typed(text)

    def send(self) -> None:
        """Send what is typed, or let it wait while an answer is written."""
        session = self._session
        if session is None or not session.is_loaded:
            return
        if session.endpoint() is None:
            self.setup_asked.emit()
            return
        self._outbox.send(session)

    def send_text(self, text: str) -> bool:
        """Send `text` in the place of what is typed; where that can't be, it is what is typed from now on."""
        session = self._session
        if session is None:
            return False
        self._outbox.set_typed(session, text)
        self.send()
        is_sent = self._outbox.unsent(session).typed != text
        if not is_sent:
            self._show_unsent()
        return is_sent

    def stop(self) -> None:
        """Stop the answer that is being written."""
        if self._session is not None:
            self._session.stop()

    def _on_loaded(self) -> None:
        self.state_changed.emit()
        self._show_model()

    def _on_typed(self, text: str) -> None:
        if self._session is not None:
            if text and not self._outbox.unsent(self._session).typed:
                self.typing_began.emit()
            self._outbox.set_typed(self._session, text)
        self.state_changed.emit()

    def _on_outbox_changed(self, conversation_id: str) -> None:
        if self._session is not None and conversation_id == self._session.conversation_id:
            self._show_unsent()

    def _on_edit_asked(self, at: int) -> None:
        if self._session is not None:
            self._outbox.take_back(self._session, at)
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_remove_asked(self, at: int) -> None:
        if self._session is not None:
            self._outbox.remove(self._session, at)
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_unsent(self) -> None:
        session = self._session
        if session is not None:
            unsent = self._outbox.unsent(session)
            self.field.show_text(unsent.typed)
            self._queue_row.show_messages(unsent.queued)
        else:
            self.field.show_text("")
            self._queue_row.show_messages(())
        self.state_changed.emit()

    def _show_model(self) -> None:
        name = one_line(self._session.model) if self._session is not None else ""
        shown = name or self.tr("Choose a model")
        self._model_chip.setText(shown)
        self._model_chip.setAccessibleDescription(shown)
        set_tooltip(self._model_chip, shown, native_text(QKeySequence("Ctrl+M")))
