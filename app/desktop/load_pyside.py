"""Loads PySide6 without what that costs at each start: sources to compile, and a slower `import`."""

from __future__ import annotations

import builtins
import linecache
import marshal
import os
import sys
from pathlib import Path
from types import CodeType
from typing import Any

SUPPORT = "shibokensupport/"  # what PySide6 calls the files of its own support modules


def load_pyside() -> None:
    """Load PySide6's core; for everything that imports more of it afterwards.

    PySide6 (6.11) carries its support modules as sources, packed into a library, and compiles them at each
    start, a tenth of what a start takes. Here the compiled ones are kept where Python keeps those of this
    module, and for as long: a support module with another text is compiled anew. The frozen app has them as
    files (`build_scripts/build/qt_support.py`).

    For its `__feature__` switch, which Sirocco doesn't use, it puts a function before `builtins.__import__`
    (`shibokensupport/feature.py`) that reads the whole source of each module that is imported afterwards,
    and leaves it in `linecache` for good. The one that was there before is put back.
    """
    place = _place()
    kept = _read(place)
    used: dict[bytes, CodeType] = {}
    plain_compile = builtins.compile

    def compile_once(source: Any, filename: Any, *how: Any, **more: Any) -> Any:
        if not isinstance(source, bytes) or not str(filename).startswith(SUPPORT):
            return plain_compile(source, filename, *how, **more)
        # As PySide6 compiles it: with the `annotations` of the module that calls, which this one has, too.
        used[source] = kept.get(source) or plain_compile(source, filename, *how, **more)
        return used[source]

    vars(builtins)["compile"] = compile_once
    try:
        import PySide6.QtCore  # noqa: F401
    finally:
        vars(builtins)["compile"] = plain_compile
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
    linecache.clearcache()
    if place and used.keys() - kept.keys():
        _write(place, used)


def _place() -> Path | None:
    """The file of the compiled modules; None where Python keeps none."""
    own = __spec__.cached
    return Path(own).with_suffix(".pyside") if own and not sys.dont_write_bytecode else None


def _read(place: Path | None) -> dict[bytes, CodeType]:
    """The compiled modules by their sources; none where there is no such file, or a torn one."""
    try:
        # Whoever can write there can write Python's own compiled modules beside it.
        found = marshal.loads(place.read_bytes() if place else b"")  # noqa: S302
    except (OSError, EOFError, ValueError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(place: Path, compiled: dict[bytes, CodeType]) -> None:
    made = place.with_suffix(f".{os.getpid()}")
    try:
        made.write_bytes(marshal.dumps(compiled))
        made.replace(place)
    except OSError:
        # In a folder that isn't the user's, or on a full disk; then the next start compiles, too.
        from contextlib import suppress

        with suppress(OSError):
            made.unlink(missing_ok=True)
