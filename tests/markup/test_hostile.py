"""Every text of the corpus is read in time and opens nothing, in a process that a hang can't hide in."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.markup.corpus import cases

SCALE = 0.008
ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="memory limits of a process are POSIX")


def run(scale: float, *names: str, seconds: float) -> str:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tests.markup.read_corpus", str(scale), *names],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise AssertionError(f"no end in sight of {(late.stdout or b'')[-80:]!r}") from None
    assert done.returncode == 0, done.stdout[-300:] + done.stderr[-2_000:]
    return done.stdout


def test_SEC_01_reading_any_text_opens_nothing_and_ends() -> None:
    output = run(SCALE, seconds=240)
    assert output.count("\nend ") + output.startswith("end ") == len(list(cases(SCALE)))


@pytest.mark.heavy
@pytest.mark.parametrize("name", [case.name for case in cases(0.0)])
def test_the_whole_corpus(name: str) -> None:
    # Slowest when written: 9 s in all for the parse, the growing text and its colours.
    run(1.0, name, seconds=120)
