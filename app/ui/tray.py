"""The icon in the desktop's tray, with its menu."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import QElapsedTimer, QObject, QSettings, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QResizeEvent
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon
from shiboken6 import delete

from app.core.conversation import ConversationSummary
from app.ui.actions import CommandId, command
from app.ui.theme import Theme
from app.ui.widgets.label import one_line
from app.ui.widgets.menu import RADIUS, round_corners, round_popup

RECENT = 5
MAX_TITLE = 48  # characters
SIZES = (16, 22, 24, 32, 44, 48, 64)  # px; panels ask for what they need
WINDOWS_THEME = r"HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"
# Their panel is dark, whatever the colours of windows are.
DARK_PANELS = frozenset({"GNOME", "Unity", "ubuntu"})


class TrayState(StrEnum):
    """What the icon says: nothing in particular, an answer is being written, one needs attention."""

    IDLE = "idle"
    BUSY = "busy"
    ERROR = "error"


class Tray(QObject):
    """To be made only while there is a tray, and anew each time that one appears.

    Signals: `pressed()`: by the usual click; `quick_ask_asked()`; `window_asked()`; `new_chat_asked()`;
    `chat_asked(conversation_id)`; `hotkey_pause_asked(bool)`; `settings_asked()`; `quit_asked()`.
    """

    pressed = Signal()
    quick_ask_asked = Signal()
    window_asked = Signal()
    new_chat_asked = Signal()
    chat_asked = Signal(str)
    hotkey_pause_asked = Signal(bool)
    settings_asked = Signal()
    quit_asked = Signal()

    def __init__(self, theme: Theme, desktop: str = "", parent: QObject | None = None) -> None:
        """`desktop` is what XDG_CURRENT_DESKTOP says."""
        super().__init__(parent)
        self._theme = theme
        self._desktop = desktop
        self._state = TrayState.IDLE
        self._told_id = ""
        self._since_press = QElapsedTimer()
        self.menu = _Menu()
        self._recent: list[QAction] = []
        self._chat_ids: list[str] = []
        self._fill_menu()
        self.icon = QSystemTrayIcon(self)
        # Never shown by hand: on Wayland only the panel can place it, elsewhere it knows its own way.
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._on_activated)
        self.icon.messageClicked.connect(lambda: self.chat_asked.emit(self._told_id))
        QApplication.styleHints().colorSchemeChanged.connect(self._show_icon)
        self.show_state(TrayState.IDLE)
        self.icon.show()

    @property
    def state(self) -> TrayState:
        """What the icon says."""
        return self._state

    def show_state(self, state: TrayState) -> None:
        """Say this by icon and tooltip."""
        self._state = state
        words = {
            TrayState.IDLE: "Sirocco",
            TrayState.BUSY: self.tr("Sirocco: answering"),
            TrayState.ERROR: self.tr("Sirocco: an answer needs your attention"),
        }
        self.icon.setToolTip(words[state])
        self._show_icon()

    def show_chats(self, summaries: Sequence[ConversationSummary]) -> None:
        """Offer the newest of these chats."""
        self._chat_ids = [one.conversation_id for one in summaries[:RECENT]]
        for action, one in zip(self._recent, summaries, strict=False):
            title = one_line(one.title) or self.tr("New chat")
            title = title if len(title) <= MAX_TITLE else f"{title[: MAX_TITLE - 1]}…"
            action.setText(title.replace("&", "&&"))
        for at, action in enumerate(self._recent):
            action.setVisible(at < len(self._chat_ids))

    def show_hotkey(self, is_paused: bool | None) -> None:
        """Offer to pause the hotkey, or to use it again; None: there is none."""
        self._hotkey.setVisible(is_paused is not None)
        self._hotkey.setChecked(is_paused is True)

    def say(self, conversation_id: str, title: str, text: str) -> None:
        """Tell of this chat by the icon, where the system has no other way; a click asks for the chat."""
        self._told_id = conversation_id
        self.icon.showMessage(title, text, self._theme.window_icon())

    def remove(self) -> None:
        """Take the icon away for good, at once: this may be the last moment that anything is deleted at."""
        delete(self.icon)
        delete(self.menu)
        self.deleteLater()

    def _fill_menu(self) -> None:
        # What a click does on one desktop does none on another, so all of it is here.
        self._add(self.tr("Quick Ask"), self.quick_ask_asked)
        self._add(self.tr("Open Sirocco"), self.window_asked)
        self._add(command(CommandId.NEW_CHAT).text, self.new_chat_asked)
        self.menu.addSeparator()
        for at in range(RECENT):
            action = self.menu.addAction("")
            action.setVisible(False)
            action.triggered.connect(lambda _=False, at=at: self.chat_asked.emit(self._chat_ids[at]))
            self._recent.append(action)
        self.menu.addSeparator()
        self._hotkey = self.menu.addAction(self.tr("Pause hotkey"))
        self._hotkey.setCheckable(True)
        self._hotkey.triggered.connect(self.hotkey_pause_asked)
        self._hotkey.setVisible(False)
        self._add(command(CommandId.SETTINGS).text, self.settings_asked)
        self._add(command(CommandId.QUIT).text, self.quit_asked)

    def _add(self, text: str, signal: object) -> None:
        action = self.menu.addAction(text)
        # macOS would move what it takes for its own into the menu of the app.
        action.setMenuRole(QAction.MenuRole.NoRole)
        action.triggered.connect(signal)

    def _show_icon(self) -> None:
        is_template = sys.platform == "darwin"
        panel = "dark" if self._is_panel_dark() and not is_template else "light"
        mono = "-mono" if is_template and self._state is not TrayState.IDLE else ""
        icon = QIcon()
        for size in SIZES:
            name = f"tray-{self._state.value}-for-{panel}-panel{mono}"
            icon.addPixmap(self._theme.logo(name, size, 1.0))
        icon.setIsMask(is_template)
        self.icon.setIcon(icon)

    def _is_panel_dark(self) -> bool:
        """What is behind the icon, as far as it can be known."""
        if sys.platform == "win32":
            registry = QSettings(WINDOWS_THEME, QSettings.Format.NativeFormat)
            return not int(str(registry.value("SystemUsesLightTheme", 0)))
        if DARK_PANELS & set(self._desktop.split(":")):
            return True
        return QApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        Reason = QSystemTrayIcon.ActivationReason  # noqa: N806 (a class)
        match reason:
            case Reason.MiddleClick:
                self.window_asked.emit()
            case Reason.Trigger | Reason.DoubleClick:
                # On macOS the click opens the menu. The second click of a double one is none of its own.
                since, interval = self._since_press, QApplication.doubleClickInterval()
                if sys.platform == "darwin" or (since.isValid() and not since.hasExpired(interval)):
                    return
                self.pressed.emit()
                # From its end on: the second click of a double one waits while it is done.
                since.start()


class _Menu(QMenu):
    """Drawn by the panel, or by us where it only lends us a window (X11)."""

    def __init__(self) -> None:
        super().__init__()
        round_popup(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        round_corners(self, RADIUS)
