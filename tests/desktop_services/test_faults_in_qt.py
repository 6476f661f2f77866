"""REL-17: what fails in an override of Qt's, or in a slot, is logged, and the app goes on."""

import subprocess
import sys
from pathlib import Path

from app.desktop.logs import LOG_NAME

ROOT = Path(__file__).parents[2]
FAULTY = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QWidget
from app.desktop.logs import log_qt_messages, start_logging
from app.desktop.redaction import Redactor
from app.ui.theme import Theme
from app.ui.widgets.switch import Switch

start_logging(Path(sys.argv[1]), Redactor())
log_qt_messages()
application = QApplication([])
theme = Theme(application, Path("resources"))


class Faulty(Switch):
    painted = 0

    def paintEvent(self, event):
        Faulty.painted += 1
        painter = QPainter(self)
        painter.save()
        raise RuntimeError("fault while painting")


def fail():
    raise RuntimeError("fault in a slot")


top = QWidget()
switches = [Faulty(theme, "One", top), Faulty(theme, "Two", top)]
top.resize(100, 100)
top.show()
ticks = 0


def tick():
    global ticks
    ticks += 1
    top.update()
    if ticks == 10:
        switches.pop().deleteLater()
    if ticks == 20:
        application.quit()
    if ticks == 5:
        fail()


timer = QTimer()
timer.timeout.connect(tick)
timer.start(0)
application.exec()
top.deleteLater()
QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
assert Faulty.painted
print("went on", ticks)
"""


def test_REL_17_what_fails_in_a_paint_event_or_a_slot_is_logged_and_the_app_goes_on(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", FAULTY, str(tmp_path)],
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert (run.returncode, run.stdout) == (0, "went on 20\n"), run.stderr
    log = (tmp_path / LOG_NAME).read_text()
    assert "RuntimeError: fault while painting" in log
    assert log.count("RuntimeError: fault in a slot") == 1
    # A painter that is still open when its widget is shown or goes is what Qt crashes of.
    assert "active painter" not in log
    assert "being painted" not in log


OVERRIDES = """
import sys
from pathlib import Path
import shiboken6
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
from app.desktop.logs import start_logging
from app.desktop.redaction import Redactor
from app.desktop.whole_errors import with_whole_errors

start_logging(Path(sys.argv[1]), Redactor())
gone = None


def fail():
    raise RuntimeError("by ourselves")


class Faulty(QWidget):
    def __init__(self, fault):
        super().__init__()
        self.fault = fault

    def resizeEvent(self, event):
        self.fault(self)


FAULTS = [
    lambda widget: "1" + 1,
    lambda widget: [][1],
    lambda widget: next(iter(())),
    lambda widget: gone.show(),
    lambda widget: widget.setMinimumWidth(2**40),
    lambda widget: widget.fault(widget),
    lambda widget: fail(),
]


def run():
    global gone
    application = QApplication([])
    widgets = [Faulty(fault) for fault in FAULTS]
    gone = QWidget()
    shiboken6.delete(gone)
    for widget in widgets:
        # From Python into Qt, and from there into the override.
        QTimer.singleShot(0, lambda widget=widget: widget.show())
    QTimer.singleShot(50, application.quit)
    application.exec()
    print("went on")


with_whole_errors(run)
"""


def test_REL_17_what_fails_in_an_override_that_python_led_to_is_logged_and_the_app_goes_on(
    tmp_path: Path,
) -> None:
    run = subprocess.run(
        [sys.executable, "-c", OVERRIDES, str(tmp_path)],
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert (run.returncode, run.stdout) == (0, "went on\n"), run.stderr
    log = (tmp_path / LOG_NAME).read_text()
    kinds = ("TypeError", "IndexError", "StopIteration", "OverflowError", "RecursionError")
    assert {kind: log.count(f"    {kind}") for kind in kinds} == dict.fromkeys(kinds, 1)
    assert log.count("    RuntimeError: ") == 2
    assert log.count("in resizeEvent") == 7
    # What makes an error whole isn't part of what went wrong.
    assert "During handling" not in log
