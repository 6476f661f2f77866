"""Reports of crashes and of faults that nobody caught: files of this computer, which nothing ever sends."""

from __future__ import annotations

import os
import platform
import time
from contextlib import suppress
from pathlib import Path

from app import __version__
from app.core.fault_report import FaultReport
from app.desktop.build_info import build_info
from app.desktop.logs import CRASH_NAME
from app.desktop.redaction import Redactor

MAX_REPORT = 32_000  # characters
MAX_KEPT = 5  # files
# Through no link, and on Windows without making other line ends of them.
_AS_IT_IS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
CRASH, FAULT, SEEN = "crash", "fault", ".seen.txt"


class FaultReports:
    """The reports in the folder of logs, 0600 and redacted as the log is; none without such a folder."""

    def __init__(self, folder: Path, redactor: Redactor) -> None:
        self._folder = folder
        self._redactor = redactor

    def collect(self) -> None:
        """Make a report of what the interpreter left behind when an earlier run died, if one did."""
        log = self._folder / CRASH_NAME
        try:
            with os.fdopen(os.open(log, os.O_RDWR | _AS_IT_IS), "r+b") as file:
                left = file.read(4 * MAX_REPORT).decode("utf-8", "replace")
                # Before the report is written: better one too few than the same one at each start.
                file.truncate(0)
        except OSError:
            return
        if left.strip():
            self._write(CRASH, self._redactor.text(left))

    def write_fault(self, redacted: str, thread: str) -> None:
        """Make a report of a fault that the app outlived."""
        self._write(FAULT, f"Thread: {thread}\n{redacted}")

    def unseen(self) -> FaultReport | None:
        """The newest report that was not shown yet; a crash before any fault."""
        for kind in (CRASH, FAULT):
            for path in sorted(self._all(f"{kind}-*.txt"), reverse=True):
                if not path.name.endswith(SEEN):
                    with suppress(OSError):
                        text = path.read_text(encoding="utf-8", errors="replace")[: 2 * MAX_REPORT]
                        return FaultReport(text, is_crash=kind == CRASH)
        return None

    def note_seen(self) -> None:
        """Offer none of those there are again; they stay until newer ones take their place."""
        for path in [*self._all(f"{CRASH}-*.txt"), *self._all(f"{FAULT}-*.txt")]:
            if not path.name.endswith(SEEN):
                with suppress(OSError):
                    path.replace(path.with_name(path.stem + SEEN))

    def _write(self, kind: str, body: str) -> None:
        now = time.time_ns()
        moment = time.gmtime(now // 1_000_000_000)
        build = " ".join(word for word in build_info() if word)
        head = (
            f"Sirocco {__version__} ({build}), Python {platform.python_version()},"
            f" {platform.system()} {platform.release()}\n"
            f"{time.strftime('%Y-%m-%d %H:%M:%S', moment)} UTC\n\n"
        )
        name = f"{kind}-{time.strftime('%Y%m%d-%H%M%S', moment)}-{now % 1_000_000_000:09}.txt"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _AS_IT_IS
        with suppress(OSError):
            descriptor = os.open(self._folder / name, flags, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(head + _shortened(body))
        by_age = sorted((*self._all(f"{CRASH}-*.txt"), *self._all(f"{FAULT}-*.txt")), key=_moment_in)
        for path in by_age[: max(0, len(by_age) - MAX_KEPT)]:
            with suppress(OSError):
                path.unlink()

    def _all(self, pattern: str) -> list[Path]:
        return list(self._folder.glob(pattern))


def _moment_in(path: Path) -> str:
    return path.name.partition("-")[2]


def _shortened(text: str) -> str:
    """The beginning and the end, where a fault says what it is."""
    if len(text) <= MAX_REPORT:
        return text
    half = MAX_REPORT // 2
    return f"{text[:half]}\n[…]\n{text[-half:]}"
