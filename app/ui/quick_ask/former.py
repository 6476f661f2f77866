"""What the small window asks of the desktop: who was in front before it, and to be in front again."""

from __future__ import annotations

from typing import Protocol


class FormerWindow(Protocol):
    """The window that the person came from, as far as this system lets a program know of it."""

    def remember(self) -> None:
        """The window that is in front now is the one to come back to."""

    def give_back(self) -> None:
        """Let that window have the keyboard again; nothing happens where it is gone or out of sight."""


class NoFormerWindow:
    """Where a program isn't told who was in front: the desktop decides by itself who comes next."""

    def remember(self) -> None:
        """Nobody says who it is."""

    def give_back(self) -> None:
        """Nobody could be asked."""
