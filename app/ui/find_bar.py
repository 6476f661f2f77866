"""The find bar: what to find, how many times it is there, and the way from hit to hit."""

from __future__ import annotations

from PySide6.QtCore import QLocale, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from app.ui.reading_column import outer_width
from app.ui.theme import Theme
from app.ui.transcript.find_pattern import Pattern
from app.ui.transcript.transcript_find import TranscriptFind
from app.ui.widgets.buttons import Button, IconButton, Kind, Size, native_text, paint_icon
from app.ui.widgets.panel import Surface
from app.ui.widgets.tooltip import set_tooltip

HEIGHT = 48
INSET, GLASS, GAP = 11, 16, 8  # px in the field: at its ends, of the glass, beside glass and count
MOST_CHARACTERS = 1_000  # that a person can look for
SAID_AFTER = 600  # ms without a change, so that typing isn't talked over


class FindField(QLineEdit):
    """Where it is typed, with a glass before it and the count behind it.

    Signals: `next_asked()` and `previous_asked()` by Enter and Shift+Enter; `close_asked()` by Esc.
    """

    next_asked = Signal()
    previous_asked = Signal()
    close_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.count = ""
        self._count_font = theme.font("label")
        self.setProperty("kind", "panel")
        self.setMaxLength(MOST_CHARACTERS)
        self.setAccessibleName(self.tr("Find in chat"))
        self.setPlaceholderText(self.tr("Find in chat"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._show_theme)
        self._show_theme()

    def show_count(self, words: str) -> None:
        """Say behind the text how many hits there are."""
        if words != self.count:
            self.count = words
            self.setAccessibleDescription(words)
            self._show_theme()

    def _count_width(self) -> int:
        return QFontMetrics(self._count_font).horizontalAdvance(self.count) if self.count else 0

    def _show_theme(self) -> None:
        self._count_font = QFont(self._theme.font("label"))
        self._count_font.setFeature(QFont.Tag("tnum"), 1)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        room = self._count_width() + GAP if self.count else 0
        left, right = (room, GLASS + GAP) if mirrored else (GLASS + GAP, room)
        self.setTextMargins(left, 0, right, 0)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                    self.previous_asked.emit()
                else:
                    self.next_asked.emit()
            case Qt.Key.Key_Escape:
                self.close_asked.emit()
            case _:
                super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        inner = self.rect().adjusted(INSET, 0, -INSET, 0)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        glass, count = QRect(inner), QRect(inner)
        glass.setWidth(GLASS)
        count.setLeft(inner.right() - self._count_width())
        if mirrored:
            glass.moveRight(inner.right())
            count.moveLeft(inner.left())
        painter = QPainter(self)
        paint_icon(painter, self._theme, "search", "text.secondary", GLASS, glass)
        painter.setFont(self._count_font)
        painter.setPen(self._theme.color("text.secondary"))
        painter.drawText(count, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, self.count)


class FindBar(Surface):
    """Stands between header and transcript while something is looked for.

    Signals: `close_asked()`; `announced(str)`: a screen reader was told this.
    """

    close_asked = Signal()
    announced = Signal(str)

    def __init__(self, theme: Theme, find: TranscriptFind, parent: QWidget | None = None) -> None:
        super().__init__(theme, "bg.canvas", edges=(Qt.Edge.BottomEdge,), parent=parent)
        self._find = find
        self._said = ""
        self.setAccessibleName(self.tr("Find in chat"))
        self.setMinimumHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.field = FindField(theme, self)
        self.match_case = self._toggle("Aa", self.tr("Match case"), "Alt+C")
        self.whole_word = self._toggle(self.tr("Word"), self.tr("Whole word"), "Alt+W")
        self.previous = IconButton(
            theme, "chevron-up", self.tr("Previous hit"), keys=QKeySequence("Shift+F3"), side=28
        )
        self.next = IconButton(theme, "chevron-down", self.tr("Next hit"), keys=QKeySequence("F3"), side=28)
        self.close_button = IconButton(
            theme, "close", self.tr("Close find bar"), keys=QKeySequence("Esc"), side=28
        )
        self._layout = QHBoxLayout(self)
        self._layout.setSpacing(2)
        self._layout.addWidget(self.field, 1)
        self._layout.addSpacing(4)
        for button in (self.match_case, self.whole_word, self.previous, self.next, self.close_button):
            self._layout.addWidget(button)
        self._speech = QTimer(self)
        self._speech.setSingleShot(True)
        self._speech.setInterval(SAID_AFTER)
        self._speech.timeout.connect(self._say)
        self.field.textEdited.connect(self._look)
        self.field.next_asked.connect(self.go_to_next)
        self.field.previous_asked.connect(self.go_to_previous)
        self.field.close_asked.connect(self.close_asked)
        self.match_case.toggled.connect(self._look)
        self.whole_word.toggled.connect(self._look)
        self.previous.clicked.connect(self.go_to_previous)
        self.next.clicked.connect(self.go_to_next)
        self.close_button.clicked.connect(self.close_asked)
        find.changed.connect(self._show_count)
        theme.changed.connect(self._place)
        self._place()
        self._show_count()
        self.hide()

    def open(self) -> None:
        """Be there, with what was looked for last."""
        self.show()

    def begin(self, words: str) -> None:
        """Let the person type; `words`, else what was typed last, are marked where the reader is."""
        if words:
            self.field.setText(words[:MOST_CHARACTERS])
        self._said = ""
        self._find.mark(self._pattern())
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def end(self) -> bool:
        """Look for nothing any more; whether a hit was left selected in the transcript."""
        self._speech.stop()
        return self._find.end()

    def go_to_next(self) -> None:
        """Take the reader to the next hit."""
        self._find.go_to_next()

    def go_to_previous(self) -> None:
        """Take the reader to the previous hit."""
        self._find.go_to_previous()

    def _toggle(self, label: str, name: str, keys: str) -> Button:
        button = Button(self._theme, label, kind=Kind.QUIET, size=Size.SMALL, parent=self)
        button.setCheckable(True)
        button.setAccessibleName(name)
        sequence = QKeySequence(keys)
        set_tooltip(button, name, native_text(sequence))
        shortcut = QShortcut(sequence, self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(button.toggle)
        return button

    def _pattern(self) -> Pattern:
        return Pattern(self.field.text(), self.match_case.isChecked(), self.whole_word.isChecked())

    def _look(self) -> None:
        self._find.look_for(self._pattern())

    def _show_count(self) -> None:
        words = self._count_words()
        self.field.show_count(words)
        can_go = self._find.count > 0
        self.previous.setEnabled(can_go)
        self.next.setEnabled(can_go)
        if words and words != self._said and self._find.is_complete:
            self._speech.start()

    def _count_words(self) -> str:
        find = self._find
        if find.pattern is None or not find.pattern.text:
            return ""
        if not find.count:
            return self.tr("Nothing found") if find.is_complete else self.tr("Looking…")
        words = self.tr("{number} of {count}").format(
            number=QLocale().toString(find.number), count=QLocale().toString(find.count)
        )
        return words if find.is_complete else f"{words}…"

    def _say(self) -> None:
        words = self.field.count
        if not words or words == self._said:
            return
        self._said = words
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.field, words))
        self.announced.emit(words)

    def _place(self) -> None:
        side = (self.width() - outer_width(self._theme, self.width())) // 2
        self._layout.setContentsMargins(side, 0, side, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
