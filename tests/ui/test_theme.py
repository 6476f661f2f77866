"""The theme gives what the tokens say, to all that is shown."""

from __future__ import annotations

import json
import re
from itertools import chain

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.settings import Appearance, Settings
from app.ui.style_sheet import STYLE_SHEET
from app.ui.theme import ROLES, STRONGER, Theme
from tests.ui.conftest import RESOURCES

TOKENS = json.loads((RESOURCES / "theme" / "tokens.json").read_text())


def luminance(colour: QColor) -> float:
    """WCAG 2.1."""

    def channel(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return (
        0.2126 * channel(colour.redF()) + 0.7152 * channel(colour.greenF()) + 0.0722 * channel(colour.blueF())
    )


def is_close(one: QColor, other: QColor) -> bool:
    """The same but for what rounding does where two strokes meet."""
    return all(
        abs(first - second) <= 4
        for first, second in (
            (one.red(), other.red()),
            (one.green(), other.green()),
            (one.blue(), other.blue()),
        )
    )


def contrast(one: QColor, other: QColor) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_names_used_are_tokens() -> None:
    used = set(re.findall(r"@([\w.]+)@", STYLE_SHEET))
    used |= {token for _, token in ROLES} | set(chain(*STRONGER.items()))
    assert used <= TOKENS["light"].keys()
    assert TOKENS["light"].keys() == TOKENS["dark"].keys()


@pytest.mark.parametrize("appearance", [Appearance.LIGHT, Appearance.DARK])
def test_follows_the_appearance(qapp: QApplication, theme: Theme, appearance: Appearance) -> None:
    theme.follow(Settings(appearance=appearance))
    assert theme.color("bg.canvas").name().upper() == TOKENS[appearance.value]["bg.canvas"]
    assert qapp.palette().color(QPalette.ColorRole.Window) == theme.color("bg.canvas")
    assert "@" not in qapp.styleSheet()


@pytest.mark.parametrize("appearance", [Appearance.LIGHT, Appearance.DARK])
@pytest.mark.parametrize("strong", [False, True], ids=["usual", "strong"])
def test_text_can_be_read(theme: Theme, appearance: Appearance, strong: bool) -> None:
    theme.follow(Settings(appearance=appearance, strong_contrast=strong))
    for ground in ("bg.canvas", "bg.sidebar", "bg.surface", "fill.hover", "fill.selected"):
        for text in ("text.primary", "text.secondary", "text.tertiary"):
            assert contrast(theme.color(text), theme.color(ground)) >= 4.5, (text, ground)
    for ground in ("bg.canvas", "bg.sidebar", "bg.surface"):
        for line in ("line.field", "line.focus", *(["line.hair", "line.control"] if strong else [])):
            assert contrast(theme.color(line), theme.color(ground)) >= 3.0, (line, ground)


def test_strong_contrast_widens_the_ring(theme: Theme) -> None:
    assert theme.focus_width == 2
    theme.follow(Settings(strong_contrast=True))
    assert theme.focus_width == 3


def test_follows_the_contrast_that_the_system_wants_while_it_runs(
    qtbot: QtBot, qapp: QApplication, theme: Theme
) -> None:
    theme.follow(Settings(appearance=Appearance.LIGHT))
    usual = theme.color("line.hair")
    hints = qapp.styleHints()
    if not hasattr(hints, "accessibility"):
        pytest.skip("this Qt does not tell what contrast the system wants")
    wishes = hints.accessibility()
    with qtbot.waitSignal(theme.changed):
        wishes.contrastPreferenceChanged.emit(Qt.ContrastPreference.HighContrast)
    assert theme.focus_width == 3
    assert theme.color("line.hair") != usual
    theme.follow(Settings(appearance=Appearance.LIGHT, text_size=16))
    assert theme.focus_width == 3
    with qtbot.waitSignal(theme.changed):
        wishes.contrastPreferenceChanged.emit(Qt.ContrastPreference.NoPreference)
    assert theme.focus_width == 2


def test_tells_of_a_change_once(theme: Theme) -> None:
    told: list[QObject | None] = []
    theme.changed.connect(lambda: told.append(None))
    theme.follow(Settings(appearance=Appearance.DARK))
    theme.follow(Settings(appearance=Appearance.DARK))
    assert len(told) == 1
    theme.follow(Settings(appearance=Appearance.DARK, text_size=18))
    assert len(told) == 2


def test_text_size_is_that_of_what_is_read(theme: Theme) -> None:
    before = theme.font("ui").pixelSize()
    theme.follow(Settings(text_size=20))
    assert theme.font("body").pixelSize() == 20
    assert theme.line_height("body") >= 32
    assert theme.font("code").pixelSize() == 17
    assert theme.font("ui").pixelSize() == before


def test_nothing_moves_with_less_motion(theme: Theme) -> None:
    theme.follow(Settings(less_motion=True))
    assert theme.duration(180) == 0
    theme.follow(Settings(less_motion=False))
    assert theme.duration(180) == 180


def test_colours_are_copies(theme: Theme) -> None:
    theme.color("scrim").setAlpha(0)
    assert theme.color("scrim").alpha() > 0


def test_every_icon_draws_itself_in_the_colour(theme: Theme) -> None:
    wanted = theme.color("danger.text")
    for path in sorted((RESOURCES / "icons").glob("*.svg")):
        image = theme.pixmap(path.stem, "danger.text", 20, 2.0).toImage()
        assert image.width() == 40
        solid = [
            image.pixelColor(x, y)
            for x in range(40)
            for y in range(40)
            if image.pixelColor(x, y).alpha() == 255
        ]
        assert solid, path.stem
        assert all(is_close(colour, wanted) for colour in solid), path.stem


def test_icons_are_drawn_once(theme: Theme) -> None:
    first = theme.pixmap("copy", "text.primary", 16, 1.0)
    assert theme.pixmap("copy", "text.primary", 16, 1.0).cacheKey() == first.cacheKey()
    assert theme.pixmap("copy", "text.primary", 16, 2.0).cacheKey() != first.cacheKey()
