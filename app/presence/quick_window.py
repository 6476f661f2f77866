"""Makes the small window when there is nothing else to do, and connects it to the rest."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from app.chat.connections import Connections
from app.chat.library import Library
from app.chat.preferences import Preferences
from app.desktop.activation import bring_here, bring_to_front, has_keyboard
from app.ui.main_window import MainWindow
from app.ui.quick_ask.former import FormerWindow, NoFormerWindow
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.desktop.copied_text import QtCopiedText, X11CopiedText
    from app.ui.quick_ask.window import QuickAsk

AFTER_START = 1000  # ms


class QuickWindow(QObject):
    """The small window, which is there from the first wish for it on, and without one soon after the start.

    Signals: `in_sight_changed(bool)`: it was shown or hidden.
    """

    in_sight_changed = Signal(bool)

    def __init__(
        self,
        theme: Theme,
        library: Library,
        preferences: Preferences,
        connections: Connections,
        main_window: MainWindow,
        open_link: Callable[[str], object],
        parent: QObject | None = None,
        *,
        is_secret: Callable[[str], bool],
    ) -> None:
        super().__init__(parent)
        self._is_secret = is_secret
        self._theme = theme
        self._library = library
        self._preferences = preferences
        self._connections = connections
        self._main_window = main_window
        self._open_link = open_link
        self._window: QuickAsk | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(AFTER_START)
        self._timer.timeout.connect(self._get_ready)

    def start(self) -> None:
        """Make the window in a while."""
        self._timer.start()

    def _get_ready(self) -> None:
        self.window.get_ready()

    def toggle(self, activation_token: str = "") -> None:
        """As of the window."""
        self.window.toggle(activation_token)

    def show_with(self, text: str, activation_token: str = "") -> None:
        """As of the window."""
        self.window.show_with(text, activation_token)

    def stop(self, seconds: float) -> bool:
        """The app ends: join what works for the window within `seconds`; False where it was left behind."""
        self._timer.stop()
        if self._window is None:
            return True
        self._window.hide()
        return self._window.shut_down(seconds)

    @property
    def window(self) -> QuickAsk:
        """The window, made now if there is none."""
        if self._window is None:
            from app.ui.quick_ask.coming import Front
            from app.ui.quick_ask.window import QuickAsk  # a fifth of a second that a start does without

            self._timer.stop()
            window = QuickAsk(
                self._theme,
                self._library,
                self._preferences,
                self._connections,
                self._main_window.page.outbox,
                former=_former_window(),
                read_copied=unless(self._is_secret, _copied_text().read),
                front=Front(bring_here, has_keyboard),
            )
            window.continue_asked.connect(self._on_continue_asked)
            window.setup_asked.connect(self._on_setup_asked)
            window.link_activated.connect(self._open_link)
            window.in_sight_changed.connect(self.in_sight_changed)
            self.destroyed.connect(window.deleteLater)
            self._window = window
        return self._window

    def _on_continue_asked(self, conversation_id: str) -> None:
        self._main_window.open_chat(conversation_id)
        bring_to_front(self._main_window)
        self._main_window.page.focus_composer()

    def _on_setup_asked(self) -> None:
        bring_to_front(self._main_window)
        self._main_window.open_setup()


def _former_window() -> FormerWindow:
    match QGuiApplication.platformName():
        case "xcb":
            from app.desktop.former_window.x11 import X11FormerWindow

            words = "This X server doesn’t let a program press keys. Copy the answer and paste it there."
            return X11FormerWindow(os.environ.get("DISPLAY", ""), _translated(words))
        case "windows":
            from app.desktop.former_window.windows import WindowsFormerWindow, windows_calls

            return WindowsFormerWindow(windows_calls())
        case "cocoa":
            from app.desktop.former_window.macos import MacFormerWindow, mac_calls

            words = "Allow it in System Settings, Privacy & Security, Accessibility."
            return MacFormerWindow(mac_calls(), os.getpid(), _translated(words))
        case "wayland":
            words = "On Wayland no program may paste into another. Copy the answer and paste it there."
        case _:
            words = "This system doesn’t let a program paste into another."
    return NoFormerWindow(_translated(words))


def unless(
    is_secret: Callable[[str], bool], read: Callable[[Callable[[str], None]], object]
) -> Callable[[Callable[[str], None]], object]:
    """`read`, with an empty text in the place of a secret one: a key that was just copied for Sirocco."""
    return lambda done: read(lambda text: done("" if is_secret(text) else text))


def _copied_text() -> X11CopiedText | QtCopiedText:
    from app.desktop.copied_text import QtCopiedText, X11CopiedText

    if QGuiApplication.platformName() == "xcb":
        return X11CopiedText(os.environ.get("DISPLAY", ""))
    return QtCopiedText()


def _translated(words: str) -> str:
    return QCoreApplication.translate("QuickAsk", words)
