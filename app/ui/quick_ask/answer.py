"""What the person does with the last answer: take it along, ask anew for it, go on with it elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.ui.quick_ask.face import Face, Mode
from app.ui.quick_ask.former import FormerWindow
from app.ui.quick_ask.talk import Talk
from app.ui.theme import Theme
from app.ui.transcript.clipboard import safe_text
from app.ui.transcript.copying import message_text
from app.ui.widgets.toast import Toast


class AnswerUse(QObject):
    """Signals: `continue_asked(conversation_id)`: the talk is to go on in the main window; `not_pasted()`:
    the window that the person came from didn't come to the front.
    """

    continue_asked = Signal(str)
    not_pasted = Signal()

    def __init__(
        self, theme: Theme, window: Face, talk: Talk, former: FormerWindow, leave: Callable[[], None]
    ) -> None:
        """`leave` lets `window` go away, and the one that the person came from have the keyboard."""
        super().__init__(window)
        self._theme = theme
        self._window = window
        self._talk = talk
        self._former = former
        self._leave = leave
        self._toast: Toast | None = None
        footer = window.footer
        footer.copy_asked.connect(self.copy)
        footer.paste_asked.connect(self.paste_back)
        footer.continue_asked.connect(self.go_on_in_main_window)
        footer.retry_asked.connect(self.try_again)
        window.transcript.try_again_requested.connect(self._on_try_again)
        window.transcript.retry_now_requested.connect(self._on_retry_now)

    @property
    def has_text(self) -> bool:
        """Whether there is anything to take along."""
        last = self._talk.last_answer
        return last is not None and bool(last.text.strip())

    def copy(self) -> None:
        """Put the answer on the clipboard."""
        if self._window.transcript.copy_last_answer():
            self._say(self.tr("Answer copied"))

    def copy_and_leave(self) -> None:
        """The same, and go back to where the person was."""
        if self._window.transcript.copy_last_answer():
            self._leave()

    def paste_back(self) -> None:
        """Go back to where the person was, and paste the answer there."""
        last = self._talk.last_answer
        if last is not None and last.text.strip() and not self._former.cannot_paste:
            self._leave()
            self._former.paste(safe_text(message_text(last)), self._on_not_pasted)

    def try_again(self) -> None:
        """Ask anew for it."""
        last = self._talk.last_answer
        if last is not None:
            self._talk.session.try_again(last.turn_id)

    def go_on_in_main_window(self) -> None:
        """Let the main window show this talk, which isn't interrupted by it, and go away."""
        session = self._talk.session
        if self._talk.mode is Mode.ASKING or session.is_private:
            return
        self._talk.begin()
        self._window.hide()
        self.continue_asked.emit(session.conversation_id)

    def _on_try_again(self, turn_id: str) -> None:
        self._talk.session.try_again(turn_id)

    def _on_retry_now(self) -> None:
        self._talk.session.retry_now()

    def _on_not_pasted(self) -> None:
        self.not_pasted.emit()
        self._say(self.tr("It couldn’t be pasted. It is on the clipboard."))

    def _say(self, words: str) -> None:
        if self._toast is None:
            self._toast = Toast(self._theme, self._window)
        self._toast.say(words)
        self._toast.place(self._window.footer.y() - 10)
