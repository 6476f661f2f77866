"""Tests of one group are run by one process: two at a time would keep each other waiting."""

from __future__ import annotations

import pytest


@pytest.mark.xdist_group("programs")
def test_who_deals_out_the_tests_is_told_of_their_group(request: pytest.FixtureRequest) -> None:
    # By the end of a test's id (pytest-xdist 3.8); pytest 9.2 takes no notice of what xdist adds there.
    is_dealt_out = getattr(request.config.option, "loadgroup", False)
    assert request.node.nodeid.endswith("@programs") == is_dealt_out
