"""An X server with a keyboard that tests press, and another program with grabs of its own."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from Xlib import XK, X, display, error
from Xlib.ext import xtest

from app.desktop.hotkey.x11 import X11Hotkey
from app.desktop.x_server import XServer
from tests.desktop.processes import Processes, until

KEYSYMS = {
    "Ctrl": "Control_L",
    "Alt": "Alt_L",
    "Shift": "Shift_L",
    "Meta": "Super_L",
    "Space": "space",
    "Ins": "Insert",
}
MASKS = {"Ctrl": X.ControlMask, "Alt": X.Mod1Mask, "Shift": X.ShiftMask, "Meta": X.Mod4Mask}


class X11System:
    """Keys are pressed by the XTEST extension: the server treats them as the keyboard's own."""

    tells_of_others = True

    def __init__(self, processes: Processes, *options: str) -> None:
        """`options` are Xvfb's."""
        read, write = os.pipe()
        with os.fdopen(read, "rb") as answer:
            words = ["Xvfb", "-displayfd", str(write), "-screen", "0", "640x480x24", "-nolisten", "tcp"]
            self._server = processes.start(
                [*words, "-noreset", *options], dict(os.environ), pass_fds=(write,)
            )
            os.close(write)
            number = answer.readline().decode().strip()
        assert number, "Xvfb did not start"
        self.name = f":{number}"
        # Made first: other programs are let in as Qt's own connections are.
        XServer(self.name).close()
        self.other = display.Display(self.name)
        self._taken: list[tuple[int, int]] = []

    def make(self) -> X11Hotkey:
        return X11Hotkey(self.name)

    def keycode(self, key: str) -> int:
        sign = XK.string_to_keysym(KEYSYMS.get(key, key if len(key) > 1 else key.lower()))
        found: int = self.other.keysym_to_keycode(sign)
        assert found, f"no key writes {key}"
        return found

    def press(self, chord: str, repeats: int = 0) -> None:
        *modifiers, key = chord.split("+")
        _pass_time(0.003)  # a release and a press of the same millisecond are a held key's
        with self.held(*modifiers):
            self.press_keycode(self.keycode(key), repeats)

    def press_keycode(self, keycode: int, repeats: int = 0) -> None:
        """Press one key; the server itself repeats what is held."""
        self._fake(X.KeyPress, keycode)
        if repeats:
            self._wait_for_repeats(keycode, repeats)
        self._fake(X.KeyRelease, keycode)

    def _wait_for_repeats(self, keycode: int, repeats: int) -> None:
        """Repeating begins after 0.66 s and goes on each 0.04 s; only that the key is still down is asked."""
        _pass_time(0.66 + 0.05 * repeats)
        assert self.other.query_keymap()[keycode // 8] >> keycode % 8 & 1

    @contextmanager
    def held(self, *modifiers: str) -> Iterator[None]:
        codes = [self.keycode(one) for one in modifiers]
        for code in codes:
            self._fake(X.KeyPress, code)
        try:
            yield
        finally:
            for code in reversed(codes):
                self._fake(X.KeyRelease, code)

    def _fake(self, kind: int, keycode: int) -> None:
        xtest.fake_input(self.other, kind, keycode)
        self.other.sync()

    def take(self, chord: str) -> bool:
        *modifiers, key = chord.split("+")
        state, keycode = sum(MASKS[one] for one in modifiers), self.keycode(key)
        caught = error.CatchError(error.BadAccess)
        root: Any = self.other.screen().root
        root.grab_key(keycode, state, False, X.GrabModeAsync, X.GrabModeAsync, onerror=caught)
        self.other.sync()
        if caught.get_error() is not None:
            return False
        self._taken.append((keycode, state))
        return True

    def give_back(self) -> None:
        for keycode, state in self._taken:
            self.other.screen().root.ungrab_key(keycode, state)
        self._taken.clear()
        self.other.sync()

    def lay_out(self, *words: str) -> None:
        """Change the keyboard's layout, as a person's settings do."""
        subprocess.run(["setxkbmap", "-display", self.name, *words], check=True)
        # This connection, too, must know where the keys are now.
        info = self.other.display.info
        first, last = info.min_keycode, info.max_keycode
        self.other._update_keymap(first, last - first + 1)

    def end(self) -> None:
        """End the server, as a crash or a log-out does."""
        self.other.close()
        self._server.kill()
        self._server.wait()


def _pass_time(seconds: float) -> None:
    end = time.monotonic() + seconds
    until(lambda: time.monotonic() > end, "time")
