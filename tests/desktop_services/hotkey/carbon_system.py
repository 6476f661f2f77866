"""macOS at the calls that Sirocco makes of Carbon: it checks every argument, as the real one isn't here."""

from __future__ import annotations

from ctypes import c_void_p, sizeof
from typing import Any

from app.desktop.hotkey.carbon import CarbonCalls, CarbonHotkey, EventType, Handler, HotkeyNumber

# As Events.h and CarbonEvents.h have them; Qt's Ctrl is Command.
BITS = {"Ctrl": 0x100, "Shift": 0x200, "Alt": 0x800, "Meta": 0x1000}
KEYS = {"Space": 0x31, "F9": 0x65, "F12": 0x6F, "K": 0x28}
EXISTS, PARAMETER_ERROR, NOT_FOUND = -9878, -50, -9870
TARGET = 0x7A11


class CarbonSystem:
    """RegisterEventHotKey and what follows from it."""

    tells_of_others = True

    def __init__(self) -> None:
        self._handlers: dict[int, Any] = {}
        self._own: dict[int, tuple[int, int, int, int]] = {}  # by reference
        self._others: set[tuple[int, int]] = set()
        self._next = 0x1000
        self.fails_with = 0

    def make(self) -> CarbonHotkey:
        calls = CarbonCalls(
            lambda: TARGET,
            self._install,
            self._remove,
            self._register,
            self._unregister,
            self._event_parameter,
        )
        return CarbonHotkey(calls)

    def _reference(self) -> int:
        self._next += 0x10
        return self._next

    def _install(self, target: int, handler: Any, count: int, types: Any, data: object, out: Any) -> int:
        assert target == TARGET
        assert isinstance(handler, Handler)
        assert (count, data) == (1, None)
        assert isinstance(types._obj, EventType)
        assert (types._obj.event_class, types._obj.kind) == (0x6B657962, 5)  # 'keyb', pressed
        assert isinstance(out._obj, c_void_p)
        if self.fails_with:
            return self.fails_with
        out._obj.value = self._reference()
        self._handlers[out._obj.value] = handler
        return 0

    def _remove(self, reference: c_void_p) -> int:
        assert reference.value is not None
        del self._handlers[reference.value]
        return 0

    def _register(
        self, key: int, modifiers: int, number: HotkeyNumber, target: int, options: int, out: Any
    ) -> int:
        assert key in KEYS.values()
        assert modifiers
        assert not modifiers & ~sum(BITS.values())
        assert number.signature == 0x5369726F  # 'Siro'
        assert (target, options) == (TARGET, 0)
        assert isinstance(out._obj, c_void_p)
        owned = {(one[0], one[1]) for one in self._own.values()}
        if self.fails_with or (key, modifiers) in self._others | owned:
            return self.fails_with or EXISTS
        out._obj.value = self._reference()
        self._own[out._obj.value] = (key, modifiers, number.signature, number.number)
        return 0

    def _unregister(self, reference: c_void_p) -> int:
        assert reference.value is not None
        del self._own[reference.value]  # what isn't registered would end the process on a real Mac
        return 0

    def _event_parameter(
        self, event: int, name: int, kind: int, actual: object, size: int, actual_size: object, out: Any
    ) -> int:
        assert (name, kind) == (0x2D2D2D2D, 0x686B6964)  # '----', 'hkid'
        assert (actual, actual_size) == (None, None)
        assert size == sizeof(HotkeyNumber) == 8
        if event not in self._own:
            return NOT_FOUND
        out._obj.signature, out._obj.number = self._own[event][2:]
        return 0

    @staticmethod
    def _combination(chord: str) -> tuple[int, int]:
        *modifiers, key = chord.split("+")
        return KEYS[key], sum(BITS[one] for one in modifiers)

    def press(self, chord: str, repeats: int = 0) -> None:
        combination = self._combination(chord)
        for reference, own in tuple(self._own.items()):
            if own[:2] == combination:
                self.send(reference)

    def send(self, event: int) -> None:
        """Let every handler of the target have the event, as Qt's loop does."""
        for handler in tuple(self._handlers.values()):
            assert handler(None, event, None) == 0

    def take(self, chord: str) -> bool:
        combination = self._combination(chord)
        if combination in {own[:2] for own in self._own.values()}:
            return False
        self._others.add(combination)
        return True

    def give_back(self) -> None:
        self._others.clear()
