"""The box around a block of code: its language, a Copy button, and the code, which scrolls sideways."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QTextEdit, QWidget

from app.ui.theme import Theme
from app.ui.transcript.block_edit import BlockEdit
from app.ui.transcript.code import CodeDrawing
from app.ui.transcript.laid_message import CODE_ABOVE, CODE_HEAD, SCROLL_BAR
from app.ui.widgets.buttons import Button, Kind, Size
from app.ui.widgets.label import ElidedLabel

COPIED_MILLISECONDS = 1600
RADIUS = 10


class CopyButton(Button):
    """Says *Copied* in green for a moment after it was pressed."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, "", kind=Kind.QUIET, size=Size.SMALL, icon="copy", parent=parent)
        self.setText(self.tr("Copy"))
        self._was_copied = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(COPIED_MILLISECONDS)
        self._timer.timeout.connect(self.show_rest)

    def show_copied(self) -> None:
        """Say that it was copied."""
        self._was_copied = True
        self.setText(self.tr("Copied"))
        self.set_icon("check")
        self.resize(self.sizeHint())
        self._timer.start()

    def show_rest(self) -> None:
        """Say what it does."""
        self._timer.stop()
        self._was_copied = False
        self.setText(self.tr("Copy"))
        self.set_icon("copy")

    def _tone(self) -> str:
        return "success.text" if self._was_copied else super()._tone()


class CodeFrame(QWidget):
    """Shows one `CodeDrawing` at a time."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._label = ElidedLabel(theme, style="label.medium", tone="text.secondary", parent=self)
        self.copy_button = CopyButton(theme, self)
        self.copy_button.clicked.connect(self._on_copy)
        self.edit = BlockEdit(self, QTextEdit.LineWrapMode.NoWrap)
        self._is_wide = False
        self._language: str | None = None

    def bind(self, drawing: CodeDrawing, language: str) -> None:
        """Show `drawing`; `language` is a name for people, or empty."""
        self.show_language(language)
        self.copy_button.show_rest()
        self.edit.bind(drawing)
        self._place()

    def show_language(self, language: str) -> None:
        """Name the language; while the code grows its name does, too."""
        if language == self._language:
            return
        self._language = language
        self._label.set_text(language)
        self.edit.setAccessibleName(
            self.tr("Code, {language}").format(language=language) if language else self.tr("Code")
        )

    def unbind(self) -> None:
        """Show nothing."""
        self.edit.unbind()
        self.hide()

    def set_wide(self, *, is_wide: bool) -> None:
        """Whether the code is wider than the box, so that there is a scroll bar."""
        if is_wide != self._is_wide:
            self._is_wide = is_wide
            self.edit.setHorizontalScrollBarPolicy(
                Qt.ScrollBarPolicy.ScrollBarAlwaysOn if is_wide else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
            )

    def _on_copy(self) -> None:
        match self.edit.ground:
            case CodeDrawing() as drawing:
                QGuiApplication.clipboard().setText(drawing.text)
                self.copy_button.show_copied()
                self._place()
            case _:
                pass

    def _place(self) -> None:
        head = CODE_HEAD - 1
        button = self.copy_button.sizeHint()
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        x = 4 if mirrored else self.width() - button.width() - 4
        self.copy_button.setGeometry(x, (head - button.height()) // 2 + 1, button.width(), button.height())
        label = max(0, self.width() - button.width() - 26)
        self._label.setGeometry(button.width() + 12 if mirrored else 14, 1, label, head)
        match self.edit.ground:
            case CodeDrawing() as drawing:
                lead = drawing.lead
            case _:
                lead = 0
        top = CODE_HEAD + CODE_ABOVE - lead
        bottom = 1 if self._is_wide else 6
        self.edit.setGeometry(1, top, max(1, self.width() - 2), max(SCROLL_BAR, self.height() - top - bottom))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("line.hair"), 1))
        painter.setBrush(self._theme.color("bg.sunken"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        painter.fillRect(1, CODE_HEAD - 1, self.width() - 2, 1, self._theme.color("line.hair"))
