"""A read-only editor that shows one document for as long as it is visible, and then another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import QEvent, QMimeData, QPoint, QRectF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QTextBrowser, QTextEdit, QWidget

from app.ui.theme import Theme
from app.ui.transcript.clipboard import safe_text
from app.ui.transcript.document import SafeDocument
from app.ui.transcript.inline_formulas import selected_text
from app.ui.transcript.sideways_bar import SidewaysBar
from app.ui.widgets.focus_ring import is_by_keyboard

# Keys that the transcript answers, wherever in a message the focus is.
PASSED_ON = frozenset(
    {
        Qt.Key.Key_Escape,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_J,
        Qt.Key.Key_K,
        Qt.Key.Key_C,
        Qt.Key.Key_R,
    }
)
RING_RADIUS = 6.0
_KEY = QKeySequence.StandardKey
# Keys that select and copy, which goes on beyond an editor's edges.
SELECTING = (
    _KEY.Copy,
    _KEY.SelectAll,
    _KEY.SelectNextChar,
    _KEY.SelectPreviousChar,
    _KEY.SelectNextWord,
    _KEY.SelectPreviousWord,
    _KEY.SelectNextLine,
    _KEY.SelectPreviousLine,
    _KEY.SelectNextPage,
    _KEY.SelectPreviousPage,
    _KEY.SelectStartOfLine,
    _KEY.SelectEndOfLine,
    _KEY.SelectStartOfBlock,
    _KEY.SelectEndOfBlock,
    _KEY.SelectStartOfDocument,
    _KEY.SelectEndOfDocument,
)
_MARKER = re.compile(r"^([•◦▪☐☑]|\S{1,9}\.|\[\S{1,60}\])[\t\u2003]", re.MULTILINE)
_WORDS = {"•": "-", "◦": "-", "▪": "-", "☐": "- [ ]", "☑": "- [x]"}


class Ground(Protocol):
    """What a drawing paints behind its text."""

    @property
    def document(self) -> SafeDocument:
        """The text."""
        ...

    @property
    def has_ground(self) -> bool:
        """Whether there is anything to paint."""
        ...

    def end_cursor(self) -> QTextCursor:
        """A cursor behind the last letter."""
        ...

    def paint(self, painter: QPainter, clip: QRectF) -> None:
        """Paint what is behind the text, in the document's coordinates."""
        ...


class BlockEdit(QTextBrowser):
    """Shows a drawing. Between two drawings it shows an empty document of its own.

    Signals: `link_activated(str)`; `menu_requested(QContextMenuEvent)`; `caret_moved()` by a key;
    `selection_made()` here, other than by `select`: by a key or by assistive technology.
    """

    link_activated = Signal(str)
    menu_requested = Signal(object)
    caret_moved = Signal()
    selection_made = Signal()

    def __init__(self, theme: Theme, parent: QWidget, mode: QTextEdit.LineWrapMode) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shows_focus = False
        self._ground: Ground | None = None
        self._underlined = ""
        self._has_links = True
        self._underline_marks: list[QTextEdit.ExtraSelection] = []
        self._hit_marks: list[QTextEdit.ExtraSelection] = []
        self._pressed = ""
        self._empty = SafeDocument()
        self._empty.setParent(self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.setLineWrapMode(mode)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextBrowserInteraction | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setHorizontalScrollBar(SidewaysBar(self))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        # It grows by a line at its lower edge; what is painted above stays.
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        self.setDocument(self._empty)
        self.anchorClicked.connect(self._on_anchor_clicked)
        self.cursorPositionChanged.connect(self._on_caret_moved)
        self.selectionChanged.connect(self._on_selection_changed)

    @property
    def ground(self) -> Ground | None:
        """What is shown."""
        return self._ground

    def bind(self, ground: Ground) -> None:
        """Show `ground`. The geometry should be set before, or the text is laid out twice."""
        self._forget()
        self._ground = ground
        ground.document.keep_shapes()
        # Its new size reaches it when it is seen: before there is a text that would be laid out for it again.
        self.show()
        self.setDocument(ground.document)
        self.horizontalScrollBar().setValue(0)
        self.viewport().update()  # also what stands where another text stood

    @property
    def across(self) -> int:
        """How many px it is scrolled sideways from where its lines begin."""
        return self.horizontalScrollBar().value()

    def scroll_across(self, across: int) -> None:
        """Scroll sideways to where it was."""
        self.horizontalScrollBar().setValue(across)

    def unbind(self) -> None:
        """Show nothing, so that the document may be deleted."""
        self._forget()
        self.setDocument(self._empty)

    def _forget(self) -> None:
        """Mark nothing more in what is shown."""
        self._ground = None
        self._underline("", QPoint())
        self.mark_hits(())

    def set_tab_stop(self, *, is_stop: bool, has_links: bool = True) -> None:
        """Whether Tab comes here: to the links, or where there are none to what scrolls sideways."""
        self._has_links = has_links
        policy = Qt.FocusPolicy.StrongFocus if is_stop else Qt.FocusPolicy.ClickFocus
        if policy is not self.focusPolicy():
            self.setFocusPolicy(policy)

    def select(self, anchor: int, position: int) -> None:
        """Show this part of the transcript's selection; the caret stands at `position`."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(anchor)
        cursor.setPosition(position, QTextCursor.MoveMode.KeepAnchor)
        self._show_cursor(cursor)

    def clear_selection(self) -> None:
        """Select nothing."""
        cursor = self.textCursor()
        cursor.clearSelection()
        self._show_cursor(cursor)

    def _show_cursor(self, cursor: QTextCursor) -> None:
        # It is told here; what hears `caret_moved` is to hear of what a person does in this editor alone.
        was_blocked = self.blockSignals(True)
        self.setTextCursor(cursor)
        self.blockSignals(was_blocked)

    @property
    def has_hit_marks(self) -> bool:
        """Whether something is marked that was found here."""
        return bool(self._hit_marks)

    def mark_hits(self, marks: Sequence[QTextEdit.ExtraSelection]) -> None:
        """Mark what was found here, each place in the look that it brings."""
        if marks or self._hit_marks:
            self._hit_marks = list(marks)
            self._show_marks()

    def _show_marks(self) -> None:
        self.setExtraSelections([*self._hit_marks, *self._underline_marks])

    def _on_anchor_clicked(self, url: QUrl) -> None:
        self.link_activated.emit(bytes(url.toEncoded().data()).decode("ascii", "replace"))

    def _on_caret_moved(self) -> None:
        if self.hasFocus() and self._ground is not None:
            self.caret_moved.emit()

    def _on_selection_changed(self) -> None:
        if self._ground is not None and self.textCursor().hasSelection():
            self.selection_made.emit()

    def _underline(self, href: str, at: QPoint) -> None:
        """Underline the link `href` that is under the pointer at `at`; none for an empty one."""
        if href == self._underlined:
            return
        self._underlined = href
        if not href:
            self._underline_marks = []
            self._show_marks()
            return
        cursor = self.cursorForPosition(at)
        start = end = cursor.position()
        part = cursor.block().begin()
        while not part.atEnd():
            fragment = part.fragment()
            if fragment.charFormat().anchorHref() == href:
                # The parts of a link stand side by side; of two links to one place both may light up.
                start = min(start, fragment.position())
                end = max(end, fragment.position() + fragment.length())
            part += 1
        selection = QTextEdit.ExtraSelection()
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        selection.cursor = cursor
        selection.format.setFontUnderline(True)
        self._underline_marks = [selection]
        self._show_marks()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # What is selected is the transcript's: its canvas gets the press, and each move until the release.
        self._pressed = self.anchorAt(event.position().toPoint())
        event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pressed = ""
        event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.ignore()
        href = self.anchorAt(event.position().toPoint())
        is_click = event.button() is Qt.MouseButton.LeftButton and not self.textCursor().hasSelection()
        if href and href == self._pressed and is_click:
            self._pressed = ""
            self._on_anchor_clicked(QUrl(href))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if event.buttons() & Qt.MouseButton.LeftButton:
            event.ignore()
            return
        super().mouseMoveEvent(event)
        self._underline(self.anchorAt(at), at)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._underline("", QPoint())

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        return self.document().loadResource(kind, name)

    def createMimeDataFromSelection(self) -> QMimeData:
        # What Qt itself would copy or drag: plain text, and never its own HTML.
        data = QMimeData()
        data.setText(safe_text(plain_selection(self.textCursor())))
        return data

    def focusNextPrevChild(self, is_next: bool) -> bool:
        # Qt selects the link that it goes to, and tells nobody.
        was_here = super().focusNextPrevChild(is_next)
        self._on_selection_changed()
        return was_here

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # A link that is selected shows it by that.
        self._show_focus(is_shown=is_by_keyboard(event) and not self._has_links)
        match event.reason():
            case Qt.FocusReason.TabFocusReason if self._has_links:
                self.focusNextPrevChild(True)
            case Qt.FocusReason.BacktabFocusReason if self._has_links:
                self.focusNextPrevChild(False)
            case _:
                pass

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_focus(is_shown=False)

    def _show_focus(self, *, is_shown: bool) -> None:
        if is_shown is not self._shows_focus:
            self._shows_focus = is_shown
            self.viewport().update()

    def _paint_focus(self) -> None:
        width = self._theme.focus_width
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("line.focus"), width))
        inset = width / 2
        around = QRectF(self.viewport().rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(around, RING_RADIUS, RING_RADIUS)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if any(event.matches(keys) for keys in SELECTING):
            event.ignore()
            return
        plain = not event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        )
        to_ends = event.key() in {Qt.Key.Key_Home, Qt.Key.Key_End} and not plain
        if (plain and event.key() in PASSED_ON) or to_ends:
            event.ignore()
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta()
        bar = self.horizontalScrollBar()
        if bar.maximum() > 0 and abs(delta.x()) > abs(delta.y()):
            super().wheelEvent(event)
        elif bar.maximum() > 0 and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            bar.setValue(bar.value() - delta.y())
        else:
            event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_requested.emit(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width() or self._shows_focus:
            self.viewport().update()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        if self._shows_focus:
            self.viewport().update()  # the ring doesn't move with the text

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._ground is not None and self._ground.has_ground:
            across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(-across, -down)
            self._ground.paint(painter, QRectF(event.rect()).translated(across, down))
            painter.end()
        super().paintEvent(event)
        if self._shows_focus:
            self._paint_focus()


def plain_selection(cursor: QTextCursor) -> str:
    """What a cursor has selected, as plain text."""
    text = selected_text(cursor)
    for mark in ("\u2029", "\u2028", "\ufdd0", "\ufdd1"):
        text = text.replace(mark, "\n")
    text = text.replace("\u200b", "")
    return _MARKER.sub(lambda found: f"{_WORDS.get(found[1], found[1])} ", text)
