"""When the computer has been asleep."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.desktop.message_bus import Body, MessageBus, Rule

LOGIN = "org.freedesktop.login1"


class SleepWatch(QObject):
    """Linux only: other systems wake no program of this kind by a message of their own.

    Signals: `woke()`.
    """

    woke = Signal()

    def __init__(self, system_bus: MessageBus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        rule = Rule(f"{LOGIN}.Manager", "PrepareForSleep", "/org/freedesktop/login1", LOGIN)
        system_bus.watch(rule, self._on_prepare)

    def _on_prepare(self, body: Body) -> None:
        if body == (False,):
            self.woke.emit()
