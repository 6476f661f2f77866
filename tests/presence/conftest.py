"""What these tests start from is what those of the windows do."""

from pathlib import Path

import pytest

from tests.chat.conftest import house, make_house, server
from tests.ui.conftest import empty_clipboard, theme

__all__ = ["empty_clipboard", "house", "make_house", "server", "theme"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            # Qt's platform without a screen says so of what a window manager would do.
            ignored = ("This plugin does not support", "systemTrayWindowChanged")
            item.add_marker(pytest.mark.qt_log_ignore(*ignored, extend=True))
