"""The real app without its window, in a tray, reporting what it costs while nobody wants anything of it.

`hidden_child SECONDS`: after all that a start still does, over that many seconds: CPU seconds, and how often
its threads were woken; then its own timers, with the shortest time between two rings in ms, and its memory.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from app.desktop.load_pyside import load_pyside

load_pyside()  # as a start of the app does before it imports the rest of itself

from PySide6.QtCore import QObject, QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

import app.main  # noqa: E402
from app.__main__ import main  # noqa: E402

SETTLE = 20_000  # ms; Quick Ask is made, the hotkey bound, the tray found, and the last of it forgotten

seconds = float(sys.argv[1])


def report(**values: Any) -> None:
    print(json.dumps(values), flush=True)


def times_woken() -> int:
    """How often all threads of this process have gone to sleep of their own accord so far."""
    woken = 0
    for status in Path("/proc/self/task").glob("*/status"):
        lines = status.read_text(encoding="ascii", errors="replace").splitlines()
        woken += next(int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt_switches"))
    return woken


class Measured(app.main.Sirocco):
    """The app with an observer on it; nothing of the app is changed."""

    def start(self) -> None:
        super().start()
        QTimer.singleShot(SETTLE, self.begin)

    def begin(self) -> None:
        if self.window.isVisible():
            sys.exit("it found no tray, and shows its window")
        self.cpu, self.woken = time.process_time(), times_woken()
        QTimer.singleShot(int(seconds * 1000), self.end)

    def end(self) -> None:
        report(cpu=time.process_time() - self.cpu, woken=times_woken() - self.woken)
        roots: list[QObject] = [self, *QApplication.topLevelWidgets()]
        timers = {one for root in roots for one in root.findChildren(QTimer) if one.isActive()}
        rings = [one.interval() for one in timers if not one.isSingleShot()]
        report(timers=len(timers), ring=min(rings, default=0))
        import psutil  # only here: the app itself does without

        report(uss=psutil.Process().memory_full_info().uss)
        QApplication.quit()


app.main.Sirocco = Measured  # type: ignore[misc]
sys.exit(main(["--hidden"]))
