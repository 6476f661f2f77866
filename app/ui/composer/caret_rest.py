"""A text cursor that stands still when nobody has written for a while: an idle window does nothing."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

BLINKS = 10_000  # ms after the last key, as in GTK (`gtk-cursor-blink-timeout`)


class CaretRest(QObject):
    """Whoever shows the cursor tells of each key by `wake`, and by `end` when it is no longer there."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._flash: int | None = None  # ms, the desktop's own, while the cursor rests
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(BLINKS)
        self._timer.timeout.connect(self._rest)

    def wake(self) -> None:
        """Blink, and rest again when nothing more comes."""
        self.end()
        self._timer.start()

    def end(self) -> None:
        """Leave the cursor to the desktop."""
        self._timer.stop()
        if self._flash is not None:
            # Every field of the app asks for it; this one alone has the focus while it is another.
            QApplication.setCursorFlashTime(self._flash)
            self._flash = None

    def _rest(self) -> None:
        self._flash = QApplication.cursorFlashTime()
        QApplication.setCursorFlashTime(0)
