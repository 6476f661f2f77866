"""A chord: modifiers and one key, pressed together anywhere on the desktop."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MAX_TEXT = 64  # characters of a chord's text

LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
DIGITS = tuple("0123456789")
FUNCTION_KEYS = tuple(f"F{number}" for number in range(1, 25))
MOVING_KEYS = ("Left", "Right", "Up", "Down", "Home", "End", "PgUp", "PgDown")
EDITING_KEYS = ("Ins", "Del", "Return", "Tab")
LONE_KEYS = ("Space", "Pause", "ScrollLock")
KEYS = frozenset((*LETTERS, *DIGITS, *FUNCTION_KEYS, *MOVING_KEYS, *EDITING_KEYS, *LONE_KEYS))
# Where a US keyboard has them, by X's numbers of keys, which are Linux' (input-event-codes.h) and eight more:
# what counts where a key writes another sign, or no Latin letter.
_ROWS = ((10, "1234567890"), (24, "QWERTYUIOP"), (38, "ASDFGHJKL"), (52, "ZXCVBNM"))
US_PLACES = {first + at: key for first, row in _ROWS for at, key in enumerate(row)}
# With a single modifier every other app has a use of its own for these.
_APPS_OWN = frozenset((*LETTERS, *DIGITS, *MOVING_KEYS, *EDITING_KEYS))
_OTHER_NAMES = {"Insert": "Ins", "Delete": "Del", "PageUp": "PgUp", "PageDown": "PgDown", "Enter": "Return"}


class ChordFault(StrEnum):
    """Why a chord is no good as a global one."""

    NO_MODIFIER = "no modifier"  # it would take the key away from writing
    APPS_OWN = "apps' own"  # it would take a shortcut away from every other app
    SYSTEMS_OWN = "system's own"  # it never reaches a program, or the system needs it


@dataclass(frozen=True, slots=True)
class Chord:
    """Modifiers and a key of KEYS, named as Qt's portable text names them: on macOS `ctrl` is Command."""

    key: str
    ctrl: bool = False
    alt: bool = False
    shift: bool = False
    meta: bool = False

    def __str__(self) -> str:
        """The text that `parse` reads, such as Ctrl+Alt+Space."""
        return "+".join((*self.modifiers, self.key))

    @property
    def modifiers(self) -> tuple[str, ...]:
        """The names of the modifiers, in the order in which they are written."""
        held = (("Ctrl", self.ctrl), ("Alt", self.alt), ("Shift", self.shift), ("Meta", self.meta))
        return tuple(name for name, is_held in held if is_held)

    @property
    def fault(self) -> ChordFault | None:
        """What is wrong with it as a global chord; None where nothing is."""
        main = set(self.modifiers) - {"Shift"}
        if not main:
            return ChordFault.NO_MODIFIER
        if self._is_systems_own(main):
            return ChordFault.SYSTEMS_OWN
        if self.key in _APPS_OWN and len(self.modifiers) < 2 and not self.meta:
            return ChordFault.APPS_OWN
        return None

    def _is_systems_own(self, main: set[str]) -> bool:
        if self.key == "Tab" or (self.key == "Del" and main >= {"Ctrl", "Alt"}):
            return True
        # Alt+F4 closes windows; with Ctrl and Alt, a function key changes the console on Linux.
        is_function_key = self.key in FUNCTION_KEYS[:12]
        return (self.key == "F4" and main == {"Alt"}) or (is_function_key and main == {"Ctrl", "Alt"})


def parse_chord(text: str) -> Chord | None:
    """Read "Ctrl+Alt+Space" and the like, in any case and order of modifiers; None for what is no chord."""
    if len(text) > MAX_TEXT:
        return None
    *held, key = (part.strip().capitalize() for part in text.split("+"))
    names = {name.capitalize(): name for name in KEYS}
    names |= {other.capitalize(): name for other, name in _OTHER_NAMES.items()}
    modifiers = set(held)
    if key not in names or len(modifiers) < len(held) or modifiers - {"Ctrl", "Alt", "Shift", "Meta"}:
        return None
    return Chord(
        names[key], "Ctrl" in modifiers, "Alt" in modifiers, "Shift" in modifiers, "Meta" in modifiers
    )


# What is offered where the wanted one is taken, the best first. Ctrl+Alt and a letter write a character on
# many keyboards (AltGr), so there is none; nor is there the Alt+Space of window menus (SPEC §5).
ALTERNATIVES = tuple(
    Chord(key, ctrl, alt, shift, meta)
    for key, ctrl, alt, shift, meta in (
        ("Space", True, True, False, False),
        ("Space", True, False, True, False),
        ("Space", False, True, True, False),
        ("Space", True, True, True, False),
        ("F9", True, False, True, False),
        ("F12", True, False, True, False),
        ("Space", False, False, True, True),
    )
)
