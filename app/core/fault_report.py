"""What was written down about a crash, or about a fault that nobody caught."""

from __future__ import annotations

from typing import NamedTuple


class FaultReport(NamedTuple):
    """`is_crash` says that the process ended of it; else it went on."""

    text: str
    is_crash: bool
