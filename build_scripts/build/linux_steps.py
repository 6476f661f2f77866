"""The steps of a build that make what Linux installs."""

from __future__ import annotations

import os
import sys

from build_scripts.build.places import DIST, ONEDIR
from build_scripts.build.release import this_release
from build_scripts.build.steps import Plan, run, say
from build_scripts.build.tarball import build_tarball


def tarball(plan: Plan) -> None:
    """the .tar.xz with install.sh, for every Linux"""
    if sys.platform == "linux":
        made = build_tarball(ONEDIR, DIST, this_release(os.environ, plan.level), run)
        say(f"{made}: {made.stat().st_size / 1e6:.1f} MB")
