"""The text cursor of a field that nobody writes in."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.ui.composer.caret_rest import BLINKS, CaretRest


def test_it_stands_still_after_a_while_and_blinks_with_the_next_key(qtbot: QtBot) -> None:
    field = QWidget()
    qtbot.addWidget(field)
    before = QApplication.cursorFlashTime()
    assert before > 0
    rest = CaretRest(field)
    rest.wake()
    (timer,) = rest.findChildren(QTimer)
    assert timer.isActive()
    assert timer.interval() == BLINKS
    timer.setInterval(0)
    qtbot.waitUntil(lambda: QApplication.cursorFlashTime() == 0)
    rest.wake()
    assert QApplication.cursorFlashTime() == before


def test_another_field_finds_the_desktops_own(qtbot: QtBot) -> None:
    field = QWidget()
    qtbot.addWidget(field)
    before = QApplication.cursorFlashTime()
    rest = CaretRest(field)
    rest.wake()
    (timer,) = rest.findChildren(QTimer)
    timer.setInterval(0)
    qtbot.waitUntil(lambda: QApplication.cursorFlashTime() == 0)
    rest.end()
    assert QApplication.cursorFlashTime() == before
    assert not timer.isActive()
