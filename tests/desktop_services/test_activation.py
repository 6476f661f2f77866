"""The desktop's permission to come to the front."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.desktop.activation import X11_PATIENCE, bring_to_front
from app.desktop.hand_over import TOKEN_VARIABLES
from tests.desktop.home import Home, python
from tests.desktop.processes import Processes, until
from tests.desktop.session import start_display

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def on_x11(test: Callable[..., None]) -> Callable[..., None]:
    """A test that starts programs on an X server of its own."""
    return pytest.mark.desktop(pytest.mark.skipif(sys.platform != "linux", reason="X11")(test))


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


REFUSED = """
    import sys
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QWidget
    from app.desktop.activation import Arrival, bring_to_front
    class Refused(QWidget):
        def activateWindow(self):
            "What Qt asks for is not done."
    app = QApplication([])
    window = Refused()
    bring_to_front(window, sys.argv[1])
    print(int(window.winId()), flush=True)
    (arrival,) = window.findChildren(Arrival)
    arrival.destroyed.connect(lambda: print("over", flush=True))
    app.exec()
"""


class Screen:
    """An X server without a window manager, and what a window's program tells the one that isn't there."""

    def __init__(self, home: Home, processes: Processes) -> None:
        from Xlib import X, display

        self._home = home
        self._processes = processes
        self.name = start_display(home, processes)
        self.server = display.Display(self.name)
        self.root = self.server.screen().root
        self.root.change_attributes(event_mask=X.SubstructureNotifyMask | X.PropertyChangeMask)
        self.server.sync()
        self._messages: list[Any] = []

    def start(self, script: str, *arguments: str) -> None:
        """Start a program that says its window's number first."""
        env = {**self._home.env, "DISPLAY": self.name, "QT_QPA_PLATFORM": "xcb"}
        self.app = self._processes.start([python(), "-c", textwrap.dedent(script), *arguments], env)
        self.number = int(until(lambda: self.output[:1], "the window")[0])

    @property
    def output(self) -> list[str]:
        return self._processes.output_of(self.app).split()

    def said(self, form: int) -> list[Any]:
        """The messages of this form about the window so far."""
        from Xlib import X

        while self.server.pending_events():
            event = self.server.next_event()
            if event.type == X.ClientMessage and event.window.id == self.number:
                self._messages.append(event)
        return [one for one in self._messages if one.data[0] == form]

    def insisted(self) -> int:
        """How often it was said that the person asks for the window."""
        return [list(one.data[1])[:1] for one in self.said(32)].count([2])

    def other(self) -> int:
        """The window of another program."""
        other = self.root.create_window(0, 0, 10, 10, 0, 24)
        other.map()
        self.server.sync()
        return int(other.id)


@pytest.fixture
def screen(private_home: Home, processes: Processes) -> Iterator[Screen]:
    screen = Screen(private_home, processes)
    yield screen
    screen.server.close()


@on_x11
def test_x11_is_told_that_the_start_is_over(screen: Screen) -> None:
    screen.start(REFUSED, 'launcher/"x"-1_TIME12345')

    def text() -> bytes:
        return b"".join(bytes(one.data[1]) for one in screen.said(8))

    until(lambda: b"\0" in text(), "the end of the start")
    assert text().rstrip(b"\0") == b'remove: ID="launcher/\\"x\\"-1_TIME12345"'
    kinds = [screen.server.get_atom_name(one.client_type) for one in screen.said(8)]
    assert kinds == ["_NET_STARTUP_INFO_BEGIN", *["_NET_STARTUP_INFO"] * (len(kinds) - 1)]


@on_x11
def test_x11_is_told_a_few_times_that_the_person_asked(screen: Screen) -> None:
    screen.start(REFUSED, "")
    until(lambda: "over" in screen.output, "the end of it")
    assert screen.insisted() == len(X11_PATIENCE)


FOCUSED = """
    import sys
    from PySide6.QtWidgets import QApplication, QWidget
    from Xlib import X, display
    from app.desktop.activation import Arrival, bring_to_front
    app = QApplication([])
    window = QWidget()
    server = display.Display()
    def focus(number):
        server.create_resource_object("window", number).set_input_focus(X.RevertToNone, X.CurrentTime)
        server.sync()
    def begin():
        arrival = Arrival(window, "")
        arrival.destroyed.connect(lambda: print("over", flush=True))
    def heard():
        if window.isActiveWindow():
            app.focusWindowChanged.disconnect(heard)
            if sys.argv[1] == "has it":
                begin()
            else:
                # It had it, lost it, comes, has it and loses it again.
                app.focusWindowChanged.connect(lost)
                focus(int(sys.argv[2]))
    def lost():
        app.focusWindowChanged.disconnect(lost)
        begin()
        focus(int(window.winId()))
        focus(int(sys.argv[2]))
    app.focusWindowChanged.connect(heard)
    window.show()
    window.activateWindow()
    print(int(window.winId()), flush=True)
    app.exec()
"""


@on_x11
@pytest.mark.parametrize(("what", "most"), [("has it", 0), ("had it", 1)])
def test_x11_is_told_nothing_more_when_the_window_has_or_had_the_keyboard(
    screen: Screen, what: str, most: int
) -> None:
    screen.start(FOCUSED, what, str(screen.other()))
    until(lambda: "over" in screen.output, "the end of it")
    # What had it only for a moment may not have heard of that when it first looks.
    assert screen.insisted() <= most


TOLD = """
    import sys
    from PySide6.QtWidgets import QApplication, QWidget
    from Xlib import X, display
    from app.desktop.activation import bring_to_front, has_keyboard
    app = QApplication([])
    window = QWidget()
    bring_to_front(window)
    print(int(window.winId()), flush=True)
    def look():
        if window.isActiveWindow():
            print(has_keyboard(window), flush=True)
            server = display.Display()
            server.create_resource_object("window", int(sys.argv[1])).set_input_focus(X.RevertToNone, 0)
            server.sync()
            # Nothing comes between these: Qt has no chance to hear of it.
            print(window.isActiveWindow(), has_keyboard(window), flush=True)
    app.focusWindowChanged.connect(look)
    app.exec()
"""


@on_x11
def test_on_x11_the_server_is_believed_and_not_qt_alone(screen: Screen) -> None:
    screen.start(TOLD, str(screen.other()))
    until(lambda: len(screen.output) == 4, "both")
    assert screen.output[1:] == ["True", "True", "False"]
