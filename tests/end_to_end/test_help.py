"""What helps a person, in a real window: the report of a crash, the guide, About and the licences."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

import pytest

from app import __version__
from tests.desktop.processes import until
from tests.desktop.session import Desktop, Keyring

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.skipif(sys.platform != "linux", reason="the private desktop is made of Linux's parts"),
]


@pytest.fixture
def desktop(make_desktop: Callable[[Keyring], Desktop]) -> Desktop:
    """No key is needed here, so there is no keyring."""
    return make_desktop(Keyring.ABSENT)


def test_after_a_crash_its_report_can_be_read_and_help_is_a_key_away(desktop: Desktop) -> None:
    first = desktop.start_app("--demo")
    first.screen.find("Message")
    os.kill(first.pid, signal.SIGSEGV)
    first.wait()

    app = desktop.start_app("--demo")
    app.screen.press("Show report")
    app.screen.find("What went wrong", role="dialog")
    assert "Segmentation fault" in app.screen.text("Report")
    app.screen.press("Close", within={"name": "What went wrong"})
    app.screen.gone("What went wrong", role="dialog")
    until(lambda: any(path.name.endswith(".seen.txt") for path in desktop.home.files()), "the report as seen")
    app.screen.gone("Show report")

    app.screen.wait_state("Sirocco", "active", role="frame")
    desktop.key("F1")
    guide = {"name": "User’s guide", "role": "dialog"}
    app.screen.find(pattern="^First steps Sirocco is a window", within=guide)
    app.screen.press("Privacy", within=guide)
    app.screen.find(pattern="^Privacy, in plain words", within=guide)

    app.screen.press("Settings", role="push button")
    app.screen.press("About", role="radio button")
    app.screen.find(f"Sirocco {__version__}")
    app.screen.press("Show licences")
    licences = {"name": "Licences", "role": "dialog"}
    assert "Permission is hereby granted" in app.screen.text("Licence", within=licences)
    assert app.terminate() == 0
    assert app.output == ""
