"""The field that records a chord as it is pressed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFocusEvent,
    QFontMetrics,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.core.chord import Chord, ChordFault
from app.ui.chord_keys import caps_of, chord_of, chord_text, held_modifiers, is_modifier, with_modifiers
from app.ui.theme import Theme
from app.ui.widgets.buttons import IconButton, PushButton
from app.ui.widgets.focus_ring import show_focus
from app.ui.widgets.key_cap import cap_size, paint_cap

HEIGHT, WIDTH = 32, 176  # px
CAP_GAP, EDGE = 4, 8
NO_MODIFIERS = Qt.KeyboardModifier.NoModifier


class ChordField(PushButton):
    """A button with the chord on it; pressed, it records another until one is complete or it is left.

    Escape leaves the chord as it is, Backspace takes it away. Accessible: the name is what the chord is for,
    the description the chord; what recording asks for, and what it comes to, is announced.

    Signals: `recorded(Chord)`; `cleared()`; `recording_changed(bool)`; `refused(ChordFault | None)`: what was
    pressed is no good, None where its key can't be in a chord.
    """

    recorded = Signal(object)
    cleared = Signal()
    recording_changed = Signal(bool)
    refused = Signal(object)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chord: Chord | None = None
        self._is_recording = False
        self._held = NO_MODIFIERS
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._clear = IconButton(theme, "close", self.tr("Remove shortcut"), side=26, parent=self)
        self._clear.clicked.connect(self._on_clear)
        self.clicked.connect(self._begin)
        self.set_chord(None)

    @property
    def is_recording(self) -> bool:
        """True while it waits for a chord."""
        return self._is_recording

    def set_chord(self, chord: Chord | None) -> None:
        """Show `chord`; None where there is none."""
        self._chord = chord
        self._clear.setVisible(chord is not None)
        self.setAccessibleDescription(self.tr("None") if chord is None else chord_text(chord))
        self.updateGeometry()
        self.update()

    def give_up(self) -> None:
        """Record no more; the chord stays as it is."""
        if self._is_recording:
            self._is_recording = False
            self._held = NO_MODIFIERS
            self.update()
            self.recording_changed.emit(False)

    def _begin(self) -> None:
        if not self._is_recording:
            self._is_recording = True
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.update()
            self.recording_changed.emit(True)
            self._announce(self.tr("Press the keys. Escape leaves it as it is, Backspace removes it."))

    def _on_clear(self) -> None:
        self.cleared.emit()
        self.give_up()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _announce(self, text: str) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def _take(self, event: QKeyEvent) -> None:
        """What a press while recording comes to."""
        self._held = held_modifiers(event)
        self.update()
        if event.isAutoRepeat() or is_modifier(event):
            return
        match Qt.Key(event.key()), event.modifiers():
            case Qt.Key.Key_Escape, held if held == NO_MODIFIERS:
                self.give_up()
                return
            case Qt.Key.Key_Backspace, held if held == NO_MODIFIERS:
                self.cleared.emit()
                self.give_up()
                return
        chord = chord_of(event)
        fault: ChordFault | None = None if chord is None else chord.fault
        if chord is None or fault is not None:
            self.refused.emit(fault)
            return
        self._announce(chord_text(chord))
        # First, so that what is left alone while recording isn't bound once more for a moment.
        self.recorded.emit(chord)
        self.give_up()

    # -- looks ------------------------------------------------------------------------------------------

    def _caps(self) -> tuple[str, ...]:
        if self._is_recording:
            # The key itself is still to come.
            return caps_of(with_modifiers("", self._held))[:-1]
        return () if self._chord is None else caps_of(self._chord)

    def _hint(self) -> str:
        return self.tr("Press the keys") if self._is_recording else self.tr("None")

    def sizeHint(self) -> QSize:
        caps = () if self._chord is None else caps_of(self._chord)
        width = sum(cap_size(self._theme, cap).width() + CAP_GAP for cap in caps) + EDGE + 30
        hint = QFontMetrics(self._theme.font("ui")).horizontalAdvance(self.tr("Press the keys")) + 3 * EDGE
        height = max(HEIGHT, QFontMetrics(self._theme.font("ui")).height() + 10)
        return QSize(max(WIDTH, width, hint), height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    # -- Qt ---------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if self._is_recording and isinstance(event, QKeyEvent):
            match event.type():
                case QEvent.Type.ShortcutOverride:
                    # No shortcut of the window is meant, nor a step to the next field by Tab.
                    event.accept()
                    return True
                case QEvent.Type.KeyPress:
                    self._take(event)
                    return True
                case QEvent.Type.KeyRelease:
                    self._held = held_modifiers(event)
                    self.update()
                    return True
                case _:
                    pass
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        show_focus(self, event, self._theme, 8)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.give_up()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.give_up()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = self._clear.width()
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        self._clear.move(EDGE // 2 if mirrored else self.width() - side - 4, (self.height() - side) // 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = 2 if self._is_recording else 1
        line = "line.focus" if self._is_recording else "line.field" if self.isEnabled() else "line.hair"
        painter.setPen(QPen(self._theme.color(line), width))
        painter.setBrush(self._theme.color("bg.surface"))
        edge = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(edge, edge, -edge, -edge), 8 - edge, 8 - edge)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        caps = self._caps()
        at = EDGE
        for cap in caps:
            wide = cap_size(self._theme, cap).width()
            left = self.width() - at - wide if mirrored else at
            paint_cap(painter, self._theme, cap, QRect(left, 0, wide, self.height()))
            at += wide + CAP_GAP
        if not caps:
            painter.setFont(self._theme.font("ui"))
            painter.setPen(self._theme.color("text.tertiary"))
            room = self.rect().adjusted(EDGE + 2, 0, -EDGE - 2, 0)
            side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(room, Qt.AlignmentFlag.AlignAbsolute | side | middle, self._hint())
