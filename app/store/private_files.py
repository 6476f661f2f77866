"""Files and folders that only their owner can read, and how they reach the disk whole."""

from __future__ import annotations

import os
import stat
import tempfile
import time
from contextlib import suppress
from pathlib import Path

FILE_MODE = 0o600
FOLDER_MODE = 0o700


def make_folder(path: Path) -> None:
    """Make the folder, and what is missing above it, for the owner alone; one that exists stays as it is."""
    if not path.is_dir():
        path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        path.mkdir(mode=FOLDER_MODE, exist_ok=True)


def make_file(path: Path) -> bool:
    """Make an empty file for the owner alone; False where it was there, which then is closed to others."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE)
    except FileExistsError:
        close_to_others(path)
        return False
    os.close(descriptor)
    return True


def close_to_others(path: Path) -> None:
    """Take from everybody else what they may do with this file, if it is there (SEC-10).

    Where that can't be, as on a read-only disk, what is in it can still be read.
    """
    with suppress(OSError):
        mode = stat.S_IMODE(path.stat().st_mode)
        if os.name == "posix" and mode & 0o077:
            path.chmod(mode & 0o700)


def sync_file(path: Path) -> None:
    """Wait until the content of `path` is on the disk."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Wait until the names in the folder are on the disk. Windows has no such wish and needs none."""
    if os.name != "posix":
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path`: whole or, where anything fails (OSError), not at all.

    Where `path` is a link, what it points to is replaced, and the link stays.
    """
    target = Path(os.path.realpath(path))
    make_folder(target.parent)
    # mkstemp makes the file 0600, whatever the umask says.
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(target.parent)


def stamp() -> str:
    """The time for a file's name, in UTC."""
    return time.strftime("%Y%m%d-%H%M%S", time.gmtime())


def free_name(path: Path) -> Path:
    """`path`, or where it is taken the first of `path`-2, -3 … that is not."""
    free, number = path, 1
    while free.exists() or free.is_symlink():
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free
