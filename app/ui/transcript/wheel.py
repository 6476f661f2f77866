"""Turns of a wheel and strokes on a touchpad, as the px that a page moves by."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.theme import Theme

NOTCH = 120  # what Qt says of one notch, in eighths of a degree
MILLISECONDS = 120  # that one notch takes
USUAL_RATE = 60.0  # Hz, where the screen doesn't say


class Glide(QObject):
    """Moves something by `move(px)`, quick at first and then slower, a step for each frame of the screen."""

    def __init__(self, theme: Theme, move: Callable[[int], None], widget: QWidget) -> None:
        super().__init__(widget)
        self._theme = theme
        self._move = move
        self._widget = widget
        self._distance = 0
        self._moved = 0
        self._begun = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._step)

    @property
    def is_moving(self) -> bool:
        """Whether there is a way to go."""
        return self._timer.isActive()

    def push(self, distance: int) -> None:
        """Go so many px further. Against the way it goes, what was left of that way is forgotten."""
        left = self._distance - self._moved if self.is_moving else 0
        if left * distance < 0:
            left = 0
        if self._theme.duration(MILLISECONDS) == 0:
            self._move(distance)
            return
        self._distance, self._moved = left + distance, 0
        frame = 1 / max(1.0, self._widget.screen().refreshRate() or USUAL_RATE)
        # The first step is made at once: nothing feels slower than a page that waits for its first frame.
        self._begun = time.perf_counter() - frame
        self._timer.start(max(1, round(frame * 1000)))
        self._step()

    def stop(self) -> None:
        """Stay here."""
        self._timer.stop()

    def _step(self) -> None:
        passed = (time.perf_counter() - self._begun) * 1000 / MILLISECONDS
        if passed >= 1:
            self._timer.stop()
        goal = round(self._distance * (1 - (1 - min(1.0, passed)) ** 3))
        step, self._moved = goal - self._moved, goal
        if step:
            self._move(step)


class Wheel:
    """Says how a page moves: `move(px)`, down is positive; `zoom(steps)` with Ctrl held, larger is positive.

    A notch of a wheel glides. A touchpad moves the page as far as the finger goes, at once; the momentum
    behind it is the system's own.
    """

    def __init__(
        self,
        theme: Theme,
        widget: QWidget,
        line: int,
        move: Callable[[int], None],
        zoom: Callable[[int], None],
    ) -> None:
        """`line` is the px of a line, of which a notch moves as many as the system says."""
        self.glide = Glide(theme, move, widget)
        self._line = line
        self._move = move
        self._zoom = zoom
        self._rest = 0.0  # px
        self._turned = 0  # eighths of a degree with Ctrl held

    def take(self, event: QWheelEvent) -> None:
        """Do what the wheel says; an event that says nothing about up and down is ignored."""
        turn, pixels = event.angleDelta().y(), self._pixels(event)
        if not turn and not pixels:
            event.ignore()
            return
        event.accept()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._turned = turn if self._turned * turn < 0 else self._turned + turn
            steps = int(self._turned / NOTCH)
            if steps:
                self._turned -= steps * NOTCH
                self._zoom(steps)
            return
        self._turned = 0
        if pixels:
            self._move_at_once(-pixels)
        elif turn % NOTCH == 0 and event.phase() is Qt.ScrollPhase.NoScrollPhase:
            self._rest = 0.0
            self.glide.push(-turn // NOTCH * self._notch())
        else:
            self._move_at_once(-turn / NOTCH * self._notch())

    def _notch(self) -> int:
        return self._line * max(1, QApplication.wheelScrollLines())

    @staticmethod
    def _pixels(event: QWheelEvent) -> int:
        # On X11 what a driver says in px isn't to be relied on, Qt's manual says.
        return 0 if QGuiApplication.platformName() == "xcb" else event.pixelDelta().y()

    def _move_at_once(self, distance: float) -> None:
        self.glide.stop()
        self._rest = distance if self._rest * distance < 0 else self._rest + distance
        whole = int(self._rest)
        if whole:
            self._rest -= whole
            self._move(whole)
