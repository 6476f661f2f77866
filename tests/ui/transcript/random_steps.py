"""Random steps of all kinds on a transcript; as a program, in a window of its own: `SEED STEPS`."""

from __future__ import annotations

import gc
import random
import sys
import time
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from app.chat.activity import Activity, ActivityKind
from app.core.completion import ReplyState
from app.core.conversation import Role, Turn
from app.core.errors import ErrorDetails, KeyRejected, ServerProblem
from app.core.parts import ImagePart, TextPart
from app.core.settings import Appearance, Settings
from app.desktop.garbage import Garbage
from app.desktop.whole_errors import with_whole_errors
from app.ui.theme import Theme
from app.ui.transcript.find_pattern import Pattern
from app.ui.transcript.view import TranscriptView
from app.ui.widgets.menu import Menu
from tests.ui.test_safe_picture import address, picture
from tests.ui.transcript.turns import ANSWER, answer, chat, user

PAUSE = 60  # ms after each step in which assistive technology is answered
KEYS = (
    *(Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_J, Qt.Key.Key_K),
    *(Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Return),
)
MODIFIERS = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
GROWTH = (
    *(ANSWER, "word ", "**bold", "\n\n", "| a | b |\n|---|---|\n", "$x^2$ ", "$$\\frac{a}{b}$$\n\n"),
    *("```python\n" + "x = 1\n" * 40 + "```\n", "[link](https://example.org/)", "a[^n]\n\n[^n]: Note\n\n"),
    *("- item\n" * 30, "שלום ", "> quoted\n\n"),
)
LONG = "A long question.\n" * 40
MUCH = "- item\n" * 700 + "\n| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 300
FAULT = ErrorDetails(endpoint="Here", status=401, raw='{"error": "no"}\n' * 30)
ENTRIES = ("Copy", "Copy message", "Copy as Markdown", "Select message", "Copy code", "Wrap lines")


class RandomSteps:
    """Does to a transcript what a person can, and more, in an order that the seed says."""

    def __init__(self, view: TranscriptView, theme: Theme, seed: int) -> None:
        self._view = view
        self._theme = theme
        self._rng = random.Random(seed)
        self._text = ""
        self.turns = self._other_chat()
        view.canvas.show_turns(self.turns)

    def _other_chat(self) -> list[Turn]:
        self._text = ""
        growing = answer("", ReplyState.RUNNING, turn_id="growing", thought="A thought.\n" * 5)
        thought = answer("An answer.", thought="Before it.")
        image = ImagePart(address(picture("png", 300, 200)), "A picture")
        asked = Turn("asked", None, Role.USER, parts=(image, TextPart("What is it?")))
        failed = [
            answer("It began so.", ReplyState.FAILED, error=KeyRejected(FAULT), turn_id=f"failed-{number}")
            for number in range(2)
        ]
        middle = [user(LONG), thought, asked, answer(MUCH), failed[0]]
        return [*chat(20, "".join(GROWTH)), *middle, *chat(20), failed[1], growing]

    def step(self) -> None:
        """Do one thing."""
        self._rng.choice(
            (
                *(self._scroll, self._show_row, self._resize, self._focus, self._select, self._press_key),
                *(self._grow, self._grow, self._start_again, self._view.canvas.scrolling.jump_to_latest),
                *(self._open_menu, self._open_menu, self._leave_menu, self._leave_menu, self._click),
                *(self._drag, self._copy_all, self._find, self._turn_over, self._show_activity),
            )
        )()

    def _scroll(self) -> None:
        self._view.canvas.scrolling.move_by(self._rng.randint(-1_500, 1_500))

    def _show_row(self) -> None:
        self._view.canvas.scrolling.show_row(self._rng.randrange(len(self.turns)))

    def _resize(self) -> None:
        self._view.resize(self._rng.randint(300, 1_200), self._rng.randint(200, 800))

    def _focus(self) -> None:
        self._view.canvas.focus_row(self._rng.randrange(len(self.turns)))

    def _select(self) -> None:
        """As assistive technology does: in one editor, without a mouse."""
        for editor in (one for frame in self._view.canvas.frames() for one in frame.editors()[:1]):
            cursor = editor.textCursor()
            cursor.select(QTextCursor.SelectionType.Document)
            editor.setTextCursor(cursor)

    def _grow(self) -> None:
        self._text += self._rng.choice(GROWTH)
        self._show_growing(ReplyState.RUNNING)

    def _start_again(self) -> None:
        self._text = ""
        self._view.canvas.replace_turns(self.turns)

    def _copy_all(self) -> None:
        self._view.canvas.selecting.select_all()
        self._view.copy_selection()

    def _show_growing(self, state: ReplyState) -> None:
        self._view.canvas.change_turn(answer(self._text, state, turn_id="growing", thought="A thought."))

    def _show_activity(self) -> None:
        kind = self._rng.choice(list(ActivityKind))
        now = time.monotonic()
        error = ServerProblem(FAULT) if kind is ActivityKind.RETRYING else None
        self._view.canvas.show_activity(Activity(kind, now, now + 5.0 if error else None, error))

    def _press_key(self) -> None:
        focused = QApplication.focusWidget()
        key, modifier = self._rng.choice(KEYS), self._rng.choice(MODIFIERS)
        QTest.keyClick(focused or self._view.canvas.viewport(), key, modifier)

    def _open_menu(self) -> None:
        frames = self._view.canvas.frames()
        if not frames or QApplication.activePopupWidget() is not None:
            return
        frame = self._rng.choice(frames)
        target: QWidget = self._rng.choice([frame, *(edit.viewport() for edit in frame.editors())])
        at = QPoint(target.width() // 3, target.height() // 3)
        reason = self._rng.choice([QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard])
        QApplication.sendEvent(target, QContextMenuEvent(reason, at, target.mapToGlobal(at)))

    def _leave_menu(self) -> None:
        menu = QApplication.activePopupWidget()
        if not isinstance(menu, Menu):
            return
        actions = [action for action in menu.actions() if action.text() in ENTRIES]
        if actions and self._rng.random() < 0.6:
            self._rng.choice(actions).trigger()
        menu.close()

    def _click(self) -> None:
        """Press a button of a message: its actions, its thought, the folds of its code."""
        frames = self._view.canvas.frames()
        buttons = [
            button for frame in frames for button in frame.findChildren(QAbstractButton) if button.isVisible()
        ]
        if buttons:
            self._rng.choice(buttons).click()

    def _drag(self) -> None:
        canvas = self._view.canvas
        begin, end = (
            QPoint(self._rng.randrange(canvas.width()), self._rng.randrange(canvas.height()))
            for _ in range(2)
        )
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, begin)
        QTest.mouseMove(canvas, end)
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)

    def _find(self) -> None:
        finder = self._view.finder
        match self._rng.randrange(3):
            case 0:
                finder.look_for(Pattern(self._rng.choice(["o", "bold", "word", "x", "nothing at all"])))
            case 1:
                finder.go_to_next()
            case _:
                finder.end()

    def _turn_over(self) -> None:
        """What happens more seldom: another theme, another chat, the end of the answer."""
        match self._rng.randrange(3):
            case 0:
                size = self._rng.randint(12, 22)
                look = self._rng.choice([Appearance.LIGHT, Appearance.DARK])
                self._theme.follow(Settings(appearance=look, text_size=size, less_motion=True))
            case 1:
                self.turns = self._other_chat()
                self._view.canvas.show_turns(self.turns)
            case _:
                self._show_growing(ReplyState.DONE)


def main(seed: int, steps: int) -> int:
    """Take the steps in a real window, each in a turn of the event loop of its own."""
    app = QApplication(["random-steps"])
    Garbage(app)

    def end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sys.__excepthook__(kind, error, trace)
        app.exit(3)

    sys.excepthook = end
    theme = Theme(app, Path(__file__).parents[3] / "resources")
    theme.follow(Settings(appearance=Appearance.LIGHT, less_motion=True))
    view = TranscriptView(theme)
    view.setWindowTitle("Random steps")
    view.resize(900, 600)
    view.show()
    random_steps = RandomSteps(view, theme, seed)
    taken = 0
    timer = QTimer(interval=PAUSE, singleShot=True)

    def take() -> None:
        nonlocal taken
        if taken == steps:
            app.exit(0)
            return
        random_steps.step()
        taken += 1
        gc.collect(0 if taken % 5 else 2)
        timer.start()

    timer.timeout.connect(take)
    timer.start()
    code = app.exec()
    timer.stop()
    view.canvas.shut_down(60.0)
    print(f"{taken} steps", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(with_whole_errors(lambda: main(*map(int, sys.argv[1:]))))
