"""A disk that fails when a test wants it to: SQLite's own file layer with a counter before each write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import apsw

NAME = "fault-files"


@dataclass
class Faults:
    """Which operation on a file fails, counted from 1, and with what; 0 is none.

    A `lasting` fault stays until `mend`, as a full disk does; else only that one operation fails.
    """

    at: int = 0
    error: type[apsw.Error] = apsw.FullError
    lasting: bool = False
    count: int = 0
    seen: list[str] = field(default_factory=list)

    def meet(self, operation: str) -> None:
        self.count += 1
        self.seen.append(operation)
        if self.at and (self.count >= self.at if self.lasting else self.count == self.at):
            raise self.error(operation)

    def mend(self) -> None:
        self.at = 0


class _FaultFile(apsw.VFSFile):
    def __init__(self, name: str | apsw.URIFilename | None, flags: list[int], faults: Faults) -> None:
        super().__init__("", name, flags)
        self._faults = faults

    def xWrite(self, data: bytes, offset: int) -> None:
        self._faults.meet("write")
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:
        self._faults.meet("sync")
        super().xSync(flags)

    def xTruncate(self, newsize: int) -> None:
        self._faults.meet("truncate")
        super().xTruncate(newsize)


class _FaultFiles(apsw.VFS):
    def __init__(self, faults: Faults) -> None:
        super().__init__(NAME, "")
        self._faults = faults

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        if flags[0] & apsw.SQLITE_OPEN_CREATE:
            self._faults.meet("create")
        return _FaultFile(name, flags, self._faults)


@contextmanager
def fault_files() -> Iterator[Faults]:
    """Register the file layer `NAME`; the value says what fails."""
    faults = Faults()
    layer = _FaultFiles(faults)
    try:
        yield faults
    finally:
        layer.unregister()
