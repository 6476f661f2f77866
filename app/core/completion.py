"""One reply while it grows: the changes that arrive, and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from app.core.errors import ChatError
from app.core.parts import Part, RefusalPart, TextPart, ThinkingPart, ToolCallPart, joined
from app.core.usage import Usage


class ReplyState(StrEnum):
    """Where a reply stands; exactly one at any time, and once not RUNNING it never changes (REL-10)."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Delta:
    """What one event of the stream adds.

    `parts` are fragments in order. `tool_calls` are whole calls as known so far: they replace those of
    earlier deltas. `finish_reason`, `usage`, `served_model` and `response_id` hold where the event gave them.
    `progress` is (done, all) of the prompt where the server tells (wire.md Q1).
    """

    parts: tuple[Part, ...] = ()
    tool_calls: tuple[ToolCallPart, ...] = ()
    finish_reason: str | None = None
    usage: Usage | None = None
    served_model: str | None = None
    response_id: str | None = None
    progress: tuple[int, int] | None = None

    def plus(self, later: Delta) -> Delta:
        """Both as one, so that a burst of events crosses a thread in one piece."""
        return Delta(
            parts=joined(self.parts, later.parts),
            tool_calls=later.tool_calls or self.tool_calls,
            finish_reason=later.finish_reason or self.finish_reason,
            usage=later.usage or self.usage,
            served_model=later.served_model or self.served_model,
            response_id=later.response_id or self.response_id,
            progress=later.progress or self.progress,
        )


NOTHING = Delta()


@dataclass(frozen=True, slots=True)
class Completion:
    """A reply so far. `seconds_*` are durations from the start of the request, by a monotonic clock."""

    parts: tuple[Part, ...] = ()
    state: ReplyState = ReplyState.RUNNING
    finish_reason: str | None = None
    usage: Usage | None = None
    served_model: str | None = None
    response_id: str | None = None
    error: ChatError | None = None
    seconds_to_first: float | None = None
    seconds: float | None = None

    def plus(self, delta: Delta) -> Completion:
        """Return the reply with `delta` added."""
        parts = joined(self.parts, delta.parts)
        if delta.tool_calls:
            parts = (*(part for part in parts if not isinstance(part, ToolCallPart)), *delta.tool_calls)
        return replace(
            self,
            parts=parts,
            finish_reason=delta.finish_reason or self.finish_reason,
            usage=delta.usage or self.usage,
            served_model=delta.served_model or self.served_model,
            response_id=delta.response_id or self.response_id,
        )

    def ended(self, state: ReplyState, error: ChatError | None = None) -> Completion:
        """Return the reply ended in `state`; a reply that has ended stays as it is."""
        if self.state is not ReplyState.RUNNING:
            return self
        return replace(self, state=state, error=error)

    @property
    def is_empty(self) -> bool:
        """True while nothing that a person could read has come."""
        return not any(
            part.text.strip() if isinstance(part, TextPart | ThinkingPart | RefusalPart) else True
            for part in self.parts
        )

    @property
    def tokens_per_second(self) -> float | None:
        """Speed after the first token, where the server counted tokens and we measured the time."""
        if self.usage is None or not self.usage.completion_tokens or self.seconds is None:
            return None
        writing = self.seconds - (self.seconds_to_first or 0.0)
        return self.usage.completion_tokens / writing if writing > 0 else None
