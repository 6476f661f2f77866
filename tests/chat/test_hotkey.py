"""The hotkey follows the settings, on whatever backend."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from app.chat.hotkey import GlobalHotkey, HotkeyBackend, wanted_chord
from app.core.chord import Chord, parse_chord
from app.core.hotkey import HotkeyState, Standing
from app.core.settings import Settings
from tests.chat.house import House
from tests.desktop_services.hotkey.windows_system import WindowsSystem

USUAL = "Ctrl+Shift+Space"


@pytest.fixture
def system() -> WindowsSystem:
    return WindowsSystem()


@pytest.fixture
def make_hotkey(house: House, system: WindowsSystem) -> Iterator[Callable[[], GlobalHotkey]]:
    made: list[GlobalHotkey] = []

    def make() -> GlobalHotkey:
        house.preferences.set(replace(house.preferences.current, hotkey=USUAL))
        backends: list[HotkeyBackend] = []

        def make_backend(_parent: object) -> HotkeyBackend:
            assert not backends, "one backend is enough"
            backends.append(system.make())
            return backends[-1]

        made.append(GlobalHotkey(house.preferences, make_backend, "sirocco --quick-ask"))
        return made[-1]

    yield make
    for hotkey in made:
        if not hotkey.is_closed:
            assert hotkey.close(60)


def change(house: House, **values: object) -> None:
    house.preferences.set(replace(house.preferences.current, **values))  # type: ignore[arg-type]


def test_nothing_is_bound_before_the_start(
    make_hotkey: Callable[[], GlobalHotkey], system: WindowsSystem
) -> None:
    hotkey = make_hotkey()
    assert hotkey.state == HotkeyState()
    assert system.take(USUAL)
    hotkey.start()
    assert hotkey.state.standing is Standing.TAKEN
    system.give_back()
    hotkey.retry()
    assert hotkey.state == HotkeyState(Standing.BOUND, parse_chord(USUAL))


def test_it_follows_the_settings(
    make_hotkey: Callable[[], GlobalHotkey], house: House, system: WindowsSystem
) -> None:
    hotkey = make_hotkey()
    pressed: list[str] = []
    states: list[HotkeyState] = []
    hotkey.pressed.connect(pressed.append)
    hotkey.changed.connect(states.append)
    hotkey.start()
    change(house, text_size=18)
    system.press(USUAL)
    change(house, hotkey="Ctrl+Shift+F9")
    system.press(USUAL)
    system.press("Ctrl+Shift+F9")
    assert len(pressed) == 2
    change(house, hotkey_paused=True)
    assert hotkey.state == HotkeyState()
    system.press("Ctrl+Shift+F9")
    change(house, hotkey_paused=False)
    assert hotkey.state.standing is Standing.BOUND
    change(house, hotkey="")
    assert hotkey.state == HotkeyState()
    system.press("Ctrl+Shift+F9")
    assert len(pressed) == 2
    assert [one.standing for one in states] == [
        *(Standing.ASKING, Standing.BOUND) * 2,
        Standing.OFF,
        *(Standing.ASKING, Standing.BOUND),
        Standing.OFF,
    ]


def test_while_a_person_records_a_chord_it_is_left_alone(
    make_hotkey: Callable[[], GlobalHotkey], house: House, system: WindowsSystem
) -> None:
    hotkey = make_hotkey()
    hotkey.start()
    hotkey.hold()
    assert system.take(USUAL)
    change(house, hotkey="Ctrl+Shift+F12")
    assert hotkey.state == HotkeyState()
    hotkey.start()
    assert hotkey.state == HotkeyState(Standing.BOUND, Chord("F12", ctrl=True, shift=True))


def test_once_closed_nothing_binds_it_again(
    make_hotkey: Callable[[], GlobalHotkey], house: House, system: WindowsSystem
) -> None:
    hotkey = make_hotkey()
    hotkey.start()
    hotkey.hold()
    assert hotkey.close(60)
    # As a field does that was recording when the app was left.
    hotkey.start()
    hotkey.retry()
    change(house, hotkey="Ctrl+Shift+F9")
    assert hotkey.state == HotkeyState()
    assert system.take(USUAL)
    assert system.take("Ctrl+Shift+F9")


@pytest.mark.parametrize("text", ["", "nonsense", "Ctrl+C", "Space", "Alt+F4"])
def test_a_chord_in_the_file_that_is_no_good_binds_nothing(text: str) -> None:
    assert wanted_chord(Settings(hotkey=text)) is None
    assert wanted_chord(Settings(hotkey=USUAL)) == parse_chord(USUAL)
    assert wanted_chord(Settings(hotkey=USUAL, hotkey_paused=True)) is None
