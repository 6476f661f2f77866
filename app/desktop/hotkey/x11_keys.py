"""The X server's names and places of keys."""

from __future__ import annotations

from app.core.chord import DIGITS, LETTERS, US_PLACES

# From keysymdef.h of the X11 protocol.
_KEYSYMS = {
    "Space": 0x20,
    "Tab": 0xFF09,
    "Return": 0xFF0D,
    "Pause": 0xFF13,
    "ScrollLock": 0xFF14,
    "Home": 0xFF50,
    "Left": 0xFF51,
    "Up": 0xFF52,
    "Right": 0xFF53,
    "Down": 0xFF54,
    "PgUp": 0xFF55,
    "PgDown": 0xFF56,
    "End": 0xFF57,
    "Ins": 0xFF63,
    "Del": 0xFFFF,
}
_F1 = 0xFFBE
NUM_LOCK = frozenset({0xFF7F})
SCROLL_LOCK = frozenset({0xFF14})
ALT = frozenset({0xFFE9, 0xFFEA})
SUPER = frozenset({0xFFEB, 0xFFEC})

# Where a keyboard for a script without Latin letters would have them.
_US_KEYCODES = {key: place for place, key in US_PLACES.items()}


def keysym_of(key: str) -> int:
    """The keysym of a key of app.core.chord.KEYS, without Shift."""
    if key in LETTERS or key in DIGITS:
        return ord(key.lower())
    if key in _KEYSYMS:
        return _KEYSYMS[key]
    return _F1 + int(key[1:]) - 1


def us_keycode_of(key: str) -> int | None:
    """The keycode of a letter or digit by its place on a US keyboard; None for other keys."""
    return _US_KEYCODES.get(key)
