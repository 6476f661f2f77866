"""The search for a key finds one that is there."""

from __future__ import annotations

import os
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.desktop.home import python
from tests.desktop.processes import Processes
from tests.end_to_end.traces import family, traces, traces_in_processes

SECRET = "k-End2End/7+gq~Zx=40;kite&lantern%harbour-WXYZ"

WAYS: list[Callable[[str], bytes]] = [
    str.encode,
    lambda text: text.encode("utf-16-le"),
    lambda text: text.encode().hex().encode(),
    lambda text: quote(text, safe="").encode(),
    *[lambda text, lead=lead: b64encode(b"Bearer!"[:lead] + text.encode()) for lead in range(4)],
    *[lambda text, lead=lead: urlsafe_b64encode(b"Bearer!"[:lead] + text.encode()) for lead in range(4)],
]


@pytest.mark.parametrize("way", WAYS)
def test_a_secret_is_found_in_a_file(tmp_path: Path, way: Callable[[str], bytes]) -> None:
    (tmp_path / "innocent").write_bytes(b"\0\xff" * 1000)
    assert traces(SECRET, tmp_path) == []
    (tmp_path / "guilty").write_bytes(b"\0\xff" * 1000 + way(SECRET) + b"more")
    assert [trace for trace in traces(SECRET, tmp_path) if "guilty" in trace]


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="/proc is Linux's")
def test_a_secret_is_found_in_a_process(processes: Processes) -> None:
    wait = [python(), "-c", "import time; print(1, flush=True); time.sleep(600)"]
    innocent = processes.start(wait, dict(os.environ))
    by_argument = processes.start([*wait, SECRET], dict(os.environ))
    by_variable = processes.start(wait, {**os.environ, "NAME": SECRET})
    assert traces_in_processes(SECRET, family(innocent.pid)) == []
    assert traces_in_processes(SECRET, family(by_argument.pid)) == [f"{by_argument.pid}/cmdline: plain"]
    assert traces_in_processes(SECRET, family(by_variable.pid)) == [f"{by_variable.pid}/environ: plain"]
