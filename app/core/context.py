"""What goes to the model: the shown path made into a request that strict servers accept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.core.completion import ReplyState
from app.core.conversation import Role, Turn
from app.core.parts import (
    DocumentPart,
    ImagePart,
    Part,
    RefusalPart,
    TextPart,
    ThinkingPart,
    joined,
)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a request."""

    role: Role
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What is asked. Only what is set here is sent: the minimum first (wire.md Q56).

    Temperature and its kin are None unless the person set them. `stream` is always sent (wire.md Q22).
    """

    model: str
    messages: tuple[Message, ...]
    stream: bool = True
    temperature: float | None = None
    max_tokens: int | None = None


def request_for(path: Iterable[Turn], model: str, system_prompt: str = "") -> ChatRequest:
    """Make the request for the reply that comes after `path`, its roles in the order of wire.md Q60.

    One system message first, wherever such turns stand; then the user and the assistant by turns, the user
    first and last, none of them empty, neighbours of one role joined. A turn that failed without text is left
    out; a stopped or interrupted one counts with the text that it has.
    """
    system: tuple[Part, ...] = (TextPart(system_prompt),) if system_prompt.strip() else ()
    messages: list[Message] = []
    for turn in path:
        parts = tuple(part for part in turn.content if _is_sent(turn, part))
        if not any(_says_something(part) for part in parts):
            continue
        if turn.role is Role.SYSTEM:
            system = _as_one(system, parts) if system else parts
        elif messages and messages[-1].role is turn.role:
            messages[-1] = Message(turn.role, _as_one(messages[-1].parts, parts))
        elif messages or turn.role is Role.USER:
            messages.append(Message(turn.role, parts))
    while messages and messages[-1].role is Role.ASSISTANT:
        messages.pop()
    return ChatRequest(model, ((Message(Role.SYSTEM, system),) if system else ()) + tuple(messages))


def _is_sent(turn: Turn, part: Part) -> bool:
    match part:
        case TextPart() | RefusalPart():
            return True
        case ImagePart() | DocumentPart():
            return turn.role is Role.USER
        case ThinkingPart():
            # Dropping a finished thought lowers the quality of the next answer (wire.md §10.2); a thought
            # that was cut off has no end that a server would accept.
            return turn.role is Role.ASSISTANT and turn.state is ReplyState.DONE
        case _:
            return False


def _says_something(part: Part) -> bool:
    match part:
        case TextPart(text) | RefusalPart(text):
            return bool(text.strip())
        case ImagePart() | DocumentPart():
            return True
        case _:
            return False


def _as_one(first: tuple[Part, ...], second: tuple[Part, ...]) -> tuple[Part, ...]:
    gap: tuple[Part, ...] = (
        (TextPart("\n\n"),) if isinstance(first[-1], TextPart) and isinstance(second[0], TextPart) else ()
    )
    return joined(joined(first, gap), second)
