"""The row under an answer: what can be done with it, and what it took."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.core.completion import ReplyState
from app.core.conversation import Turn
from app.ui.theme import Theme
from app.ui.transcript.figures import Figures
from app.ui.widgets.buttons import IconButton
from app.ui.widgets.label import Label
from app.ui.widgets.tooltip import set_tooltip

HANG = 6  # px that the buttons stand out of the text's edge, so that their icons stand on it


class RestingButton(IconButton):
    """An icon button that is there for keyboard and screen reader also while it isn't painted."""

    is_shown = True

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.is_shown or self.hasFocus():
            super().paintEvent(event)


class Tag(Label):
    """A word on a small ground."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, style="key", tone="text.secondary", parent=parent)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self.text()) + 12, max(20, metrics.height() + 4))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("fill.hover"))
        painter.drawRoundedRect(QRectF(self.rect()), 5, 5)
        painter.end()
        super().paintEvent(event)


class FiguresLabel(Label):
    """The figures of an answer as far as there is room; all of them to a screen reader and in the tooltip."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, style="label", tone="text.tertiary", parent=parent)
        self.setFont(theme.figures("label"))
        self._figures: Figures | None = None

    def show_figures(self, figures: Figures | None) -> None:
        """Show these figures; None and those of which none is known show nothing."""
        self._figures = figures if figures is not None and figures.shown else None
        self.setVisible(self._figures is not None)
        self.setAccessibleName(self._figures.line if self._figures is not None else "")
        set_tooltip(self, self._figures.in_full if self._figures is not None else "")

    def fit(self, width: int) -> None:
        """Leave out what there is no room for, the dearest last."""
        metrics = QFontMetrics(self.font())
        texts = self._figures.from_long_to_short() if self._figures is not None else []
        fitting = (text for text in texts if metrics.horizontalAdvance(text) <= width)
        self.setText(next(fitting, ""))


class ActionsRow(QWidget):
    """Signals: `copy_requested()`, `try_again_requested()`."""

    copy_requested = Signal()
    try_again_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._is_running = False
        self._tag = Tag(theme, self)
        self.copy = RestingButton(theme, "copy", self.tr("Copy"), side=28, parent=self)
        self.try_again = RestingButton(theme, "retry", self.tr("Try again"), side=28, parent=self)
        self._figures = FiguresLabel(theme, self)
        self.copy.clicked.connect(self.copy_requested)
        self.try_again.clicked.connect(self.try_again_requested)

    @property
    def figures(self) -> str:
        """What the answer took, as far as there is room for it."""
        return self._figures.text()

    @property
    def tag(self) -> str:
        """How the answer ended, where it didn't end by itself."""
        return self._tag.text()

    def show_turn(self, turn: Turn, *, can_try_again: bool) -> None:
        """Show what can be done with this answer; nothing while it grows."""
        is_over = turn.state is not ReplyState.RUNNING
        if not is_over and self._is_running:
            return
        self._is_running = not is_over
        self._tag.setText(
            {ReplyState.STOPPED: self.tr("Stopped"), ReplyState.INTERRUPTED: self.tr("Interrupted")}.get(
                turn.state, ""
            )
        )
        self._tag.setVisible(bool(self._tag.text()))
        self.copy.setVisible(is_over and bool(turn.text.strip()))
        self.try_again.setVisible(is_over and can_try_again)
        self._figures.show_figures(Figures(turn) if is_over else None)
        self._place()

    def reveal(self, *, is_shown: bool) -> None:
        """Paint the icons or not; their room stays."""
        for button in (self.copy, self.try_again):
            if button.is_shown != is_shown:
                button.is_shown = is_shown
                button.update()

    def _place(self) -> None:
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft

        def put(widget: QWidget, x: int, size: QSize) -> None:
            left = self.width() - x - size.width() if mirrored else x
            widget.setGeometry(left, (self.height() - size.height()) // 2, size.width(), size.height())

        x = 0
        if self._tag.isVisibleTo(self):
            put(self._tag, HANG, self._tag.sizeHint())
            x = HANG + self._tag.sizeHint().width() + 4
        for button in (self.copy, self.try_again):
            if button.isVisibleTo(self):
                put(button, x, button.sizeHint())
                x += button.sizeHint().width() + 1
        self._figures.fit(self.width() - x - 2 * HANG)
        hint = self._figures.sizeHint()
        put(self._figures, self.width() - HANG - hint.width(), hint)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
