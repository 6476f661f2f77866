"""A message on the screen: editors for what is visible of it, and one node for assistive technology."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QGroupBox, QTextEdit, QWidget

from app.markup.blocks import Table
from app.ui.reading_column import HANG
from app.ui.theme import Theme
from app.ui.transcript.block_actions import BlockAction, table_actions
from app.ui.transcript.block_edit import BlockEdit
from app.ui.transcript.block_spares import BlockSpares
from app.ui.transcript.block_widgets import BlockWidget, BlockWidgets, editor_of
from app.ui.transcript.budget import Ration
from app.ui.transcript.code_frame import CodeFrame
from app.ui.transcript.group import Group
from app.ui.transcript.laid_message import MODEL_LINE, LaidMessage
from app.ui.transcript.more import MoreRow
from app.ui.transcript.pictures import Pictures, PictureView
from app.ui.transcript.pieces import TablePiece
from app.ui.transcript.spoken_names import NAME_CHARACTERS, accessible_name
from app.ui.widgets.focus_ring import is_by_keyboard


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

    def __init__(self, theme: Theme, pictures: Pictures, spares: BlockSpares, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self.message: LaidMessage | None = None
        self._widgets = widgets = BlockWidgets(theme, pictures, spares, self)
        self._shows_focus = False
        self._is_name_full = False
        self._is_read = True  # so that the name was made of the text
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        widgets.link_activated.connect(self.link_activated)
        widgets.menu_requested.connect(self._on_menu_requested)
        widgets.caret_moved.connect(self._on_caret_moved)
        widgets.selection_made.connect(self.selection_made)
        widgets.change_requested.connect(self.block_change_requested)
        self.hide()

    # -- which message ------------------------------------------------------------------------------------

    def bind(self, message: LaidMessage) -> None:
        """Show this message."""
        self.message = message
        self._is_name_full = False
        self._is_read = message.is_read
        self.show_turn()
        self.update()

    def show_turn(self) -> None:
        """Show the turn as it is now, without its text."""
        self.show_name()

    def leave(self) -> None:
        """Another message is to be shown at once, or none: `bind` or `unbind` follows."""
        self._widgets.leave()

    def make_spare(self) -> bool:
        """Make an editor that may be needed soon, while nobody waits for it; whether that was needed."""
        return self._widgets.make_spare()

    def unbind(self) -> None:
        """Show none, so that its documents may be deleted."""
        self._widgets.let_all_go()
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

    @property
    def live(self) -> Mapping[Group, BlockWidget]:
        """The widgets on the screen by what they show."""
        return self._widgets.live

    def show_part(self, top: int, bottom: int, around: int, ration: Ration) -> bool:
        """Have editors for what stands between these px of the frame; whether there are others now.

        Those `around` that may stay. Only as many new ones come as the ration allows.
        """
        message = self.message
        if message is None:
            return False
        if message.is_read and not self._is_read:
            self._is_read = True
            self.show_name()
        return self._widgets.show_part(message, top, bottom, around, ration)

    def blocks(self) -> list[BlockWidget]:
        """The widgets of the text, in reading order."""
        groups = self.message.groups if self.message is not None else ()
        return [self.live[group] for group in groups if group in self.live]

    def widgets(self) -> list[QWidget]:
        """All that stands in the frame, in reading order."""
        return list(self.blocks())

    def tab_stops(self) -> list[QWidget]:
        """Where Tab goes within the message, in reading order."""
        stops: list[QWidget] = []
        for widget in self.blocks():
            if isinstance(widget, CodeFrame | MoreRow):
                stops += widget.tab_stops()
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
        elif isinstance(focused, PictureView):
            rect = QRect(focused.mapTo(self, focused.rect().center()), QSize(1, 1))
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

    def _on_caret_moved(self, edit: BlockEdit) -> None:
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
        self._paint_bars()
        if not self._shows_focus:
            return
        width = self.theme.focus_width
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.theme.color("line.focus"), width))
        inset = width / 2
        rect = QRectF(self.focus_rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(rect, 12 - inset, 12 - inset)

    def _paint_bars(self) -> None:
        """Paint the bars beside what is quoted, as far as they don't stand in a text."""
        quoted = [group for group in self.live if group.pieces[0].quotes]
        if self.message is None or not quoted:
            return
        painter = QPainter(self)
        for group in quoted:
            for bar in group.bars(self.message.width):
                painter.fillRect(bar.translated(HANG, 0), self.theme.color("line.control"))
        painter.end()

    def focus_rect(self) -> QRect:
        """What the focus ring goes around."""
        return self.rect()
