"""The main window: the chats beside the one that is open, and the commands on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from time import monotonic, time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from app.chat.connections import Connections
from app.chat.keys import Keys
from app.chat.library import Library
from app.chat.preferences import Preferences
from app.chat.session import ChatSession
from app.core.conversation import ConversationSummary
from app.core.errors import ChatError
from app.core.provider import DEMO_ENDPOINT, EndpointKind
from app.core.settings import MAX_TEXT_SIZE, MIN_TEXT_SIZE, Settings, WindowGeometry
from app.ui.actions import Actions, CommandId, add_menu_bar
from app.ui.body import Body
from app.ui.chat_page import ChatPage
from app.ui.notices import Notices
from app.ui.other_windows import OtherWindows
from app.ui.placement import MIN_SIZE, geometry_of, place
from app.ui.sidebar.sidebar import DEFAULT_WIDTH, Sidebar
from app.ui.theme import Theme
from app.ui.type_styles import NORMAL_TEXT_SIZE
from app.ui.widgets.label import one_line

if TYPE_CHECKING:
    from app.chat.autostart import Autostart
    from app.chat.hotkey import GlobalHotkey
    from app.chat.updates import Updates
    from app.core.fault_report import FaultReport
    from app.ui.welcome.page import WelcomePage

# What works while the welcome page is shown.
WITHOUT_CHATS = frozenset(
    {
        CommandId.SETTINGS,
        CommandId.SHORTCUTS,
        CommandId.GUIDE,
        CommandId.ABOUT,
        CommandId.QUIT,
        CommandId.TEXT_LARGER,
        CommandId.TEXT_SMALLER,
        CommandId.TEXT_NORMAL,
    }
)


class MainWindow(QMainWindow):
    """Shows the welcome page until an endpoint is set up, then the chats.

    `open_link` opens a web page that the person asked for.

    Signals: `quit_asked()`: by key or menu; `closed()`: the window was closed, its place is in the settings.
    """

    quit_asked = Signal()
    closed = Signal()

    def __init__(
        self,
        theme: Theme,
        library: Library,
        preferences: Preferences,
        connections: Connections,
        keys: Keys,
        open_link: Callable[[str], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._library = library
        self._preferences = preferences
        self._connections = connections
        self._keys = keys
        self._open_link = open_link
        self.others = OtherWindows(self, theme, connections, keys, preferences, open_link)
        self.setWindowTitle("Sirocco")
        geometry = preferences.current.geometry or WindowGeometry(sidebar_width=DEFAULT_WIDTH)
        self.sidebar = Sidebar(theme)
        self.page = ChatPage(theme, connections, preferences)
        self.body = Body(
            theme,
            self.sidebar,
            self.page,
            width=geometry.sidebar_width,
            is_hidden=geometry.sidebar_hidden,
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.body)
        self.setCentralWidget(self._stack)
        self.commands = Actions(self, self._handlers())
        add_menu_bar(self, self.commands)
        self._notices = Notices(self.page, library, keys, preferences, self)
        self._connect()
        self.setMinimumSize(*MIN_SIZE)
        place(self, preferences.current.geometry)
        self._show_chats()
        self._open_first()

    # -- what can be asked of it --

    def open_chat(self, conversation_id: str) -> None:
        """Show a stored chat."""
        if conversation_id:
            self.show_session(self._library.session(conversation_id))

    def new_chat(self) -> None:
        """Show a chat without messages, ready to be written in."""
        self.show_session(self._library.new_session())
        self.body.close_drawer()
        self.page.focus_composer()

    def show_session(self, session: ChatSession) -> None:
        """Show this chat; others go on as they were."""
        own = session.conversation_id
        if self.page.session is not session:
            self.page.show_session(session)
            self._library.show(own)
            self._show_chats()
            self.sidebar.chats.show_open(own)
            self._keep_shown()

    def open_setup(self) -> None:
        """Show what an endpoint is set up with: the welcome page while that is there, else the settings."""
        if self._stack.currentWidget() is self.body:
            self.open_settings()

    def open_settings(self) -> None:
        """Show the settings dialog."""
        self.others.open_settings()

    def use_hotkey(self, hotkey: GlobalHotkey) -> None:
        """Let the settings show the hotkey, which comes after the window."""
        self.others.use_hotkey(hotkey)

    def use_autostart(self, make: Callable[[], Autostart | None]) -> None:
        """Let the settings show whether the app starts with the session; `make` is called with the dialog."""
        self.others.use_autostart(make)

    def show_shortcuts(self) -> None:
        """Show the list of shortcuts."""
        self.others.show_shortcuts()

    def offer_report(self, report: FaultReport, note_seen: Callable[[], object]) -> None:
        """Offer to show what an earlier run left behind; `note_seen` is called once that is settled."""

        def show() -> None:
            note_seen()
            self.others.show_report(report.text)

        self._notices.offer_report(is_crash=report.is_crash, show=show, closed=note_seen)

    def say_of_network(self, problems: Sequence[str]) -> None:
        """Say what of the settings of proxies and certificates can't be used; nothing where all can."""
        self._notices.say_of_network(problems)

    def use_updates(self, updates: Updates) -> None:
        """Tell of newer versions; whoever has chats is asked, once, whether to look for them."""
        from app.ui.update_notices import UpdateNotices

        self.others.use_updates(updates)
        notices = UpdateNotices(updates, self.page.notices, self.others.show_release, self)
        if self._library.summaries and self._stack.currentWidget() is self.body:
            notices.ask()

    # -- building --

    def _handlers(self) -> dict[CommandId, Callable[[], object]]:
        return {
            CommandId.NEW_CHAT: self.new_chat,
            CommandId.PREVIOUS_CHAT: lambda: self.open_chat(self.sidebar.chats.neighbour(-1)),
            CommandId.NEXT_CHAT: lambda: self.open_chat(self.sidebar.chats.neighbour(1)),
            CommandId.RENAME_CHAT: self._rename,
            CommandId.DELETE_CHAT: self._delete_shown,
            CommandId.CHOOSE_MODEL: self.page.choose_model,
            CommandId.FIND: self.page.open_find,
            CommandId.FIND_NEXT: self.page.find_next,
            CommandId.FIND_PREVIOUS: self.page.find_previous,
            CommandId.TRY_AGAIN: self.page.try_last_again,
            CommandId.COPY_ANSWER: self.page.copy_last_answer,
            CommandId.JUMP_TO_LATEST: self.page.jump_to_latest,
            CommandId.CLOSE_OR_STOP: self._close_or_stop,
            CommandId.TOGGLE_SIDEBAR: self.body.toggle_sidebar,
            CommandId.NEXT_AREA: self._focus_next_area,
            CommandId.TEXT_LARGER: lambda: self._set_text_size(self._theme.text_size + 1),
            CommandId.TEXT_SMALLER: lambda: self._set_text_size(self._theme.text_size - 1),
            CommandId.TEXT_NORMAL: lambda: self._set_text_size(NORMAL_TEXT_SIZE),
            CommandId.SETTINGS: self.open_settings,
            CommandId.SHORTCUTS: self.show_shortcuts,
            CommandId.GUIDE: self.others.open_guide,
            CommandId.ABOUT: self.others.open_about,
            CommandId.QUIT: self.quit_asked.emit,
        }

    def _connect(self) -> None:
        library, sidebar, page = self._library, self.sidebar, self.page
        library.summaries_changed.connect(self._show_chats)
        library.busy_changed.connect(self._show_states)
        library.unread_changed.connect(self._show_states)
        library.conversation_deleted.connect(self._on_deleted)
        sidebar.new_chat_asked.connect(self.new_chat)
        sidebar.hide_asked.connect(self.body.toggle_sidebar)
        sidebar.settings_asked.connect(self.open_settings)
        sidebar.filter_changed.connect(self._show_chats)
        sidebar.chats.chosen.connect(self._on_chosen)
        sidebar.chats.delete_asked.connect(library.delete)
        sidebar.model.renamed.connect(library.rename)
        page.header.show_chats_asked.connect(self.body.toggle_sidebar)
        page.header.new_chat_asked.connect(self.new_chat)
        page.delete_asked.connect(self._delete_shown)
        page.zoom_asked.connect(lambda steps: self._set_text_size(self._theme.text_size + steps))
        page.setup_asked.connect(self.open_settings)
        page.shown_changed.connect(self._on_shown_changed)
        page.save_failed.connect(self._notices.say_not_saved)
        page.load_failed.connect(self._on_load_failed)
        page.link_activated.connect(self._open_link)
        self.body.room_changed.connect(self._on_room_changed)
        self._connections.status_changed.connect(self._show_endpoint)
        self._preferences.endpoints_changed.connect(self._show_endpoint)
        self._preferences.changed.connect(self._on_preferences)

    def _open_first(self) -> None:
        last = self._preferences.current.last_conversation_id
        self.show_session(self._library.session(last) if last else self._library.new_session())
        if self._preferences.default_endpoint() is None:
            self._show_welcome().focus_key()
        else:
            self.page.focus_composer()

    def _show_welcome(self) -> WelcomePage:
        from app.ui.welcome.page import WelcomePage

        page = WelcomePage(self._theme, self._connections, self._keys, self._preferences)
        page.finished.connect(self._on_welcome_finished)
        page.guide_asked.connect(self.others.open_guide)
        page.link_activated.connect(self._open_link)
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        self.commands.allow(WITHOUT_CHATS)
        self._on_shown_changed()
        return page

    def _on_welcome_finished(self, endpoint_id: str) -> None:
        welcome = self._stack.currentWidget()
        self._stack.setCurrentWidget(self.body)
        if welcome is not None and welcome is not self.body:
            self._stack.removeWidget(welcome)
            welcome.deleteLater()
        self.commands.allow(frozenset(CommandId))
        session = self.page.session
        answers_here = session.endpoint() if session is not None else None
        if endpoint_id == DEMO_ENDPOINT.endpoint_id:
            self._notices.offer_setup(lambda: self._show_welcome().focus_key())
        elif answers_here is not None and answers_here.kind is EndpointKind.DEMO:
            # A chat keeps to who has answered it; what is asked next is for whom the person has just set up.
            self.new_chat()
        self._on_shown_changed()
        self.page.focus_composer()

    # -- what is shown --

    def _show_chats(self) -> None:
        summaries, unsent_id = self._library.summaries, ""
        self.sidebar.offer_filter(any(one.is_quick for one in summaries))
        if self.sidebar.shows_quick_alone:
            summaries = tuple(one for one in summaries if one.is_quick)
        session = self.page.session
        is_listed = not self.sidebar.shows_quick_alone
        if session is not None and not session.is_stored and is_listed:
            unsent_id = session.conversation_id
            now = time()
            new = ConversationSummary(session.conversation_id, session.title, now, now)
            if all(one.conversation_id != new.conversation_id for one in summaries):
                summaries = (new, *summaries)
        self.sidebar.chats.show_chats(summaries, unsent_id)
        self._show_states()

        self._keep_shown()

    def _keep_shown(self) -> None:
        """The chat that is shown is the one that the next start begins with."""
        session = self.page.session
        if session is not None:
            own = session.conversation_id if session.is_stored else ""
            self._preferences.set(replace(self._preferences.current, last_conversation_id=own))

    def _show_states(self) -> None:
        self.sidebar.model.show_states(self._library.busy_ids, self._library.unread_ids)

    def _show_endpoint(self) -> None:
        session = self.page.session
        endpoint = session.endpoint() if session is not None else self._preferences.default_endpoint()
        if endpoint is not None:
            self.sidebar.badge.show_endpoint(endpoint, self._connections.status(endpoint.endpoint_id))

    def _on_shown_changed(self) -> None:
        session = self.page.session
        is_seen = self._stack.currentWidget() is self.body
        title = one_line(session.title) if session is not None and is_seen else ""
        # Qt takes "[*]" as the place of its own mark of a changed document.
        shown = title.replace("[*]", "[*][*]")
        self.setWindowTitle(f"{shown} — Sirocco" if shown else "Sirocco")
        self._show_endpoint()

    def _on_room_changed(self) -> None:
        self.page.header.set_room(has_sidebar=self.body.has_sidebar_beside, is_narrow=self.body.is_narrow)

    def _on_preferences(self, settings: Settings) -> None:
        self._theme.follow(settings)

    def _on_load_failed(self, error: ChatError) -> None:
        self._notices.say_not_saved(error)
        self.new_chat()

    def _on_chosen(self, conversation_id: str) -> None:
        session = self.page.session
        if session is None or session.conversation_id != conversation_id:
            self.open_chat(conversation_id)
        self.body.close_drawer()
        self.page.focus_composer()

    # -- commands --

    def _rename(self) -> None:
        if self.sidebar.chats.hasFocus():
            self.sidebar.chats.rename_current()
        else:
            self.page.header.rename()

    def _delete_shown(self) -> None:
        if self.page.session is not None:
            self._library.delete(self.page.session.conversation_id)

    def _on_deleted(self, conversation_id: str, _: str) -> None:
        session = self.page.session
        was_shown = session is not None and session.conversation_id == conversation_id
        if was_shown:
            self.show_session(self._library.new_session())

        def undo() -> None:
            if self._library.undo_delete(conversation_id) and was_shown:
                self.open_chat(conversation_id)

        self.page.toast.say(self.tr("Chat deleted"), self.tr("Undo"), undo)

    def _close_or_stop(self) -> None:
        session = self.page.session
        if self.body.is_drawer_open:
            self.body.close_drawer()
        elif self.page.is_finding:
            self.page.close_find()
        elif session is not None and session.is_busy:
            session.stop()
        else:
            self.page.focus_composer()

    def _focus_next_area(self) -> None:
        """Sidebar, transcript, composer, and round again; those that are shown."""
        page, here = self.page, self.focusWidget()
        areas: list[tuple[QWidget, Callable[[], object]]] = []
        if self.sidebar.isVisible():
            chats = self.sidebar.chats
            areas.append((self.sidebar, lambda: chats.setFocus(Qt.FocusReason.ShortcutFocusReason)))
        if (transcript := page.shown_transcript) is not None:
            areas.append((transcript, transcript.focus_transcript))
        areas.append((page.composer, page.focus_composer))
        at = next((at for at, (area, _) in enumerate(areas) if area is here or area.isAncestorOf(here)), -1)
        areas[(at + 1) % len(areas)][1]()

    def _set_text_size(self, size: int) -> None:
        size = min(max(size, MIN_TEXT_SIZE), MAX_TEXT_SIZE)
        self._preferences.set(replace(self._preferences.current, text_size=size))

    # -- the window's place --

    def shut_down(self, seconds: float) -> bool:
        """Join what works for the window within `seconds`; False where it was left behind."""
        end = monotonic() + seconds
        is_joined = self.page.shut_down(seconds)
        return self.others.shut_down(max(0.0, end - monotonic())) and is_joined

    def keep_geometry(self) -> None:
        """Write the window's place into the settings."""
        geometry = geometry_of(self, self.body.sidebar_width, self.body.is_sidebar_hidden)
        self._preferences.set(replace(self._preferences.current, geometry=geometry))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and self.isActiveWindow():
            session = self.page.session
            if session is not None:
                self._library.mark_read(session.conversation_id)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.keep_geometry()
        super().closeEvent(event)
        self.closed.emit()
