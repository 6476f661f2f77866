"""What becomes of a text that can't be pasted: it stays on the clipboard."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.desktop.former_window.clipboard_loan import ClipboardLoan
from app.desktop.former_window.pasting import Pasting
from app.desktop.former_window.x11 import X11FormerWindow


class NoField:
    """A window in front in which nothing takes what is pasted, such as one of buttons alone."""

    def __init__(self) -> None:
        self.did: list[str] = []

    def is_in_front(self) -> bool:
        return True

    def begin(self, loan: ClipboardLoan) -> None:
        self.did.append("begin")

    def is_lent(self) -> bool:
        return True

    def is_let_go(self) -> bool:
        return True

    def press(self) -> None:
        self.did.append("press")

    def end(self) -> None:
        self.did.append("end")


def test_what_nobody_takes_stays_on_the_clipboard(qtbot: QtBot) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("before")
    parent, hands, gave_up = QObject(), NoField(), list[str]()
    Pasting(hands, "the answer", lambda: gave_up.append("gave up"), parent, taken_within=20)
    qtbot.waitUntil(lambda: not parent.findChildren(Pasting))
    assert hands.did == ["begin", "press", "end"]
    assert clipboard.text() == "the answer"
    # It was pasted as far as anybody can tell.
    assert gave_up == []


def test_where_no_window_was_in_front_it_stays_there_too(qtbot: QtBot) -> None:
    former = X11FormerWindow(":7654", "No keys here.")
    with qtbot.waitCallback() as gave_up:
        former.paste("the answer", gave_up)
    assert QGuiApplication.clipboard().text() == "the answer"
