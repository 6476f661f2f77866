"""What no test can do to a desktop, said to the app in the words that Qt has for it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.chat.house import House, text_of
from tests.chat.loopback import Call, LoopbackServer
from tests.test_main import WATCHDOG, Profile, make_house, profile, server

__all__ = ["make_house", "profile", "server"]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the name of a signal within Qt's library")

# The real app; in mid-answer, with a draft in its composer, Qt is made to say what it says when a session
# ends, and what is handed to the disk then is all that is kept.
ENDING = """
import ctypes, os, sys
from pathlib import Path
import PySide6, shiboken6
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
import app.main
from app.__main__ import main

gui = ctypes.CDLL(str(Path(PySide6.__file__).parent / "Qt/lib/libQt6Gui.so.6"))
# Only Qt makes a session manager, and the binding can't send one.
make = gui._ZN15QSessionManagerC1EP15QGuiApplicationR7QStringS3_
make.argtypes, make.restype = (ctypes.c_void_p,) * 4, None
say = gui._ZN15QGuiApplication17commitDataRequestER15QSessionManager
say.argtypes, say.restype = (ctypes.c_void_p,) * 2, None

class Ending(app.main.Sirocco):
    def start(self):
        super().start()
        self.looks = QTimer(self, interval=20)
        self.looks.timeout.connect(self.look)
        self.looks.start()

    def look(self):
        session = self.window.page.session
        if session is None or not session.path or "Half" not in session.path[-1].text:
            return
        self.looks.stop()
        self.window.page.composer.fill("A draft", "")
        manager, names = ctypes.create_string_buffer(64), [ctypes.create_string_buffer(24) for _ in "12"]
        application, = shiboken6.getCppPointer(QApplication.instance())
        make(ctypes.addressof(manager), application, *map(ctypes.addressof, names))
        say(application, ctypes.addressof(manager))
        self.disk.submit(lambda store: None, lambda _: os._exit(9))

app.main.Sirocco = Ending
sys.exit(main(["--first-question", "Whole question"]))
"""


def test_what_is_written_and_answered_is_kept_when_the_session_ends(
    qtbot: QtBot, profile: Profile, server: LoopbackServer, make_house: Callable[[Path], House]
) -> None:
    def answer(call: Call) -> None:
        call.begin_stream()
        call.text("Half an answer")
        call.wait_for_hang_up()

    server.script = answer
    profile.use(server.url)
    process = profile.start_python(ENDING)
    assert process.wait(WATCHDOG) == 9, process.communicate()

    house = make_house(profile.data)
    qtbot.waitUntil(lambda: bool(house.library.summaries), timeout=int(WATCHDOG * 1000))
    session = house.library.session(house.library.summaries[0].conversation_id)
    qtbot.waitUntil(lambda: session.is_loaded, timeout=int(WATCHDOG * 1000))
    assert text_of(session) == ["Whole question", "Half an answer"]
    assert session.draft == "A draft"
    assert house.preferences.current.geometry


# The window is closed, and the app becomes active: by the Dock where it is told so a second time.
DOCK = """
import sys
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
import app.main
from app.__main__ import main

def say(kind):
    QCoreApplication.sendEvent(QApplication.instance(), QEvent(kind))

class Docked(app.main.Sirocco):
    def _be_present(self):
        super()._be_present()
        self.window.hide()
        say(QEvent.Type.ApplicationDeactivate)
        for _ in range(2):
            say(QEvent.Type.ApplicationActivate)
            print(self.window.isVisible())
        QApplication.quit()

app.main.Sirocco = Docked
sys.exit(main(["--demo"]))
"""


def test_a_click_in_the_dock_shows_the_closed_window(profile: Profile) -> None:
    process = profile.start_python(DOCK)
    out, err = process.communicate(timeout=WATCHDOG)
    assert (process.returncode, out.split(), err) == (0, [b"False", b"True"], b"")
