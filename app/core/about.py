"""What can be said of this Sirocco and of the system that it runs on, to the person and in a bug report."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Place(NamedTuple):
    """A folder of one's own. `shown` is how it is written where others may read it, without a name."""

    path: Path
    shown: str


class About(NamedTuple):
    """`build` is empty where nothing was built. `parts` are names with versions, most telling first."""

    version: str
    build: str
    parts: tuple[tuple[str, str], ...]
    system: tuple[tuple[str, str], ...]
    chats: Place
    settings: Place
    logs: Place
    resources: Path

    @property
    def details(self) -> str:
        """What a bug report begins with: no key, no chat, nobody's name."""
        folders = (("chats", self.chats), ("settings", self.settings), ("logs", self.logs))
        lines = (
            ("Sirocco", self.version),
            ("build", self.build or "from the source tree"),
            *self.parts,
            *self.system,
            *((name, place.shown) for name, place in folders),
        )
        return "".join(f"{name}: {value}\n" for name, value in lines)


def without_name(path: Path, home: Path) -> str:
    """`path` with ~ for the home folder, and with the home's own name, which is a person's, nowhere in it."""
    if path.is_relative_to(home):
        return str(Path("~", path.relative_to(home)))
    return str(Path(*("USER" if part == home.name else part for part in path.parts)))
