"""How wide the column is in which a chat is read and written (SPEC §3)."""

from __future__ import annotations

from app.core.settings import LineLength
from app.ui.theme import Theme

HANG = 16  # px that your messages and the composer are wider than the text, at both sides
MARGIN, NARROW_MARGIN = 24, 16  # px beside them; the second where the whole is narrower than
NARROW = 720
LONGEST = {LineLength.NARROW: 38, LineLength.MEDIUM: 46}  # sizes of its letters; else there is no limit


def outer_width(theme: Theme, room: int) -> int:
    """Width in px of your messages, the composer and the find field in an area `room` px wide."""
    most = room - 2 * (NARROW_MARGIN if room < NARROW else MARGIN)
    ems = LONGEST.get(theme.line_length)
    return most if ems is None else min(most, ems * theme.text_size + 2 * HANG)


def full_width(room: int) -> int:
    """Width in px of the text where it has an area `room` px wide to itself, but for `HANG` at both sides."""
    return max(80, room - 2 * HANG - 4)


def text_width(theme: Theme, room: int) -> int:
    """Width in px of the text within."""
    return max(80, outer_width(theme, room) - 2 * HANG)
