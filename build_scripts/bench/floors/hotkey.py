"""The floor of Quick Ask's way up: an empty window with a line of text behind a hotkey, both made before."""

import sys

from app.desktop.load_pyside import load_pyside

load_pyside()

from PySide6.QtCore import Qt, QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget  # noqa: E402

from app.core.chord import parse_chord  # noqa: E402
from app.desktop.hotkey.x11 import X11Hotkey  # noqa: E402
from build_scripts.bench.seen import QUIET_AFTER, Watch, report  # noqa: E402

application = QApplication([*sys.argv[:1], "-style", "Fusion"])
application.setQuitOnLastWindowClosed(False)
other = QWidget()
other.resize(1200, 800)
other.show()
window = QWidget()
window.setWindowFlags(Qt.WindowType.Tool)
window.resize(640, 100)
line = QLineEdit()
QVBoxLayout(window).addWidget(line)
watch = Watch(line, window)


def come_up() -> None:
    watch.begin()
    window.show()
    window.raise_()
    window.activateWindow()


def go_away() -> None:
    window.hide()
    QTimer.singleShot(QUIET_AFTER, lambda: report(hidden=True))


watch.seen.connect(lambda: QTimer.singleShot(QUIET_AFTER, go_away))
hotkey = X11Hotkey(sys.argv[1])
hotkey.pressed.connect(come_up)
chord = parse_chord(sys.argv[2])
if chord is not None:
    hotkey.bind(chord)
QTimer.singleShot(QUIET_AFTER, lambda: report(ready=True))
sys.exit(application.exec())
