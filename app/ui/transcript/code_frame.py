"""The box around a block of code: a head that stays in sight, and the code, which scrolls sideways."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QTextEdit, QWidget

from app.markup.blocks import CodeBlock
from app.markup.languages import display_name, file_name_of
from app.ui.theme import Theme
from app.ui.transcript.block_actions import BlockAction, BlockChange
from app.ui.transcript.block_edit import BlockEdit
from app.ui.transcript.box import paint_box
from app.ui.transcript.clipboard import put_text
from app.ui.transcript.code import FOLDED, CodeDrawing
from app.ui.transcript.group import CODE_ABOVE, CODE_BELOW, CODE_HEAD, FOLD_BAR, SCROLL_BAR, Group
from app.ui.transcript.pieces import CodePiece
from app.ui.widgets.buttons import Button, Kind, Size
from app.ui.widgets.label import ElidedLabel

COPIED_MILLISECONDS = 1600
RADIUS = 10


class CopyButton(Button):
    """Says *Copied* in green for a moment after it was pressed."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, "", kind=Kind.QUIET, size=Size.SMALL, icon="copy", parent=parent)
        self.setText(self.tr("Copy"))
        self._was_copied = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(COPIED_MILLISECONDS)
        self._timer.timeout.connect(self.show_rest)

    def show_copied(self) -> None:
        """Say that it was copied."""
        self._was_copied = True
        self.setText(self.tr("Copied"))
        self.set_icon("check")
        self._timer.start()

    def show_rest(self) -> None:
        """Say what it does."""
        if not self._was_copied:
            return
        self._timer.stop()
        self._was_copied = False
        self.setText(self.tr("Copy"))
        self.set_icon("copy")

    def _tone(self) -> str:
        return "success.text" if self._was_copied else super()._tone()


class CodeHead(QWidget):
    """What stands above code: the name of the file or the language, and *Copy*."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._label = ElidedLabel(theme, style="label.medium", tone="text.secondary", parent=self)
        self.copy_button = CopyButton(theme, self)
        self._placed: tuple[int, str, bool] | None = None

    def show_title(self, title: str) -> None:
        """Say what the code is."""
        self._label.set_text(title)

    def place(self) -> None:
        """Put the label and the button where they belong."""
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        placed = (self.width(), self.copy_button.label, mirrored)
        if placed == self._placed:
            return
        self._placed = placed
        head = CODE_HEAD - 1
        button = self.copy_button.sizeHint()
        x = 4 if mirrored else self.width() - button.width() - 4
        self.copy_button.setGeometry(x, (head - button.height()) // 2 + 1, button.width(), button.height())
        label = max(0, self.width() - button.width() - 26)
        self._label.setGeometry(button.width() + 12 if mirrored else 14, 1, label, head)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        # Behind the corners stands what the frame stands on; where the head sticks, code may be there.
        painter.fillRect(self.rect(), self.palette().color(self.backgroundRole()))
        fill, line = self._theme.color("bg.sunken"), self._theme.color("line.hair")
        paint_box(painter, self.rect().adjusted(0, 0, 0, 2 * RADIUS), RADIUS, fill, line)
        painter.fillRect(1, CODE_HEAD - 1, self.width() - 2, 1, line)


class CodeFrame(QWidget):
    """Shows one block of code at a time. Signal: `change_requested(BlockChange)`."""

    change_requested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        # It grows by a line at its lower edge; what is painted above stays.
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        self.edit = BlockEdit(theme, self, QTextEdit.LineWrapMode.NoWrap)
        self.head = CodeHead(theme, self)
        self.copy_button = self.head.copy_button
        self.copy_button.clicked.connect(self._on_copy)
        self.fold_button = Button(
            theme, "", kind=Kind.QUIET, size=Size.SMALL, icon="chevron-down", parent=self
        )
        self.fold_button.clicked.connect(lambda: self.change_requested.emit(BlockChange.FOLD))
        self._group: Group | None = None
        self._shown: tuple[object, ...] = ()

    def bind(self, group: Group) -> None:
        """Show the code of `group`."""
        self.copy_button.show_rest()
        self.show_group(group)
        match group.drawing:
            case CodeDrawing() as drawing:
                self.edit.bind(drawing)
            case _:
                raise TypeError("a group without code")
        self._place()
        self.update()

    def show_group(self, group: Group) -> None:
        """Show how the code is called, how long it is and how it is seen; as it grows that changes."""
        self._group = group
        piece = group.pieces[0]
        block = piece.block if isinstance(piece, CodePiece) else None
        if block is None:
            return
        shown = (
            block.info,
            block.closed,
            group.code_lines,
            group.is_folded,
            group.can_fold,
            group.is_wrapped,
            group.is_wide,
        )
        if shown == self._shown:
            return
        self._shown = shown
        # Each in a direction of its own.
        words = (file_name_of(block.info), display_name(block.language))
        title = " · ".join(word if word.isascii() else f"\u2068{word}\u2069" for word in words if word)
        self.head.show_title(title)
        # While it grows the number of its lines would be read again with each.
        self.edit.setAccessibleName(code_name(block, group.code_lines if block.closed else 0))
        modes = QTextEdit.LineWrapMode
        mode = modes.WidgetWidth if group.is_wrapped else modes.NoWrap
        if self.edit.lineWrapMode() is not mode:
            self.edit.setLineWrapMode(mode)
        bars = Qt.ScrollBarPolicy
        self.edit.setHorizontalScrollBarPolicy(
            bars.ScrollBarAlwaysOn if group.is_wide else bars.ScrollBarAlwaysOff
        )
        self.edit.set_tab_stop(is_stop=group.is_wide, has_links=False)
        self.fold_button.setVisible(group.can_fold)
        self.fold_button.set_icon("chevron-down" if group.is_folded else "chevron-up")
        all_lines = self.tr("Show all")
        if group.code_lines > FOLDED:
            all_lines = self.tr("Show all {count} lines").format(count=group.code_lines)
        self.fold_button.setText(all_lines if group.is_folded else self.tr("Show fewer lines"))
        self._place()

    def unbind(self) -> None:
        """Show nothing."""
        self.edit.unbind()
        self._group = None
        self._shown = ()

    def stick(self, top: int) -> None:
        """Keep the head in sight: the view begins `top` px below the frame's upper edge."""
        lowest = self.height() - CODE_HEAD - CODE_ABOVE - CODE_BELOW
        self.head.move(0, max(0, min(top, lowest)))

    def tab_stops(self) -> list[QWidget]:
        """Where Tab goes, in reading order."""
        return [self.copy_button, self.edit, self.fold_button]

    def block_actions(self) -> list[BlockAction]:
        """What the context menu offers for this code."""
        group = self._group
        if group is None or not isinstance(group.drawing, CodeDrawing):
            return []
        text = group.drawing.text

        def wrap() -> None:
            # While the menu was open other code may have come here.
            if self._group is group:
                self.change_requested.emit(BlockChange.WRAP)

        return [
            BlockAction(self.tr("Copy code"), "code", lambda: put_text(text)),
            BlockAction(self.tr("Wrap lines"), "", wrap, is_on=group.is_wrapped),
        ]

    def _on_copy(self) -> None:
        match self.edit.ground:
            case CodeDrawing() as drawing:
                put_text(drawing.text)
                self.copy_button.show_copied()
                self.head.place()
            case _:
                pass

    def _place(self) -> None:
        group = self._group
        if group is None:
            return
        self.head.resize(self.width(), CODE_HEAD)
        self.head.place()
        lead = group.drawing.lead if group.drawing is not None else 0
        top = CODE_HEAD + CODE_ABOVE - lead
        bottom = (1 if group.is_wide else 6) + (FOLD_BAR if group.can_fold else 0)
        self.edit.setGeometry(1, top, max(1, self.width() - 2), max(SCROLL_BAR, self.height() - top - bottom))
        if group.can_fold:
            hint = self.fold_button.sizeHint()
            x = (self.width() - hint.width()) // 2
            y = self.height() - FOLD_BAR + (FOLD_BAR - hint.height()) // 2
            self.fold_button.setGeometry(x, y, hint.width(), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
        if event.size().width() != event.oldSize().width():
            self.update()
        else:
            # Where the lower edge was, and where it is.
            edge = RADIUS + (FOLD_BAR if self._group is not None and self._group.can_fold else 0)
            self.update(0, min(event.oldSize().height(), self.height()) - edge, self.width(), edge)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill, line = self._theme.color("bg.sunken"), self._theme.color("line.hair")
        paint_box(painter, self.rect(), RADIUS, fill, line)
        if self._group is not None and self._group.can_fold:
            painter.fillRect(1, self.height() - FOLD_BAR, self.width() - 2, 1, line)


def code_name(block: CodeBlock, lines: int) -> str:
    """How assistive technology calls a block of code: "app.py, Python code, 12 lines"; 0 for no number."""
    language = display_name(block.language)
    words = [
        file_name_of(block.info),
        _tr("{language} code").format(language=language) if language else _tr("Code"),
    ]
    if lines:
        words.append(_tr("1 line") if lines == 1 else _tr("{count} lines").format(count=lines))
    return ", ".join(word for word in words if word)


def _tr(text: str) -> str:
    return QCoreApplication.translate("CodeFrame", text)
