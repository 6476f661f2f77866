"""A transcript in a window of a known size."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.ui.theme import Theme
from app.ui.transcript.canvas import Canvas
from app.ui.transcript.group import Styles
from app.ui.transcript.view import TranscriptView


@pytest.fixture
def styles(theme: Theme) -> Styles:
    return Styles(theme)


@pytest.fixture
def view(qtbot: QtBot, theme: Theme) -> Iterator[TranscriptView]:
    view = TranscriptView(theme)
    qtbot.addWidget(view)
    # However slow this machine is: a test that scrolls looks at what is there at once.
    view.canvas.placing.slice_seconds = 60.0
    view.resize(900, 600)
    view.show()
    with qtbot.waitActive(view):
        view.activateWindow()
    # In the margin, where it is over no message.
    QTest.mouseMove(view, QPoint(1, view.height() - 1))
    yield view
    view.canvas.shut_down(60.0)


@pytest.fixture
def canvas(view: TranscriptView) -> Canvas:
    return view.canvas
