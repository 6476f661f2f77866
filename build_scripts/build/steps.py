"""What the steps of a build have in common: what was asked for, and how they speak and fail."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


class BuildError(Exception):
    """What stands in the way of a build; its text says what to do about it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked for. A fast build is for tests: whatever takes time and makes it smaller is left out."""

    is_fast: bool = False

    @property
    def level(self) -> int:
        """How hard to compress, from 0 (soon there) to 9 (small)."""
        return 0 if self.is_fast else 9


def say(line: str) -> None:
    """Tell the person what goes on, as dev.py does."""
    print(f"· {line}", file=sys.stderr, flush=True)


def run(words: Sequence[str | Path], env: Mapping[str, str] | None = None, cwd: Path | None = None) -> str:
    """Run a command to its end; returns what it wrote. BuildError with its last lines where it fails."""
    done = subprocess.run(
        [str(word) for word in words],
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    said = done.stdout.decode(errors="replace")
    if done.returncode:
        tail = "\n".join(said.splitlines()[-15:])
        raise BuildError(f"this ended with {done.returncode}: {shlex.join(map(str, words))}\n{tail}")
    return said
