"""The card of what starts with the session, and what keeps running."""

from __future__ import annotations

import errno
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.chat.autostart import Autostart
from app.ui.settings.startup_card import StartupCard
from app.ui.theme import Theme
from tests.chat.house import House
from tests.chat.loopback import WATCHDOG_SECONDS
from tests.ui.forms import is_shown, named, press

WAIT = int(WATCHDOG_SECONDS * 1000)
START, KEEP = "Start with the session", "Keep running when the window is closed"


class System:
    """A system that keeps the entry in its memory, or refuses to change it."""

    def __init__(self) -> None:
        self.has_entry = False
        self.refusal: OSError | None = None

    def exists(self) -> bool:
        return self.has_entry

    def make(self) -> None:
        self._change(has_entry=True)

    def remove(self) -> None:
        self._change(has_entry=False)

    def _change(self, *, has_entry: bool) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.has_entry = has_entry


@pytest.fixture
def system() -> System:
    return System()


@pytest.fixture
def make_card(qtbot: QtBot, theme: Theme, house: House, system: System) -> Callable[[], StartupCard]:
    def make() -> StartupCard:
        card = StartupCard(theme, house.preferences, Autostart(system, house.disk, house.root))
        qtbot.addWidget(card)
        card.show()
        qtbot.waitUntil(named(card, QAbstractButton, START).isEnabled, timeout=WAIT)
        return card

    return make


def test_the_switch_shows_and_changes_what_the_system_has(
    qtbot: QtBot, make_card: Callable[[], StartupCard], system: System
) -> None:
    card = make_card()
    switch = named(card, QAbstractButton, START)
    assert not switch.isChecked()
    press(card, START)
    qtbot.waitUntil(lambda: switch.isEnabled() and system.has_entry, timeout=WAIT)
    assert switch.isChecked()
    card.hide()
    system.has_entry = False  # as in the settings of the desktop
    card.show()
    qtbot.waitUntil(lambda: not switch.isChecked(), timeout=WAIT)


def test_a_refusal_is_told_and_the_switch_goes_back(
    qtbot: QtBot, make_card: Callable[[], StartupCard], system: System
) -> None:
    card = make_card()
    system.refusal = OSError(errno.EACCES, "no")
    press(card, START)
    switch = named(card, QAbstractButton, START)
    qtbot.waitUntil(switch.isEnabled, timeout=WAIT)
    assert not switch.isChecked()
    assert card.problem == "This could not be changed: its folder can't be written to."
    system.refusal = None
    press(card, START)
    qtbot.waitUntil(lambda: switch.isEnabled() and switch.isChecked(), timeout=WAIT)
    assert card.problem == ""


def test_closing_is_a_setting(make_card: Callable[[], StartupCard], house: House) -> None:
    card = make_card()
    assert named(card, QAbstractButton, KEEP).isChecked()
    press(card, KEEP)
    assert not house.preferences.current.keep_running


def test_where_the_system_has_no_way_there_is_no_switch(qtbot: QtBot, theme: Theme, house: House) -> None:
    card = StartupCard(theme, house.preferences, None)
    qtbot.addWidget(card)
    card.show()
    assert is_shown(card, KEEP)
    assert not is_shown(card, START)
