"""Time enough for tests of what Markdown means: only tests of hostile texts meet the clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.markup import limits

ENOUGH = 60.0  # seconds


@contextmanager
def patience() -> Iterator[None]:
    """A block that is read slowly is read all the same: on a busy machine, or while Python collects the
    garbage of the thousands of tests before.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "BLOCK_SECONDS", ENOUGH)
        patch.setattr(limits, "GROWING_SECONDS", ENOUGH)
        yield
