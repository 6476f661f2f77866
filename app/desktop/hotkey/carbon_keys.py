"""The numbers that macOS gives to the keys of a keyboard."""

from __future__ import annotations

# kVK_… of Carbon's Events.h. Those of letters and digits are places on a US keyboard.
_PLACES = "ASDFHGZXCV?BQWERYT123465?97?80?OU?IP?LJ?K????NM"
_VIRTUAL_KEYS = {
    "Return": 0x24,
    "Tab": 0x30,
    "Space": 0x31,
    "Ins": 0x72,  # labelled Help
    "Home": 0x73,
    "PgUp": 0x74,
    "Del": 0x75,
    "End": 0x77,
    "PgDown": 0x79,
    "Left": 0x7B,
    "Right": 0x7C,
    "Down": 0x7D,
    "Up": 0x7E,
    "F1": 0x7A,
    "F2": 0x78,
    "F3": 0x63,
    "F4": 0x76,
    "F5": 0x60,
    "F6": 0x61,
    "F7": 0x62,
    "F8": 0x64,
    "F9": 0x65,
    "F10": 0x6D,
    "F11": 0x67,
    "F12": 0x6F,
    "F13": 0x69,
    "F14": 0x6B,
    "F15": 0x71,
    "F16": 0x6A,
    "F17": 0x40,
    "F18": 0x4F,
    "F19": 0x50,
    "F20": 0x5A,
}


def virtual_key_of(key: str) -> int | None:
    """The virtual key code of a key of app.core.chord.KEYS; None for those that no Mac has."""
    place = _PLACES.find(key) if len(key) == 1 else -1
    return place if place >= 0 else _VIRTUAL_KEYS.get(key)
