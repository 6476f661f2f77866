"""The desktop's permission to come to the front."""

from __future__ import annotations

import os
import sys
import textwrap
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.desktop.activation import bring_to_front
from app.desktop.hand_over import TOKEN_VARIABLES
from tests.desktop.home import Home, python
from tests.desktop.processes import Processes, until
from tests.desktop.session import start_display

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


class Watching(QWidget):
    """A window that notes what stands in the environment when it asks to be activated."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[list[str | None]] = []

    def activateWindow(self) -> None:
        self.seen.append([os.environ.get(name) for name in TOKEN_VARIABLES])


def test_it_is_there_for_one_activation_and_never_again(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESKTOP_STARTUP_ID", "old")
    window = Watching()
    qtbot.addWidget(window)
    bring_to_front(window, "token_TIME1")
    bring_to_front(window)
    assert window.seen == [["token_TIME1", "token_TIME1"], [None, None]]
    assert not set(TOKEN_VARIABLES) & os.environ.keys()
    assert window.isVisible()


WINDOW = """
    import sys
    from PySide6.QtWidgets import QApplication, QWidget
    from app.desktop.activation import bring_to_front
    class Refused(QWidget):
        def activateWindow(self):
            "What Qt asks for is not done."
    app = QApplication([])
    window = Refused()
    bring_to_front(window, sys.argv[1])
    print(int(window.winId()), flush=True)
    app.exec()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="X11")
@pytest.mark.desktop
def test_x11_is_told_that_the_person_asked_and_that_the_start_is_over(
    private_home: Home, processes: Processes
) -> None:
    from Xlib import X, display

    name = start_display(private_home, processes)
    screen = display.Display(name)
    root = screen.screen().root
    root.change_attributes(event_mask=X.SubstructureNotifyMask | X.PropertyChangeMask)
    screen.sync()
    env = {**private_home.env, "DISPLAY": name, "QT_QPA_PLATFORM": "xcb"}
    token = 'launcher/"x"-1_TIME12345'
    app = processes.start([python(), "-c", textwrap.dedent(WINDOW), token], env)
    number = int(until(lambda: processes.output_of(app).strip(), "the window"))
    messages: list[Any] = []

    def all_said() -> bool:
        while screen.pending_events():
            event = screen.next_event()
            if event.type == X.ClientMessage and event.window.id == number:
                messages.append(event)
        return bool(said()) and b"\0" in said()

    def said() -> bytes:
        return b"".join(bytes(one.data[1]) for one in messages if one.data[0] == 8)

    until(all_said, "the end of the start")
    assert said().rstrip(b"\0") == b'remove: ID="launcher/\\"x\\"-1_TIME12345"'
    kinds = [screen.get_atom_name(one.client_type) for one in messages if one.data[0] == 8]
    assert kinds == ["_NET_STARTUP_INFO_BEGIN", *["_NET_STARTUP_INFO"] * (len(kinds) - 1)]
    asked = [list(one.data[1])[:1] for one in messages if one.data[0] == 32]
    assert [2] in asked
    screen.close()
