"""What is offered in the place of a chord that can't be had."""

from __future__ import annotations

from collections.abc import Callable

from app.core.chord import ALTERNATIVES, Chord

COUNT = 3


def free_chords(wanted: Chord, can_be_had: Callable[[Chord], bool]) -> tuple[Chord, ...]:
    """The first alternatives to `wanted` that really can be had now; `can_be_had` tries one."""
    found: list[Chord] = []
    for chord in ALTERNATIVES:
        if len(found) < COUNT and chord != wanted and can_be_had(chord):
            found.append(chord)
    return tuple(found)
