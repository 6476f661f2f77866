"""The announcement of a release, which installed versions look at once a day (`app.core.update`).

It is drafted with the release. Once a person publishes that, `announce` puts it where they look.
"""

from __future__ import annotations

import json
from pathlib import Path

from app.core.update import MAX_NOTES, Release, release_of

NAME = "latest.json"


def write_announcement(folder: Path, version: str, notes: str, homepage: str) -> Path:
    """Write it into `folder`; returns it. A ValueError where no version would read it."""
    release = Release(version, notes[:MAX_NOTES], f"{homepage.rstrip('/')}/releases/latest")
    text = json.dumps(release._asdict(), ensure_ascii=False, indent=1) + "\n"
    release_of(text.encode())
    path = folder / NAME
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
