"""The tray by real clicks on X11, and by a panel's calls on D-Bus; closing, and what keeps running."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from Xlib import X, display

from tests.desktop.processes import until
from tests.desktop.session import AppProcess, Desktop, Keyring
from tests.desktop.status_notifier import Panel
from tests.end_to_end.answers import PATIENCE

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.skipif(sys.platform != "linux", reason="the private desktop is made of Linux's parts"),
]

TRAYER = ("trayer", "--edge", "bottom", "--align", "right", "--widthtype", "request", "--height", "24")


@pytest.fixture
def desktop(make_desktop: Callable[[Keyring], Desktop]) -> Desktop:
    return make_desktop(Keyring.ABSENT)


def xdotool(desktop: Desktop, *words: str) -> str:
    return subprocess.run(
        ["xdotool", *words], env=desktop.env, capture_output=True, text=True, check=False
    ).stdout


def place_of_the_icon(desktop: Desktop, app: AppProcess) -> tuple[int, int] | None:
    """The middle of what the panel holds, once that is the icon of the app, ready for clicks."""
    found = xdotool(desktop, "search", "--onlyvisible", "--class", "trayer").split()
    for window in found:
        words = xdotool(desktop, "getwindowgeometry", "--shell", window)
        values = dict(line.split("=") for line in words.split())
        width, height = int(values["WIDTH"]), int(values["HEIGHT"])
        if width >= 16 and height >= 16:
            place = int(values["X"]) + width // 2, int(values["Y"]) + height // 2
            return place if owner_of_what_is_at(desktop, place) == app.pid else None
    return None


def owner_of_what_is_at(desktop: Desktop, place: tuple[int, int]) -> int:
    """The id of the process whose window is below this place of the screen; 0 where it says none."""
    server = display.Display(desktop.env["DISPLAY"])
    try:
        root = window = server.screen().root
        while child := window.translate_coords(root, *place).child:
            window = child
        number = window.get_full_property(server.intern_atom("_NET_WM_PID"), X.AnyPropertyType)
        return int(number.value[0]) if number is not None else 0
    finally:
        server.close()


def press(desktop: Desktop, at: tuple[int, int], button: int) -> None:
    xdotool(desktop, "mousemove", str(at[0]), str(at[1]), "click", str(button))


def open_menu(desktop: Desktop, app: AppProcess, at: tuple[int, int]) -> None:
    """Press the other button and wait for the menu, one window more, which all keys go to."""
    before = len(xdotool(desktop, "search", "--onlyvisible", "--pid", str(app.pid)).split())
    press(desktop, at, 3)
    until(
        lambda: len(xdotool(desktop, "search", "--onlyvisible", "--pid", str(app.pid)).split()) > before,
        "the menu",
    )
    until(lambda: has_keyboard_for_itself(desktop), "the keyboard to be the menu's")


def has_keyboard_for_itself(desktop: Desktop) -> bool:
    """Whether somebody has: nobody else gets it then."""
    server = display.Display(desktop.env["DISPLAY"])
    try:
        # In one go for all others: who asks for it meanwhile gets it.
        server.grab_server()
        answer = server.screen().root.grab_keyboard(False, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
        server.ungrab_keyboard(X.CurrentTime)
        server.ungrab_server()
        server.sync()
        return bool(answer == X.AlreadyGrabbed)
    finally:
        server.close()


def start_trayer(desktop: Desktop, app: AppProcess) -> tuple[AppProcess, tuple[int, int]]:
    trayer = desktop.start(*TRAYER)
    return trayer, until(lambda: place_of_the_icon(desktop, app), "the icon in the tray")


def windows(desktop: Desktop) -> list[str]:
    return desktop.windows("Sirocco$")


def test_an_x11_tray_that_comes_late_and_comes_again_is_worked_by_clicks(desktop: Desktop) -> None:
    app = desktop.start_app("--demo", "--hidden")
    until((desktop.home.data / "sirocco.db").exists, "the app")
    assert windows(desktop) == []
    trayer, at = start_trayer(desktop, app)
    press(desktop, at, 2)
    until(lambda: windows(desktop), "the window")
    trayer.kill()

    trayer, at = start_trayer(desktop, app)
    press(desktop, at, 1)
    until(lambda: desktop.windows("^Quick Ask$"), "the small window")
    open_menu(desktop, app, at)
    desktop.key("Up", "Up", "Return")
    app.screen.find("Settings", role="dialog")
    open_menu(desktop, app, at)
    desktop.key("Up", "Return")
    assert app.wait(PATIENCE) == 0
    assert app.output == ""


def test_closing_keeps_it_running_in_the_tray_and_says_so_once(desktop: Desktop) -> None:
    app = desktop.start_app("--demo")
    app.screen.find("Message")
    _, at = start_trayer(desktop, app)
    until(lambda: windows(desktop), "the window")
    desktop.close_window("^Sirocco$")
    app.screen.press("Keep running")
    until(lambda: not desktop.windows("keeps running"), "the end of the note")
    assert windows(desktop) == []

    press(desktop, at, 2)
    until(lambda: windows(desktop), "the window")
    desktop.close_window("^Sirocco$")
    until(lambda: not windows(desktop), "the end of the window")
    # A second start brings it back; there was no second note before.
    assert desktop.start_app("--demo").wait(PATIENCE) == 0
    until(lambda: windows(desktop), "the window")
    assert desktop.windows("keeps running") == []
    assert app.process.poll() is None
    assert app.terminate() == 0


@pytest.fixture
def panel(desktop: Desktop) -> Iterator[Panel]:
    panel = Panel(desktop.env["DBUS_SESSION_BUS_ADDRESS"])
    yield panel
    panel.close()


def test_a_panel_on_the_message_bus_works_the_tray(desktop: Desktop, panel: Panel) -> None:
    app = desktop.start_app("--demo", "--hidden")
    icon = panel.icon
    assert [one.label for one in icon.entries()][:3] == ["Quick Ask", "Open Sirocco", "New chat"]
    assert icon.tooltip == "Sirocco"
    assert windows(desktop) == []
    icon.click_middle()
    until(lambda: windows(desktop), "the window")
    icon.choose("Settings")
    app.screen.find("Settings", role="dialog")
    icon.choose("Quit")
    assert app.wait(PATIENCE) == 0
    assert app.output == ""


def test_a_panel_that_comes_late_and_comes_again_gets_its_icon(desktop: Desktop) -> None:
    app = desktop.start_app("--demo", "--hidden")
    until((desktop.home.data / "sirocco.db").exists, "the app")
    for _ in range(2):
        panel = Panel(desktop.env["DBUS_SESSION_BUS_ADDRESS"])
        icon = panel.icon
        assert "New chat" in [one.label for one in icon.entries()]
        panel.close()
    assert app.terminate() == 0


def test_a_first_start_for_quick_ask_shows_that_alone_and_a_later_one_sends_it_away(desktop: Desktop) -> None:
    app = desktop.start_app("--demo", "--quick-ask", "Why is the sky blue?")
    app.screen.wait_text("Ask", "^Why is the sky blue[?]$")
    (small,) = until(lambda: desktop.windows("^Quick Ask$"), "the small window")
    until(
        lambda: "X=480\nY=282\nWIDTH=640\n" in xdotool(desktop, "getwindowgeometry", "--shell", small),
        "it in the middle, at a third of the height of the screen",
    )
    assert windows(desktop) == []
    assert desktop.start_app("--quick-ask").wait(PATIENCE) == 0
    until(lambda: not desktop.windows("^Quick Ask$"), "the end of the small window")
    assert desktop.start_app("--quit").wait(PATIENCE) == 0
    assert app.wait(PATIENCE) == 0
    assert app.output == ""
