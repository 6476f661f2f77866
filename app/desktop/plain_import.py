"""Python's own `import`, which PySide6 puts a slower one before."""

from __future__ import annotations

import builtins
import linecache


def restore_plain_import() -> None:
    """Load PySide6 and undo what it does to the import statement.

    For its `__feature__` switch, which Sirocco doesn't use, PySide6 (6.11, `shibokensupport/feature.py`) puts
    a function before `builtins.__import__` that reads the whole source of each module that is imported
    afterwards, and leaves it in `linecache` for good.
    """
    import PySide6.QtCore  # noqa: F401 (it must have done so)

    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
    linecache.clearcache()
