"""The standalone folder: freezes the app with PyInstaller, then starts it once."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from build_scripts.build.places import DIST, ONEDIR, ROOT, SCRIPTS, VERSION, WORK, size_of, terminal_program
from build_scripts.build.steps import BuildError, Plan, run, say


def freeze(plan: Plan) -> None:
    """the standalone folder (dist/Sirocco; on macOS Sirocco.app too)"""
    say("Freezing; this takes about a minute")
    shutil.rmtree(ONEDIR, ignore_errors=True)
    freeze_into(DIST, WORK, plan)
    said = run([terminal_program(), "--version"]).splitlines()
    if not said or said[0].split()[:2] != ["Sirocco", VERSION]:
        raise BuildError(f"{terminal_program()} --version said {said}")
    say(f"{ONEDIR}: {size_of(ONEDIR) / 1e6:.0f} MB")


def freeze_into(dist: Path, work: Path, plan: Plan, spec: Path = SCRIPTS / "app.spec") -> None:
    """Make the folder below `dist`. What is found in `work` of an earlier build saves time."""
    places = ["--distpath", str(dist), "--workpath", str(work)]
    options = ["--fast"] if plan.is_fast else []
    words = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", *places]
    run([*words, str(spec), "--", *options], os.environ, ROOT)
