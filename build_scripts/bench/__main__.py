"""Measures what the design promises, each figure against a floor of the same run: `dev.py bench [NAME]`."""

from __future__ import annotations

import sys

from build_scripts.bench.hand_over import hand_over_rows
from build_scripts.bench.hidden import hidden_rows
from build_scripts.bench.hotkey import hotkey_rows
from build_scripts.bench.main_job import ask_rows, send_rows, start_rows, stream_rows
from build_scripts.bench.report import print_table
from build_scripts.bench.standalone import build_rows
from build_scripts.bench.transcript import transcript_rows

MEASUREMENTS = {
    "start": start_rows,
    "send": send_rows,
    "stream": stream_rows,
    "ask": ask_rows,
    "idle": hidden_rows,
    "transcript": transcript_rows,
    "hotkey": hotkey_rows,
    "build": build_rows,
    "handover": hand_over_rows,
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in MEASUREMENTS]
    if unknown:
        print(f"no measurement is called {', '.join(unknown)}; there are {', '.join(MEASUREMENTS)}")
        return 2
    rows = [row for name in names or MEASUREMENTS for row in MEASUREMENTS[name]()]
    print_table(rows)
    return 0


sys.exit(main(sys.argv[1:]))
