"""What every backend of the hotkey keeps, on each system that is here or stood in for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from app.core.hotkey import Standing
from tests.desktop_services.hotkey.heard import WAIT, Heard, chord
from tests.desktop_services.hotkey.systems import System

CHORD = "Ctrl+Alt+Shift+Space"


def test_a_bound_chord_is_heard_once_each_press(system: System, heard: Heard) -> None:
    state = heard.bind(CHORD)
    assert (state.standing, state.chord) == (Standing.BOUND, chord(CHORD))
    for count in (1, 2, 3):
        system.press(CHORD)
        heard.wait_for_presses(count)
    assert len(heard.tokens) == 3
    assert heard.states == [state]


def test_a_held_chord_is_heard_once(system: System, heard: Heard) -> None:
    heard.bind(CHORD)
    system.press(CHORD, repeats=3)
    heard.wait_for_presses(1)
    system.press(CHORD)
    heard.wait_for_presses(2)
    assert len(heard.tokens) == 2


def test_other_keys_are_not_heard(system: System, heard: Heard) -> None:
    heard.bind(CHORD)
    for other in ("Ctrl+Space", "Ctrl+Alt+Space", "Ctrl+Alt+K"):
        system.press(other)
    system.press(CHORD)
    heard.wait_for_presses(1)
    assert len(heard.tokens) == 1


def test_another_chord_takes_the_place_of_the_first(system: System, heard: Heard) -> None:
    heard.bind(CHORD)
    assert heard.bind("Ctrl+Shift+F9").standing is Standing.BOUND
    system.press(CHORD)
    system.press("Ctrl+Shift+F9")
    heard.wait_for_presses(1)
    assert len(heard.tokens) == 1


def test_what_is_unbound_is_not_heard_and_can_be_had_by_others(
    qtbot: QtBot, system: System, heard: Heard
) -> None:
    heard.bind(CHORD)
    count = len(heard.states)
    heard.backend.unbind()
    qtbot.waitUntil(lambda: system.take(CHORD), timeout=WAIT)
    system.give_back()
    system.press(CHORD)
    heard.bind("Ctrl+Shift+F9")
    system.press("Ctrl+Shift+F9")
    heard.wait_for_presses(1)
    assert len(heard.tokens) == 1
    assert [one.chord for one in heard.states[count:]] == [chord("Ctrl+Shift+F9")]


def test_a_taken_chord_is_said_with_alternatives_that_can_be_had(
    system: System, make_heard: Callable[[System], Heard]
) -> None:
    if not system.tells_of_others:
        pytest.skip("this system chooses another chord itself")
    for text in (CHORD, "Ctrl+Shift+Space"):
        assert system.take(text)
    heard = make_heard(system)
    state = heard.bind(CHORD)
    assert (state.standing, state.chord) == (Standing.TAKEN, chord(CHORD))
    assert len(state.free) == 3
    assert chord(CHORD) not in state.free
    assert chord("Ctrl+Shift+Space") not in state.free
    for free in state.free:
        assert heard.bind(str(free)).standing is Standing.BOUND
    # Trying them has left nothing behind.
    heard.backend.unbind()
    assert all(system.take(str(free)) for free in state.free)


def test_a_chord_that_others_have_left_can_be_bound(system: System, heard: Heard) -> None:
    if not system.tells_of_others:
        pytest.skip("this system chooses another chord itself")
    assert system.take(CHORD)
    assert heard.bind(CHORD).standing is Standing.TAKEN
    system.give_back()
    assert heard.bind(CHORD).standing is Standing.BOUND
    system.press(CHORD)
    heard.wait_for_presses(1)


def test_closing_leaves_the_chord_to_others(qtbot: QtBot, system: System, heard: Heard) -> None:
    heard.bind(CHORD)
    assert heard.backend.close(10)
    qtbot.waitUntil(lambda: system.take(CHORD), timeout=WAIT)
