"""A chord that macOS reports to this program, through the one part of Carbon that has no successor."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import CFUNCTYPE, POINTER, byref, c_int32, c_size_t, c_uint32, c_void_p, sizeof
from typing import Any, NamedTuple

from PySide6.QtCore import QObject

from app.chat.hotkey import HotkeyBackend
from app.core.chord import Chord
from app.core.hotkey import HotkeyState, Obstacle, Standing
from app.desktop.hotkey.carbon_keys import virtual_key_of
from app.desktop.hotkey.suggestions import free_chords

LIBRARY = "/System/Library/Frameworks/Carbon.framework/Carbon"
# From CarbonEvents.h, CarbonEventsCore.h and Events.h. Qt's Ctrl is Command and its Meta is Control there.
COMMAND, SHIFT, OPTION, CONTROL = 0x100, 0x200, 0x800, 0x1000
NO_ERROR, EXISTS_ERROR = 0, -9878
SIGNATURE = int.from_bytes(b"Siro", "big")
KEYBOARD_CLASS, PRESSED_KIND = int.from_bytes(b"keyb", "big"), 5
DIRECT_OBJECT, HOTKEY_ID_TYPE = int.from_bytes(b"----", "big"), int.from_bytes(b"hkid", "big")
# The system itself hears these before any app, and Carbon doesn't say so: Spotlight, the Finder's search,
# the changes of the input source, the emoji.
_SYSTEMS = frozenset(
    {
        Chord("Space", ctrl=True),
        Chord("Space", ctrl=True, alt=True),
        Chord("Space", meta=True),
        Chord("Space", meta=True, alt=True),
        Chord("Space", meta=True, ctrl=True),
    }
)

Handler = CFUNCTYPE(c_int32, c_void_p, c_void_p, c_void_p)


class EventType(ctypes.Structure):
    """EventTypeSpec."""

    _fields_ = (("event_class", c_uint32), ("kind", c_uint32))


class HotkeyNumber(ctypes.Structure):
    """EventHotKeyID."""

    _fields_ = (("signature", c_uint32), ("number", c_uint32))


class CarbonCalls(NamedTuple):
    """What of Carbon is called: GetApplicationEventTarget, InstallEventHandler, RemoveEventHandler,
    RegisterEventHotKey, UnregisterEventHotKey, GetEventParameter.
    """

    application_target: Callable[[], int | None]
    install_handler: Callable[..., int]
    remove_handler: Callable[[c_void_p], int]
    register: Callable[..., int]
    unregister: Callable[[c_void_p], int]
    event_parameter: Callable[..., int]


def carbon_calls() -> CarbonCalls:
    """The real ones."""
    carbon = ctypes.CDLL(LIBRARY)
    event_type, out = POINTER(EventType), POINTER(c_void_p)
    signatures: dict[str, tuple[Any, tuple[Any, ...]]] = {
        "GetApplicationEventTarget": (c_void_p, ()),
        "InstallEventHandler": (c_int32, (c_void_p, Handler, c_size_t, event_type, c_void_p, out)),
        "RemoveEventHandler": (c_int32, (c_void_p,)),
        "RegisterEventHotKey": (c_int32, (c_uint32, c_uint32, HotkeyNumber, c_void_p, c_uint32, out)),
        "UnregisterEventHotKey": (c_int32, (c_void_p,)),
        "GetEventParameter": (
            c_int32,
            (c_void_p, c_uint32, c_uint32, c_void_p, c_size_t, c_void_p, c_void_p),
        ),
    }
    for name, (result, arguments) in signatures.items():
        getattr(carbon, name).restype, getattr(carbon, name).argtypes = result, arguments
    return CarbonCalls(*(getattr(carbon, name) for name in signatures))


class CarbonHotkey(HotkeyBackend):
    """Registers the chord with the application's event target, whose events Qt's loop sends on."""

    def __init__(self, calls: CarbonCalls, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._calls = calls
        self._handler = Handler(self._on_event)  # Carbon keeps its address alone
        self._installed: c_void_p | None = None
        self._registered: c_void_p | None = None
        self._number = 0

    def bind(self, chord: Chord) -> None:
        self.unbind()
        if self._installed is None and not self._install():
            self.settled.emit(HotkeyState(Standing.IMPOSSIBLE, chord, Obstacle.REFUSED))
            return
        if virtual_key_of(chord.key) is None:
            free = free_chords(chord, self._can_be_had)
            self.settled.emit(HotkeyState(Standing.NO_KEY, chord, free=free))
            return
        code, self._registered = self._register(chord)
        if code == NO_ERROR:
            self.settled.emit(HotkeyState(Standing.BOUND, chord))
        elif code == EXISTS_ERROR:
            self.settled.emit(HotkeyState(Standing.TAKEN, chord, free=free_chords(chord, self._can_be_had)))
        else:
            self.settled.emit(HotkeyState(Standing.IMPOSSIBLE, chord, Obstacle.REFUSED))

    def unbind(self) -> None:
        registered, self._registered = self._registered, None
        if registered is not None:
            self._calls.unregister(registered)

    def close(self, seconds: float) -> bool:
        self.unbind()
        installed, self._installed = self._installed, None
        if installed is not None:
            self._calls.remove_handler(installed)
        return True

    def _install(self) -> bool:
        pressed, installed = EventType(KEYBOARD_CLASS, PRESSED_KIND), c_void_p()
        target = self._calls.application_target()
        code = self._calls.install_handler(target, self._handler, 1, byref(pressed), None, byref(installed))
        self._installed = installed if code == NO_ERROR else None
        return code == NO_ERROR

    def _register(self, chord: Chord) -> tuple[int, c_void_p | None]:
        """Register under a new number; returns Carbon's code and, where that is NO_ERROR, the reference."""
        if chord in _SYSTEMS:
            return EXISTS_ERROR, None
        self._number += 1
        held = COMMAND * chord.ctrl | OPTION * chord.alt | SHIFT * chord.shift | CONTROL * chord.meta
        number, registered = HotkeyNumber(SIGNATURE, self._number), c_void_p()
        target = self._calls.application_target()
        key = virtual_key_of(chord.key)
        code = self._calls.register(key, held, number, target, 0, byref(registered))
        return code, registered if code == NO_ERROR else None

    def _can_be_had(self, chord: Chord) -> bool:
        code, registered = self._register(chord)
        if registered is not None:
            self._calls.unregister(registered)
        return code == NO_ERROR

    def _on_event(self, _next: int | None, event: int | None, _data: int | None) -> int:
        found = HotkeyNumber()
        code = self._calls.event_parameter(
            event, DIRECT_OBJECT, HOTKEY_ID_TYPE, None, sizeof(found), None, byref(found)
        )
        is_ours = (found.signature, found.number) == (SIGNATURE, self._number)
        if code == NO_ERROR and is_ours and self._registered is not None:
            self.pressed.emit("")
        return NO_ERROR
