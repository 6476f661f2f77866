"""The history file: opened, migrated, set aside where it is damaged, and written in transactions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import apsw

from app.store.backups import Backups
from app.store.faults import DamagedError, StoreError, StoreFault
from app.store.private_files import (
    close_to_others,
    free_name,
    make_file,
    make_folder,
    stamp,
    sync_folder,
)
from app.store.schema import APPLICATION_ID, MIGRATIONS
from app.store.sqlite_faults import as_store_error

__all__ = [
    "MIGRATIONS",
    "Database",
    "Durability",
    "OpenOutcome",
    "OpenReport",
    "StoreError",
    "StoreFault",
]

OLDEST_SQLITE = (3, 51, 3)  # older ones can lose a WAL (REL-03)
BUSY_MILLISECONDS = 2000
# A check costs about 1 ms a MiB; after a clean end a larger file is taken as it is, so that nobody waits.
# After an unclean end it is checked whatever its size.
ALWAYS_CHECKED_BYTES = 64 * 1024 * 1024

_SETTINGS = f"""
PRAGMA busy_timeout = {BUSY_MILLISECONDS};
PRAGMA trusted_schema = OFF;
PRAGMA cell_size_check = ON;
PRAGMA mmap_size = 0;
PRAGMA temp_store = MEMORY;
PRAGMA fullfsync = ON;
PRAGMA checkpoint_fullfsync = ON;
PRAGMA secure_delete = ON;
PRAGMA journal_size_limit = 16777216;
PRAGMA foreign_keys = ON;
"""


class Durability(StrEnum):
    """What a commit outlives: NORMAL the end of the process, FULL the loss of power too (REL-01)."""

    NORMAL = "normal"
    FULL = "full"


class OpenOutcome(StrEnum):
    """How the history was opened.

    RESTORED: it was damaged, and a backup is in its place; REPLACED: damaged, and there was no good backup.
    NEWER and READ_ONLY: it can be read but not written, since a newer Sirocco wrote it, or since the system
    forbids it.
    """

    CREATED = "created"
    OPENED = "opened"
    MIGRATED = "migrated"
    RESTORED = "restored"
    REPLACED = "replaced"
    NEWER = "newer"
    READ_ONLY = "read_only"


@dataclass(frozen=True, slots=True)
class OpenReport:
    """What was found. `kept` is where a damaged file is now, `backup` what was made or put in its place."""

    outcome: OpenOutcome
    kept: Path | None = None
    backup: Path | None = None


class Database:
    """The one writing connection. Every method may raise StoreError; all are called on one thread."""

    def __init__(self, path: Path, *, migrations: Sequence[str] = MIGRATIONS, vfs: str | None = None) -> None:
        """`vfs` names the file layer that SQLite goes through: None is its own."""
        self.path = path
        self._migrations = migrations
        self._vfs = vfs
        self._backups = Backups(path, vfs)
        self._connection: apsw.Connection | None = None
        self._durability: Durability | None = None
        self._unwritable: StoreFault | None = None

    @property
    def is_writable(self) -> bool:
        """True while the history is open for writing."""
        return self._connection is not None and self._unwritable is None

    def open(self) -> OpenReport:
        """Open the history, and whatever its state end with one that can be used.

        A damaged file is moved aside with all that belongs to it and never deleted; the newest good backup
        takes its place, else an empty history (REL-05). A StoreError means that none can be had at all.
        """
        if tuple(int(part) for part in apsw.sqlite_lib_version().split(".")) < OLDEST_SQLITE:
            raise StoreError(StoreFault.UNEXPECTED, f"SQLite {apsw.sqlite_lib_version()} is too old")
        try:
            with self._as_store_error():
                make_folder(self.path.parent)
                return self._open_somehow()
        except StoreError:
            with suppress(StoreError):
                self.close()
            raise

    def close(self) -> None:
        """Write all back into the one file and close it; a history that isn't open stays so."""
        connection, self._connection = self._connection, None
        self._durability = self._unwritable = None
        if connection is not None:
            with self._as_store_error():
                connection.close()

    @contextmanager
    def transaction(self, durability: Durability) -> Iterator[apsw.Connection]:
        """Do all that happens within as one commit, or, where anything raises, not at all."""
        connection = self._writable()
        with self._as_store_error():
            if durability is not self._durability:
                # Inside a transaction SQLite refuses to change it.
                connection.execute(f"PRAGMA synchronous = {durability.name}")
                self._durability = durability
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                self._roll_back(connection)
                raise

    def rows(self, query: str, bindings: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows that `query` gives."""
        connection = self._open_connection()
        with self._as_store_error():
            return list(connection.execute(query, bindings))

    def each_row(self, query: str, bindings: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows that `query` gives, one at a time, for what may not fit into memory."""
        connection = self._open_connection()
        with self._as_store_error():
            yield from connection.execute(query, bindings)

    def check(self) -> tuple[str, ...]:
        """Read all of the file; returns what is wrong with it, nothing where all is well. Takes a while."""
        return tuple(str(row[0]) for row in self.rows("PRAGMA quick_check(20)") if row[0] != "ok")

    def shrink_log(self) -> None:
        """Bring what is in the WAL into the file, and free the WAL's place on the disk."""
        connection = self._writable()
        with self._as_store_error():
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _open_somehow(self) -> OpenReport:
        try:
            return self._open_as_it_is()
        except (apsw.CorruptError, apsw.NotADBError, DamagedError):
            self._leave_as_it_is()
        kept = self._move_aside()
        for backup in self._backups.newest_good(len(self._migrations)):
            self._backups.restore(backup)
            self._open_as_it_is()
            return OpenReport(OpenOutcome.RESTORED, kept, backup)
        self._open_as_it_is()
        return OpenReport(OpenOutcome.REPLACED, kept)

    def _open_as_it_is(self) -> OpenReport:
        wal = _beside(self.path, "-wal")
        is_new = make_file(self.path)
        size = self.path.stat().st_size
        was_cut_off = wal.exists() and wal.stat().st_size > 0
        for ending in ("-wal", "-shm", "-journal"):
            close_to_others(_beside(self.path, ending))
        if size == 0 and (was_cut_off or (not is_new and self._backups.exist())):
            # SQLite would take it for a new one, and throw the WAL away.
            raise DamagedError("the history is empty although something belongs to it")
        if size > 0 and self._is_newer():
            self._open_read_only(StoreFault.NEWER)
            return OpenReport(OpenOutcome.NEWER)
        connection = apsw.Connection(str(self.path), apsw.SQLITE_OPEN_READWRITE, self._vfs)
        self._connection = connection
        if connection.readonly("main"):
            connection.close()
            self._open_read_only(StoreFault.READ_ONLY)
            return OpenReport(OpenOutcome.READ_ONLY)
        self._set_up(connection)
        if size > 0 and (was_cut_off or size <= ALWAYS_CHECKED_BYTES):
            result = connection.execute("PRAGMA quick_check(1)").fetchall()
            if result != [("ok",)]:
                raise DamagedError(str(result))
        return self._migrate(connection)

    def _set_up(self, connection: apsw.Connection) -> None:
        connection.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 1)
        connection.execute(_SETTINGS).fetchall()
        mode = connection.pragma("journal_mode", "wal")
        if mode != "wal":
            raise StoreError(StoreFault.UNEXPECTED, f"journal mode {mode}")
        for ending in ("", "-wal", "-shm"):
            close_to_others(_beside(self.path, ending))

    def _is_newer(self) -> bool:
        """Look whose file it is, and of what schema, without writing one byte (REL-04)."""
        with closing(self._reader()) as reader:
            if _is_filled(reader) and reader.pragma("application_id") != APPLICATION_ID:
                raise DamagedError("this SQLite file is no history of Sirocco")
            return int(reader.pragma("user_version")) > len(self._migrations)

    def _open_read_only(self, why: StoreFault) -> None:
        reader = self._reader()
        self._connection, self._unwritable = reader, why
        query = "SELECT value FROM meta WHERE name = 'min_reader'"
        min_reader = reader.execute(query).fetchall() if _is_filled(reader) else []
        if not min_reader or int(str(min_reader[0][0])) > len(self._migrations):
            raise StoreError(why, f"not readable by schema {len(self._migrations)}")

    def _reader(self) -> apsw.Connection:
        # Without a WAL nobody is writing, and SQLite need not make its files beside the history.
        mode = "mode=ro" if _beside(self.path, "-wal").exists() else "immutable=1"
        reader = apsw.Connection(
            f"{self.path.resolve().as_uri()}?{mode}",
            apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI,
            self._vfs,
        )
        try:
            reader.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}").fetchall()
            reader.execute("PRAGMA trusted_schema = OFF; PRAGMA mmap_size = 0").fetchall()
        except BaseException:
            reader.close()
            raise
        return reader

    def _migrate(self, connection: apsw.Connection) -> OpenReport:
        version = int(connection.pragma("user_version"))
        is_new = not _is_filled(connection)
        target = len(self._migrations)
        if version == target:
            return OpenReport(OpenOutcome.OPENED)
        backup = None if is_new else self._backups.make_before_migration(connection, target)
        # A script may build a table anew, which takes the keys that refer to it along while they are on.
        connection.execute("PRAGMA foreign_keys = OFF; PRAGMA synchronous = FULL").fetchall()
        connection.execute("BEGIN IMMEDIATE")
        try:
            for script in self._migrations[version:]:
                connection.execute(script).fetchall()
            if broken := connection.execute("PRAGMA foreign_key_check").fetchall():
                raise StoreError(StoreFault.UNEXPECTED, f"{len(broken)} rows refer to nothing")
            connection.execute(
                f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {target}"
            ).fetchall()
            connection.execute("COMMIT")
        except BaseException:
            self._roll_back(connection)
            raise
        connection.execute("PRAGMA foreign_keys = ON").fetchall()
        self._durability = Durability.FULL
        return OpenReport(OpenOutcome.CREATED if is_new else OpenOutcome.MIGRATED, backup=backup)

    def _leave_as_it_is(self) -> None:
        """Close the damaged file without writing to it: its WAL may be what damages it."""
        if self._connection is not None:
            self._connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        with suppress(StoreError):
            self.close()

    def _move_aside(self) -> Path:
        """Give the damaged file another name, and its WAL with it, so that it can be looked into later."""
        kept = free_name(self.path.with_name(f"{self.path.stem}-damaged-{stamp()}{self.path.suffix}"))
        for ending in ("-wal", "-shm", "-journal"):
            part = _beside(self.path, ending)
            if part.exists():
                part.rename(_beside(kept, ending))
        self.path.rename(kept)
        sync_folder(self.path.parent)
        return kept

    def _roll_back(self, connection: apsw.Connection) -> None:
        # After a full disk or an I/O error SQLite has rolled back by itself; what failed first counts.
        if connection.in_transaction:
            with suppress(apsw.Error):
                connection.execute("ROLLBACK")

    def _open_connection(self) -> apsw.Connection:
        if self._connection is None:
            raise StoreError(StoreFault.CLOSED)
        return self._connection

    def _writable(self) -> apsw.Connection:
        if self._unwritable is not None:
            raise StoreError(self._unwritable)
        return self._open_connection()

    def _as_store_error(self) -> AbstractContextManager[None]:
        return as_store_error(self._system_errno)

    def _system_errno(self) -> int:
        return self._connection.system_errno if self._connection is not None else 0


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _is_filled(connection: apsw.Connection) -> bool:
    return connection.execute("SELECT count(*) FROM sqlite_schema").fetchall() != [(0,)]
