"""SIGTERM and SIGINT as something that the event loop hears."""

from __future__ import annotations

import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal

WATCHED = (signal.SIGINT, signal.SIGTERM)


class QuitSignals(QObject):
    """Watches while it lives.

    Python runs a signal's handler between two of its own instructions, and an idle event loop runs none:
    the byte that it writes to a socket wakes the loop up.

    Signals: `asked()`: the system or a person wants the process to end.
    """

    asked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)
        self._write.setblocking(False)
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_activated)
        # First: a handler that notes nothing, and no byte either, would lose what comes just then.
        self._wakeup_before = signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        self._before = {number: signal.signal(number, _note) for number in WATCHED}

    def stop(self) -> None:
        """Leave the signals to whom they belonged before."""
        self._notifier.setEnabled(False)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup_before)
        self._read.close()
        self._write.close()

    def _on_activated(self) -> None:
        try:
            numbers = self._read.recv(64)
        except BlockingIOError:
            return
        if any(number in WATCHED for number in numbers):
            self.asked.emit()


def _note(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: the wake-up byte has been written by then, and the default would end the process."""
