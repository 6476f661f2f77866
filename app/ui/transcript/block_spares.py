"""The widgets of blocks that show nothing at this moment, there for the next block of any message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.ui.transcript.pieces import CodePiece, FormulaPiece, MorePiece, Para, PicturePiece, Piece, TablePiece

if TYPE_CHECKING:
    from app.ui.transcript.block_widgets import BlockWidget, BlockWidgets

KINDS: tuple[type[Piece], ...] = (Para, CodePiece, TablePiece, FormulaPiece, MorePiece, PicturePiece)
USUAL: tuple[type[Piece], ...] = (Para, CodePiece, TablePiece)
READY = 2  # of each usual kind that are made while nobody waits for them
MOST = 16  # of each kind that are kept


class BlockSpares:
    """Spare widgets by the kind of block that they show.

    To give one to another message costs a fourth of what a new one does, and there are fewer of them than if
    each message kept its own.
    """

    def __init__(self) -> None:
        self._widgets: dict[type[Piece], list[BlockWidget]] = {kind: [] for kind in KINDS}
        self._users: dict[QWidget, BlockWidgets] = {}

    def user(self, widget: QWidget) -> BlockWidgets:
        """Who shows this widget, or did last."""
        return self._users[widget]

    def take(self, kind: type[Piece], user: BlockWidgets, frame: QWidget) -> BlockWidget | None:
        """A hidden widget of this kind within the frame of its user; None where there is none."""
        spare = self._widgets[kind]
        if not spare:
            return None
        own = next((i for i, widget in enumerate(spare) if widget.parentWidget() is frame), len(spare) - 1)
        widget = spare.pop(own)
        if self._users[widget] is not user:
            self._users[widget] = user
            widget.setParent(frame)
        return widget

    def add(self, widget: BlockWidget, user: BlockWidgets) -> None:
        """A new widget has come."""
        self._users[widget] = user

    def put(self, kind: type[Piece], widget: BlockWidget) -> None:
        """A widget shows nothing any more."""
        widget.hide()  # or it would be shown with the frame that it is in
        if len(self._widgets[kind]) < MOST:
            self._widgets[kind].append(widget)
        else:
            del self._users[widget]
            widget.deleteLater()

    def missing(self) -> type[Piece] | None:
        """A usual kind that there are too few of; None where there is none."""
        return next((kind for kind in USUAL if len(self._widgets[kind]) < READY), None)

    def clear(self) -> None:
        """Forget all: the frames that they are in are thrown away."""
        self._users.clear()
        for spare in self._widgets.values():
            spare.clear()
