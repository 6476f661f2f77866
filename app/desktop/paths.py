"""Where Sirocco keeps its files on this platform, and where its own resources are."""

from __future__ import annotations

import os
import stat
import sys
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

APP_NAME = "sirocco"
# One name for all desktops: base name of the .desktop file and of the icon, what Wayland and its portal know
# the app by, bundle identifier.
APP_ID = "io.github.sirocco.Sirocco"
SOCKET_PATH_LIMIT = 100  # bytes; sun_path holds 104 on macOS and 108 on Linux


class Folders(NamedTuple):
    """The folders of one profile. Nothing is made by looking: `make` makes them, each for the owner alone."""

    config: Path
    data: Path
    logs: Path
    cache: Path

    @property
    def settings_file(self) -> Path:
        """All settings, without any key."""
        return self.config / "settings.json"

    @property
    def database_file(self) -> Path:
        """All conversations."""
        return self.data / "sirocco.db"

    @property
    def lock_file(self) -> Path:
        """What the one instance of this data folder holds."""
        return self.data / "sirocco.lock"

    @property
    def profile_id(self) -> str:
        """A short name for this data folder, so that two profiles never meet in one socket.

        A checksum of 32 bits is enough to tell the few profiles of one person apart, who alone can make them;
        a hash proper would load OpenSSL before the first paint.
        """
        return f"{zlib.crc32(os.fsencode(self.data)):08x}"

    def make(self) -> None:
        """Make what is missing, 0700 (SEC-10). An OSError where that can't be."""
        for folder in (self.config, self.data, self.logs, self.cache):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.name == "posix" and stat.S_IMODE(folder.stat().st_mode) != 0o700:
                folder.chmod(0o700)


def folders() -> Folders:
    """The platform's own folders for Sirocco (XDG on Linux)."""
    if sys.platform != "linux":
        import platformdirs  # on Linux it would be a fifth of a hand-over to the running instance

        found = platformdirs.PlatformDirs(APP_NAME, appauthor=False, roaming=False)
        logs = Path(found.user_log_dir) if sys.platform == "darwin" else Path(found.user_state_dir, "logs")
        return Folders(
            config=Path(found.user_config_dir),
            data=Path(found.user_data_dir),
            logs=logs,
            cache=Path(found.user_cache_dir),
        )
    return Folders(
        config=_xdg_folder("XDG_CONFIG_HOME", ".config"),
        data=_xdg_folder("XDG_DATA_HOME", ".local/share"),
        logs=_xdg_folder("XDG_STATE_HOME", ".local/state") / "logs",
        cache=_xdg_folder("XDG_CACHE_HOME", ".cache"),
    )


def _xdg_folder(variable: str, usual: str) -> Path:
    """Our folder in this one of the XDG base directories; a relative one doesn't count."""
    given = Path(os.environ.get(variable) or ".")
    return (given if given.is_absolute() else Path.home() / usual) / APP_NAME


def instance_socket(profile: Folders, environment: Mapping[str, str]) -> Path | None:
    """Where the one instance of `profile` listens; its folder is made, 0700 and the owner's.

    None where no folder of that kind can be had: then the lock alone keeps a second instance out. Nothing
    of the name comes from input (SEC-09). POSIX only: elsewhere a pipe has a name, not a place.
    """
    for folder in _socket_folders(environment):
        path = folder / f"{profile.profile_id}.sock"
        if len(os.fsencode(path)) <= SOCKET_PATH_LIMIT and _is_private(folder):
            return path
    return None


def _socket_folders(environment: Mapping[str, str]) -> Iterator[Path]:
    if Path(environment.get("XDG_RUNTIME_DIR") or ".").is_absolute():
        yield Path(environment["XDG_RUNTIME_DIR"], APP_NAME)
    import tempfile  # most starts do without

    yield Path(tempfile.gettempdir(), f"{APP_NAME}-{os.getuid()}")


def _is_private(folder: Path) -> bool:
    """Make `folder` if need be, and say whether it is a real folder that only its owner, us, can enter."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077


def resources_dir() -> Path:
    """The folder `resources`: of the frozen app, of the installed wheel, or of the source tree."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen, "resources")
    package = Path(__file__).resolve().parent.parent
    installed = package / "_resources"
    return installed if installed.is_dir() else package.parent / "resources"
