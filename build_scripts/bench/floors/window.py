"""The floor of a start: a bare main window with a text browser and an editor, on the same PySide6.

With the word `painted` it ends then.
"""

import json
import sys
import time

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QPlainTextEdit, QSplitter, QTextBrowser


class Painted(QObject):
    """Reports the CPU seconds of the process when the window has been painted, its memory when it is idle."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._painted)
        return False

    def _painted(self) -> None:
        print(json.dumps({"painted": time.process_time()}), flush=True)
        if "painted" in sys.argv:
            QApplication.quit()
            return
        QTimer.singleShot(2000, self._idle)

    def _idle(self) -> None:
        import psutil  # only here: the floor of the start is a program without it

        print(json.dumps({"uss": psutil.Process().memory_full_info().uss}), flush=True)
        QApplication.quit()


application = QApplication(sys.argv)
window = QMainWindow()
splitter = QSplitter()
editor = QPlainTextEdit()
splitter.addWidget(QTextBrowser())
splitter.addWidget(editor)
window.setCentralWidget(splitter)
window.resize(1200, 800)
painted = Painted()
editor.viewport().installEventFilter(painted)
window.show()
sys.exit(application.exec())
