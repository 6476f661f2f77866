"""A hint below a label that says how something stands, with a small symbol before it."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QSize
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.ui.theme import Theme
from app.ui.widgets.buttons import paint_icon
from app.ui.widgets.paragraph import Paragraph

ICON = 14


class HintKind(Enum):
    """The symbol, and the colour of it and of the words."""

    PLAIN = ("", "text.secondary")
    GOOD = ("check", "success.text")
    WARNING = ("warning", "warning.text")
    BAD = ("error", "danger.text")


class StateHint(QWidget):
    """Shows what `say` was told last, nothing before; a change is announced."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = HintKind.PLAIN.value[1]
        self._symbol = _Symbol(theme)
        self._words = Paragraph(theme, style="label")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        layout.addWidget(self._symbol)
        layout.addWidget(self._words, 1)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._words.text()

    def say(self, kind: HintKind, text: str) -> None:
        """Show `text`, plain; nothing for an empty one."""
        has_changed = text != self.text
        symbol, self._tone = kind.value
        self._symbol.show_icon(symbol, self._tone)
        self._words.set_tone(self._tone)
        self._words.setText(text)
        self._words.updateGeometry()
        self.setVisible(bool(text))
        if has_changed and text and self.isVisible():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # A style sheet that comes with another parent brings the colour back that the label was made with.
        self._words.set_tone(HintKind.PLAIN.value[1])
        self._words.set_tone(self._tone)


class _Symbol(QWidget):
    """The symbol; it takes no room where there is none."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._icon = ""
        self._tone = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def show_icon(self, icon: str, tone: str) -> None:
        self._icon, self._tone = icon, tone
        self.setVisible(bool(icon))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(ICON, ICON)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._icon:
            # Beside the first of several lines.
            line = self.rect()
            line.setHeight(min(line.height(), round(self._theme.line_height("label"))))
            paint_icon(QPainter(self), self._theme, self._icon, self._tone, ICON, line)
