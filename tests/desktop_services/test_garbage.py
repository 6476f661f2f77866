"""What Qt owns a part of is destroyed on the GUI thread, whichever thread made Python look for garbage."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QObject, Qt, QTimer
from pytestqt.qtbot import QtBot

from app.desktop.garbage import MANY, MIDDLE, OLD, YOUNG, Garbage

SLOW = 60_000  # ms, a watchdog


class Ring:
    """Holds itself, and an object of Qt's."""

    def __init__(self, held: QObject) -> None:
        self.held = held
        self.me = self


@pytest.fixture
def parent() -> Iterator[QObject]:
    """What garbage collection belongs to, and ends with."""
    gc.collect()
    gc.enable()
    parent = QObject()
    yield parent
    assert not gc.isenabled()


class Maker(QTimer):
    """Makes more and more objects, in turns of the event loop that have hardly a pause between them."""

    def __init__(self) -> None:
        super().__init__(interval=0)
        self.turns = 0
        self._kept: list[object] = []
        self.timeout.connect(self._make)

    def _make(self) -> None:
        self.turns += 1
        self._kept.append(make_rings(2 * YOUNG))


@contextmanager
def looks() -> Iterator[list[int]]:
    """The generations that are looked through meanwhile."""
    found: list[int] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "stop":
            found.append(info["generation"])

    gc.callbacks.append(note)
    try:
        yield found
    finally:
        gc.callbacks.remove(note)


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


def test_no_other_thread_destroys_what_is_qts(qtbot: QtBot, parent: QObject) -> None:
    Garbage(parent)
    ends = drop_ring()
    kept: list[object] = []
    thread = threading.Thread(target=lambda: kept.append(make_rings(3 * YOUNG)))
    thread.start()
    thread.join()
    assert ends == []
    qtbot.waitUntil(lambda: ends == [True], timeout=SLOW)


@pytest.mark.parametrize(("awhile", "generations"), [(60.0, []), (0.0, [0])])
def test_a_flood_of_new_ones_is_left_alone_for_a_while(
    qtbot: QtBot, parent: QObject, awhile: float, generations: list[int]
) -> None:
    Garbage(parent, flood=2 * MANY, awhile=awhile)
    with looks() as found:
        many = make_rings(3 * MANY)
        qtbot.wait(10)
        assert found == generations
        del many


def test_many_new_ones_are_looked_through_when_the_work_is_done(qtbot: QtBot, parent: QObject) -> None:
    # So code that is loaded for the first answer isn't, while that answer grows.
    Garbage(parent, rest=2.0, awhile=0.0)
    ring, many, maker = Ring(QTimer()), make_rings(2 * MANY), Maker()
    with looks() as found:
        maker.start()
        qtbot.waitUntil(lambda: maker.turns > 5, timeout=SLOW)
        maker.stop()
        assert found == []
        held = ring.held
        with qtbot.waitSignal(held.destroyed, timeout=SLOW):
            del ring, held
    assert found == [2]
    del many


def test_only_what_is_new_is_looked_through_while_there_is_work(qtbot: QtBot, parent: QObject) -> None:
    Garbage(parent, rest=0.25)
    maker = Maker()
    with looks() as found:
        maker.start()
        qtbot.waitUntil(lambda: maker.turns > 3 * MIDDLE * OLD, timeout=SLOW)
        maker.stop()
    assert {0, 1} == set(found)
    assert found.count(1) > 2 * OLD


def test_what_has_grown_old_is_found_when_the_work_is_done(qtbot: QtBot, parent: QObject) -> None:
    Garbage(parent, rest=0.5)
    ring, maker = Ring(QTimer()), Maker()
    maker.start()
    qtbot.waitUntil(lambda: maker.turns > 2 * MIDDLE * OLD, timeout=SLOW)
    maker.stop()
    held = ring.held
    with looks() as found, qtbot.waitSignal(held.destroyed, timeout=SLOW):
        del ring, held
    assert 2 in found


def test_what_has_grown_old_is_found_at_last_where_the_work_never_ends(qtbot: QtBot, parent: QObject) -> None:
    Garbage(parent, rest=0.01, latest=0.0)
    ring, maker = Ring(QTimer()), Maker()
    maker.start()
    qtbot.waitUntil(lambda: maker.turns > 2 * MIDDLE, timeout=SLOW)
    ends: list[bool] = []
    ring.held.destroyed.connect(lambda: ends.append(True))
    del ring
    qtbot.waitUntil(lambda: ends == [True], timeout=SLOW)
    maker.stop()
