"""Which way to a hotkey is taken where."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.core.hotkey import Obstacle, Standing
from app.desktop.hotkey.choice import NoHotkey, hotkey_backend
from app.desktop.hotkey.portal import PortalHotkey
from app.desktop.hotkey.x11 import X11Hotkey
from tests.desktop_services.hotkey.heard import Heard


@pytest.mark.parametrize(
    ("environment", "kind"),
    [
        ({"DISPLAY": ":1"}, X11Hotkey),
        ({"WAYLAND_DISPLAY": "wayland-0"}, PortalHotkey),
        # XWayland is there too: a grab would be had, and would hear nothing.
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":1"}, PortalHotkey),
        ({"XDG_SESSION_TYPE": "wayland", "DISPLAY": ":1", "QT_QPA_PLATFORM": "xcb"}, PortalHotkey),
        ({}, NoHotkey),
    ],
)
def test_the_session_says_which_way(environment: Mapping[str, str], kind: type[QObject]) -> None:
    root = QObject()
    assert type(hotkey_backend(environment, "Ask", root, "linux")) is kind


def test_where_there_is_no_way_it_is_said(qtbot: QtBot) -> None:
    state = Heard(qtbot, NoHotkey()).bind("Ctrl+Alt+Space")
    assert (state.standing, state.obstacle) == (Standing.IMPOSSIBLE, Obstacle.NO_BACKEND)
