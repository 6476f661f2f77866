"""A block of code drawn into a document; its colours follow when there is time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QTextCharFormat, QTextCursor, QTextLayout

from app.markup.blocks import CodeBlock
from app.ui.transcript.document import SafeDocument
from app.ui.transcript.pieces import drawable, utf16_length
from app.ui.transcript.text_styles import CODE_PADDING, TextStyles

if TYPE_CHECKING:
    from app.markup.highlight import GrowingHighlight, Kind

TAB = 4  # columns
# What the design tokens have no name for.
DIFF = {"diff.inserted": "success.text", "diff.deleted": "danger.text", "diff.hunk": "text.secondary"}


class CodeDrawing:
    """A document with the lines of one block of code, not wrapped."""

    def __init__(self, styles: TextStyles) -> None:
        self.document = SafeDocument()
        option = self.document.defaultTextOption()
        option.setWrapMode(option.WrapMode.NoWrap)
        self.document.setDefaultTextOption(option)
        self._character = styles.code_character()
        self._block = styles.code_block()
        self.document.setDefaultFont(self._character.font())
        space = QFontMetricsF(self._character.font()).horizontalAdvance(" ")
        option.setTabStopDistance(TAB * space)
        self.document.setDefaultTextOption(option)
        self.document.set_side_margins(CODE_PADDING)
        self._styles = styles
        self._source = ""
        self._text = ""
        self._language = ""
        self._highlight: GrowingHighlight | None = None
        self._coloured = 0  # characters of the text that have their colours
        self.is_closed = True
        self.clear()

    @property
    def lead(self) -> int:
        """How many px the document stands higher than its text."""
        return self._styles.code_lead

    @property
    def text(self) -> str:
        """The code as the model wrote it."""
        return self._source

    @property
    def needs_colours(self) -> bool:
        """Whether `colour` has something to do."""
        return bool(self._language) and self._coloured < len(self._text)

    def clear(self) -> None:
        """Hold no text."""
        cursor = QTextCursor(self.document)
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.removeSelectedText()
        cursor.setBlockFormat(self._block)
        cursor.setBlockCharFormat(self._character)
        self._source = self._text = ""
        self._highlight = None
        self._coloured = 0

    def end_cursor(self) -> QTextCursor:
        """A cursor behind the last letter."""
        return self.document.end_cursor()

    def lay_out(self, _width: int) -> int:
        """Return the height of all lines in px."""
        return round(self.document.size().height())

    @property
    def width(self) -> int:
        """The width of the longest line with its margins."""
        return round(self.document.idealWidth() + 0.5)

    def show(self, block: CodeBlock) -> None:
        """Show this code. Where it only grew, what stands is not touched."""
        if block.language != self._language or not block.text.startswith(self._source):
            self.clear()
            self._language = block.language
        self.is_closed = block.closed
        if block.text == self._source and self._text:
            return
        self._source = block.text
        # The line end at the very end is not shown until something follows it.
        text = drawable(block.text)
        shown = text.removesuffix("\n")
        if not shown.startswith(self._text):
            self.clear()
            self._source = block.text
        more = shown[len(self._text) :]
        if more:
            self._text = shown
            self.document.end_cursor().insertText(more, self._character)

    def colour(self) -> None:
        """Give the code its colours, as far as it has come."""
        from app.markup.highlight import GrowingHighlight

        if self._highlight is None:
            self._highlight = GrowingHighlight(self._language)
        first = self._highlight.update(self._text)
        if self.is_closed:
            before = self._highlight.lines
            lines = self._highlight.finish()
            if lines is not before and lines != before:
                first = 0
        else:
            lines = self._highlight.lines
        self._coloured = len(self._text)
        document = self.document
        block = document.findBlockByNumber(first)
        start = block.position()
        end = start
        for spans in lines[first:]:
            if not block.isValid():
                break
            text = block.text()
            narrow = text.isascii() or max(text) <= "\uffff"
            ranges = []
            for span in spans:
                one = QTextLayout.FormatRange()
                one.start = span.start if narrow else utf16_length(text[: span.start])
                one.length = (
                    span.length if narrow else utf16_length(text[span.start : span.start + span.length])
                )
                one.format = self._format(span.kind)
                ranges.append(one)
            block.layout().setFormats(ranges)
            end = block.position() + block.length()
            block = block.next()
        if end > start:
            document.markContentsDirty(start, end - start)

    def _format(self, kind: Kind) -> QTextCharFormat:
        result = QTextCharFormat()
        result.setForeground(self._styles.color(DIFF.get(kind.value, kind.value)))
        if kind.name == "COMMENT":
            result.setFontItalic(True)
        return result

    def paint(self, painter: QPainter, clip: QRectF) -> None:
        """There is nothing behind code."""
