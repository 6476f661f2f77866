"""The floor of streaming: a plain editor that appends the same text at the same pace, 60 times a second."""

import json
import sys
import time
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication, QPlainTextEdit

tokens: list[str] = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
rate = float(sys.argv[2])

application = QApplication(sys.argv)
editor = QPlainTextEdit()
editor.resize(940, 700)
editor.show()
state = {"shown": 0, "started": 0.0, "cpu": 0.0}
timer = QTimer()
timer.setTimerType(Qt.TimerType.PreciseTimer)


def append() -> None:
    due = min(len(tokens), int((time.monotonic() - state["started"]) * rate))
    shown = int(state["shown"])
    if due > shown:
        cursor = QTextCursor(editor.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText("".join(tokens[shown:due]))
        editor.verticalScrollBar().setValue(editor.verticalScrollBar().maximum())
        state["shown"] = due
    if due == len(tokens):
        timer.stop()
        print(json.dumps({"cpu": time.process_time() - state["cpu"], "tokens": due}), flush=True)
        application.quit()


def start() -> None:
    state["started"] = time.monotonic()
    state["cpu"] = time.process_time()
    timer.timeout.connect(append)
    timer.start(16)


QTimer.singleShot(1000, start)
sys.exit(application.exec())
