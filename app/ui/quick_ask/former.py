"""What the small window asks of the desktop: who was in front before it, and to be in front again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class FormerWindow(Protocol):
    """The window that the person came from, as far as this system lets a program know of it."""

    @property
    def cannot_paste(self) -> str:
        """Why nothing can be pasted into it, in words; empty where something can."""

    def remember(self) -> None:
        """The window that is in front now is the one to come back to."""

    def give_back(self) -> None:
        """Let that window have the keyboard again; nothing happens where it is gone or out of sight."""

    def paste(self, text: str, gave_up: Callable[[], None]) -> None:
        """Paste `text` there as the person would, once that window has the keyboard.

        The clipboard is as it was when the window has taken the text, and not before. `gave_up` is called
        where the window didn't come to the front: the text is on the clipboard then.
        """


class NoFormerWindow:
    """Where a program isn't told who was in front: the desktop decides by itself who comes next."""

    def __init__(self, cannot_paste: str) -> None:
        self.cannot_paste = cannot_paste

    def remember(self) -> None:
        """Nobody says who it is."""

    def give_back(self) -> None:
        """Nobody could be asked."""

    def paste(self, text: str, gave_up: Callable[[], None]) -> None:
        """It can't be."""
        gave_up()
