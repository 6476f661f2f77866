"""How the errors of SQLite and the system become faults of the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import apsw

from app.store.faults import DamagedError, StoreError, StoreFault, fault_of_errno


def fault_of(error: Exception, system_errno: int = 0) -> StoreFault:
    """Name the fault behind an error of apsw or of the system.

    `system_errno` is what the connection met last; it tells a full disk from a broken one where SQLite
    knows an I/O error only.
    """
    match error:
        case apsw.FullError():
            return StoreFault.DISK_FULL
        case apsw.IOError() | apsw.CantOpenError():
            return fault_of_errno(system_errno)
        case apsw.ReadOnlyError() | apsw.PermissionsError():
            return StoreFault.READ_ONLY
        case apsw.BusyError() | apsw.LockedError():
            return StoreFault.IN_USE
        case apsw.CorruptError() | apsw.NotADBError() | DamagedError():
            return StoreFault.DAMAGED
        case apsw.ConnectionClosedError():
            return StoreFault.CLOSED
        case OSError():
            return fault_of_errno(error.errno)
        case _:
            return StoreFault.UNEXPECTED


@contextmanager
def as_store_error(system_errno: Callable[[], int] = lambda: 0) -> Iterator[None]:
    """Turn what apsw and the system raise into a StoreError."""
    try:
        yield
    except (apsw.Error, OSError, DamagedError) as error:
        raise StoreError(fault_of(error, system_errno()), f"{type(error).__name__}: {error}") from error
