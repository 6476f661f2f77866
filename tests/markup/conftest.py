"""Tests of what Markdown means have all the time they need; only the hostile texts meet the clock."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.patience import patience


@pytest.fixture(scope="module", autouse=True)
def all_the_time(request: pytest.FixtureRequest) -> Iterator[None]:
    """The clock is stopped for every module but one."""
    if request.module.__name__.endswith("test_hostile"):
        yield
        return
    with patience():
        yield
