"""Which way to a hotkey this system has."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from PySide6.QtCore import QObject

from app.chat.hotkey import HotkeyBackend
from app.core.chord import Chord
from app.core.hotkey import HotkeyState, Obstacle, Standing
from app.desktop.paths import APP_ID


def hotkey_backend(
    environment: Mapping[str, str], description: str, parent: QObject, platform: str = sys.platform
) -> HotkeyBackend:
    """The backend for this system; only what it needs is loaded.

    In a Wayland session it is the portal or none: X11 programs may run there too, but a grab of the X
    server hears nothing of the keys that go to all others. `description` is what a desktop shows the person
    as what the chord does.
    """
    if platform == "win32":
        from app.desktop.hotkey.windows import WindowsHotkey, windows_calls

        return WindowsHotkey(windows_calls(), parent)
    if platform == "darwin":
        from app.desktop.hotkey.carbon import CarbonHotkey, carbon_calls

        return CarbonHotkey(carbon_calls(), parent)
    if is_wayland(environment):
        from app.desktop.hotkey.portal import PortalHotkey
        from app.desktop.message_bus import session_bus_address

        return PortalHotkey(session_bus_address(environment), APP_ID, description, parent)
    if display := environment.get("DISPLAY"):
        from app.desktop.hotkey.x11 import X11Hotkey

        return X11Hotkey(display, parent)
    return NoHotkey(parent)


def is_wayland(environment: Mapping[str, str]) -> bool:
    """True in a Wayland session, also for a program that is told to be an X11 one there."""
    return bool(environment.get("WAYLAND_DISPLAY")) or environment.get("XDG_SESSION_TYPE") == "wayland"


class NoHotkey(HotkeyBackend):
    """For a system without any way."""

    def bind(self, chord: Chord) -> None:
        self.settled.emit(HotkeyState(Standing.IMPOSSIBLE, chord, Obstacle.NO_BACKEND))

    def unbind(self) -> None:
        """There is nothing to undo."""

    def close(self, seconds: float) -> bool:
        return True
