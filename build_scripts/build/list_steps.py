"""The steps of a build that list what was made: its parts, and the sums of its files."""

from __future__ import annotations

import os
import sys

from build_scripts.build.checksums import write_sums
from build_scripts.build.places import APP_BUNDLE, DIST, ONEDIR
from build_scripts.build.release import this_release
from build_scripts.build.sbom import write_sbom
from build_scripts.build.steps import BuildError, Plan, say


def sbom(_plan: Plan) -> None:
    """the list of all parts for machines (CycloneDX)"""
    payload = APP_BUNDLE if sys.platform == "darwin" else ONEDIR
    if not payload.is_dir():
        raise BuildError(f"There is no {payload}; the step `folder` makes it.")
    say(f"{write_sbom(payload, DIST, this_release(os.environ))}")


def sums(_plan: Plan) -> None:
    """the SHA-256 of all that goes to people"""
    say(f"{write_sums(DIST)}")
