"""A text in Markdown that is no chat, drawn as chats are: a page of the guide, what is new in a version."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QClipboard, QShowEvent
from PySide6.QtWidgets import QWidget

from app.core.conversation import Role, Turn
from app.core.parts import TextPart
from app.ui.theme import Theme
from app.ui.transcript.canvas import Canvas
from app.ui.transcript.column import Anchor
from app.ui.transcript.copying import Copying
from app.ui.transcript.look import Look


class DocumentView(Canvas):
    """`name` is what a screen reader calls it. `shut_down` before it is destroyed."""

    def __init__(
        self, theme: Theme, name: str, open_link: Callable[[str], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent, Look.DOCUMENT)
        self._text = ""
        self.setAccessibleName(name)
        self.copying = Copying(QClipboard.Mode.Clipboard, self)
        self.link_activated.connect(open_link)
        self.selecting.copy_requested.connect(self._copy)

    def show_text(self, text: str) -> None:
        """Show another text, from its beginning."""
        self._text = text
        # Only what has its size is laid out.
        if self.isVisible():
            self._show_text()

    def _show_text(self) -> None:
        turn = Turn(str(hash(self._text)), None, Role.ASSISTANT, (TextPart(self._text),))
        self.show_turns((turn,))
        # A chat is read from its end.
        self.scrolling.stand(Anchor())
        self.place()

    def _copy(self) -> None:
        if not self.selecting.selection.is_empty:
            self.copying.start(self.selecting.texts())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._text and not self.turns:
            self._show_text()
