"""What was written down about this Sirocco when it was built."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

# Channels that bring newer versions themselves, or, a source tree, none.
BROUGHT_BY_OTHERS = frozenset({"source", "deb", "store", "flatpak", "snap"})


class BuildInfo(NamedTuple):
    """`channel` is what brought it here: "source", "folder", "deb"…; only an installed build has the rest.

    `commit` is the short name of the commit it was built from, `date` the day (2026-11-25, UTC), and
    `update_address` where newer versions are announced: empty where nobody is to ask.
    """

    channel: str = "source"
    commit: str = ""
    date: str = ""
    update_address: str = ""

    @property
    def looks_for_updates(self) -> bool:
        """Whether this build may ask for newer ones: not where a package manager or a store brings them."""
        return self.update_address.startswith("https://") and self.channel not in BROUGHT_BY_OTHERS


FILE_NAME = "build.json"


def program_name() -> str:
    """What a person types to start this Sirocco in a terminal."""
    if getattr(sys, "frozen", False):
        # There a program with windows has no standard output; its twin has.
        return "sirocco-cli" if sys.platform == "win32" else "sirocco"
    return "python -m app"


def build_info(folder: Path | None = None) -> BuildInfo:
    """The note in `folder`, which is the frozen app's own; without a sound one this is the source."""
    folder = Path(getattr(sys, "_MEIPASS", "/nonexistent")) if folder is None else folder
    import json  # only who looks for it pays

    try:
        found = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
        return BuildInfo(**{name: str(found[name]) for name in BuildInfo._fields if name in found})
    except (OSError, ValueError, TypeError):
        return BuildInfo()
