"""What stands above code while it comes."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from pytestqt.qtbot import QtBot

from app.core.completion import Completion, ReplyState
from app.core.conversation import Role, Turn
from app.core.parts import TextPart
from app.ui.theme import Theme
from app.ui.transcript.canvas import Canvas
from app.ui.transcript.code_frame import CodeFrame
from app.ui.widgets.label import ElidedLabel


def test_the_language_is_named_whole_once_it_has_come_whole(qtbot: QtBot, theme: Theme) -> None:
    canvas = Canvas(theme)
    qtbot.addWidget(canvas)
    canvas.resize(900, 600)
    canvas.show()
    turn = Turn("t", None, Role.ASSISTANT, reply=Completion((TextPart("```pyt\n"),), ReplyState.RUNNING))
    canvas.show_turns([turn])

    def is_named(language: str) -> bool:
        (frame,) = canvas.findChildren(CodeFrame)
        (label,) = frame.findChildren(ElidedLabel)
        return (label.text(), frame.edit.accessibleName()) == (language, f"{language} code")

    for text, wanted in (("```pyt\n", "Pyt"), ("```python\n", "Python"), ("```python\nx = 1\n", "Python")):
        turn = replace(turn, reply=Completion((TextPart(text),), ReplyState.RUNNING))
        canvas.change_turn(turn)
        qtbot.waitUntil(partial(is_named, wanted))
