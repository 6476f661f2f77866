"""What the tests of the sessions start from: a server, a folder, and the house around them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from tests.chat.house import House
from tests.chat.loopback import LoopbackServer, loopback_server


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with loopback_server() as server:
        yield server


@pytest.fixture
def make_house(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., House]]:
    """Make houses in one folder; each is shut down at the end of the test, if it isn't before."""
    houses: list[House] = []

    def make(**options: Any) -> House:
        house = House(tmp_path, **options)
        houses.append(house)
        house.start()
        return house

    yield make
    for house in houses:
        assert house.library.shut_down(60.0)
        house.root.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def house(make_house: Callable[..., House], server: LoopbackServer) -> House:
    """The house, with the server as its only endpoint."""
    house = make_house()
    house.use(server.url)
    return house
