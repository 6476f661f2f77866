"""Random steps of all kinds on a transcript, with the garbage collector at its most eager: it must live."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication

from app.ui.theme import Theme
from app.ui.transcript.view import TranscriptView
from tests.desktop.home import python
from tests.desktop.session import Desktop, Keyring
from tests.ui.transcript.random_steps import RandomSteps
from tests.ui.transcript.turns import let_go_on, shown_turns

STEPS = 2_000


def test_what_is_on_the_screen_is_in_reading_order_after_each_step(
    view: TranscriptView, theme: Theme
) -> None:
    steps = RandomSteps(view, theme, 0)
    canvas = view.canvas
    for number in range(60):
        steps.step()
        gc.collect(0 if number % 5 else 2)
        if number % 5 == 0:
            let_go_on()
        ground = canvas.viewport().rect()  # a message with the focus is kept off the screen
        places = [frame.y() for frame in canvas.frames() if frame.geometry().intersects(ground)]
        rows = [turn.turn_id for turn in canvas.turns]
        shown = [rows.index(turn_id) for turn_id in shown_turns(canvas)]
        assert shown == sorted(shown)
        assert places == sorted(places)
    if (menu := QApplication.activePopupWidget()) is not None:
        menu.close()


@pytest.mark.heavy
@pytest.mark.desktop
@pytest.mark.skipif(sys.platform != "linux", reason="the private desktop is made of Linux's parts")
@pytest.mark.parametrize("seed", range(1, 6))
@pytest.mark.timeout(1_800)
def test_it_lives_while_assistive_technology_reads_all_of_it(
    make_desktop: Callable[[Keyring], Desktop], seed: int
) -> None:
    desktop = make_desktop(Keyring.ABSENT)
    program = desktop.start(
        python(),
        "-m",
        "tests.ui.transcript.random_steps",
        str(seed),
        str(STEPS),
        env={"PYTHONFAULTHANDLER": "1"},
    )
    nodes = program.screen.walk(seconds=1_500)
    assert (program.wait(), program.output.splitlines()[-1:]) == (0, [f"{STEPS} steps"])
    assert "Traceback" not in program.output
    assert nodes > STEPS // 4
