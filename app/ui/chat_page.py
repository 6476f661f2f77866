"""The main area: one chat from its header to its composer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.chat.connections import Connections
from app.chat.preferences import Preferences
from app.chat.session import ChatSession
from app.core.conversation import Role
from app.core.settings import Settings
from app.markup.loading import load_soon
from app.ui.composer.composer import Composer
from app.ui.composer.outbox import Outbox
from app.ui.header import HEIGHT as HEADER_HEIGHT
from app.ui.header import Header
from app.ui.theme import Theme

# The parts that the first picture of the window does without are loaded when they are first shown.
if TYPE_CHECKING:
    from app.ui.composer.model_picker import ModelPicker
    from app.ui.empty_page import EmptyPage
    from app.ui.find_bar import FindBar
    from app.ui.notice_bar import NoticeBar
    from app.ui.transcript.view import TranscriptView
    from app.ui.widgets.toast import Toast

EMPTY_COMPOSER_HEIGHT = 112  # px, with the space around it


class ChatPage(QWidget):
    """Shows one session at a time.

    Signals: `shown_changed()`: the title, the model or the endpoint of what is shown may be another;
    `delete_asked()`; `zoom_asked(steps)`: larger is positive; `setup_asked()`: the endpoints need attention;
    `save_failed(ChatError)`; `load_failed(ChatError)`; `link_activated(address)`.
    """

    shown_changed = Signal()
    delete_asked = Signal()
    zoom_asked = Signal(int)
    setup_asked = Signal()
    link_activated = Signal(str)
    save_failed = Signal(object)
    load_failed = Signal(object)

    def __init__(
        self, theme: Theme, connections: Connections, preferences: Preferences, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._connections = connections
        self._preferences = preferences
        self._session: ChatSession | None = None
        self._links: list[tuple[SignalInstance, object]] = []
        self._picker: ModelPicker | None = None
        self.header = Header(theme)
        self.outbox = Outbox(self)
        self.composer = Composer(theme, self.outbox)
        self._transcript: TranscriptView | None = None
        self._empty: EmptyPage | None = None
        self._notices: NoticeBar | None = None
        self._find_bar: FindBar | None = None
        self._toast: Toast | None = None
        self._stack = QStackedWidget()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self.header)
        self._layout.addWidget(self._stack, 1)
        self._layout.addWidget(self.composer)
        self.composer.model_asked.connect(self.choose_model)
        self.composer.setup_asked.connect(self.setup_asked)
        self.composer.typing_began.connect(self._on_typing_began)
        self.header.renamed.connect(self._on_renamed)
        self.header.menu_asked.connect(self._show_menu)
        self.header.find_asked.connect(self._on_find_asked)
        preferences.changed.connect(self._on_preferences)
        self._on_preferences(preferences.current)

    @property
    def transcript(self) -> TranscriptView:
        """What is said in the chat."""
        if self._transcript is None:
            from app.ui.transcript.view import TranscriptView

            transcript = TranscriptView(self._theme)
            transcript.try_again_requested.connect(self._on_try_again)
            transcript.open_settings_requested.connect(self.setup_asked)
            transcript.link_activated.connect(self.link_activated)
            transcript.choose_model_requested.connect(self.choose_model)
            transcript.retry_now_requested.connect(self._on_retry_now)
            transcript.zoom_requested.connect(self.zoom_asked)
            transcript.stop_requested.connect(self.composer.stop)
            transcript.composer_focus_requested.connect(self.focus_composer)
            # At once as wide as it will be, so that nothing is laid out twice.
            transcript.resize(self._stack.size())
            self._stack.addWidget(transcript)
            self._transcript = transcript
            if self._session is not None:
                transcript.show_session(self._session)
        return self._transcript

    @property
    def shown_transcript(self) -> TranscriptView | None:
        """The transcript while it is what the page shows."""
        return self._transcript if self._stack.currentWidget() is self._transcript else None

    @property
    def empty(self) -> EmptyPage:
        """The page of a chat without messages."""
        if self._empty is None:
            from app.ui.empty_page import EmptyPage

            self._empty = EmptyPage(self._theme)
            self._empty.starter_chosen.connect(self.composer.fill)
            self._stack.addWidget(self._empty)
            self._place()
        return self._empty

    @property
    def notices(self) -> NoticeBar:
        """The bar under the header."""
        if self._notices is None:
            from app.ui.notice_bar import NoticeBar

            self._notices = NoticeBar(self._theme)
            self._layout.insertWidget(1, self._notices)
        return self._notices

    @property
    def toast(self) -> Toast:
        """The short word above the composer."""
        if self._toast is None:
            from app.ui.widgets.toast import Toast

            self._toast = Toast(self._theme, self)
            self._place()
        return self._toast

    @property
    def session(self) -> ChatSession | None:
        """The chat that is shown."""
        return self._session

    def show_session(self, session: ChatSession) -> None:
        """Show this chat."""
        for signal, slot in self._links:
            signal.disconnect(slot)
        self._session = session
        self._links = [
            (session.title_changed, self._show_header),
            (session.model_changed, self._show_header),
            (session.busy_changed, self._show_page),
            (session.messages_reset, self._show_page),
            (session.loaded, self._show_all),
            (session.load_failed, self.load_failed.emit),
            (session.save_failed, self.save_failed.emit),
        ]
        for signal, slot in self._links:
            signal.connect(slot)
        self.composer.show_session(session)
        if self._transcript is not None:
            self._transcript.show_session(session)
        self._show_all()

    def shut_down(self, seconds: float) -> bool:
        """Join what works for the transcript within `seconds`; False where it was left behind."""
        return self._transcript is None or self._transcript.canvas.shut_down(seconds)

    def choose_model(self) -> None:
        """Open the model picker above its chip."""
        session = self._session
        if session is None or not self.composer.isVisible():
            return
        if self._picker is None:
            from app.ui.composer.model_picker import ModelPicker

            self._picker = ModelPicker(self._theme, self._connections, self._preferences, self)
            self._picker.chosen.connect(self._on_model_chosen)
        endpoint = session.endpoint()
        self._picker.open_above(
            self.composer.model_chip, endpoint.endpoint_id if endpoint is not None else "", session.model
        )

    def jump_to_latest(self) -> None:
        """Show the end of the chat."""
        if self._transcript is not None:
            self._transcript.jump_to_latest()

    def try_last_again(self) -> None:
        """Ask anew for the last answer."""
        path = self._session.path if self._session is not None else ()
        last = next((turn for turn in reversed(path) if turn.role is Role.ASSISTANT), None)
        if last is not None:
            self._on_try_again(last.turn_id)

    def copy_last_answer(self) -> None:
        """Put the last answer on the clipboard."""
        if self._transcript is not None and self._transcript.copy_last_answer():
            self.toast.say(self.tr("Answer copied"))

    @property
    def is_finding(self) -> bool:
        """Whether the find bar is open."""
        return self._find_bar is not None and not self._find_bar.isHidden()

    @property
    def find_bar(self) -> FindBar:
        """The bar between header and transcript, in which a person types what to find."""
        if self._find_bar is None:
            from app.ui.find_bar import FindBar

            self._find_bar = FindBar(self._theme, self.transcript.finder)
            self._find_bar.close_asked.connect(self.close_find)
            self._layout.insertWidget(self._layout.indexOf(self._stack), self._find_bar)
        return self._find_bar

    def open_find(self) -> None:
        """Let the person type what to find in this chat."""
        transcript = self.shown_transcript
        if transcript is None:
            return
        # While it is typed, what may still be selected elsewhere doesn't take the place of what was typed.
        words = "" if self.is_finding and self.find_bar.field.hasFocus() else transcript.selected_line()
        if not self.is_finding:
            self._move_transcript(self.find_bar.open)
            self._show_find()
        self.find_bar.begin(words)

    def find_next(self) -> None:
        """Go to the next hit; where nothing is looked for, ask what to find."""
        if self.is_finding:
            self.find_bar.go_to_next()
        else:
            self.open_find()

    def find_previous(self) -> None:
        """Go to the previous hit; where nothing is looked for, ask what to find."""
        if self.is_finding:
            self.find_bar.go_to_previous()
        else:
            self.open_find()

    def close_find(self) -> None:
        """Close the find bar; the current hit is left selected."""
        if not self.is_finding:
            return
        self._move_transcript(self.find_bar.hide)
        self._show_find()
        if not self.find_bar.end():
            self.focus_composer()

    def focus_composer(self) -> None:
        """Let the person write."""
        self.composer.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_all(self) -> None:
        self._show_header()
        self._show_page()

    def _show_header(self) -> None:
        session = self._session
        if session is not None:
            self.header.show_chat(session.title, session.model, can_rename=bool(session.title))
            self.shown_changed.emit()

    def _show_page(self) -> None:
        session = self._session
        if session is None or (session.is_stored and not session.is_loaded and self._transcript is None):
            return
        is_empty = not (session.is_stored or session.is_busy or session.path)
        page: QWidget = self.empty if is_empty else self.transcript
        if self._stack.currentWidget() is not page:
            self._stack.setCurrentWidget(page)
        if is_empty:
            self.close_find()
        self._show_find()

    def _move_transcript(self, show_or_hide: Callable[[], object]) -> None:
        """Show or hide what stands above the transcript, with the text where it is on the screen."""
        before = self._stack.y()
        show_or_hide()
        self._layout.activate()
        self.transcript.canvas.scrolling.shift(self._stack.y() - before)

    def _show_find(self) -> None:
        self.header.show_find(
            can_find=self.shown_transcript is not None,
            is_finding=self.is_finding,
        )

    def _on_find_asked(self) -> None:
        if self.is_finding:
            self.close_find()
        else:
            self.open_find()

    def _show_menu(self) -> None:
        from app.ui.widgets.menu import Menu

        menu = Menu(self._theme, self)
        menu.add(self.tr("Rename"), self.header.rename, icon="edit", keys=QKeySequence(Qt.Key.Key_F2))
        menu.addSeparator()
        menu.add(self.tr("Delete"), self.delete_asked.emit, icon="trash", tone="danger.text")
        button = self.header.more
        corner = button.mapToGlobal(QPoint(button.width() - menu.sizeHint().width(), button.height() + 4))
        menu.open_at(corner)

    def _on_renamed(self, title: str) -> None:
        if self._session is not None:
            self._session.rename(title)

    def _on_model_chosen(self, endpoint_id: str, model: str) -> None:
        if self._session is not None:
            self._session.set_model(endpoint_id, model)
        self.focus_composer()

    def _on_try_again(self, turn_id: str) -> None:
        if self._session is not None:
            self._session.try_again(turn_id)

    def _on_retry_now(self) -> None:
        if self._session is not None:
            self._session.retry_now()

    def _on_typing_began(self) -> None:
        load_soon()
        endpoint = self._session.endpoint() if self._session is not None else None
        if endpoint is not None:
            self._connections.warm(endpoint.endpoint_id)

    def _on_preferences(self, settings: Settings) -> None:
        self.composer.set_send_key(settings.send_key)

    def _place(self) -> None:
        self.composer.set_window_height(self.height())
        if self._empty is not None:
            self._empty.set_room(self.height() - HEADER_HEIGHT - EMPTY_COMPOSER_HEIGHT)
        if self._toast is not None:
            self._toast.place(self.composer.y() - 6)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
