"""Cards of rows: a label at the left, a hint below it, a control at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui.theme import Theme
from app.ui.widgets.label import Label
from app.ui.widgets.panel import Panel
from app.ui.widgets.paragraph import Paragraph

ROW_HEIGHT = 44
LEAST_WIDTH = 400  # px of a card whose height is not to be that of hints broken at each word


class Card(Panel):
    """A card that rows are added to."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(1, 0, 1, 0)
        self._layout.setSpacing(0)
        self._count = 0
        self.setSizePolicy(_as_high_as_needed())

    def set_least_width(self, width: int = LEAST_WIDTH) -> None:
        """Be so many px wide. Else the height is reckoned of a card whose hints are broken at each word."""
        self._layout.addStrut(width)

    def add_row(self, label: str, control: QWidget, hint: str = "") -> Row:
        """Add a row, and return it."""
        row = Row(self._theme, label, control, hint)
        row.has_line = self._count > 0
        self._count += 1
        self._layout.addWidget(row)
        return row


class Row(QWidget):
    """One row of a card."""

    def __init__(self, theme: Theme, label: str, control: QWidget, hint: str) -> None:
        super().__init__()
        self._theme = theme
        self.has_line = False
        self.setMinimumHeight(ROW_HEIGHT)
        self.setSizePolicy(_as_high_as_needed())
        words = self._words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch()
        words.addWidget(Label(theme, label))
        if hint:
            words.addWidget(Paragraph(theme, hint, style="label"))
        words.addStretch()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(13, 6, 13, 6)
        layout.setSpacing(12)
        layout.addLayout(words, 1)
        layout.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)

    def add_below(self, widget: QWidget, gap: int = 0) -> None:
        """Put `widget` below the words, `gap` px apart, such as a hint that changes."""
        self._words.insertSpacing(self._words.count() - 1, gap)
        self._words.insertWidget(self._words.count() - 1, widget)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.has_line:
            QPainter(self).fillRect(0, 0, self.width(), 1, self._theme.color("line.hair"))


class PageTitle(QWidget):
    """The head of a page: its name, and a button at the right where one is given."""

    def __init__(self, theme: Theme, text: str, action: QWidget | None = None) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(Label(theme, text, style="title.m"), 1)
        if action is not None:
            layout.addWidget(action)
        self.setMinimumHeight(28)


def _as_high_as_needed() -> QSizePolicy:
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    policy.setHeightForWidth(True)
    return policy
