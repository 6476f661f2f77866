"""The windows under a Wayland compositor: up, worked, called by later starts, and gone with 0."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from app.desktop.paths import APP_ID
from tests.desktop.home import Home
from tests.desktop.processes import Processes, until
from tests.desktop.session import WaylandDesktop
from tests.desktop_services.hotkey.portal_system import PortalSystem
from tests.end_to_end.answers import PATIENCE

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.heavy,
    pytest.mark.skipif(sys.platform != "linux", reason="Wayland is Linux's"),
]


@pytest.fixture
def desktop(private_home: Home, processes: Processes) -> WaylandDesktop:
    return WaylandDesktop(private_home, processes)


def test_the_window_answers_and_later_starts_call_it_and_quick_ask(desktop: WaylandDesktop) -> None:
    app = desktop.start_app("--demo")
    app.screen.set_text("Message", "Which wind are you?")
    app.screen.press("Send")
    app.screen.find(pattern="^Assistant: .{10}", within={"name": "Transcript"})
    token = {"XDG_ACTIVATION_TOKEN": "one-of-a-launcher"}
    assert desktop.start_app("--quick-ask", "And the mistral?", env=token).wait(PATIENCE) == 0
    app.screen.wait_text("Ask", "^And the mistral[?]$")
    assert desktop.start_app(env=token).wait(PATIENCE) == 0
    until(lambda: desktop.home.log.count("a later start says") == 2, "the later starts")
    assert app.terminate(PATIENCE) == 0
    assert app.output == ""
    # The one that was made up is no window's permission, and nothing is the worse for it.
    assert "CRITICAL" not in desktop.home.log
    assert "ERROR" not in desktop.home.log


def test_a_first_start_for_quick_ask_shows_that_alone(desktop: WaylandDesktop) -> None:
    app = desktop.start_app("--demo", "--quick-ask", "Why is the sky blue?")
    app.screen.wait_text("Ask", "^Why is the sky blue[?]$")
    app.screen.find("Quick Ask")
    app.screen.gone("Message")
    assert desktop.start_app("--quit").wait(PATIENCE) == 0
    assert app.wait(PATIENCE) == 0


@pytest.fixture
def portal(desktop: WaylandDesktop) -> Iterator[PortalSystem]:
    """The desktop's portal, which knows the app as an installed one."""
    portal = PortalSystem(desktop.env["DBUS_SESSION_BUS_ADDRESS"])
    portal.installed = {APP_ID}
    yield portal
    portal.end()


def has_bound(portal: PortalSystem) -> bool:
    return [list(session.triggers) for session in portal.sessions.values()] == [["quick-ask"]]


def test_the_portal_gives_the_hotkey_and_gives_it_again_after_a_crash(
    desktop: WaylandDesktop, portal: PortalSystem
) -> None:
    app = desktop.start_app("--demo")
    until(lambda: has_bound(portal), "the hotkey")
    portal.press("Ctrl+Alt+Space")
    app.screen.find("Ask", role="text")
    app.screen.press("Settings", role="push button")
    app.screen.press("Quick Ask", role="radio button")
    app.screen.find(pattern="^Your desktop says: Press CTRL")
    app.screen.find(pattern="^On Wayland your desktop decides")
    portal.end()
    portal.begin()
    until(lambda: has_bound(portal), "the hotkey, once more")
    assert app.terminate(PATIENCE) == 0
    assert app.output == ""


def test_without_a_portal_the_settings_show_the_command_to_bind(desktop: WaylandDesktop) -> None:
    app = desktop.start_app("--demo")
    app.screen.press("Settings", role="push button")
    app.screen.press("Quick Ask", role="radio button")
    app.screen.find(pattern="^Your desktop assigns this shortcut")
    assert app.screen.text("Command", role="text").endswith("--quick-ask")
    app.screen.find("Copy command")
