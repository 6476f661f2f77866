"""The transcript of one chat: its session's facts shown on the canvas, and what a person asks of it."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QPoint, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QClipboard,
    QGuiApplication,
    QKeySequence,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.chat.activity import Activity, ActivityKind
from app.chat.session import ChatSession
from app.core.completion import ReplyState
from app.core.conversation import Role, Turn
from app.markup.blocks import text_of
from app.ui.error_table import ErrorActionKind
from app.ui.error_text import error_text
from app.ui.theme import Theme
from app.ui.transcript.block_actions import add_to_menu
from app.ui.transcript.canvas import Canvas
from app.ui.transcript.clipboard import put_source, put_text
from app.ui.transcript.copying import Copying, copy_message, message_text
from app.ui.transcript.jump_pill import JumpPill
from app.ui.transcript.look import Look
from app.ui.transcript.pace import Pace
from app.ui.widgets.menu import Menu

if TYPE_CHECKING:
    from app.ui.transcript.transcript_find import TranscriptFind

PILL_ABOVE = 12  # px between the pill and the lower edge
MENU_LINKS = 10
CLOCK = 250  # ms between two looks at how long it has been


class TranscriptView(QWidget):
    """Shows one session at a time.

    Signals: `try_again_requested(turn_id)`; `retry_now_requested()`; `stop_requested()`;
    `open_settings_requested()`; `choose_model_requested()`; `link_activated(str)`: untrusted, for
    `open_link` alone; `composer_focus_requested()`; `zoom_requested(steps)`: larger is positive;
    `announced(str)`: a screen reader was told this.
    """

    try_again_requested = Signal(str)
    retry_now_requested = Signal()
    stop_requested = Signal()
    open_settings_requested = Signal()
    choose_model_requested = Signal()
    link_activated = Signal(str)
    composer_focus_requested = Signal()
    zoom_requested = Signal(int)
    announced = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None, look: Look = Look.PAGE) -> None:
        super().__init__(parent)
        self._theme = theme
        self._look = look
        self._session: ChatSession | None = None
        self.canvas = Canvas(theme, self, look)
        self.pill = JumpPill(theme, self)
        self._pace = Pace(self.canvas.change_turn, self)
        self.copying = Copying(QClipboard.Mode.Clipboard, self)
        self._offering = Copying(QClipboard.Mode.Selection, self)
        self._clock = QTimer(self)
        self._clock.setInterval(CLOCK)
        self._clock.timeout.connect(self._on_clock)
        self.canvas.scrolling.cover = self.pill
        self.pill.clicked.connect(self.jump_to_latest)
        self.canvas.scrolling.following_changed.connect(self._place_pill)
        self.canvas.verticalScrollBar().rangeChanged.connect(self._place_pill)
        self.canvas.try_again_requested.connect(self._on_try_again)
        self.canvas.copy_requested.connect(self._on_copy)
        self.canvas.menu_requested.connect(self._on_menu)
        self.canvas.selecting.copy_requested.connect(self.copy_selection)
        self.canvas.selecting.selected.connect(self._on_selected)
        self.canvas.card_action.connect(self._on_card_action)
        self.canvas.link_activated.connect(self.link_activated)
        self.canvas.left.connect(self.composer_focus_requested)
        self.canvas.scrolling.zoom_requested.connect(self.zoom_requested)
        theme.changed.connect(self.pill.show_theme)

    @cached_property
    def finder(self) -> TranscriptFind:
        """What finds words in the transcript; most chats are read without."""
        from app.ui.transcript.transcript_find import TranscriptFind

        return TranscriptFind(self.canvas, self._theme)

    # -- what is shown ------------------------------------------------------------------------------------

    @property
    def session(self) -> ChatSession | None:
        """Whose turns are shown."""
        return self._session

    def show_session(self, session: ChatSession | None) -> None:
        """Show another chat, or none."""
        if session is self._session:
            return
        old, self._session = self._session, session
        if old is not None:
            old.loaded.disconnect(self._on_loaded)
            old.message_added.disconnect(self._on_message_added)
            old.reply_changed.disconnect(self._on_reply_changed)
            old.message_changed.disconnect(self._on_message_changed)
            old.messages_reset.disconnect(self._on_messages_reset)
            old.activity_changed.disconnect(self._on_activity_changed)
        self._pace.drop()
        if session is not None:
            session.loaded.connect(self._on_loaded)
            session.message_added.connect(self._on_message_added)
            session.reply_changed.connect(self._on_reply_changed)
            session.message_changed.connect(self._on_message_changed)
            session.messages_reset.connect(self._on_messages_reset)
            session.activity_changed.connect(self._on_activity_changed)
        self.canvas.show_turns(self._turns())
        self._show_activity()

    def focus_transcript(self) -> None:
        """Give the last message on the screen the keyboard's focus."""
        if self.canvas.turns:
            row = self.canvas.focused_row()
            self.canvas.focus_row(self.canvas.last_visible_row() if row is None else row)

    def selected_line(self) -> str:
        """The selected words, if they stand within one line."""
        part = self.canvas.selecting.selection.part
        if part is None or part.first_row != part.last_row:
            return ""
        words = "".join(map(text_of, self.canvas.selecting.texts())).strip()
        return "" if "\n" in words else words

    def jump_to_latest(self) -> None:
        """Go to the end and stay there."""
        self.canvas.scrolling.jump_to_latest()

    def copy_selection(self) -> None:
        """Put what is selected on the clipboard, plain and as HTML."""
        if not self.canvas.selecting.selection.is_empty:
            self.copying.start(self.canvas.selecting.texts())

    def copy_last_answer(self) -> bool:
        """Put the newest answer on the clipboard; False where there is none."""
        for turn in reversed(self.canvas.turns):
            if turn.role is Role.ASSISTANT and turn.text.strip():
                self._on_copy(turn.turn_id)
                return True
        return False

    # -- the session's facts ------------------------------------------------------------------------------

    def _on_loaded(self) -> None:
        if self._session is not None:
            self.canvas.show_turns(self._turns())
            self._show_activity()

    def _on_message_added(self, turn: Turn) -> None:
        self._pace.drop()
        if self._is_shown(turn):
            self.canvas.add_turn(turn)
        self._show_activity()

    def _on_reply_changed(self, turn: Turn) -> None:
        self._pace.take(turn)

    def _on_message_changed(self, turn: Turn) -> None:
        self._pace.end(turn)
        self._show_activity()
        if turn.state is not ReplyState.RUNNING and turn.role is Role.ASSISTANT:
            self._announce(self._words_for_end(turn))

    def _on_messages_reset(self) -> None:
        if self._session is not None:
            self._pace.drop()
            self.canvas.replace_turns(self._turns())
            self._show_activity()

    def _on_activity_changed(self, activity: Activity) -> None:
        self._show_activity()
        if activity.kind is ActivityKind.RETRYING and activity.error is not None:
            shown = error_text(activity.error, 0.0)
            self._announce(f"{shown.title}. {shown.text}")

    def _on_clock(self) -> None:
        if self._session is not None:
            self.canvas.show_activity(self._session.activity)

    def _show_activity(self) -> None:
        activity = self._session.activity if self._session is not None else None
        is_live = activity is not None and activity.kind is not ActivityKind.IDLE
        self.canvas.show_activity(activity if is_live else None)
        if is_live:
            self._clock.start()
        else:
            self._clock.stop()
        self._place_pill()

    # -- what a person asks -------------------------------------------------------------------------------

    def _turns(self) -> tuple[Turn, ...]:
        path = self._session.path if self._session is not None else ()
        return tuple(turn for turn in path if self._is_shown(turn))

    def _is_shown(self, turn: Turn) -> bool:
        return self._look is Look.PAGE or turn.parent_id is not None

    def _turn(self, turn_id: str) -> Turn | None:
        return next((turn for turn in self.canvas.turns if turn.turn_id == turn_id), None)

    def _on_copy(self, turn_id: str) -> None:
        turn = self._turn(turn_id)
        if turn is not None:
            copy_message(turn)

    def _on_selected(self) -> None:
        # What is selected is what the middle button pastes, where there is such a thing.
        if QGuiApplication.clipboard().supportsSelection():
            self._offering.start(self.canvas.selecting.texts())

    def _on_try_again(self, turn_id: str) -> None:
        turn = self._turn(turn_id)
        if turn is not None and turn.role is Role.ASSISTANT and turn.state is not ReplyState.RUNNING:
            self.try_again_requested.emit(turn_id)

    def _on_menu(self, turn_id: str, at: QPoint) -> None:
        turn = self._turn(turn_id)
        if turn is None:
            return
        # The menu holds what it acts on: the message under it may leave the screen while it is open.
        menu = Menu(self._theme, self)
        if not self.canvas.selecting.selection.is_empty:
            texts = self.canvas.selecting.texts()
            copy_keys = QKeySequence(QKeySequence.StandardKey.Copy)
            menu.add(self.tr("Copy"), lambda: self.copying.start(texts), icon="copy", keys=copy_keys)
        add_to_menu(menu, self.canvas.block_actions(at))
        if turn.text.strip():
            menu.add(self.tr("Copy message"), lambda: copy_message(turn), icon="copy")
            if turn.role is Role.ASSISTANT:
                menu.add(self.tr("Copy as Markdown"), lambda: put_source(turn.text), icon="code")
            menu.add(self.tr("Copy as plain text"), lambda: put_text(message_text(turn)), icon="copy")
            menu.addSeparator()
            menu.add(self.tr("Select message"), lambda: self._select(turn_id), icon="check")
        if turn.role is Role.ASSISTANT and turn.state is not ReplyState.RUNNING:
            menu.addSeparator()
            menu.add(self.tr("Try again"), lambda: self._on_try_again(turn_id), icon="retry")
        self._add_links(menu, turn_id)
        menu.open_at(at)

    def _select(self, turn_id: str) -> None:
        rows = [row for row, turn in enumerate(self.canvas.turns) if turn.turn_id == turn_id]
        if rows:
            self.canvas.selecting.select_row(rows[0])

    def _add_links(self, menu: Menu, turn_id: str) -> None:
        """Whoever can't reach a link with the pointer finds it here."""
        links = self.canvas.links_of(turn_id)[:MENU_LINKS]
        if links:
            menu.addSeparator()
        for link in links:
            text = self.tr("Open link: {link}").format(link=link.shown)
            menu.add(text, partial(self.link_activated.emit, link.address), icon="external")

    def _on_card_action(self, kind: ErrorActionKind, turn_id: str) -> None:
        match kind:
            case ErrorActionKind.OPEN_SETTINGS:
                self.open_settings_requested.emit()
            case ErrorActionKind.CHOOSE_MODEL:
                self.choose_model_requested.emit()
            case ErrorActionKind.TRY_AGAIN:
                self._on_try_again(turn_id)
            case ErrorActionKind.RETRY_NOW:
                self.retry_now_requested.emit()
            case ErrorActionKind.CANCEL:
                self.stop_requested.emit()
            case ErrorActionKind.DETAILS:
                pass  # the card's own

    # -- assistive technology -----------------------------------------------------------------------------

    def _words_for_end(self, turn: Turn) -> str:
        reply = turn.reply
        if reply is not None and reply.error is not None:
            shown = error_text(reply.error)
            first = next((action.label for action in shown.actions), "")
            return f"{shown.title}. {first}"
        match turn.state:
            case ReplyState.STOPPED:
                return self.tr("Answer stopped")
            case ReplyState.INTERRUPTED:
                return self.tr("Answer interrupted")
            case _:
                tokens = reply.usage.completion_tokens if reply and reply.usage else None
                if tokens is None:
                    return self.tr("Answer ready")
                return self.tr("Answer ready, {count} tokens").format(count=QLocale().toString(tokens))

    def _announce(self, words: str) -> None:
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.canvas.viewport(), words))
        self.announced.emit(words)

    # -- where the pill stands ----------------------------------------------------------------------------

    def _place_pill(self) -> None:
        is_shown = not self.canvas.scrolling.follows and self.canvas.verticalScrollBar().maximum() > 0
        if is_shown != self.pill.isVisibleTo(self):
            self.pill.setVisible(is_shown)
            if is_shown:
                self.pill.raise_()
        self.pill.set_live(is_live=self._clock.isActive())
        if not is_shown:
            return
        hint = self.pill.sizeHint()
        x = (self.width() - hint.width()) // 2
        self.pill.setGeometry(x, self.height() - hint.height() - PILL_ABOVE, hint.width(), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.canvas.resize(self.size())
        self._place_pill()

    def wheelEvent(self, event: QWheelEvent) -> None:
        # It was turned over the pill.
        self.canvas.wheelEvent(event)
