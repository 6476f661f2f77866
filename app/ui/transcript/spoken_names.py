"""What assistive technology is told of a message and of its blocks, beside their words."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from app.markup.blocks import Table, text_of
from app.ui.transcript.laid_message import LaidMessage
from app.ui.transcript.pieces import CodePiece, FormulaPiece, MorePiece, Para, PicturePiece, Piece, TablePiece

NAME_CHARACTERS = 200


def accessible_name(message: LaidMessage) -> str:
    """Who says what: the first 200 characters, in one line."""
    words: list[str] = []
    length = 0
    if not message.is_read:
        words = message.turn.text[: 2 * NAME_CHARACTERS].split()
    for piece in message.pieces:
        text = _words_of(piece)
        words += text[: 2 * NAME_CHARACTERS].split()
        length += len(text)
        if length > 2 * NAME_CHARACTERS:
            break
    said = " ".join(words)[:NAME_CHARACTERS]
    if message.is_document:
        return said
    template = (
        QGuiApplication.translate("MessageFrame", "You: {text}")
        if message.is_user
        else QGuiApplication.translate("MessageFrame", "Assistant: {text}")
    )
    return template.format(text=said).rstrip()


def _words_of(piece: Piece) -> str:
    match piece:
        case Para(marker=marker):
            return f"{marker.text} {piece.text}" if marker else piece.text
        case CodePiece(block):
            return block.text[:NAME_CHARACTERS]
        case TablePiece(table):
            return text_of([table])[:NAME_CHARACTERS]
        case PicturePiece(_, alt):
            return alt
        case FormulaPiece():
            return piece.source
        case MorePiece():
            return ""


def block_name(piece: Piece) -> str:
    """What assistive technology is told of a block beside its words."""
    match piece:
        case TablePiece(origin=Table() as table):
            words = QGuiApplication.translate("MessageFrame", "Table, {columns} columns, {rows} rows")
            return words.format(columns=len(table.head), rows=len(table.rows))
        case FormulaPiece(tex):
            return QGuiApplication.translate("MessageFrame", "Formula: {source}").format(source=tex)
        case _:
            return ""
