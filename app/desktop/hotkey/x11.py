"""A chord that the X server reports to this program alone, whatever window has the focus."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import NamedTuple

from PySide6.QtCore import QObject, QSocketNotifier, QTimer
from Xlib import X, error
from Xlib.protocol import event, request

from app.chat.hotkey import HotkeyBackend
from app.core.chord import Chord
from app.core.hotkey import HotkeyState, Obstacle, Standing
from app.desktop.hotkey.suggestions import free_chords
from app.desktop.hotkey.x11_keys import ALT, NUM_LOCK, SCROLL_LOCK, SUPER, keysym_of, us_keycode_of
from app.desktop.x_server import FAULTS, XServer

# A change of the keyboard's layout is told in a burst, once for each keyboard.
REMAP_AFTER = 100  # ms

_log = logging.getLogger(__name__)


class Grab(NamedTuple):
    """What the server is asked for: a physical key, and every state of the modifiers in which it counts."""

    keycode: int
    states: tuple[int, ...]


class X11Hotkey(HotkeyBackend):
    """Grabs the key on a connection of its own, beside Qt's."""

    def __init__(self, display_name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._display_name = display_name
        self._connection: XServer | None = None
        self._notifier: QSocketNotifier | None = None
        self._chord: Chord | None = None
        self._grab: Grab | None = None
        self._is_down = False
        self._released_at = -1
        self._remap = QTimer(self)
        self._remap.setSingleShot(True)
        self._remap.setInterval(REMAP_AFTER)
        self._remap.timeout.connect(self._on_remapped)

    def bind(self, chord: Chord) -> None:
        self.unbind()
        self._chord = chord
        self._attempt(self._bind)

    def unbind(self) -> None:
        self._chord = None
        self._remap.stop()
        self._attempt(self._release)

    def close(self, seconds: float) -> bool:
        self.unbind()
        self._disconnect()
        return True

    # -- the grab ---------------------------------------------------------------------------------------

    def _attempt(self, action: Callable[[], object]) -> None:
        """Do what talks to the server; where it is gone, say so."""
        try:
            action()
        except FAULTS as fault:
            _log.warning("the X server can't be talked to: %s", type(fault).__name__)
            self._grab = None
            self._disconnect()
            if self._chord is not None:
                state = HotkeyState(Standing.IMPOSSIBLE, self._chord, Obstacle.NO_DISPLAY)
                self.settled.emit(state)

    def _bind(self) -> None:
        if self._chord is None:
            return
        server = self._connect()
        keyboard = Keyboard(server)
        grab = keyboard.grab_for(self._chord)
        if grab is not None and _take(server, grab):
            self._grab = grab
            self.settled.emit(HotkeyState(Standing.BOUND, self._chord))
        else:
            standing = Standing.NO_KEY if grab is None else Standing.TAKEN
            free = free_chords(self._chord, lambda chord: _can_be_had(server, keyboard.grab_for(chord)))
            self.settled.emit(HotkeyState(standing, self._chord, free=free))
        # What the answers above brought along is in python-xlib's queue, of which no socket tells.
        QTimer.singleShot(0, self, self._read)

    def _release(self) -> None:
        grab, self._grab = self._grab, None
        self._is_down, self._released_at = False, -1
        if grab is not None and self._connection is not None:
            _give_back(self._connection, grab)

    def _on_remapped(self) -> None:
        self._attempt(self._take_anew)

    def _take_anew(self) -> None:
        """Find the key where the changed layout of the keyboard has it."""
        if self._chord is not None and Keyboard(self._connect()).grab_for(self._chord) != self._grab:
            self._release()
            self._bind()

    # -- the connection ---------------------------------------------------------------------------------

    def _connect(self) -> XServer:
        if self._connection is None:
            self._connection = XServer(self._display_name)
            self._notifier = QSocketNotifier(self._connection.fileno(), QSocketNotifier.Type.Read, self)
            self._notifier.activated.connect(self._read)
        return self._connection

    def _disconnect(self) -> None:
        notifier, self._notifier = self._notifier, None
        connection, self._connection = self._connection, None
        if notifier is not None:
            notifier.setEnabled(False)
            notifier.deleteLater()
        if connection is not None:
            try:
                connection.close()
            except FAULTS:
                return  # it had been closed from the other end

    def _read(self) -> None:
        self._attempt(self._read_events)

    def _read_events(self) -> None:
        server = self._connection
        while server is not None and server.pending_events():
            match server.next_event():
                case event.KeyPress() as pressed:
                    self._on_pressed(pressed)
                case event.KeyRelease() as released:
                    self._is_down, self._released_at = False, released.time
                case event.MappingNotify() as mapped if mapped.request != X.MappingPointer:
                    self._remap.start()
                case _:
                    pass
            server = self._connection

    def _on_pressed(self, pressed: event.KeyPress) -> None:
        # A held key repeats as a release and a press of the same moment.
        is_repeated = self._is_down or pressed.time == self._released_at
        self._is_down = True
        if not is_repeated and self._grab is not None and pressed.detail == self._grab.keycode:
            self.pressed.emit("")


class Keyboard:
    """The keyboard as it is laid out now: which key has which sign, and which bits the modifiers are."""

    def __init__(self, server: XServer) -> None:
        first, last = server.info.min_keycode, server.info.max_keycode
        rows = request.GetKeyboardMapping(display=server, first_keycode=first, count=last - first + 1).keysyms
        self._signs: dict[int, Sequence[int]] = {first + at: row for at, row in enumerate(rows)}
        self._modifiers: list[tuple[int, ...]] = [
            tuple(sign for keycode in keycodes for sign in self._signs.get(keycode, ()))
            for keycodes in request.GetModifierMapping(display=server).keycodes
        ]

    def grab_for(self, chord: Chord) -> Grab | None:
        """What is to be asked of the server; None where there is no such key or modifier."""
        keycode = self._keycode_of(chord.key)
        masks = [X.ControlMask] * chord.ctrl + [X.ShiftMask] * chord.shift
        masks += [self._mask_of(ALT)] * chord.alt + [self._mask_of(SUPER)] * chord.meta
        if keycode is None or 0 in masks:
            return None
        wanted = sum(masks)
        locks = {X.LockMask, self._mask_of(NUM_LOCK), self._mask_of(SCROLL_LOCK)} - {0, *masks}
        subsets = (some for count in range(len(locks) + 1) for some in combinations(sorted(locks), count))
        return Grab(keycode, tuple(wanted | sum(some) for some in subsets))

    def _keycode_of(self, key: str) -> int | None:
        """The key that writes `key`, in its first layout rather than in another; else where it is on most."""
        sign = keysym_of(key)
        columns = max(map(len, self._signs.values()), default=0)
        # Each layout has two columns: without and with Shift.
        for column in range(0, columns, 2):
            for keycode, row in self._signs.items():
                if column < len(row) and row[column] == sign:
                    return keycode
        return us_keycode_of(key)

    def _mask_of(self, signs: frozenset[int]) -> int:
        return next((1 << bit for bit, own in enumerate(self._modifiers) if not signs.isdisjoint(own)), 0)


def _take(server: XServer, grab: Grab) -> bool:
    """Grab the key in every state; False, and nothing is grabbed, where another program has one of them."""
    caught = error.CatchError(error.BadAccess)
    for root in server.info.roots:
        for state in grab.states:
            request.GrabKey(
                display=server,  # type: ignore[arg-type]  # the stub asks for more than is used
                onerror=caught,
                owner_events=False,
                grab_window=root.root,
                modifiers=state,
                key=grab.keycode,
                pointer_mode=X.GrabModeAsync,
                keyboard_mode=X.GrabModeAsync,
            )
    _wait(server)
    if caught.get_error() is None:
        return True
    _give_back(server, grab)
    return False


def _can_be_had(server: XServer, grab: Grab | None) -> bool:
    is_free = grab is not None and _take(server, grab)
    if is_free and grab is not None:
        _give_back(server, grab)
    return is_free


def _give_back(server: XServer, grab: Grab) -> None:
    for root in server.info.roots:
        for state in grab.states:
            request.UngrabKey(
                display=server,  # type: ignore[arg-type]  # as above
                onerror=error.CatchError(),
                grab_window=root.root,
                modifiers=state,
                key=grab.keycode,
            )
    _wait(server)


def _wait(server: XServer) -> None:
    """Until the server has done all that was asked of it: its answer to any question comes after."""
    request.GetInputFocus(display=server)
