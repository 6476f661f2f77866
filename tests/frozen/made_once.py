"""The frozen app that tests look at: made once a run, whichever of the processes that test wants it first."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QLockFile

from build_scripts.build.freeze import freeze_into
from build_scripts.build.places import NAME, ROOT
from build_scripts.build.steps import Plan

FOLDER = ROOT / "build" / "tested"


def frozen_app(plan: Plan) -> Path:
    """Freeze the app as it is now, unless that was done in this run; waits for another process that does."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    made, this_run = FOLDER / "made-in", f"{os.environ.get('PYTEST_XDIST_TESTRUNUID', '')} {plan}"
    lock = QLockFile(str(FOLDER / "tested.lock"))
    lock.setStaleLockTime(0)  # however long it takes
    assert lock.tryLock(600_000)
    try:
        is_made = made.exists() and made.read_text(encoding="utf-8") == this_run
        if not is_made or "PYTEST_XDIST_TESTRUNUID" not in os.environ:
            made.unlink(missing_ok=True)
            freeze_into(FOLDER, FOLDER / "work", plan)
            made.write_text(this_run, encoding="utf-8")
    finally:
        lock.unlock()
    return FOLDER / NAME
