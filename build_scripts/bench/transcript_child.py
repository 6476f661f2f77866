"""The transcript in a process of its own, reporting on itself in lines of JSON.

Arguments: a scenario and what it takes. CPU is the GUI thread's, in seconds.
`open N`: CPU until a chat of N messages is painted.
`walk N`: memory when it is open and after paging through it; CPU of each page, jump and resize until all that
is seen is painted, and the most of it in one go (`page go` and the like).
`stream RATE FILE`: CPU of the process for a message that grows by these tokens; RATE 0 is flat out.
`corpus [SCALE]`: the longest turn and the memory that each hostile text costs.
`growing [SCALE [CHARACTERS]]`: the longest turn while so much of each of them arrives, and when it has ended.
All report `busy`, one line for each turn of the event loop: how long the thread worked in it.
"""

from __future__ import annotations

import gc
import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psutil
from PySide6.QtCore import QAbstractEventDispatcher, QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from app.core.completion import ReplyState
from app.core.settings import Settings
from app.desktop.garbage import Garbage
from app.ui.theme import Theme
from app.ui.transcript.pace import Pace
from app.ui.transcript.view import TranscriptView
from build_scripts.bench.long_chat import answered, turns
from tests.markup.corpus import cases

ROOT = Path(__file__).resolve().parents[2]
PAGES, JUMPS, RESIZES = 150, 100, 30
READING = 60  # ms between two steps of somebody who leafs through a chat
LEAFING = 3  # pages in one go on the way through all of them
PIECE, FRAME = 400, 20  # characters of a hostile text that arrive at a time, and ms from one to the next
TICK = 5  # ms between two looks at the clock while streaming
SCENARIO, *ARGUMENTS = sys.argv[1:]


def report(**values: Any) -> None:
    print(json.dumps(values), flush=True)


def uss() -> int:
    gc.collect()
    used: int = psutil.Process().memory_full_info().uss
    return used


class Turns(QObject):
    """How long the GUI thread works between two times that it has nothing to do."""

    def __init__(self) -> None:
        super().__init__()
        self.busy: list[float] = []
        self._begun = time.thread_time()
        QAbstractEventDispatcher.instance().aboutToBlock.connect(self._on_idle)

    def _on_idle(self) -> None:
        now = time.thread_time()
        self.busy.append(now - self._begun)
        self._begun = now

    def forget(self) -> None:
        """What was done so far isn't of interest."""
        self.busy.clear()
        self._begun = time.thread_time()


class Painted(QObject):
    """Counts how often a widget was painted."""

    def __init__(self, watched: QObject) -> None:
        super().__init__(watched)
        self.count = 0
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.count += 1
        return False


class Runner:
    """Runs a scenario written as a generator: each `yield` lets the event loop go on for so many ms."""

    def __init__(self, application: QApplication) -> None:
        self.application = application
        theme = Theme(application, ROOT / "resources")
        theme.follow(Settings(less_motion=True))
        self.view = TranscriptView(theme)
        self.canvas = self.view.canvas
        self.view.resize(1000, 800)
        self.view.show()
        self.painted = Painted(self.canvas.viewport())
        self.turns = Turns()
        self._steps = self._scenario()

    def start(self) -> None:
        QTimer.singleShot(500, self._go_on)

    def _go_on(self) -> None:
        try:
            wait = next(self._steps)
        except StopIteration:
            for seconds in self.turns.busy:
                report(busy=seconds)
            self.canvas.shut_down(2)
            self.application.quit()
            return
        QTimer.singleShot(wait, self._go_on)

    def _scenario(self) -> Iterator[int]:
        # What loads with the first text of each kind is loaded once in the life of a window.
        self.canvas.show_turns(turns(60, seed=99))
        yield 300
        yield from self._settled()
        self.canvas.verticalScrollBar().setValue(0)
        yield 300
        yield from self._settled()
        match SCENARIO:
            case "open":
                yield from self._open(int(ARGUMENTS[0]))
            case "walk":
                yield from self._walk(int(ARGUMENTS[0]))
            case "stream":
                yield from self._stream(float(ARGUMENTS[0]), Path(ARGUMENTS[1]))
            case "corpus":
                yield from self._corpus()
            case "growing":
                yield from self._growing()

    def _step(self, do: Callable[[], object], what: str) -> Iterator[int]:
        """Do it and report the CPU until all that is seen is painted, and the most of it in one go.

        What isn't seen, as the next page, is made ready later and not counted.
        """
        painted, begun, turns_before = self.painted.count, time.thread_time(), len(self.turns.busy)
        do()
        yield 0
        while not self.canvas.shows_all:
            yield 1
        yield 0
        took = time.thread_time() - begun
        if self.painted.count > painted:
            report(**{what: took})
        yield 0
        if self.painted.count > painted:
            report(**{f"{what} go": max(self.turns.busy[turns_before:], default=took)})

    def _settled(self) -> Iterator[int]:
        """Wait until all that is seen, and around it, is read and laid out, and has its colours."""
        yield 60
        while not self.canvas.is_settled:
            yield 20
        yield 60

    def _open(self, count: int) -> Iterator[int]:
        long_chat = turns(count)
        gc.collect()
        yield 100
        self.turns.forget()
        yield from self._step(lambda: self.canvas.show_turns(long_chat), "open")
        yield 500

    def _walk(self, count: int) -> Iterator[int]:
        long_chat = turns(count)
        yield 300
        before = uss()
        self.canvas.show_turns(long_chat)
        yield 500
        report(opened=uss() - before)
        bar, rng = self.canvas.verticalScrollBar(), random.Random(3)  # noqa: S311 - the same places each time
        self.turns.forget()
        for _ in range(JUMPS):
            yield from self._step(lambda: self.canvas.scrolling.show_row(rng.randrange(count)), "jump")
            yield READING
        for way in (-1, 1):
            for _ in range(PAGES):
                yield from self._step(partial(self._turn_pages, way), "page")
                yield READING
        for number in range(RESIZES):
            yield from self._step(partial(self.view.resize, 700 + number * 37 % 300, 800), "resize")
        busy = list(self.turns.busy)
        bar.setValue(0)
        while bar.value() < bar.maximum():
            self._turn_pages(LEAFING)
            yield 0
        yield 500
        report(paged=uss() - before)
        self.turns.busy[:] = busy

    def _turn_pages(self, count: int) -> None:
        bar = self.canvas.verticalScrollBar()
        bar.setValue(bar.value() + count * bar.pageStep())

    def _stream(self, rate: float, file: Path) -> Iterator[int]:
        tokens: list[str] = json.loads(file.read_text(encoding="utf-8"))
        chat = [*turns(20), answered(20, "", ReplyState.RUNNING)]
        self.canvas.show_turns(chat)
        pace = Pace(self.canvas.change_turn, self.view)
        yield 500
        self.turns.forget()
        begun, cpu, text, shown = time.monotonic(), time.process_time(), "", 0
        while shown < len(tokens):
            due = len(tokens) if not rate else min(len(tokens), int((time.monotonic() - begun) * rate))
            due = min(due, shown + 50)
            if due > shown:
                text += "".join(tokens[shown:due])
                shown = due
                pace.take(answered(20, text, ReplyState.RUNNING))
            yield TICK if rate else 1
        pace.end(answered(20, text))
        yield 0
        report(stream=time.process_time() - cpu, tokens=shown)
        yield 300
        yield from self._settled()

    def _corpus(self) -> Iterator[int]:
        every = list(cases(float(ARGUMENTS[0]) if ARGUMENTS else 1.0))
        for number, case in enumerate(every):
            before = uss()
            self.turns.forget()
            self.canvas.show_turns([answered(number, case.text)])
            yield from self._settled()
            self.canvas.verticalScrollBar().setValue(0)
            yield from self._settled()
            report(**{f"stall {case.name}": max(self.turns.busy), f"growth {case.name}": uss() - before})
        self.turns.forget()
        yield 0

    def _growing(self) -> Iterator[int]:
        scale, most = float(ARGUMENTS[0]) if ARGUMENTS else 1.0, int((ARGUMENTS[1:] or ["6000"])[0])
        pace = Pace(self.canvas.change_turn, self.view)
        for number, case in enumerate(cases(scale)):
            text = case.text[:most]
            self.canvas.show_turns([answered(number, "", ReplyState.RUNNING)])
            yield from self._settled()
            self.turns.forget()
            for end in range(PIECE, len(text) + PIECE, PIECE):
                pace.take(answered(number, text[:end], ReplyState.RUNNING))
                yield FRAME
            grown = max(self.turns.busy, default=0.0)
            self.turns.forget()
            pace.end(answered(number, text))
            yield from self._settled()
            report(**{f"growing {case.name}": grown, f"ended {case.name}": max(self.turns.busy)})
        self.turns.forget()
        yield 0


application = QApplication(sys.argv)
Garbage(application)
runner = Runner(application)
runner.start()
sys.exit(application.exec())
