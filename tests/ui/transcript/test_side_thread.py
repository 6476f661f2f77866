"""REL-13: a thread beside the GUI's ends with whoever wants it, and with the process at the latest."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.core.errors import ChatError
from app.ui.transcript.side_thread import SideThread

ROOT = Path(__file__).parents[3]
SLOW = 20_000  # ms, a watchdog
# What a test that fails, or a fault at the end, leaves behind: somebody still holds the owner.
LEFT = """
import sys
from functools import partial
from PySide6.QtCore import QCoreApplication, QObject
from app.ui.transcript.side_thread import SideThread

def spin(ended):
    print("began", flush=True)
    ended.wait()
    return 0

application = QCoreApplication([])
owner = QObject()
side = SideThread("side", owner)
side.put(partial(spin, side.ended), print, print)
print("left")
"""


def wait(begun: Event, ended: Event) -> bool:
    begun.set()
    return ended.wait(SLOW / 1000)


def test_jobs_are_done_in_order_and_one_that_fails_stops_none(qtbot: QtBot) -> None:
    owner = QObject()
    side = SideThread("side", owner)
    done: list[object] = []
    failed: list[ChatError] = []

    def fail() -> None:
        raise ValueError("a fault of our own")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "excepthook", lambda *fault: done.append(fault[0]))
        side.put(lambda: 1, done.append, failed.append)
        side.put(fail, done.append, failed.append)
        side.put(lambda: 2, done.append, failed.append)
        qtbot.waitUntil(lambda: done[-1:] == [2], timeout=SLOW)
    assert [type(error).__name__ for error in failed] == ["UnexpectedError"]
    assert [one for one in done if isinstance(one, int)] == [1, 2]
    assert side.shut_down(60.0)


def test_it_ends_with_its_owner_and_tells_nobody_any_more(qtbot: QtBot) -> None:
    owner = QObject()
    side = SideThread("side", owner)
    ended, begun = side.ended, Event()
    told: list[object] = []
    gone: list[None] = []
    side.put(partial(wait, begun, ended), told.append, told.append)
    assert begun.wait(SLOW / 1000)
    owner.destroyed.connect(lambda: gone.append(None))
    owner.deleteLater()
    qtbot.waitUntil(lambda: bool(gone), timeout=SLOW)
    assert ended.is_set()
    assert told == []


def test_a_thread_that_hangs_is_left_behind_and_said_to_be(qtbot: QtBot) -> None:
    owner = QObject()
    side = SideThread("side", owner)
    begun, free = Event(), Event()
    side.put(partial(wait, begun, free), lambda _: None, lambda _: None)
    assert begun.wait(SLOW / 1000)
    assert not side.shut_down(0.01)
    free.set()
    assert side.shut_down(60.0)


def test_REL_13_a_process_that_forgot_it_ends_well() -> None:
    run = subprocess.run(
        [sys.executable, "-c", LEFT], cwd=ROOT, text=True, capture_output=True, check=False, timeout=120
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert "left" in run.stdout
