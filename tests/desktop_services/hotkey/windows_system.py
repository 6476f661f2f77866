"""Windows at the calls that Sirocco makes: it checks every argument, as the real one isn't here."""

from __future__ import annotations

import ctypes
from ctypes import wintypes

import shiboken6
from PySide6.QtCore import QAbstractEventDispatcher, QByteArray

from app.desktop.hotkey.windows import WindowsCalls, WindowsHotkey

# As winuser.h and winerror.h have them.
BITS = {"Alt": 0x1, "Ctrl": 0x2, "Shift": 0x4, "Meta": 0x8}
NO_REPEAT, WM_HOTKEY, WM_TIMER, ALREADY_REGISTERED, INVALID_HANDLE = 0x4000, 0x312, 0x113, 1409, 1400
KEYS = {"Space": 0x20, "F9": 0x78, "F12": 0x7B, "K": 0x4B, "1": 0x31}


class WindowsSystem:
    """RegisterHotKey and what follows from it."""

    tells_of_others = True

    def __init__(self) -> None:
        self._own: dict[int, tuple[int, int]] = {}
        self._others: set[tuple[int, int]] = set()
        self._error = 0
        self.fails_with = 0

    def make(self) -> WindowsHotkey:
        return WindowsHotkey(WindowsCalls(self._register, self._unregister, lambda: self._error))

    def _register(self, window: int | None, number: int, modifiers: int, key: int) -> int:
        assert window is None
        assert 0 <= number <= 0xBFFF
        assert modifiers & NO_REPEAT, "a held key would be heard again and again"
        assert modifiers & 0xF
        assert not modifiers & ~(NO_REPEAT | 0xF)
        assert key in KEYS.values()
        assert number not in self._own, "each number is registered once"
        combination = (modifiers & 0xF, key)
        if self.fails_with or combination in self._others or combination in self._own.values():
            self._error = self.fails_with or ALREADY_REGISTERED
            return 0
        self._own[number] = combination
        return 1

    def _unregister(self, window: int | None, number: int) -> int:
        assert window is None
        assert self._own.pop(number, None) is not None, "only what was registered is given back"
        return 1

    @staticmethod
    def _combination(chord: str) -> tuple[int, int]:
        *modifiers, key = chord.split("+")
        return sum(BITS[one] for one in modifiers), KEYS[key]

    def press(self, chord: str, repeats: int = 0) -> None:
        combination = self._combination(chord)
        self.post(WM_TIMER, 1)
        for number, own in self._own.items():
            if own == combination:
                self.post(WM_HOTKEY, number, combination[1] << 16 | combination[0])
                return

    @staticmethod
    def post(message: int, wparam: int, lparam: int = 0, kind: bytes = b"windows_dispatcher_MSG") -> object:
        """A message of the thread, on the way that Qt sends it through its filters."""
        posted = wintypes.MSG(None, message, wparam, lparam)
        pointer = shiboken6.Shiboken.VoidPtr(ctypes.addressof(posted))
        dispatcher = QAbstractEventDispatcher.instance()
        # The binding wants a place for the result, which its own signature doesn't have.
        return dispatcher.filterNativeEvent(QByteArray(kind), pointer, 0)  # type: ignore[call-arg, arg-type]

    def take(self, chord: str) -> bool:
        if self._combination(chord) in self._own.values():
            return False
        self._others.add(self._combination(chord))
        return True

    def give_back(self) -> None:
        self._others.clear()
