"""The text on the clipboard, offered and never taken unasked: a chip with its first words and a cross."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.theme import Theme
from app.ui.widgets.buttons import IconButton, PushButton, paint_icon
from app.ui.widgets.focus_ring import show_focus
from app.ui.widgets.label import one_line

MOST = 1_000_000  # characters of a text that are offered
PREVIEW = 200  # of which the chip can show
HEIGHT, PADDING, ICON, GAP, CROSS = 26, 9, 14, 6, 26
LINE = Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


class CopiedChip(PushButton):
    """Dashed while its text isn't included, solid while it is; gone where there is none.

    Signals: those of a button: `toggled(bool)`; `dismissed()`: by its cross.
    """

    dismissed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = ""
        self._refused = ""
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.cross = IconButton(theme, "close", self.tr("Don’t include copied text"), side=CROSS, parent=self)
        self.cross.clicked.connect(self._on_cross)
        self.toggled.connect(self._show_name)
        self.hide()

    @property
    def offered(self) -> str:
        """The text that is offered; empty for none."""
        return self._text

    @property
    def included(self) -> str:
        """The text that the person has included; empty for none."""
        return self._text if self.isChecked() else ""

    def offer(self, text: str) -> None:
        """Offer this text, unless it was refused or is too long; nothing where it is empty. What was included
        stays so while it is the same.
        """
        text = text.strip()
        if len(text) > MOST or text == self._refused:
            text = ""
        if text != self._text:
            self._text = text
            self.setChecked(False)
            self._show_name()
            self.updateGeometry()
            self.update()
        self.setVisible(bool(text))

    def _show_name(self) -> None:
        words = self.tr("Included copied text") if self.isChecked() else self.tr("Include copied text")
        self.setAccessibleName(words)
        self.setAccessibleDescription(one_line(self._text[:PREVIEW]))

    def _on_cross(self) -> None:
        self._refused = self._text
        self.offer("")
        self.dismissed.emit()

    def _words(self) -> tuple[str, str]:
        words = self.tr("Copied text") if self.isChecked() else self.tr("Include copied text")
        return words, f"“{one_line(self._text[:PREVIEW])}”"

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._theme.font("label"))
        words, preview = self._words()
        text = metrics.horizontalAdvance(words) + GAP + metrics.horizontalAdvance(preview)
        return QSize(PADDING + ICON + GAP + text + 2 + CROSS, max(HEIGHT, metrics.height() + 8))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._put_cross()

    def _put_cross(self) -> None:
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        self.cross.setGeometry(
            0 if mirrored else self.width() - CROSS, (self.height() - CROSS) // 2, CROSS, CROSS
        )

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.LayoutDirectionChange:
            self._put_cross()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        show_focus(self, event, self._theme, 7)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, is_in = self._theme, self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(theme.color("accent.text" if is_in else "line.field"), 1)
        if not is_in:
            pen.setDashPattern([3, 3])
        painter.setPen(pen)
        over = "fill.hover" if self.underMouse() else "bg.surface"
        painter.setBrush(theme.color("fill.selected" if is_in else over))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6.5, 6.5)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft

        def place(left: int, width: int) -> QRect:
            return QRect(self.width() - left - width if mirrored else left, 0, width, self.height())

        tone = "accent.text" if is_in else "text.secondary"
        paint_icon(painter, theme, "paste", tone, ICON, place(PADDING, ICON))
        font = theme.font("label")
        metrics = QFontMetrics(font)
        painter.setFont(font)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        painter.setPen(theme.color(tone))
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        words, preview = self._words()
        at = PADDING + ICON + GAP
        width = min(metrics.horizontalAdvance(words), self.width() - at - CROSS)
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, width + 1)
        painter.drawText(place(at, width + 1), LINE | side, shown)
        at += width + GAP
        room = self.width() - at - CROSS
        if room > 24:
            painter.setPen(theme.color("text.primary" if is_in else "text.tertiary"))
            shown = metrics.elidedText(preview, Qt.TextElideMode.ElideRight, room)
            painter.drawText(place(at, room), LINE | side, shown)
