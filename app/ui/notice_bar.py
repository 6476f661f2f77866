"""The bar that says what needs attention beside any single answer: the keyring, the disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.theme import Theme
from app.ui.widgets.buttons import Button, IconButton, Size, paint_icon
from app.ui.widgets.label import Label
from app.ui.widgets.panel import Panel
from app.ui.widgets.paragraph import Paragraph


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
            card.row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        close = IconButton(self._theme, "close", self.tr("Close"), side=28)
        close.clicked.connect(lambda: self._act(notice.closed or _nothing))
        card.row.addWidget(close, 0, Qt.AlignmentFlag.AlignVCenter)
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
    def __init__(self, theme: Theme, notice: Notice) -> None:
        super().__init__(theme, fill=f"{notice.family}.tint", line=f"{notice.family}.line")
        self._notice = notice
        self.setAccessibleName(notice.title)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(46, 9, 10, 9)
        self.row.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(Label(theme, notice.title, style="title.s", tone=f"{notice.family}.text"))
        if notice.text:
            words.addWidget(Paragraph(theme, notice.text))
        self.row.addLayout(words, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        icon = QRect(14, 9, 20, 22)
        paint_icon(QPainter(self), self._theme, self._notice.icon, f"{self._notice.family}.text", 20, icon)
