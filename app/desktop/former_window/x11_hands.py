"""What X11 does for a paste: it presses keys, and tells the clipboard's owner who asks for the text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from PySide6.QtGui import QGuiApplication
from Xlib import X
from Xlib.ext import xtest
from Xlib.protocol import request

from app.desktop.former_window.clipboard_loan import ClipboardLoan
from app.desktop.former_window.pasting import CannotPasteError
from app.desktop.former_window.x11_requests import SelectionRequests
from app.desktop.x_server import FAULTS, XServer

CONTROL, SHIFT, LETTER_V = 0xFFE3, 0xFFE1, 0x76  # keysyms
US_KEYCODE_V = 55  # where the letter is on a US keyboard; what others have there pastes as well
NO_TEXT = ("TARGETS", "MULTIPLE", "TIMESTAMP", "SAVE_TARGETS", "DELETE")
# Programs in which Ctrl+V is a character of its own; by the class that they give their windows.
TERMINALS = frozenset(
    {"alacritty", "foot", "gnome-terminal", "kitty", "konsole", "org.gnome.console", "st", "terminator",
     "tilix", "wezterm", "xfce4-terminal"}
)  # fmt: skip


class X11Hands:
    """For one window."""

    def __init__(self, server: XServer, window: int) -> None:
        self._server = server
        self._window = window
        self._loan: ClipboardLoan | None = None
        self._requests = SelectionRequests(self._on_requested)
        self._no_text = frozenset[int]()
        self._matter = frozenset[int]()
        self._clipboard = 0
        self._was_ours = False
        self._owner_before = 0

    def is_in_front(self) -> bool:
        with _asking():
            active = self._server.numbers(self._server.root, "_NET_ACTIVE_WINDOW")
        return active[:1] == (self._window,)

    def begin(self, loan: ClipboardLoan) -> None:
        with _asking():
            self._clipboard = self._server.atom("CLIPBOARD")
            self._no_text = frozenset(map(self._server.atom, NO_TEXT))
            self._owner_before = self._owner()
            # One that is down already can't be pressed.
            letter = self._server.keycode_of(LETTER_V) or US_KEYCODE_V
            self._matter = self._server.modifiers() | {letter}
        if any(int(one.winId()) == self._window for one in QGuiApplication.allWindows()):
            # A window of our own asks nobody but us, and not by way of the server.
            loan.count_any()
        self._was_ours = QGuiApplication.clipboard().ownsClipboard()
        self._loan = loan
        self._requests.start()

    def is_lent(self) -> bool:
        # Qt tells the server in its own time. Where it was ours before, what is asked for is answered from
        # what is lent at once.
        with _asking():
            return self._was_ours or self._owner() != self._owner_before

    def is_let_go(self) -> bool:
        with _asking():
            return not self._held()

    def press(self) -> None:
        with _asking():
            server = self._server
            keys = [CONTROL, LETTER_V]
            if server.class_of(self._window) & TERMINALS:
                keys.insert(1, SHIFT)
            codes = [server.keycode_of(key) or US_KEYCODE_V for key in keys]
            for code in sorted(self._held()):
                self._fake(X.KeyRelease, code)
            for code in codes:
                self._fake(X.KeyPress, code)
            for code in reversed(codes):
                self._fake(X.KeyRelease, code)
            server.wait()

    def end(self) -> None:
        self._requests.stop()

    def _held(self) -> frozenset[int]:
        return self._server.held_keys() & self._matter

    def _owner(self) -> int:
        found = request.GetSelectionOwner(display=cast(Any, self._server), selection=self._clipboard)
        return int(cast(Any, found.owner))

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


@contextmanager
def _asking() -> Iterator[None]:
    try:
        yield
    except FAULTS as error:
        raise CannotPasteError(type(error).__name__) from error
