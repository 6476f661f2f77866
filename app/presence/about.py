"""Gathers what About shows, when it is first asked for."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from pathlib import Path

import PySide6
from PySide6.QtCore import QLocale, qVersion
from PySide6.QtGui import QGuiApplication

from app import __version__
from app.core.about import About, Place, without_name
from app.desktop.build_info import BuildInfo, build_info
from app.desktop.paths import Folders, resources_dir
from app.store.sqlite_facts import sqlite_version


def about(profile: Folders, environment: Mapping[str, str], home: Path) -> About:
    """Of the running app; `home` is the person's own folder."""

    def place(path: Path) -> Place:
        return Place(path, without_name(path, home))

    return About(
        version=__version__,
        build=build_words(build_info()),
        parts=(
            ("Qt", qVersion()),
            ("PySide6", PySide6.__version__),
            ("Python", platform.python_version()),
            ("SQLite", sqlite_version()),
        ),
        system=(
            ("system", _system()),
            ("desktop", _desktop(environment)),
            ("screens", _screens()),
            ("language", QLocale().name()),
        ),
        chats=place(profile.data),
        settings=place(profile.config),
        logs=place(profile.logs),
        resources=resources_dir(),
    )


def build_words(build: BuildInfo) -> str:
    """Which commit, of which day, brought in which way; empty for a source tree."""
    if build.channel == "source":
        return ""
    return " ".join(word for word in (build.commit, build.date, f"({build.channel})") if word)


def _system() -> str:
    if platform.system() == "Linux":
        try:
            # Its own name, where the kernel's alone says little.
            name = platform.freedesktop_os_release().get("PRETTY_NAME", "")
        except OSError:
            name = ""
        return ", ".join(part for part in (name, f"Linux {platform.release()}", platform.machine()) if part)
    return f"{platform.platform(terse=True)}, {platform.machine()}"


def _desktop(environment: Mapping[str, str]) -> str:
    named = (environment.get(name, "") for name in ("XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE"))
    return ", ".join(word for word in (*named, f"Qt on {QGuiApplication.platformName()}") if word)


def _screens() -> str:
    return ", ".join(
        f"{screen.size().width()}×{screen.size().height()} at {screen.devicePixelRatio():g}"
        for screen in QGuiApplication.screens()
    )
