"""Heights of many rows with their running sums, each question answered in logarithmic time."""

from __future__ import annotations

from collections.abc import Iterable


class HeightIndex:
    """A Fenwick tree over whole heights in px. Rows are counted from 0."""

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self._heights = list(heights)
        tree = [0, *self._heights]
        for i in range(1, len(tree)):
            above = i + (i & -i)
            if above < len(tree):
                tree[above] += tree[i]
        self._tree = tree
        self._total = sum(self._heights)

    @classmethod
    def even(cls, rows: int, height: int) -> HeightIndex:
        """So many rows, all of one height: made several times faster than of single heights."""
        index = cls()
        index._heights = [height] * rows
        index._tree = tree = [0] * (rows + 1)
        covered = 1  # rows that a place of the tree has the sum of: the lowest bit of its number
        while covered <= rows:
            places = slice(covered, None, 2 * covered)
            tree[places] = [height * covered] * len(tree[places])
            covered *= 2
        index._total = height * rows
        return index

    @classmethod
    def of_none(cls, rows: int) -> HeightIndex:
        """So many rows without any height, made at once however many they are."""
        index = cls()
        index._heights, index._tree = [0] * rows, [0] * (rows + 1)
        return index

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, row: int) -> int:
        return self._heights[row]

    @property
    def total(self) -> int:
        """The height of all rows."""
        return self._total

    def set(self, row: int, height: int) -> None:
        """Make row `row` so high."""
        change = height - self._heights[row]
        if not change:
            return
        self._heights[row] = height
        self._total += change
        i = row + 1
        while i < len(self._tree):
            self._tree[i] += change
            i += i & -i

    def append(self, height: int) -> None:
        """Add a row at the end."""
        self._heights.append(height)
        self._total += height
        i = len(self._tree)
        value, below, end = height, i - 1, i - (i & -i)
        while below > end:
            value += self._tree[below]
            below -= below & -below
        self._tree.append(value)

    def top(self, row: int) -> int:
        """Where row `row` begins: the sum of the heights before it."""
        value = 0
        while row:
            value += self._tree[row]
            row -= row & -row
        return value

    def find(self, y: int) -> int:
        """The row that covers `y`; the first or the last one where `y` is outside. There has to be a row."""
        row, tree, rows = 0, self._tree, len(self._heights)
        step = 1 << rows.bit_length()
        while step:
            at = row + step
            if at <= rows and tree[at] <= y:
                row = at
                y -= tree[at]
            step >>= 1
        return min(row, rows - 1)
