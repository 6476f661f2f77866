"""The tray, notifications, later starts and the session, put together around the windows."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QApplication

from app.chat.library import Library
from app.chat.preferences import Preferences
from app.desktop.activation import bring_to_front
from app.desktop.message_bus import MessageBus, session_bus_address, system_bus_address
from app.desktop.notifications import Notifications
from app.desktop.single_instance import InstanceServer
from app.desktop.sleep_watch import SleepWatch
from app.desktop.tray_watch import TrayWatch
from app.presence.attention import Attention
from app.presence.quick_window import QuickWindow
from app.presence.staying import Staying
from app.ui.main_window import MainWindow
from app.ui.placement import keep_in_sight
from app.ui.theme import Theme
from app.ui.tray import Tray, TrayState

# What answers and hotkeys are made of is loaded with the first of them, which a start does without.
if TYPE_CHECKING:
    from app.chat.hotkey import GlobalHotkey
    from app.core.completion import ReplyState
    from app.core.hotkey import HotkeyState

# ms that a start without a window waits for a tray, which at a session's start may come later than the app.
PATIENCE = 15_000

SCREENS_SETTLE = 500  # ms

_log = logging.getLogger(__name__)


class Presence(QObject):
    """Made and started once the window is painted; nothing of it is needed for that.

    `socket_path` is where later starts are heard; None: nowhere. `is_quitting` says whether a window that is
    closed is one because the app ends.

    Signals: `quit_asked()`: from anywhere but a window; `woke()`: the computer has been asleep.
    """

    quit_asked = Signal()
    woke = Signal()

    def __init__(
        self,
        theme: Theme,
        window: MainWindow,
        quick: QuickWindow,
        library: Library,
        preferences: Preferences,
        *,
        socket_path: Path | None,
        is_quitting: Callable[[], bool],
        environment: Mapping[str, str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._window = window
        self._quick = quick
        self._is_quick_in_sight = False
        self._library = library
        self._preferences = preferences
        self._environment = environment
        self.tray: Tray | None = None
        self._server = InstanceServer(socket_path, self) if socket_path is not None else None
        # Only Linux has such buses; the other systems' trays are always there, and tell of clicks themselves.
        has_bus = sys.platform == "linux"
        self._session_bus = MessageBus(session_bus_address(environment), self) if has_bus else None
        self._system_bus = MessageBus(system_bus_address(environment), self) if has_bus else None
        self.notifications = Notifications(self._session_bus, self) if self._session_bus is not None else None
        self.watch = TrayWatch(self._session_bus, self)
        self.attention = Attention(library, self._in_sight, self)
        self.staying = Staying(theme, window, preferences, lambda: self.watch.has_tray, is_quitting, self)
        self._connect()

    def _connect(self) -> None:
        if self._server is not None:
            self._server.show_asked.connect(self.show_window)
            self._server.ask_asked.connect(self.ask)
            self._server.quit_asked.connect(self.quit_asked)
        if self._system_bus is not None:
            SleepWatch(self._system_bus, self).woke.connect(self.woke)
        if self.notifications is not None:
            self.notifications.clicked.connect(self.show_chat)
            self.attention.seen.connect(self.notifications.withdraw)
        self.watch.appeared.connect(self._make_tray)
        self.attention.came.connect(self._notify)
        self.attention.changed.connect(self._show_state)
        self.staying.quit_asked.connect(self.quit_asked)
        self._library.summaries_changed.connect(self._show_chats)
        self._preferences.changed.connect(self._show_hotkey)
        self._window.page.shown_changed.connect(self.attention.look)
        self._quick.in_sight_changed.connect(self._on_quick_in_sight)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self._on_focus_changed)
            application.screenRemoved.connect(self._on_screen_removed)

    def start(self) -> None:
        """Be there for the desktop from now on."""
        # From here on it is `staying` that knows what a closed window means.
        QApplication.setQuitOnLastWindowClosed(False)
        if self._server is not None:
            self._server.listen()
        for bus in (self._session_bus, self._system_bus):
            if bus is not None:
                bus.open()
        self.watch.start()
        self._quick.start()

    def stop(self) -> None:
        """Be there no more; windows are left as they are."""
        if self._server is not None:
            self._server.close()
        if self.notifications is not None:
            self.notifications.withdraw_all()
        for bus in (self._session_bus, self._system_bus):
            if bus is not None:
                bus.close()
        self.watch.stop()
        self.attention.blockSignals(True)
        self._remove_tray()

    def show_unless_reachable(self, milliseconds: int = PATIENCE) -> None:
        """Show the window of an app that began without one, if nothing else turns up to reach it by."""
        QTimer.singleShot(
            milliseconds, self, lambda: None if self.staying.is_reachable else self.show_window()
        )

    # -- what the desktop asks for --

    def show_window(self, token: str = "") -> None:
        """Bring the main window to the front; `token` as in `bring_to_front`."""
        keep_in_sight(self._window)
        bring_to_front(self._window, token)

    def ask(self, text: str, token: str = "") -> None:
        """Bring Quick Ask up with `text` in it, which isn't sent; with none, send it away where it is."""
        if text:
            self._quick.show_with(text, token)
        else:
            self._quick.toggle(token)

    def show_chat(self, conversation_id: str, token: str = "") -> None:
        """Open this chat in the main window, where it is one still."""
        if any(one.conversation_id == conversation_id for one in self._library.summaries):
            self._window.open_chat(conversation_id)
        elif conversation_id == self._library.held_id:
            # A private talk is nowhere else.
            self._quick.show_with("", token)
            return
        self.show_window(token)

    def _new_chat(self) -> None:
        self._window.new_chat()
        self.show_window()

    def _show_settings(self) -> None:
        self.show_window()
        self._window.open_settings()

    # -- hotkey --

    def follow_hotkey(self, hotkey: GlobalHotkey) -> None:
        """Reckon with this hotkey from now on, and let the tray pause it."""
        hotkey.changed.connect(self._on_hotkey_changed)
        self._on_hotkey_changed(hotkey.state)

    def _on_hotkey_changed(self, state: HotkeyState) -> None:
        from app.core.hotkey import Standing

        self.staying.has_hotkey = state.standing is Standing.BOUND
        self._show_hotkey()

    def _show_hotkey(self) -> None:
        if self.tray is None:
            return
        is_paused = self._preferences.current.hotkey_paused
        self.tray.show_hotkey(is_paused if is_paused or self.staying.has_hotkey else None)

    def _pause_hotkey(self, is_paused: bool) -> None:
        self._preferences.set(replace(self._preferences.current, hotkey_paused=is_paused))

    # -- tray --

    def _make_tray(self) -> None:
        self._remove_tray()
        _log.info("there is a tray")
        tray = Tray(self._theme, self._environment.get("XDG_CURRENT_DESKTOP", ""), self)
        tray.pressed.connect(lambda: self.ask(""))
        tray.quick_ask_asked.connect(lambda: self.ask(""))
        tray.window_asked.connect(self.show_window)
        tray.new_chat_asked.connect(self._new_chat)
        tray.chat_asked.connect(self.show_chat)
        tray.settings_asked.connect(self._show_settings)
        tray.quit_asked.connect(self.quit_asked)
        self.tray = tray
        tray.hotkey_pause_asked.connect(self._pause_hotkey)
        self._show_chats()
        self._show_state()
        self._show_hotkey()

    def _remove_tray(self) -> None:
        if self.tray is not None:
            self.tray.remove()
            self.tray = None

    def _show_chats(self) -> None:
        if self.tray is not None:
            self.tray.show_chats(self._library.summaries)

    def _show_state(self) -> None:
        if self.tray is None:
            return
        if self._library.busy_ids:
            self.tray.show_state(TrayState.BUSY)
        else:
            self.tray.show_state(TrayState.ERROR if self.attention.failed_ids else TrayState.IDLE)

    # -- answers that nobody saw --

    def _in_sight(self) -> frozenset[str]:
        """The chats that the person looks at: the main window's while that has the keyboard, or a dialog of
        it, and Quick Ask's while that is up.
        """
        ids = {self._library.held_id} if self._is_quick_in_sight else set()
        focus: QWindow | None = QGuiApplication.focusWindow()
        session = self._window.page.session
        if focus is None or session is None:
            return frozenset(ids)
        is_main = self._window.windowHandle() in {focus, focus.transientParent()}
        return frozenset(ids | ({session.conversation_id} if is_main else set()))

    def _on_quick_in_sight(self, is_in_sight: bool) -> None:
        self._is_quick_in_sight = is_in_sight
        self.attention.look()

    def _on_focus_changed(self) -> None:
        self.attention.look()

    def _on_screen_removed(self) -> None:
        # Later: the window manager may have a place of its own for what stood there.
        QTimer.singleShot(SCREENS_SETTLE, self, lambda: keep_in_sight(self._window))

    def _notify(self, conversation_id: str, state: ReplyState) -> None:
        from app.core.completion import ReplyState

        title = next(
            (one.title for one in self._library.summaries if one.conversation_id == conversation_id), ""
        )
        # The title alone: notifications are shown on locked screens, and kept by some desktops.
        words = self.tr("The answer is ready.") if state is ReplyState.DONE else self.tr("The answer failed.")
        if self.notifications is not None:
            self.notifications.show(conversation_id, title or "Sirocco", words, self.tr("Open"))
        elif self.tray is not None:
            self.tray.say(conversation_id, title or "Sirocco", words)
