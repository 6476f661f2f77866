"""The desktop's permission to come to the front."""

from __future__ import annotations

import os

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.desktop.activation import bring_to_front
from app.desktop.hand_over import TOKEN_VARIABLES

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


class Watching(QWidget):
    """A window that notes what stands in the environment when it asks to be activated."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[list[str | None]] = []

    def activateWindow(self) -> None:
        self.seen.append([os.environ.get(name) for name in TOKEN_VARIABLES])


def test_it_is_there_for_one_activation_and_never_again(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESKTOP_STARTUP_ID", "old")
    window = Watching()
    qtbot.addWidget(window)
    bring_to_front(window, "token_TIME1")
    bring_to_front(window)
    assert window.seen == [["token_TIME1", "token_TIME1"], [None, None]]
    assert not set(TOKEN_VARIABLES) & os.environ.keys()
    assert window.isVisible()
