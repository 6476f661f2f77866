"""The small window: a question in one line, its answer below, and back to where the person was."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from enum import Enum

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import (
    QCloseEvent,
    QGuiApplication,
    QHideEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
    QScreen,
    QShortcut,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from app.chat.activity import Activity
from app.chat.connections import Connections
from app.chat.library import Library
from app.chat.preferences import Preferences
from app.chat.session import ChatSession
from app.core.conversation import Role
from app.core.quick_ask import QuickAskSettings, QuickSize
from app.core.settings import SendKey, Settings
from app.ui.composer.message_field import MessageField
from app.ui.composer.model_picker import ModelPicker
from app.ui.composer.outbox import Outbox
from app.ui.composer.queue_row import ChipText, QueueRow
from app.ui.composer.writing import Writing
from app.ui.quick_ask import placing
from app.ui.quick_ask.footer import Footer
from app.ui.quick_ask.former import FormerWindow
from app.ui.quick_ask.parts import KeyHint, Mark, Question
from app.ui.theme import Theme
from app.ui.transcript.look import Look
from app.ui.transcript.view import TranscriptView
from app.ui.widgets.buttons import Kind, Size
from app.ui.widgets.menu import Menu, round_corners, round_popup
from app.ui.widgets.panel import Panel, Surface

RADIUS = 14
LEAST_ANSWER = 52  # px
FOLLOW_UP = 45  # px that are kept for the line below the answer, so that the window doesn't grow for it


class Mode(Enum):
    """What the window is about: a question, an answer on its way, or one that has ended."""

    ASKING = "asking"
    ANSWERING = "answering"
    DONE = "done"


class QuickAsk(Panel):
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
        bring_to_front: Callable[[QWidget, str], object],
        now: Callable[[], float] = time.time,
    ) -> None:
        """`bring_to_front` shows a window and gives it the keyboard with the desktop's permission."""
        super().__init__(theme, fill="bg.surface", line="line.field", radius=RADIUS)
        self._library = library
        self._preferences = preferences
        self._connections = connections
        self._former = former
        self._now = now
        self._bring_to_front = bring_to_front
        self._session: ChatSession | None = None
        self._links: list[tuple[SignalInstance, object]] = []
        self._asked = ""
        self._used_at = 0.0
        self._answer_height = 0
        self._screen: QScreen | None = None
        self._fit_timer = QTimer(self)
        self._fit_timer.setSingleShot(True)
        self._fit_timer.setInterval(0)
        self._fit_timer.timeout.connect(self._fit)
        self.field = MessageField(theme, style="ask")
        self.model_chip = ChipText(theme, "", kind=Kind.SECONDARY, size=Size.SMALL)
        self.queue_row = QueueRow(theme)
        self.writing = Writing(outbox, self.field, self.model_chip, self.queue_row, self)
        self.question = Question(theme)
        self.transcript = TranscriptView(theme, look=Look.ANSWERS)
        self.footer = Footer(theme)
        self._picker: ModelPicker | None = None
        self._set_up_window()
        self._build()
        self._connect()
        self._watch_screens()
        self._on_preferences(preferences.current)
        self._take(library.new_quick_session())

    def _set_up_window(self) -> None:
        self.setWindowFlags(Qt.WindowType.Tool)
        round_popup(self)
        self.setWindowTitle(self.tr("Quick Ask"))
        self.setAccessibleName(self.tr("Quick Ask"))
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setAttribute(Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow)
        self.resize(placing.width_on(QGuiApplication.primaryScreen().availableGeometry(), self._size()), 102)

    def _build(self) -> None:
        self.field.setAccessibleName(self.tr("Ask"))
        self._head = QHBoxLayout()
        self._head.setContentsMargins(17, 15, 11, 16)
        self._head.setSpacing(12)
        self._ask_line = QVBoxLayout()  # as high as the chip beside it, where it is one line
        self._ask_line.setContentsMargins(0, 2, 0, 2)
        self._ask_line.addWidget(self.field)
        self._ask_line.addWidget(self.question)
        mark = QVBoxLayout()
        mark.setContentsMargins(0, 3, 0, 0)
        mark.addWidget(Mark(self._theme), 0, Qt.AlignmentFlag.AlignTop)
        self._head.addLayout(mark)
        self._head.addLayout(self._ask_line, 1)
        self._head.addWidget(self.model_chip, 0, Qt.AlignmentFlag.AlignTop)
        self._follow_up = QVBoxLayout()
        self._hints = QWidget()
        self._ask_hint = KeyHint(self._theme, self.tr("Ask"))
        self._close_hint = KeyHint(self._theme, self.tr("Close"))
        self._close_hint.show_key(
            QKeySequence(Qt.Key.Key_Escape).toString(QKeySequence.SequenceFormat.NativeText)
        )
        hints = QHBoxLayout(self._hints)
        hints.setContentsMargins(17, 6, 9, 7)
        hints.setSpacing(14)
        hints.addStretch(1)
        hints.addWidget(self._ask_hint)
        hints.addWidget(self._close_hint)
        self._lines = [Surface(self._theme, "line.hair") for _ in range(3)]
        for line in self._lines:
            line.setFixedHeight(1)
        under_head, over_field, over_footer = self._lines
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addLayout(self._head)
        layout.addWidget(under_head)
        layout.addWidget(self.transcript, 1)
        layout.addWidget(over_field)
        layout.addWidget(self.queue_row)
        layout.addLayout(self._follow_up)
        layout.addWidget(over_footer)
        layout.addWidget(self._hints)
        layout.addWidget(self.footer)
        self.queue_row.setContentsMargins(17, 8, 17, 0)
        self.transcript.setMinimumHeight(LEAST_ANSWER)

    def _connect(self) -> None:
        field, writing, footer, transcript = self.field, self.writing, self.footer, self.transcript
        field.send_asked.connect(self.ask)
        field.document().documentLayout().documentSizeChanged.connect(self._fit_soon)
        writing.model_asked.connect(self.choose_model)
        writing.setup_asked.connect(self._on_setup_asked)
        writing.typing_began.connect(self._on_typing_began)
        writing.state_changed.connect(self._show_state)
        self._ask_hint.clicked.connect(self.ask)
        self._close_hint.clicked.connect(self.leave)
        footer.stop_asked.connect(writing.stop)
        footer.copy_asked.connect(self.copy_answer)
        footer.continue_asked.connect(self.go_on_in_main_window)
        footer.retry_asked.connect(self.try_again)
        footer.pin_toggled.connect(self._on_pin_toggled)
        footer.more_asked.connect(self._show_more)
        footer.close_asked.connect(self.leave)
        transcript.try_again_requested.connect(self._on_try_again)
        transcript.open_settings_requested.connect(self._on_setup_asked)
        transcript.choose_model_requested.connect(self.choose_model)
        transcript.retry_now_requested.connect(self._on_retry_now)
        transcript.stop_requested.connect(writing.stop)
        transcript.link_activated.connect(self.link_activated)
        transcript.composer_focus_requested.connect(self.step_back)
        transcript.canvas.placed.connect(self._fit_soon)
        transcript.canvas.turn_changed.connect(lambda _row: self._fit_soon())
        self._theme.changed.connect(self._fit_soon)
        self._preferences.changed.connect(self._on_preferences)
        for keys, do in (
            ("Esc", self.step_back),
            ("Ctrl+N", self.new_talk),
            ("Ctrl+M", self.choose_model),
            ("Ctrl+P", footer.pin.toggle),
            ("Ctrl+R", self.try_again),
            ("Ctrl+Shift+C", self.copy_answer),
            ("Ctrl+O", self.go_on_in_main_window),
            ("Ctrl+Return", self._on_control_enter),
            ("Ctrl+Enter", self._on_control_enter),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(do)

    # -- what can be asked of it --

    def get_ready(self) -> None:
        """Do all that can be done before it is shown, so that it comes up at once."""
        self._place()
        self.winId()
        self._stay_on_top(self._settings.is_pinned)

    def toggle(self, activation_token: str = "") -> None:
        """Come up; come forward where another window has the keyboard; else go away.

        `activation_token` is what the desktop gave with the key or the click that asked for it.
        """
        if not self.isVisible():
            self._open(activation_token)
        elif not self.isActiveWindow():
            self._come_forward(activation_token)
        else:
            self.leave()

    def show_with(self, text: str, activation_token: str = "") -> None:
        """Come up with `text` written in; it isn't sent."""
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
        if self.isActiveWindow():
            self._former.give_back()
        self.hide()

    def step_back(self) -> None:
        """Stop the answer, else clear what is written, else go away."""
        if self.field.is_composing:
            return
        if self.mode is Mode.ANSWERING:
            self.writing.stop()
        elif self.field.text:
            self.field.clear_text()
        else:
            self.leave()

    def ask(self) -> None:
        """Send what is written."""
        text = self.field.text
        if text.strip() and self.mode is not Mode.ANSWERING:
            self._asked = text.strip()
            self.writing.send_text(text)

    def new_talk(self) -> None:
        """Begin anew; the talk before is kept among the chats, and goes on if it is being answered."""
        self._take(self._library.new_quick_session())
        self._focus()

    def try_again(self) -> None:
        """Ask anew for the last answer."""
        path = self._session.path if self._session is not None else ()
        last = next((turn for turn in reversed(path) if turn.role is Role.ASSISTANT), None)
        if last is not None:
            self._on_try_again(last.turn_id)

    def copy_answer(self) -> None:
        """Put the last answer on the clipboard."""
        self.transcript.copy_last_answer()

    def go_on_in_main_window(self) -> None:
        """Let the main window show this talk, which isn't interrupted by it, and go away."""
        session = self._session
        if session is None or self.mode is Mode.ASKING or session.is_private:
            return
        self._take(self._library.new_quick_session())
        self.hide()
        self.continue_asked.emit(session.conversation_id)

    def choose_model(self) -> None:
        """Open the list of models at their chip."""
        session = self._session
        if session is None or not self.isVisible():
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

    @property
    def session(self) -> ChatSession | None:
        """The talk that is shown."""
        return self._session

    @property
    def mode(self) -> Mode:
        """What the window is about right now."""
        session = self._session
        if session is None:
            return Mode.ASKING
        if session.is_busy:
            return Mode.ANSWERING
        return Mode.DONE if session.path else Mode.ASKING

    # -- coming and going --

    def _open(self, activation_token: str) -> None:
        self._former.remember()
        self._begin_or_go_on()
        self.get_ready()
        self._come_forward(activation_token)
        self._library.show_held(True)
        self.in_sight_changed.emit(True)

    def _come_forward(self, activation_token: str) -> None:
        if self.isVisible():
            # Whoever is in front now is who the person comes from.
            self._former.remember()
        self._bring_to_front(self, activation_token)
        self._focus()

    def _begin_or_go_on(self) -> None:
        """Go on with the last talk, unless it is long ago."""
        minutes = self._settings.minutes
        is_old = self.mode is Mode.DONE and self._now() - self._used_at > minutes * 60
        if is_old and not self.field.text.strip():
            self._take(self._library.new_quick_session())

    def _focus(self) -> None:
        target = self.footer.stop if self.mode is Mode.ANSWERING else self.field
        target.setFocus(Qt.FocusReason.ActiveWindowFocusReason)

    def _on_left(self) -> None:
        """Another window has the keyboard."""
        is_ours = self.isActiveWindow() or QApplication.activePopupWidget() is not None
        if is_ours or not self.isVisible() or self._settings.is_pinned or not self._settings.hides:
            return
        if self.mode is not Mode.ANSWERING and not self.field.text.strip():
            self.hide()

    # -- which talk --

    def _take(self, session: ChatSession) -> None:
        for signal, slot in self._links:
            signal.disconnect(slot)
        self._session = session
        self._asked = ""
        self._answer_height = 0
        self._apply_settings()
        self._links = [
            (session.busy_changed, self._on_busy_changed),
            (session.activity_changed, self._on_activity),
            (session.message_added, self._show_state),
            (session.messages_reset, self._show_state),
            (session.loaded, self._show_state),
        ]
        for signal, slot in self._links:
            signal.connect(slot)
        self.transcript.show_session(session)
        self.writing.show_session(session)
        self._library.hold(session.conversation_id)
        self._show_state()

    def _apply_settings(self) -> None:
        """A talk that hasn't begun has the model and the system prompt of the settings."""
        session, settings = self._session, self._settings
        if session is None or self.mode is not Mode.ASKING:
            return
        session.set_system_prompt(settings.system_prompt)
        if settings.model and self._preferences.endpoint(settings.endpoint_id) is not None:
            session.set_model(settings.endpoint_id, settings.model)

    def _on_busy_changed(self) -> None:
        self._used_at = self._now()
        self._show_state()

    def _on_activity(self, activity: Activity) -> None:
        if self.mode is Mode.ANSWERING:
            self.footer.show_busy(activity)

    # -- what is shown --

    def _show_state(self) -> None:
        session, mode = self._session, self.mode
        if session is None:
            return
        is_asking, is_done = mode is Mode.ASKING, mode is Mode.DONE
        _, over_field, over_footer = self._lines
        focused = QApplication.focusWidget()
        was_in_use = focused is None or focused is self.field or self.footer.isAncestorOf(focused)
        self._put_field(is_asking)
        self.question.setVisible(not is_asking)
        if not is_asking:
            self.question.show_text(session.path[0].text if session.path else self._asked)
        self.transcript.setVisible(not is_asking)
        over_field.setVisible(is_done)
        over_footer.setVisible(not is_asking)
        self._hints.setVisible(is_asking)
        self.footer.setVisible(not is_asking)
        self.field.setVisible(mode is not Mode.ANSWERING)
        if is_done:
            last = session.path[-1]
            self.footer.show_done(
                has_text=last.role is Role.ASSISTANT and bool(last.text.strip()),
                can_continue=not session.is_private,
            )
        elif mode is Mode.ANSWERING:
            self.footer.show_busy(session.activity)
        if was_in_use and self.isVisible():
            self._focus()
        self._fit_soon()

    def _put_field(self, is_asking: bool) -> None:
        """In the first line for a question, below the answer for the next one."""
        here, there = self._ask_line, self._follow_up
        if not is_asking:
            here, there = there, here
        if here.indexOf(self.field) < 0:
            # Both lines are the window's own, so that the keyboard stays in the field.
            there.removeWidget(self.field)
            here.insertWidget(0, self.field)
        if self.mode is Mode.DONE:
            self._follow_up.setContentsMargins(17, 10, 17, 9)
        else:
            self._follow_up.setContentsMargins(0, 0, 0, 0)
        self.field.set_style("ask" if is_asking else "body")
        self.field.show_placeholder(self.tr("Ask anything") if is_asking else self.tr("Ask a follow-up"))

    def _show_more(self) -> None:
        menu = Menu(self._theme, self)
        menu.add(self.tr("New question"), self.new_talk, icon="new-chat", keys=QKeySequence("Ctrl+N"))
        more = self.footer.more
        menu.open_at(more.mapToGlobal(more.rect().bottomLeft()))

    # -- where it stands --

    @property
    def _settings(self) -> QuickAskSettings:
        return self._preferences.current.quick_ask

    def _size(self) -> QuickSize:
        screen = self._screen or QGuiApplication.primaryScreen()
        return self._settings.size(placing.screen_name(screen))

    def _place(self) -> None:
        """Stand on the screen that is wanted, as large as there."""
        screen = placing.wanted_screen(self._settings.follows_pointer)
        self._screen = screen
        room = screen.availableGeometry()
        width = placing.width_on(room, self._size())
        self._answer_height = 0
        self.resize(width, self.height())
        self.move(placing.first_corner(room, width))
        self._fit()

    def _fit(self) -> None:
        """Be as high as what there is to see; never less high within a talk, and never out of sight."""
        screen = self._screen
        if screen is None:
            return
        room = screen.availableGeometry()
        others = self._height_without_answer()
        if self.mode is Mode.ASKING:
            height = others
        else:
            most = placing.most_height(room, self._size())
            wanted = max(LEAST_ANSWER, self.transcript.canvas.wanted_height)
            if self.mode is Mode.ANSWERING:
                most -= FOLLOW_UP
            self._answer_height = min(max(self._answer_height, wanted), most - others)
            height = others + self._answer_height
        rect = self.geometry()
        rect.setSize(QSize(placing.width_on(room, self._size()), height))
        rect = placing.clamped(rect, room)
        if rect != self.geometry():
            self.setGeometry(rect)

    def _fit_soon(self) -> None:
        self._fit_timer.start()

    def _height_without_answer(self) -> int:
        layout = self.layout()
        if layout is None:
            return self.height()
        layout.invalidate()
        total = layout.totalMinimumSize().height()
        return total - (0 if self.mode is Mode.ASKING else LEAST_ANSWER)

    def _watch_screens(self) -> None:
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenRemoved.connect(self._on_screens_changed)
            application.screenAdded.connect(self._watch_screen)
        for screen in QGuiApplication.screens():
            self._watch_screen(screen)

    def _watch_screen(self, screen: QScreen) -> None:
        screen.availableGeometryChanged.connect(self._on_screens_changed)
        screen.logicalDotsPerInchChanged.connect(self._on_screens_changed)

    def _on_screens_changed(self) -> None:
        if self._screen not in QGuiApplication.screens():
            self._screen = None
        if not self.isVisible():
            return
        if self._screen is None:
            self._place()
        else:
            self._fit()

    # -- what happens --

    def _on_preferences(self, settings: Settings) -> None:
        self.field.set_send_key(settings.send_key)
        enter = self.tr("Enter") if settings.send_key is SendKey.ENTER else self.tr("Ctrl+Enter")
        self._ask_hint.show_key(enter)
        if self.footer.pin.isChecked() != settings.quick_ask.is_pinned:
            self.footer.pin.setChecked(settings.quick_ask.is_pinned)
        self._apply_settings()

    def _on_pin_toggled(self, is_pinned: bool) -> None:
        settings = self._preferences.current
        self._preferences.set(replace(settings, quick_ask=settings.quick_ask._replace(is_pinned=is_pinned)))
        self._stay_on_top(is_pinned)

    def _stay_on_top(self, is_on_top: bool) -> None:
        # On the window alone: the widget would hide, and be made anew.
        handle = self.windowHandle()
        if handle is not None:
            handle.setFlag(Qt.WindowType.WindowStaysOnTopHint, is_on_top)

    def _on_control_enter(self) -> None:
        sends = self._preferences.current.send_key is SendKey.CTRL_ENTER
        if sends and self.field.hasFocus() and self.field.text.strip():
            self.ask()
        else:
            self.go_on_in_main_window()

    def _on_setup_asked(self) -> None:
        self.hide()
        self.setup_asked.emit()

    def _on_typing_began(self) -> None:
        endpoint = self._session.endpoint() if self._session is not None else None
        if endpoint is not None:
            self._connections.warm(endpoint.endpoint_id)

    def _on_model_chosen(self, endpoint_id: str, model: str) -> None:
        if self._session is not None:
            self._session.set_model(endpoint_id, model)
        self._focus()

    def _on_try_again(self, turn_id: str) -> None:
        if self._session is not None:
            self._session.try_again(turn_id)

    def _on_retry_now(self) -> None:
        if self._session is not None:
            self._session.retry_now()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and not self.isActiveWindow():
            # Not at once: the keyboard may be on its way to a menu of this window.
            QTimer.singleShot(0, self, self._on_left)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.leave()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self._used_at = self._now()
            self._library.show_held(False)
            self.in_sight_changed.emit(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        round_corners(self, RADIUS)
        self.field.set_limit(self.height() // 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        handle = self.windowHandle()
        if event.button() is Qt.MouseButton.LeftButton and handle is not None:
            handle.startSystemMove()
