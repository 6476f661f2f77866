"""Homes, buses, keyrings and desktops of their own for the tests that need them."""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from PySide6.QtWidgets import QApplication

from app.markup.loading import load
from tests.desktop.home import Home, new_home
from tests.desktop.processes import Processes
from tests.desktop.session import AppProcess, Bus, Desktop, Keyring
from tests.patient_bot import PatientBot

# No test may reach this machine's display, bus or keys; a test that needs one gets one of its own.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nonexistent"
for _name in [
    name for name in os.environ if name.startswith(("MISTRAL_", "SIROCCO_")) and name != "SIROCCO_HEAVY"
]:
    del os.environ[_name]
TESTS = Path(__file__).parent
# Files whose tests start programs without the fixture `processes`, and limit how long these may take.
PROGRAMS = (
    *(
        "test_main.py",
        "test_told_by_qt.py",
        "test_ask.py",
        "chat/test_ending.py",
        "store/test_kills.py",
        "presence/test_presence.py",
        "frozen/test_frozen.py",
    ),
    *("desktop_services/test_single_instance.py", "desktop_services/test_activation.py"),
)
GARBAGE = 2_000  # objects more than were let go, after which the newest are looked through at a test's end
LONGEST_ID = 80  # characters
GARBAGE_LOOKS = 10  # after which those are looked through that were left
# The same examples in every run, however busy the machine; `--heavy` looks for new ones.
hypothesis.settings.register_profile("usual", deadline=None, derandomize=True)
hypothesis.settings.register_profile("heavy", deadline=None)
hypothesis.settings.load_profile("heavy" if os.environ.get("SIROCCO_HEAVY") else "usual")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Long data name no test: they say little, and what is made anew at each start, as a packed file with its
    time, would have another name in each of the processes that run the tests."""
    return argname if isinstance(val, bytes | str) and len(val) > LONGEST_ID else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        # What waits for programs is run one after the other: two at a time would keep each other waiting.
        starts_programs = {"processes"} & set(getattr(item, "fixturenames", ()))
        if starts_programs or item.path.relative_to(TESTS).as_posix() in PROGRAMS:
            item.add_marker(pytest.mark.xdist_group("programs"))
    if os.environ.get("SIROCCO_HEAVY"):
        return
    for item in items:
        if item.get_closest_marker("heavy"):
            item.add_marker(pytest.mark.skip(reason="heavy: dev.py test --heavy"))


def pytest_collection_finish() -> None:
    """Garbage is found between two tests, as in the app between two events (`app.desktop.garbage` says why):
    a worker's thread that looked for it would destroy there what an earlier test has left of Qt's.

    All that was collected lives as long as the run, and needn't be looked through. What reads Markdown is
    loaded, as it is in the app when somebody has typed: short answers are read at once then.
    """
    load()
    gc.collect()
    gc.freeze()
    gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    young, middle, old = gc.get_count()
    if young > GARBAGE:
        gc.collect(0 if middle < GARBAGE_LOOKS else 1 if old < GARBAGE_LOOKS else 2)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> PatientBot:
    """pytest-qt's, with the patience that a busy machine asks for."""
    return PatientBot(request)


@pytest.fixture
def private_home(tmp_path: Path) -> Iterator[Home]:
    """An empty home folder (0700) and the environment of a program in it, without display and bus."""
    with new_home(tmp_path / "home") as home:
        yield home


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    """Starts programs that end with the test."""
    logs = tmp_path / "logs"
    logs.mkdir()
    started = Processes(logs)
    try:
        yield started
    finally:
        started.end()


@pytest.fixture
def make_bus(private_home: Home, processes: Processes) -> Callable[[Keyring], Bus]:
    """Makes a session bus whose keyring is unlocked, locked or absent; no display."""
    _only_on_linux()
    return lambda keyring: Bus(private_home, processes, keyring)


@pytest.fixture
def private_bus(make_bus: Callable[[Keyring], Bus]) -> Bus:
    """A session bus with an unlocked gnome-keyring; no display."""
    return make_bus(Keyring.UNLOCKED)


@pytest.fixture
def make_desktop(private_home: Home, processes: Processes) -> Callable[[Keyring], Desktop]:
    """Makes a desktop whose keyring is unlocked, locked or absent."""
    _only_on_linux()
    return lambda keyring: Desktop(private_home, processes, keyring)


@pytest.fixture
def desktop(make_desktop: Callable[[Keyring], Desktop]) -> Desktop:
    """A desktop with an unlocked gnome-keyring."""
    return make_desktop(Keyring.UNLOCKED)


@pytest.fixture
def app_process(desktop: Desktop) -> Callable[..., AppProcess]:
    """Starts Sirocco on the desktop: `app_process("--demo", env={…})`."""
    return desktop.start_app


def _only_on_linux() -> None:
    if sys.platform != "linux":
        pytest.skip("the private desktop is made of Linux's parts")
