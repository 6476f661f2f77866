"""A lent clipboard is given back when the text was taken, whole, and never over something newer."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QTimer
from PySide6.QtGui import QColor, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from app.desktop.former_window.clipboard_loan import ClipboardLoan


def test_all_forms_come_back_once_it_was_taken(qtbot: QtBot) -> None:
    clipboard = QGuiApplication.clipboard()
    before = QMimeData()
    before.setText("plain")
    before.setHtml("<b>rich</b>")
    before.setData("application/x-own", b"\0\1")
    image = QImage(2, 2, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    before.setImageData(image)
    clipboard.setMimeData(before)
    loan = ClipboardLoan("lent")
    loan.lend()
    assert clipboard.text() == "lent"
    loan.note_taken()
    assert clipboard.text() == "lent", "what was asked for before the keys were pressed isn't what was meant"
    loan.expect()
    with qtbot.waitSignal(loan.ended):
        loan.note_taken()
    data = clipboard.mimeData()
    assert (data.text(), data.html()) == ("plain", "<b>rich</b>")
    assert data.data("application/x-own").data() == b"\0\1"
    assert data.hasImage()


def test_who_asks_counts_where_the_system_does_not_say_who_it_is(qtbot: QtBot) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("before")
    loan = ClipboardLoan("lent")
    loan.count_any()
    loan.lend()
    loan.expect()
    with qtbot.waitSignal(loan.ended):
        assert clipboard.mimeData().text() == "lent"
    assert clipboard.text() == "before"


def test_where_nothing_was_nothing_is_left(qtbot: QtBot) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    loan = ClipboardLoan("lent")
    loan.lend()
    loan.expect()
    with qtbot.waitSignal(loan.ended):
        loan.note_taken()
    assert clipboard.text() == ""


def test_a_loan_that_is_kept_stays(qtbot: QtBot) -> None:
    clipboard = QGuiApplication.clipboard()
    loan = ClipboardLoan("lent")
    loan.lend()
    loan.expect()
    loan.keep()
    loan.note_taken()
    (timer,) = loan.findChildren(QTimer)
    assert not timer.isActive()
    assert clipboard.text() == "lent"
