"""The figures of an answer, also of one from a damaged history."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.ui.transcript.figures import Figures
from tests.ui.transcript.turns import answer


@pytest.mark.parametrize("created", [0.0, -1.0, 1e30, float("inf"), float("nan")])
def test_a_time_that_is_none_is_left_out(created: float) -> None:
    turn = replace(answer("Far."), created=created, model="m")
    assert Figures(turn).shown == ["m"]


def test_a_time_is_told() -> None:
    turn = replace(answer("Far."), created=1_700_000_000.0, model="m")
    assert len(Figures(turn).shown) == 2
