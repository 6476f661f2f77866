"""REL-17: what fails while a widget is painted, or in a slot, is logged, and the app goes on."""

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
