"""macOS at the calls that Sirocco makes: every argument is checked, as the real one isn't here."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.desktop.former_window.macos import MacCalls, MacFormerWindow
from app.desktop.former_window.pasting import Pasting

EDITOR, OURS = 501, 777
# As Events.h and CGEventTypes.h have them.
KEY_V, COMMAND, HID = 0x09, 1 << 20, 0


class MacSystem:
    """The programs of one session; the one in front pastes on Command+V."""

    def __init__(self) -> None:
        self.front = EDITOR
        self.hidden: set[int] = set()
        self.activated: list[int] = []
        self.is_trusted = True
        self.events: dict[int, tuple[int, bool]] = {}
        self.flags: dict[int, int] = {}
        self.made = 0
        self.pasted: list[str] = []
        self.makes_events = True

    def calls(self) -> MacCalls:
        return MacCalls(
            lambda: self.front,
            lambda process: process in self.hidden,
            self.activate,
            lambda: self.is_trusted,
            self.key_event,
            self.set_flags,
            self.post,
            self.release,
        )

    def activate(self, process: int) -> bool:
        assert process not in self.hidden, "a hidden program would show all its windows"
        self.activated.append(process)
        self.front = process
        return True

    def key_event(self, source: int | None, key: int, is_down: bool) -> int | None:
        assert source is None
        assert key == KEY_V
        if not self.makes_events:
            return None
        self.made += 1
        self.events[self.made] = (key, is_down)
        return self.made

    def set_flags(self, event: int, flags: int) -> None:
        assert flags == COMMAND
        self.flags[event] = flags

    def post(self, tap: int, event: int) -> None:
        assert tap == HID
        assert self.flags[event] == COMMAND
        if self.events[event][1] and self.front == EDITOR:
            self.pasted.append(QGuiApplication.clipboard().text())

    def release(self, event: int) -> None:
        del self.events[event]


@pytest.fixture
def system() -> MacSystem:
    return MacSystem()


@pytest.fixture
def former(qtbot: QtBot, system: MacSystem) -> MacFormerWindow:
    former = MacFormerWindow(system.calls(), OURS, "Allow it first.")
    former.remember()
    system.front = OURS
    return former


def test_the_program_of_before_is_activated(former: MacFormerWindow, system: MacSystem) -> None:
    former.give_back()
    assert system.activated == [EDITOR]


def test_our_own_a_hidden_one_and_none_are_left_alone(former: MacFormerWindow, system: MacSystem) -> None:
    system.hidden.add(EDITOR)
    former.give_back()
    former.remember()
    former.give_back()
    system.front = 0
    former.remember()
    former.give_back()
    assert system.activated == []


def test_without_the_permission_it_says_so_and_with_it_no_more(
    former: MacFormerWindow, system: MacSystem
) -> None:
    system.is_trusted = False
    assert former.cannot_paste == "Allow it first."
    system.is_trusted = True
    assert former.cannot_paste == ""


def test_paste_presses_command_v_and_gives_the_clipboard_back(
    qtbot: QtBot, former: MacFormerWindow, system: MacSystem
) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("before")
    former.paste("the answer", lambda: pytest.fail("gave up"))
    former.give_back()
    qtbot.waitUntil(lambda: system.pasted == ["the answer"])
    assert system.made == 2
    # What was made is released.
    assert system.events == {}
    qtbot.waitUntil(lambda: not former.findChildren(Pasting))
    assert clipboard.text() == "before"


def test_without_an_event_the_text_stays_on_the_clipboard(
    qtbot: QtBot, former: MacFormerWindow, system: MacSystem
) -> None:
    system.makes_events = False
    former.give_back()
    with qtbot.waitCallback() as gave_up:
        former.paste("the answer", gave_up)
    assert QGuiApplication.clipboard().text() == "the answer"
