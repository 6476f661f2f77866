"""The systems on which the contract of the hotkey is tried."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.chat.hotkey import HotkeyBackend
from tests.desktop.processes import Processes, until
from tests.desktop.session import BUS
from tests.desktop_services.hotkey.carbon_system import CarbonSystem
from tests.desktop_services.hotkey.heard import Heard
from tests.desktop_services.hotkey.portal_system import PortalSystem
from tests.desktop_services.hotkey.systems import System
from tests.desktop_services.hotkey.windows_system import WindowsSystem
from tests.desktop_services.hotkey.x11_system import X11System


@pytest.fixture(scope="session")
def shared_processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    started = Processes(tmp_path_factory.mktemp("logs"))
    try:
        yield started
    finally:
        started.end()


@pytest.fixture(scope="session")
def x11_server(shared_processes: Processes) -> Iterator[X11System]:
    found = X11System(shared_processes)
    yield found
    found.end()


@pytest.fixture
def x11(x11_server: X11System) -> Iterator[X11System]:
    """An X server that all tests share; each leaves it as it was."""
    yield x11_server
    x11_server.give_back()
    x11_server.lay_out("us")


@pytest.fixture(scope="session")
def bus_address(shared_processes: Processes, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A session bus with nothing on it."""
    folder = tmp_path_factory.mktemp("bus")
    config = folder / "bus.conf"
    path = folder / "bus"
    config.write_text(BUS.format(folder=folder, services=folder), encoding="utf-8")
    words = ["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile"]
    shared_processes.start(words, dict(os.environ))
    # Its socket is there a moment before it listens.
    until(lambda: _listens(path), "the session bus")
    return f"unix:path={path}"


def _listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(path))
        except OSError:
            return False
    return True


@pytest.fixture
def portal(bus_address: str) -> Iterator[PortalSystem]:
    found = PortalSystem(bus_address)
    yield found
    found.end()


@pytest.fixture
def windows() -> WindowsSystem:
    return WindowsSystem()


@pytest.fixture
def carbon() -> CarbonSystem:
    return CarbonSystem()


@pytest.fixture(params=["x11", "portal", "windows", "carbon"])
def system(request: pytest.FixtureRequest) -> System:
    """Each system in turn."""
    found: System = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def make_heard(qtbot: QtBot) -> Iterator[Callable[[System], Heard]]:
    made: list[HotkeyBackend] = []

    def make(system: System) -> Heard:
        made.append(system.make())
        return Heard(qtbot, made[-1])

    yield make
    for backend in made:
        assert backend.close(10)
        backend.deleteLater()


@pytest.fixture
def heard(system: System, make_heard: Callable[[System], Heard]) -> Heard:
    return make_heard(system)
