"""Paragraphs drawn into a document, of which only what has changed is drawn again."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QTextBlock, QTextCursor, QTextLayout, QTextLine

from app.ui.transcript.document import SafeDocument
from app.ui.transcript.inline_formulas import InlineFormulas, behind_source
from app.ui.transcript.pieces import Look, Para, Segment, is_formula
from app.ui.transcript.qt_text import characters, first_right_to_left, utf16_length
from app.ui.transcript.text_styles import BAR, BLEED, CHIP_PADDING, EM_SPACE, SIGNS, TextStyles

CHIPS = Look.CODE | Look.IMAGE
CHIP_RADIUS = 5
BOX, BOX_RADIUS = 14, 3.5  # px of the box of a task
TOUCHING = frozenset(" ([{<\"'“‘«/=:+-–—,.")  # what stands right before a chip and must not be covered by it


class ProseDrawing:
    """A document with a run of paragraphs. `size` is right only after `lay_out`."""

    def __init__(self, styles: TextStyles) -> None:
        self.document = SafeDocument()
        self.document.setDefaultFont(styles.font)
        self.document.set_side_margins(BLEED)
        self._styles = styles
        self._formulas = InlineFormulas(self.document, styles)
        self._paras: list[Para] = []
        self._starts: list[int] = []
        self._chips: list[list[tuple[int, int]]] = []  # of each paragraph, from its start
        self._has_ground = False
        self._measured: tuple[float, int] = (0.0, -1)
        self._outlines: dict[int, list[QRectF]] = {}  # of the chips of a paragraph that was painted

    @property
    def lead(self) -> int:
        """How many px the document stands higher than its text."""
        return self._styles.lead

    @property
    def has_ground(self) -> bool:
        """Whether a chip, a bar, a box or a line across stands in it."""
        return self._has_ground

    def end_cursor(self) -> QTextCursor:
        """A cursor behind the last letter."""
        return self.document.end_cursor()

    def place(self, position: int) -> tuple[int, int]:
        """Which paragraph a position of the document is in, and how far behind the beginning of its words.

        Counted in UTF-16 units, as Qt does; below 0 in the paragraph's marker. In a formula that is set there
        is no place.
        """
        position = behind_source(self.document, position)
        number = max(0, bisect_right(self._starts, position) - 1)
        return number, position - self.words_start(number)

    def words_start(self, number: int) -> int:
        """The position behind the marker of a paragraph."""
        return self._starts[number] + _marker_length(self._paras[number])

    def lay_out(self, width: int) -> int:
        """Lay the text out in `width` px and return its height."""
        self.document.lay_out(width + 2 * BLEED)
        return round(self.document.size().height())

    def show(self, paras: Sequence[Para]) -> None:
        """Draw these paragraphs; those that are as they were are not touched."""
        old = self._paras
        same = 0
        for a, b in zip(old, paras, strict=False):
            if a is not b and a != b:
                break
            same += 1
        if same == len(old) == len(paras):
            return
        cursor = QTextCursor(self.document)
        cursor.beginEditBlock()
        if same < len(old):
            if same < len(paras) and _differ_in_words(old[same], paras[same]):
                self._redraw_from(cursor, same, paras[same])
                same += 1
            else:
                self._cut(cursor, same)
        for para in paras[same:]:
            self._append(cursor, para)
        cursor.endEditBlock()
        self._paras = list(paras)
        self._has_ground = any(self._chips) or any(one.quotes or one.rule or _is_task(one) for one in paras)

    def settle(self) -> bool:
        """Show the formulas that are set by now, or their source; whether anything is another than it was."""
        settled = self._formulas.settle()
        if settled.failed:
            number, _ = self.place(settled.failed[0])
            cursor = QTextCursor(self.document)
            cursor.beginEditBlock()
            self._cut(cursor, number)
            for para in self._paras[number:]:
                self._append(cursor, para)
            cursor.endEditBlock()
        return settled.is_other

    def _cut(self, cursor: QTextCursor, count: int) -> None:
        """Leave the first `count` paragraphs alone."""
        # The paragraph end before goes too, but for the first, which a document can't lose.
        start = self._starts[count] - 1 if count else 0
        cursor.setPosition(start)
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        del self._starts[count:], self._chips[count:]

    def _append(self, cursor: QTextCursor, para: Para) -> None:
        cursor.movePosition(QTextCursor.MoveOperation.End)
        style = self._styles
        block, plain = style.block(para), style.character(Look.NORMAL, para.heading)
        if self._starts:
            cursor.insertBlock(block, plain)
        else:
            cursor.setBlockFormat(block)
            cursor.setBlockCharFormat(plain)
        self._starts.append(cursor.position())
        self._chips.append([])
        if para.marker is not None:
            cursor.insertText(para.marker.text, style.character(para.marker.look, para.heading))
            cursor.insertText(marker_end(para), style.marker_end(para))
        self._insert(cursor, para, para.segments)

    def _redraw_from(self, cursor: QTextCursor, number: int, para: Para) -> None:
        """Draw a paragraph anew from its first changed letter on, and leave nothing behind it."""
        old, start = self._paras[number], self._starts[number]
        at = start + _marker_length(para)
        rest: list[Segment] = list(para.segments)
        for i, (a, b) in enumerate(zip(old.segments, para.segments, strict=False)):
            if a == b and i + 1 < min(len(old.segments), len(para.segments)):
                at += utf16_length(a.text)
                rest.pop(0)
                continue
            if (a.look, a.href) == (b.look, b.href) and not a.look & (CHIPS | Look.FORMULA):
                common = b.text[: len(a.text)] if b.text.startswith(a.text) else _common(a.text, b.text)
                # The last letter before a chip is set with more room, so it may have to be set again.
                common = common[:-1]
                at += utf16_length(common)
                rest[0] = Segment(b.text[len(common) :], b.look, b.href)
            break
        cursor.setPosition(at)
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        if cursor.hasSelection():
            cursor.removeSelectedText()
        # The direction may have been decided only now.
        block = self._styles.block(para)
        if cursor.blockFormat() != block:
            cursor.setBlockFormat(block)
        del self._starts[number + 1 :], self._chips[number + 1 :]
        self._chips[number] = [chip for chip in self._chips[number] if start + chip[1] <= at]
        self._insert(cursor, para, rest)

    def _insert(self, cursor: QTextCursor, para: Para, segments: Sequence[Segment]) -> None:
        styles, chips, start = self._styles, self._chips[-1], self._starts[-1]
        is_mirrored = para.is_right_to_left
        segments = [self._formulas.shown(segment) for segment in segments]
        for number, segment in enumerate(segments):
            look, href = styles.slanted(segment), segment.href
            is_chip = _is_chip(look)
            text = segment.text
            follows = segments[number + 1] if number + 1 < len(segments) else None
            touches = follows is not None and text[-1] in TOUCHING and _is_chip(follows.look)
            begin = cursor.position()
            if is_chip and look & Look.IMAGE and styles.painted_sign(text):
                cursor.insertText(text[0], styles.character(look | Look.BOX, para.heading, href, 1))
                text = text[1:]
            follows_chip = bool(chips) and start + chips[-1][1] == begin
            if is_mirrored and follows_chip and not is_chip and text[0] in TOUCHING:
                # Qt leaves room at the right of a letter, and here the chip ends at its left.
                sides = 2 if touches and len(text) == 1 else 1
                cursor.insertText(text[0], styles.character(look, para.heading, href, sides))
                text = text[1:]
            if not text:
                continue
            if is_formula(look):
                around = styles.character(look, para.heading, href)
                self._formulas.insert(cursor, text, around, styles.formula_size(around.font()))
            elif touches or (is_chip and not is_mirrored):
                if len(text) > 1:
                    cursor.insertText(text[:-1], styles.character(look, para.heading, href))
                cursor.insertText(text[-1], styles.character(look, para.heading, href, 1))
            else:
                cursor.insertText(text, styles.character(look, para.heading, href))
            if is_chip:
                chips.append((begin - start, cursor.position() - start))

    # -- what is painted behind the text ------------------------------------------------------------------

    def paint(self, painter: QPainter, clip: QRectF) -> None:
        """Paint chips, the bars beside quotes and the lines across, in the document's coordinates."""
        layout = self.document.documentLayout()
        styles = self._styles
        if self._measured != (state := self.document.state):
            self._measured = state
            self._outlines.clear()
        for para, start, chips in zip(self._paras, self._starts, self._chips, strict=True):
            is_task = _is_task(para)
            if not (chips or para.quotes or para.rule or is_task):
                continue
            block = self.document.findBlock(start)
            rect = layout.blockBoundingRect(block)
            if not rect.intersects(clip.adjusted(0, -styles.line, 0, styles.line)):
                continue
            painter.setPen(QPen(styles.color("line.hair"), 1))
            if chips:
                painter.setBrush(styles.color("bg.sunken"))
                if start not in self._outlines:
                    self._outlines[start] = list(self._chip_rects(block, chips))
                for outline in self._outlines[start]:
                    painter.drawRoundedRect(outline, CHIP_RADIUS, CHIP_RADIUS)
                self._paint_signs(painter, block, chips)
            if para.rule:
                y = round(rect.top() + rect.height() / 2) + styles.lead / 2 + 0.5
                painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))
            if is_task and para.marker is not None:
                self._paint_box(painter, block.layout(), is_done=bool(para.marker.look & Look.DONE))
            if para.quotes:
                self._paint_bars(painter, para, block.layout(), block.textDirection())

    def _paint_box(self, painter: QPainter, layout: QTextLayout, *, is_done: bool) -> None:
        """Paint a check box where its sign stands."""
        styles = self._styles
        if not layout.lineCount():
            return
        line = layout.lineAt(0)
        side = styles.px(BOX)
        start, end = _x(line.cursorToX(0)), _x(line.cursorToX(1))
        left = round(layout.position().x() + min(start, end) + (abs(end - start) - side) / 2)
        text = line.naturalTextRect()
        top = round(layout.position().y() + text.center().y() + styles.lead / 2 - side / 2)
        box = QRectF(left + 0.5, top + 0.5, side - 1, side - 1)
        painter.setPen(QPen(styles.color("accent.mark" if is_done else "line.field"), 1))
        painter.setBrush(styles.color("accent.mark") if is_done else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, BOX_RADIUS, BOX_RADIUS)
        if is_done:
            painter.setPen(QPen(styles.color("accent.knob"), max(1.5, side / 9)))
            tick = ((0.22, 0.52), (0.43, 0.72), (0.78, 0.30))
            painter.drawPolyline([QPointF(left + x * side, top + y * side) for x, y in tick])

    def _paint_signs(self, painter: QPainter, block: QTextBlock, chips: list[tuple[int, int]]) -> None:
        """Paint the signs of chips that no font has."""
        layout, text = block.layout(), block.text()
        if SIGNS.keys().isdisjoint(text):
            return
        for start, _ in chips:
            words = text[characters(text, start) :]
            sign = self._styles.painted_sign(words)
            if sign:
                line = layout.lineForTextPosition(start)
                x = min(_x(line.cursorToX(start)), _x(line.cursorToX(start + utf16_length(words[0]))))
                painter.setPen(self._styles.color("text.secondary"))
                painter.setFont(self._styles.font)
                painter.drawText(layout.position() + QPointF(x, line.y() + line.ascent()), sign)
                painter.setPen(QPen(self._styles.color("line.hair"), 1))

    def _paint_bars(
        self, painter: QPainter, para: Para, layout: QTextLayout, direction: Qt.LayoutDirection
    ) -> None:
        styles = self._styles
        top = layout.position().y() + styles.lead
        last = layout.lineAt(layout.lineCount() - 1) if layout.lineCount() else None
        bottom = layout.position().y() + styles.lead + (last.y() + last.height() if last else styles.line)
        for number, bar in enumerate(para.quotes):
            x = BLEED + styles.bar_left(bar.level, number)
            if direction is Qt.LayoutDirection.RightToLeft:
                x = round(self.document.textWidth()) - x - BAR
            above = top if bar.begins else top - styles.px(para.gap)
            painter.fillRect(QRectF(x, above, BAR, bottom - above), styles.color("line.control"))

    def _chip_rects(self, block: QTextBlock, chips: list[tuple[int, int]]) -> Iterator[QRectF]:
        padding, layout = self._styles.px(CHIP_PADDING), block.layout()
        edges = _edges_by_letters if first_right_to_left(block.text()) else _edges
        is_mirrored = layout.textOption().textDirection() is Qt.LayoutDirection.RightToLeft
        at = layout.position()
        for start, end in chips:
            number = layout.lineForTextPosition(start).lineNumber()
            while 0 <= number < layout.lineCount():
                line = layout.lineAt(number)
                first, last = line.textStart(), line.textStart() + line.textLength()
                if first >= end:
                    break
                text = line.naturalTextRect()
                left, right, is_leftward = edges(line, max(start, first), min(end, last))
                if end <= last and not is_mirrored and not is_leftward:
                    right -= padding  # the room behind the last letter
                if right - left > 1:  # else it is the space at a line's end
                    yield QRectF(
                        round(left - padding) + 0.5,
                        round(text.top()) - 0.5,
                        round(right - left + 2 * padding) - 1,
                        round(text.height()) + 1,
                    ).translated(at)
                number += 1


def _edges(line: QTextLine, start: int, end: int) -> tuple[float, float, bool]:
    """Where a part of a line begins and ends, without the spaces at the line's end."""
    return _x(line.cursorToX(start)), min(_x(line.cursorToX(end)), line.naturalTextRect().right()), False


def _edges_by_letters(line: QTextLine, start: int, end: int) -> tuple[float, float, bool]:
    """The same by its letters, for where text of both directions meets, a place has two x.

    And whether the last of them goes from right to left. It takes ten times as long.
    """
    runs = [run for run in line.glyphRuns(start, end - start) if run.boundingRect().width() > 0]
    left = min((run.boundingRect().left() for run in runs), default=0.0)
    right = max((run.boundingRect().right() for run in runs), default=0.0)
    return left, right, not runs or runs[-1].isRightToLeft()


@cache
def _is_chip(look: Look) -> bool:
    return bool(look & CHIPS)


def _differ_in_words(old: Para, new: Para) -> bool:
    return old.frame() == new.frame() and old.is_right_to_left == new.is_right_to_left


def _is_task(para: Para) -> bool:
    return para.marker is not None and bool(para.marker.look & Look.BOX)


def _marker_length(para: Para) -> int:
    return utf16_length(para.marker.text) + len(marker_end(para)) if para.marker else 0


def marker_end(para: Para) -> str:
    """What stands between a marker and the text: a tab, but Qt sets none in text from right to left."""
    return EM_SPACE if para.is_right_to_left else "\t"


def _x(found: object) -> float:
    """Where a cursor stands; the binding gives the cursor's position beside it."""
    return float(found[0]) if isinstance(found, tuple) else float(found)  # type: ignore[arg-type]


def _common(a: str, b: str) -> str:
    pairs = enumerate(zip(a, b, strict=False))
    return a[: next((i for i, (one, other) in pairs if one != other), min(len(a), len(b)))]
