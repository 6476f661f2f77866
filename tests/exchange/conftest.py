"""What Markdown means doesn't depend on how busy this machine is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.patience import patience


@pytest.fixture(scope="module", autouse=True)
def all_the_time() -> Iterator[None]:
    """The clock is stopped."""
    with patience():
        yield
