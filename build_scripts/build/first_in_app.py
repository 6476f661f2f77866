"""Runs in the frozen app before anything else of it."""

import os

# To PySide6 it is the order to delete the modules that `qt_support` has compiled for it, or to write others.
os.environ.pop("SBK_EMBED", None)
if os.name == "nt":
    from app.desktop.library_search import narrow_library_search, windows_call

    narrow_library_search(windows_call())
