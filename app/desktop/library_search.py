"""Where Windows looks for a library that is asked for by its name alone (SEC-18)."""

from __future__ import annotations

import ctypes
from collections.abc import Callable

# From libloaderapi.h: the program's own folder, System32, and folders that were added by their whole path, as
# PyInstaller and PySide6 add theirs. The current folder and those of PATH are none of them.
LOAD_LIBRARY_SEARCH_DEFAULT_DIRS = 0x1000


def windows_call() -> Callable[[int], int]:
    """SetDefaultDllDirectories itself."""
    kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined]  # on Windows alone
    call: Callable[[int], int] = kernel.SetDefaultDllDirectories
    return call


def narrow_library_search(set_directories: Callable[[int], int]) -> bool:
    """Look nowhere else from now on, in all of this process; False where Windows has refused."""
    return bool(set_directories(LOAD_LIBRARY_SEARCH_DEFAULT_DIRS))
