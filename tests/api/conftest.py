"""What several tests of the protocol need."""

from pathlib import Path

import pytest

from tests.servers.tls import Authority


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """A certificate authority that nobody else knows."""
    return Authority(tmp_path)
