"""The composer: the field, the model, Send and Stop."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.chat.session import ChatSession
from app.core.settings import SendKey
from app.ui.composer.message_field import MessageField
from app.ui.composer.outbox import Outbox
from app.ui.composer.queue_row import ChipText, QueueRow
from app.ui.composer.writing import Writing
from app.ui.reading_column import outer_width
from app.ui.theme import Theme
from app.ui.widgets.buttons import Button, Kind, Size, paint_icon
from app.ui.widgets.focus_ring import show_focus
from app.ui.widgets.panel import Panel, Surface
from app.ui.widgets.tooltip import set_tooltip

SHARE_OF_WINDOW = 0.4


class Composer(Surface):
    """Writes into one chat at a time; what is typed in each is kept.

    Signals: `model_asked()`: the person wants to choose a model; `setup_asked()`: there is nobody to send to
    yet; `typing_began()`.
    """

    model_asked = Signal()
    setup_asked = Signal()
    typing_began = Signal()

    def __init__(self, theme: Theme, outbox: Outbox, parent: QWidget | None = None) -> None:
        super().__init__(theme, "bg.canvas", parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.field = MessageField(theme)
        self.model_chip = ChipText(theme, "", kind=Kind.QUIET, size=Size.SMALL, icon="model")
        self.send_button = SendButton(theme)
        self.stop_button = StopButton(theme)
        self.queue_row = QueueRow(theme)
        self._writing = Writing(outbox, self.field, self.model_chip, self.queue_row, self)
        self._box = Panel(theme, fill="bg.surface", line="line.field", radius=14)
        self._build()
        theme.changed.connect(self._place)
        self.show_session(None)

    def _build(self) -> None:
        writing = self._writing
        writing.model_asked.connect(self.model_asked)
        writing.setup_asked.connect(self.setup_asked)
        writing.typing_began.connect(self.typing_began)
        writing.state_changed.connect(self._show_state)
        self.send_button.clicked.connect(writing.send)
        self.field.send_asked.connect(writing.send)
        self.stop_button.clicked.connect(writing.stop)
        self.stop_button.hide()
        self.field.focus_changed.connect(self._on_focus_changed)
        tools = QHBoxLayout()
        tools.setContentsMargins(9, 4, 9, 9)
        tools.setSpacing(2)
        tools.addWidget(self.model_chip)
        tools.addStretch(1)
        tools.addWidget(self.send_button)
        tools.addWidget(self.stop_button)
        text = QHBoxLayout()
        text.setContentsMargins(17, 13, 7, 4)
        text.addWidget(self.field)
        box = QVBoxLayout(self._box)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(text)
        box.addLayout(tools)
        self._layout = QVBoxLayout(self)
        self._layout.setSpacing(0)
        self._layout.addWidget(self.queue_row)
        self._layout.addWidget(self._box)
        self._place()

    def show_session(self, session: ChatSession | None) -> None:
        """Write into this chat from now on."""
        self._writing.show_session(session)

    def set_send_key(self, key: SendKey) -> None:
        """Which key sends."""
        self.field.set_send_key(key)

    def set_window_height(self, height: int) -> None:
        """The window is `height` px high; the composer takes at most 40 % of it."""
        others = self._box.sizeHint().height() - self.field.height() + 26
        self.field.set_limit(round(height * SHARE_OF_WINDOW) - others)

    def fill(self, text: str, replace_part: str) -> None:
        """Hold `text` with `replace_part` of it selected, ready to be written over."""
        self._writing.fill(text, replace_part)

    def stop(self) -> None:
        """Stop the answer that is being written."""
        self._writing.stop()

    def _on_focus_changed(self, has_focus: bool) -> None:
        self._box.set_tokens("bg.surface", "line.focus" if has_focus else "line.field")

    def _show_state(self) -> None:
        busy = self._writing.is_busy
        had_focus = self.send_button.hasFocus() or self.stop_button.hasFocus()
        self.send_button.setVisible(not busy)
        self.stop_button.setVisible(busy)
        if had_focus:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.send_button.setEnabled(self._writing.can_send)
        self.field.show_placeholder(
            self.tr("Write your next message while you wait") if busy else self.tr("Write a message")
        )

    def _place(self) -> None:
        spare = (self.width() - outer_width(self._theme, self.width())) / 2
        self._layout.setContentsMargins(int(spare), 10, int(spare + 0.5), 16)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # The space between the words and the edge of the box is the field, too.
        if self._box.geometry().contains(event.position().toPoint()):
            self.field.setFocus(Qt.FocusReason.MouseFocusReason)


class SendButton(QPushButton):
    """36 × 32 px, an arrow up."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(self.tr("Send"))
        set_tooltip(self, self.tr("Send"), self.tr("Enter"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        return QSize(36, 32)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        show_focus(self, event, self._theme, 9)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        over = self.underMouse()
        fill = "accent.pressed" if self.isDown() else "accent.hover" if over else "accent.fill"
        tone = "text.onAccent"
        if not self.isEnabled():
            fill, tone = "fill.disabled", "text.disabled"
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(fill))
        painter.drawRoundedRect(QRectF(self.rect()), 9, 9)
        paint_icon(painter, self._theme, "send", tone, 18, self.rect())


class StopButton(Button):
    """Stop with its key, in the place of Send."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "", icon="stop", parent=parent)
        self.setText(self.tr("Stop"))
        self.setAccessibleName(self.tr("Stop"))
        self.set_keys(QKeySequence(Qt.Key.Key_Escape))

    def _outline(self) -> str | None:
        return "line.field"

    def _radius(self) -> float:
        return 9
