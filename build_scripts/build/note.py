"""The note that a build carries about itself (`app.desktop.build_info`)."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from app.desktop.build_info import FILE_NAME, BuildInfo
from build_scripts.build.places import ROOT
from build_scripts.build.release import this_release

# Set for a release, where there is a page of newer versions to look at; anybody else's build asks nobody.
UPDATE_VARIABLE = "SIROCCO_UPDATE_ADDRESS"


def this_build(channel: str) -> BuildInfo:
    """What is to be known of a build that is made now, from this tree."""
    day = this_release(os.environ).day
    return BuildInfo(channel, _commit(), day, os.environ.get(UPDATE_VARIABLE, ""))


def write_note(folder: Path, info: BuildInfo) -> Path:
    """Write the note into `folder`: a step that packs the frozen folder writes its own channel there."""
    path = folder / FILE_NAME
    text = json.dumps(info._asdict(), indent=1) + "\n"
    # A file that is as it was is no reason to freeze anew.
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
    return path


def _commit() -> str:
    """The commit's short name, with a + where the tree holds more than it; empty without git."""
    words = ["git", "describe", "--always", "--exclude=*", "--dirty=+"]
    try:
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
