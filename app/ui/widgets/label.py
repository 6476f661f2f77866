"""Labels of one line: the one place where a QLabel is made, always plain text (SEC-03)."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui.theme import Theme
from app.ui.widgets.tooltip import set_tooltip


class Label(QLabel):
    """A line or a paragraph of plain text in a style of type and the colour of a token."""

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        *,
        style: str = "ui",
        tone: str = "text.primary",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._style = style
        self._tone = tone
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self._show_theme()
        theme.changed.connect(self._show_theme)

    def set_tone(self, tone: str) -> None:
        """Take the colour of another token."""
        if tone != self._tone:
            self._tone = tone
            self._show_theme()

    def _show_theme(self) -> None:
        self.setFont(self._theme.font(self._style))
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.WindowText, self._theme.color(self._tone))
        self.setPalette(palette)


class ElidedLabel(Label):
    """One line that gives way: cut with an ellipsis where there is no room, whole in the tooltip then.

    `text()` and the accessible name are always the whole text.
    """

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        *,
        style: str = "ui",
        tone: str = "text.primary",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, text, style=style, tone=tone, parent=parent)
        self._fitted: tuple[str, int, QFont | None] = ("", -1, None)
        self._fitting = ""  # what of that text fits into that width in that font
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def shown_text(self) -> str:
        """What there is room for."""
        fitted = (self.text(), self.width(), self.font())
        if fitted != self._fitted:
            line = one_line(fitted[0])
            self._fitted = fitted
            self._fitting = QFontMetrics(fitted[2]).elidedText(line, Qt.TextElideMode.ElideRight, fitted[1])
        return self._fitting

    def set_text(self, text: str) -> None:
        """Show `text`."""
        self.setText(text)
        self._show_tooltip()

    def _show_tooltip(self) -> None:
        set_tooltip(self, self.text() if self.shown_text() != one_line(self.text()) else "")

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        line = round(self._theme.line_height(self._style))
        return QSize(metrics.horizontalAdvance(one_line(self.text())) + 1, line)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_tooltip()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        side = (
            Qt.AlignmentFlag.AlignRight
            if self.layoutDirection() is Qt.LayoutDirection.RightToLeft
            else Qt.AlignmentFlag.AlignLeft
        )
        # Absolute, so that a title in Hebrew or Arabic starts where all others start.
        painter.drawText(
            self.rect(),
            Qt.AlignmentFlag.AlignAbsolute
            | side
            | Qt.AlignmentFlag.AlignVCenter
            | Qt.TextFlag.TextSingleLine,
            self.shown_text(),
        )


def one_line(text: str) -> str:
    """`text` without line breaks and other control characters, for one line of an interface."""
    if not text.isprintable():
        text = "".join(one if one.isprintable() else " " for one in text)
    return " ".join(text.split())
