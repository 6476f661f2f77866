"""The formulas of one document: each an object that is painted, the rest of its source unseen behind it.

In the document a formula is as long as its source, so that positions in it are those in the text: the object
stands for the source's first character, and the others take no room. So assistive technology reads the
source, and what is found or copied needs no other book of places.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil

from PySide6.QtCore import QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPainter,
    QPyTextObject,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFragment,
)

from app.markup.formula import Extent, guess
from app.ui.transcript.document import SafeDocument
from app.ui.transcript.formulas import State, Unset
from app.ui.transcript.ink import Ink
from app.ui.transcript.pieces import Look, Segment, is_display, is_formula, tex_of
from app.ui.transcript.text_styles import BLEED, UNSEEN_PROPERTY, TextStyles

OBJECT = "\ufffc"
OBJECT_TYPE = QTextFormat.ObjectTypes.UserObject.value + 1
SOURCE_PROPERTY = QTextFormat.Property.UserProperty.value + 2
SIZE_PROPERTY = QTextFormat.Property.UserProperty.value + 3
BELOW_PROPERTY = QTextFormat.Property.UserProperty.value + 4
SET_PROPERTY = QTextFormat.Property.UserProperty.value + 5
BESIDE_PROPERTY = QTextFormat.Property.UserProperty.value + 7  # px of its paragraph's margins
PLACEHOLDER_RADIUS = 4


class FormulaPainter(QPyTextObject):
    """Measures and paints the formulas of one document, which owns it.

    `room` is the px that a formula may be wide before it is made smaller; None stands for the text's width.
    `least` is how small it may become that way, 1 being its own size.
    """

    def __init__(self, document: SafeDocument, placeholder: QColor) -> None:
        super().__init__(document)
        self.states: dict[str, State] = {}
        self.room: float | None = None
        self.least = 0.0
        self._placeholder = placeholder
        if document.textWidth() < 0:
            # From now on there is a layout, which would lay out all that is drawn before its width is known.
            document.setLayoutEnabled(False)
        document.documentLayout().registerHandler(OBJECT_TYPE, self)

    def extent(self, source: str) -> Ink | Extent:
        """How large a formula is, or is thought to be, in text of size 1."""
        state = self.states.get(source, Unset.PENDING)
        return state if isinstance(state, Ink) else guess(tex_of(source), display=is_display(source))

    def size(self, document: QTextDocument, look: QTextFormat, extent: Ink | Extent) -> float:
        """The size of text in which it is painted: its own, or less where there is no room."""
        size = float(look.doubleProperty(SIZE_PROPERTY))
        across = document.textWidth()
        if across < 0:
            return size
        room = self.room
        if room is None:
            room = across - 2 * BLEED - look.doubleProperty(BESIDE_PROPERTY)
        width = extent.width * size
        # In deep lists there is less than no room; what takes none fits there all the same.
        if width <= max(0.0, room):
            return size
        return size * max(self.least, room / width, 0.0)

    def intrinsicSize(self, document: QTextDocument, position: int, look: QTextFormat) -> QSizeF:
        extent = self.extent(look.stringProperty(SOURCE_PROPERTY))
        size = self.size(document, look, extent)
        # Whole px above the baseline: on these Qt sets the letters that stand beside it.
        return QSizeF(extent.width * size, ceil(extent.ascent * size) + look.doubleProperty(BELOW_PROPERTY))

    def drawObject(
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        document: QTextDocument,
        position: int,
        look: QTextFormat,
    ) -> None:
        extent = self.extent(look.stringProperty(SOURCE_PROPERTY))
        size = self.size(document, look, extent)
        match extent:
            case Ink():
                baseline = rect.top() + ceil(extent.ascent * size)
                color = look.toCharFormat().foreground().color()
                extent.paint(painter, rect.left(), baseline, size, color)
            case Extent():
                painter.save()
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self._placeholder)
                painter.drawRoundedRect(rect, PLACEHOLDER_RADIUS, PLACEHOLDER_RADIUS)
                painter.restore()


@dataclass(frozen=True, slots=True)
class Settled:
    """Whether any formula looks another way now, and where those are that have to be drawn as code."""

    is_other: bool = False
    failed: tuple[int, ...] = ()


class InlineFormulas:
    """Puts formulas into a document, and shows them when they are set."""

    def __init__(self, document: SafeDocument, styles: TextStyles) -> None:
        self._document = document
        self._styles = styles
        self._painter: FormulaPainter | None = None
        self._is_stale = False  # whether a formula was set between two looks, by being asked for once more

    @property
    def painter(self) -> FormulaPainter:
        """What paints them."""
        if self._painter is None:
            self._painter = FormulaPainter(self._document, self._styles.color("bg.sunken"))
        return self._painter

    def shown(self, segment: Segment) -> Segment:
        """The segment as it is drawn: a formula that can't be set is code."""
        if not is_formula(segment.look) or self._look_up(segment.text) is not Unset.FAILED:
            return segment
        text = segment.text.replace("\n", " ")
        return replace(segment, text=text, look=segment.look & ~Look.FORMULA | Look.CODE)

    def insert(self, cursor: QTextCursor, source: str, look: QTextCharFormat, size: float) -> None:
        """Insert a formula that is `shown` as one; `look` is that of the text around it, `size` its own."""
        states, state = self.painter.states, self._look_up(source)
        self._is_stale |= states.get(source, state) is not state
        states[source] = state
        block = cursor.blockFormat()
        look = QTextCharFormat(look)
        # Kept with it, for Qt asks for its size again and again.
        look.setProperty(BESIDE_PROPERTY, block.leftMargin() + block.rightMargin())
        cursor.insertText(OBJECT, self._object(source, look, size))
        cursor.insertText(source[1:].replace("\n", " "), self._styles.unseen())

    def settle(self) -> Settled:
        """Show what is set by now."""
        painter = self._painter
        if painter is None:
            return Settled()
        for source, state in painter.states.items():
            if state is Unset.PENDING and (state := self._look_up(source)) is not Unset.PENDING:
                painter.states[source] = state
                self._is_stale = True
        if not self._is_stale:
            return Settled()
        self._is_stale = False
        is_other = False
        failed: list[int] = []
        # In one go, or all of it would be laid out anew for each of them.
        edit = QTextCursor(self._document)
        edit.beginEditBlock()
        for cursor, look in self._objects():
            state = painter.states[look.stringProperty(SOURCE_PROPERTY)]
            if state is Unset.FAILED:
                failed.append(cursor.selectionStart())
            elif isinstance(state, Ink) and not look.boolProperty(SET_PROPERTY):
                source = look.stringProperty(SOURCE_PROPERTY)
                cursor.setCharFormat(self._object(source, look, look.doubleProperty(SIZE_PROPERTY)))
                is_other = True
        edit.endEditBlock()
        return Settled(is_other or bool(failed), tuple(failed))

    def _look_up(self, source: str) -> State:
        formulas = self._styles.formulas
        if formulas is None:
            return Unset.FAILED
        return formulas.look_up(tex_of(source), display=is_display(source))

    def _object(self, source: str, look: QTextCharFormat, size: float) -> QTextCharFormat:
        extent = self.painter.extent(source)
        # Never less than letters do, or a line with nothing but a formula would stand lower than others.
        least = QFontMetricsF(self._styles.font).descent()
        font = self._styles.font_with_descent(max(extent.descent * size, least))
        result = QTextCharFormat(look)
        result.setObjectType(OBJECT_TYPE)
        # Aligned so, an object reaches as far below the baseline as letters of its font.
        result.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignBaseline)
        result.setFont(font)
        result.setProperty(BELOW_PROPERTY, QFontMetricsF(font).descent())
        result.setProperty(SOURCE_PROPERTY, source)
        result.setProperty(SIZE_PROPERTY, size)
        result.setProperty(SET_PROPERTY, isinstance(extent, Ink))
        return result

    def _objects(self) -> Iterator[tuple[QTextCursor, QTextCharFormat]]:
        cursor = self._document.find(OBJECT, 0)
        while not cursor.isNull():
            yield cursor, cursor.charFormat()
            cursor = self._document.find(OBJECT, cursor)


def behind_source(document: QTextDocument, position: int) -> int:
    """Where the formula ends in whose unseen source a position is; else the position itself."""
    source = _unseen_at(document, position)
    return position if source is None else source.position() + source.length()


def before_source(document: QTextDocument, position: int) -> int:
    """Where the formula begins in whose unseen source a position is; else the position itself."""
    source = _unseen_at(document, position)
    return position if source is None else source.position() - 1


def _unseen_at(document: QTextDocument, position: int) -> QTextFragment | None:
    part = document.findBlock(position).begin()
    while not part.atEnd():
        fragment = part.fragment()
        if fragment.contains(position):
            return fragment if fragment.charFormat().boolProperty(UNSEEN_PROPERTY) else None
        part += 1
    return None


def selected_text(cursor: QTextCursor) -> str:
    """What a cursor has selected, as Qt gives it, but with the source of each formula that is selected."""
    document = cursor.document()
    whole = QTextCursor(document)
    whole.setPosition(behind_source(document, cursor.selectionStart()))
    whole.setPosition(behind_source(document, cursor.selectionEnd()), QTextCursor.MoveMode.KeepAnchor)
    return whole.selectedText().replace(OBJECT, "$")
