"""The hotkey by xdg-desktop-portal itself, with a desktop of our own behind it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.hotkey import Standing
from app.desktop.hotkey.portal import PortalHotkey
from tests.desktop.home import python
from tests.desktop.processes import Processes, until
from tests.desktop_services.hotkey.heard import Heard
from tests.desktop_services.hotkey.portal_system import APP_ID, NAME, PortalSystem
from tests.desktop_services.hotkey.systems import System

BACKEND = Path(__file__).with_name("portal_backend.py")
PORTAL = next(Path("/usr").glob("lib*/xdg-desktop-portal"), None)
DESCRIPTION = """[portal]
DBusName=org.freedesktop.impl.portal.desktop.tested
Interfaces=org.freedesktop.impl.portal.GlobalShortcuts;
UseIn=tested
"""
APP = """[Desktop Entry]
Type=Application
Name=Tested
Exec=true
"""


@pytest.mark.heavy
def test_the_real_portal_binds_it_and_tells_of_a_press(
    bus_address: str, tmp_path: Path, processes: Processes, make_heard: Callable[[System], Heard]
) -> None:
    assert PORTAL is not None, "xdg-desktop-portal is not installed"
    (tmp_path / "tested.portal").write_text(DESCRIPTION, encoding="utf-8")
    # Newer portals serve none but installed apps.
    (tmp_path / "applications").mkdir()
    (tmp_path / "applications" / f"{APP_ID}.desktop").write_text(APP, encoding="utf-8")
    env = {
        **os.environ,
        "DBUS_SESSION_BUS_ADDRESS": bus_address,
        "XDG_CURRENT_DESKTOP": "tested",
        "XDG_DATA_HOME": str(tmp_path),
        "XDG_DESKTOP_PORTAL_DIR": str(tmp_path),
    }
    desktop = processes.converse([python(), str(BACKEND), bus_address], env)
    assert desktop.stdin is not None
    assert desktop.stdout is not None
    assert desktop.stdout.readline() == b"ready\n"
    portal = processes.start([PORTAL, "-v"], env)
    until(lambda: f"{NAME} acquired" in processes.output_of(portal), "the portal")

    class Real(PortalSystem):
        def __init__(self) -> None:
            self.address = bus_address

        def make(self) -> PortalHotkey:
            return PortalHotkey(bus_address, APP_ID, "Ask")

    heard = make_heard(Real())
    state = heard.bind("Ctrl+Alt+Space")
    assert (state.standing, state.trigger) == (Standing.BOUND, "CTRL+ALT+space")
    desktop.stdin.write(b"a-token\n")
    desktop.stdin.flush()
    heard.wait_for_presses(1)
    assert heard.tokens == ["a-token"]
    heard.backend.unbind()
    while desktop.stdout.readline() != b"Close\n":
        pass
