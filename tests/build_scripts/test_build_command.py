"""The command that builds: which steps there are, and what it says to a wrong one."""

from __future__ import annotations

import re
import subprocess
import sys

from build_scripts.build.places import ROOT

STEPS = ["folder", "tar", "deb", "appimage", "setup", "dmg", "sbom", "sums"]


def build(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "build_scripts.build", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_help_names_every_step_in_its_order() -> None:
    done = build("--help")
    assert done.returncode == 0
    assert re.findall(r"^  ([a-z]+)  +the ", done.stdout, re.MULTILINE) == STEPS


def test_a_wrong_step_is_wrong_use() -> None:
    done = build("tar", "dance")
    assert done.returncode == 2
    assert "no step is called dance" in done.stderr
