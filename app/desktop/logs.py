"""The log: small files for the owner alone, without secrets, with every fault that nobody caught."""

from __future__ import annotations

import faulthandler
import io
import logging
import os
import sys
import threading
import traceback as tracebacks
from pathlib import Path
from types import TracebackType
from typing import Any, TypeAlias

from app.desktop.redaction import Redactor
from app.desktop.whole_errors import forget_underway

MAX_BYTES = 1_000_000
FILES = 5
REPORTS_A_RUN = 3
LOG_NAME = "sirocco.log"
CRASH_NAME = "crash.log"
LEVEL_VARIABLE = "SIROCCO_LOG"  # DEBUG, INFO (also without it), WARNING
_FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"
# What Qt says each time that a screen reader asks how wide the end of a text is, or for what has gone.
_ASKED = ("QTextCursor::setPosition: Position ", "Could not find accessible on path: ")

ExceptionInfo: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)

_log = logging.getLogger(__name__)


class RotatingFile(logging.Handler):
    """Writes to `folder`, FILES files of MAX_BYTES at most, 0600. Own code: the one of `logging.handlers`
    costs 10 ms of imports at start and opens its files by the umask.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._file: io.BufferedWriter | io.FileIO | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record; a full disk loses it without a word, for there is nowhere to say so."""
        try:
            data = (self.format(record) + "\n").encode("utf-8", "backslashreplace")
            if self._file is None:
                self._file = open_private(self._folder / LOG_NAME)
            if self._file.tell() + len(data) > MAX_BYTES and self._file.tell():
                self._rotate()
            self._file.write(data[:MAX_BYTES])
        except OSError:
            return

    def close(self) -> None:
        """Close the file."""
        with self.lock or threading.Lock():
            if self._file is not None:
                self._file.close()
                self._file = None
        super().close()

    def _rotate(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()
        names = [self._folder / LOG_NAME, *(self._folder / f"{LOG_NAME}.{n}" for n in range(1, FILES))]
        for older, newer in zip(reversed(names), reversed(names[:-1]), strict=False):
            if newer.exists():
                newer.replace(older)
        self._file = open_private(self._folder / LOG_NAME)


class RedactingFormatter(logging.Formatter):
    """Formats a record with its exception and stack, then takes out what must not be written (SEC-14)."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__(_FORMAT)
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        """The record's line or lines, redacted as a whole."""
        # Only a record begins at the margin, whatever line breaks an untrusted text brings along.
        return self._redactor.text(super().format(record)).replace("\n", "\n    ")

    def formatException(self, ei: ExceptionInfo) -> str:
        forget_underway(ei[1])
        return super().formatException(ei)


class FaultHandler(logging.Handler):
    """Makes a report of each fault that nobody caught, the first few of a run, each once."""

    def __init__(self, folder: Path, redactor: Redactor) -> None:
        super().__init__(logging.ERROR)
        self._folder = folder
        self._redactor = redactor
        self._reported: set[tuple[object, ...]] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Write the report; a folder that can't be written to loses it without a word."""
        if not record.exc_info or record.exc_info[0] is None:
            return
        place = record.exc_info[2]
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        fault = (record.exc_info[0], place and (place.tb_frame.f_code.co_filename, place.tb_lineno))
        if fault in self._reported or len(self._reported) >= REPORTS_A_RUN:
            return
        self._reported.add(fault)
        from app.desktop.fault_reports import FaultReports  # a run without faults does without

        reports = FaultReports(self._folder, self._redactor)
        reports.write_fault(self.format(record), record.threadName or "")


def start_logging(folder: Path, redactor: Redactor, level: str = "") -> None:
    """Send the log of this process to `folder`, with every uncaught exception of every thread (REL-17).

    `level` is a level's name; another word counts as INFO. Where the folder can't be written to, there is
    no log and no error.
    """
    handler = RotatingFile(folder)
    handler.setFormatter(RedactingFormatter(redactor))
    root = logging.getLogger()
    root.addHandler(handler)
    if sys.stderr is not None:  # a program without a console has none
        terminal = logging.StreamHandler()
        terminal.setLevel(logging.ERROR)
        terminal.setFormatter(RedactingFormatter(redactor))
        root.addHandler(terminal)
    root.setLevel(level if level in ("DEBUG", "INFO", "WARNING", "ERROR") else "INFO")
    # They log headers and addresses of their own accord; what matters of them is in our own errors.
    for name in ("httpx", "httpcore", "keyring", "asyncio", "markdown_it"):
        logging.getLogger(name).setLevel(logging.WARNING)
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread
    sys.unraisablehook = _log_unraisable
    faults = FaultHandler(folder, redactor)
    faults.setFormatter(RedactingFormatter(redactor))
    _log.addHandler(faults)
    # A crash of the interpreter writes to a file that is already open, for then nothing can be opened.
    try:
        crash = open_private(folder / CRASH_NAME)
    except OSError as error:
        _log.warning("no crash file: %s", error)
        return
    faulthandler.enable(crash)


def log_qt_messages() -> None:
    """Send Qt's own messages to the log, each under the name of its category."""
    from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

    levels = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
        QtMsgType.QtCriticalMsg: logging.ERROR,
        QtMsgType.QtFatalMsg: logging.CRITICAL,
    }

    def on_message(kind: QtMsgType, context: QMessageLogContext, text: str | None) -> None:
        category = getattr(context, "category", None) or "default"
        level = levels.get(kind, logging.WARNING)
        if text and text.startswith(_ASKED):
            level = logging.DEBUG
        logging.getLogger(f"qt.{category}").log(level, "%s", text or "")

    qInstallMessageHandler(on_message)


def open_private(path: Path) -> io.FileIO:
    """Open a file to append to, unbuffered, readable by its owner alone; never through a link."""
    flags = (
        os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    )
    descriptor = os.open(path, flags, 0o600)
    if os.name == "posix":
        os.fchmod(descriptor, 0o600)
    file = io.FileIO(descriptor, "ab")
    file.seek(0, os.SEEK_END)
    return file


def _log_uncaught(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    _log.error("nobody caught this", exc_info=(kind, error, traceback))
    # The interpreter keeps the last traceback, and with it all that its frames held. A QPainter that outlives
    # its paint event in one of them, still open, makes Qt crash when its widget is destroyed.
    tracebacks.clear_frames(traceback)


def _log_uncaught_in_thread(hook: threading.ExceptHookArgs) -> None:
    if hook.exc_value is not None:
        _log_uncaught(hook.exc_type, hook.exc_value, hook.exc_traceback)


def _log_unraisable(hook: Any) -> None:
    error = hook.exc_value
    if error is not None:
        _log.error(
            "in a place where nothing can be raised", exc_info=(type(error), error, error.__traceback__)
        )
