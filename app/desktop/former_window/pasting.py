"""One paste: wait for the window, lend it the clipboard, press its keys, see the text being taken."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, QTimer

from app.desktop.former_window.clipboard_loan import ClipboardLoan

LOOKS_EVERY = 5  # ms
LOOKS = 400  # until it gives up waiting for the window
HELD = 300  # of them, after which the person's keys aren't waited for any more
TAKEN_WITHIN = 10_000  # ms; who hasn't asked for the text by then has no use for it

_log = logging.getLogger(__name__)


class CannotPasteError(Exception):
    """This system doesn't do what it was asked."""


class Hands(Protocol):
    """What a system does for a paste. Each method may raise CannotPasteError."""

    def is_in_front(self) -> bool:
        """Whether the window has the keyboard."""

    def begin(self, loan: ClipboardLoan) -> None:
        """The clipboard is lent now: tell `loan` when the window has taken the text."""

    def is_lent(self) -> bool:
        """Whether everybody else sees what is on the clipboard now."""

    def is_let_go(self) -> bool:
        """Whether the person holds none of the keys any more by which they asked for it."""

    def press(self) -> None:
        """Press the keys that paste; what the person still holds down is let go first."""

    def end(self) -> None:
        """It is over."""


class Pasting(QObject):
    """Deletes itself when it is over."""

    def __init__(
        self,
        hands: Hands,
        text: str,
        gave_up: Callable[[], None],
        parent: QObject,
        taken_within: int = TAKEN_WITHIN,
    ) -> None:
        super().__init__(parent)
        self._taken_within = taken_within
        self._hands = hands
        self._text = text
        self._gave_up = gave_up
        self._looks = 0
        self._loan: ClipboardLoan | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOKS_EVERY)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        self._looks += 1
        try:
            if self._loan is None:
                if self._hands.is_in_front():
                    loan = ClipboardLoan(self._text, self)
                    loan.ended.connect(self._on_ended)
                    self._hands.begin(loan)
                    loan.lend()
                    self._loan = loan
            elif self._hands.is_lent() and (self._hands.is_let_go() or self._looks >= HELD):
                self._timer.stop()
                self._loan.expect()
                self._hands.press()
                QTimer.singleShot(self._taken_within, self, self._on_not_taken)
                return
        except CannotPasteError as error:
            _log.info("nothing could be pasted: %s", error)
            self._looks = LOOKS
        if self._looks >= LOOKS:
            self._give_up()

    def _give_up(self) -> None:
        self._timer.stop()
        if self._loan is None:
            # So that the person can do it.
            self._loan = ClipboardLoan(self._text, self)
            self._loan.lend()
        self._loan.keep()
        self._hands.end()
        self._gave_up()
        self.deleteLater()

    def _on_not_taken(self) -> None:
        # It stays on the clipboard, so that the person can paste it where it does have a use.
        if self._loan is not None and not self._loan.is_taken:
            self._loan.keep()
            self._on_ended()

    def _on_ended(self) -> None:
        self._hands.end()
        self.deleteLater()
