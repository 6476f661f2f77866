"""Garbage collection on the GUI thread alone, between two events."""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QAbstractEventDispatcher, QObject

YOUNG = 2_000  # objects more than were let go, after which the newest are looked through
MIDDLE = 10  # such looks after which those that were left are looked through
OLD = 10  # and these after which all are
SHARE = 0.005  # of the time that looking through all objects may take


class Garbage(QObject):
    """Finds objects that hold each other and that nothing else holds, from now on.

    By itself Python does this in whichever thread happens to make an object, and what it finds is destroyed
    there and then: a widget, a document or a timer of Qt's beside the thread that it lives in, where Qt
    crashes of it or waits for ever; and at any moment, also while a window is painted. What there is already
    stays out of it, for that is the program: to look through it takes as long as a frame.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._not_before = 0.0
        gc.disable()
        gc.freeze()
        self._dispatcher = QAbstractEventDispatcher.instance()
        self._dispatcher.aboutToBlock.connect(self._look)

    def _look(self) -> None:
        young, middle, old = gc.get_count()
        if young < YOUNG:
            return
        begun = time.monotonic()
        if middle < MIDDLE:
            gc.collect(0)
        elif old < OLD or begun < self._not_before:
            gc.collect(1)
        else:
            gc.collect(2)
            ended = time.monotonic()
            self._not_before = ended + (ended - begun) / SHARE
