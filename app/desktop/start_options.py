"""What the window is started with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """What the window is started with. `first_question` is sent once it is up; then `picture` is taken."""

    demo: bool = False
    hidden: bool = False
    quit: bool = False
    first_question: str = ""
    picture: Path | None = None
