"""The small parts of the small window: the mark, the question, key hints, and what goes on."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.chat.activity import Activity, ActivityKind
from app.ui.theme import Theme
from app.ui.widgets.buttons import PushButton
from app.ui.widgets.dots import Pulse, paint_dot
from app.ui.widgets.label import Label
from app.ui.widgets.tooltip import set_tooltip

MARK = 22
LINES = 3  # of a question that are shown


class Mark(QWidget):
    """The product's mark."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFixedSize(MARK, MARK)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).drawPixmap(0, 0, self._theme.mark(MARK, self.devicePixelRatioF()))


class Question(QWidget):
    """What was asked first: up to three lines of it, all of it in the tooltip and to a screen reader."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._fit)

    @property
    def text(self) -> str:
        """All of it."""
        return self._text

    def show_text(self, text: str) -> None:
        """Show this question."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(self.tr("You: {text}").format(text=text))
            self._fit()

    def _fit(self) -> None:
        lines, is_cut = self._lines(self.width())
        height = max(1, len(lines)) * round(self._theme.line_height("ask"))
        if height != self.height() or height != self.minimumHeight():
            self.setFixedHeight(height)
        set_tooltip(self, self._text[:2000] if is_cut else "")
        self.update()

    def _lines(self, width: int) -> tuple[list[str], bool]:
        """The lines as they are shown in `width` px, and whether something is left out."""
        font = self._theme.font("ask")
        metrics = QFontMetrics(font)
        shown: list[str] = []
        # More letters than this are in no three lines.
        paragraphs = [" ".join(one.split()) for one in self._text[:3000].splitlines()]
        for paragraph in filter(None, paragraphs):
            if len(shown) == LINES:
                return [*shown[:-1], _with_ellipsis(shown[-1], metrics, width)], True
            layout = QTextLayout(paragraph, font)
            option = QTextOption()
            option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
            layout.setTextOption(option)
            layout.beginLayout()
            while (line := layout.createLine()).isValid():
                line.setLineWidth(max(1, width))
                if len(shown) == LINES - 1 and line.textStart() + line.textLength() < len(paragraph):
                    rest = paragraph[line.textStart() :]
                    layout.endLayout()
                    return [*shown, metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width)], True
                if len(shown) == LINES:
                    break
                shown.append(paragraph[line.textStart() : line.textStart() + line.textLength()].strip())
            layout.endLayout()
        return shown, len(self._text) > 3000

    def sizeHint(self) -> QSize:
        return QSize(200, self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.minimumHeight())

    def resizeEvent(self, event: object) -> None:
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._theme.font("ask"))
        painter.setPen(self._theme.color("text.primary"))
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        step = round(self._theme.line_height("ask"))
        flags = Qt.AlignmentFlag.AlignAbsolute | side | Qt.AlignmentFlag.AlignVCenter
        for number, line in enumerate(self._lines(self.width())[0]):
            painter.drawText(
                QRect(0, number * step, self.width(), step), flags | Qt.TextFlag.TextSingleLine, line
            )


def _with_ellipsis(line: str, metrics: QFontMetrics, width: int) -> str:
    return metrics.elidedText(f"{line} …", Qt.TextElideMode.ElideRight, width)


class KeyHint(PushButton):
    """A key on its cap and what it does; a click does it as well."""

    def __init__(self, theme: Theme, word: str, parent: QWidget | None = None) -> None:
        super().__init__(word, parent)
        self._theme = theme
        self._key = ""
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_key(self, key: str) -> None:
        """Name the key as this system writes it."""
        if key != self._key:
            self._key = key
            self.updateGeometry()
            self.update()

    def _cap(self) -> QSize:
        metrics = QFontMetrics(self._theme.font("key"))
        return QSize(max(20, metrics.horizontalAdvance(self._key) + 12), max(20, metrics.height() + 4))

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._theme.font("label"))
        cap = self._cap()
        return QSize(cap.width() + 5 + metrics.horizontalAdvance(self.text()) + 1, max(26, cap.height()))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, cap = self._theme, self._cap()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        left = self.width() - cap.width() if mirrored else 0
        rect = QRect(left, (self.height() - cap.height()) // 2, cap.width(), cap.height())
        painter.setPen(QPen(theme.color("line.control"), 1))
        painter.setBrush(theme.color("bg.surface"))
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        tone = "text.primary" if self.underMouse() else "text.secondary"
        painter.setPen(theme.color(tone))
        painter.setFont(theme.font("key"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._key)
        painter.setFont(theme.font("label"))
        room = self.rect().adjusted(
            0 if mirrored else cap.width() + 5, 0, -cap.width() - 5 if mirrored else 0, 0
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter, self.text())


class LiveWord(QWidget):
    """A dot that breathes and the word for what the model does."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._word = Label(theme, style="ui.medium", tone="live.text", parent=self)
        self._pulse = Pulse(theme, self)
        self._pulse.beat.connect(self.update)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """The word."""
        return self._word.text()

    def show_activity(self, activity: Activity) -> None:
        """Say what goes on; nothing where nothing does."""
        words = {
            ActivityKind.WAITING: self.tr("Waiting"),
            ActivityKind.THINKING: self.tr("Thinking"),
            ActivityKind.WRITING: self.tr("Writing"),
            ActivityKind.RETRYING: self.tr("Waiting to try again"),
        }
        word = words.get(activity.kind, "")
        if word:
            self._pulse.start()
        else:
            self._pulse.stop()
        if word != self._word.text():
            self._word.setText(word)
            self.updateGeometry()
            self.resizeEvent(None)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._word.font())
        return QSize(16 + metrics.horizontalAdvance(self._word.text()) + 2, max(28, metrics.height()))

    def resizeEvent(self, event: object) -> None:
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        self._word.setGeometry(0 if mirrored else 15, 0, max(0, self.width() - 15), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._word.text():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        middle = QPointF(self.width() - 4.0 if mirrored else 4.0, self.height() / 2)
        paint_dot(painter, middle, self._theme.color("live.fill"), self._pulse.opacity)
