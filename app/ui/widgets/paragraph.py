"""A label of several lines, apart from the others: what breaks its lines is not needed to paint a window."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.theme import Theme
from app.ui.widgets.label import Label

USUAL_WIDTH = 280  # px that a paragraph asks for before it was given any


class Paragraph(Label):
    """Text that is broken into lines, which stand as far apart as the style of type says."""

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        *,
        style: str = "ui",
        tone: str = "text.secondary",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, text, style=style, tone=tone, parent=parent)
        self.setWordWrap(True)
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def heightForWidth(self, width: int) -> int:
        margins = self.contentsMargins()
        text = QTextLayout(self.text(), self.font())
        height = self._break(text, width - margins.left() - margins.right())
        return math.ceil(height) + margins.top() + margins.bottom()

    def sizeHint(self) -> QSize:
        width = self.width() if self.testAttribute(Qt.WidgetAttribute.WA_Resized) else USUAL_WIDTH
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, math.ceil(self._theme.line_height(self._style)))

    def paintEvent(self, event: QPaintEvent) -> None:
        room = self.contentsRect()
        text = QTextLayout(self.text(), self.font())
        height = self._break(text, room.width())
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        is_at_top = bool(self.alignment() & Qt.AlignmentFlag.AlignTop)
        above = 0.0 if is_at_top else max(0.0, (room.height() - height) / 2)
        text.draw(painter, QPointF(room.left(), room.top() + above))

    def _break(self, text: QTextLayout, width: int) -> float:
        """Break `text` into lines of `width` px, and return how high they are together."""
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        # Absolute, so that a sentence in Hebrew or Arabic starts where all others start.
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        option.setAlignment(Qt.AlignmentFlag.AlignAbsolute | side)
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        text.setTextOption(option)
        step, top = self._theme.line_height(self._style), 0.0
        text.beginLayout()
        while (line := text.createLine()).isValid():
            line.setLineWidth(max(1, width))
            line.setPosition(QPointF(0, top + (step - line.height()) / 2))
            top += step
        text.endLayout()
        return top
