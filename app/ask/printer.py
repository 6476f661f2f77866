"""What the command writes: the answer on standard output, all else in a line on stderr."""

from __future__ import annotations

import os
import sys

from app.core.completion import Completion, Delta, ReplyState
from app.core.errors import ChatError
from app.core.parts import answer_text, thinking_text

EXIT_FAILED = 1
EXIT_BROKEN_PIPE = 128 + 13  # as a shell says it of a program that SIGPIPE ended

# C0 and C1 controls but for line feed and tab, and what turns the direction of text: on a terminal they
# could move the cursor, set the title, or answer in the person's name. Shown as the symbol or the code.
_SHOWN = (
    {code: 0x2400 + code for code in range(32) if code not in (9, 10)}
    | {127: 0x2421}
    | {code: f"\\x{code:02x}" for code in range(0x80, 0xA0)}
    | {
        code: f"\\u{code:04x}"
        for code in (0x061C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A))
    }
)


class Printer:
    """Writes the answer to standard output as it arrives, or all of it as JSON at its end."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._reply = Completion()
        self._is_terminal = sys.stdout.isatty()
        self._ends_with_newline = True

    @property
    def has_started(self) -> bool:
        """True once anything of the answer has come."""
        return bool(self._reply.parts)

    def add(self, delta: Delta) -> None:
        """Take what came, and print the text of it."""
        self._reply = self._reply.plus(delta)
        text = answer_text(delta.parts)
        if text and not self._as_json:
            self._ends_with_newline = text.endswith("\n")
            self._write(text)

    def end(self, error: ChatError | None) -> None:
        """Finish the line, or print the JSON object of an answer that came, whole or not."""
        if self._as_json:
            if error is None or self.has_started:
                self._write(_json_of(self._reply, error) + "\n")
        elif not self._ends_with_newline:
            self._write("\n")
        if error is None and self._reply.finish_reason in ("length", "model_length"):
            note("The answer reached the longest that was allowed.")

    def _write(self, text: str) -> None:
        if self._is_terminal:
            text = text.replace("\r\n", "\n").translate(_SHOWN)
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except BrokenPipeError:
            # Nobody reads any more: as with Ctrl+C there is nothing to wait for, and nothing to say.
            os._exit(EXIT_BROKEN_PIPE)
        except OSError as error:
            note(f"the answer could not be written: {error.strerror}")
            os._exit(EXIT_FAILED)


def _json_of(reply: Completion, error: ChatError | None) -> str:
    import json

    state = ReplyState.DONE
    if error is not None:
        state = ReplyState.INTERRUPTED if error.code == "connection_lost" else ReplyState.FAILED
    data = {
        "text": answer_text(reply.parts),
        "thinking": thinking_text(reply.parts),
        "state": state.value,
        "finish_reason": reply.finish_reason,
        "model": reply.served_model,
        "id": reply.response_id,
        "usage": reply.usage.to_data() if reply.usage is not None else None,
        "error": error.code if error is not None else None,
    }
    # On a terminal the escapes of ASCII JSON show what is there; elsewhere they mean the same.
    return json.dumps(data, ensure_ascii=sys.stdout.isatty())


def note(text: str) -> None:
    """One line on stderr, whatever a server put into it."""
    line = " ".join(text.split()).translate(_SHOWN)
    print(f"sirocco: {line}", file=sys.stderr, flush=True)
