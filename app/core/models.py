"""What an endpoint says about one of its models."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModelCard:
    """One model of `GET {base}/models`. `context_length` is in tokens, None where not given.

    `chats` is False only where the server says that the model can't complete chats.
    """

    model_id: str
    aliases: tuple[str, ...] = ()
    context_length: int | None = None
    chats: bool = True
    deprecated: bool = False
