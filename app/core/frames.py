"""How often a growing answer is handed on and drawn: thirty times a second, rarer where text comes fast."""

from __future__ import annotations

FRAME = 32  # ms: words don't come smoother at sixty times a second, and cost nearly twice as much
# Nobody reads along with 600 characters a second: they come in lines, and no smoother in more steps.
RUSH = 0.6  # characters in a ms
RUSH_FRAME = 66  # ms


def frame_after(characters: int, milliseconds: float) -> int:
    """The ms until the next frame where so many characters came within so many ms."""
    return RUSH_FRAME if characters > RUSH * milliseconds else FRAME
