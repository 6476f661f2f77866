"""The hotkey on Windows and macOS, neither of which is here: faults, and messages that aren't its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.core.chord import DIGITS, KEYS, LETTERS
from app.core.hotkey import Obstacle, Standing
from app.desktop.hotkey import carbon_keys, windows
from tests.desktop_services.hotkey.carbon_system import CarbonSystem
from tests.desktop_services.hotkey.heard import Heard
from tests.desktop_services.hotkey.systems import System
from tests.desktop_services.hotkey.windows_system import WM_HOTKEY, WindowsSystem

MakeHeard = Callable[[System], Heard]
CHORD = "Ctrl+Shift+Space"


def test_windows_messages_of_others_are_left_to_them(make_heard: MakeHeard) -> None:
    system = WindowsSystem()
    heard = make_heard(system)
    heard.bind(CHORD)
    assert not system.post(WM_HOTKEY, 7)
    assert not system.post(WM_HOTKEY, 1, kind=b"xcb_generic_event_t")
    assert heard.tokens == []
    assert system.post(WM_HOTKEY, 1)
    assert heard.tokens == [""]


@pytest.mark.parametrize("code", [1400, 5])
def test_windows_says_no_for_another_reason(make_heard: MakeHeard, code: int) -> None:
    system = WindowsSystem()
    system.fails_with = code
    state = make_heard(system).bind(CHORD)
    assert (state.standing, state.obstacle) == (Standing.IMPOSSIBLE, Obstacle.REFUSED)


@pytest.mark.parametrize("code", [-50, -9870])
def test_carbon_says_no_for_another_reason(make_heard: MakeHeard, code: int) -> None:
    system = CarbonSystem()
    system.fails_with = code
    heard = make_heard(system)
    state = heard.bind(CHORD)
    assert (state.standing, state.obstacle) == (Standing.IMPOSSIBLE, Obstacle.REFUSED)
    system.fails_with = 0
    assert heard.bind(CHORD).standing is Standing.BOUND


def test_carbon_events_of_others_are_left_to_them(make_heard: MakeHeard) -> None:
    system = CarbonSystem()
    heard = make_heard(system)
    heard.bind(CHORD)
    system.send(0xBAD)
    assert heard.tokens == []


@pytest.mark.parametrize("chord", ["Ctrl+Alt+Space", "Meta+Space"])
def test_what_macos_hears_itself_counts_as_taken(make_heard: MakeHeard, chord: str) -> None:
    state = make_heard(CarbonSystem()).bind(chord)
    assert state.standing is Standing.TAKEN
    assert len(state.free) == 3


def test_a_key_that_no_mac_has_is_said(make_heard: MakeHeard) -> None:
    state = make_heard(CarbonSystem()).bind("Ctrl+Shift+Pause")
    assert state.standing is Standing.NO_KEY
    assert state.free


def test_every_key_has_a_code_of_its_own() -> None:
    on_windows = {windows.virtual_key_of(key) for key in KEYS}
    assert len(on_windows) == len(KEYS)
    missing = {key for key in KEYS if carbon_keys.virtual_key_of(key) is None}
    assert missing == {"F21", "F22", "F23", "F24", "Pause", "ScrollLock"}
    on_mac = {carbon_keys.virtual_key_of(key) for key in KEYS - missing}
    assert len(on_mac) == len(KEYS) - len(missing)
    assert {windows.virtual_key_of(key): key for key in (*LETTERS, *DIGITS)}[0x41] == "A"
