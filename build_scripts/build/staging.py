"""A folder that becomes a package: sorted, dated and owned alike on every machine that makes it."""

from __future__ import annotations

import lzma
import os
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

FOLDER_MODE = 0o755
PROGRAM_MODE = 0o755
FILE_MODE = 0o644


def copy_tree(source: Path, target: Path) -> None:
    """Copy a folder with its links as links."""
    shutil.copytree(source, target, symlinks=True)


def put(target: Path, content: str | bytes) -> None:
    """Write one file and the folders above it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content.encode() if isinstance(content, str) else content)


def settle(root: Path, epoch: int) -> None:
    """Give every file its proper mode and the date of the build.

    Libraries come executable from the frozen folder, and need not be.
    """
    for path in _below(root):
        if path.is_symlink():
            os.utime(path, (epoch, epoch), follow_symlinks=False)
            continue
        if path.is_dir():
            path.chmod(FOLDER_MODE)
        else:
            path.chmod(mode_of(path))
        os.utime(path, (epoch, epoch))


def mode_of(path: Path) -> int:
    """What a file may be in a package: a program keeps its right to run, nothing else has one."""
    is_program = path.stat().st_mode & 0o100 and ".so" not in path.suffixes
    return PROGRAM_MODE if is_program else FILE_MODE


def size_of(root: Path) -> int:
    """How many bytes all files of a folder hold."""
    return sum(path.lstat().st_size for path in root.rglob("*") if path.is_symlink() or path.is_file())


def write_archive(root: Path, target: Path, epoch: int, level: int) -> None:
    """Pack a settled folder, named in the archive as it is on disk, into a `.tar.xz`."""
    preset = level | lzma.PRESET_EXTREME if level == 9 else level
    # Under its own name only when it is whole.
    draft = target.with_name(f"{target.name}.part")
    with (
        lzma.open(draft, "wb", preset=preset) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as archive,
    ):
        for path in _below(root):
            entry = archive.gettarinfo(str(path), str(path.relative_to(root.parent)))
            entry.uid = entry.gid = 0
            entry.uname = entry.gname = "root"
            entry.mtime = epoch
            if entry.isreg():
                with path.open("rb") as file:
                    archive.addfile(entry, file)
            else:
                archive.addfile(entry)
    draft.replace(target)


def _below(root: Path) -> Iterator[Path]:
    yield root
    yield from sorted(root.rglob("*"), key=lambda path: path.relative_to(root).as_posix())
