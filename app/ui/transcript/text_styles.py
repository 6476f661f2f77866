"""Formats of a text cursor for every look of a text, made once for each theme."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QTextBlockFormat,
    QTextCharFormat,
    QTextFormat,
    QTextOption,
)

from app.ui.theme import Theme
from app.ui.transcript.pieces import Look, Para, Segment
from app.ui.transcript.qt_text import first_right_to_left
from app.ui.type_styles import NORMAL_TEXT_SIZE

if TYPE_CHECKING:
    from app.ui.transcript.formulas import Formulas

INDENT = 22  # px of one level of a list
BEHIND_MARKER = 5
QUOTE_INDENT = 16
BAR = 2  # px that the bar beside a quote is wide
BLEED = 4  # px that a document is wider than its text on both sides, for chips at the edge
CHIP_PADDING = 4
EM_SPACE = "\u2003"
CODE_PADDING = 14
INLINE_CODE = 0.9  # of the size of the text around it
HEADINGS = ("heading.1", "heading.2", "heading.3", "heading.4", "heading.4", "heading.4")
# Kept on a piece of text, so that a copy and the painter know what it is.
LOOK_PROPERTY = QTextFormat.Property.UserProperty.value + 1
UNSEEN_PROPERTY = QTextFormat.Property.UserProperty.value + 6
FORMULA_X_HEIGHT = 0.46  # of the letters of formulas, in their size
FORMULA_SIZES = (1.0, 1.25)  # least and most of the size of the text around it
DISPLAY_SIZE = 1.4  # of the body's (SPEC §2.3)


SIGNS = {"\U0001f5bc": "\u25a3", "\U0001f5ce": "\u25a4"}  # for those that only fonts of pictures have


class CodeStyle(NamedTuple):
    """How code is set: the format of its letters without their colours, and of its lines.

    `lead` is how many px a document stands higher than its text, `space` the width of a space.
    """

    font: QFont
    character: QTextCharFormat
    block: QTextBlockFormat
    lead: int
    space: float


class TextStyles:
    """How one kind of text is set: `body` is its style of type, `tone` the token of its colour.

    Without `formulas`, the source of each is shown.
    """

    def __init__(
        self,
        theme: Theme,
        body: str = "body",
        tone: str = "text.primary",
        formulas: Formulas | None = None,
    ) -> None:
        self.theme = theme
        self.formulas = formulas
        self.scale = theme.text_size / NORMAL_TEXT_SIZE
        self._body = body
        self._tone = tone
        self._characters: dict[tuple[Look, int, int], QTextCharFormat] = {}
        self._blocks: dict[tuple[object, ...], QTextBlockFormat] = {}
        self._deep_fonts: dict[int, QFont] = {}
        self._unseen: QTextCharFormat | None = None
        self.font = theme.font(body)
        self._metrics = QFontMetricsF(self.font)
        self.line = round(theme.line_height(body))
        # Qt puts all room between lines above the text; half of it belongs below.
        self.lead = max(0, round((self.line - QFontMetricsF(self.font).height()) / 2))
        self.code_line = round(theme.line_height("code"))
        self._code: CodeStyle | None = None

    def px(self, length: float) -> int:
        """A length given for the normal text size, at this one."""
        return round(length * self.scale)

    def bar_left(self, level: int, number: int) -> int:
        """Where the bar of a quote stands, within so many lists and quotes, in px from where text begins."""
        return self.px(INDENT) * level + self.px(QUOTE_INDENT) * number

    def color(self, token: str) -> QColor:
        """The colour of a token."""
        return self.theme.color(token)

    def character(self, look: Look, heading: int = 0, href: str = "", chips: int = 0) -> QTextCharFormat:
        """The format of text; its letters leave room for the edges of so many chips."""
        key = (look, heading, chips)
        if key not in self._characters:
            self._characters[key] = self._make_character(*key)
        if not href:
            return self._characters[key]
        result = QTextCharFormat(self._characters[key])
        result.setAnchor(True)
        result.setAnchorHref(href)
        return result

    def painted_sign(self, text: str) -> str:
        """What is painted over the sign before the words of a chip, where no font has it; else nothing."""
        sign = SIGNS.get(text[:1], "")
        return sign if sign and not self._metrics.inFontUcs4(ord(text[0])) else ""

    def slanted(self, segment: Segment) -> Look:
        """How a segment is set: heavier where its letters can't be slanted, as it once was everywhere."""
        if segment.look & Look.EMPHASIS and not can_slant(self.font, segment.text):
            return segment.look & ~Look.EMPHASIS | Look.STRONG
        return segment.look

    def block(self, para: Para) -> QTextBlockFormat:
        """The format of a paragraph."""
        mirrored = para.is_right_to_left
        hang = self._hang(para)
        key = (para.gap, para.level, len(para.quotes), para.heading, hang, para.rule, mirrored)
        if key not in self._blocks:
            self._blocks[key] = self._make_block(para, mirrored, hang)
        return self._blocks[key]

    def marker_end(self, para: Para) -> QTextCharFormat:
        """The format of what stands between a paragraph's marker and its text.

        In text from right to left that is no tab: it is given the width that a tab would have.
        """
        if para.marker is None or not para.is_right_to_left:
            return self.character(Look.MARKER, para.heading)
        result = QTextCharFormat(self.character(para.marker.look, para.heading))
        font = result.font()
        width = QFontMetricsF(font).horizontalAdvance(para.marker.text + EM_SPACE)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, self._hang(para) - width)
        result.setFont(font)
        return result

    def formula_size(self, font: QFont) -> float:
        """The size of a formula in text of this font: such that their small letters are equally high."""
        least, most = (factor * font.pixelSize() for factor in FORMULA_SIZES)
        return min(max(QFontMetricsF(font).xHeight() / FORMULA_X_HEIGHT, least), most)

    @property
    def display_size(self) -> float:
        """The size of a formula on lines of its own."""
        return DISPLAY_SIZE * self.font.pixelSize()

    def font_with_descent(self, descent: float) -> QFont:
        """The body's font in the smallest size whose letters reach so many px below the line."""
        wanted = max(1, ceil(descent))
        if wanted not in self._deep_fonts:
            font = QFont(self.font)
            font.setPixelSize(100)
            font.setPixelSize(max(1, int(wanted / QFontMetricsF(font).descent() * 100)))
            while QFontMetricsF(font).descent() < descent:
                font.setPixelSize(font.pixelSize() + 1)
            self._deep_fonts[wanted] = font
        return self._deep_fonts[wanted]

    def unseen(self) -> QTextCharFormat:
        """The format of text that is there, and neither seen nor takes any room."""
        if self._unseen is None:
            font = QFont(self.font)
            font.setPointSizeF(0.02)
            font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 0.1)  # 0 would be the usual
            self._unseen = QTextCharFormat()
            self._unseen.setFont(font)
            self._unseen.setForeground(QColor(0, 0, 0, 0))
            self._unseen.setProperty(UNSEEN_PROPERTY, True)
        return self._unseen

    @property
    def code(self) -> CodeStyle:
        """How blocks of code are set."""
        if self._code is None:
            self._code = self._make_code()
        return self._code

    def _make_code(self) -> CodeStyle:
        font = self.theme.font("code")
        metrics = QFontMetricsF(font)
        character = QTextCharFormat()
        character.setFont(font)
        character.setForeground(self.color("syn.text"))
        block = QTextBlockFormat()
        # Also where its first letters are those of a comment in Arabic.
        block.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        block.setLineHeight(self.code_line, QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
        lead = max(0, round((self.code_line - metrics.height()) / 2))
        return CodeStyle(font, character, block, lead, metrics.horizontalAdvance(" "))

    def _make_character(self, look: Look, heading: int, chips: int) -> QTextCharFormat:
        font = self.theme.font(HEADINGS[heading - 1]) if heading else QFont(self.font)
        tone = self._tone
        if look & Look.STRONG:
            font.setWeight(max(QFont.Weight.DemiBold, QFont.Weight(font.weight())))
        if look & Look.EMPHASIS:
            font.setItalic(True)
        if look & Look.STRIKE:
            font.setStrikeOut(True)
        if look & Look.CODE:
            code = self.theme.font("code.inline")
            code.setPixelSize(max(1, round(font.pixelSize() * INLINE_CODE)))
            code.setWeight(QFont.Weight(font.weight()))
            code.setItalic(font.italic())
            code.setStrikeOut(font.strikeOut())
            font = code
        if look & Look.IMAGE:
            tone = "text.secondary"
        if look & Look.MARKER:
            tone = "text.tertiary"
        if look & Look.LINK:
            tone = "accent.text"
        if chips:
            font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, float(chips * self.px(CHIP_PADDING)))
        result = QTextCharFormat()
        result.setFont(font)
        # Over the sign of a task's box stands a painted one, and over one that no font has.
        result.setForeground(Qt.GlobalColor.transparent if look & Look.BOX else self.color(tone))
        result.setProperty(LOOK_PROPERTY, look.value)
        if look & Look.RAISED:
            result.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
        return result

    def _hang(self, para: Para) -> int:
        """How far before the text its marker begins; a wide one needs more than the usual room."""
        if para.marker is None:
            return 0
        # It stands outside of the quotes that the item begins with.
        inside = self.px(QUOTE_INDENT) * sum(bar.begins and bar.level == para.level for bar in para.quotes)
        usual = self.px(INDENT - 3)
        if len(para.marker.text) < 3:
            return usual + inside
        width = QFontMetricsF(self.font).horizontalAdvance(para.marker.text)
        return max(usual, round(width + 0.5) + self.px(BEHIND_MARKER)) + inside

    def _make_block(self, para: Para, mirrored: bool, hang: int) -> QTextBlockFormat:
        result = QTextBlockFormat()
        result.setTopMargin(self.px(para.gap))
        indent = self.px(INDENT) * para.level + self.px(QUOTE_INDENT) * len(para.quotes)
        # A marker that is wider than the room before the text pushes it on.
        indent = max(indent, hang - BLEED + 1)
        if mirrored:
            result.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
            result.setRightMargin(indent)
        else:
            result.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
            result.setLeftMargin(indent)
        if hang:
            result.setTextIndent(-hang)
            result.setTabPositions([QTextOption.Tab(float(hang), QTextOption.TabType.LeftTab)])
        height = self.line
        if para.heading:
            height = round(self.theme.line_height(HEADINGS[para.heading - 1]))
            result.setHeadingLevel(para.heading)
        result.setLineHeight(height, QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
        return result


def can_slant(font: QFont, text: str) -> bool:
    """Whether a font's slanted letters have those of a text that are written from right to left.

    Where they lack them Qt draws empty boxes, though the upright letters may have them.
    """
    letter = first_right_to_left(text)
    if not letter:
        return True
    slanted = QFont(font)
    slanted.setItalic(True)
    return QFontMetricsF(slanted).inFontUcs4(ord(letter))
