"""A block of code drawn into a document; its colours follow when there is time."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import (
    QPainter,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextLayout,
    QTextOption,
)

from app.markup import limits
from app.markup.blocks import CodeBlock
from app.ui.transcript.document import SafeDocument
from app.ui.transcript.qt_text import drawable, utf16_length
from app.ui.transcript.text_styles import CODE_PADDING, TextStyles, can_slant

if TYPE_CHECKING:
    from app.markup.highlight import GrowingHighlight, Kind, Line

TAB = 4  # columns
COLOURED_LINES = 40  # that are coloured in one go
FOLD_OVER, FOLDED = 24, 20  # code of more lines than the first shows as many as the second while folded
FOLDED_CHARACTERS = 10_000  # code of more than so many shows no more of them while folded
# What the design tokens have no name for.
DIFF = {"diff.inserted": "success.text", "diff.deleted": "danger.text", "diff.hunk": "text.secondary"}
TINTS = {"+": "success.tint", "-": "danger.tint"}
FILE_LINES = ("+++ ", "--- ")  # they name the files of a diff and are no change


class CodeDrawing:
    """A document with the lines of one block of code: wrapped or not, all of them or the first few."""

    def __init__(self, styles: TextStyles) -> None:
        self.document = SafeDocument()
        self._style = styles.code
        self.document.setDefaultFont(self._style.font)
        self.document.set_side_margins(CODE_PADDING)
        self._styles = styles
        self._source = ""
        self._whole = ""  # as it is drawn
        self._text = ""  # what of it stands in the document
        self._language = ""
        self._highlight: GrowingHighlight | None = None
        self._coloured = 0  # characters of the text that have their colours
        self._lines: tuple[Line, ...] = ()  # the colours that they have
        self.is_closed = True
        self.is_wrapped = False
        self.is_folded = False
        self._set_option()
        self.clear()

    @property
    def has_ground(self) -> bool:
        """Whether there may be tints behind its lines."""
        return self._language == "diff"

    @property
    def lead(self) -> int:
        """How many px the document stands higher than its text."""
        return self._style.lead

    @property
    def text(self) -> str:
        """The code as the model wrote it."""
        return self._source

    @property
    def language(self) -> str:
        """The language that it is in, as the text calls it; empty for none."""
        return self._language

    @property
    def needs_colours(self) -> bool:
        """Whether `colour` has something to do."""
        return bool(self._language) and self._coloured < len(self._text)

    @property
    def whole_lines(self) -> int:
        """How many lines stand in the document to their end."""
        is_cut = self._whole[len(self._text) : len(self._text) + 1] not in {"", "\n"}
        return self.document.blockCount() - is_cut

    def clear(self) -> None:
        """Hold no text."""
        self._empty()
        self._source = self._whole = ""

    def end_cursor(self) -> QTextCursor:
        """A cursor behind the last letter."""
        return self.document.end_cursor()

    def lay_out(self, width: int) -> int:
        """Return the height of all lines in px; wrapped, in `width` px."""
        if self.is_wrapped and self.document.textWidth() != width:
            self.document.setTextWidth(width)
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
        self._whole = drawable(block.text).removesuffix("\n")
        self._fill()

    def set_view(self, *, is_wrapped: bool, is_folded: bool) -> None:
        """Wrap the lines or not; leave all but the first few out or not."""
        if is_wrapped != self.is_wrapped:
            self.is_wrapped = is_wrapped
            self._set_option()
            if not is_wrapped:
                self.document.setTextWidth(-1)
        if is_folded != self.is_folded:
            self.is_folded = is_folded
            self._fill()

    def _fill(self) -> None:
        shown = self._whole
        if self.is_folded:
            shown = "\n".join(shown.split("\n", FOLDED)[:FOLDED])[:FOLDED_CHARACTERS]
        if not shown.startswith(self._text):
            self._empty()
        more = shown[len(self._text) :]
        if not more:
            return
        self._text = shown
        self.document.end_cursor().insertText(more, self._style.character)
        if len(more) > limits.CODE_LINE_CHARACTERS:
            self._keep_long_lines()

    def _empty(self) -> None:
        cursor = QTextCursor(self.document)
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.removeSelectedText()
        cursor.setBlockFormat(self._style.block)
        cursor.setBlockCharFormat(self._style.character)
        self._text = ""
        self._highlight = None
        self._coloured = 0
        self._lines = ()

    def _keep_long_lines(self) -> None:
        """Never wrap a line that is too long for it."""
        block = self.document.begin()
        while block.isValid():
            look = block.blockFormat()
            if block.length() > limits.CODE_LINE_CHARACTERS and not look.nonBreakableLines():
                look = QTextBlockFormat(look)
                look.setNonBreakableLines(True)
                QTextCursor(block).setBlockFormat(look)
            block = block.next()

    def _set_option(self) -> None:
        option = self.document.defaultTextOption()
        modes = QTextOption.WrapMode
        option.setWrapMode(modes.WrapAtWordBoundaryOrAnywhere if self.is_wrapped else modes.NoWrap)
        option.setTabStopDistance(TAB * self._style.space)
        self.document.setDefaultTextOption(option)

    def colour(self) -> None:
        """Give the code its colours, as far as it has come; lines that have theirs are not touched."""
        from app.markup.highlight import GrowingHighlight

        if self._highlight is None:
            self._highlight = GrowingHighlight(self._language)
        text = self._text
        if self._highlight.reads_on:
            text = text[: _lines_end(text, COLOURED_LINES, self._coloured)]
        is_whole = (self.is_closed or self.is_folded) and len(text) == len(self._text)
        # Some languages know a line only by its end.
        first = self._highlight.update(f"{text}\n" if is_whole else text)
        if is_whole and self.is_closed:
            self._highlight.finish()
            first = 0
        lines = self._highlight.lines
        before, self._lines = self._lines, lines
        self._coloured = len(text)
        block = self.document.findBlockByNumber(first)
        start = end = -1
        for number, spans in enumerate(islice(lines, first, None), first):
            if not block.isValid():
                break
            if number >= len(before) or before[number] != spans:
                self._colour_line(block, spans)
                start = block.position() if start < 0 else start
                end = block.position() + block.length()
            block = block.next()
        if end > start:
            self.document.markContentsDirty(start, end - start)

    def _colour_line(self, block: QTextBlock, spans: Line) -> None:
        text = block.text()
        narrow = text.isascii() or max(text) <= "\uffff"
        ranges = []
        for span in spans:
            one = QTextLayout.FormatRange()
            one.start = span.start if narrow else utf16_length(text[: span.start])
            end = span.start + span.length
            one.length = span.length if narrow else utf16_length(text[span.start : end])
            one.format = self._format(span.kind, text[span.start : end])
            ranges.append(one)
        block.layout().setFormats(ranges)

    def _format(self, kind: Kind, text: str) -> QTextCharFormat:
        result = QTextCharFormat()
        result.setForeground(self._styles.color(DIFF.get(kind.value, kind.value)))
        if kind.name == "COMMENT" and can_slant(self._style.font, text):
            result.setFontItalic(True)
        return result

    def paint(self, painter: QPainter, clip: QRectF) -> None:
        """Paint the tints behind the changed lines of a diff."""
        layout = self.document.documentLayout()
        block = self.document.findBlock(max(0, layout.hitTest(clip.topLeft(), Qt.HitTestAccuracy.FuzzyHit)))
        while block.isValid():
            top = layout.blockBoundingRect(block).top() + self.lead
            if top > clip.bottom():
                return
            token = TINTS.get(block.text()[:1])
            if token and not _names_file(block):
                height = block.lineCount() * self._styles.code_line
                painter.fillRect(QRectF(clip.left(), top, clip.width(), height), self._styles.color(token))
            block = block.next()


def _lines_end(text: str, lines: int, at: int) -> int:
    """Where so many lines from `at` on end."""
    for _ in range(lines):
        at = text.find("\n", at) + 1
        if not at:
            return len(text)
    return at


def _names_file(block: QTextBlock) -> bool:
    """Whether a line of a diff names one of its files: `---` with `+++` below it."""
    other = block.next() if block.text().startswith(FILE_LINES[1]) else block.previous()
    return block.text().startswith(FILE_LINES) and other.text().startswith(FILE_LINES)
