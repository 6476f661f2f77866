"""The field that a message is written in: plain text that grows with its lines."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextBlockFormat,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QTextEdit, QWidget

from app.core.settings import SendKey
from app.ui.composer.caret_rest import CaretRest
from app.ui.theme import Theme

MAX_LINES = 10
CURSOR = 2  # px that are kept free for it
LONG_WORD = 1000  # characters
ANYWHERE = QTextOption.WrapMode.WrapAnywhere
# Keys of the text that are the window's, too; the text has them while they can move its cursor.
LEFT_TO_THE_WINDOW = tuple(QKeySequence(keys) for keys in ("Ctrl+End", "Ctrl+Up", "Ctrl+Down"))


class MessageField(QTextEdit):
    """As high as its text, up to ten lines or the limit that is set, then it scrolls.

    Signals: `send_asked()`; `typed(str)`: the person changed the text; `focus_changed(bool)`.
    """

    send_asked = Signal()
    typed = Signal(str)
    focus_changed = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, style: str = "body") -> None:
        super().__init__(parent)
        self._theme = theme
        self._style = style
        self._send_key = SendKey.ENTER
        self._is_composing = False
        self._limit = 10_000
        self._line = 24.0
        self._placeholder = Placeholder(theme, self)
        self._caret_rest = CaretRest(self)
        self.setAccessibleName(self.tr("Message"))
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setFrameShape(QTextEdit.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self._show_theme()
        theme.changed.connect(self._show_theme)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self.textChanged.connect(self._on_text_changed)

    @property
    def text(self) -> str:
        """What is written."""
        return self.toPlainText()

    def show_text(self, text: str) -> None:
        """Hold `text`, the cursor at its end; nothing of before can be brought back by Undo."""
        if text == self.text:
            return
        self.blockSignals(True)
        mode = _wrap_mode(text)
        if mode is ANYWHERE:
            self.setWordWrapMode(mode)
        self.setPlainText(text)
        # Not before: the text of before may be one that is laid out in the other mode alone.
        self.setWordWrapMode(mode)
        self.blockSignals(False)
        self._format_lines()
        self.moveCursor(QTextCursor.MoveOperation.End)
        self._fit()
        self._show_placeholder()

    def select(self, part: str) -> None:
        """Select the first place where `part` stands; of an empty one there is none."""
        at = self.text.find(part) if part else -1
        if at >= 0:
            cursor = self.textCursor()
            cursor.setPosition(at)
            cursor.setPosition(at + len(part), QTextCursor.MoveMode.KeepAnchor)
            self.setTextCursor(cursor)

    def show_placeholder(self, text: str) -> None:
        """Say `text` while nothing is written."""
        self._placeholder.show_text(text)
        self._show_placeholder()

    def set_style(self, style: str) -> None:
        """Write in another style of type."""
        if style != self._style:
            self._style = style
            self._show_theme()

    @property
    def is_composing(self) -> bool:
        """Whether an input method is at work: keys are its own then."""
        return self._is_composing

    def clear_text(self) -> None:
        """Hold nothing; Undo brings it back."""
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.removeSelectedText()
        self.setTextCursor(cursor)

    def set_send_key(self, key: SendKey) -> None:
        """Which key sends; the other breaks the line."""
        self._send_key = key

    def set_limit(self, height: int) -> None:
        """Never be higher than `height` px."""
        if height != self._limit:
            self._limit = height
            self._fit()

    def _show_theme(self) -> None:
        self.setFont(self._theme.font(self._style))
        self._placeholder.setFont(self.font())
        self._line = self._theme.line_height(self._style)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        palette.setColor(QPalette.ColorRole.Text, self._theme.color("text.primary"))
        palette.setColor(QPalette.ColorRole.Highlight, self._theme.color("fill.text"))
        palette.setColor(QPalette.ColorRole.HighlightedText, self._theme.color("text.primary"))
        self.setPalette(palette)
        self._format_lines()
        self._fit()
        self._place_placeholder()

    def _show_placeholder(self) -> None:
        is_shown = bool(self._placeholder.text) and self.document().isEmpty() and not self._is_composing
        self._placeholder.setVisible(is_shown)

    def _place_placeholder(self) -> None:
        # Beside the cursor, not under it.
        self._placeholder.setGeometry(CURSOR, 0, max(0, self.width() - 2 * CURSOR), round(self._line))

    def _format_lines(self) -> None:
        # Not a thing to undo. This forgets what was done before, too; it happens when the look changes.
        self.document().setUndoRedoEnabled(False)
        blocks = QTextBlockFormat()
        blocks.setLineHeight(self._line, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        self.blockSignals(True)
        cursor.mergeBlockFormat(blocks)
        self.blockSignals(False)
        self.document().setUndoRedoEnabled(True)

    def _fit(self) -> None:
        text = self.document().size().height()
        most = min(round(MAX_LINES * self._line), max(self._limit, round(self._line)))
        height = min(max(round(text), round(self._line)), most)
        scrolls = text > most
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAsNeeded if scrolls else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        if height != self.height() or height != self.minimumHeight():
            self.setFixedHeight(height)

    def _on_text_changed(self) -> None:
        self._show_placeholder()
        self.typed.emit(self.text)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, round(self._line))

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText()

    def insertFromMimeData(self, source: QMimeData) -> None:
        # The plain form alone: no other is ever parsed (SEC-05).
        text = source.text().replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
        mode = _wrap_mode(text)
        if mode is ANYWHERE or self.document().isEmpty():
            self.setWordWrapMode(mode)
        self.textCursor().insertText(text)
        QTimer.singleShot(0, self, self.ensureCursorVisible)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            wanted = QKeySequence(event.keyCombination())
            if self.textCursor().atEnd() and wanted in LEFT_TO_THE_WINDOW:
                event.ignore()
                return False
        return super().event(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._is_composing = bool(event.preeditString())
        super().inputMethodEvent(event)
        self._show_placeholder()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._caret_rest.wake()
        if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter} or self._is_composing:
            super().keyPressEvent(event)
            return
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        wanted = (
            Qt.KeyboardModifier.NoModifier
            if self._send_key is SendKey.ENTER
            else Qt.KeyboardModifier.ControlModifier
        )
        if modifiers == wanted:
            event.accept()
            self.send_asked.emit()
        else:
            # A block of its own, not Qt's line separator: it is what pasted lines are, too.
            self.textCursor().insertBlock()
            self.ensureCursorVisible()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._caret_rest.wake()
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._caret_rest.end()
        self._is_composing = False
        self._show_placeholder()
        self.focus_changed.emit(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self._place_placeholder()


def _wrap_mode(text: str) -> QTextOption.WrapMode:
    """Where lines may be broken: anywhere, where a word has no end.

    For each line of such a word Qt (6.11) looks through all that is left of it for a better place: 100,000
    letters take a second, and a million of them minutes.
    """
    has_long_word = any(len(word) > LONG_WORD for word in text.split())
    return ANYWHERE if has_long_word else QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere


class Placeholder(QWidget):
    """Words where nothing is written yet; a widget, since Qt's own know nothing of the height of a line.

    It is not painted on the viewport: whoever asks for a widget that Qt has made lets PySide6 make all its
    classes of widgets first, before the window's first picture.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text

    def show_text(self, text: str) -> None:
        """Say this."""
        if text != self._text:
            self._text = text
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self._theme.color("text.tertiary"))
        painter.drawText(
            self.rect(), Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter, self._text
        )
