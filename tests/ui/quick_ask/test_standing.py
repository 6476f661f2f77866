"""Where the small window stands: at a third of the height, always in sight, and as large as last time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.core.quick_ask import MIN_WIDTH, QuickSize
from app.ui.quick_ask import placing
from app.ui.quick_ask.standing import Standing
from app.ui.quick_ask.window import QuickAsk
from tests.chat.house import House
from tests.ui.quick_ask.test_window import ask, go_away, open_it

HD = QRect(0, 32, 1920, 1048)
LEFT_OF_IT = QRect(-1280, 0, 1280, 1024)
SMALL = QRect(0, 0, 320, 240)


@pytest.mark.parametrize("room", [HD, LEFT_OF_IT])
def test_the_first_line_stands_in_the_middle_at_a_third_of_the_height(room: QRect) -> None:
    corner = placing.first_corner(room, 640)
    line = QRect(corner.x(), corner.y(), 640, placing.IDLE_HEIGHT)
    assert abs(line.center().x() - room.center().x()) <= 1
    assert abs(line.center().y() - (room.top() + room.height() / 3)) <= 2


def test_it_is_as_large_as_last_and_as_there_is_room() -> None:
    assert placing.width_on(HD, QuickSize("")) == 640
    assert placing.width_on(HD, QuickSize("", 900)) == 900
    assert placing.width_on(LEFT_OF_IT, QuickSize("", 1400)) == 1280 - 2 * placing.MARGIN
    assert placing.width_on(SMALL, QuickSize("", 900)) == 320 - 2 * placing.MARGIN < MIN_WIDTH
    assert placing.most_height(HD, QuickSize("")) == round(1048 * 0.6)
    assert placing.most_height(HD, QuickSize("", 640, 800)) == 800
    assert placing.most_height(SMALL, QuickSize("", 640, 800)) == 240 - 2 * placing.MARGIN


lengths = st.integers(1, 5000)
places = st.integers(-6000, 6000)


@given(places, places, lengths, lengths)
def test_what_is_clamped_is_in_sight(x: int, y: int, width: int, height: int) -> None:
    for room in (HD, LEFT_OF_IT, SMALL):
        rect = placing.clamped(QRect(x, y, width, height), room)
        assert room.contains(rect)
        assert rect.size().expandedTo(QRect(0, 0, width, height).size()) == QRect(0, 0, width, height).size()


def test_it_comes_back_into_sight_when_the_screen_changes(qtbot: QtBot, quick: QuickAsk) -> None:
    open_it(qtbot, quick)
    room = quick.screen().availableGeometry()
    quick.move(room.right() + 3000, room.bottom() + 3000)
    quick.screen().availableGeometryChanged.emit(room)
    qtbot.waitUntil(lambda: room.contains(quick.geometry()))


def test_a_screen_that_is_gone_is_left(qtbot: QtBot, quick: QuickAsk) -> None:
    open_it(qtbot, quick)
    application = QGuiApplication.instance()
    assert isinstance(application, QGuiApplication)
    room = quick.screen().availableGeometry()
    quick.move(room.right() + 3000, room.top())
    application.screenRemoved.emit(quick.screen())
    qtbot.waitUntil(lambda: room.contains(quick.geometry()))


def test_where_a_window_manager_has_it_for_a_moment_is_not_its_place(qtbot: QtBot, house: House) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    standing = Standing(window, house.preferences)
    standing.place()
    corner = window.geometry().topLeft()
    window.move(0, 0)
    standing.fit(100, 0)
    assert window.geometry().topLeft() == corner
    standing.note_arrival()
    window.move(corner.x() + 30, corner.y() + 30)
    standing.fit(120, 0)
    assert window.geometry().topLeft() == corner + QPoint(30, 30)


def test_the_width_that_it_was_dragged_to_is_the_one_it_comes_up_with(
    qtbot: QtBot, quick: QuickAsk, other: QWidget, house: House
) -> None:
    open_it(qtbot, quick)
    usual = quick.width()
    right = quick.standing.grip(Qt.Edge.RightEdge)
    assert right.geometry().right() == quick.width() - 1
    QTest.mousePress(right, Qt.MouseButton.LeftButton)
    quick.resize(usual - 100, quick.height())
    screen = placing.screen_name(quick.screen())
    qtbot.waitUntil(lambda: house.preferences.quick_ask.size(screen).width == usual - 100)
    assert house.preferences.quick_ask.size(screen).height == 0
    go_away(qtbot, quick, other)
    open_it(qtbot, quick)
    assert quick.width() == usual - 100


def test_the_height_that_it_was_dragged_to_is_the_most_that_an_answer_takes(
    qtbot: QtBot, quick: QuickAsk, house: House
) -> None:
    open_it(qtbot, quick)
    ask(qtbot, quick, "Short?")
    QTest.mousePress(quick.standing.grip(Qt.Edge.BottomEdge), Qt.MouseButton.LeftButton)
    quick.resize(quick.width(), 400)
    screen = placing.screen_name(quick.screen())
    qtbot.waitUntil(lambda: house.preferences.quick_ask.size(screen).height == 400)
    assert quick.height() == 400


def test_a_size_that_nobody_dragged_is_not_remembered(qtbot: QtBot, quick: QuickAsk, house: House) -> None:
    open_it(qtbot, quick)
    ask(qtbot, quick, "Short?")
    quick.resize(quick.width() + 50, quick.height() + 50)
    assert house.preferences.quick_ask.sizes == ()
    assert not any(timer.isActive() for timer in quick.standing.findChildren(QTimer))
