"""PySide6 is loaded as it is, but for what it would do at each start anew."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """
import builtins, sys
plain = builtins.compile
compiled = []
sys.addaudithook(lambda event, given: compiled.append(str(given[1])) if event == "compile" else None)
from app.desktop.load_pyside import SUPPORT, load_pyside
load_pyside()
assert builtins.compile is plain
assert builtins.__import__ is not builtins.__feature_import__
from PySide6.QtCore import QCoreApplication, QObject, Signal
class Bell(QObject):
    rung = Signal(str)
heard = []
bell = Bell()
bell.rung.connect(heard.append)
bell.rung.emit("ring")
try:
    QObject(1, 2, 3)
except TypeError as error:
    assert "QObject" in str(error), error
assert heard == ["ring"]
print(sum(name.startswith(SUPPORT) for name in compiled))
"""


def compiled_by(folder: Path, *options: str) -> int:
    """How many of PySide6's modules a start compiles that keeps its own below `folder`."""
    done = subprocess.run(
        [sys.executable, *options, "-c", PROGRAM],
        cwd=ROOT,
        env={
            **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
            "PYTHONPYCACHEPREFIX": str(folder),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return int(done.stdout)


def kept(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("load_pyside.*") if file.suffix != ".pyc"]


@pytest.fixture
def first(tmp_path: Path) -> int:
    return compiled_by(tmp_path)


def test_the_second_start_compiles_nothing(tmp_path: Path, first: int) -> None:
    assert first > 5
    assert len(kept(tmp_path)) == 1
    assert compiled_by(tmp_path) == 0


@pytest.mark.parametrize("content", [b"", b"\x00", b"not what was written", None])
def test_what_was_kept_and_is_no_good_is_made_anew(tmp_path: Path, first: int, content: bytes | None) -> None:
    (file,) = kept(tmp_path)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] if content is None else content)
    assert compiled_by(tmp_path) == first
    assert file.read_bytes() == whole
    assert kept(tmp_path) == [file]


def test_a_start_that_may_write_nothing_keeps_nothing(tmp_path: Path) -> None:
    assert compiled_by(tmp_path, "-B") > 5
    assert kept(tmp_path) == []


def test_what_can_not_be_put_in_its_place_is_not_left_beside_it(tmp_path: Path, first: int) -> None:
    (place,) = kept(tmp_path)
    place.unlink()
    place.mkdir()
    assert compiled_by(tmp_path) == first
    assert kept(tmp_path) == [place]


def test_where_nothing_can_be_kept_it_is_compiled(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert compiled_by(file) > 5
