"""What this Sirocco is made of: `--version`, and what a bug report begins with."""

from __future__ import annotations

import platform

from app import __version__
from app.desktop.build_info import BuildInfo, build_info
from app.store.sqlite_facts import sqlite_version


def version_lines() -> tuple[str, ...]:
    """One line for each part, its name first; the first line is Sirocco's own. Loads Qt's core and SQLite."""
    import PySide6
    from PySide6.QtCore import qVersion

    return (
        f"Sirocco {__version__}",
        f"build {described(build_info())}",
        f"Qt {qVersion()} (PySide6 {PySide6.__version__})",
        f"Python {platform.python_version()}",
        f"SQLite {sqlite_version()}",
    )


def described(build: BuildInfo) -> str:
    """A build in words: "deb, 846422e, 2026-11-25"."""
    return ", ".join(part for part in (build.channel, build.commit, build.date) if part)
