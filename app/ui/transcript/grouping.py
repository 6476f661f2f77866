"""How the pieces of a message make up groups, each bounded in what laying it out takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.ui.transcript.pieces import Para, Piece

GROUP_PARAGRAPHS = 40
GROUP_CHARACTERS = 6_000
GROUP_CHANGES = 240
"""A change of look costs as much as many letters."""


def ends(pieces: Sequence[Piece], at: int) -> Iterator[int]:
    """Where the groups end that the pieces from `at` on make up."""
    size = looks = 0
    for number in range(at, len(pieces)):
        piece = pieces[number]
        if not isinstance(piece, Para):
            if number > at:
                yield number
            yield number + 1
            at, size, looks = number + 1, 0, 0
            continue
        length, changes = piece.length, piece.changes
        is_full = size + length > GROUP_CHARACTERS or looks + changes > GROUP_CHANGES
        if number > at and (is_full or number - at >= GROUP_PARAGRAPHS):
            yield number
            at, size, looks = number, 0, 0
        size += length
        looks += changes
    if at < len(pieces):
        yield len(pieces)


def are_same(old: Sequence[Piece], new: Sequence[Piece]) -> bool:
    """Whether these pieces say and look the same."""
    return len(old) == len(new) and all(a is b or a == b for a, b in zip(old, new, strict=True))
