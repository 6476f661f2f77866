"""Looks for a secret in everything that a program leaves behind or shows to others."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import psutil


def spellings(secret: str) -> dict[str, bytes]:
    """The bytes that `secret` may be written as, by the name of the way.

    All but its ends are looked for, so that what is cut off, quoted or shifted is found, too.
    """
    middle = secret[3:-4]
    found = {
        "plain": middle.encode(),
        "backwards": middle[::-1].encode(),
        "hex": middle.encode().hex().encode(),
        "url": quote(middle, safe="").encode(),
        "utf-16": middle.encode("utf-16-le"),
    }
    for lead in range(3):
        # Behind other bytes base64 spells the same ones in three ways; its ends depend on what is around.
        raw = b"\0" * lead + middle.encode()
        for name, encode in (("base64", b64encode), ("base64url", urlsafe_b64encode)):
            found[f"{name} +{lead}"] = encode(raw)[4 : len(raw) // 3 * 4]
    return found


def traces(secret: str, *folders: Path) -> list[str]:
    """Where in the files of `folders` the secret is found, and as what; names of files count as well."""
    return [
        f"{path}: {way}"
        for path, content in _files(folders)
        for way, spelling in spellings(secret).items()
        if spelling in content or spelling in str(path).encode("utf-8", "surrogateescape")
    ]


def traces_in_processes(secret: str, pids: Iterable[int]) -> list[str]:
    """Where the secret is found in the arguments or the environment of these processes."""
    return [
        f"{pid}/{kind}: {way}"
        for pid in pids
        for kind in ("cmdline", "environ")
        for way, spelling in spellings(secret).items()
        if spelling in _of_process(pid, kind)
    ]


def family(pid: int) -> list[int]:
    """The process and all that it has started, as far as they run."""
    process = psutil.Process(pid)
    return [pid, *(child.pid for child in process.children(recursive=True))]


def _files(folders: Iterable[Path]) -> Iterator[tuple[Path, bytes]]:
    for folder in folders:
        assert folder.is_dir()
        for path in folder.rglob("*"):
            # A file may be gone since it was listed: a database's log, or what is written and renamed.
            with suppress(FileNotFoundError):
                if path.is_file() and not path.is_symlink():
                    yield path, path.read_bytes()


def _of_process(pid: int, kind: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{kind}").read_bytes()
    except FileNotFoundError:
        return b""
