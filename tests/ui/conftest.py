"""What the tests of the windows start from: the theme, and the house below the windows."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.core.settings import Appearance, Settings
from app.markup import loading
from app.ui.theme import Theme
from tests.chat.conftest import house, make_house, server

__all__ = ["house", "make_house", "server"]

RESOURCES = Path(__file__).parents[2] / "resources"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            # Qt's platform without a screen says so of what a window manager would do.
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    theme = Theme(qapp, RESOURCES)
    theme.follow(Settings(appearance=Appearance.LIGHT, less_motion=True))
    return theme


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that has read no Markdown yet: what it has loaded can't be unloaded."""
    monkeypatch.setattr(loading, "_begun", threading.Lock())
    monkeypatch.setattr(loading, "_is_done", threading.Event())


@pytest.fixture(autouse=True)
def empty_clipboard() -> Iterator[None]:
    """What Python made is not left on the clipboard: without a screen Qt deletes it when Python is gone."""
    yield
    if QApplication.instance() is not None:
        QApplication.clipboard().clear()
