"""The small window: a question in one line, its answer below, and back to where the person was."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication

from app.chat.activity import Activity
from app.chat.connections import Connections
from app.chat.library import Library
from app.chat.preferences import Preferences
from app.chat.session import ChatSession
from app.core.quick_ask import QuickAskSettings
from app.core.settings import SendKey, Settings
from app.markup.loading import load_soon
from app.ui.composer.composer import SHARE_OF_WINDOW
from app.ui.composer.model_picker import ModelPicker
from app.ui.composer.outbox import Outbox
from app.ui.composer.writing import Writing
from app.ui.quick_ask.answer import AnswerUse
from app.ui.quick_ask.coming import Coming, Front
from app.ui.quick_ask.commands import add_keys, open_more
from app.ui.quick_ask.face import FOLLOW_UP_HEIGHT, LEAST_ANSWER, RADIUS, Face, Mode
from app.ui.quick_ask.former import FormerWindow
from app.ui.quick_ask.standing import Standing
from app.ui.quick_ask.talk import Talk
from app.ui.quick_ask.wording import Wording
from app.ui.theme import Theme
from app.ui.widgets.menu import round_corners, round_popup


class QuickAsk(Face):
    """Built hidden; shows one talk at a time.

    Signals: `continue_asked(conversation_id)`: the talk is to go on in the main window; `setup_asked()`:
    there is nobody to ask yet; `link_activated(address)`; `in_sight_changed(bool)`: it was shown or hidden.
    """

    continue_asked = Signal(str)
    setup_asked = Signal()
    link_activated = Signal(str)
    in_sight_changed = Signal(bool)

    def __init__(
        self,
        theme: Theme,
        library: Library,
        preferences: Preferences,
        connections: Connections,
        outbox: Outbox,
        *,
        former: FormerWindow,
        read_copied: Callable[[Callable[[str], None]], object],
        front: Front,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`read_copied` gives the text that was copied, in its own time."""
        super().__init__(theme)
        self._library = library
        self._preferences = preferences
        self._connections = connections
        self._former = former
        self._read_copied = read_copied
        self._picker: ModelPicker | None = None
        self._fit_timer = QTimer(self)
        self._fit_timer.setSingleShot(True)
        self._fit_timer.setInterval(0)
        self._fit_timer.timeout.connect(self._fit)
        self._set_up_window()
        self.standing = Standing(self, preferences)
        self.coming = Coming(self, former, front)
        self.talk = Talk(library, preferences, now, self)
        self.answer = AnswerUse(theme, self, self.talk, former, self.leave)
        self.writing = Writing(outbox, self.field, self.model_chip, self.queue_row, self)
        self.wording = Wording(self.writing, self.hints, self.talk, preferences, self)
        self._connect()
        add_keys(self)
        self._on_preferences(preferences.current)
        self.talk.show()

    def _set_up_window(self) -> None:
        self.setWindowFlags(Qt.WindowType.Tool)
        round_popup(self)
        self.setWindowTitle(self.tr("Quick Ask"))
        self.setAccessibleName(self.tr("Quick Ask"))
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setAttribute(Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow)

    def _connect(self) -> None:
        writing, footer, transcript, hints = self.writing, self.footer, self.transcript, self.hints
        self.coming.left.connect(self._on_left)
        self.answer.continue_asked.connect(self.continue_asked)
        self.answer.not_pasted.connect(self.show_with)
        self.field.send_asked.connect(self.wording.ask)
        self.field.document().documentLayout().documentSizeChanged.connect(self._fit_soon)
        self.private.clicked.connect(self.toggle_private)
        self.talk.taken.connect(self._on_taken)
        self.talk.changed.connect(self._show_state)
        self.talk.activity_changed.connect(self._on_activity)
        writing.model_asked.connect(self.choose_model)
        writing.setup_asked.connect(self._on_setup_asked)
        writing.typing_began.connect(self._on_typing_began)
        writing.state_changed.connect(self._show_state)
        hints.close_asked.connect(self.leave)
        hints.copied.dismissed.connect(self._focus)
        hints.copied.toggled.connect(self._focus)
        footer.stop_asked.connect(writing.stop)
        footer.pin_toggled.connect(self._on_pin_toggled)
        footer.more_asked.connect(lambda: open_more(self, footer.more))
        footer.close_asked.connect(self.leave)
        transcript.open_settings_requested.connect(self._on_setup_asked)
        transcript.choose_model_requested.connect(self.choose_model)
        transcript.stop_requested.connect(writing.stop)
        transcript.link_activated.connect(self.link_activated)
        transcript.composer_focus_requested.connect(self.step_back)
        transcript.canvas.placed.connect(self._fit_soon)
        transcript.canvas.turn_changed.connect(lambda _row: self._fit_soon())
        self.standing.screens_changed.connect(self._fit_soon)
        self._theme.changed.connect(self._fit_soon)
        self._preferences.changed.connect(self._on_preferences)

    # -- what can be asked of it --

    @property
    def session(self) -> ChatSession:
        """The talk that is shown."""
        return self.talk.session

    @property
    def mode(self) -> Mode:
        """What the window is about right now."""
        return self.talk.mode

    def get_ready(self) -> None:
        """Do all that can be done before it is shown, so that it comes up at once."""
        self.standing.place()
        self._fit()
        self.winId()
        self._stay_on_top(self._settings.is_pinned)
        self.wording.read_recent(self._library)

    def toggle(self, activation_token: str = "") -> None:
        """Come up; come forward where another window has the keyboard; else go away.

        `activation_token` is what the desktop gave with the key or the click that asked for it.
        """
        if not self.isVisible():
            self._open(activation_token)
        elif not self.coming.is_in_front:
            self._come_forward(activation_token)
        else:
            self.leave()

    def show_with(self, text: str = "", activation_token: str = "") -> None:
        """Come up, with `text` written in where there is one; it isn't sent."""
        if self.isVisible():
            self._come_forward(activation_token)
        else:
            self._open(activation_token)
        if text and self.mode is Mode.ANSWERING:
            self.new_talk()
        if text:
            typed = self.field.text
            self.writing.fill(f"{typed}\n{text}" if typed.strip() else text, "")

    def leave(self) -> None:
        """Go away, and let the window that was in front before have the keyboard again."""
        self.coming.leave()

    def step_back(self) -> None:
        """Stop the answer, else clear what is written, else go away."""
        if self.field.is_composing:
            return
        if self.mode is Mode.ANSWERING:
            self.writing.stop()
        elif self.field.text or not self.wording.is_empty:
            self.wording.clear()
        else:
            self.leave()

    def ask(self) -> None:
        """Send what is written."""
        self.wording.ask()

    def new_talk(self) -> None:
        """Begin anew; the talk before is kept among the chats, and goes on if it is being answered."""
        self.talk.begin()
        self._focus()

    def new_private_talk(self) -> None:
        """Begin a talk of which nothing is kept."""
        self.talk.begin_private()
        self._focus()

    def toggle_private(self) -> None:
        """Before anything is asked: keep nothing of what will be, or keep it after all."""
        if self.mode is not Mode.ASKING:
            self.new_private_talk()
            return
        typed = self.field.text
        self.field.clear_text()
        if self.session.is_private:
            self.new_talk()
        else:
            self.new_private_talk()
        self._write(typed)

    def go_on_or_send(self) -> None:
        """What Ctrl+Enter is for: where it sends messages, it does that first."""
        sends = self._preferences.current.send_key is SendKey.CTRL_ENTER
        if sends and self.mode is not Mode.ANSWERING and self.field.text.strip():
            self.wording.ask()
        else:
            self.answer.go_on_in_main_window()

    def choose_model(self) -> None:
        """Open the list of models at their chip."""
        session = self.session
        if not self.isVisible():
            return
        if self._picker is None:
            self._picker = ModelPicker(self._theme, self._connections, self._preferences, self)
            self._picker.chosen.connect(self._on_model_chosen)
        endpoint = session.endpoint()
        self._picker.open_above(
            self.model_chip, endpoint.endpoint_id if endpoint is not None else "", session.model
        )

    def shut_down(self, seconds: float) -> bool:
        """Join what works for the window within `seconds`; False where it was left behind."""
        return self.transcript.canvas.shut_down(seconds)

    # -- coming and going --

    def _open(self, activation_token: str) -> None:
        self.talk.begin_or_go_on(lambda: not self.field.text.strip())
        self.get_ready()
        self.coming.come(activation_token)
        self._focus()
        self._library.show_held(True)
        self.in_sight_changed.emit(True)
        if self._settings.offers_copied:
            # Another program has the text, and is asked for it: the window comes first.
            QTimer.singleShot(0, self, lambda: self._read_copied(self._on_copied))

    def _come_forward(self, activation_token: str) -> None:
        self.coming.come(activation_token)
        self._focus()

    def _focus(self) -> None:
        target = self.footer.stop if self.mode is Mode.ANSWERING else self.field
        target.setFocus(Qt.FocusReason.ActiveWindowFocusReason)

    def _on_left(self) -> None:
        stays = self._settings.is_pinned or not self._settings.hides or self.mode is Mode.ANSWERING
        if not stays and self.wording.is_empty:
            self.hide()

    # -- which talk --

    def _on_taken(self, session: ChatSession) -> None:
        self.standing.forget_answer()
        self.transcript.show_session(session)
        self.writing.show_session(session)

    # -- what is shown --

    def _show_state(self) -> None:
        session, mode = self.session, self.mode
        focused = QApplication.focusWidget()
        was_in_use = focused is None or focused is self.field or self.footer.isAncestorOf(focused)
        self.show_mode(mode, self.talk.question, is_private=session.is_private)
        if mode is Mode.DONE:
            self.footer.show_done(
                has_text=self.answer.has_text,
                can_continue=not session.is_private,
                cannot_paste=self._former.cannot_paste,
            )
        elif mode is Mode.ANSWERING:
            self.footer.show_busy(session.activity)
        if was_in_use and self.isVisible():
            self._focus()
        self._fit_soon()

    def _write(self, text: str) -> None:
        self.writing.fill(text, "")

    def _fit_soon(self) -> None:
        self._fit_timer.start()

    def _fit(self) -> None:
        mode = self.mode
        self.field.set_limit(round(self.standing.most_height * SHARE_OF_WINDOW))
        others = self.height_without_answer(mode)
        if mode is Mode.ASKING:
            self.standing.fit(others, 0)
        else:
            answer = max(LEAST_ANSWER, self.transcript.canvas.wanted_height)
            # Kept, so that the window doesn't grow for it.
            reserved = FOLLOW_UP_HEIGHT if mode is Mode.ANSWERING else 0
            self.standing.fit(others, answer, reserved)

    @property
    def _settings(self) -> QuickAskSettings:
        return self._preferences.quick_ask

    def _stay_on_top(self, is_on_top: bool) -> None:
        # Of the window alone: the widget would hide, and be made anew.
        handle = self.windowHandle()
        if handle is not None:
            handle.setFlag(Qt.WindowType.WindowStaysOnTopHint, is_on_top)

    # -- what happens --

    def _on_preferences(self, settings: Settings) -> None:
        quick = self._preferences.quick_ask
        self.field.set_send_key(settings.send_key)
        self.hints.show_key(self.tr("Enter") if settings.send_key is SendKey.ENTER else self.tr("Ctrl+Enter"))
        self.hints.show_actions(quick.actions)
        if not quick.offers_copied:
            self.hints.copied.offer("")
        if self.footer.pin.isChecked() != quick.is_pinned:
            self.footer.pin.setChecked(quick.is_pinned)

    def _on_pin_toggled(self, is_pinned: bool) -> None:
        self._preferences.set_quick_ask(self._settings._replace(is_pinned=is_pinned))
        self._stay_on_top(is_pinned)

    def _on_activity(self, activity: Activity) -> None:
        if self.mode is Mode.ANSWERING:
            self.footer.show_busy(activity)

    def _on_copied(self, text: str) -> None:
        if self.isVisible() and self._settings.offers_copied:
            self.hints.copied.offer(text)

    def _on_setup_asked(self) -> None:
        self.hide()
        self.setup_asked.emit()

    def _on_typing_began(self) -> None:
        load_soon()
        endpoint = self.session.endpoint()
        if endpoint is not None:
            self._connections.warm(endpoint.endpoint_id)

    def _on_model_chosen(self, endpoint_id: str, model: str) -> None:
        self.session.set_model(endpoint_id, model)
        self._focus()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange:
            self.coming.note_activation()
            if self.isActiveWindow():
                self.standing.note_arrival()

    def closeEvent(self, event: QCloseEvent) -> None:
        # Not refused: quitting closes every window first, and one that refuses keeps the app running.
        self.leave()
        super().closeEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.coming.note_end()
            self.talk.note_use()
            self._library.show_held(False)
            self.in_sight_changed.emit(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        round_corners(self, RADIUS)
        self.standing.take_size()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        handle = self.windowHandle()
        if event.button() is Qt.MouseButton.LeftButton and handle is not None:
            handle.startSystemMove()
