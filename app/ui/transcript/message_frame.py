"""A message on the screen: editors for what is visible of it, and one node for assistive technology."""

from __future__ import annotations

from typing import TypeAlias

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QGroupBox, QTextEdit, QWidget

from app.markup.blocks import Table, runs, text_of
from app.ui.reading_column import HANG
from app.ui.theme import Theme
from app.ui.transcript.block_actions import BlockAction, BlockChange, table_actions
from app.ui.transcript.block_edit import BlockEdit
from app.ui.transcript.code import CodeDrawing
from app.ui.transcript.code_frame import CodeFrame
from app.ui.transcript.formula_drawing import FormulaDrawing
from app.ui.transcript.group import Group
from app.ui.transcript.laid_message import MODEL_LINE, LaidMessage
from app.ui.transcript.more import MoreDrawing, MoreRow
from app.ui.transcript.pictures import PictureDrawing, Pictures, PictureView
from app.ui.transcript.pieces import CodePiece, FormulaPiece, MorePiece, Para, PicturePiece, Piece, TablePiece
from app.ui.transcript.prose import ProseDrawing
from app.ui.transcript.table import TableDrawing
from app.ui.transcript.table_edit import TableEdit
from app.ui.transcript.text_styles import BLEED
from app.ui.widgets.focus_ring import is_by_keyboard

NAME_CHARACTERS = 200
SPARE = 12  # editors of each kind that a frame keeps for its next message

KINDS: tuple[type[Piece], ...] = (Para, CodePiece, TablePiece, FormulaPiece, MorePiece, PicturePiece)
BlockWidget: TypeAlias = BlockEdit | CodeFrame | MoreRow | PictureView


class MessageFrame(QGroupBox):
    """Shows one message at a time; the canvas gives it another when that one has left the screen.

    Signals: `link_activated(str)`; `menu_requested(QPoint)`: a place on the screen; `copy_requested()`;
    `try_again_requested()`; `caret_moved(QRect)`: where in the frame the keyboard's caret is now;
    `block_change_requested(Group, BlockChange)`; `selection_made(BlockEdit)` within one editor.
    """

    link_activated = Signal(str)
    menu_requested = Signal(QPoint)
    copy_requested = Signal()
    try_again_requested = Signal()
    caret_moved = Signal(QRect)
    selection_made = Signal(object)
    block_change_requested = Signal(object, object)

    def __init__(self, theme: Theme, pictures: Pictures, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self._pictures = pictures
        self.message: LaidMessage | None = None
        self.live: dict[Group, BlockWidget] = {}
        self._spare: dict[type[Piece], list[BlockWidget]] = {kind: [] for kind in KINDS}
        self._shows_focus = False
        self._is_name_full = False
        self._places: dict[QWidget, tuple[int, ...]] = {}
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.hide()

    # -- which message ------------------------------------------------------------------------------------

    def bind(self, message: LaidMessage) -> None:
        """Show this message."""
        self.message = message
        self._is_name_full = False
        self.show_name()

    def show_turn(self) -> None:
        """Show the turn as it is now, without its text."""
        self.show_name()

    def unbind(self) -> None:
        """Show none, so that its documents may be deleted."""
        for group in list(self.live):
            self._let_go(group)
        self.message = None
        self.hide()

    def show_name(self) -> None:
        """Tell assistive technology who says what, and in which state it is."""
        if self.message is None:
            return
        if not self.message.is_running or not self._is_name_full:
            name = accessible_name(self.message)
            self._is_name_full = len(name) >= NAME_CHARACTERS
            if name != self.accessibleName():
                self.setAccessibleName(name)
        state = self.state_words()
        if state != self.accessibleDescription():
            self.setAccessibleDescription(state)

    def state_words(self) -> str:
        """The state of the message in words."""
        return ""

    # -- what is visible of it ----------------------------------------------------------------------------

    def show_part(self, top: int, bottom: int) -> bool:
        """Have editors for what stands between these px of the frame; whether the editors are others now."""
        message = self.message
        if message is None:
            return False
        wanted = {
            group: None
            for group in message.groups
            if group.is_exact and group.top <= bottom and group.top + group.height >= top
        }
        present = set(message.groups)
        changed = False
        for group, widget in list(self.live.items()):
            # What has the keyboard's focus stays, or the focus would land on another text.
            if group not in wanted and (group not in present or not _has_focus(widget)):
                self._let_go(group)
                changed = True
        for group in wanted:
            if group not in self.live:
                self._take(group)
                changed = True
        for group, widget in self.live.items():
            self._put(group, widget)
        return changed

    def blocks(self) -> list[BlockWidget]:
        """The widgets of the text, in reading order."""
        if self.message is None:
            return []
        return [self.live[group] for group in self.message.groups if group in self.live]

    def widgets(self) -> list[QWidget]:
        """All that stands in the frame, in reading order."""
        return list(self.blocks())

    def tab_stops(self) -> list[QWidget]:
        """Where Tab goes within the message, in reading order."""
        stops: list[QWidget] = []
        for widget in self.blocks():
            if isinstance(widget, CodeFrame | MoreRow):
                stops += widget.tab_stops()
            elif isinstance(widget, PictureView):
                continue
            else:
                stops.append(widget)
        return stops

    def editors(self) -> list[BlockEdit]:
        """The editors on the screen, in reading order."""
        return [edit for one in self.blocks() if (edit := editor_of(one)) is not None]

    def stick_heads(self, top: int) -> None:
        """Keep the heads of code in sight: the view begins `top` px below the frame's upper edge."""
        for group, widget in self.live.items():
            if isinstance(widget, CodeFrame):
                widget.stick(top - group.top)

    def block_actions(self, at: QPoint) -> list[BlockAction]:
        """What can be done with the block at this place on the screen."""
        for group, widget in self.live.items():
            if not widget.rect().contains(widget.mapFromGlobal(at)):
                continue
            match widget, group.pieces[0]:
                case CodeFrame() | PictureView(), _:
                    return widget.block_actions()
                case BlockEdit(), TablePiece(origin=Table() as table):
                    return table_actions(table)
        return []

    def editors_by_group(self) -> list[tuple[Group, BlockEdit]]:
        """The editors on the screen with what each shows, in reading order."""
        groups = self.message.groups if self.message is not None else ()
        return [
            (group, edit)
            for group in groups
            if (one := self.live.get(group)) is not None and (edit := editor_of(one)) is not None
        ]

    def _take(self, group: Group) -> None:
        spare = self._spare[group.kind]
        widget = spare.pop() if spare else self._make(group.kind)
        self.live[group] = widget
        self._put(group, widget)
        match widget, group.pieces[0], group.drawing:
            case CodeFrame(), CodePiece(), CodeDrawing():
                widget.bind(group)
            case MoreRow(), MorePiece() as piece, MoreDrawing():
                widget.show_piece(piece)
            case PictureView(), PicturePiece() as piece, PictureDrawing():
                widget.show_piece(piece)
            case BlockEdit(), piece, ProseDrawing() | TableDrawing() | FormulaDrawing() as drawing:
                # Tab comes only where there is a link to come to, or something out of sight.
                links = _has_links(group)
                widget.set_tab_stop(is_stop=links or group.is_wide, has_links=links)
                widget.setAccessibleName(_name_of(piece))
                widget.bind(drawing)
            case _:
                raise TypeError("a group of another kind than its widget")
        self._put(group, widget)
        widget.show()

    def _let_go(self, group: Group) -> None:
        widget = self.live.pop(group)
        widget.unbind()
        self._places.pop(widget, None)
        spare = self._spare[group.kind]
        if len(spare) < SPARE:
            spare.append(widget)
        else:
            widget.deleteLater()

    def _make(self, kind: type[Piece]) -> BlockWidget:
        if kind is CodePiece:
            frame = CodeFrame(self.theme, self)
            frame.change_requested.connect(lambda change: self._on_change_requested(frame, change))
            self._connect(frame.edit)
            return frame
        if kind is TablePiece:
            table = TableEdit(self.theme, self)
            self._connect(table)
            return table
        if kind is PicturePiece:
            return PictureView(self.theme, self._pictures, self)
        if kind is MorePiece:
            row = MoreRow(self.theme, self)
            row.more_requested.connect(lambda: self._on_change_requested(row, BlockChange.MORE))
            return row
        wrapped = (
            QTextEdit.LineWrapMode.WidgetWidth if kind is Para else QTextEdit.LineWrapMode.FixedPixelWidth
        )
        edit = BlockEdit(self, wrapped)
        self._connect(edit)
        return edit

    def _connect(self, edit: BlockEdit) -> None:
        edit.link_activated.connect(self.link_activated)
        edit.menu_requested.connect(self._on_menu_requested)
        edit.caret_moved.connect(self._on_caret_moved)
        edit.selection_made.connect(lambda: self.selection_made.emit(edit))

    def _put(self, group: Group, widget: BlockWidget) -> None:
        message, drawing = self.message, group.drawing
        if message is None or drawing is None:
            return
        match widget, group.pieces[0]:
            case CodeFrame(), CodePiece():
                widget.show_group(group)
            case MoreRow(), MorePiece() as piece:
                widget.show_piece(piece)
            case PictureView(), PicturePiece() as piece:
                widget.show_piece(piece)
            case TableEdit(), TablePiece() as piece:
                widget.tell_rows()
                if widget.accessibleName() != (name := _name_of(piece)):
                    widget.setAccessibleName(name)
            case _:
                pass
        place = (
            group.top,
            group.height,
            message.width,
            int(group.is_wide),
            round(drawing.document.textWidth()),
        )
        if self._places.get(widget) == place and widget.isVisible():
            return
        self._places[widget] = place
        indent = group.indent
        # A thought stands in from where the interface begins; code and tables from where their text does.
        mirrored = group.is_thought and self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        left = HANG + (0 if mirrored else indent)
        width = message.width - indent
        match widget:
            case CodeFrame() | MoreRow() | PictureView():
                widget.setGeometry(left, group.top, width, group.height)
            case BlockEdit():
                if group.kind is not Para:
                    across = round(drawing.document.textWidth())
                    if widget.lineWrapColumnOrWidth() != across:
                        widget.setLineWrapColumnOrWidth(across)
                    bar = Qt.ScrollBarPolicy
                    widget.setHorizontalScrollBarPolicy(
                        bar.ScrollBarAlwaysOn if group.is_wide else bar.ScrollBarAlwaysOff
                    )
                lead = drawing.lead
                # Two px more than it needs: where heights are rounded, nothing must scroll.
                widget.setGeometry(left - BLEED, group.top - lead, width + 2 * BLEED, group.height + lead + 2)

    # -- what is done with it -----------------------------------------------------------------------------

    def actions_of(self) -> list[QAbstractButton]:
        """The buttons for what can be done with the whole message, in reading order, hidden ones too."""
        return []

    def focus_action(self) -> None:
        """Give the focus to the first thing that can be done with the message."""
        self.show_hover()
        for button in self.actions_of():
            if button.isVisibleTo(self):
                button.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return

    def _go_along_actions(self, step: int) -> bool:
        """Give the focus to the next of the actions, or to the one before; whether it is at one."""
        shown = [button for button in self.actions_of() if button.isVisibleTo(self)]
        focused = self._focused()
        if not isinstance(focused, QAbstractButton) or focused not in shown:
            return False
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            step = -step
        at = max(0, min(shown.index(focused) + step, len(shown) - 1))
        shown[at].setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def _focused(self) -> QWidget | None:
        """What of the message has the keyboard's focus; None where that is elsewhere."""
        focused = QApplication.focusWidget()
        is_here = focused is not None and (focused is self or self.isAncestorOf(focused))
        return focused if is_here else None

    def _menu_place(self) -> QPoint:
        """Where a menu opens that was asked for by key: at what has the focus, as far as it is in sight."""
        focused = self._focused()
        rect = QRect(HANG, MODEL_LINE, 1, 1)
        if isinstance(focused, QAbstractButton):
            rect = QRect(focused.mapTo(self, QPoint(0, 0)), focused.size())
        elif isinstance(focused, QTextEdit):
            caret = focused.cursorRect()
            rect = QRect(focused.viewport().mapTo(self, caret.topLeft()), caret.size())
        seen = self.visibleRegion().boundingRect()
        y = max(seen.top(), min(rect.bottom() + 1, seen.bottom()))
        return self.mapToGlobal(QPoint(max(0, min(rect.left(), self.width() - 1)), y))

    def end_point(self, group: Group) -> QPoint | None:
        """The middle of the line's end behind the last letter of a group; None where it isn't on screen."""
        widget = self.live.get(group)
        edit = editor_of(widget) if widget is not None else None
        if edit is None or edit.ground is None:
            return None
        rect = edit.cursorRect(edit.ground.end_cursor())
        return edit.viewport().mapTo(self, QPoint(rect.left(), rect.center().y()))

    def _on_menu_requested(self, event: QContextMenuEvent) -> None:
        event.accept()
        is_by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        self._ask_for_menu(self._menu_place() if is_by_key else event.globalPos())

    def _ask_for_menu(self, at: QPoint) -> None:
        self.menu_requested.emit(at)

    def _on_change_requested(self, widget: BlockWidget, change: BlockChange) -> None:
        group = next((group for group, one in self.live.items() if one is widget), None)
        if group is not None:
            self.block_change_requested.emit(group, change)

    def _on_caret_moved(self) -> None:
        edit = self.sender()
        if isinstance(edit, BlockEdit):
            rect = edit.cursorRect()
            self.caret_moved.emit(QRect(edit.viewport().mapTo(self, rect.topLeft()), rect.size()))

    def show_hover(self) -> None:
        """Show or hide what is only there under the pointer or the focus."""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._on_menu_requested(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.show_hover()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.show_hover()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._shows_focus = is_by_keyboard(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._shows_focus = False
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        focused = self._focused()
        match event.key():
            case Qt.Key.Key_C if plain:
                self.copy_requested.emit()
            case Qt.Key.Key_R if plain:
                self.try_again_requested.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if plain and self.hasFocus():
                self.focus_action()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if plain and isinstance(focused, QAbstractButton):
                focused.click()
            case Qt.Key.Key_Left if plain and self._go_along_actions(-1):
                pass
            case Qt.Key.Key_Right if plain and self._go_along_actions(1):
                pass
            case Qt.Key.Key_F10 if event.modifiers() == Qt.KeyboardModifier.ShiftModifier:
                # Of the menu key Qt makes a request for a menu everywhere, of this one not.
                self._ask_for_menu(self._menu_place())
            case _:
                event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._shows_focus:
            return
        width = self.theme.focus_width
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.theme.color("line.focus"), width))
        inset = width / 2
        rect = QRectF(self.focus_rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(rect, 12 - inset, 12 - inset)

    def focus_rect(self) -> QRect:
        """What the focus ring goes around."""
        return self.rect()


def accessible_name(message: LaidMessage) -> str:
    """Who says what: the first 200 characters, in one line."""
    words: list[str] = []
    length = 0
    for piece in message.pieces:
        text = _words_of(piece)
        words += text[: 2 * NAME_CHARACTERS].split()
        length += len(text)
        if length > 2 * NAME_CHARACTERS:
            break
    said = " ".join(words)[:NAME_CHARACTERS]
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


def editor_of(widget: BlockWidget) -> BlockEdit | None:
    """The editor that shows the words of a block; None where there are none."""
    match widget:
        case CodeFrame():
            return widget.edit
        case BlockEdit():
            return widget
        case MoreRow() | PictureView():
            return None


def _name_of(piece: Piece) -> str:
    """What assistive technology is told of a block beside its words."""
    match piece:
        case TablePiece(origin=Table() as table):
            words = QGuiApplication.translate("MessageFrame", "Table, {columns} columns, {rows} rows")
            return words.format(columns=len(table.head), rows=len(table.rows))
        case FormulaPiece(tex):
            return QGuiApplication.translate("MessageFrame", "Formula: {source}").format(source=tex)
        case _:
            return ""


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
