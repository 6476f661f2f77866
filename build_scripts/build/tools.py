"""The programs that make installers: how they are run, and whether they are here."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol


class Run(Protocol):
    """Runs a program to its end and returns what it said; BuildError where it failed (`steps.run`)."""

    def __call__(
        self, words: Sequence[str | Path], env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> str: ...


def is_here(tool: str) -> bool:
    """Whether this machine has the program."""
    return shutil.which(tool) is not None
