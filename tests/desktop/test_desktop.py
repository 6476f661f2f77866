"""The private desktop is a real one, and nothing of it outlives a test."""

import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.desktop.home import Home, new_home, python
from tests.desktop.processes import Processes, until
from tests.desktop.session import Bus, Desktop, Keyring

WINDOW = Path(__file__).with_name("window.py")
ASK_KEYRING = "import keyring, sys; print(repr(keyring.get_password('sirocco', 'nobody')))"


def test_a_home_is_empty_and_closed_to_others(private_home: Home) -> None:
    assert private_home.files() == []
    for folder in [
        private_home.path,
        *private_home.path.rglob("*"),
        Path(private_home.env["XDG_RUNTIME_DIR"]),
    ]:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert "DISPLAY" not in private_home.env


def test_a_home_takes_its_runtime_folder_with_it(tmp_path: Path) -> None:
    with new_home(tmp_path / "home") as home:
        runtime = Path(home.env["XDG_RUNTIME_DIR"])
        assert runtime.is_dir()
    assert not runtime.exists()


def test_processes_end_with_their_descendants(processes: Processes) -> None:
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(600)"
    script = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {stubborn!r}]).wait()"
    outer = processes.start([python(), "-c", script], dict(os.environ))
    until(lambda: "1" in processes.output_of(outer), "the inner process")
    pids = processes.pids()
    assert len(pids) == 2
    processes.end()
    assert not any(_runs(pid) for pid in pids)


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.desktop
def test_a_window_is_worked_through_its_accessible_names(desktop: Desktop) -> None:
    window = desktop.start(python(), WINDOW)
    screen = window.screen
    assert screen.find("Greeting", role="frame").name == "Greeting"
    screen.set_text("Name", "Ada Lovelace")
    screen.press("Greet", role="push button")
    assert screen.find(pattern="^Answer: ").name == "Answer: Hello, Ada Lovelace"
    assert screen.text("Name") == "Ada Lovelace"
    screen.select("Grace", within={"name": "People"})
    screen.wait_text("Name", "^Grace$")
    assert screen.names("list item") == ["Ada", "Grace"]
    assert "Greet" in screen.all_text()
    with pytest.raises(AssertionError, match=r"not on the screen.*Absent"):
        screen.find("Absent", seconds=0.2)
    assert window.terminate() == 0


@pytest.mark.desktop
def test_a_window_takes_keys_and_closes_as_on_a_desktop(desktop: Desktop, tmp_path: Path) -> None:
    window = desktop.start(python(), WINDOW)
    window.screen.wait_state("Name", "focused")
    until(lambda: desktop.windows("^Greeting$"), "the window")
    desktop.type("Alan")
    window.screen.wait_text("Name", "^Alan$")
    desktop.key("Return")
    window.screen.find("Answer: Hello, Alan")
    desktop.picture(tmp_path / "screen.png")
    assert (tmp_path / "screen.png").read_bytes().startswith(b"\x89PNG")
    desktop.close_window("^Greeting$")
    assert window.wait() == 0


def test_an_unlocked_keyring_keeps_a_secret(private_bus: Bus) -> None:
    store = "import keyring; keyring.set_password('sirocco', 'somebody', 'a secret')"
    subprocess.run([python(), "-c", store], env=private_bus.env, check=True)
    assert private_bus.secret(service="sirocco", username="somebody") == "a secret"
    assert private_bus.secret(service="sirocco", username="nobody") is None


def test_a_locked_keyring_refuses(make_bus: Callable[[Keyring], Bus]) -> None:
    done = _ask_keyring(make_bus(Keyring.LOCKED))
    assert "KeyringLocked" in done.stderr


def test_without_a_keyring_there_is_none(make_bus: Callable[[Keyring], Bus]) -> None:
    done = _ask_keyring(make_bus(Keyring.ABSENT))
    assert "NoKeyringError" in done.stderr


def _ask_keyring(bus: Bus) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python(), "-c", ASK_KEYRING], env=bus.env, capture_output=True, text=True, check=False
    )


@pytest.mark.desktop
def test_a_locked_keyring_asks_on_a_display_and_waits(make_desktop: Callable[[Keyring], Desktop]) -> None:
    desktop = make_desktop(Keyring.LOCKED)
    asking = desktop.start(python(), "-c", ASK_KEYRING)
    until(lambda: desktop.windows("Unlock"), "the window that asks for the keyring's password")
    assert asking.process.poll() is None


@pytest.mark.desktop
def test_nothing_of_a_desktop_outlives_it(desktop: Desktop, processes: Processes) -> None:
    desktop.start(python(), WINDOW).screen.find("Greeting", role="frame")
    pids = processes.pids()
    assert len(pids) >= 6
    processes.end()
    assert processes.pids() == set()
    assert not any(_runs(pid) for pid in pids)
