"""Tests of what Markdown means have all the time they need; only the hostile texts meet the clock."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.markup import limits

ENOUGH = 60.0  # seconds


@pytest.fixture(scope="module", autouse=True)
def patience(request: pytest.FixtureRequest) -> Iterator[None]:
    """A block that this machine, busy as it may be, reads slowly is read all the same."""
    with pytest.MonkeyPatch.context() as patch:
        if not request.module.__name__.endswith("test_hostile"):
            patch.setattr(limits, "BLOCK_SECONDS", ENOUGH)
        yield
