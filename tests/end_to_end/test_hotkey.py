"""The hotkey on a real desktop, by real key events: bound, taken by another app, recorded anew."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from Xlib import XK, X, display

from tests.desktop.processes import until
from tests.desktop.session import AppProcess, Desktop, Keyring

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.skipif(sys.platform != "linux", reason="the private desktop is made of Linux's parts"),
]


@pytest.fixture
def desktop(make_desktop: Callable[[Keyring], Desktop]) -> Desktop:
    """No key is needed here, so there is no keyring."""
    return make_desktop(Keyring.ABSENT)


@pytest.fixture
def other(desktop: Desktop) -> Iterator[display.Display]:
    """Another program that has the usual chord."""
    other = display.Display(desktop.env["DISPLAY"])
    keycode = other.keysym_to_keycode(XK.string_to_keysym("space"))
    state = X.ControlMask | X.Mod1Mask
    other.screen().root.grab_key(keycode, state, False, X.GrabModeAsync, X.GrabModeAsync)
    other.sync()
    yield other
    other.close()


@pytest.fixture
def app(desktop: Desktop) -> AppProcess:
    endpoint = {"id": "here", "name": "Here", "base_url": "http://127.0.0.1:9/v1", "default_model": "m"}
    desktop.home.config.mkdir(mode=0o700)
    settings = desktop.home.config / "settings.json"
    settings.write_text(json.dumps({"endpoints": [endpoint]}), encoding="utf-8")
    app = desktop.start_app()
    app.screen.wait_state("Message", "focused")
    return app


def press_once_bound(desktop: Desktop, chord: str) -> None:
    """The chord is bound a moment after the window is there, or the change is made."""
    standing = f"the hotkey {chord.title()} is bound"
    until(lambda: hotkeys(desktop)[-1:] == [standing], "the hotkey")
    desktop.key(chord)
    until(lambda: desktop.windows("^Quick Ask$"), "Quick Ask")


def hotkeys(desktop: Desktop) -> list[str]:
    """How it stood with the hotkey, one time after the other."""
    return re.findall("the hotkey .* is .*", desktop.home.log)


def test_a_chord_that_another_app_has_is_said_and_another_one_recorded(
    desktop: Desktop, other: display.Display, app: AppProcess
) -> None:
    screen = app.screen
    desktop.key("ctrl+comma")
    screen.wait_state("Settings", "active", role="dialog")
    screen.press("Quick Ask", role="radio button")
    screen.find("Ctrl+Shift+Space", role="push button")
    screen.press("Shortcut", role="push button")
    screen.find(pattern="^Escape leaves it as it is")
    desktop.key("ctrl+shift+F9")
    until(
        lambda: screen.find("Shortcut", role="push button").description == "Ctrl+Shift+F9",
        "the recorded chord",
    )
    screen.gone("Ctrl+Shift+Space", role="push button")
    desktop.key("Escape")
    until(lambda: not desktop.windows("^Settings$"), "the end of the dialog")
    press_once_bound(desktop, "ctrl+shift+F9")
    screen.wait_state("Ask", "focused")
    desktop.type("Why")
    screen.wait_text("Ask", "^Why$")
    desktop.key("ctrl+shift+F9")
    until(lambda: not desktop.windows("^Quick Ask$"), "the end of Quick Ask")
    settings = json.loads((desktop.home.config / "settings.json").read_text(encoding="utf-8"))
    assert settings["hotkey"] == "Ctrl+Shift+F9"


@pytest.mark.heavy
def test_it_works_in_a_layout_without_latin_letters_that_is_chosen_while_it_runs(
    desktop: Desktop, app: AppProcess
) -> None:
    press_once_bound(desktop, "ctrl+alt+space")
    desktop.key("ctrl+alt+space")
    until(lambda: not desktop.windows("^Quick Ask$"), "the end of Quick Ask")
    subprocess.run(["setxkbmap", "ru"], env=desktop.env, check=True)
    press_once_bound(desktop, "ctrl+alt+space")
    app.screen.wait_state("Ask", "focused")
