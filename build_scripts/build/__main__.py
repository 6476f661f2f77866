"""Runs the steps of a build in their order: `python -m build_scripts.build [--fast] [STEP …]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from build_scripts.build.freeze import freeze
from build_scripts.build.linux_steps import appimage, deb, tarball
from build_scripts.build.list_steps import sbom, sums
from build_scripts.build.native_steps import dmg, setup
from build_scripts.build.steps import BuildError, Plan

# In this order; each takes what those before it have left in `dist`, and raises BuildError where it can't.
# A step that this machine lacks the tools for says so in one line and leaves it at that.
STEPS: dict[str, Callable[[Plan], None]] = {
    "folder": freeze,
    "tar": tarball,
    "deb": deb,
    "appimage": appimage,
    "setup": setup,
    "dmg": dmg,
    "sbom": sbom,
    "sums": sums,
}


def main(argv: list[str]) -> int:
    lines = "\n".join(f"  {name:8}  {step.__doc__}" for name, step in STEPS.items())
    parser = argparse.ArgumentParser(
        prog="dev.py build",
        description=f"Builds what people install, into dist. Steps, all unless some are named:\n{lines}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--fast", action="store_true", help="for tests: larger, but sooner there")
    parser.add_argument("steps", nargs="*", metavar="STEP", help="one or more of those above")
    found = parser.parse_args(argv)
    if unknown := [name for name in found.steps if name not in STEPS]:
        parser.error(f"no step is called {', '.join(unknown)}")
    plan = Plan(is_fast=found.fast)
    try:
        for name, step in STEPS.items():
            if not found.steps or name in found.steps:
                step(plan)
    except BuildError as error:
        print(f"dev.py build: {error}", file=sys.stderr)
        return 1
    return 0


sys.exit(main(sys.argv[1:]))
