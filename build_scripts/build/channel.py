"""Which way a copy of the frozen app goes to people; it tells the app so."""

from __future__ import annotations

from pathlib import Path

from app.desktop.build_info import build_info
from build_scripts.build.note import write_note
from build_scripts.build.steps import BuildError


def write_channel(folder: Path, channel: str) -> None:
    """Write `channel` into the note of the frozen app in `folder`; all else that is noted stays."""
    inside = folder / "Contents" / "Resources" if folder.suffix == ".app" else folder / "_internal"
    if not inside.is_dir():
        raise BuildError(f"There is no frozen app in {folder}; the step `folder` makes it.")
    write_note(inside, build_info(inside)._replace(channel=channel))
