"""A signal is heard at every moment from the one on in which somebody begins to listen."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from pytestqt.qtbot import QtBot

from app.desktop.quit_signals import WATCHED, QuitSignals

CHANGE = "<built-in function signal>"  # what `signal.signal` stands for

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@pytest.fixture
def before() -> Iterator[list[int]]:
    """What came to whom the signals belonged before."""
    heard: list[int] = []
    kept = {number: signal.signal(number, lambda number, _frame: heard.append(number)) for number in WATCHED}
    yield heard
    for number, handler in kept.items():
        signal.signal(number, handler)


@contextmanager
def after_each_change(do: Callable[[], object]) -> Iterator[None]:
    """Do this whenever a signal has got another handler."""

    def profile(_frame: object, event: str, called: object) -> None:
        if event == "c_return" and repr(called) == CHANGE:
            do()

    sys.setprofile(profile)
    try:
        yield
    finally:
        sys.setprofile(None)


def test_a_signal_wakes_the_event_loop(qtbot: QtBot, before: list[int]) -> None:
    signals = QuitSignals()
    for number in WATCHED:
        with qtbot.waitSignal(signals.asked):
            signal.raise_signal(number)
    signals.stop()
    assert before == []
    signal.raise_signal(signal.SIGTERM)
    assert before == [signal.SIGTERM]


def test_a_signal_that_comes_while_the_handlers_change_is_not_lost(qtbot: QtBot, before: list[int]) -> None:
    with after_each_change(lambda: signal.raise_signal(signal.SIGTERM)):
        signals = QuitSignals()
    # The first one came to the handler of before, the second to the new one.
    assert before == [signal.SIGTERM]
    with qtbot.waitSignal(signals.asked):
        pass
    signals.stop()
