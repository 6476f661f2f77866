"""A chord that the desktop's portal gives to this app: the way of Wayland."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from PySide6.QtCore import QDeadlineTimer, QObject, QThread, QTimer, Signal

from app.chat.hotkey import HotkeyBackend
from app.core.chord import Chord
from app.core.hotkey import HotkeyState, Obstacle, Standing
from app.desktop.hotkey.portal_session import CannotError, ClosedError, PortalSession
from app.desktop.hotkey.session_bus import BusError, SessionBus, StoppedError, Stopper

# After the portal has ended a session, or was ended itself: it is updated, or its desktop starts anew.
AGAIN_AFTER = (1000, 5000, 30_000)  # ms

_log = logging.getLogger(__name__)


class PortalHotkey(HotkeyBackend):
    """One session with the portal for each `bind`, on a connection and a thread of its own."""

    def __init__(
        self,
        bus_address: str,
        app_id: str,
        description: str,
        parent: QObject | None = None,
        again_after: Sequence[int] = AGAIN_AFTER,
    ) -> None:
        """`description` is what the desktop shows the person as what the chord does."""
        super().__init__(parent)
        self._bus_address = bus_address
        self._app_id = app_id
        self._description = description
        self._again_after = again_after
        self._closed_count = 0
        self._chord: Chord | None = None
        self._listener: _Listener | None = None
        self._last = 0
        self._leaving: list[_Listener] = []
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._listen)

    def bind(self, chord: Chord) -> None:
        self.unbind()
        self._chord = chord
        self._closed_count = 0
        self._listen()

    def unbind(self) -> None:
        self._chord = None
        self._again.stop()
        if self._listener is not None:
            self._listener.stop()
        self._leave()

    def close(self, seconds: float) -> bool:
        self.unbind()
        end = QDeadlineTimer(int(max(seconds, 0.0) * 1000))
        for listener in self._leaving:
            listener.wait(end)
        self._leave()
        return not self._leaving

    def _listen(self) -> None:
        if self._chord is None:
            return
        self._last += 1
        self._listener = _Listener(
            self._last, self._bus_address, self._app_id, self._description, self._chord
        )
        self._listener.settled.connect(self._on_settled)
        self._listener.pressed.connect(self._on_pressed)
        self._listener.closed.connect(self._on_closed)
        self._listener.start()

    def _leave(self) -> None:
        """Listen to the listener no more; it is kept until its thread has ended."""
        listener, self._listener = self._listener, None
        known = self._leaving if listener is None else [*self._leaving, listener]
        self._leaving = [one for one in known if not one.has_ended()]

    # What an earlier listener has still said arrives after it was left.

    def _is_current(self, number: int) -> bool:
        return self._listener is not None and number == self._last

    def _on_settled(self, number: int, state: HotkeyState) -> None:
        if self._is_current(number):
            self.settled.emit(state)

    def _on_pressed(self, number: int, token: str) -> None:
        if self._is_current(number):
            self._closed_count = 0
            self.pressed.emit(token)

    def _on_closed(self, number: int) -> None:
        if not self._is_current(number):
            return
        self._leave()
        if self._closed_count < len(self._again_after):
            self._again.start(self._again_after[self._closed_count])
            self._closed_count += 1
            self.settled.emit(HotkeyState(Standing.ASKING, self._chord))
        else:
            self.settled.emit(HotkeyState(Standing.IMPOSSIBLE, self._chord, Obstacle.CLOSED))


class _Listener(QThread):
    """Talks with the portal until it is stopped, or there is no more to say.

    Signals, each with the listener's own `number` first: `settled(int, HotkeyState)`; `pressed(int,
    activation_token)`; `closed(int)`: the portal has ended the session, another try may do.

    It has no parent, as JobThread says.
    """

    settled = Signal(int, object)
    pressed = Signal(int, str)
    closed = Signal(int)

    def __init__(self, number: int, bus_address: str, app_id: str, description: str, chord: Chord) -> None:
        super().__init__()
        self.setObjectName("hotkey")
        self._number = number
        self._bus_address = bus_address
        self._app_id = app_id
        self._description = description
        self._chord = chord
        self._stopper = Stopper()

    def stop(self) -> None:
        """Let the thread end soon."""
        self._stopper.stop()

    def has_ended(self) -> bool:
        """True once the thread runs no more; what it used is given back then."""
        if self.isFinished():
            self._stopper.close()
        return self.isFinished()

    def run(self) -> None:
        try:
            with SessionBus(self._bus_address, self._stopper) as bus:
                PortalSession(bus, self._app_id, self._description, self._settle, self._press).run(
                    self._chord
                )
        except CannotError as fault:
            self._settle(HotkeyState(Standing.IMPOSSIBLE, self._chord, fault.obstacle))
        except BusError as fault:
            _log.info("no session bus: %s", fault)
            self._settle(HotkeyState(Standing.IMPOSSIBLE, self._chord, Obstacle.NO_BUS))
        except ClosedError:
            self.closed.emit(self._number)
        except StoppedError:
            return

    def _settle(self, state: HotkeyState) -> None:
        self.settled.emit(self._number, state)

    def _press(self, token: str) -> None:
        self.pressed.emit(self._number, token)
