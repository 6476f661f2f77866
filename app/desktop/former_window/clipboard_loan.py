"""The clipboard, lent for one paste: what was on it comes back when the text has been taken, not before."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QImage

QUIET = 150  # ms after the last time that the text was asked for; some programs ask twice
MOST_TIMES = 10  # that it waits for: some programs never stop asking
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
        self._loan.note_taken()
        return found


class ClipboardLoan(QObject):
    """For one text. Signals: `ended()`: the clipboard is as it was, or somebody else's by now.

    Who asks for the text counts as the one that was meant only where `count_any` was called: where the system
    says who asks, `note_taken` is called for the right one.
    """

    ended = Signal()

    def __init__(self, text: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clipboard = QGuiApplication.clipboard()
        self._text = text
        self._kept: QMimeData | None = None
        self._counts_any = False
        self._is_expected = False
        self._times = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(QUIET)
        self._timer.timeout.connect(self._give_back)

    def count_any(self) -> None:
        """This system doesn't say who asks."""
        self._counts_any = True

    def lend(self) -> None:
        """Put the text on the clipboard, and keep what is there."""
        self._kept = _copy(self._clipboard.mimeData())
        if self._counts_any:
            self._clipboard.setMimeData(LentText(self._text, self))
        else:
            self._clipboard.setText(self._text)
        self._clipboard.dataChanged.connect(self._on_changed)

    def expect(self) -> None:
        """The keys are pressed: what was asked for before was asked for by others."""
        self._is_expected = True

    def note_taken(self) -> None:
        """The window that was meant has asked for the text."""
        if self._is_expected and self._times < MOST_TIMES:
            self._times += 1
            self._timer.start()

    @property
    def is_taken(self) -> bool:
        """Whether the window that was meant has asked for the text, and it is given back soon."""
        return self._times > 0

    def keep(self) -> None:
        """The text stays on the clipboard for good."""
        self._forget()
        if self._counts_any:
            # What Python made isn't left there: Qt may delete it when Python is gone.
            self._clipboard.setText(self._text)

    def _forget(self) -> None:
        self._is_expected = False
        self._timer.stop()
        self._clipboard.dataChanged.disconnect(self._on_changed)

    def _give_back(self) -> None:
        self._forget()
        if self._kept is None:
            self._clipboard.clear()
        else:
            self._clipboard.setMimeData(self._kept)
        self.ended.emit()

    def _on_changed(self) -> None:
        # What was copied meanwhile is newer than what is kept here.
        if not self._clipboard.ownsClipboard():
            self._forget()
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
