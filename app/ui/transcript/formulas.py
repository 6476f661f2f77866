"""The formulas that are set, and the one thread that sets them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum
from functools import partial
from threading import Event
from typing import TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.errors import ChatError
from app.markup.formula import lay_out
from app.ui.transcript.budget import Courtesy
from app.ui.transcript.ink import Ink, ink_of
from app.ui.transcript.side_thread import SideThread

FORMULAS = 2_000
WEIGHT = 400_000
"""Path elements that are kept, 24 bytes each; a long formula has 4,000."""
TOGETHER = 50  # ms in which formulas that are ready are shown together: each time something is laid out anew


class Unset(Enum):
    """A formula that there is nothing to paint of."""

    PENDING = "pending"
    FAILED = "failed"


State: TypeAlias = Ink | Unset


@dataclass(frozen=True, slots=True)
class _Key:
    tex: str
    display: bool


class Formulas(QObject):
    """Sets formulas in a thread of its own, which starts with the first one, and keeps those used last.

    Signals: `settled()`: some that were asked for are set by now, or are known not to be settable.

    A formula is set once for all sizes and colours: both are the painter's.
    """

    settled = Signal()

    def __init__(self, parent: QObject | None = None, courtesy: Courtesy | None = None) -> None:
        super().__init__(parent)
        self._courtesy = courtesy or Courtesy()
        self._known: OrderedDict[_Key, Ink | None] = OrderedDict()
        self._pending: set[_Key] = set()
        self._weight = 0
        self._thread = SideThread("formulas", self)
        self._together = QTimer(self)
        self._together.setSingleShot(True)
        self._together.setInterval(TOGETHER)
        self._together.timeout.connect(self.settled)

    def look_up(self, tex: str, *, display: bool) -> State:
        """The formula; PENDING until `settled` was emitted for it, for now it is being set."""
        key = _Key(tex, display)
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key] or Unset.FAILED
        ended = self._thread.ended
        if key not in self._pending and not ended.is_set():
            self._pending.add(key)
            job = partial(_set, tex, display, ended, self._courtesy)
            self._thread.put(job, partial(self._take, key), partial(self._on_failed, key))
        return Unset.PENDING

    def has_failed(self, tex: str, *, display: bool) -> bool:
        """Whether it is known that the formula can't be set. Doesn't ask for it."""
        key = _Key(tex, display)
        return key in self._known and self._known[key] is None

    @property
    def is_idle(self) -> bool:
        """Whether all that was asked for is known."""
        return not self._pending

    def shut_down(self, seconds: float) -> bool:
        """Set no more, and join the thread within `seconds`; False where it was left behind, alive."""
        return self._thread.shut_down(seconds)

    def _on_failed(self, key: _Key, _error: ChatError) -> None:
        self._take(key, None)

    def _take(self, key: _Key, ink: Ink | None) -> None:
        self._pending.discard(key)
        if self._thread.ended.is_set():
            return
        self._known[key] = ink
        self._weight += ink.weight if ink is not None else 0
        while len(self._known) > FORMULAS or (self._weight > WEIGHT and len(self._known) > 1):
            _, old = self._known.popitem(last=False)
            self._weight -= old.weight if old is not None else 0
        if not self._together.isActive():
            self._together.start()


def _set(tex: str, display: bool, ended: Event, courtesy: Courtesy) -> Ink | None:
    def is_unwanted() -> bool:
        courtesy.stand_back()
        return ended.is_set()

    formula = lay_out(tex, display=display, is_unwanted=is_unwanted)
    return ink_of(formula) if formula is not None else None
