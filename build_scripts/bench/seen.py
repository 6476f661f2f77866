"""Reports, in lines of JSON, when a window that was asked for is there: painted, and with the keyboard."""

from __future__ import annotations

import json
import time
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

QUIET_AFTER = 150  # ms


def report(**values: Any) -> None:
    """Say it on stdout at once."""
    print(json.dumps(values), flush=True)


class Watch(QObject):
    """Of each time that a window comes up, by the machine's monotonic clock: `handled`: `begin` was called;
    `painted`: its field is, and in the same turn of the loop all of it; `focused`: the keyboard is in there.

    Signals: `seen()`: all that has been reported.
    """

    seen = Signal()

    def __init__(self, field: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._waits_for: set[QEvent.Type] = set()
        self._ground = field.viewport() if isinstance(field, QAbstractScrollArea) else field
        field.installEventFilter(self)
        if self._ground is not field:
            self._ground.installEventFilter(self)

    def begin(self) -> None:
        """The window has been asked for."""
        self._waits_for = {QEvent.Type.Paint, QEvent.Type.FocusIn}
        report(handled=time.monotonic())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in self._waits_for and (watched is self._ground or kind == QEvent.Type.FocusIn):
            self._waits_for.discard(kind)
            if kind == QEvent.Type.FocusIn:
                report(focused=time.monotonic())
            else:
                QTimer.singleShot(0, self, lambda: report(painted=time.monotonic()))
            if not self._waits_for:
                self.seen.emit()
        return False
