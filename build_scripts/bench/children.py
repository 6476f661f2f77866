"""Runs measured programs, each in a home of its own, and collects what they report."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parents[1]
WATCHDOG = 900.0  # seconds


@contextmanager
def home(base_url: str = "") -> Iterator[dict[str, str]]:
    """The environment of a person who has set up one endpoint, in a folder that goes with them."""
    with tempfile.TemporaryDirectory(prefix="sirocco-bench-") as name:
        folder = Path(name)
        env = {one: value for one, value in os.environ.items() if not one.startswith("MISTRAL_")}
        for variable in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            env[variable] = str(folder / variable.lower())
        env["XDG_RUNTIME_DIR"] = str(folder)
        # A person's second start finds everything compiled, whatever this machine's settings are.
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        # No keyring either way: neither program shall wait for one.
        env["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nonexistent"
        env["PYTHONPATH"] = os.pathsep.join((str(ROOT), str(BENCH / "without")))
        if base_url:
            settings = Path(env["XDG_CONFIG_HOME"], "sirocco", "settings.json")
            settings.parent.mkdir(parents=True, mode=0o700)
            endpoint = {"id": "bench", "name": "Bench", "base_url": base_url, "default_model": "m"}
            settings.write_text(json.dumps({"endpoints": [endpoint]}), encoding="utf-8")
        yield env


def run(
    words: Sequence[str | Path], env: Mapping[str, str], watchdog: float = WATCHDOG
) -> dict[str, list[float]]:
    """Run a Python program to its end; returns what it reported, by name, in order."""
    return run_program([sys.executable, *words], env, watchdog)


def run_program(
    words: Sequence[str | Path], env: Mapping[str, str], watchdog: float = WATCHDOG
) -> dict[str, list[float]]:
    """Run any program to its end; returns what it reported, by name, in order."""
    done = subprocess.run(
        [*map(str, words)],
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        timeout=watchdog,
        check=True,
    )
    found: dict[str, list[float]] = {}
    for line in done.stdout.splitlines():
        if line.startswith("{"):
            for name, value in json.loads(line).items():
                found.setdefault(name, []).append(value)
    return found


def cpu_of(words: Sequence[str | Path], env: Mapping[str, str]) -> float:
    """The CPU seconds, user and system, of a Python program from its start to its end."""
    before = os.times()
    run(words, env)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system
