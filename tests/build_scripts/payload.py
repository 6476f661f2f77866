"""A small folder that is packed as the frozen app is, where a test has no minute for freezing."""

from __future__ import annotations

import shutil
from pathlib import Path

from app.desktop.build_info import BuildInfo
from build_scripts.build.note import write_note
from build_scripts.build.release import Release

RELEASE = Release("1.2.3", 1_750_000_000, "https://sirocco.example", level=0)


def stand_in(folder: Path, mark: str = "one") -> Path:
    """Make it. Its program is a real one, which says a version and runs until it is ended: `sleep`.

    What it holds besides depends on `mark`, so that two of them can be told apart.
    """
    inside = folder / "_internal"
    inside.mkdir(parents=True)
    shutil.copy("/usr/bin/sleep", folder / "sirocco")
    shutil.copy("/usr/bin/sleep", inside / "libpart.so.1")
    (inside / "libpart.so").symlink_to("libpart.so.1")
    (inside / "compiled.pyc").write_bytes(b"for the Python that it brings")
    (inside / mark).write_text("a part that only this one has\n", encoding="utf-8")
    write_note(inside, BuildInfo("folder", "abc1234", "2026-11-25"))
    return folder
