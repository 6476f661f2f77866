"""Names and places that every step of a build agrees on."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from app import __version__

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "build_scripts"
NAME = "Sirocco"
PROGRAM = "sirocco.exe" if os.name == "nt" else "sirocco"
# A program with windows has no standard streams on Windows; its twin has them, for scripts and terminals.
TWIN = "sirocco-cli.exe"
VERSION = __version__
# Everything that is handed to people lies in DIST; what is only on the way there, in WORK.
DIST = ROOT / "dist"
WORK = ROOT / "build" / "freeze"
ONEDIR = DIST / NAME
APP_BUNDLE = DIST / f"{NAME}.app"  # macOS alone


def program(onedir: Path = ONEDIR) -> Path:
    """The program itself, in the folder that was frozen or in another copy of it."""
    if sys.platform == "darwin" and onedir.suffix == ".app":
        return onedir / "Contents" / "MacOS" / PROGRAM
    return onedir / PROGRAM


def terminal_program(onedir: Path = ONEDIR) -> Path:
    """What answers on standard output: the program itself, on Windows its twin."""
    return onedir / TWIN if os.name == "nt" else program(onedir)


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder, each counted once, however many links lead to it."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
