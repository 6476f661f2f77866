"""Chords as a keyboard gives them and as a person reads them."""

from __future__ import annotations

import sys

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent

from app.core.chord import DIGITS, FUNCTION_KEYS, LETTERS, US_PLACES, Chord
from app.ui.actions import QT_TRANSLATE_NOOP

CONTEXT = "Keys"
_NAMED = {
    Qt.Key.Key_Space: "Space",
    Qt.Key.Key_Tab: "Tab",
    Qt.Key.Key_Backtab: "Tab",
    Qt.Key.Key_Return: "Return",
    Qt.Key.Key_Enter: "Return",
    Qt.Key.Key_Insert: "Ins",
    Qt.Key.Key_Delete: "Del",
    Qt.Key.Key_Home: "Home",
    Qt.Key.Key_End: "End",
    Qt.Key.Key_PageUp: "PgUp",
    Qt.Key.Key_PageDown: "PgDown",
    Qt.Key.Key_Left: "Left",
    Qt.Key.Key_Right: "Right",
    Qt.Key.Key_Up: "Up",
    Qt.Key.Key_Down: "Down",
    Qt.Key.Key_Pause: "Pause",
    Qt.Key.Key_ScrollLock: "ScrollLock",
}
_MODIFIERS = {
    Qt.Key.Key_Control: Qt.KeyboardModifier.ControlModifier,
    Qt.Key.Key_Alt: Qt.KeyboardModifier.AltModifier,
    Qt.Key.Key_Shift: Qt.KeyboardModifier.ShiftModifier,
    Qt.Key.Key_Meta: Qt.KeyboardModifier.MetaModifier,
    Qt.Key.Key_Super_L: Qt.KeyboardModifier.MetaModifier,
    Qt.Key.Key_Super_R: Qt.KeyboardModifier.MetaModifier,
}
# Qt calls Command Ctrl.
_NAMES = {
    "darwin": {"Ctrl": "⌘", "Alt": "⌥", "Shift": "⇧", "Meta": "⌃"},
    "win32": {"Meta": "Win"},
}
_WORDS = {
    "Space": QT_TRANSLATE_NOOP("Keys", "Space"),
    "Return": QT_TRANSLATE_NOOP("Keys", "Enter"),
    "ScrollLock": QT_TRANSLATE_NOOP("Keys", "Scroll Lock"),
}


def held_modifiers(event: QKeyEvent) -> Qt.KeyboardModifier:
    """The modifiers that are down after `event`: Qt gives those from before it."""
    held = event.modifiers()
    own = _MODIFIERS.get(Qt.Key(event.key()))
    if own is None:
        return held
    return held | own if event.type() == QKeyEvent.Type.KeyPress else held & ~own


def is_modifier(event: QKeyEvent) -> bool:
    """True where the key does nothing but change what others do."""
    return Qt.Key(event.key()) in _MODIFIERS or event.key() in (Qt.Key.Key_AltGr, Qt.Key.Key_CapsLock)


def chord_of(event: QKeyEvent) -> Chord | None:
    """The chord of a press; None where its key can't be in one."""
    key = _key_of(event)
    return None if key is None else with_modifiers(key, event.modifiers())


def with_modifiers(key: str, held: Qt.KeyboardModifier) -> Chord:
    """The chord of a key and these modifiers."""
    return Chord(
        key,
        ctrl=bool(held & Qt.KeyboardModifier.ControlModifier),
        alt=bool(held & Qt.KeyboardModifier.AltModifier),
        shift=bool(held & Qt.KeyboardModifier.ShiftModifier),
        meta=bool(held & Qt.KeyboardModifier.MetaModifier),
    )


def _key_of(event: QKeyEvent) -> str | None:
    key, is_keypad = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.KeypadModifier)
    if is_keypad:
        return None  # to the system another key than the one of the same sign
    if Qt.Key.Key_A <= key <= Qt.Key.Key_Z:
        return LETTERS[key - Qt.Key.Key_A]
    if Qt.Key.Key_0 <= key <= Qt.Key.Key_9:
        return DIGITS[key - Qt.Key.Key_0]
    if Qt.Key.Key_F1 <= key <= Qt.Key.Key_F24:
        return FUNCTION_KEYS[key - Qt.Key.Key_F1]
    return _NAMED.get(Qt.Key(key)) or _key_at(event)


def _key_at(event: QKeyEvent) -> str | None:
    """By place: Shift makes other signs of digits, and a script without Latin letters of all."""
    match sys.platform:
        case "linux":
            return US_PLACES.get(event.nativeScanCode())
        case "win32":
            sign = chr(event.nativeVirtualKey() & 0xFF)
            return sign if sign in LETTERS or sign in DIGITS else None
        case _:
            return None


def caps_of(chord: Chord, platform: str = sys.platform) -> tuple[str, ...]:
    """The words on the keys, one for each, as this system writes them."""
    names = _NAMES.get(platform, {"Meta": "Super"})
    key = QCoreApplication.translate(CONTEXT, _WORDS[chord.key]) if chord.key in _WORDS else chord.key
    order = ("Meta", "Alt", "Shift", "Ctrl") if platform == "darwin" else chord.modifiers
    return (*(names.get(one, one) for one in order if one in chord.modifiers), key)


def chord_text(chord: Chord, platform: str = sys.platform) -> str:
    """The chord in one line."""
    return ("" if platform == "darwin" else "+").join(caps_of(chord, platform))
