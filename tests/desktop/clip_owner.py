"""Another program that has copied a text: it owns the clipboard until somebody else does, and says so."""

import signal
import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication


def main() -> int:
    app = QGuiApplication(sys.argv)
    clipboard = app.clipboard()
    clipboard.setText(sys.argv[1])
    clipboard.dataChanged.connect(lambda: print(f"clipboard: {clipboard.text()}", flush=True))
    signal.signal(signal.SIGTERM, lambda _number, _frame: app.quit())
    # Python's signal handlers run between two lines of Python, so there must be some.
    beat = QTimer(interval=50)
    beat.timeout.connect(lambda: None)
    beat.start()
    print("copied", flush=True)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
