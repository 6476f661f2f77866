"""One instance for each data folder: a lock decides who it is, and the others tell it what they are for."""

from __future__ import annotations

import logging
import os
import time
from enum import Enum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLockFile

from app.desktop.hand_over import ANSWER, Message, encode, hand_over
from app.desktop.paths import Folders

ANSWER_SECONDS = 2.0
ANY_PROCESS = -1  # ASFW_ANY
SECONDS_BETWEEN = 0.05
PATIENCE = 60.0  # seconds between the first one's lock and its listening, where much else is being started
SURELY_HELD = 2.0  # seconds after which whoever has made a lock file holds it

_log = logging.getLogger(__name__)


class Election(Enum):
    """How a start went: it is the instance, it told the instance, or the instance doesn't answer."""

    FIRST = "first"
    HANDED_OVER = "handed over"
    NO_ANSWER = "no answer"


class InstanceLock:
    """The lock of a data folder. Held from `elect` until `release` or the process' end."""

    def __init__(self, folders: Folders, socket_path: Path | None, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._path = folders.lock_file
        self._socket_path = socket_path
        self._lock = QLockFile(str(folders.lock_file))
        # Never stale by age: it is held as long as the app runs.
        self._lock.setStaleLockTime(0)

    def elect(self, message: Message) -> Election:
        """Take the lock, or say `message` to who holds it. Takes a minute at most; no event loop needed."""
        begun = time.monotonic()
        while True:
            if self._lock.tryLock(0):
                return Election.FIRST
            if self._lock.error() is not QLockFile.LockError.LockFailedError:
                # A data folder that can't be written to holds no lock either; the store says so in words.
                _log.warning("no lock in the data folder: %s", self._lock.error().name)
                return Election.FIRST
            if _told(self._socket_path, message):
                return Election.HANDED_OVER
            waited = time.monotonic() - begun
            if waited > SURELY_HELD and self._take_over():
                _log.info("took over an abandoned lock")
                return Election.FIRST
            if waited > self._patience:
                return Election.NO_ANSWER
            time.sleep(SECONDS_BETWEEN)  # there is no window yet that could stall

    def release(self) -> None:
        """Let the next instance in."""
        self._lock.unlock()

    def _take_over(self) -> bool:
        return self._is_abandoned() and self._lock.removeStaleLockFile() and self._lock.tryLock(0)

    def _is_abandoned(self) -> bool:
        """True where the lock file names a live process that doesn't hold it: its number was used again.

        QLockFile keeps an flock on its file, and that one ends with its process in every case.
        """
        if os.name != "posix":
            return False
        import fcntl

        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        finally:
            os.close(descriptor)
        return True


def let_others_come_forward(windows: Any) -> None:
    """Hand on what this start is allowed to, or Windows would only make a button of the task bar blink.

    `windows` is `ctypes.windll`, and None on other systems. It has not run on a real Windows.
    """
    if windows is not None:
        windows.user32.AllowSetForegroundWindow(ANY_PROCESS)


def _told(socket_path: Path | None, message: Message) -> bool:
    if socket_path is None:
        return False
    if os.name == "posix":
        return hand_over(socket_path, message, ANSWER_SECONDS)
    from PySide6.QtNetwork import QLocalSocket

    milliseconds = int(ANSWER_SECONDS * 1000)
    pipe = QLocalSocket()
    pipe.connectToServer(socket_path.name)
    if not pipe.waitForConnected(milliseconds):
        return False
    import ctypes

    let_others_come_forward(getattr(ctypes, "windll", None))
    pipe.write(encode(message))
    return pipe.waitForReadyRead(milliseconds) and bytes(pipe.readAll().data()) == ANSWER
