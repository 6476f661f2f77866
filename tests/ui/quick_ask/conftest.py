"""What the tests of the small window start from: the window, and a desktop that notes what it is asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.desktop.activation import bring_to_front
from app.ui.composer.outbox import Outbox
from app.ui.quick_ask.coming import Front
from app.ui.quick_ask.window import QuickAsk
from app.ui.theme import Theme
from tests.chat.house import House
from tests.chat.loopback import WATCHDOG_SECONDS, Call, LoopbackServer


class Desk:
    """The desktop below the window: who was in front, and a clock that the test moves on."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.cannot_paste = ""
        self.copied = ""
        self.gave_up: Callable[[], None] = lambda: None
        self.time = 1_800_000_000.0
        self.is_elsewhere = False

    def remember(self) -> None:
        self.asked.append("remember")

    def give_back(self) -> None:
        self.asked.append("give back")

    def has_keyboard(self, window: QWidget) -> bool:
        return window.isActiveWindow() and not self.is_elsewhere

    def paste(self, text: str, gave_up: Callable[[], None]) -> None:
        self.asked.append(f"paste {text}")
        self.gave_up = gave_up

    def read_copied(self, done: Callable[[str], None]) -> None:
        done(self.copied)

    def now(self) -> float:
        return self.time


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def make_quick(
    qtbot: QtBot, theme: Theme, make_house: Callable[..., House], desk: Desk
) -> Iterator[Callable[[House], QuickAsk]]:
    """Make small windows; they go before the houses that they stand on, for which `make_house` is asked."""
    made: list[QuickAsk] = []

    def make(house: House) -> QuickAsk:
        outbox = Outbox(house.root)
        window = QuickAsk(
            theme,
            house.library,
            house.preferences,
            house.connections,
            outbox,
            former=desk,
            read_copied=desk.read_copied,
            front=Front(bring_to_front, desk.has_keyboard),
            now=desk.now,
        )
        made.append(window)
        return window

    yield make
    for window in made:
        window.hide()
        assert window.shut_down(60.0)
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def quick(make_quick: Callable[[House], QuickAsk], house: House) -> QuickAsk:
    return make_quick(house)


@pytest.fixture
def other(qtbot: QtBot) -> QWidget:
    """Another window, in which the person works."""
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    return other


@pytest.fixture
def gate(server: LoopbackServer) -> threading.Event:
    """The server answers half, and the rest when this is set."""
    gate = threading.Event()

    def script(call: Call) -> None:
        call.begin_stream()
        call.text("Half ")
        gate.wait(WATCHDOG_SECONDS)
        call.text("whole")
        call.finish()

    server.script = script
    return gate
