"""The messages that were laid out last, of all chats, so that coming back costs nothing."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Container, Iterable

from app.core.conversation import Turn
from app.ui.transcript.budget import Budget, Ration
from app.ui.transcript.content import MessageContent
from app.ui.transcript.group import Styles
from app.ui.transcript.laid_message import CLOSED, LaidMessage, Opened

MESSAGES = 48
OPENED = 1_000  # messages of which it is kept what a person has opened


class LaidCache:
    """Laid out messages by the id of their turn, the least recently used first."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles
        self._messages: OrderedDict[str, LaidMessage] = OrderedDict()
        self._opened: OrderedDict[str, Opened] = OrderedDict()  # of those that were let go
        self._contents: dict[str, tuple[Turn, MessageContent]] = {}  # of those in another style

    def __len__(self) -> int:
        return len(self._messages)

    @property
    def has_too_many(self) -> bool:
        """Whether `trim` has something to do."""
        return len(self._messages) > MESSAGES

    def known(self, turn: Turn, width: int) -> LaidMessage | None:
        """The message as it was laid out, if it was and shows this turn."""
        message = self._messages.get(turn.turn_id)
        if message is None or message.turn is not turn or message.width != width or not message.is_read:
            return None
        return message

    def message(self, turn: Turn, width: int, height: int) -> LaidMessage:
        """The message in a column `width` px wide; about so high where its content isn't there yet."""
        message = self._messages.get(turn.turn_id)
        if message is None:
            opened = self._opened.pop(turn.turn_id, CLOSED)
            message = self._messages[turn.turn_id] = LaidMessage(turn, self.styles, width, opened, height)
            known = self._contents.pop(turn.turn_id, None)
            if known is not None and known[0] is turn:
                message.take(known[1])
        else:
            self._messages.move_to_end(turn.turn_id)
            if message.turn is not turn:
                message.update(turn)
            message.set_width(width)
            if not message.is_read:
                message.set_room(height)
        return message

    def messages(self) -> Iterable[LaidMessage]:
        """All that are kept."""
        return self._messages.values()

    def trim(self, bound: Container[LaidMessage], budget: Budget) -> bool:
        """Let go of what was not used for long; never of what is `bound` to an editor.

        Says whether there was time for all of it.
        """
        ration = Ration(budget)
        for turn_id, message in list(self._messages.items()):
            if not self.has_too_many:
                break
            if message in bound:
                continue
            if not ration.allows_one():
                break
            del self._messages[turn_id]
            self._free(message)
        return ration.is_enough

    def clear(self, styles: Styles) -> None:
        """Let go of all, and lay out in other styles from now on. Nothing may be bound."""
        self._contents = {
            turn_id: (message.turn, message.content)
            for turn_id, message in self._messages.items()
            if message.is_read
        }
        for message in self._messages.values():
            self._free(message)
        self._messages.clear()
        self.styles = styles

    def _free(self, message: LaidMessage) -> None:
        """Let it go; what a person has opened of it is open again when it comes back."""
        if message.opened != CLOSED:
            self._opened[message.turn.turn_id] = message.opened
            if len(self._opened) > OPENED:
                self._opened.popitem(last=False)
        message.free()
