"""What the window is started with."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Options(NamedTuple):
    """What the window is started with. `first_question` is sent once it is up; then `picture` is taken.

    `quick_ask` is what Quick Ask begins with, and empty where it shall only come up; None: it shall not.
    """

    demo: bool = False
    hidden: bool = False
    quit: bool = False
    self_test: bool = False
    quick_ask: str | None = None
    first_question: str = ""
    picture: Path | None = None
