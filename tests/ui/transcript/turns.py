"""Turns for the tests, and what is read off a transcript."""

from __future__ import annotations

import itertools

from PySide6.QtCore import QEventLoop, QPoint, QTimer
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QApplication, QWidget

from app.core.completion import Completion, ReplyState
from app.core.conversation import Role, Turn
from app.core.errors import ChatError
from app.core.parts import Part, TextPart, ThinkingPart
from app.core.usage import Usage
from app.ui.transcript.block_edit import plain_selection
from app.ui.transcript.canvas import Canvas
from app.ui.transcript.laid_message import LaidMessage
from app.ui.transcript.message_frame import MessageFrame

_numbers = itertools.count()

ANSWER = """## Heading

Some **bold** text with `code` and a [link](https://example.org/a).

- one
- two

| a | b |
|---|--:|
| 1 | 2 |

```python
def f():
    return 1
```
"""


def user(text: str) -> Turn:
    return Turn(f"user-{next(_numbers)}", None, Role.USER, parts=(TextPart(text),))


def answer(
    text: str,
    state: ReplyState = ReplyState.DONE,
    *,
    thought: str = "",
    error: ChatError | None = None,
    tokens: int | None = None,
    turn_id: str = "",
) -> Turn:
    parts: tuple[Part, ...] = (ThinkingPart(thought, 6.0),) if thought else ()
    if text:
        parts = (*parts, TextPart(text))
    usage = Usage(completion_tokens=tokens) if tokens is not None else None
    reply = Completion(parts, state, usage=usage, error=error, seconds=7.0, seconds_to_first=1.0)
    return Turn(
        turn_id or f"answer-{next(_numbers)}",
        None,
        Role.ASSISTANT,
        model="Model",
        endpoint_id="e",
        reply=reply,
    )


def chat(pairs: int, text: str = ANSWER) -> list[Turn]:
    """So many questions, each with its answer, no two alike."""
    turns: list[Turn] = []
    for number in range(pairs):
        turns += [user(f"Question {number}"), answer(f"Answer {number}.\n\n{text}")]
    return turns


def let_go_on(milliseconds: int = 0) -> None:
    """Run the event loop: once for 0."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def document_texts(message: LaidMessage) -> list[str]:
    """The words of each document of a message, which is laid out for it."""
    texts = []
    for group in message.groups:
        message.lay_out(group)
        assert group.drawing is not None
        texts.append(text_of_document(group.drawing.document))
    return texts


def top_of(canvas: Canvas, widget: QWidget) -> int:
    """Where a widget stands in the view, in px."""
    return widget.mapTo(canvas.viewport(), QPoint(0, 0)).y()


def frame_of(canvas: Canvas, turn: Turn) -> MessageFrame:
    """The frame that shows a turn."""
    for frame in canvas.frames():
        if frame.message is not None and frame.message.turn.turn_id == turn.turn_id:
            return frame
    raise AssertionError(f"{turn.turn_id} is not on the screen")


def shown_turns(canvas: Canvas) -> list[str]:
    """The ids of the turns that have widgets."""
    return [frame.message.turn.turn_id for frame in canvas.frames() if frame.message is not None]


def focused() -> QWidget:
    """What has the keyboard's focus."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def text_of_document(document: QTextDocument) -> str:
    """All words of a document, as a copy of all of it would be."""
    cursor = QTextCursor(document)
    cursor.select(QTextCursor.SelectionType.Document)
    return plain_selection(cursor)
