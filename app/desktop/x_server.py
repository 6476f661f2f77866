"""A connection of its own to the X server, for what Qt doesn't ask it: properties and messages of others."""

from __future__ import annotations

from typing import Any, cast

from Xlib import X
from Xlib.error import ConnectionClosedError, DisplayError, XError
from Xlib.protocol import display, event, request

# What may come of asking: the server is gone, or the window is.
FAULTS = (ConnectionClosedError, DisplayError, XError, OSError)
LONGEST = 64  # CARD32s of a property that are read


class XServer(display.Display):
    """The connection alone, without python-xlib's objects for windows and its twenty extensions."""

    def __init__(self, name: str) -> None:
        self.resource_classes: dict[str, Any] = {}  # type: ignore[assignment]  # the stub wants all of them
        super().__init__(name)
        self._atoms: dict[str, int] = {}

    @property
    def root(self) -> int:
        """The window that all others are in."""
        return int(self.info.roots[self.default_screen].root.id)

    def atom(self, name: str) -> int:
        """The number of a name."""
        if name not in self._atoms:
            found = request.InternAtom(display=self, name=name, only_if_exists=0)
            self._atoms[name] = int(found.atom)
        return self._atoms[name]

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

    def wait(self) -> None:
        """Return when the server has done all that was asked so far."""
        request.GetInputFocus(display=self)

    def default_error_handler(self, error: object) -> None:
        """What was asked about a window that is gone has no answer, and needs none."""
