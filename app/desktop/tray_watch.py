"""When there begins to be a place for tray icons: at a panel's start, or its restart, however late."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QSystemTrayIcon

from app.desktop.message_bus import Body, MessageBus, Rule

# While there is none, for an X11 panel isn't announced to us: often while a session starts, then at leisure.
LOOKS, LOOK_EVERY, LOOK_LATER = 30, 2_000, 30_000  # ms
WATCHER = "org.kde.StatusNotifierWatcher"


class TrayWatch(QObject):
    """Watches from `start` on.

    An icon that was made before there was a place for it never gets there, whatever is shown or hidden; and
    one that was made for a panel of the other kind doesn't either. So each time a new one is to be made
    (desktop.md §3).

    Signals: `appeared()`: make an icon now.
    """

    appeared = Signal()

    def __init__(self, bus: MessageBus | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._looks = 0
        self._timer.timeout.connect(self._look)
        if bus is not None:
            owners = Rule("org.freedesktop.DBus", "NameOwnerChanged", argument=WATCHER)
            bus.watch(owners, self._on_owner_changed)
            hosts = Rule(WATCHER, "StatusNotifierHostRegistered")
            bus.watch(hosts, lambda _: self._look())

    @property
    def has_tray(self) -> bool:
        """Whether there is a place for icons now. An icon's own word isn't to be trusted."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def start(self) -> None:
        """Look now, and from now on."""
        self._looks = 0
        self._timer.start(LOOK_EVERY)
        self._look()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def _look(self) -> None:
        if not self._timer.isActive():
            return
        self._looks += 1
        if self.has_tray:
            self._timer.stop()
            self.appeared.emit()
        elif self._looks == LOOKS:
            self._timer.start(LOOK_LATER)

    def _on_owner_changed(self, body: Body) -> None:
        # What there was is gone, and something else may come; or it has come.
        match body:
            case (str(), str(), str()):
                self.start()
