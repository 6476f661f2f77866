"""The index answers as plain sums would."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.ui.transcript.height_index import HeightIndex

heights = st.lists(st.integers(1, 500), min_size=1, max_size=60)


@given(heights, st.lists(st.tuples(st.integers(0, 200), st.integers(1, 900))), st.integers(-50, 40_000))
def test_it_answers_as_plain_sums_would(start: list[int], changes: list[tuple[int, int]], y: int) -> None:
    index, plain = HeightIndex(start), list(start)
    for row, height in changes:
        if row < len(plain):
            index.set(row, height)
            plain[row] = height
        else:
            index.append(height)
            plain.append(height)
    assert len(index) == len(plain)
    assert index.total == sum(plain)
    assert [index.top(row) for row in range(len(plain))] == [sum(plain[:row]) for row in range(len(plain))]
    row = index.find(y)
    if 0 <= y < sum(plain):
        assert sum(plain[:row]) <= y < sum(plain[: row + 1])
    else:
        assert row == (0 if y < 0 else len(plain) - 1)


def test_rows_of_one_height_are_those_made_singly() -> None:
    even, single = HeightIndex.even(100, 7), HeightIndex([7] * 100)
    even.set(31, 20)
    single.set(31, 20)
    assert [even.top(row) for row in range(101)] == [single.top(row) for row in range(101)]
    assert (even.total, even.find(250)) == (single.total, single.find(250))
