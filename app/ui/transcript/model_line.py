"""The line above an answer: which model, how long it thought, and what it does right now."""

from __future__ import annotations

import time

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.chat.activity import Activity, ActivityKind
from app.core.completion import ReplyState
from app.core.conversation import Turn
from app.core.parts import ThinkingPart
from app.ui.theme import Theme
from app.ui.transcript.figures import speed_words
from app.ui.widgets.buttons import PushButton, paint_icon
from app.ui.widgets.dots import Pulse, paint_dot
from app.ui.widgets.focus_ring import show_focus
from app.ui.widgets.label import ElidedLabel, Label

MARK, CHEVRON = 16, 14
SPACE = 8


class ThoughtToggle(PushButton):
    """Opens and closes what the model thought."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setFont(theme.font("ui"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_words(self, words: str, *, is_open: bool) -> None:
        """Say `words`, and whether the thought is open."""
        if words != self.text():
            self.setText(words)
        if is_open != self.isChecked():
            self.setChecked(is_open)
        self.setAccessibleDescription(self.tr("open") if is_open else self.tr("closed"))

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        words = metrics.horizontalAdvance(self.text()) + 5 if self.text() else 0
        return QSize(CHEVRON + words, max(28, metrics.height() + 6))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        show_focus(self, event, self._theme, 5)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tone = "text.primary" if self.underMouse() else "text.secondary"
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        x = self.width() - CHEVRON if mirrored else 0
        closed = "chevron-left" if mirrored else "chevron-right"
        icon = "chevron-down" if self.isChecked() else closed
        rect = QRect(x, 0, CHEVRON, self.height())
        paint_icon(painter, self._theme, icon, tone, CHEVRON, rect)
        painter.setFont(self.font())
        painter.setPen(self._theme.color(tone))
        room = self.rect().adjusted(0 if mirrored else CHEVRON + 5, 0, -CHEVRON - 5 if mirrored else 0, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, self.text())


class ModelLine(QWidget):
    """Signals: `thought_toggled()`."""

    thought_toggled = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name = ElidedLabel(theme, style="ui.strong", parent=self)
        self.toggle = ThoughtToggle(theme, self)
        self.toggle.clicked.connect(self.thought_toggled)
        self._word = Label(theme, style="ui.medium", tone="live.text", parent=self)
        self._figure = Label(theme, style="ui", tone="text.secondary", parent=self)
        self._figure.setFont(theme.figures("ui"))
        self._pulse = Pulse(theme, self)
        self._pulse.beat.connect(self._on_beat)
        self._dot: QPointF | None = None
        self._shown: tuple[str, str | None, bool] | None = None

    @property
    def state_words(self) -> str:
        """What the line says about the present, empty where nothing goes on."""
        return f"{self._word.text()} {self._figure.text()}".strip() if self._word.isVisibleTo(self) else ""

    def show_turn(self, turn: Turn, *, is_open: bool) -> None:
        """Show who answers and what there is of a thought."""
        name = turn.model or self.tr("Assistant")
        thoughts = [part for part in turn.content if isinstance(part, ThinkingPart) and part.text.strip()]
        words = self._thought_words(turn, thoughts) if thoughts else None
        if (name, words, is_open) == self._shown:
            return
        self._shown = (name, words, is_open)
        self._name.set_text(name)
        self.toggle.setVisible(words is not None)
        if words is not None:
            self.toggle.show_words(words, is_open=is_open)
        self._place()

    def show_activity(self, activity: Activity | None, turn: Turn) -> None:
        """Show what goes on; None for nothing."""
        word, figure = self._activity_words(activity, turn)
        is_live = bool(word)
        self._word.setVisible(is_live)
        self._figure.setVisible(is_live)
        if is_live:
            self._pulse.start()
        else:
            self._pulse.stop()
        if (word, figure) != (self._word.text(), self._figure.text()):
            self._word.setText(word)
            self._figure.setText(figure)
            self._place()

    def _thought_words(self, turn: Turn, thoughts: list[ThinkingPart]) -> str:
        measured = [part.seconds for part in thoughts if part.seconds is not None]
        if measured:
            return self.tr("Thought for {seconds} s").format(seconds=max(1, round(sum(measured))))
        # While it thinks, the word beside the dot says so.
        is_thinking = turn.state is ReplyState.RUNNING and not turn.text.strip()
        return "" if is_thinking else self.tr("Thought")

    def _activity_words(self, activity: Activity | None, turn: Turn) -> tuple[str, str]:
        if activity is None:
            return "", ""
        passed = max(0, int(time.monotonic() - activity.since))
        seconds = self.tr("{seconds} s").format(seconds=passed)
        match activity.kind:
            case ActivityKind.WAITING:
                if activity.progress is not None and activity.progress[1] > 0:
                    done = min(100, round(100 * activity.progress[0] / activity.progress[1]))
                    return self.tr("Reading"), self.tr("{percent} %").format(percent=done)
                return self.tr("Waiting"), seconds
            case ActivityKind.THINKING:
                return self.tr("Thinking"), seconds
            case ActivityKind.WRITING:
                usage = turn.reply.usage if turn.reply else None
                tokens = usage.completion_tokens if usage else None
                if tokens and passed:
                    return self.tr("Writing"), speed_words(tokens / passed)
                return self.tr("Writing"), seconds
            case ActivityKind.IDLE | ActivityKind.RETRYING:
                return "", ""

    def _on_beat(self) -> None:
        if self._dot is not None:
            self.update(round(self._dot.x()) - 5, round(self._dot.y()) - 5, 10, 10)

    def _place(self) -> None:
        """Put all in a row, from the edge where reading begins."""
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        height = self.height()

        def put(widget: QWidget, x: int, width: int) -> None:
            left = self.width() - x - width if mirrored else x
            widget.setGeometry(left, 0, width, height)

        fixed = 0
        if self.toggle.isVisibleTo(self):
            fixed += self.toggle.sizeHint().width() + SPACE
        is_live = self._word.isVisibleTo(self)
        word = QFontMetrics(self._word.font()).horizontalAdvance(self._word.text()) + 2
        figure = QFontMetrics(self._figure.font()).horizontalAdvance(self._figure.text()) + 2
        if is_live:
            fixed += 8 + 6 + word + 6 + figure + SPACE
        x = MARK + SPACE
        name = max(0, min(self._name.sizeHint().width(), self.width() - x - fixed))
        put(self._name, x, name)
        x += name + SPACE
        if self.toggle.isVisibleTo(self):
            put(self.toggle, x, self.toggle.sizeHint().width())
            x += self.toggle.sizeHint().width() + SPACE
        self._dot = None
        if is_live:
            middle = x + 6.0
            self._dot = QPointF(self.width() - middle if mirrored else middle, height / 2)
            put(self._word, x + 16, word)
            put(self._figure, x + 16 + word + 4, figure)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mark = self._theme.mark(MARK, self.devicePixelRatioF())
        x = self.width() - MARK if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else 0
        painter.drawPixmap(x, (self.height() - MARK) // 2, mark)
        if self._dot is not None:
            paint_dot(painter, self._dot, self._theme.color("live.fill"), self._pulse.opacity)
