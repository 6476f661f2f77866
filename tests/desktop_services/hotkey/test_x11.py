"""The hotkey on X: locks, layouts, and a server that ends."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from Xlib import X

from app.core.hotkey import Obstacle, Standing
from app.desktop.hotkey.x11 import X11Hotkey
from tests.desktop.processes import Processes
from tests.desktop_services.hotkey.heard import WAIT, Heard, chord
from tests.desktop_services.hotkey.systems import System
from tests.desktop_services.hotkey.x11_system import X11System

CHORD = "Ctrl+Alt+Space"
RIGHT_ALT = 108  # the key; what it does is the layout's
MakeHeard = Callable[[System], Heard]
# python-xlib leaves it to Python's memory management to close a socket on which nobody answered.
leaves_a_socket = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.mark.parametrize("locks", [["Num_Lock"], ["Caps_Lock"], ["Num_Lock", "Caps_Lock"]])
def test_it_is_heard_whatever_is_locked(x11: X11System, make_heard: MakeHeard, locks: list[str]) -> None:
    heard = make_heard(x11)
    heard.bind(CHORD)
    for lock in locks:
        x11.press(lock)
    mask = x11.other.screen().root.query_pointer().mask
    x11.press(CHORD)
    for lock in locks:
        x11.press(lock)
    heard.wait_for_presses(1)
    assert bool(mask & X.LockMask) is ("Caps_Lock" in locks)
    assert bool(mask & X.Mod2Mask) is ("Num_Lock" in locks)


def test_a_grab_of_one_state_by_another_app_is_a_conflict(x11: X11System, make_heard: MakeHeard) -> None:
    """Without it the chord would work until the person presses Num Lock."""
    root = x11.other.screen().root
    state = X.ControlMask | X.Mod1Mask | X.Mod2Mask
    root.grab_key(x11.keycode("Space"), state, False, X.GrabModeAsync, X.GrabModeAsync)
    x11.other.sync()
    assert make_heard(x11).bind(CHORD).standing is Standing.TAKEN
    root.ungrab_key(x11.keycode("Space"), state)
    # Nothing was left of the attempt.
    assert x11.take(CHORD)


def test_the_key_is_found_again_when_the_layout_changes(x11: X11System, make_heard: MakeHeard) -> None:
    heard = make_heard(x11)
    before = x11.keycode("Y")
    heard.bind("Ctrl+Shift+Y")
    x11.lay_out("de")
    assert x11.keycode("Y") != before
    heard.qtbot.waitUntil(lambda: len(heard.states) == 2, timeout=WAIT)
    x11.press("Ctrl+Shift+Y")
    heard.wait_for_presses(1)
    with x11.held("Ctrl", "Shift"):
        x11.press_keycode(before)
    x11.press("Ctrl+Shift+Y")
    heard.wait_for_presses(2)
    assert len(heard.tokens) == 2


@pytest.mark.parametrize("layout", ["ru", "gr", "us,ru", "ru,us", "il", "dvorak"])
def test_a_letter_works_in_every_layout(x11: X11System, make_heard: MakeHeard, layout: str) -> None:
    x11.lay_out(*(["us", "-variant", "dvorak"] if layout == "dvorak" else [layout]))
    heard = make_heard(x11)
    assert heard.bind("Ctrl+Shift+K").standing is Standing.BOUND
    with x11.held("Ctrl", "Shift"):
        # Where no layout has Latin letters, it is the key that is K in the United States.
        x11.press_keycode(x11.other.keysym_to_keycode(ord("k")) or 45)
    heard.wait_for_presses(1)


def test_it_is_heard_while_the_second_layout_is_on(x11: X11System, make_heard: MakeHeard) -> None:
    x11.lay_out("us,ru", "-option", "grp:toggle")
    heard = make_heard(x11)
    heard.bind(CHORD)
    x11.press_keycode(RIGHT_ALT)
    group = x11.other.screen().root.query_pointer().mask >> 13 & 3
    x11.press(CHORD)
    heard.wait_for_presses(1)
    x11.press_keycode(RIGHT_ALT)
    assert group == 1


def test_a_key_that_the_keyboard_does_not_have_is_said(x11: X11System, make_heard: MakeHeard) -> None:
    keycode = x11.keycode("Pause")
    x11.other.change_keyboard_mapping(keycode, [[0] * 4])
    x11.other.sync()
    state = make_heard(x11).bind("Ctrl+Pause")
    assert state.standing is Standing.NO_KEY
    assert state.free


@leaves_a_socket
def test_without_a_server_it_is_impossible(make_heard: MakeHeard, x11: X11System) -> None:
    class Gone(X11System):
        def __init__(self) -> None:
            self.name = ":4711"

    state = make_heard(Gone()).bind(CHORD)
    assert (state.standing, state.obstacle) == (Standing.IMPOSSIBLE, Obstacle.NO_DISPLAY)


@leaves_a_socket
def test_a_server_that_ends_is_survived(processes: Processes, make_heard: MakeHeard) -> None:
    own = X11System(processes)
    heard = make_heard(own)
    assert heard.bind(CHORD).standing is Standing.BOUND
    own.end()
    heard.qtbot.waitUntil(lambda: len(heard.states) == 2, timeout=WAIT)
    assert heard.states[-1].obstacle is Obstacle.NO_DISPLAY
    assert heard.bind(CHORD).obstacle is Obstacle.NO_DISPLAY


@pytest.mark.parametrize("host", [b"a-name-of-before", b""])
def test_a_cookie_for_any_host_opens_the_server(
    tmp_path: Path,
    processes: Processes,
    make_heard: MakeHeard,
    monkeypatch: pytest.MonkeyPatch,
    host: bytes,
) -> None:
    """As display managers write it for hosts that change their name after the log-in."""
    wild, cookie = 65535, b"0123456789abcdef"
    parts = (host, b"", b"MIT-MAGIC-COOKIE-1", cookie)
    entry = struct.pack(">H", wild) + b"".join(struct.pack(">H", len(part)) + part for part in parts)
    authority = tmp_path / "Xauthority"
    authority.write_bytes(entry)
    monkeypatch.setenv("XAUTHORITY", str(authority))
    own = X11System(processes, "-auth", str(authority))
    heard = make_heard(own)
    assert heard.bind(CHORD).standing is Standing.BOUND
    own.press(CHORD)
    heard.wait_for_presses(1)
    heard.backend.unbind()
    own.end()


def test_binding_anew_while_the_chord_is_held_counts_the_next_press(
    x11: X11System, make_heard: MakeHeard
) -> None:
    heard = make_heard(x11)
    heard.bind(CHORD)
    with x11.held("Ctrl", "Alt", "Space"):
        heard.wait_for_presses(1)
        heard.bind(CHORD)
    x11.press(CHORD)
    heard.wait_for_presses(2)
    assert len(heard.tokens) == 2
    assert isinstance(heard.backend, X11Hotkey)
    assert heard.states[-1].chord == chord(CHORD)
