"""The clipboard, lent for one paste: what was on it comes back when the text has been taken, not before."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QImage

QUIET = 150  # ms after the last time that the text was asked for; some programs ask twice
MOST = 64 * 1024 * 1024  # bytes of what was on it that are kept
OWN = "application/x-qt"  # names of forms that Qt makes of others


class LentText(QMimeData):
    """A text that tells when somebody takes it."""

    def __init__(self, text: str, loan: ClipboardLoan) -> None:
        super().__init__()
        self.setText(text)
        self._loan = loan

    def retrieveData(self, mimetype: str, preferred_type: object) -> object:
        found = super().retrieveData(mimetype, preferred_type)  # type: ignore[arg-type]
        self._loan.note_asked()
        return found


class ClipboardLoan(QObject):
    """For one text. Signals: `ended()`: the clipboard is as it was, or somebody else's by now."""

    ended = Signal()

    def __init__(self, text: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clipboard = QGuiApplication.clipboard()
        self._kept = _copy(self._clipboard.mimeData())
        self._lent = LentText(text, self)
        self._counts = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(QUIET)
        self._timer.timeout.connect(self._give_back)
        self._clipboard.setMimeData(self._lent)
        self._clipboard.dataChanged.connect(self._on_changed)

    def expect(self) -> None:
        """The keys were pressed: who asks from now on is who was meant, as far as this system tells."""
        self._counts = True

    def note_asked(self) -> None:
        """Somebody asked for the text."""
        if self._counts:
            self.note_taken()

    def note_taken(self) -> None:
        """The window that was meant has asked for the text."""
        self._timer.start()

    def _give_back(self) -> None:
        self._clipboard.dataChanged.disconnect(self._on_changed)
        if self._kept is None:
            self._clipboard.clear()
        else:
            self._clipboard.setMimeData(self._kept)
        self.ended.emit()

    def _on_changed(self) -> None:
        # What was copied meanwhile is newer than what is kept here.
        if self._clipboard.mimeData() is not self._lent and not self._clipboard.ownsClipboard():
            self._timer.stop()
            self._clipboard.dataChanged.disconnect(self._on_changed)
            self.ended.emit()


def _copy(data: QMimeData | None) -> QMimeData | None:
    """All forms of what is on the clipboard, as far as they aren't too large; None where there is nothing."""
    if data is None or not data.formats():
        return None
    copy = QMimeData()
    size = 0
    for name in data.formats():
        if name.startswith(OWN):
            continue
        content = data.data(name)
        size += content.size()
        if size > MOST:
            break
        copy.setData(name, content)
    if data.hasImage() and isinstance(image := data.imageData(), QImage):
        copy.setImageData(image)
    return copy
