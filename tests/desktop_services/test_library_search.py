"""SEC-18 on Windows: no library of the current folder or of PATH is taken for one of the system's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.desktop.library_search import narrow_library_search, windows_call
from build_scripts.build.contents import FIRST


@pytest.mark.parametrize("answer", [0, 1])
def test_SEC_18_windows_is_told_to_look_in_its_own_and_in_named_folders_alone(answer: int) -> None:
    told: list[int] = []

    def set_directories(flags: int) -> int:
        told.append(flags)
        return answer

    assert narrow_library_search(set_directories) is bool(answer)
    assert told == [0x1000]


@pytest.mark.skipif(os.name != "nt", reason="the call is Windows’s")
def test_SEC_18_the_real_call_is_accepted() -> None:
    asked = "from app.desktop.library_search import *; assert narrow_library_search(windows_call())"
    subprocess.run([sys.executable, "-c", asked], check=True)


def test_SEC_18_it_is_done_before_anything_else_of_the_frozen_app() -> None:
    first = Path(FIRST).read_text(encoding="utf-8")
    assert f"{narrow_library_search.__name__}({windows_call.__name__}())" in first
