"""A process that is killed in mid-answer loses at most the piece that it was writing (REL-01, REL-02)."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.completion import ReplyState
from app.store.conversations import Conversations
from app.store.database import Database, OpenOutcome
from tests.store.samples import ROOT
from tests.store.writer import PIECES, piece, question_text


def killed_after(path: Path, run: str, acknowledgements: int) -> list[str]:
    """Let a writer run until it has said so many things, kill it, and return all that it said."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.store.writer", str(path), run],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as writer:
        assert writer.stdout is not None
        said = [writer.stdout.readline() for _ in range(acknowledgements)]
        writer.kill()
        # What it managed to say until the kill reached it was acknowledged too.
        said += [line for line in writer.stdout if line.endswith("\n")]
    return said


def check(path: Path, run: str, said: list[str]) -> ReplyState:
    """Open the history as the next start does and find all that was acknowledged; returns the last state."""
    database = Database(path)
    assert database.open().outcome is OpenOutcome.OPENED
    store = Conversations(database)
    store.interrupt_running()
    assert database.check() == ()
    assert database.rows("SELECT count(*) FROM delta") == [(0,)]
    chat = store.load(run)
    database.close()
    assert chat is not None
    assert chat.turns == chat.path()

    kind, number, *index = said[-1].split()
    last = int(number)
    written = {"asked": 0, "finished": PIECES, "piece": int(index[0]) + 1 if index else 0}[kind]
    for turn in chat.turns:
        which = int(turn.turn_id.rpartition("-")[2][1:])
        if turn.reply is None:
            assert turn.text == question_text(run, which)
            continue
        whole = [piece(which, one) for one in range(PIECES)]
        if which < last or (which == last and kind == "finished"):
            assert (turn.state, turn.text) == (ReplyState.DONE, "".join(whole))
        elif which > last:
            # A question after the last that was acknowledged; its answer has at most one piece.
            assert turn.text in {"", whole[0]}
        elif turn.state is ReplyState.DONE:
            assert (written, turn.text) == (PIECES, "".join(whole))
        else:
            assert turn.state is ReplyState.INTERRUPTED
            assert turn.text in {"".join(whole[:written]), "".join(whole[: written + 1])}
    asked = [turn for turn in chat.turns if turn.reply is None]
    assert len(asked) >= last + 1
    if written:
        assert len(chat.turns) >= 2 * (last + 1)
    return chat.turns[-1].state


def run_kills(path: Path, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    states = set()
    for number in range(kills):
        said = killed_after(path, f"run{number}", chance.randint(1, 3 * PIECES))
        states.add(check(path, f"run{number}", said))
    assert ReplyState.INTERRUPTED in states


def test_REL_02_fifty_kills_in_mid_answer(tmp_path: Path) -> None:
    run_kills(tmp_path / "history.db", kills=50, seed=1)


@pytest.mark.heavy
@pytest.mark.timeout(3600)
def test_REL_02_a_thousand_kills_in_mid_answer(tmp_path: Path) -> None:
    for part in range(20):
        run_kills(tmp_path / f"history{part}.db", kills=50, seed=100 + part)
