"""A private desktop: display, window manager, message bus, keyring and accessibility tree."""

import enum
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.desktop.home import Home, python
from tests.desktop.processes import Processes, until
from tests.desktop.screen_reader import ScreenReader

KEYRING_PASSWORD = b"a test's own"

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={folder}/bus</listen>
  <servicedir>{services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
_SERVICES = Path("/usr/share/dbus-1/services")


class Keyring(enum.Enum):
    """What Secret Service the session has."""

    UNLOCKED = enum.auto()
    LOCKED = enum.auto()
    ABSENT = enum.auto()


class AppProcess:
    """The app (or another program with a window), running on a desktop."""

    def __init__(
        self, process: subprocess.Popen[bytes], processes: Processes, reader: ScreenReader | None
    ) -> None:
        self.process = process
        self._processes = processes
        self._reader = reader

    @property
    def screen(self) -> ScreenReader:
        """What assistive technology is told of its windows."""
        assert self._reader is not None, "this desktop has no accessibility tree"
        return self._reader

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def output(self) -> str:
        """All that it has written to stdout and stderr so far."""
        return self._processes.output_of(self.process)

    def wait(self, seconds: float = 60.0) -> int:
        """Its exit code, once it has ended by itself."""
        return self.process.wait(seconds)

    def terminate(self, seconds: float = 60.0) -> int:
        """Ask it to leave as the session's end does (SIGTERM); returns its exit code."""
        self.process.terminate()
        return self.process.wait(seconds)

    def kill(self) -> None:
        """End it as a loss of power does (SIGKILL)."""
        self.process.kill()
        self.process.wait()


class Bus:
    """A session bus in a home of its own, with a real gnome-keyring in the state that is asked for."""

    def __init__(
        self, home: Home, processes: Processes, keyring: Keyring, display: Mapping[str, str] | None = None
    ) -> None:
        self.home = home
        self.processes = processes
        folder = Path(home.env["XDG_RUNTIME_DIR"])
        services = folder / "services"
        services.mkdir()
        # The window that asks for the keyring's password is started by the bus, as on a real desktop.
        for name in ("org.gnome.keyring.SystemPrompter.service", "org.gnome.keyring.PrivatePrompter.service"):
            if (_SERVICES / name).exists():
                shutil.copy(_SERVICES / name, services)
        config = folder / "bus.conf"
        config.write_text(BUS.format(folder=folder, services=services), encoding="utf-8")
        self.env = {**home.env, **(display or {}), "DBUS_SESSION_BUS_ADDRESS": f"unix:path={folder}/bus"}
        processes.start(["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile"], self.env)
        # Its socket is there a moment before it listens.
        until(lambda: self.has("org.freedesktop.DBus"), "the session bus")
        self._keyring(keyring)

    def _keyring(self, keyring: Keyring) -> None:
        daemon = ["gnome-keyring-daemon", "--foreground", "--components=secrets"]
        if keyring is Keyring.ABSENT:
            return
        # The first unlocking makes the login keyring, with this password.
        first = self.processes.start([*daemon, "--unlock"], self.env, stdin=KEYRING_PASSWORD)
        until(Path(self.env["XDG_DATA_HOME"], "keyrings", "login.keyring").exists, "the login keyring")
        until(lambda: self.has("org.freedesktop.secrets"), "the Secret Service")
        if keyring is Keyring.LOCKED:
            first.terminate()
            first.wait()
            until(lambda: not self.has("org.freedesktop.secrets"), "the end of the Secret Service")
            self.processes.start(daemon, self.env)
            until(lambda: self.has("org.freedesktop.secrets"), "the locked Secret Service")

    def has(self, name: str) -> bool:
        """Whether a service of this name is on the bus."""
        ask = "org.freedesktop.DBus.NameHasOwner"
        words = [
            "dbus-send",
            "--session",
            "--print-reply",
            "--dest=org.freedesktop.DBus",
            "/",
            ask,
            f"string:{name}",
        ]
        done = subprocess.run(words, env=self.env, capture_output=True, check=False)
        return b"boolean true" in done.stdout

    def secret(self, **attributes: str) -> str | None:
        """The secret that the keyring holds under these attributes, as another program sees it."""
        words = [word for pair in attributes.items() for word in pair]
        done = subprocess.run(
            ["secret-tool", "lookup", *words], env=self.env, capture_output=True, check=False
        )
        return done.stdout.decode() if done.returncode == 0 else None

    def start(
        self, *argv: str | Path, env: Mapping[str, str] | None = None, stdin: bytes = b""
    ) -> AppProcess:
        """Start any program in this session."""
        process = self.processes.start(argv, {**self.env, **(env or {})}, stdin=stdin)
        return AppProcess(process, self.processes, None)


class ReadDesktop(Bus):
    """A bus with a display of some kind, and the accessibility tree (AT-SPI)."""

    def start_accessibility(self) -> None:
        """Start what screen readers read from."""
        launchers = [*Path("/usr").glob("lib*/at-spi-bus-launcher")]
        assert launchers, "at-spi2-core is not installed"
        self.processes.start([launchers[0], "--launch-immediately"], self.env)
        until(lambda: self.has("org.a11y.Bus"), "the accessibility bus")

    def start(
        self, *argv: str | Path, env: Mapping[str, str] | None = None, stdin: bytes = b""
    ) -> AppProcess:
        """Start any program on this desktop; its windows are seen through a screen reader of its own."""
        process = self.processes.start(argv, {**self.env, **(env or {})}, stdin=stdin)
        return AppProcess(process, self.processes, ScreenReader(self.processes, self.env, process.pid))

    def start_app(self, *args: str, env: Mapping[str, str] | None = None) -> AppProcess:
        """Start Sirocco as a user does."""
        return self.start(python(), "-m", "app", *args, env=env)


READABLE = {
    "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
    "LIBGL_ALWAYS_SOFTWARE": "1",
    # The keyring's question is GTK's. What that tells assistive technology of itself, unasked, is
    # asked back from within at-spi's own dispatch, which then waits for itself for ever.
    "NO_AT_BRIDGE": "1",
}


class WaylandDesktop(ReadDesktop):
    """A Wayland compositor (weston) whose screen nobody sees, and no X server."""

    def __init__(self, home: Home, processes: Processes) -> None:
        socket = Path(home.env["XDG_RUNTIME_DIR"], "wayland-of-a-test")
        words = ["weston", "--backend=headless-backend.so", "--no-config", "--width=1400", "--height=1000"]
        processes.start([*words, f"--socket={socket.name}"], home.env)
        until(socket.exists, "the compositor")
        display = {"WAYLAND_DISPLAY": socket.name, "QT_QPA_PLATFORM": "wayland", **READABLE}
        super().__init__(home, processes, Keyring.ABSENT, display)
        self.start_accessibility()


class Desktop(ReadDesktop):
    """A bus with a display (Xvfb), a window manager (openbox) and the accessibility tree (AT-SPI)."""

    def __init__(self, home: Home, processes: Processes, keyring: Keyring = Keyring.UNLOCKED) -> None:
        # The display comes first: what the bus starts later inherits the bus's own environment.
        display = {
            "DISPLAY": start_display(home, processes),
            "QT_QPA_PLATFORM": "xcb",
            **READABLE,
        }
        super().__init__(home, processes, keyring, display)
        processes.start(["openbox"], self.env)
        until(self._has_window_manager, "the window manager")
        self.start_accessibility()

    def _has_window_manager(self) -> bool:
        done = subprocess.run(
            ["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"], env=self.env, capture_output=True, check=False
        )
        return b"window id" in done.stdout

    def key(self, *keys: str) -> None:
        """Press keys on the keyboard, in xdotool's names ("Return", "ctrl+n")."""
        subprocess.run(["xdotool", "key", "--clearmodifiers", *keys], env=self.env, check=True)

    def type(self, text: str) -> None:
        """Type on the keyboard, into the window that has the focus."""
        subprocess.run(["xdotool", "type", "--delay", "5", "--", text], env=self.env, check=True)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Move the mouse to a place on the screen, press its button, and release it at another."""
        middle = ((start[0] + end[0]) // 2, (start[1] + end[1]) // 2)
        words = ["xdotool", "mousemove", "--sync", *map(str, start), "mousedown", "1"]
        for place in (middle, end):
            words += ["mousemove", "--sync", *map(str, place)]
        subprocess.run([*words, "mouseup", "1"], env=self.env, check=True)

    def windows(self, title: str) -> list[str]:
        """The ids of the visible windows whose title matches the regular expression."""
        words = ["xdotool", "search", "--onlyvisible", "--name", title]
        return subprocess.run(words, env=self.env, capture_output=True, text=True, check=False).stdout.split()

    @property
    def active(self) -> str:
        """The title of the window that has the keyboard, as the window manager says; empty where none has."""
        found = self.of_root("_NET_ACTIVE_WINDOW")
        return self.title(found[0]) if found else ""

    def title(self, window: str) -> str:
        words = ["xdotool", "getwindowname", window]
        return subprocess.run(words, env=self.env, capture_output=True, text=True, check=False).stdout.strip()

    def of_root(self, name: str) -> list[str]:
        """The windows that a property of the root names."""
        words = ["xprop", "-root", name]
        found = subprocess.run(words, env=self.env, capture_output=True, text=True, check=False).stdout
        return re.findall(r"0x[0-9a-f]+", found)

    def close_window(self, title: str) -> None:
        """Close the windows of this title as their close button does, through the window manager."""
        for window in self.windows(title):
            words = ["xdotool", "windowactivate", "--sync", window, "key", "--clearmodifiers", "alt+F4"]
            subprocess.run(words, env=self.env, check=True)

    def picture(self, path: Path) -> None:
        """Save what the whole screen shows."""
        subprocess.run(["import", "-window", "root", str(path)], env=self.env, check=True)


def start_display(home: Home, processes: Processes) -> str:
    """Start Xvfb; returns its name."""
    read, write = os.pipe()
    with os.fdopen(read, "rb") as answer:
        xvfb = [
            "Xvfb",
            "-displayfd",
            str(write),
            "-screen",
            "0",
            "1600x1000x24",
            "-nolisten",
            "tcp",
            "-noreset",
        ]
        processes.start(xvfb, home.env, pass_fds=(write,))
        os.close(write)
        number = answer.readline().decode().strip()
    assert number, "Xvfb did not start"
    return f":{number}"
