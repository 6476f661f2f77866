"""The transcript: opening, paging, resizing, a growing message and hostile texts, as its table demands."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles

from build_scripts.bench.children import BENCH, home, run
from build_scripts.bench.report import Row
from build_scripts.bench.texts import tokens

OPENINGS = 3
MILLISECONDS, MEGABYTE = 1e3, 1e6
CHILD = BENCH / "transcript_child.py"
FLOOR = BENCH / "floors" / "stream.py"
RATE = 200.0  # tokens a second


def transcript_rows() -> list[Row]:
    """All of it; takes some minutes."""
    busy: list[float] = []
    rows = _opening(busy) + _walking(busy) + _streaming(busy)
    rows += [
        Row("longest busy in one go, all of the above, p99", "ms", (_part(busy, 99),), 16, "absolute"),
        Row("longest busy in one go, all of the above", "ms", (max(busy) * MILLISECONDS,), 33, "absolute"),
    ]
    return rows + _hostile()


def _opening(busy: list[float]) -> list[Row]:
    took: dict[int, list[float]] = {1_000: [], 10_000: [], 100_000: []}
    for _ in range(OPENINGS):
        for count, values in took.items():
            with home() as env:
                found = run([CHILD, "open", str(count)], env)
            values.append(found["open"][0] * MILLISECONDS)
            if count == 10_000:
                busy += found["busy"]
    floor = tuple(took[10_000])
    return [
        Row("open 1,000 messages, CPU", "ms", tuple(took[1_000]), 1, "ratio", floor),
        Row("open 10,000 messages, CPU", "ms", floor, 50, "absolute"),
        Row("open 100,000 messages, CPU", "ms", tuple(took[100_000]), 1.5, "ratio", floor),
    ]


def _walking(busy: list[float]) -> list[Row]:
    with home() as env:
        found = run([CHILD, "walk", "10000"], env)
    busy += found["busy"]
    return [
        Row("memory added by opening 10,000", "MB", (found["opened"][0] / MEGABYTE,), 5, "absolute"),
        Row("the same after paging through all", "MB", (found["paged"][0] / MEGABYTE,), 25, "absolute"),
        Row(
            "a page up or down, CPU to the last paint, p95", "ms", (_part(found["page"], 95),), 16, "absolute"
        ),
        Row("the same, most in one go, p95", "ms", (_part(found["page go"], 95),), 16, "absolute"),
        Row("a jump anywhere, CPU to the last paint, p95", "ms", (_part(found["jump"], 95),), 16, "absolute"),
        Row("the same, most in one go, p95", "ms", (_part(found["jump go"], 95),), 16, "absolute"),
        Row("a resize, CPU, p95", "ms", (_part(found["resize"], 95),), 50, "absolute"),
    ]


def _streaming(busy: list[float]) -> list[Row]:
    cost: dict[int, float] = {}
    floors: dict[int, float] = {}
    with tempfile.TemporaryDirectory(prefix="sirocco-bench-") as folder:
        text = Path(folder, "tokens.json")
        for count in (2_000, 20_000):
            text.write_text(json.dumps(tokens(count)), encoding="utf-8")
            with home() as env:
                floors[count] = run([FLOOR, text, str(RATE)], env)["cpu"][0] / count * 1_000
            with home() as env:
                found = run([CHILD, "stream", str(RATE), text], env)
            cost[count] = found["stream"][0] / count * 1_000
            busy += found["busy"]
        with home() as env:
            flat_out = run([CHILD, "stream", "0", text], env)
    longest = max(flat_out["busy"]) * MILLISECONDS
    return [
        *(
            Row(f"{n:,} tokens at {RATE:.0f}/s, CPU per 1,000", "s", (cost[n],), 2, "ratio", (floors[n],))
            for n in cost
        ),
        Row("20,000 tokens beside 2,000, CPU per 1,000", "s", (cost[20_000],), 1.2, "ratio", (cost[2_000],)),
        Row("20,000 tokens flat out, longest busy in one go", "ms", (longest,), 16, "absolute"),
    ]


def _hostile() -> list[Row]:
    with home() as env:
        found = run([CHILD, "corpus"], env)
    with home() as env:
        grown = run([CHILD, "growing"], env)
    stalls = {name: values[0] for name, values in found.items() if name.startswith("stall ")}
    growths = {name: values[0] for name, values in found.items() if name.startswith("growth ")}
    steps = {name: values[0] for name, values in grown.items() if name.startswith(("growing ", "ended "))}
    worst, largest = max(stalls, key=stalls.__getitem__), max(growths, key=growths.__getitem__)
    longest = max(steps, key=steps.__getitem__)
    return [
        Row(f"hostile texts, longest {worst}", "ms", (stalls[worst] * MILLISECONDS,), 50, "absolute"),
        Row(
            f"hostile texts that grow, longest {longest}",
            "ms",
            (steps[longest] * MILLISECONDS,),
            50,
            "absolute",
        ),
        Row(f"hostile texts, most {largest}", "MB", (growths[largest] / MEGABYTE,), 64, "absolute"),
    ]


def _part(values: Sequence[float], percent: int) -> float:
    """The percentile, in ms."""
    return quantiles(values, n=100)[percent - 1] * MILLISECONDS
