"""The table that a benchmark prints: each figure beside its floor of the same run and its target."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement. `values` and `floors` are all that was measured, in `unit`; medians are compared,
    or, where `share` is another than a half, the value that so large a share of all doesn't exceed.

    `target` is the most that the median may be: a factor of the floor where `kind` is "ratio", what may be
    added to it where it is "sum", else ("absolute") a figure in `unit`.
    """

    work: str
    unit: str
    values: tuple[float, ...]
    target: float
    kind: str  # "ratio", "sum" or "absolute"
    floors: tuple[float, ...] = ()
    share: float = 0.5

    @property
    def value(self) -> float:
        """The median of what was measured, or what `share` says."""
        return self._of(self.values)

    @property
    def floor(self) -> float:
        """The same of the floors."""
        return self._of(self.floors)

    def _of(self, values: tuple[float, ...]) -> float:
        if self.share == 0.5:
            return median(values)
        return sorted(values)[math.ceil(len(values) * self.share) - 1]

    @property
    def limit(self) -> float:
        """The most that the value may be, in `unit`."""
        match self.kind:
            case "ratio":
                return self.floor * self.target
            case "sum":
                return self.floor + self.target
            case _:
                return self.target

    @property
    def goal(self) -> str:
        """The target in words."""
        match self.kind:
            case "ratio":
                return f"≤ {self.target:g} × floor"
            case "sum":
                return f"≤ floor + {self.target:g}"
            case _:
                return f"≤ {self.target:g}"


def print_table(rows: list[Row]) -> None:
    """Print the rows on stdout, one line each, and say of each whether its target was met."""
    print(f"{'work':<58} {'figure':>9} {'min':>9} {'max':>9} {'floor':>9} {'ratio':>6}  {'target':<14} met")
    for row in rows:
        floor = f"{row.floor:9.3f}" if row.floors else f"{'–':>9}"
        ratio = f"{row.value / row.floor:6.2f}" if row.floors and row.floor else f"{'–':>6}"
        met = "yes" if row.value <= row.limit else "NO"
        print(
            f"{f'{row.work} [{row.unit}]':<58} {row.value:9.3f} {min(row.values):9.3f} {max(row.values):9.3f}"
            f" {floor} {ratio}  {row.goal:<14} {met}"
        )
