"""The hotkey by real key events on X: from the press to the window's caret, with the steps in between."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping

from Xlib import XK, X, display
from Xlib.ext import xtest

from build_scripts.bench.children import WATCHDOG, home
from build_scripts.bench.report import Row

PRESSES = 60
WARM_UP = 3
P95 = 0.95
APP, FLOOR = ("Control_L", "Alt_L", "space"), ("Control_L", "Shift_L", "F9")
STEPS = {
    "handled": "hotkey to the app, p95",
    "painted": "hotkey to the painted Quick Ask, p95",
    "focused": "hotkey to the caret in Quick Ask, p95",
}


def hotkey_rows() -> list[Row]:
    """The app's window and an empty one come up in turns, so that both meet the same load."""
    if sys.platform != "linux":
        return []
    took: dict[str, list[float]] = {name: [] for name in STEPS}
    floors: dict[str, list[float]] = {name: [] for name in STEPS}
    child = ("-m", "build_scripts.bench.hotkey_child")
    floor = ("-m", "build_scripts.bench.floors.hotkey", os.environ.get("DISPLAY", ""), "Ctrl+Shift+F9")
    with home("http://127.0.0.1:9/v1") as env, Program(child, env) as app, Program(floor, env) as bare:
        keyboard = Keyboard()
        app.wait_for({"ready"})
        bare.wait_for({"ready"})
        for count in range(PRESSES + WARM_UP):
            for program, chord, found in ((bare, FLOOR, floors), (app, APP, took)):
                pressed = keyboard.press(chord)
                moments = program.wait_for({*STEPS, "hidden"})
                for name in STEPS if count >= WARM_UP else ():
                    found[name].append((moments[name] - pressed) * 1000)
    return [
        Row(work, "ms", tuple(took[name]), 40, "absolute", tuple(floors[name]), share=P95)
        for name, work in STEPS.items()
    ]


class Keyboard:
    """Presses chords by XTEST: to the server they are the keyboard's own."""

    def __init__(self) -> None:
        self._display = display.Display()

    def press(self, chord: tuple[str, ...]) -> float:
        """Press and release the chord; returns the moment before its key went down."""
        *modifiers, key = (self._display.keysym_to_keycode(XK.string_to_keysym(name)) for name in chord)
        for code in modifiers:
            xtest.fake_input(self._display, X.KeyPress, code)
        self._display.sync()
        moment = time.monotonic()
        xtest.fake_input(self._display, X.KeyPress, key)
        self._display.sync()
        for code in (key, *modifiers):
            xtest.fake_input(self._display, X.KeyRelease, code)
        self._display.sync()
        return moment


class Program:
    """A measured program while it runs, and what it says."""

    def __init__(self, words: tuple[str, ...], env: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, *words], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )
        # A press that never leads to a caret ends the measurement instead of halting it.
        self._watchdog = threading.Timer(WATCHDOG, self._process.kill)
        self._watchdog.start()

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *_fault: object) -> None:
        self._watchdog.cancel()
        self._process.terminate()
        self._process.communicate()

    def wait_for(self, names: set[str]) -> dict[str, float]:
        """What it reports under these names, as soon as all are there."""
        found: dict[str, float] = {}
        while names - set(found):
            line = self._process.stdout.readline() if self._process.stdout is not None else ""
            if not line:
                raise RuntimeError("a measured program has ended before its time")
            if line.startswith("{"):
                found |= json.loads(line)
        return found
