"""What the programs and libraries of a folder want of a Linux system, read from themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from build_scripts.build.tools import Run

_MAGIC = b"\x7fELF"
_AT_A_TIME = 200  # files for one command line


@dataclass(frozen=True, slots=True)
class Wants:
    """The libraries that the folder links to and doesn't hold, and the oldest glibc that has all it calls."""

    libraries: frozenset[str]
    glibc: tuple[int, int]

    @property
    def in_words(self) -> str:
        """For a person whose system is older."""
        return f"a system with glibc {self.glibc[0]}.{self.glibc[1]} or newer"


def wants_of(folder: Path, run: Run) -> Wants:
    """Read all of a folder with objdump."""
    files = sorted(_elf_files(folder))
    # What Qt loads by its name lies beside what asks for it, so any place in the folder counts.
    held = {path.name for path in folder.rglob("*")}
    needed: set[str] = set()
    glibc = (2, 0)
    for start in range(0, len(files), _AT_A_TIME):
        said = run(["objdump", "-p", *files[start : start + _AT_A_TIME]])
        needed.update(re.findall(r"^\s+NEEDED\s+(\S+)", said, re.MULTILINE))
        for major, minor in re.findall(r"\bGLIBC_(\d+)\.(\d+)", said):
            glibc = max(glibc, (int(major), int(minor)))
    return Wants(frozenset(needed - held), glibc)


def _elf_files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(4) == _MAGIC:
                    yield path
