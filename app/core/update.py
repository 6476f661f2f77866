"""The announcement of a newer version, read without trust in who wrote it; and which of two is newer."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from app.core.links import link_address

MAX_ANNOUNCEMENT = 64 * 1024  # bytes
MAX_NOTES = 20_000  # characters
MAX_VERSION = 40

# What PEP 440 allows, but for epochs, which no release of this has. What is local to a builder is left out.
_VERSION = re.compile(
    r"v?(\d{1,9}(?:\.\d{1,9}){0,5})"
    r"(?:[-_.]?(a|alpha|b|beta|c|rc|pre|preview)[-_.]?(\d{0,9}))?"
    r"(?:-(\d{1,9})|[-_.]?(post|rev|r)[-_.]?(\d{0,9}))?"
    r"(?:[-_.]?(dev)[-_.]?(\d{0,9}))?"
    r"(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?",
    re.ASCII,
)
_STAGES = {"alpha": "a", "beta": "b", "c": "rc", "pre": "rc", "preview": "rc"}
# Before all stages and numbers, and after them.
_FIRST, _LAST = ("", -1), ("z", 0)


class Release(NamedTuple):
    """A version, what is new in it (Markdown, untrusted), and the https address of its download page."""

    version: str
    notes: str
    page: str


def release_of(body: bytes) -> Release:
    """What an announcement says: an object with `version`, `page` and maybe `notes`; else a ValueError."""
    try:
        data = json.loads(body.decode("utf-8"))
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    match data:
        case {"version": str(version), "page": str(page)}:
            notes = data.get("notes", "")
        case _:
            raise ValueError("it is no announcement")
    version = version.strip()
    _key(version)
    if link_address(page) != page or not page.startswith("https://"):
        raise ValueError("its page is no https address")
    return Release(version, notes[:MAX_NOTES] if isinstance(notes, str) else "", page)


def is_update(version: str, running: str) -> bool:
    """Whether `version` is to be offered to who runs `running`; ValueError where either is no version.

    One that is still being tested is for those alone who run such a one.
    """
    new, old = _key(version), _key(running)
    return new > old and (_is_final(new) or not _is_final(old))


_Key = tuple[tuple[int, ...], tuple[str, int], tuple[str, int], tuple[str, int]]


def _key(version: str) -> _Key:
    """What versions are ordered by, as packaging orders them."""
    found = _VERSION.fullmatch(version.strip().lower()) if len(version) <= MAX_VERSION else None
    if found is None:
        raise ValueError("it is no version")
    numbers, stage, stage_number, bare_post, post, post_number, dev, dev_number = found.groups()
    release = tuple(map(int, numbers.split(".")))
    while len(release) > 1 and release[-1] == 0:
        release = release[:-1]
    is_post = bare_post is not None or post is not None
    if stage is not None:
        stage_key = (_STAGES.get(stage, stage), int(stage_number or 0))
    else:
        stage_key = _FIRST if dev is not None and not is_post else _LAST
    post_key = ("post", int(bare_post or post_number or 0)) if is_post else _FIRST
    dev_key = ("dev", int(dev_number or 0)) if dev is not None else _LAST
    return release, stage_key, post_key, dev_key


def _is_final(key: _Key) -> bool:
    return key[1] == _LAST and key[3] == _LAST
