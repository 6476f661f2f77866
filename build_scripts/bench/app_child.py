"""The real app in a process of its own, reporting on itself in lines of JSON: `app_child SCENARIO [ARGS]`.

`painted`: CPU seconds until it is painted.
`start`: CPU seconds until it is painted and until its workers are ready, then the memory when idle.
`send N`: the moment of each of N presses of Enter, by the machine's monotonic clock.
`stream SECONDS`: CPU seconds of one whole answer, then of that many idle seconds after it.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from app.desktop.load_pyside import load_pyside

load_pyside()  # as a start of the app does before it imports the rest of itself

from PySide6.QtCore import QEvent, QObject, QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

import app.main  # noqa: E402
from app.__main__ import main  # noqa: E402

IDLE_AFTER = 2000  # ms after the workers are ready
BETWEEN_SENDS = 300  # ms
SETTLE = 1500  # ms after an answer before the next is asked for
REST = 12_000  # ms after the last one before the idle time is measured; the text cursor rests after ten

scenario, *arguments = sys.argv[1:]


def report(**values: Any) -> None:
    print(json.dumps(values), flush=True)


class Measured(app.main.Sirocco):
    """The app with an observer on it; nothing of the app is changed."""

    def start(self) -> None:
        super().start()
        # The last filter is asked first, so this timer stands before the one that starts the workers.
        self.painted = Painted(self.window.windowHandle(), self.on_painted)
        # The thread of the keyring has nothing to do, and nothing to say, before a key is asked for.
        self.waits_for = {"network", "disk"}
        self.network.ready.connect(lambda: self.on_ready("network"))
        self.disk.opened.connect(lambda: self.on_ready("disk"))

    def on_painted(self) -> None:
        if scenario in ("start", "painted"):
            report(painted=time.process_time())
        if scenario == "painted":
            QApplication.quit()

    def on_ready(self, worker: str) -> None:
        self.waits_for.discard(worker)
        if self.waits_for or hasattr(self, "is_ready"):
            return
        self.is_ready = True
        match scenario:
            case "start":
                report(ready=time.process_time())
                QTimer.singleShot(IDLE_AFTER, self.report_memory)
            case "send":
                self.left = int(arguments[0])
                QTimer.singleShot(BETWEEN_SENDS, self.send_next)
            case "stream":
                self.answers = 0
                QTimer.singleShot(BETWEEN_SENDS, self.send_stream)

    def report_memory(self) -> None:
        import psutil  # only here: the app itself does without

        report(uss=psutil.Process().memory_full_info().uss)
        QApplication.quit()

    # -- Enter to the wire --

    def send_next(self) -> None:
        session = self.library.session(self.library.current_id) if self.library.current_id else None
        if session is None or not session.is_busy:
            self.left -= 1
            if self.left < 0:
                QApplication.quit()
                return
            field = self.window.page.composer.field
            field.setPlainText("How far is it?")
            # A person's typing warms the connection; here it is warm from the answer before.
            QTimer.singleShot(50, lambda: self.press_enter(field))
        QTimer.singleShot(BETWEEN_SENDS, self.send_next)

    def press_enter(self, field: QObject) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtGui import QKeyEvent

        moment = time.monotonic()
        key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r")
        QApplication.sendEvent(field, key)
        report(pressed=moment)

    # -- one answer --

    def send_stream(self) -> None:
        """The first answer loads what every later one needs; the second is the one that is measured."""
        self.session = self.library.new_session()
        self.session.busy_changed.connect(self.on_busy_changed)
        self.session.send("Tell me a little.")

    def on_busy_changed(self, is_busy: bool) -> None:
        if is_busy:
            return
        self.answers += 1
        if self.answers == 1:
            QTimer.singleShot(SETTLE, self.send_measured)
        else:
            report(stream=time.process_time() - self.cpu)
            QTimer.singleShot(REST, self.begin_idle)

    def send_measured(self) -> None:
        self.cpu = time.process_time()
        self.session.send("Tell me everything.")

    def begin_idle(self) -> None:
        self.cpu = time.process_time()
        QTimer.singleShot(int(float(arguments[0]) * 1000), self.end_idle)

    def end_idle(self) -> None:
        report(idle=time.process_time() - self.cpu)
        QApplication.quit()


class Painted(QObject):
    """Calls back when the window has been shown and painted for the first time."""

    def __init__(self, watched: QObject, call: Any) -> None:
        super().__init__(watched)
        self.call = call
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Expose:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self.call)
        return False


app.main.Sirocco = Measured  # type: ignore[misc]
sys.exit(main([]))
