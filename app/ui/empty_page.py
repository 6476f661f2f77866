"""What a chat shows before its first message: a question, and starts that fill the composer."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.ui.reading_column import outer_width
from app.ui.theme import Theme
from app.ui.widgets.buttons import paint_icon
from app.ui.widgets.focus_ring import show_focus
from app.ui.widgets.label import Label
from app.ui.widgets.panel import Surface

GAP = 10
ABOVE_MIDDLE = 148  # px that the greeting stands above the middle of the page


class Starter(NamedTuple):
    """One start. `text` goes into the composer with `part` of it selected."""

    icon: str
    title: str
    hint: str
    text: str
    part: str


class EmptyPage(Surface):
    """The page of a new chat.

    Signals: `starter_chosen(text, part)`: what the composer should hold, and what to select in it.
    """

    starter_chosen = Signal(str, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "bg.canvas", parent=parent)
        self._greeting = Label(
            theme, self.tr("What would you like to work out?"), style="title.xl", parent=self
        )
        self._cards: list[StarterCard] = []
        for starter in self._starters():
            card = StarterCard(theme, starter, self)
            card.clicked.connect(
                lambda _=False, starter=starter: self.starter_chosen.emit(starter.text, starter.part)
            )
            self._cards.append(card)
        self._room = 0
        theme.changed.connect(self._place)

    def set_room(self, height: int) -> None:
        """Stand as if the page were `height` px high, so that nothing moves while the composer grows."""
        if height != self._room:
            self._room = height
            self._place()

    def _starters(self) -> tuple[Starter, ...]:
        message, text = self.tr("[paste the message here]"), self.tr("[paste the text here]")
        task, options = self.tr("[say what it should do]"), self.tr("[name the options]")
        return (
            Starter(
                "error",
                self.tr("Explain an error"),
                self.tr("Paste a message, get the likely cause"),
                self.tr("Explain this error and its most likely cause, then how to fix it:\n\n{part}").format(
                    part=message
                ),
                message,
            ),
            Starter(
                "edit",
                self.tr("Improve a text"),
                self.tr("Same meaning, clearer and shorter"),
                self.tr(
                    "Make this text clearer and shorter. Keep its meaning and its tone:\n\n{part}"
                ).format(part=text),
                text,
            ),
            Starter(
                "code",
                self.tr("Write some code"),
                self.tr("Say what it should do, get a first version"),
                self.tr("Write a short program, with a word on how it works. It should {part}").format(
                    part=task
                ),
                task,
            ),
            Starter(
                "table",
                self.tr("Compare options"),
                self.tr("A table with what speaks for each"),
                self.tr(
                    "Compare these options in a table, with what speaks for and against each: {part}"
                ).format(part=options),
                options,
            ),
        )

    def _place(self) -> None:
        column = outer_width(self._theme, self.width())
        left = (self.width() - column) // 2
        columns = 2 if column >= 520 else 1
        height = self._cards[0].sizeHint().height()
        rows = (len(self._cards) + columns - 1) // columns
        whole = 46 + rows * height + (rows - 1) * GAP
        top = max(min((self._room or self.height()) // 2 - ABOVE_MIDDLE, self.height() - whole - 8), 8)
        self._greeting.setGeometry(left + 42, top, column - 42, 30)
        width = (column - GAP * (columns - 1)) // columns
        for at, card in enumerate(self._cards):
            row, place = divmod(at, columns)
            card.setGeometry(left + place * (width + GAP), top + 46 + row * (height + GAP), width, height)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        mark = self._theme.mark(30, self.devicePixelRatioF())
        painter.drawPixmap(self._greeting.x() - 42, self._greeting.y(), mark)


class StarterCard(QPushButton):
    """A card with an icon, a title and a hint."""

    def __init__(self, theme: Theme, starter: Starter, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._starter = starter
        self.setAccessibleName(starter.title)
        self.setAccessibleDescription(starter.hint)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        lines = (
            QFontMetrics(self._theme.font("title.s")).height() + QFontMetrics(self._theme.font("ui")).height()
        )
        return QSize(200, max(66, lines + 26))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        show_focus(self, event, self._theme, 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill = "fill.pressed" if self.isDown() else "fill.hover" if self.underMouse() else "bg.surface"
        painter.setPen(QPen(theme.color("line.hair"), 1))
        painter.setBrush(theme.color(fill))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 11.5, 11.5)
        paint_icon(painter, theme, self._starter.icon, "accent.text", 20, QRect(15, 14, 20, 20))
        text = self.rect().adjusted(47, 13, -12, -10)
        for words, style, tone, top in (
            (self._starter.title, "title.s", "text.primary", text.top()),
            (self._starter.hint, "ui", "text.secondary", text.top() + 20),
        ):
            font = theme.font(style)
            painter.setFont(font)
            painter.setPen(theme.color(tone))
            shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, text.width())
            painter.drawText(QRect(text.left(), top, text.width(), 20), Qt.AlignmentFlag.AlignVCenter, shown)
