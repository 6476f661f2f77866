"""The standalone folder: freezes the app with PyInstaller, then starts it once."""

from __future__ import annotations

import os
import shutil
import sys

from build_scripts.build.places import DIST, ONEDIR, ROOT, SCRIPTS, VERSION, WORK, program, size_of
from build_scripts.build.steps import BuildError, Plan, run, say


def freeze(plan: Plan) -> None:
    """the standalone folder (dist/Sirocco; on macOS Sirocco.app too)"""
    say("Freezing; this takes about a minute")
    shutil.rmtree(ONEDIR, ignore_errors=True)
    places = ["--distpath", str(DIST), "--workpath", str(WORK)]
    options = ["--fast"] if plan.is_fast else []
    words = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", *places]
    run([*words, str(SCRIPTS / "app.spec"), "--", *options], os.environ, ROOT)
    said = run([program(), "--version"]).splitlines()
    if not said or said[0].split()[:2] != ["Sirocco", VERSION]:
        raise BuildError(f"{program()} --version said {said}")
    say(f"{ONEDIR}: {size_of(ONEDIR) / 1e6:.0f} MB")
