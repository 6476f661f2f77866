"""A question and what asks for the answer to it, made from a conversation."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.chat.answering import Answering
from app.chat.keys import Keys
from app.chat.network import Network
from app.chat.reply import ReplyInFlight
from app.core.completion import Completion
from app.core.context import request_for
from app.core.conversation import Conversation, Role, Turn, new_id, title_from
from app.core.parts import TextPart
from app.core.provider import Endpoint

if TYPE_CHECKING:
    from app.chat.unsaved import Keeper


def question(text: str, conversation: Conversation, path: Sequence[Turn]) -> tuple[Turn, Conversation]:
    """The user's turn that comes after `path`, and the conversation as it is from then on, without it."""
    now = time.time()
    parent_id = path[-1].turn_id if path else None
    turn = Turn(new_id(), parent_id, Role.USER, (TextPart(text),), created=now)
    asked = replace(
        conversation,
        title=conversation.title or title_from(turn.parts),
        created=conversation.created or now,
        updated=now,
    )
    return turn, asked


def answer_to(
    path: Sequence[Turn],
    conversation: Conversation,
    endpoint: Endpoint,
    network: Network,
    keys: Keys,
    disk: Keeper,
    parent: QObject,
) -> Answering:
    """What asks `endpoint` for the turn that comes after `path`; nothing has happened yet."""
    turn = Turn(
        new_id(),
        path[-1].turn_id,
        Role.ASSISTANT,
        created=time.time(),
        model=conversation.model,
        endpoint_id=endpoint.endpoint_id,
        reply=Completion(),
    )
    request = request_for(tuple(path), conversation.model, conversation.system_prompt)
    reply = ReplyInFlight(network, keys, endpoint, request)
    return Answering(disk, reply, conversation.conversation_id, turn, parent)
