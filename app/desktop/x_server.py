"""A connection of its own to the X server, for what Qt doesn't ask it: properties and messages of others."""

from __future__ import annotations

from typing import Any, cast

from Xlib import X
from Xlib.error import ConnectionClosedError, DisplayError, XauthError, XError
from Xlib.protocol import display, event, request
from Xlib.support import connect
from Xlib.xauth import Xauthority

# What may come of asking: the server is gone, or the window is.
FAULTS = (ConnectionClosedError, DisplayError, XError, OSError)
FAMILY_WILD = 65535  # of an entry in .Xauthority (Xauth.h)
LONGEST = 64  # CARD32s of a property that are read

_get_auth: Any = connect.get_auth


class XServer(display.Display):
    """The connection alone, without python-xlib's objects for windows and its twenty extensions."""

    def __init__(self, name: str) -> None:
        _read_wild_cookies()
        self.resource_classes: dict[str, Any] = {}  # type: ignore[assignment]  # the stub wants all of them
        super().__init__(name)
        self._atoms: dict[str, int] = {}
        self._extensions: dict[str, int] = {}

    @property
    def root(self) -> int:
        """The window that all others are in."""
        # A number, since there are no classes for resources here.
        return int(cast(Any, self.info.roots[self.default_screen].root))

    def atom(self, name: str) -> int:
        """The number of a name."""
        if name not in self._atoms:
            found = request.InternAtom(display=self, name=name, only_if_exists=0)
            self._atoms[name] = int(found.atom)
        return self._atoms[name]

    def extension(self, name: str) -> int:
        """The number of an extension; 0 where the server hasn't got it."""
        if name not in self._extensions:
            found = request.QueryExtension(display=self, name=name)
            self._extensions[name] = int(found.major_opcode) if found.present else 0
        return self._extensions[name]

    def focus(self) -> int:
        """The window that the keys go to; 0 or 1 where it is none, or the one below the pointer."""
        return int(cast(Any, request.GetInputFocus(display=self).focus))

    def client_of(self, window: int) -> int:
        """What the windows of one program's connection have in common."""
        return window & ~int(self.info.resource_id_mask)

    def class_of(self, window: int) -> frozenset[str]:
        """The names of the kind of program that a window belongs to, in small letters."""
        found = request.GetProperty(
            display=self,
            delete=0,
            window=window,
            property=self.atom("WM_CLASS"),
            type=X.AnyPropertyType,
            long_offset=0,
            long_length=LONGEST,
        )
        form, value = found.value if found.value is not None else (0, b"")
        text = bytes(value).decode("latin-1") if form == 8 else ""
        return frozenset(one.lower() for one in text.split("\0") if one)

    def keycode_of(self, keysym: int) -> int:
        """The key that has this sign, on whichever level; 0 where none has."""
        first = self.info.min_keycode
        found = request.GetKeyboardMapping(
            display=self, first_keycode=first, count=self.info.max_keycode - first + 1
        )
        keys = [first + at for at, signs in enumerate(found.keysyms) if keysym in signs]
        return keys[0] if keys else 0

    def held_keys(self) -> frozenset[int]:
        """The keys that are held down."""
        held = request.QueryKeymap(display=self).map
        return frozenset(code for code in range(8 * len(held)) if held[code // 8] & (1 << code % 8))

    def modifiers(self) -> frozenset[int]:
        """The keys of Shift, Ctrl, Alt and their like; not of Caps Lock, which isn't held to be on."""
        rows = request.GetModifierMapping(display=self).keycodes
        return frozenset(code for at, row in enumerate(rows) if at != X.LockMapIndex for code in row if code)

    def numbers(self, window: int, name: str) -> tuple[int, ...]:
        """A property that is a list of 32 bit numbers, such as windows; empty where it isn't there."""
        found = request.GetProperty(
            display=self,
            delete=0,
            window=window,
            property=self.atom(name),
            type=X.AnyPropertyType,
            long_offset=0,
            long_length=LONGEST,
        )
        form, value = found.value if found.value is not None else (0, ())
        return tuple(value) if form == 32 else ()

    def tell_window_manager(self, window: int, name: str, *numbers: int) -> None:
        """Send the window manager a message about a window, and wait until the server has it."""
        data = (list(numbers) + [0] * 5)[:5]
        message = event.ClientMessage(window=window, client_type=self.atom(name), data=(32, data))
        request.SendEvent(
            display=cast(Any, self),  # the stub wants the whole library's display
            propagate=0,
            destination=self.root,
            event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask,
            event=message,
        )
        self.wait()

    def broadcast(self, window: int, name: str, text: bytes) -> None:
        """Send a text to all who listen at the root, in pieces of 20 bytes, the first as NAME_BEGIN."""
        for at in range(0, len(text), 20):
            piece = text[at : at + 20].ljust(20, b"\0")
            kind = self.atom(name if at else f"{name}_BEGIN")
            request.SendEvent(
                display=cast(Any, self),
                propagate=0,
                destination=self.root,
                event_mask=X.PropertyChangeMask,
                event=event.ClientMessage(window=window, client_type=kind, data=(8, list(piece))),
            )
        self.wait()

    def wait(self) -> None:
        """Return when the server has done all that was asked so far."""
        request.GetInputFocus(display=self)

    def default_error_handler(self, error: object) -> None:
        """What was asked about a window that is gone has no answer, and needs none."""


def _read_wild_cookies() -> None:
    """Let python-xlib (0.33) find a cookie that is good for any host, too, as Qt's own connection does.

    It asks for one of the host's present name alone, which may have changed since the log-in: for that,
    display managers write the other one beside it.
    """
    connect.get_auth = _cookie_for  # type: ignore[assignment]  # its result may be two empty strings


def _cookie_for(
    connection: Any, name: object, protocol: Any, host: object, number: int
) -> tuple[bytes, bytes]:
    found: tuple[bytes, bytes] = _get_auth(connection, name, protocol, host, number)
    if found[0]:
        return found
    try:
        entries: list[Any] = list(Xauthority().entries)
    except XauthError:
        return found
    for family, _address, display_number, kind, cookie in entries:
        is_for_it = display_number in (b"", str(number).encode())
        if family == FAMILY_WILD and is_for_it and kind == b"MIT-MAGIC-COOKIE-1":
            return kind, cookie
    return found
