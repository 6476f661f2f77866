"""A program that writes questions and streamed answers, and says so after each write, until it is killed.

What it writes follows from the numbers that it says, so that whoever killed it knows what must be there.
"""

import sys
from dataclasses import replace
from itertools import count
from pathlib import Path

from app.core.completion import Completion, ReplyState
from app.core.conversation import Conversation, Role, Turn
from app.core.parts import TextPart
from app.store.conversations import Conversations
from app.store.database import Database

PIECES = 40


def question_text(run: str, number: int) -> str:
    return f"question {run} {number} " * (number % 90)


def piece(number: int, index: int) -> str:
    return f"[{number}.{index}]" + "words of an answer " * (index % 60)


def main(path: Path, run: str) -> None:
    database = Database(path)
    database.open()
    store = Conversations(database)
    store.interrupt_running()
    chat = Conversation(run, run, created=1.0)
    parent: str | None = None
    for number in count():
        asked = Turn(
            f"{run}-q{number}", parent, Role.USER, (TextPart(question_text(run, number)),), created=1.0
        )
        store.add_turn(chat, asked)
        say("asked", number)
        reply = Turn(f"{run}-a{number}", asked.turn_id, Role.ASSISTANT, reply=Completion())
        store.begin_reply(run, reply)
        for index in range(PIECES):
            store.append_reply(reply.turn_id, (TextPart(piece(number, index)),))
            say("piece", number, index)
        text = "".join(piece(number, index) for index in range(PIECES))
        store.finish_reply(run, replace(reply, reply=Completion((TextPart(text),), ReplyState.DONE)))
        say("finished", number)
        parent = reply.turn_id


def say(*words: object) -> None:
    print(*words, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
