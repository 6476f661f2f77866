"""Copies of the history that are checked before anybody relies on them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import apsw

from app.store.faults import DamagedError
from app.store.private_files import (
    close_to_others,
    free_name,
    make_file,
    make_folder,
    stamp,
    sync_file,
    sync_folder,
)
from app.store.schema import APPLICATION_ID

KEPT_BEFORE_MIGRATION = 2  # REL-06


class Backups:
    """The folder of backups of one history file.

    A backup is made beside its place, checked whole, brought to the disk and only then given its name, so
    that every file of that name is a good one. Errors are apsw's and OSError.
    """

    def __init__(self, history: Path, vfs: str | None = None) -> None:
        self._history = history
        self._vfs = vfs
        self.folder = history.parent / "backups"

    def make_before_migration(self, connection: apsw.Connection, version: int) -> Path:
        """Copy the open history before it is migrated to schema `version`; older ones of the kind go."""
        path = self._make(connection, f"before-v{version}")
        kept = sorted(self.folder.glob(f"{self._history.stem}-before-v*.db"), key=_age)
        for old in kept[: max(0, len(kept) - KEPT_BEFORE_MIGRATION)]:
            with suppress(OSError):
                old.unlink()
        return path

    def exist(self) -> bool:
        """True where there is any backup."""
        return any(self._all())

    def newest_good(self, newest_version: int) -> Iterator[Path]:
        """Yield the backups that can be used by a program of schema `newest_version`, newest first."""
        for path in sorted(self._all(), key=_age, reverse=True):
            try:
                version = self._check(path)
            except (apsw.Error, OSError, DamagedError):
                continue
            if version <= newest_version:
                yield path

    def restore(self, backup: Path) -> None:
        """Put a copy of `backup` where the history should be; there must be none."""
        temporary = self._history.with_name(f".{self._history.name}-restored")
        temporary.unlink(missing_ok=True)
        make_file(temporary)
        try:
            shutil.copyfile(backup, temporary)
            sync_file(temporary)
            temporary.replace(self._history)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
        sync_folder(self._history.parent)

    def _all(self) -> Iterator[Path]:
        return self.folder.glob(f"{self._history.stem}-*.db")

    def _make(self, connection: apsw.Connection, why: str) -> Path:
        make_folder(self.folder)
        temporary = self.folder / f".{self._history.stem}-{why}.tmp"
        temporary.unlink(missing_ok=True)
        # SQLite fills an empty file, and this one nobody else can read.
        make_file(temporary)
        try:
            connection.execute("VACUUM INTO ?", (str(temporary),))
            self._check(temporary)
            sync_file(temporary)
            path = free_name(self.folder / f"{self._history.stem}-{why}-{stamp()}.db")
            temporary.rename(path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
        sync_folder(self.folder)
        return path

    def _check(self, path: Path) -> int:
        """Read all of a backup; returns its schema version, or raises what is wrong with it."""
        close_to_others(path)
        flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
        # Nobody else opens a backup, so SQLite may leave out its locks and makes no file beside it.
        with closing(apsw.Connection(f"{path.resolve().as_uri()}?immutable=1", flags, self._vfs)) as copy:
            if copy.pragma("application_id") != APPLICATION_ID:
                raise DamagedError(f"{path.name} is no history of Sirocco")
            result = copy.pragma("integrity_check")
            if result != "ok":
                raise DamagedError(f"{path.name}: {result}")
            version = copy.pragma("user_version")
        return int(version)


def _age(path: Path) -> tuple[float, str]:
    return path.stat().st_mtime, path.name
