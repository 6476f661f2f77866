"""The widgets of the blocks of one message, which show other blocks when those have left the screen."""

from __future__ import annotations

from functools import partial
from typing import TypeAlias

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QTextEdit, QWidget

from app.markup.blocks import runs
from app.ui.reading_column import HANG
from app.ui.theme import Theme
from app.ui.transcript.block_actions import BlockChange
from app.ui.transcript.block_edit import BlockEdit
from app.ui.transcript.block_spares import KINDS, BlockSpares
from app.ui.transcript.budget import Ration
from app.ui.transcript.code import CodeDrawing
from app.ui.transcript.code_frame import CodeFrame
from app.ui.transcript.formula_drawing import FormulaDrawing
from app.ui.transcript.group import Group
from app.ui.transcript.laid_message import LaidMessage
from app.ui.transcript.more import MoreDrawing, MoreRow
from app.ui.transcript.pictures import PictureDrawing, Pictures, PictureView
from app.ui.transcript.pieces import CodePiece, FormulaPiece, MorePiece, Para, PicturePiece, Piece, TablePiece
from app.ui.transcript.prose import ProseDrawing
from app.ui.transcript.spoken_names import block_name
from app.ui.transcript.table import TableDrawing
from app.ui.transcript.table_edit import TableEdit
from app.ui.transcript.text_styles import BLEED

BlockWidget: TypeAlias = BlockEdit | CodeFrame | MoreRow | PictureView


class BlockWidgets(QObject):
    """A widget for each group of a message that is on the screen, within the frame of that message.

    Signals: `link_activated(str)`; `menu_requested(QContextMenuEvent)`; `caret_moved(BlockEdit)`;
    `selection_made(BlockEdit)`; `change_requested(Group, BlockChange)`.
    """

    link_activated = Signal(str)
    menu_requested = Signal(object)
    caret_moved = Signal(object)
    selection_made = Signal(object)
    change_requested = Signal(object, object)

    def __init__(self, theme: Theme, pictures: Pictures, spares: BlockSpares, frame: QWidget) -> None:
        super().__init__(frame)
        self.live: dict[Group, BlockWidget] = {}
        self._theme = theme
        self._pictures = pictures
        self._spares = spares
        self._frame = frame
        # What nobody wants to see any more, and is there to show another: that costs less than to hide first.
        self._loose: dict[type[Piece], list[BlockWidget]] = {kind: [] for kind in KINDS}
        self._places: dict[QWidget, tuple[int, ...]] = {}

    def show_part(self, message: LaidMessage, top: int, bottom: int, around: int, ration: Ration) -> bool:
        """Have widgets for what stands between these px of the message; whether there are others now.

        Those `around` that, at both ends, may stay. Only as many new ones come as the ration allows.
        """
        near = _between(message, top - around, bottom + around)
        wanted = [one for one in _between(message, top, bottom) if one.is_exact]
        # What is drawn anew soon is seen as it was until then.
        may_stay = {one for one in near if one.is_exact or one.laid_width == message.width}
        present = set(message.groups)
        changed = False
        for group, widget in list(self.live.items()):
            # What has the keyboard's focus stays, or the focus would land on another text.
            if group not in may_stay and (group not in present or not _has_focus(widget)):
                self._let_go(group)
        for group in wanted:
            if group in self.live:
                continue
            if not ration.allows_one():
                break
            self._take(group, message.width)
            changed = True
        self._unbind_loose()
        for group, widget in self.live.items():
            self._put(group, widget, message.width)
        return changed

    def make_spare(self) -> bool:
        """Make a widget of a usual kind that there are too few spare ones of; whether that was needed."""
        kind = self._spares.missing()
        if kind is None:
            return False
        self._spares.put(kind, self._make(kind))
        return True

    def leave(self) -> None:
        """Another message is to be shown here: the next `show_part` does, and lets go of this one."""
        for group in list(self.live):
            self._let_go(group)

    def let_all_go(self) -> None:
        """Show nothing, so that the documents may be deleted."""
        self.leave()
        self._unbind_loose()

    def _take(self, group: Group, width: int) -> None:
        widget = self._unused(group, width)
        self.live[group] = widget
        self._put(group, widget, width)
        match widget, group.pieces[0], group.drawing:
            case CodeFrame(), CodePiece(), CodeDrawing():
                widget.bind(group)
            case MoreRow(), MorePiece() as piece, MoreDrawing():
                widget.show_piece(piece)
            case PictureView(), PicturePiece() as piece, PictureDrawing():
                widget.show_piece(piece)
            case BlockEdit(), piece, ProseDrawing() | TableDrawing() | FormulaDrawing() as drawing:
                # Tab comes where there is a link to come to, something out of sight, or a menu of its own.
                links = _has_links(group)
                is_stop = links or group.is_wide or group.kind is TablePiece
                widget.set_tab_stop(is_stop=is_stop, has_links=links)
                widget.setAccessibleName(block_name(piece))
                widget.bind(drawing)
            case _:
                raise TypeError("a group of another kind than its widget")
        widget.show()
        if group.across and (edit := editor_of(widget)) is not None:
            edit.scroll_across(group.across)

    def _unused(self, group: Group, width: int) -> BlockWidget:
        kind = group.kind
        if self._loose[kind]:
            widget = self._loose[kind].pop()
            # What it showed would be laid out as what comes; else it can go on from one to the other.
            if not _is_shaped_for(widget, group, width):
                widget.unbind()
            return widget
        return self._spares.take(kind, self, self._frame) or self._make(kind)

    def _let_go(self, group: Group) -> None:
        widget = self.live.pop(group)
        if group.is_wide and (edit := editor_of(widget)) is not None:
            group.across = edit.across
        self._places.pop(widget, None)
        self._loose[group.kind].append(widget)

    def _unbind_loose(self) -> None:
        for kind, loose in self._loose.items():
            for widget in loose:
                widget.unbind()
                self._spares.put(kind, widget)
            loose.clear()

    def _make(self, kind: type[Piece]) -> BlockWidget:
        widget = self._new(kind)
        self._spares.add(widget, self)
        if (edit := editor_of(widget)) is not None:
            self._connect(widget, edit)
        return widget

    def _new(self, kind: type[Piece]) -> BlockWidget:
        spares = self._spares
        if kind is CodePiece:
            frame = CodeFrame(self._theme, self._frame)
            frame.change_requested.connect(
                lambda change: spares.user(frame).on_change_requested(frame, change)
            )
            return frame
        if kind is TablePiece:
            return TableEdit(self._theme, self._frame)
        if kind is PicturePiece:
            return PictureView(self._theme, self._pictures, self._frame)
        if kind is MorePiece:
            row = MoreRow(self._theme, self._frame)
            row.more_requested.connect(lambda: spares.user(row).on_change_requested(row, BlockChange.MORE))
            return row
        wrapped = (
            QTextEdit.LineWrapMode.WidgetWidth if kind is Para else QTextEdit.LineWrapMode.FixedPixelWidth
        )
        return BlockEdit(self._theme, self._frame, wrapped)

    def _connect(self, widget: BlockWidget, edit: BlockEdit) -> None:
        """Have whoever shows it by then tell what is done with it."""
        user = partial(self._spares.user, widget)

        def follow(href: str) -> None:
            user().link_activated.emit(href)

        def ask_for_menu(event: object) -> None:
            user().menu_requested.emit(event)

        edit.link_activated.connect(follow)
        edit.menu_requested.connect(ask_for_menu)
        edit.caret_moved.connect(lambda: user().caret_moved.emit(edit))
        edit.selection_made.connect(lambda: user().selection_made.emit(edit))

    def _put(self, group: Group, widget: BlockWidget, width: int) -> None:
        drawing = group.drawing
        if drawing is None:
            return
        across = 0 if group.kind is Para else round(drawing.document.textWidth())
        place = (group.top, group.height, width, int(group.is_wide), across)
        is_there = self._places.get(widget) == place and widget.isVisible()
        if is_there and group.kind is Para:
            return  # its words are the document's own
        match widget, group.pieces[0]:
            case CodeFrame(), CodePiece():
                widget.show_group(group)
            case MoreRow(), MorePiece() as piece:
                widget.show_piece(piece)
            case PictureView(), PicturePiece() as piece:
                widget.show_piece(piece)
            case TableEdit(), TablePiece() as piece:
                widget.tell_rows()
                if widget.accessibleName() != (name := block_name(piece)):
                    widget.setAccessibleName(name)
            case _:
                pass
        if is_there:
            return
        self._places[widget] = place
        for beside in group.bars(width):
            # All the way down: it may have stood anywhere before.
            self._frame.update(HANG + beside.left(), 0, beside.width(), self._frame.height())
        indent = group.indent
        # A thought stands in from where the interface begins; code and tables from where their text does.
        mirrored = group.is_thought and self._frame.layoutDirection() is Qt.LayoutDirection.RightToLeft
        left = HANG + (0 if mirrored else indent)
        width -= indent
        match widget:
            case CodeFrame() | MoreRow() | PictureView():
                widget.setGeometry(left, group.top, width, group.height)
            case BlockEdit():
                if group.kind is not Para:
                    if widget.lineWrapColumnOrWidth() != across:
                        widget.setLineWrapColumnOrWidth(across)
                    bar = Qt.ScrollBarPolicy
                    widget.setHorizontalScrollBarPolicy(
                        bar.ScrollBarAlwaysOn if group.is_wide else bar.ScrollBarAlwaysOff
                    )
                lead = drawing.lead
                # Two px more than it needs: where heights are rounded, nothing must scroll.
                widget.setGeometry(left - BLEED, group.top - lead, width + 2 * BLEED, group.height + lead + 2)

    def on_change_requested(self, widget: BlockWidget, change: BlockChange) -> None:
        """A person wants a block in another way."""
        group = next((group for group, one in self.live.items() if one is widget), None)
        if group is not None:
            self.change_requested.emit(group, change)


def _between(message: LaidMessage, top: int, bottom: int) -> list[Group]:
    return [group for group in message.groups if group.top <= bottom and group.top + group.height >= top]


def _is_shaped_for(widget: BlockWidget, group: Group, width: int) -> bool:
    """Whether a text in this widget is laid out as the group will be in a column so wide."""
    match widget:
        case CodeFrame():
            return not group.is_wrapped and widget.edit.lineWrapMode() is QTextEdit.LineWrapMode.NoWrap
        case BlockEdit():
            return group.kind is Para and widget.width() == width - group.indent + 2 * BLEED
        case MoreRow() | PictureView():
            return False


def editor_of(widget: BlockWidget) -> BlockEdit | None:
    """The editor that shows the words of a block; None where there are none."""
    match widget:
        case CodeFrame():
            return widget.edit
        case BlockEdit():
            return widget
        case MoreRow() | PictureView():
            return None


def _has_links(group: Group) -> bool:
    match group.pieces[0]:
        case TablePiece(table):
            cells = [cell for row in (table.head, *table.rows) for cell in row]
            return any(run.link is not None for cell in cells for run in runs(cell))
        case Para():
            return any(one.href for para in group.pieces if isinstance(para, Para) for one in para.segments)
        case CodePiece() | FormulaPiece() | MorePiece() | PicturePiece():
            return False


def _has_focus(widget: BlockWidget) -> bool:
    focused = QGuiApplication.focusObject()
    return isinstance(focused, QWidget) and (focused is widget or widget.isAncestorOf(focused))
