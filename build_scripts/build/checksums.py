"""The sums by which a person sees that a download is whole: SHA256SUMS, beside what it sums."""

from __future__ import annotations

import hashlib
from pathlib import Path

SUMS = "SHA256SUMS"
SUFFIXES = (".tar.xz", ".deb", ".AppImage", ".exe", ".dmg", ".cdx.json")


def handed_out(folder: Path) -> list[Path]:
    """What of a folder goes to people, by name."""
    return sorted(path for path in folder.iterdir() if path.is_file() and path.name.endswith(SUFFIXES))


def write_sums(folder: Path) -> Path:
    """Write the sums of all that goes to people, as `sha256sum --check` reads them."""
    lines = []
    for path in handed_out(folder):
        with path.open("rb") as file:
            lines.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.name}\n")
    target = folder / SUMS
    target.write_text("".join(lines), encoding="utf-8", newline="\n")
    return target
