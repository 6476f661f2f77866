"""The links of a message, for whoever goes by key or by ear."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QUrl

from app.core.links import link_address
from app.markup.blocks import Table
from app.ui.transcript.flattener import segments
from app.ui.transcript.pieces import CodePiece, Para, Piece, Segment, TablePiece

SHOWN_CHARACTERS = 48


@dataclass(frozen=True, slots=True)
class PieceLink:
    """Where a link goes, untrusted, and what is shown of it: host and path in ASCII, cut at the end."""

    address: str
    shown: str


def links_of(pieces: Iterable[Piece]) -> list[PieceLink]:
    """The web and mail addresses in reading order, each once."""
    found: dict[str, PieceLink] = {}
    for piece in pieces:
        for segment in _segments(piece):
            if segment.href and segment.href not in found and (link := _link(segment.href)) is not None:
                found[segment.href] = link
    return list(found.values())


def _segments(piece: Piece) -> Iterator[Segment]:
    match piece:
        case Para():
            yield from piece.segments
        case TablePiece(table):
            yield from _cells(table)
        case CodePiece():
            pass


def _cells(table: Table) -> Iterator[Segment]:
    for row in (table.head, *table.rows):
        for cell in row:
            yield from segments(cell)


def _link(href: str) -> PieceLink | None:
    address = link_address(href)
    if not address:
        return None
    url = QUrl(address, QUrl.ParsingMode.StrictMode)
    encoded = QUrl.ComponentFormattingOption.FullyEncoded
    shown = url.host(encoded) + url.path(encoded).rstrip("/")
    if not shown:
        return None
    if len(shown) > SHOWN_CHARACTERS:
        shown = f"{shown[:SHOWN_CHARACTERS]}…"
    return PieceLink(bytes(url.toEncoded().data()).decode("ascii", "replace"), shown)
