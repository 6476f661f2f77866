"""The global hotkey as the settings say it, by whatever way the system has."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.chat.preferences import Preferences
from app.core.chord import Chord, parse_chord
from app.core.hotkey import HotkeyState, Standing
from app.core.settings import Settings

_log = logging.getLogger(__name__)


class HotkeyBackend(QObject):
    """One system's way to hear a chord in any app. All methods are called on the GUI thread.

    Signals: `pressed(activation_token)`: once for each press, however long it is held; the token lets a
    Wayland window take the focus, and is empty elsewhere. `settled(HotkeyState)`: what came of `bind`, at
    once or later, and whatever the system changes afterwards; nothing follows `unbind`.
    """

    pressed = Signal(str)
    settled = Signal(object)

    def bind(self, chord: Chord) -> None:
        """Hear `chord` from now on, in the place of what was bound before."""
        raise NotImplementedError

    def unbind(self) -> None:
        """Leave the chord to others."""
        raise NotImplementedError

    def close(self, seconds: float) -> bool:
        """Unbind, and end for good within `seconds`; False where something hangs and was left behind."""
        raise NotImplementedError


class GlobalHotkey(QObject):
    """Follows the settings.

    Signals: `pressed(activation_token)`; `changed(HotkeyState)`: it stands differently with the chord.

    The backend is made when a chord is first to be bound: `make_backend` loads what it needs. `command` is
    what a person binds in the desktop's own settings where no app can have a hotkey.
    """

    pressed = Signal(str)
    changed = Signal(object)

    def __init__(
        self,
        preferences: Preferences,
        make_backend: Callable[[QObject], HotkeyBackend],
        command: str,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.state = HotkeyState()
        self.command = command
        self._preferences = preferences
        self._make_backend = make_backend
        self._backend: HotkeyBackend | None = None
        self._wanted: Chord | None = None
        self._is_held = True  # until it is started
        self.is_closed = False
        preferences.changed.connect(self._on_settings_changed)

    def start(self) -> None:
        """Bind what the settings say; nothing any more once it is closed."""
        self._is_held = self.is_closed
        self._follow()

    def hold(self) -> None:
        """Leave the chord alone until `start`: a person records another, and may press this very one."""
        self._is_held = True
        self._follow()

    def retry(self) -> None:
        """Try once more to bind what couldn't be bound."""
        if self.state.standing not in (Standing.BOUND, Standing.ASKING):
            self._wanted = None
            self._follow()

    def close(self, seconds: float) -> bool:
        """Unbind for good within `seconds`; False where the backend hangs and was left behind."""
        self._is_held = self.is_closed = True
        self._preferences.changed.disconnect(self._on_settings_changed)
        return self._backend is None or self._backend.close(seconds)

    def _on_settings_changed(self, _settings: Settings) -> None:
        self._follow()

    def _follow(self) -> None:
        wanted = None if self._is_held else wanted_chord(self._preferences.current)
        if wanted == self._wanted:
            return
        self._wanted = wanted
        if wanted is None:
            if self._backend is not None:
                self._backend.unbind()
            self._show(HotkeyState())
            return
        if self._backend is None:
            self._backend = self._make_backend(self)
            self._backend.pressed.connect(self.pressed)
            self._backend.settled.connect(self._show)
        self._show(HotkeyState(Standing.ASKING, wanted))
        self._backend.bind(wanted)

    def _show(self, state: HotkeyState) -> None:
        if state != self.state:
            self.state = state
            _log.info("the hotkey %s is %s", state.chord, state.standing)
            self.changed.emit(state)


def wanted_chord(settings: Settings) -> Chord | None:
    """The chord that is to be bound; None while the hotkey is paused, has none or has one that is no good."""
    chord = None if settings.hotkey_paused else parse_chord(settings.hotkey)
    return chord if chord is not None and chord.fault is None else None
