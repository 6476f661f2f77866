"""The steps of a build that make what Windows and macOS install."""

from __future__ import annotations

import os
import sys

from build_scripts.build.macos import build_dmg, signer
from build_scripts.build.places import APP_BUNDLE, DIST, ONEDIR
from build_scripts.build.release import this_release
from build_scripts.build.steps import Plan, run, say
from build_scripts.build.tools import is_here
from build_scripts.build.windows import PROGRAM, build_setup


def setup(plan: Plan) -> None:
    """the installer of Windows, wherever makensis and a folder frozen on Windows are"""
    if not (ONEDIR / PROGRAM).is_file():
        if sys.platform == "win32":
            say(f"No installer: there is no {PROGRAM} in {ONEDIR}.")
        return
    if not is_here("makensis"):
        say("No installer: makensis (of NSIS, with amd64-unicode stubs, as Debian has it) isn't here.")
        return
    say(f"{build_setup(ONEDIR, DIST, this_release(os.environ, plan.level), run)}")


def dmg(plan: Plan) -> None:
    """the disk image of macOS, signed and notarised where an identity is set"""
    if sys.platform == "darwin":
        say(f"{build_dmg(APP_BUNDLE, DIST, this_release(os.environ, plan.level), signer(os.environ), run)}")
