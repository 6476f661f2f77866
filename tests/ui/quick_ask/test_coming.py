"""Who has the keyboard: what the desktop knows counts, also where Qt hears it late."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.desktop.activation import bring_to_front
from app.ui.quick_ask.coming import Coming, Front
from app.ui.quick_ask.window import QuickAsk
from tests.ui.quick_ask.conftest import Desk


class Window(QWidget):
    """A window that tells its `Coming` what Qt tells it, brought by a window manager that is slow."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.coming = Coming(self, desk, Front(lambda window, _token: window.show(), desk.has_keyboard))

    def changeEvent(self, event: object) -> None:
        self.coming.note_activation()


@pytest.fixture
def window(qtbot: QtBot, other: QWidget, desk: Desk) -> Window:
    """It is in front of the other one."""
    window = Window(desk)
    qtbot.addWidget(window)
    window.coming.come("")
    bring_to_front(window)
    qtbot.waitUntil(window.isActiveWindow)
    return window


def goes_to(qtbot: QtBot, other: QWidget) -> None:
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)


def test_the_key_brings_forward_what_lost_the_keyboard_before_qt_has_heard_it(
    qtbot: QtBot, quick: QuickAsk, other: QWidget, desk: Desk
) -> None:
    quick.toggle()
    qtbot.waitUntil(quick.isActiveWindow)
    desk.is_elsewhere = True
    quick.toggle()
    assert quick.isVisible()
    assert desk.asked == ["remember", "remember"]


def test_nobody_is_sent_back_by_what_has_lost_the_keyboard(window: Window, desk: Desk) -> None:
    desk.is_elsewhere = True
    window.coming.leave()
    assert not window.isVisible()
    assert desk.asked == ["remember"]


def test_it_isnt_gone_again_while_it_comes(qtbot: QtBot, window: Window, other: QWidget) -> None:
    goes_to(qtbot, other)
    assert window.coming.away_timer.isActive()
    window.coming.come("")
    assert not window.coming.away_timer.isActive()


def test_a_loss_of_before_that_is_heard_while_it_comes_is_none(
    qtbot: QtBot, window: Window, other: QWidget, desk: Desk
) -> None:
    desk.is_elsewhere = True
    window.coming.come("")
    goes_to(qtbot, other)
    assert not window.coming.away_timer.isActive()
    desk.is_elsewhere = False
    goes_to(qtbot, window)
    goes_to(qtbot, other)
    assert window.coming.away_timer.isActive()
