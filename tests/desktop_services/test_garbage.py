"""What Qt owns a part of is destroyed on the GUI thread, whichever thread made Python look for garbage."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt, QTimer
from pytestqt.qtbot import QtBot

from app.desktop.garbage import MIDDLE, OLD, YOUNG, Garbage

SLOW = 20_000  # ms, a watchdog


class Ring:
    """Holds itself, and an object of Qt's."""

    def __init__(self, held: QObject) -> None:
        self.held = held
        self.me = self


@pytest.fixture
def garbage() -> Iterator[Garbage]:
    gc.collect()
    gc.enable()
    parent = QObject()
    yield Garbage(parent)
    assert not gc.isenabled()


def make_rings(count: int) -> list[list[int]]:
    """So many objects, more than a look of Python's own waits for."""
    return [[number] for number in range(count)]


def drop_ring() -> list[bool]:
    """Let go of a ring; what comes back gets to know whether it was destroyed on the GUI thread."""
    ends: list[bool] = []
    ring = Ring(QTimer())
    ring.held.destroyed.connect(
        lambda: ends.append(threading.current_thread() is threading.main_thread()),
        Qt.ConnectionType.DirectConnection,
    )
    return ends


@pytest.mark.usefixtures("garbage")
def test_no_other_thread_destroys_what_is_qts(qtbot: QtBot) -> None:
    ends = drop_ring()
    kept: list[object] = []
    thread = threading.Thread(target=lambda: kept.append(make_rings(20 * YOUNG)))
    thread.start()
    thread.join()
    assert ends == []
    qtbot.waitUntil(lambda: ends == [True], timeout=SLOW)


@pytest.mark.usefixtures("garbage")
def test_what_has_grown_old_is_found_too(qtbot: QtBot) -> None:
    ring = Ring(QTimer())
    kept: list[object] = []
    turns = 0

    def make() -> None:
        nonlocal turns
        turns += 1
        kept.append(make_rings(2 * YOUNG))

    maker = QTimer(interval=0)
    maker.timeout.connect(make)
    maker.start()
    qtbot.waitUntil(lambda: turns > 2 * MIDDLE, timeout=SLOW)
    ends: list[bool] = []
    ring.held.destroyed.connect(lambda: ends.append(True))
    del ring
    qtbot.waitUntil(lambda: ends == [True], timeout=SLOW)
    assert turns < 4 * MIDDLE * OLD
