"""What the desktop knows of the app beside its windows, and how it calls them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.desktop.activation import bring_to_front
from app.desktop.single_instance import InstanceServer
from app.quick_window import QuickWindow
from app.ui.main_window import MainWindow


class Presence(QObject):
    """Made and started once the window is painted; nothing of it is needed for that.

    `socket_path` is where later starts are heard; None: nowhere.

    Signals: `quit_asked()`: from anywhere but a window.
    """

    quit_asked = Signal()

    def __init__(
        self, window: MainWindow, quick: QuickWindow, socket_path: Path | None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._quick = quick
        self._server: InstanceServer | None = None
        if socket_path is not None:
            self._server = InstanceServer(socket_path, self)
            self._server.show_asked.connect(self.show_window)
            self._server.ask_asked.connect(self.ask)
            self._server.quit_asked.connect(self.quit_asked)

    def start(self) -> None:
        """Be there for the desktop from now on."""
        if self._server is not None:
            self._server.listen()
        self._quick.start()

    def stop(self) -> None:
        """Be there no more; windows are left as they are."""
        if self._server is not None:
            self._server.close()

    def show_window(self, token: str = "") -> None:
        """Bring the main window to the front; `token` as in `bring_to_front`."""
        bring_to_front(self._window, token)

    def ask(self, text: str, token: str = "") -> None:
        """Offer a place to ask at once, with `text` in it, which isn't sent."""
        self._quick.show_with(text, token)
