"""The X server's names and places of keys."""

from __future__ import annotations

from app.core.chord import DIGITS, LETTERS

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

# Where a keyboard for a script without Latin letters would have them: the rows of a US keyboard, by the
# numbers that Linux gives its keys (linux/input-event-codes.h), and X eight more.
_ROWS = ((10, "1234567890"), (24, "QWERTYUIOP"), (38, "ASDFGHJKL"), (52, "ZXCVBNM"))
_US_KEYCODES = {key: first + at for first, row in _ROWS for at, key in enumerate(row)}


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
