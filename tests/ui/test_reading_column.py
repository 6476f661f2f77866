"""How wide a chat is read: as the settings say, as far as the window has room."""

from __future__ import annotations

import pytest

from app.core.settings import LineLength, Settings
from app.ui.reading_column import outer_width, text_width
from app.ui.theme import Theme


@pytest.mark.parametrize(
    ("length", "size", "room", "text"),
    [
        (LineLength.MEDIUM, 15, 940, 690),  # 46 sizes of its letters
        (LineLength.NARROW, 15, 940, 570),  # 38
        (LineLength.MEDIUM, 20, 1600, 920),
        (LineLength.FULL, 15, 1600, 1600 - 2 * 24 - 2 * 16),
        (LineLength.FULL, 15, 700, 700 - 2 * 16 - 2 * 16),
        (LineLength.MEDIUM, 20, 600, 600 - 2 * 16 - 2 * 16),
    ],
)
def test_the_width_of_the_text(theme: Theme, length: LineLength, size: int, room: int, text: int) -> None:
    theme.follow(Settings(line_length=length, text_size=size))
    assert text_width(theme, room) == text
    assert outer_width(theme, room) == text + 32


def test_a_tiny_window_still_has_a_column(theme: Theme) -> None:
    assert text_width(theme, 40) == 80
