"""Conversations and turns for the tests of the store."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.core.completion import Completion, ReplyState
from app.core.conversation import Conversation, Role, Turn, new_id
from app.core.parts import TextPart
from app.store.conversations import Conversations
from app.store.database import Database, OpenReport


def question(text: str, parent: Turn | None = None, created: float = 1_700_000_000.0) -> Turn:
    parent_id = parent.turn_id if parent is not None else None
    return Turn(new_id(), parent_id, Role.USER, (TextPart(text),), created=created)


def running(parent: Turn, text: str = "") -> Turn:
    reply = Completion(parts=(TextPart(text),) if text else ())
    return Turn(new_id(), parent.turn_id, Role.ASSISTANT, model="m", endpoint_id="e", reply=reply)


def answer(text: str, parent: Turn) -> Turn:
    reply = Completion((TextPart(text),), ReplyState.DONE, finish_reason="stop")
    return Turn(new_id(), parent.turn_id, Role.ASSISTANT, model="m", endpoint_id="e", reply=reply)


def conversation(title: str = "Title") -> Conversation:
    return Conversation(new_id(), title, created=1_700_000_000.0, updated=1_700_000_000.0)


@contextmanager
def opened(path: Path, vfs: str | None = None) -> Iterator[Conversations]:
    """The conversations in the history file at `path`, as the app opens and closes it."""
    database = Database(path, vfs=vfs)
    database.open()
    try:
        yield Conversations(database)
    finally:
        database.close()


def report_of_opening(path: Path) -> OpenReport:
    """Open the history once and close it again."""
    database = Database(path)
    report = database.open()
    database.close()
    return report


def filled(path: Path, turns: int = 6) -> Conversation:
    """Make a history with one conversation of so many turns; returns it as it is stored."""
    with opened(path) as conversations:
        chat = conversation()
        last: Turn | None = None
        for number in range(turns):
            if last is None or number % 2 == 0:
                last = conversations.add_turn(chat, question(f"question {number}", last))
            else:
                last = conversations.finish_reply(chat.conversation_id, answer(f"answer {number}", last))
        stored = conversations.load(chat.conversation_id)
        assert stored is not None
        return stored


def texts(chat: Conversation | None) -> list[str]:
    """What is said on the shown path."""
    assert chat is not None
    return [turn.text for turn in chat.path()]


ROOT = Path(__file__).resolve().parents[2]


def run(script: str, *args: str | Path) -> None:
    """Run a script in a process of its own, to its end."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", script, *args], env=environment, check=True)
