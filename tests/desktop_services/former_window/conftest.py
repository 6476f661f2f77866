"""What the tests of pasting start from: an empty clipboard, which is left empty."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot


@pytest.fixture(autouse=True)
def empty_clipboard(qtbot: QtBot) -> Iterator[None]:
    """What Python made is not left there: without a screen Qt deletes it when Python is gone."""
    QGuiApplication.clipboard().clear()
    yield
    QGuiApplication.clipboard().clear()
