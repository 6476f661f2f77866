"""The app hidden in a tray: memory, CPU and how often it is woken, while nobody wants anything of it."""

from __future__ import annotations

import os
import subprocess
import sys

from build_scripts.bench.children import BENCH, home, run
from build_scripts.bench.report import Row

# Ten minutes are what the design promises it over: SIROCCO_BENCH_IDLE=600.
SECONDS = float(os.environ.get("SIROCCO_BENCH_IDLE", "60"))
CHILD = ("-m", "build_scripts.bench.hidden_child")
TRAYER = ("trayer", "--edge", "bottom", "--align", "right", "--widthtype", "request", "--height", "24")
MEGABYTE = 1e6


def hidden_rows() -> list[Row]:
    """One run; Linux only, where the kernel counts how often a thread is woken."""
    if sys.platform != "linux":
        return []
    with home("http://127.0.0.1:9/v1") as env:
        floor = run([BENCH / "floors" / "window.py"], env)
        panel = subprocess.Popen(TRAYER, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            found = run([*CHILD, str(SECONDS)], env, SECONDS + 120)
        finally:
            panel.terminate()
            panel.wait()
    while_hidden = f"hidden in the tray for {SECONDS:.0f} s"
    floors = tuple(one / MEGABYTE for one in floor["uss"])
    memory = tuple(one / MEGABYTE for one in found["uss"])
    return [
        Row(f"{while_hidden}, CPU", "%", (found["cpu"][0] / SECONDS * 100,), 0.05, "absolute"),
        Row("the same, wake-ups of all threads", "1/s", (found["woken"][0] / SECONDS,), 1, "absolute"),
        Row("the same, timers of ours that are on", "", (found["timers"][0],), 2, "absolute"),
        Row("the same, private memory at its end", "MB", memory, 45, "sum", floors),
    ]
