"""The bar that says what needs attention beside any single answer: the keyring, the disk, the network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui.theme import Theme
from app.ui.widgets.buttons import Button, IconButton, Size, paint_icon
from app.ui.widgets.panel import Panel
from app.ui.widgets.paragraph import Paragraph

# A family without a line of its own.
_LINES = {"accent": "line.hair"}


@dataclass(frozen=True, slots=True)
class Notice:
    """What is said. `key` names the matter: a later notice of the same matter takes its place.

    `closed` is called when the person closes it, having chosen none of its actions.
    """

    key: str
    title: str
    text: str
    icon: str = "warning"
    family: str = "warning"
    actions: Sequence[tuple[str, Callable[[], object]]] = ()
    closed: Callable[[], object] | None = None


class NoticeBar(QWidget):
    """Shows one notice, the newest; hidden while there is nothing to say."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._notice: Notice | None = None
        self._card: QWidget | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(16, 10, 16, 0)
        self.setSizePolicy(_as_high_as_needed())
        self.hide()

    @property
    def notice(self) -> Notice | None:
        """What is shown."""
        return self._notice

    def show_notice(self, notice: Notice) -> None:
        """Show `notice` in the place of what was there."""
        if notice == self._notice:
            return
        self._clear()
        self._notice = notice
        card = _NoticeCard(self._theme, notice)
        for label, do in notice.actions:
            button = Button(self._theme, label, size=Size.SMALL)
            button.clicked.connect(lambda _=False, do=do: self._act(do))
            card.add_action(button)
        close = IconButton(self._theme, "close", self.tr("Close"), side=28)
        close.clicked.connect(lambda: self._act(notice.closed or _nothing))
        card.add_close(close)
        self._card = card
        self._layout.addWidget(card)
        self.show()
        QAccessible.updateAccessibility(
            QAccessibleAnnouncementEvent(self, f"{notice.title}. {notice.text}".strip())
        )

    def dismiss(self, key: str) -> None:
        """Take away what is said of this matter."""
        if self._notice is not None and self._notice.key == key:
            self._clear()
            self.hide()

    def _act(self, do: Callable[[], object]) -> None:
        self._clear()
        self.hide()
        do()

    def _clear(self) -> None:
        self._notice = None
        if self._card is not None:
            self._layout.removeWidget(self._card)
            self._card.hide()
            self._card.deleteLater()
            self._card = None


def _nothing() -> None:
    pass


class _NoticeCard(Panel):
    """Several actions stand below the words, which a narrow window leaves little room beside."""

    def __init__(self, theme: Theme, notice: Notice) -> None:
        line = _LINES.get(notice.family, f"{notice.family}.line")
        super().__init__(theme, fill=f"{notice.family}.tint", line=line)
        self.setAccessibleName(notice.title)
        self.setSizePolicy(_as_high_as_needed())
        words = QVBoxLayout()
        words.setSpacing(1)
        tone = f"{notice.family}.text"
        words.addWidget(Paragraph(theme, notice.title, style="title.s", tone=tone))
        if notice.text:
            words.addWidget(Paragraph(theme, notice.text))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(14, 9, 10, 9)
        self._row.setSpacing(8)
        self._row.addWidget(_Icon(theme, notice.icon, tone), 0, Qt.AlignmentFlag.AlignTop)
        self._row.addSpacing(4)
        self._row.addLayout(words, 1)
        self._actions = self._row
        if len(notice.actions) > 1:
            self._actions = QHBoxLayout()
            self._actions.setContentsMargins(0, 6, 0, 1)
            self._actions.setSpacing(8)
            words.addLayout(self._actions)

    def add_action(self, button: QWidget) -> None:
        """Add one of the actions."""
        self._actions.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)

    def add_close(self, button: QWidget) -> None:
        """Add what closes it, after all actions."""
        if self._actions is self._row:
            self._row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        else:
            self._actions.addStretch()
            self._row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)


class _Icon(QWidget):
    def __init__(self, theme: Theme, name: str, tone: str) -> None:
        super().__init__()
        self._theme = theme
        self._name = name
        self._tone = tone
        self.setFixedSize(20, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_icon(QPainter(self), self._theme, self._name, self._tone, 20, self.rect())


def _as_high_as_needed() -> QSizePolicy:
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    policy.setHeightForWidth(True)
    return policy
