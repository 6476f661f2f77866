"""The standalone app: how large it is, and what its start costs beside a bare window, frozen alike."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from build_scripts.bench.children import BENCH, WATCHDOG, home, run_program
from build_scripts.bench.report import Row
from build_scripts.build.freeze import freeze_into
from build_scripts.build.places import NAME, ROOT, size_of
from build_scripts.build.release import this_release
from build_scripts.build.steps import Plan, run
from build_scripts.build.tarball import build_tarball

PLACE = ROOT / "build" / "measured"
STARTS = 7
MEGABYTE = 1e6
SHOWN = 15
# What sends, stores, reads and draws answers: none of it is needed for the first screen.
LATE = frozenset(
    {"httpx", "httpcore", "h11", "anyio", "asyncio", "ssl", "certifi", "truststore", "email", "http"}
    | {"keyring", "secretstorage", "cryptography", "jeepney", "Xlib", "apsw", "sqlite3"}
    | {"pygments", "markdown_it", "mdit_py_plugins", "ziamath", "xml", "decimal", "multiprocessing"}
)
_IMPORT = re.compile(r"import time: +(\d+) \| +\d+ \|\s*(\S+)")


def build_rows() -> list[Row]:
    """Freezes three times: what is shipped, the app with an observer on it, and a bare window."""
    plan = Plan()
    freeze_into(PLACE, PLACE / "work", plan)
    shipped = PLACE / NAME
    with tempfile.TemporaryDirectory(prefix="sirocco-bench-") as folder:
        archive = build_tarball(shipped, Path(folder), this_release(os.environ, plan.level), run)
        download = archive.stat().st_size
    freeze_into(PLACE, PLACE / "work-bench", plan, BENCH / "frozen.spec")
    floors, apps = [], []
    for _ in range(STARTS):
        with home() as env:
            floors.append(run_program([PLACE / "window" / "window", "painted"], env)["painted"][0])
        with home("http://127.0.0.1:9/v1") as env:
            apps.append(run_program([PLACE / "app" / "app", "painted"], env)["painted"][0])
    imported = _imported()
    _print_slowest(imported)
    late = [name for name in imported if name.partition(".")[0] in LATE]
    return [
        Row("the standalone app, installed", "MB", (size_of(shipped) / MEGABYTE,), 140, "absolute"),
        Row("the same as a download (.tar.xz)", "MB", (download / MEGABYTE,), 45, "absolute"),
        Row("its start to a painted window, CPU", "s", tuple(apps), 1.8, "ratio", tuple(floors)),
        Row("modules at its start that the first screen doesn't need", "", (len(late),), 0, "absolute"),
    ]


def _imported() -> dict[str, float]:
    """Milliseconds that each module took before the first paint, without what it imported itself."""
    found: dict[str, float] = {}
    for _ in range(3):
        with home("http://127.0.0.1:9/v1") as env:
            for name, took in _import_times([str(PLACE / "app" / "imports"), "painted"], env).items():
                found[name] = min(found.get(name, took), took)
    return found


def _import_times(words: list[str], env: Mapping[str, str]) -> dict[str, float]:
    done = subprocess.run(
        words,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=WATCHDOG,
        check=True,
    )
    return {name: int(took) / 1000 for took, name in _IMPORT.findall(done.stderr)}


def _print_slowest(imported: Mapping[str, float]) -> None:
    slowest = sorted(imported, key=lambda name: -imported[name])[:SHOWN]
    print(f"{len(imported)} modules are imported before the first paint; the slowest, in ms:")
    print("".join(f"  {imported[name]:6.1f}  {name}\n" for name in slowest))
