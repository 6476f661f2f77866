"""Windows at the calls that Sirocco makes: every argument is checked, as the real one isn't here."""

from __future__ import annotations

import ctypes
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.desktop.former_window.pasting import Pasting
from app.desktop.former_window.windows import Input, WindowsCalls, WindowsFormerWindow

EDITOR, OURS = 0x10A2, 0x20B4
# As winuser.h has them.
SHIFT, CONTROL, MENU, V, KEY_UP = 0x10, 0x11, 0x12, 0x56, 2


class WindowsSystem:
    """The windows of one desktop; what is pressed goes to the one in front, which pastes on Ctrl+V."""

    def __init__(self) -> None:
        self.front: int | None = EDITOR
        self.windows = {EDITOR, OURS}
        self.iconic: set[int] = set()
        self.held: set[int] = set()
        self.pressed: list[tuple[int, int]] = []
        self.pasted: list[str] = []
        self.refuses_keys = False

    def calls(self) -> WindowsCalls:
        return WindowsCalls(
            lambda: self.front,
            self.set_foreground,
            lambda window: int(window in self.windows),
            lambda window: int(window in self.iconic),
            lambda key: -0x8000 if key in self.held else 0,
            self.send_input,
        )

    def set_foreground(self, window: int) -> int:
        assert window in self.windows
        assert window not in self.iconic, "a minimised window would come up"
        self.front = window
        return 1

    def send_input(self, count: int, inputs: Any, size: int) -> int:
        # The size that Windows has for INPUT, and refuses any other.
        assert size == ctypes.sizeof(Input) == (40 if ctypes.sizeof(ctypes.c_void_p) == 8 else 28)
        if self.refuses_keys:
            return 0
        for one in inputs[:count]:
            assert one.kind == 1
            keyboard = one.any.keyboard
            assert (keyboard.scan, keyboard.time, keyboard.extra) == (0, 0, 0)
            self.pressed.append((keyboard.key, keyboard.flags))
        if self.front == EDITOR:
            self.pasted.append(QGuiApplication.clipboard().text())
        return count


@pytest.fixture
def system() -> WindowsSystem:
    return WindowsSystem()


@pytest.fixture
def former(qtbot: QtBot, system: WindowsSystem) -> WindowsFormerWindow:
    former = WindowsFormerWindow(system.calls())
    former.remember()
    system.front = OURS
    return former


def test_the_window_of_before_comes_back(former: WindowsFormerWindow, system: WindowsSystem) -> None:
    former.give_back()
    assert system.front == EDITOR


@pytest.mark.parametrize("is_gone", [True, False])
def test_a_window_that_is_gone_or_minimised_is_left_alone(
    former: WindowsFormerWindow, system: WindowsSystem, is_gone: bool
) -> None:
    (system.windows.discard if is_gone else system.iconic.add)(EDITOR)
    former.give_back()
    assert system.front == OURS


def test_where_nothing_was_in_front_nothing_happens(system: WindowsSystem) -> None:
    system.front = None
    former = WindowsFormerWindow(system.calls())
    former.remember()
    former.give_back()
    assert system.front is None


def test_paste_presses_control_v_and_gives_the_clipboard_back(
    qtbot: QtBot, former: WindowsFormerWindow, system: WindowsSystem
) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("before")
    system.held = {SHIFT, CONTROL}
    former.paste("the answer", lambda: pytest.fail("gave up"))
    former.give_back()
    qtbot.waitUntil(lambda: system.pasted == ["the answer"])
    assert system.pressed == [
        (SHIFT, KEY_UP),
        (CONTROL, KEY_UP),
        (CONTROL, 0),
        (V, 0),
        (V, KEY_UP),
        (CONTROL, KEY_UP),
    ]
    qtbot.waitUntil(lambda: not former.findChildren(Pasting))
    assert clipboard.text() == "before"


def test_keys_that_are_refused_leave_the_text_on_the_clipboard(
    qtbot: QtBot, former: WindowsFormerWindow, system: WindowsSystem
) -> None:
    system.refuses_keys = True
    former.give_back()
    with qtbot.waitCallback() as gave_up:
        former.paste("the answer", gave_up)
    assert QGuiApplication.clipboard().text() == "the answer"
