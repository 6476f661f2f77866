"""A symbol and a sentence or two about how something went, the first words stressed."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.theme import Theme
from app.ui.widgets.buttons import paint_icon
from app.ui.widgets.dots import Pulse, paint_dot

ICON = 18
INDENT = ICON + 8


class Outcome(Enum):
    """How it went: icon, and the colour of the icon and of the stressed words."""

    PLAIN = ("lock", "text.secondary")
    NOTE = ("info", "text.secondary")
    BUSY = ("", "live.text")
    GOOD = ("check", "success.text")
    WARNING = ("warning", "warning.text")
    BAD = ("error", "danger.text")


class ResultLine(QWidget):
    """Shows what `say` was told last. Accessible: the name is the whole text, and a change is announced."""

    def __init__(self, theme: Theme, *, lines: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines = lines
        self._outcome = Outcome.PLAIN
        self._title = ""
        self._text = ""
        self._pulse = Pulse(theme, self)
        self._pulse.beat.connect(self.update)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self.updateGeometry)

    @property
    def outcome(self) -> Outcome:
        """How it went, as shown."""
        return self._outcome

    @property
    def text(self) -> str:
        """All that is shown."""
        return " ".join(filter(None, (self._title, self._text)))

    def say(self, outcome: Outcome, title: str = "", text: str = "") -> None:
        """Show `title` stressed and `text` behind it; both plain text."""
        before = self.text
        self._outcome, self._title, self._text = outcome, title, text
        self.setAccessibleName(self.text)
        if outcome is Outcome.BUSY:
            self._pulse.start()
        else:
            self._pulse.stop()
        self.updateGeometry()
        self.update()
        if self.text and self.text != before and self.isVisible():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.text))

    def _line_height(self) -> float:
        return max(20.0, QFontMetrics(self._theme.font("ui")).height())

    def _layout(self, width: int) -> QTextLayout:
        layout = QTextLayout(self.text, self._theme.font("ui"))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(self.layoutDirection())
        layout.setTextOption(option)
        stressed = QTextCharFormat()
        stressed.setFontWeight(QFont.Weight.DemiBold)
        stressed.setForeground(self._theme.color(self._outcome.value[1]))
        part = QTextLayout.FormatRange()
        part.start, part.length, part.format = 0, len(self._title), stressed
        layout.setFormats([part])
        layout.beginLayout()
        top, height = 0.0, self._line_height()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(20, width - INDENT))
            line.setPosition(QPointF(0, top + (height - line.height()) / 2))
            top += height
        layout.endLayout()
        return layout

    def heightForWidth(self, width: int) -> int:
        count = max(self._lines, self._layout(width).lineCount() if self.text else 0)
        return round(count * self._line_height())

    def sizeHint(self) -> QSize:
        return QSize(280, self.heightForWidth(self.width() or 280))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, round(self._lines * self._line_height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.text:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        height = round(self._line_height())
        icon, tone = self._outcome.value
        place = QRect(self.width() - ICON if mirrored else 0, 0, ICON, height)
        if icon:
            paint_icon(painter, self._theme, icon, tone, ICON, place)
        else:
            colour = self._theme.color("live.fill")
            paint_dot(painter, QPointF(place.center()) + QPointF(0.5, 0.5), colour, self._pulse.opacity)
        painter.setPen(self._theme.color("text.secondary"))
        self._layout(self.width()).draw(painter, QPointF(0 if mirrored else INDENT, 0))
