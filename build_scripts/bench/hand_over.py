"""A second start: how long the key that a desktop binds to `--quick-ask` takes to say its word and end."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

from build_scripts.bench.children import home
from build_scripts.bench.report import Row

STARTS = 20
LISTENER = ("-m", "build_scripts.bench.listener_child")
SECOND = ("-m", "app", "--quick-ask")
FLOOR = ("-c", "pass")


def hand_over_rows() -> list[Row]:
    """Wall time of a whole process, beside a Python that does nothing, in turns so that both meet the same
    load. What hears it only answers, so that the figure is the second start's alone; POSIX.
    """
    if sys.platform == "win32":
        return []
    with home() as env:
        first = subprocess.Popen([sys.executable, *LISTENER], env=env, stdout=subprocess.PIPE, text=True)
        try:
            if first.stdout is None or not first.stdout.readline():
                raise RuntimeError("nobody listens")
            floors, took = [], []
            for _ in range(STARTS):
                floors.append(_milliseconds(FLOOR, env))
                took.append(_milliseconds(SECOND, env))
        finally:
            first.terminate()
            first.communicate()
    return [Row("a second start hands over and ends", "ms", tuple(took), 150, "absolute", tuple(floors))]


def _milliseconds(words: Sequence[str], env: Mapping[str, str]) -> float:
    begun = time.monotonic()
    subprocess.run([sys.executable, *words], env=env, check=True)
    return (time.monotonic() - begun) * 1000
