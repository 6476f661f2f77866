"""What the contract of the hotkey asks of a system: a keyboard to press, and other apps beside Sirocco."""

from __future__ import annotations

from typing import Protocol

from app.chat.hotkey import HotkeyBackend


class System(Protocol):
    """A real system, or a stand-in at the boundary of one that isn't here. Chords are texts."""

    tells_of_others: bool  # whether it says that another app has a chord

    def make(self) -> HotkeyBackend:
        """A backend of this system; it ends with the test."""

    def press(self, chord: str, repeats: int = 0) -> None:
        """Press the chord, hold it until it has repeated itself so often, and release it."""

    def take(self, chord: str) -> bool:
        """Let another app take the chord; False where it can't have it."""

    def give_back(self) -> None:
        """Let the other app give back all that it has taken."""
