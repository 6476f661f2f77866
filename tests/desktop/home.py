"""A home folder of a test's own, in which nothing of this machine's user is seen."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# What would let the machine's own settings, desktop or network change a test.
_FOREIGN = (
    "QT_",
    "XDG_",
    "MISTRAL",
    "SIROCCO",
    "DISPLAY",
    "WAYLAND",
    "DBUS",
    "GNOME_",
    "AT_SPI",
    "VIRTUAL_ENV",
    "SSL_",
)
_FOREIGN_ENDS = ("_PROXY", "_IM_MODULE")
_UNDER_HOME = {
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
    "XDG_CACHE_HOME": ".cache",
}


@dataclass(frozen=True, slots=True)
class Home:
    """An empty home folder, and the environment of a program that lives in it."""

    path: Path
    env: dict[str, str]

    @property
    def data(self) -> Path:
        return Path(self.env["XDG_DATA_HOME"], "sirocco")

    @property
    def config(self) -> Path:
        return Path(self.env["XDG_CONFIG_HOME"], "sirocco")

    @property
    def log(self) -> str:
        """What the app has written into its log so far."""
        path = Path(self.env["XDG_STATE_HOME"], "sirocco", "logs", "sirocco.log")
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def files(self) -> list[Path]:
        """Every file below the folder."""
        return [path for path in self.path.rglob("*") if path.is_file() and not path.is_symlink()]


@contextmanager
def new_home(path: Path) -> Iterator[Home]:
    """Make a home folder at `path`; all of it is closed to others (0700)."""
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith(_FOREIGN) and not name.upper().endswith(_FOREIGN_ENDS)
    }
    path.mkdir(mode=0o700)
    env["HOME"] = env["USERPROFILE"] = str(path)
    for name, below in _UNDER_HOME.items():
        folder = path / below
        for part in reversed([folder, *folder.parents]):
            if part.is_relative_to(path) and not part.exists():
                part.mkdir(mode=0o700)
        env[name] = str(folder)
    env["WIN_PD_OVERRIDE_APPDATA"] = env["WIN_PD_OVERRIDE_LOCAL_APPDATA"] = env["XDG_DATA_HOME"]
    # A socket's path may have 107 bytes, so this one can't lie in pytest's long folders.
    runtime = tempfile.mkdtemp(prefix="sirocco-")
    # With an address that leads nowhere, the D-Bus library starts no bus of its own.
    env |= {
        "XDG_RUNTIME_DIR": runtime,
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
        "LC_ALL": "C.UTF-8",
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    try:
        yield Home(path, env)
    finally:
        shutil.rmtree(runtime, ignore_errors=True)


def python() -> str:
    """The interpreter of the project's environment, in which the tests themselves run."""
    return sys.executable
