"""What a backend has said so far."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.chat.hotkey import HotkeyBackend
from app.core.chord import Chord, parse_chord
from app.core.hotkey import HotkeyState

WAIT = 60_000  # ms, a watchdog


def chord(text: str) -> Chord:
    found = parse_chord(text)
    assert found is not None
    return found


class Heard:
    """A backend and all that it has said."""

    def __init__(self, qtbot: QtBot, backend: HotkeyBackend) -> None:
        self.qtbot = qtbot
        self.backend = backend
        self.tokens: list[str] = []
        self.states: list[HotkeyState] = []
        backend.pressed.connect(self.tokens.append)
        backend.settled.connect(self.states.append)

    def bind(self, text: str) -> HotkeyState:
        """Bind, and wait for what comes of it."""
        count = len(self.states)
        self.backend.bind(chord(text))
        self.qtbot.waitUntil(lambda: len(self.states) > count, timeout=WAIT)
        return self.states[-1]

    def wait_for_presses(self, count: int) -> None:
        self.qtbot.waitUntil(lambda: len(self.tokens) >= count, timeout=WAIT)
