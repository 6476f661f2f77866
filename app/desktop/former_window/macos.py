"""On macOS it is programs that are in front: the one of before is activated, and its front window with it."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import c_bool, c_char_p, c_int, c_int32, c_uint16, c_uint32, c_uint64, c_void_p
from typing import Any, NamedTuple

from PySide6.QtCore import QObject

from app.desktop.former_window.clipboard_loan import ClipboardLoan
from app.desktop.former_window.pasting import CannotPasteError, Pasting

FRAMEWORKS = "/System/Library/Frameworks"
# From Events.h and CGEventTypes.h.
KEY_V, COMMAND, HID_EVENT_TAP = 0x09, 0x100000, 0


class MacCalls(NamedTuple):
    """What of macOS is called. The first three speak of the program in front: its process' number, whether
    one is hidden, and to activate one; then AXIsProcessTrusted, CGEventCreateKeyboardEvent, CGEventSetFlags,
    CGEventPost, CFRelease.
    """

    front: Callable[[], int]
    is_hidden: Callable[[int], bool]
    activate: Callable[[int], bool]
    is_trusted: Callable[[], bool]
    key_event: Callable[[int | None, int, bool], int | None]
    set_flags: Callable[[int, int], None]
    post: Callable[[int, int], None]
    release: Callable[[int], None]


def mac_calls() -> MacCalls:
    """The real ones."""
    objc = ctypes.CDLL("/usr/lib/libobjc.dylib")
    services = ctypes.CDLL(f"{FRAMEWORKS}/ApplicationServices.framework/ApplicationServices")
    ctypes.CDLL(f"{FRAMEWORKS}/AppKit.framework/AppKit")
    for name in ("objc_getClass", "sel_registerName"):
        getattr(objc, name).restype, getattr(objc, name).argtypes = c_void_p, (c_char_p,)
    signatures: dict[str, tuple[Any, tuple[Any, ...]]] = {
        "AXIsProcessTrusted": (c_bool, ()),
        "CGEventCreateKeyboardEvent": (c_void_p, (c_void_p, c_uint16, c_bool)),
        "CGEventSetFlags": (None, (c_void_p, c_uint64)),
        "CGEventPost": (None, (c_uint32, c_void_p)),
        "CFRelease": (None, (c_void_p,)),
    }
    for name, (result, arguments) in signatures.items():
        getattr(services, name).restype, getattr(services, name).argtypes = result, arguments

    def send(receiver: int, name: str, result: Any, *arguments: tuple[Any, Any]) -> Any:
        kinds = [kind for kind, _ in arguments]
        call = ctypes.CFUNCTYPE(result, c_void_p, c_void_p, *kinds)(("objc_msgSend", objc))
        return call(receiver, objc.sel_registerName(name.encode()), *(value for _, value in arguments))

    def front() -> int:
        workspace = send(objc.objc_getClass(b"NSWorkspace"), "sharedWorkspace", c_void_p)
        program = send(workspace, "frontmostApplication", c_void_p)
        return int(send(program, "processIdentifier", c_int32)) if program else 0

    def program(number: int) -> int:
        running = objc.objc_getClass(b"NSRunningApplication")
        name = "runningApplicationWithProcessIdentifier:"
        return int(send(running, name, c_void_p, (c_int, number)) or 0)

    def is_hidden(number: int) -> bool:
        found = program(number)
        return not found or bool(send(found, "isHidden", c_bool))

    def activate(number: int) -> bool:
        found = program(number)
        return bool(found) and bool(send(found, "activateWithOptions:", c_bool, (c_uint64, 0)))

    return MacCalls(
        front,
        is_hidden,
        activate,
        services.AXIsProcessTrusted,
        services.CGEventCreateKeyboardEvent,
        services.CGEventSetFlags,
        services.CGEventPost,
        services.CFRelease,
    )


class MacFormerWindow(QObject):
    """It hasn't run on the real system yet: only against its calls as they are documented."""

    def __init__(
        self, calls: MacCalls, own_process: int, without_permission: str, parent: QObject | None = None
    ) -> None:
        """`without_permission` says in words that the person must allow it to press keys."""
        super().__init__(parent)
        self._calls = calls
        self._own = own_process
        self._without_permission = without_permission
        self._process = 0

    @property
    def cannot_paste(self) -> str:
        """Asked for each time: the person may allow it while it runs."""
        return "" if self._calls.is_trusted() else self._without_permission

    def remember(self) -> None:
        """The program that is in front now is the one to come back to."""
        self._process = self._calls.front()

    def give_back(self) -> None:
        """Activate that program; our own, and one that is gone or hidden, is left alone."""
        if self._process not in {0, self._own} and not self._calls.is_hidden(self._process):
            self._calls.activate(self._process)

    def paste(self, text: str, gave_up: Callable[[], None]) -> None:
        """Paste `text` there once it is in front."""
        Pasting(MacHands(self._calls, self._process), text, gave_up, self)


class MacHands:
    """For one program."""

    def __init__(self, calls: MacCalls, process: int) -> None:
        self._calls = calls
        self._process = process

    def is_in_front(self) -> bool:
        return bool(self._process) and self._calls.front() == self._process

    def begin(self, loan: ClipboardLoan) -> None:
        loan.count_any()

    def is_lent(self) -> bool:
        return True

    def is_let_go(self) -> bool:
        # What is pressed says itself which modifiers are down.
        return True

    def press(self) -> None:
        # The flags say which modifiers are down, whatever the person holds.
        for is_down in (True, False):
            event = self._calls.key_event(None, KEY_V, is_down)
            if not event:
                raise CannotPasteError("no key can be pressed")
            self._calls.set_flags(event, COMMAND)
            self._calls.post(HID_EVENT_TAP, event)
            self._calls.release(event)

    def end(self) -> None:
        """Nothing was begun."""
