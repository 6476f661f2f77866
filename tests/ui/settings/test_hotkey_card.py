"""The page Quick Ask of the settings: recording a chord, and how it stands with it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QRadioButton, QScrollArea
from pytestqt.qtbot import QtBot

from app.chat.hotkey import GlobalHotkey, HotkeyBackend
from app.desktop.hotkey.choice import NoHotkey
from app.ui.settings.chord_field import ChordField
from app.ui.settings.dialog import SettingsDialog
from app.ui.settings.state_hint import StateHint
from app.ui.theme import Theme
from tests.chat.house import House
from tests.desktop_services.hotkey.conftest import bus_address, portal, shared_processes
from tests.desktop_services.hotkey.portal_system import PortalSystem
from tests.desktop_services.hotkey.windows_system import WindowsSystem
from tests.ui.forms import is_shown, named, press

__all__ = ["bus_address", "portal", "shared_processes"]

COMMAND = "/opt/sirocco/sirocco --quick-ask"
USUAL = "Ctrl+Shift+Space"
PAGES = ["General", "Endpoints", "Quick Ask", "Appearance"]
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
WAIT = 60_000
Open = Callable[[Callable[[], HotkeyBackend]], SettingsDialog]


@pytest.fixture
def open_page(theme: Theme, house: House) -> Iterator[Open]:
    """Opens the settings at the page, over a system of one's choice."""
    root = QObject()
    made: list[tuple[SettingsDialog, GlobalHotkey]] = []

    def open_page(make: Callable[[], HotkeyBackend]) -> SettingsDialog:
        house.preferences.set(replace(house.preferences.current, hotkey=USUAL))
        hotkey = GlobalHotkey(house.preferences, lambda _parent: make(), COMMAND, root)
        hotkey.start()
        dialog = SettingsDialog(theme, house.connections, house.keys, house.preferences, hotkey)
        made.append((dialog, hotkey))
        dialog.show()
        press(dialog, "Quick Ask")
        return dialog

    yield open_page
    for dialog, hotkey in made:
        dialog.close()
        dialog.deleteLater()
        assert hotkey.close(60)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def system() -> WindowsSystem:
    return WindowsSystem()


@pytest.fixture
def dialog(open_page: Open, system: WindowsSystem) -> SettingsDialog:
    return open_page(system.make)


def test_the_page_comes_into_settings_that_are_open_and_all_else_stays(
    qtbot: QtBot, theme: Theme, house: House, system: WindowsSystem
) -> None:
    root = QObject()
    dialog = SettingsDialog(theme, house.connections, house.keys, house.preferences)
    dialog.show()
    hotkey = GlobalHotkey(house.preferences, lambda _parent: system.make(), COMMAND, root)
    dialog.add_quick_ask(hotkey)

    def entries() -> list[QRadioButton]:
        found = [entry for entry in dialog.findChildren(QRadioButton) if entry.text() in PAGES]
        return sorted(found, key=lambda entry: entry.y())

    qtbot.waitUntil(lambda: [entry.text() for entry in entries()] == PAGES, timeout=WAIT)
    assert [entry.text() for entry in entries() if entry.isChecked()] == ["Endpoints"]
    dialog.close()
    dialog.deleteLater()
    assert hotkey.close(60)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def field(dialog: SettingsDialog) -> ChordField:
    return named(dialog, ChordField, "Shortcut")


def hint(dialog: SettingsDialog) -> str:
    (found,) = dialog.findChildren(StateHint)
    return found.text if found.isVisible() else ""


def record(dialog: SettingsDialog) -> ChordField:
    """Begin to record, as by the keyboard."""
    found = field(dialog)
    found.setFocus()
    QTest.keyClick(found, Qt.Key.Key_Space)
    assert found.is_recording
    return found


def test_it_shows_the_chord_and_that_it_is_free(dialog: SettingsDialog) -> None:
    assert field(dialog).accessibleDescription() == USUAL
    assert hint(dialog) == "Free to use"
    assert named(dialog, QAbstractButton, "Ask from anywhere").isChecked()
    for absent in ("Command", "Copy command", "Ask again"):
        assert not is_shown(dialog, absent)


def test_a_chord_is_recorded_as_it_is_pressed(
    dialog: SettingsDialog, house: House, system: WindowsSystem
) -> None:
    found = record(dialog)
    # What is bound now can be recorded, too: it is left alone meanwhile.
    assert system.take(USUAL)
    system.give_back()
    QTest.keyPress(found, Qt.Key.Key_Control)
    QTest.keyPress(found, Qt.Key.Key_Shift, Qt.KeyboardModifier.ControlModifier)
    assert found.is_recording
    QTest.keyPress(found, Qt.Key.Key_F9, CTRL_SHIFT)
    assert not found.is_recording
    assert house.preferences.current.hotkey == "Ctrl+Shift+F9"
    assert found.accessibleDescription() == "Ctrl+Shift+F9"
    assert hint(dialog) == "Free to use"
    assert not system.take("Ctrl+Shift+F9")


@pytest.mark.parametrize("way", ["escape", "focus", "hide"])
def test_recording_can_be_given_up(
    dialog: SettingsDialog, house: House, system: WindowsSystem, way: str
) -> None:
    found = record(dialog)
    match way:
        case "escape":
            QTest.keyClick(found, Qt.Key.Key_Escape)
        case "focus":
            named(dialog, QAbstractButton, "Ask from anywhere").setFocus()
        case _:
            press(dialog, "General")
    assert not found.is_recording
    assert dialog.isVisible()
    assert house.preferences.current.hotkey == USUAL
    assert not system.take(USUAL), "it is bound again"


@pytest.mark.parametrize("way", ["backspace", "button"])
def test_the_chord_can_be_removed(
    dialog: SettingsDialog, house: House, system: WindowsSystem, way: str
) -> None:
    if way == "backspace":
        QTest.keyClick(record(dialog), Qt.Key.Key_Backspace)
    else:
        press(dialog, "Remove shortcut")
    assert house.preferences.current.hotkey == ""
    assert field(dialog).accessibleDescription() == "None"
    assert hint(dialog) == ""
    assert not is_shown(dialog, "Remove shortcut")
    assert system.take(USUAL)


@pytest.mark.parametrize(
    ("key", "modifiers", "words"),
    [
        (Qt.Key.Key_K, Qt.KeyboardModifier.NoModifier, "Hold Ctrl, Alt or"),
        (Qt.Key.Key_K, Qt.KeyboardModifier.ShiftModifier, "Hold Ctrl, Alt or"),
        (Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier, "Other apps use this"),
        (Qt.Key.Key_F4, Qt.KeyboardModifier.AltModifier, "Your system uses this"),
        (Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier, "Your system uses this"),
        (Qt.Key.Key_VolumeUp, Qt.KeyboardModifier.ControlModifier, "This key can’t be used"),
        (
            Qt.Key.Key_1,
            CTRL_SHIFT | Qt.KeyboardModifier.KeypadModifier,
            "This key can’t be used",
        ),
    ],
)
def test_what_is_no_good_is_said_and_recording_goes_on(
    dialog: SettingsDialog, house: House, key: Qt.Key, modifiers: Qt.KeyboardModifier, words: str
) -> None:
    found = record(dialog)
    QTest.keyClick(found, key, modifiers)
    assert hint(dialog).startswith(words)
    assert found.is_recording
    assert house.preferences.current.hotkey == USUAL


@pytest.mark.parametrize(
    ("key", "scan_code", "chord"),
    [
        (Qt.Key.Key_Exclam, 10, "Ctrl+Shift+1"),
        (Qt.Key(0x41B), 45, "Ctrl+Shift+K"),  # Л, where K is in the United States
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="numbers of Linux' keys")
def test_a_key_that_writes_no_latin_letter_counts_by_its_place(
    dialog: SettingsDialog, house: House, key: Qt.Key, scan_code: int, chord: str
) -> None:
    found = record(dialog)
    event = QKeyEvent(QEvent.Type.KeyPress, key, CTRL_SHIFT, scan_code, 0, 0, "")
    QCoreApplication.sendEvent(found, event)
    assert house.preferences.current.hotkey == chord


def test_a_taken_chord_is_said_with_free_ones_to_choose(
    dialog: SettingsDialog, house: House, system: WindowsSystem
) -> None:
    assert system.take("Ctrl+Shift+F9")
    QTest.keyClick(record(dialog), Qt.Key.Key_F9, CTRL_SHIFT)
    assert hint(dialog) == "Another app uses this shortcut. Choose a different one."
    press(dialog, "Ctrl+Alt+Space")
    assert house.preferences.current.hotkey == "Ctrl+Alt+Space"
    assert hint(dialog) == "Free to use"
    assert not is_shown(dialog, "Alt+Shift+Space")


def test_a_chord_that_has_become_free_is_bound_when_the_page_is_shown(
    open_page: Open, system: WindowsSystem
) -> None:
    assert system.take(USUAL)
    dialog = open_page(system.make)
    assert hint(dialog).startswith("Another app")
    system.give_back()
    press(dialog, "General")
    press(dialog, "Quick Ask")
    assert hint(dialog) == "Free to use"


def test_the_switch_pauses_it_and_shows_what_the_tray_does(
    dialog: SettingsDialog, house: House, system: WindowsSystem
) -> None:
    press(dialog, "Ask from anywhere")
    assert house.preferences.current.hotkey_paused
    assert not is_shown(dialog, "Shortcut")
    assert system.take(USUAL)
    system.give_back()
    house.preferences.set(replace(house.preferences.current, hotkey_paused=False))
    assert named(dialog, QAbstractButton, "Ask from anywhere").isChecked()
    assert hint(dialog) == "Free to use"


def test_where_no_app_can_have_a_hotkey_the_command_to_bind_is_there(open_page: Open) -> None:
    dialog = open_page(NoHotkey)
    assert hint(dialog) == "Your desktop assigns this shortcut"
    assert not is_shown(dialog, "Shortcut")
    assert named(dialog, QLineEdit, "Command").text() == COMMAND
    press(dialog, "Copy command")
    assert QGuiApplication.clipboard().text() == COMMAND


def test_what_the_desktop_says_of_its_own_chord_is_shown_in_one_short_line(
    qtbot: QtBot, open_page: Open, portal: PortalSystem
) -> None:
    portal.rules.chosen = "LOGO+s\n" + "x" * 500
    dialog = open_page(portal.make)
    qtbot.waitUntil(lambda: hint(dialog).startswith("Your desktop says: Press LOGO+s"), timeout=WAIT)
    assert "\n" not in hint(dialog)
    assert len(hint(dialog)) < 120


def test_a_desktop_that_refused_can_be_asked_again(
    qtbot: QtBot, open_page: Open, portal: PortalSystem
) -> None:
    portal.rules.answer = 1
    dialog = open_page(portal.make)
    qtbot.waitUntil(lambda: hint(dialog) == "Your desktop did not give this shortcut", timeout=WAIT)
    assert is_shown(dialog, "Command")
    portal.rules.answer = 0
    press(dialog, "Ask again")
    qtbot.waitUntil(lambda: hint(dialog).startswith("Your desktop says"), timeout=WAIT)
    assert not is_shown(dialog, "Ask again")


def test_a_click_records_too_and_return_does_not_by_itself(dialog: SettingsDialog) -> None:
    found = field(dialog)
    found.setFocus()
    QTest.keyClick(found, Qt.Key.Key_Return)
    assert not found.is_recording
    QTest.mouseClick(found, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert found.is_recording


@pytest.mark.parametrize("width", [520, 760])
def test_all_of_it_fits(open_page: Open, system: WindowsSystem, width: int) -> None:
    assert system.take(USUAL)
    dialogs = [open_page(system.make), open_page(NoHotkey)]
    for dialog in dialogs:
        dialog.resize(width, 420)
        QCoreApplication.sendPostedEvents()
        wide = [one.width() for one in dialog.findChildren(QAbstractButton) if one.isVisible()]
        assert max(wide) < width
        areas = dialog.findChildren(QScrollArea)
        bars = [area.horizontalScrollBar().maximum() for area in areas if area.isVisible()]
        assert not any(bars)


@pytest.mark.parametrize(
    ("written", "shown", "words"),
    [("nonsense", "None", ""), ("ctrl+c", "Ctrl+C", "Other apps use this themselves. Hold one more key.")],
)
def test_what_was_written_into_the_file_by_hand_is_judged_too(
    dialog: SettingsDialog, house: House, written: str, shown: str, words: str
) -> None:
    house.preferences.set(replace(house.preferences.current, hotkey=written))
    assert field(dialog).accessibleDescription() == shown
    assert hint(dialog) == words
