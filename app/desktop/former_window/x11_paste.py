"""One paste on X11: wait for the window, lend it the clipboard, press its keys, see the text being taken."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, cast

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from Xlib import X
from Xlib.ext import xtest
from Xlib.protocol import request

from app.desktop.former_window.clipboard_loan import ClipboardLoan
from app.desktop.former_window.x11_requests import SelectionRequests
from app.desktop.x_server import FAULTS, XServer

LOOKS_EVERY = 5  # ms
LOOKS = 400  # until it gives up waiting for the window
CONTROL, SHIFT, LETTER_V = 0xFFE3, 0xFFE1, 0x76  # keysyms
US_KEYCODE_V = 55  # where the letter is on a US keyboard; what others have there pastes as well
NO_TEXT = ("TARGETS", "MULTIPLE", "TIMESTAMP", "SAVE_TARGETS", "DELETE")
# Programs in which Ctrl+V is a character of its own; by the class that they give their windows.
TERMINALS = frozenset(
    {"alacritty", "foot", "gnome-terminal", "kitty", "konsole", "org.gnome.console", "st", "terminator",
     "tilix", "wezterm", "xfce4-terminal"}
)  # fmt: skip

_log = logging.getLogger(__name__)


class X11Paste(QObject):
    """Deletes itself when it is over."""

    def __init__(
        self, server: XServer, window: int, text: str, gave_up: Callable[[], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._server = server
        self._window = window
        self._text = text
        self._gave_up = gave_up
        self._looks = 0
        self._loan: ClipboardLoan | None = None
        self._requests = SelectionRequests(self._on_requested)
        self._no_text = frozenset[int]()
        self._clipboard = 0
        self._was_ours = False
        self._owner_before = 0
        self._timer = QTimer(self)
        self._timer.setInterval(LOOKS_EVERY)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        """Is the window in front, and is it our text that it would be given?"""
        self._looks += 1
        try:
            if self._loan is None:
                active = self._server.numbers(self._server.root, "_NET_ACTIVE_WINDOW")
                if active[:1] == (self._window,):
                    self._lend()
            elif self._is_lent():
                self._timer.stop()
                self._press()
                self._loan.expect()
                return
        except FAULTS as error:
            _log.info("nothing could be pasted: %s", type(error).__name__)
            self._looks = LOOKS
        if self._looks >= LOOKS:
            self._give_up()

    def _lend(self) -> None:
        server = self._server
        self._clipboard = server.atom("CLIPBOARD")
        self._no_text = frozenset(map(server.atom, NO_TEXT))
        self._was_ours = QGuiApplication.clipboard().ownsClipboard()
        self._owner_before = self._owner()
        self._loan = ClipboardLoan(self._text, self)
        self._loan.ended.connect(self._on_ended)
        self._requests.start()

    def _owner(self) -> int:
        found = request.GetSelectionOwner(display=cast(Any, self._server), selection=self._clipboard)
        return int(getattr(found.owner, "id", found.owner))

    def _is_lent(self) -> bool:
        """Whether the server knows that the clipboard is ours, which Qt tells it in its own time."""
        return self._was_ours or self._owner() != self._owner_before

    def _press(self) -> None:
        """Press Ctrl+V there; keys that the person still holds from ours are let go first."""
        server = self._server
        keys = [CONTROL, LETTER_V]
        if server.class_of(self._window) & TERMINALS:
            keys.insert(1, SHIFT)
        codes = [server.keycode_of(key) or US_KEYCODE_V for key in keys]
        for code in server.held_modifiers():
            self._fake(X.KeyRelease, code)
        for code in codes:
            self._fake(X.KeyPress, code)
        for code in reversed(codes):
            self._fake(X.KeyRelease, code)
        server.wait()

    def _fake(self, kind: int, keycode: int) -> None:
        xtest.FakeInput(
            display=cast(Any, self._server),
            opcode=self._server.extension("XTEST"),
            event_type=kind,
            detail=keycode,
            time=X.CurrentTime,
            root=X.NONE,
            x=0,
            y=0,
        )

    def _on_requested(self, requestor: int, selection: int, target: int) -> None:
        client = self._server.client_of
        is_text = selection == self._clipboard and target not in self._no_text
        if self._loan is not None and is_text and client(requestor) == client(self._window):
            self._loan.note_taken()

    def _give_up(self) -> None:
        self._timer.stop()
        if self._loan is None:
            # It is where the person can get it.
            self._loan = ClipboardLoan(self._text, self)
        self._requests.stop()
        self._gave_up()
        self.deleteLater()

    def _on_ended(self) -> None:
        self._requests.stop()
        self.deleteLater()
