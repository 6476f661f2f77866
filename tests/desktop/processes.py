"""Child processes of a test that surely end with it."""

import contextlib
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, TypeVar

import psutil

T = TypeVar("T")
LAST = 2_000  # characters of what a program has written that a failure tells


def until(look: Callable[[], T | None], what: str, seconds: float = 60.0) -> T:
    """What `look` returns as soon as it is true; AssertionError naming `what` when it never is.

    `seconds` is a watchdog, far longer than the thing takes, and no measure of speed.
    """
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds:g} s in vain for {what}")
        time.sleep(0.02)


class Processes:
    """Starts programs, each with its output in a file, and ends them all with their descendants."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._started: list[subprocess.Popen[bytes]] = []
        self._files: list[IO[bytes]] = []

    def start(
        self,
        argv: Sequence[str | Path],
        env: Mapping[str, str],
        *,
        stdin: bytes = b"",
        pass_fds: Sequence[int] = (),
        cwd: Path | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start a program that reads `stdin` and then meets its end."""
        with self.log_of(len(self._started), argv).open("wb") as log:
            process = subprocess.Popen(
                argv, env=env, stdin=subprocess.PIPE, stdout=log, stderr=log, pass_fds=pass_fds, cwd=cwd
            )
        self._started.append(process)
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError), process.stdin:
            process.stdin.write(stdin)
        return process

    def converse(self, argv: Sequence[str | Path], env: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """Start a program whose stdin and stdout the test holds."""
        with self.log_of(len(self._started), argv).open("wb") as log:
            process = subprocess.Popen(
                argv, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
            )
        self._started.append(process)
        assert process.stdin is not None
        assert process.stdout is not None
        self._files += [process.stdin, process.stdout]
        return process

    def log_of(self, number: int, argv: Sequence[str | Path]) -> Path:
        return self._logs / f"{number:02}-{Path(argv[0]).name}.log"

    def output_of(self, process: subprocess.Popen[bytes]) -> str:
        """What a program has written so far: both streams, or, where the test reads stdout, stderr."""
        assert isinstance(process.args, list | tuple)
        log = self.log_of(self._started.index(process), process.args)
        return log.read_text(encoding="utf-8", errors="replace")

    def all_output(self) -> str:
        """The end of what each program has written so far, for a test that failed."""
        texts = {
            log.name: log.read_text(encoding="utf-8", errors="replace").strip()
            for log in sorted(self._logs.glob("*.log"))
        }
        return "\n".join(f"--- {name}\n{text[-LAST:]}" for name, text in texts.items() if text)

    @staticmethod
    def _running(family: Sequence[psutil.Process]) -> set[int]:
        running = set()
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                # Where nobody collects orphans, what has ended stays as a zombie.
                if process.status() != psutil.STATUS_ZOMBIE:
                    running.add(process.pid)
        return running

    def pids(self) -> set[int]:
        """The ids of all that still run, descendants included."""
        return self._running(self._family())

    def _family(self) -> list[psutil.Process]:
        family: list[psutil.Process] = []
        for started in self._started:
            with contextlib.suppress(psutil.NoSuchProcess):
                process = psutil.Process(started.pid)
                family += [process, *process.children(recursive=True)]
        return family

    def end(self) -> None:
        """Ask all to end, newest first, and kill what doesn't."""
        family = self._family()
        for process in reversed(family):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.terminate()
        _gone, alive = psutil.wait_procs(family, timeout=5)
        for process in alive:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        until(lambda: not self._running(family), "the end of what was killed")
        for file in self._files:
            with contextlib.suppress(BrokenPipeError):
                file.close()
        for started in self._started:
            started.wait()
