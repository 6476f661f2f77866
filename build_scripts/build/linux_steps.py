"""The steps of a build that make what Linux installs."""

from __future__ import annotations

import os
import sys

from build_scripts.build.appimage import build_appimage
from build_scripts.build.deb import ARCHITECTURES, build_deb
from build_scripts.build.places import DIST, ONEDIR
from build_scripts.build.release import architecture, this_release
from build_scripts.build.steps import Plan, run, say
from build_scripts.build.tarball import build_tarball
from build_scripts.build.tools import is_here


def tarball(plan: Plan) -> None:
    """the .tar.xz with install.sh, for every Linux"""
    if sys.platform == "linux":
        made = build_tarball(ONEDIR, DIST, this_release(os.environ, plan.level), run)
        say(f"{made}: {made.stat().st_size / 1e6:.1f} MB")


def appimage(plan: Plan) -> None:
    """the AppImage, where appimagetool is"""
    if sys.platform != "linux":
        return
    if not is_here("appimagetool"):
        say("No AppImage: appimagetool isn't here.")
        return
    say(f"{build_appimage(ONEDIR, DIST, this_release(os.environ, plan.level), run)}")


def deb(plan: Plan) -> None:
    """the .deb, where dpkg-deb is"""
    if sys.platform != "linux":
        return
    if not is_here("dpkg-deb") or architecture() not in ARCHITECTURES:
        say("No .deb: dpkg-deb isn't here, or Debian knows no such machine.")
        return
    made = build_deb(ONEDIR, DIST, this_release(os.environ, plan.level), run)
    say(f"{made}: {made.stat().st_size / 1e6:.1f} MB")
