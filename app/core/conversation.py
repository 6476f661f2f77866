"""A conversation: a tree of turns, of which one path is shown."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

# What turns are made of is loaded with the first turn: a window is painted before there is one.
if TYPE_CHECKING:
    from app.core.completion import Completion, ReplyState
    from app.core.parts import Part

TITLE_LENGTH = 60  # characters of the first words that make a title


class Role(StrEnum):
    """Who speaks. Always `system`, never `developer` (wire.md Q59)."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


def new_id() -> str:
    """A name for a new conversation or turn, unique without asking anybody: 128 random bits in hex."""
    return os.urandom(16).hex()


@dataclass(frozen=True, slots=True)
class Turn:
    """One message in the tree. `created` is Unix seconds, for labels only: order is `sequence`.

    A user's turn has `reply` None. An assistant's turn keeps its whole reply; `model` is the model that
    was asked, `endpoint_id` the endpoint, so that the header can be told from the answer.
    """

    turn_id: str
    parent_id: str | None
    role: Role
    parts: tuple[Part, ...] = ()
    created: float = 0.0
    sequence: int = 0
    model: str = ""
    endpoint_id: str = ""
    reply: Completion | None = None

    @property
    def text(self) -> str:
        """The text without thinking, as copied."""
        from app.core.parts import answer_text

        return answer_text(self.content)

    @property
    def content(self) -> tuple[Part, ...]:
        """The parts, wherever they are: a reply's while or after it grew, else the turn's own."""
        return self.reply.parts if self.reply is not None else self.parts

    @property
    def state(self) -> ReplyState:
        """The reply's state; a turn of the user is always done."""
        if self.reply is not None:
            return self.reply.state
        from app.core.completion import ReplyState

        return ReplyState.DONE


class ConversationSummary(NamedTuple):
    """One row of the list of chats. Times are Unix seconds."""

    conversation_id: str
    title: str
    created: float
    updated: float
    endpoint_id: str = ""
    model: str = ""
    is_quick: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """All turns of one conversation, oldest first, and which of their versions were chosen.

    `chosen` maps a parent's id ("" for the root) to the child that is shown; without an entry the newest
    child is. `is_quick` marks what began in the small window.
    """

    conversation_id: str
    title: str = ""
    created: float = 0.0
    updated: float = 0.0
    endpoint_id: str = ""
    model: str = ""
    system_prompt: str = ""
    turns: tuple[Turn, ...] = ()
    chosen: dict[str, str] = field(default_factory=dict)
    is_quick: bool = False

    def path(self) -> tuple[Turn, ...]:
        """The shown turns, first to last."""
        children: dict[str, list[Turn]] = {}
        for turn in self.turns:
            children.setdefault(turn.parent_id or "", []).append(turn)
        path: list[Turn] = []
        at = ""
        while siblings := children.get(at):
            chosen = self.chosen.get(at)
            turn = next((one for one in siblings if one.turn_id == chosen), siblings[-1])
            path.append(turn)
            at = turn.turn_id
        return tuple(path)

    def siblings(self, turn_id: str) -> tuple[Turn, ...]:
        """All versions of a turn, oldest first, itself included."""
        parent = next((turn.parent_id for turn in self.turns if turn.turn_id == turn_id), None)
        return tuple(turn for turn in self.turns if turn.parent_id == parent)

    def with_turn(self, turn: Turn) -> Conversation:
        """Return the conversation with `turn` added, or put in the place of the turn of the same id."""
        if any(one.turn_id == turn.turn_id for one in self.turns):
            turns = tuple(turn if one.turn_id == turn.turn_id else one for one in self.turns)
        else:
            turns = (*self.turns, turn)
        return replace(self, turns=turns)

    def without_turn(self, turn_id: str) -> Conversation:
        """Return the conversation without the turn of this id."""
        return replace(self, turns=tuple(turn for turn in self.turns if turn.turn_id != turn_id))


def title_from(parts: Iterable[Part]) -> str:
    """A title from a message's first words, one line, cut at a word; empty where there are none."""
    from app.core.parts import TextPart

    text = " ".join(" ".join(part.text for part in parts if isinstance(part, TextPart)).split())
    if len(text) <= TITLE_LENGTH:
        return text
    head, _, _ = text[: TITLE_LENGTH + 1].rpartition(" ")
    return f"{head or text[:TITLE_LENGTH]}…"
