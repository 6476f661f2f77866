"""What the small window shows: its rows, and which of them belong to a question and which to an answer."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.composer.message_field import MessageField
from app.ui.composer.queue_row import ChipText, QueueRow
from app.ui.quick_ask.footer import Footer
from app.ui.quick_ask.hint_row import HintRow
from app.ui.quick_ask.parts import Mark, Question
from app.ui.theme import Theme
from app.ui.transcript.look import Look
from app.ui.transcript.view import TranscriptView
from app.ui.widgets.buttons import IconButton, Kind, Size
from app.ui.widgets.label import Label
from app.ui.widgets.panel import Panel, Surface

RADIUS = 14
LEAST_ANSWER = 52  # px
FOLLOW_UP = (17, 10, 17, 9)  # px around the line below the answer
FOLLOW_UP_HEIGHT = 44


class Mode(Enum):
    """What the window is about: a question, an answer on its way, or one that has ended."""

    ASKING = "asking"
    ANSWERING = "answering"
    DONE = "done"


class Face(Panel):
    """From top to bottom: the question; the answer; the next question; hints, or what can be done."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, fill="bg.surface", line="line.field", radius=RADIUS)
        self.field = MessageField(theme, style="ask")
        self.field.setAccessibleName(self.tr("Ask"))
        self.model_chip = ChipText(theme, "", kind=Kind.SECONDARY, size=Size.SMALL)
        self.private_word = Label(theme, self.tr("Private"), style="ui.medium", tone="accent.text")
        self.private = IconButton(
            theme, "eye-off", self.tr("Private: nothing is kept"), keys=QKeySequence("Ctrl+Shift+N"), side=28
        )
        self.private.setCheckable(True)
        self.queue_row = QueueRow(theme)
        self.question = Question(theme)
        self.transcript = TranscriptView(theme, look=Look.ANSWERS)
        self.transcript.setMinimumHeight(LEAST_ANSWER)
        self.hints = HintRow(theme)
        self.footer = Footer(theme)
        self._mark = Mark(theme)
        self._over_field = self._hair()
        self._over_footer = self._hair()
        self._ask_line = QVBoxLayout()  # as high as the chip beside it, where it is one line
        self._follow_up = QVBoxLayout()
        self._build()

    def _hair(self) -> Surface:
        line = Surface(self._theme, "line.hair")
        line.setFixedHeight(1)
        return line

    def _build(self) -> None:
        top = Qt.AlignmentFlag.AlignTop
        self._ask_line.setContentsMargins(0, 2, 0, 2)
        self._ask_line.addWidget(self.field)
        self._ask_line.addWidget(self.question)
        mark = QVBoxLayout()
        mark.setContentsMargins(0, 3, 0, 0)
        mark.addWidget(self._mark, 0, top)
        word = QVBoxLayout()
        word.setContentsMargins(0, 4, 0, 0)
        word.addWidget(self.private_word, 0, top)
        head = QHBoxLayout()
        head.setContentsMargins(17, 15, 11, 16)
        head.setSpacing(8)
        head.addLayout(mark)
        head.addSpacing(4)
        head.addLayout(self._ask_line, 1)
        head.addLayout(word)
        head.addWidget(self.private, 0, top)
        head.addWidget(self.model_chip, 0, top)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._hair())
        layout.addWidget(self.transcript, 1)
        layout.addWidget(self._over_field)
        layout.addWidget(self.queue_row)
        layout.addLayout(self._follow_up)
        layout.addWidget(self._over_footer)
        layout.addWidget(self.hints)
        layout.addWidget(self.footer)
        self.queue_row.setContentsMargins(17, 8, 17, 0)

    def show_mode(self, mode: Mode, question: str, *, is_private: bool) -> None:
        """Show what belongs to this mode; `question` is what was asked first."""
        is_asking = mode is Mode.ASKING
        self._put_field(mode)
        self.question.setVisible(not is_asking)
        self.question.show_text(question)
        self.private_word.setVisible(is_private)
        self.private.setChecked(is_private)
        # It is settled with the first question; from then on it is a sign.
        self.private.setVisible(is_asking or is_private)
        self.private.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not is_asking)
        self.private.setFocusPolicy(Qt.FocusPolicy.TabFocus if is_asking else Qt.FocusPolicy.NoFocus)
        self.transcript.setVisible(not is_asking)
        self._over_field.setVisible(mode is Mode.DONE)
        self._over_footer.setVisible(not is_asking)
        self.hints.setVisible(is_asking)
        self.footer.setVisible(not is_asking)
        self.field.setVisible(mode is not Mode.ANSWERING)

    def height_without_answer(self, mode: Mode) -> int:
        """The px that all rows but the answer take."""
        layout = self.layout()
        if layout is None:
            return self.height()
        layout.invalidate()
        # Also while it is hidden, or the rows of before would still be the least height.
        layout.activate()
        total = layout.totalMinimumSize().height()
        return total - (0 if mode is Mode.ASKING else LEAST_ANSWER)

    def _tab_stops(self) -> list[QWidget]:
        """Where Tab goes, from top to bottom: the field has two places."""
        messages = [stop for frame in self.transcript.canvas.frames() for stop in (frame, *frame.tab_stops())]
        head: list[QWidget] = [self.private, self.model_chip]
        lower = _within(self.queue_row)
        (head if self._ask_line.indexOf(self.field) >= 0 else lower).insert(0, self.field)
        stops = [*head, *messages, *lower, *_within(self.hints), *_within(self.footer)]
        return [one for one in stops if one.isVisible() and one.isEnabled() and _takes_tab(one)]

    def _put_field(self, mode: Mode) -> None:
        """In the first line for a question, below the answer for the next one."""
        is_asking = mode is Mode.ASKING
        here, there = self._ask_line, self._follow_up
        if not is_asking:
            here, there = there, here
        if here.indexOf(self.field) < 0:
            # Both lines are the window's own, so that the keyboard stays in the field.
            there.removeWidget(self.field)
            here.insertWidget(0, self.field)
        self._follow_up.setContentsMargins(*(FOLLOW_UP if mode is Mode.DONE else (0, 0, 0, 0)))
        self.field.set_style("ask" if is_asking else "body")
        self.field.show_placeholder(self.tr("Ask anything") if is_asking else self.tr("Ask a follow-up"))

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002  # Qt's own name
        stops = self._tab_stops()
        here = self.focusWidget()
        at = stops.index(here) if here in stops else -1
        reason = Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason
        if stops:
            stops[(at + (1 if next else -1)) % len(stops)].setFocus(reason)
        return bool(stops)


def _within(area: QWidget) -> list[QWidget]:
    """What stands in an area, in the order in which it was put there."""
    return [one for one in area.findChildren(QWidget) if _takes_tab(one)]


def _takes_tab(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
