"""How it stands with the global hotkey."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.core.chord import Chord


class Standing(StrEnum):
    """Whether the hotkey works."""

    OFF = "off"  # paused, or there is no chord
    ASKING = "asking"  # the desktop has been asked and hasn't answered yet; it may be asking the person
    BOUND = "bound"
    TAKEN = "taken"  # another app has the chord
    NO_KEY = "no key"  # the keyboard, as it is laid out now, has no such key
    IMPOSSIBLE = "impossible"  # the desktop lets no app have a hotkey of its own; `obstacle` says why


class Obstacle(StrEnum):
    """Why this desktop gives Sirocco no hotkey."""

    NO_BUS = "no bus"  # Wayland without a session bus or without a portal on it
    NO_PORTAL = "no portal"  # the portal has no global shortcuts
    NOT_INSTALLED = "not installed"  # the portal takes none from an app that has no desktop file
    REFUSED = "refused"  # the person said no, or the desktop did
    CLOSED = "closed"  # the desktop took it back, again and again
    NO_DISPLAY = "no display"
    NO_BACKEND = "no backend"  # a system for which there is no way


@dataclass(frozen=True, slots=True)
class HotkeyState:
    """How it stands with `chord`.

    `free` are other chords that have been tried and can be had. `trigger` is what the desktop says the
    person has to press, in its own words, where it may be another chord than the one that was asked for.
    """

    standing: Standing = Standing.OFF
    chord: Chord | None = None
    obstacle: Obstacle | None = None
    free: tuple[Chord, ...] = ()
    trigger: str = ""
