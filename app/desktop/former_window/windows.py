"""On Windows every program may ask which window is in front; the one in front may say who is next."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from ctypes import wintypes
from typing import Any, NamedTuple

from PySide6.QtCore import QObject

from app.desktop.former_window.clipboard_loan import ClipboardLoan
from app.desktop.former_window.pasting import CannotPasteError, Pasting

# From winuser.h.
INPUT_KEYBOARD, KEYEVENTF_KEYUP = 1, 0x2
VK_SHIFT, VK_CONTROL, VK_MENU, VK_LWIN, VK_RWIN, VK_V = 0x10, 0x11, 0x12, 0x5B, 0x5C, 0x56
MODIFIERS = (VK_SHIFT, VK_CONTROL, VK_MENU, VK_LWIN, VK_RWIN)
IS_DOWN = 0x8000


# Sizes in full: elsewhere than on Windows a DWORD of ctypes is another.
class KeyboardInput(ctypes.Structure):
    """KEYBDINPUT."""

    _fields_ = (
        ("key", ctypes.c_uint16),
        ("scan", ctypes.c_uint16),
        ("flags", ctypes.c_uint32),
        ("time", ctypes.c_uint32),
        ("extra", ctypes.c_size_t),
    )


class MouseInput(ctypes.Structure):
    """MOUSEINPUT, the largest of the three: it makes the union as large as Windows has it."""

    _fields_ = (
        ("x", ctypes.c_int32),
        ("y", ctypes.c_int32),
        ("data", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("time", ctypes.c_uint32),
        ("extra", ctypes.c_size_t),
    )


class AnyInput(ctypes.Union):
    """The union within INPUT."""

    _fields_ = (("keyboard", KeyboardInput), ("mouse", MouseInput))


class Input(ctypes.Structure):
    """INPUT."""

    _fields_ = (("kind", ctypes.c_uint32), ("any", AnyInput))


class WindowsCalls(NamedTuple):
    """What of Windows is called: GetForegroundWindow, SetForegroundWindow, IsWindow, IsIconic,
    GetAsyncKeyState, SendInput.
    """

    foreground: Callable[[], int | None]
    set_foreground: Callable[[int], int]
    is_window: Callable[[int], int]
    is_iconic: Callable[[int], int]
    key_state: Callable[[int], int]
    send_input: Callable[[int, Any, int], int]


def windows_calls() -> WindowsCalls:
    """The real ones."""
    user32 = ctypes.WinDLL("user32", use_last_error=True)  # type: ignore[attr-defined]  # on Windows alone
    signatures: dict[str, tuple[Any, tuple[Any, ...]]] = {
        "GetForegroundWindow": (wintypes.HWND, ()),
        "SetForegroundWindow": (wintypes.BOOL, (wintypes.HWND,)),
        "IsWindow": (wintypes.BOOL, (wintypes.HWND,)),
        "IsIconic": (wintypes.BOOL, (wintypes.HWND,)),
        "GetAsyncKeyState": (ctypes.c_short, (ctypes.c_int,)),
        "SendInput": (wintypes.UINT, (wintypes.UINT, ctypes.POINTER(Input), ctypes.c_int)),
    }
    for name, (result, arguments) in signatures.items():
        getattr(user32, name).restype, getattr(user32, name).argtypes = result, arguments
    return WindowsCalls(*(getattr(user32, name) for name in signatures))


class WindowsFormerWindow(QObject):
    """It hasn't run on the real system yet: only against its calls as they are documented."""

    def __init__(self, calls: WindowsCalls, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.cannot_paste = ""
        self._calls = calls
        self._window = 0

    def remember(self) -> None:
        """The window that is in front now is the one to come back to."""
        self._window = self._calls.foreground() or 0

    def give_back(self) -> None:
        """Bring that window to the front; one that is gone or minimised is left alone."""
        calls, window = self._calls, self._window
        if window and calls.is_window(window) and not calls.is_iconic(window):
            calls.set_foreground(window)

    def paste(self, text: str, gave_up: Callable[[], None]) -> None:
        """Paste `text` there once it is in front."""
        Pasting(WindowsHands(self._calls, self._window), text, gave_up, self)


class WindowsHands:
    """For one window."""

    def __init__(self, calls: WindowsCalls, window: int) -> None:
        self._calls = calls
        self._window = window

    def is_in_front(self) -> bool:
        return bool(self._window) and self._calls.foreground() == self._window

    def begin(self, loan: ClipboardLoan) -> None:
        loan.count_any()

    def is_lent(self) -> bool:
        return True

    def is_let_go(self) -> bool:
        # Pressing lets them go, and a letter that is held repeats itself.
        return True

    def press(self) -> None:
        held = [key for key in MODIFIERS if self._calls.key_state(key) & IS_DOWN]
        keys = [*((key, KEYEVENTF_KEYUP) for key in held), *_stroke((VK_CONTROL, VK_V))]
        inputs = (Input * len(keys))()
        for one, (key, flags) in zip(inputs, keys, strict=True):
            one.kind = INPUT_KEYBOARD
            one.any.keyboard = KeyboardInput(key, 0, flags, 0, 0)
        if self._calls.send_input(len(keys), inputs, ctypes.sizeof(Input)) != len(keys):
            # Windows keeps programs from writing into those of an administrator.
            raise CannotPasteError("the keys were refused")

    def end(self) -> None:
        """Nothing was begun."""


def _stroke(keys: Sequence[int]) -> list[tuple[int, int]]:
    """All keys down, and up again the other way round."""
    return [*((key, 0) for key in keys), *((key, KEYEVENTF_KEYUP) for key in reversed(keys))]
