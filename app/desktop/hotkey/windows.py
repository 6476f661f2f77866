"""A chord that Windows reports to this program's thread."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import wintypes
from typing import NamedTuple

from PySide6.QtCore import QAbstractEventDispatcher, QAbstractNativeEventFilter, QByteArray, QObject

from app.chat.hotkey import HotkeyBackend
from app.core.chord import DIGITS, FUNCTION_KEYS, LETTERS, Chord
from app.core.hotkey import HotkeyState, Obstacle, Standing
from app.desktop.hotkey.suggestions import free_chords

# From winuser.h and winerror.h.
MOD_ALT, MOD_CONTROL, MOD_SHIFT, MOD_WIN, MOD_NOREPEAT = 0x1, 0x2, 0x4, 0x8, 0x4000
WM_HOTKEY = 0x0312
ERROR_HOTKEY_ALREADY_REGISTERED = 1409
VK_F1 = 0x70
_VIRTUAL_KEYS = {
    "Tab": 0x09,
    "Return": 0x0D,
    "Pause": 0x13,
    "Space": 0x20,
    "PgUp": 0x21,
    "PgDown": 0x22,
    "End": 0x23,
    "Home": 0x24,
    "Left": 0x25,
    "Up": 0x26,
    "Right": 0x27,
    "Down": 0x28,
    "Ins": 0x2D,
    "Del": 0x2E,
    "ScrollLock": 0x91,
}

HOTKEY_ID, TRIAL_ID = 1, 2  # below 0xC000, as an application's own must be
# Qt says the second of a hotkey's message, and has said the first.
KINDS = frozenset({b"windows_generic_MSG", b"windows_dispatcher_MSG"})


class WindowsCalls(NamedTuple):
    """What of Windows is called: RegisterHotKey, UnregisterHotKey, GetLastError."""

    register: Callable[[int | None, int, int, int], int]
    unregister: Callable[[int | None, int], int]
    last_error: Callable[[], int]


def windows_calls() -> WindowsCalls:
    """The real ones."""
    user32 = ctypes.WinDLL("user32", use_last_error=True)  # type: ignore[attr-defined]  # on Windows alone
    user32.RegisterHotKey.argtypes = (wintypes.HWND, ctypes.c_int, wintypes.UINT, wintypes.UINT)
    user32.RegisterHotKey.restype = wintypes.BOOL
    user32.UnregisterHotKey.argtypes = (wintypes.HWND, ctypes.c_int)
    user32.UnregisterHotKey.restype = wintypes.BOOL
    last_error = ctypes.get_last_error  # type: ignore[attr-defined]  # as above
    return WindowsCalls(user32.RegisterHotKey, user32.UnregisterHotKey, last_error)


class WindowsHotkey(HotkeyBackend):
    """Registers the chord for the GUI thread, without a window: its message is posted to that thread."""

    def __init__(self, calls: WindowsCalls, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._calls = calls
        self._filter = _Filter(self.pressed.emit)
        self._is_bound = False

    def bind(self, chord: Chord) -> None:
        self.unbind()
        match self._register(HOTKEY_ID, chord):
            case 0:
                self._is_bound = True
                QAbstractEventDispatcher.instance().installNativeEventFilter(self._filter)
                self.settled.emit(HotkeyState(Standing.BOUND, chord))
            case code if code == ERROR_HOTKEY_ALREADY_REGISTERED:
                self.settled.emit(
                    HotkeyState(Standing.TAKEN, chord, free=free_chords(chord, self._can_be_had))
                )
            case _:
                self.settled.emit(HotkeyState(Standing.IMPOSSIBLE, chord, Obstacle.REFUSED))

    def unbind(self) -> None:
        if self._is_bound:
            self._is_bound = False
            self._calls.unregister(None, HOTKEY_ID)
            QAbstractEventDispatcher.instance().removeNativeEventFilter(self._filter)

    def close(self, seconds: float) -> bool:
        self.unbind()
        return True

    def _register(self, number: int, chord: Chord) -> int:
        """Register, and return 0 or why that isn't possible."""
        held = MOD_CONTROL * chord.ctrl | MOD_ALT * chord.alt | MOD_SHIFT * chord.shift | MOD_WIN * chord.meta
        done = self._calls.register(None, number, held | MOD_NOREPEAT, virtual_key_of(chord.key))
        return 0 if done else self._calls.last_error()

    def _can_be_had(self, chord: Chord) -> bool:
        is_free = self._register(TRIAL_ID, chord) == 0
        if is_free:
            self._calls.unregister(None, TRIAL_ID)
        return is_free


class _Filter(QAbstractNativeEventFilter):
    """Picks the hotkey's message out of the thread's."""

    def __init__(self, pressed: Callable[[str], None]) -> None:
        super().__init__()
        self._pressed = pressed

    def nativeEventFilter(
        self, kind: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> tuple[bool, int]:
        if QByteArray(kind).data() in KINDS:
            told = wintypes.MSG.from_address(int(message))
            if told.message == WM_HOTKEY and told.wParam == HOTKEY_ID:
                self._pressed("")
                return True, 0
        return False, 0


def virtual_key_of(key: str) -> int:
    """The virtual-key code of a key of app.core.chord.KEYS."""
    if key in LETTERS or key in DIGITS:
        return ord(key)
    if key in FUNCTION_KEYS:
        return VK_F1 + FUNCTION_KEYS.index(key)
    return _VIRTUAL_KEYS[key]
