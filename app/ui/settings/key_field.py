"""The field of an API key: what is typed is masked, what is stored is never shown again."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.ui.settings.fields import make_field, set_bad
from app.ui.theme import Theme
from app.ui.widgets.buttons import IconButton, paint_icon

DOTS = "•" * 8
EDGE = 10


class KeyField(QLineEdit):
    """A line for a key. Accessible name: API key.

    It is either being written, masked but for the eye, or stands for a stored key: dots, the last four
    characters and the place in words. The stored key itself is never in it.

    Signals, beside those of QLineEdit: `entered()` whenever what was typed changed.
    """

    entered = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._place = ""
        self._is_stored = False
        make_field(self, theme, self.tr("API key"))
        # Small dots, U+2022, where the style has large ones.
        self.setStyleSheet("QLineEdit { lineedit-password-character: 8226; }")
        self.setMaxLength(4096)
        self._eye = IconButton(theme, "eye", self.tr("Show key"), side=28, parent=self)
        self._eye.setCursor(Qt.CursorShape.ArrowCursor)
        self._eye.clicked.connect(self._on_eye)
        self.textChanged.connect(self._on_edited)
        self.begin_entry()

    @property
    def is_stored(self) -> bool:
        """True while it stands for a stored key."""
        return self._is_stored

    @property
    def key_text(self) -> str:
        """What was typed or pasted; empty while it stands for a stored key."""
        return "" if self._is_stored else self.text()

    def begin_entry(self, placeholder: str = "") -> None:
        """Be empty, ready for a key."""
        self._is_stored = False
        self._place = ""
        self.setReadOnly(False)
        with QSignalBlocker(self):
            self.clear()
        self._hide_key()
        self.setAccessibleDescription("")
        self.setPlaceholderText(placeholder or self.tr("Paste your key"))
        self._arrange()

    def show_stored(self, last_four: str, place: str) -> None:
        """Stand for a key that is stored in the `place` that is named."""
        self._is_stored = True
        self._place = place
        self._eye.hide()
        self.setEchoMode(QLineEdit.EchoMode.Normal)
        self.setReadOnly(True)
        with QSignalBlocker(self):
            self.setText(f"{DOTS} {last_four}".rstrip())
        self.setCursorPosition(0)
        self.setAccessibleDescription(place)
        set_bad(self, "")
        self._arrange()

    def _on_edited(self) -> None:
        set_bad(self, "")
        self._arrange()
        self.entered.emit()

    def _on_eye(self) -> None:
        if self.echoMode() is QLineEdit.EchoMode.Password:
            self.setEchoMode(QLineEdit.EchoMode.Normal)
            self._eye.set_icon("eye-off")
            self._eye.set_name(self.tr("Hide key"))
        else:
            self._hide_key()

    def _hide_key(self) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self._eye.set_icon("eye")
        self._eye.set_name(self.tr("Show key"))

    def _shown_place(self) -> str:
        """The place in words, where there is room for it beside the dots."""
        width = QFontMetrics(self._theme.font("label")).horizontalAdvance(self._place)
        dots = QFontMetrics(self.font()).horizontalAdvance(self.text())
        return self._place if dots + width + 22 + 4 * EDGE <= self.width() else ""

    def _arrange(self) -> None:
        self._eye.setVisible(not self._is_stored)
        words = QFontMetrics(self._theme.font("label")).horizontalAdvance(self._shown_place())
        behind = words + EDGE if self._is_stored else self._eye.width()
        self.setTextMargins(22, 0, behind, 0)
        at = 3 if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else self.width() - 31
        self._eye.move(at, (self.height() - 28) // 2)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        icon = QRect(self.width() - EDGE - 16 if mirrored else EDGE, 0, 16, self.height())
        paint_icon(painter, self._theme, "lock" if self._is_stored else "key", "text.secondary", 16, icon)
        if place := self._shown_place():
            painter.setFont(self._theme.font("label"))
            painter.setPen(self._theme.color("text.secondary"))
            side = Qt.AlignmentFlag.AlignLeft if mirrored else Qt.AlignmentFlag.AlignRight
            painter.drawText(
                self.rect().adjusted(EDGE, 0, -EDGE, 0),
                Qt.AlignmentFlag.AlignAbsolute | side | Qt.AlignmentFlag.AlignVCenter,
                place,
            )
