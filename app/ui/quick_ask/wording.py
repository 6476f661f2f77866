"""What is asked in the small window: what is written or was copied, or an action on them."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.chat.library import Library
from app.chat.preferences import Preferences
from app.core.quick_ask import QuickAction
from app.ui.composer.recall import KEPT, Recall
from app.ui.composer.writing import Writing
from app.ui.quick_ask.face import Mode
from app.ui.quick_ask.hint_row import HintRow
from app.ui.quick_ask.talk import Talk


class Wording(QObject):
    """Puts questions together and sends them through `writing`."""

    def __init__(
        self, writing: Writing, hints: HintRow, talk: Talk, preferences: Preferences, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._writing = writing
        self._hints = hints
        self._talk = talk
        self._preferences = preferences
        self._recall = Recall()
        self._has_read_recent = False
        hints.ask_asked.connect(self.ask)
        hints.action_chosen.connect(self.act)
        hints.actions_asked.connect(self.choose_action)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written or included."""
        return not self._writing.field.text.strip() and not self._included

    def clear(self) -> None:
        """Leave nothing; Undo brings back what was written."""
        self._writing.field.clear_text()
        self._hints.copied.setChecked(False)

    def read_recent(self, library: Library) -> None:
        """Have what was asked in earlier runs, once."""
        if not self._has_read_recent:
            self._has_read_recent = True
            library.read_recent_questions(KEPT, self._recall.add_older)

    def ask(self) -> None:
        """Send what is written, with the copied text where that is included."""
        self._send(self._text)

    def act(self, action: QuickAction) -> None:
        """Do this with what is written and included, else with the copied text that is offered."""
        text = self._text or self._offered
        if text:
            self._send(f"{action.prompt}\n\n{text}")

    def act_number(self, number: int) -> None:
        """Do the action of this place in the list, counted from 0."""
        actions = self._preferences.quick_ask.actions
        if number < len(actions):
            self.act(actions[number])

    def choose_action(self) -> None:
        """Open the list of what can be done with a text."""
        if self._talk.mode is Mode.ASKING and self._preferences.quick_ask.actions:
            self._hints.open_actions(can_act=bool(self._text or self._offered))

    def recall_older(self) -> None:
        """Write in what was asked before."""
        if self._talk.mode is not Mode.ANSWERING:
            self._writing.fill(self._recall.older(self._writing.field.text), "")

    def recall_newer(self) -> None:
        """The way back from there."""
        if self._talk.mode is not Mode.ANSWERING:
            self._writing.fill(self._recall.newer(self._writing.field.text), "")

    @property
    def _text(self) -> str:
        texts = (self._writing.field.text.strip(), self._included)
        return "\n\n".join(one for one in texts if one)

    @property
    def _included(self) -> str:
        return self._hints.copied.included if self._talk.mode is Mode.ASKING else ""

    @property
    def _offered(self) -> str:
        return self._hints.copied.offered if self._talk.mode is Mode.ASKING else ""

    def _send(self, text: str) -> None:
        if not text or self._talk.mode is Mode.ANSWERING:
            return
        self._talk.asked = text
        is_private = self._talk.session.is_private
        if self._writing.send_text(text):
            self._hints.copied.setChecked(False)
            if not is_private:
                self._recall.add(text)
