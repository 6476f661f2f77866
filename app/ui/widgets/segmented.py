"""The segmented control: one of a few, all of them in sight."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QRadioButton, QSizePolicy, QWidget

from app.ui.theme import Theme
from app.ui.widgets.buttons import ICON_GAP, paint_icon
from app.ui.widgets.focus_ring import show_focus


class Segmented(QWidget):
    """One of `choices`, each (value, text, icon name or ""). Arrow keys move; Tab passes by.

    Signals: `chosen(str)` with the value, by the person alone.
    """

    chosen = Signal(str)

    def __init__(
        self,
        theme: Theme,
        name: str,
        choices: Sequence[tuple[str, str, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3, 3, 3, 3)
        layout.setSpacing(2)
        self._segments: dict[str, _Segment] = {}
        for value, text, icon in choices:
            segment = _Segment(theme, text, icon, self)
            segment.clicked.connect(lambda _checked=False, value=value: self.chosen.emit(value))
            layout.addWidget(segment)
            self._segments[value] = segment

    @property
    def value(self) -> str:
        """The value that is chosen, empty where none is."""
        return next((value for value, one in self._segments.items() if one.isChecked()), "")

    def set_value(self, value: str) -> None:
        """Show `value` as chosen."""
        if value in self._segments:
            self._segments[value].setChecked(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("line.field"), 1))
        painter.setBrush(self._theme.color("bg.surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 7.5, 7.5)


class _Segment(QRadioButton):
    """One choice; radio buttons of one parent already are one of many, for screen readers too."""

    def __init__(self, theme: Theme, text: str, icon: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._icon = icon
        self.setFont(theme.font("ui.medium"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        width = metrics.horizontalAdvance(self.text()) + (16 + ICON_GAP - 1 if self._icon else 0)
        return QSize(width + 24, max(26, metrics.height() + 6))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: object) -> bool:
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        before = self.isChecked()
        super().keyPressEvent(event)
        parent = self.parentWidget()
        if before and not self.isChecked() and isinstance(parent, Segmented):
            parent.chosen.emit(parent.value)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        show_focus(self, event, self._theme, 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isChecked() or self.isDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("fill.selected" if self.isChecked() else "fill.pressed"))
            painter.drawRoundedRect(self.rect(), 6, 6)
        tone = "text.primary" if self.isChecked() or self.underMouse() else "text.secondary"
        if not self.isEnabled():
            tone = "text.disabled"
        text = self.rect()
        if self._icon:
            icon = self.rect().adjusted(10, 0, 0, 0)
            icon.setWidth(16)
            paint_icon(painter, self._theme, self._icon, tone, 16, icon)
            text = text.adjusted(10 + 16 + 4, 0, -8, 0)
        painter.setFont(self.font())
        painter.setPen(self._theme.color(tone))
        painter.drawText(text, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, self.text())
