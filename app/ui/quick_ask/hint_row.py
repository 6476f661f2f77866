"""The row below the first line: the copied text, what can be done with a text, and two keys."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.core.quick_ask import QuickAction
from app.ui.quick_ask.copied import CopiedChip
from app.ui.quick_ask.parts import KeyHint
from app.ui.theme import Theme
from app.ui.widgets.buttons import Button, Kind, Size, native_text
from app.ui.widgets.label import one_line
from app.ui.widgets.menu import Menu
from app.ui.widgets.tooltip import set_tooltip

ACTIONS_KEYS = "Ctrl+J"
NUMBERED = 9  # actions that have a key


class HintRow(QWidget):
    """Signals: `ask_asked()`; `close_asked()`; `actions_asked()`; `action_chosen(QuickAction)`."""

    ask_asked = Signal()
    close_asked = Signal()
    actions_asked = Signal()
    action_chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._actions: Sequence[QuickAction] = ()
        self.copied = CopiedChip(theme)
        self.actions_button = Button(theme, self.tr("Actions"), kind=Kind.QUIET, size=Size.SMALL)
        self.actions_button.set_trailing_icon("chevron-down")
        set_tooltip(
            self.actions_button, self.tr("Do something with a text"), native_text(QKeySequence(ACTIONS_KEYS))
        )
        self._ask = KeyHint(theme, self.tr("Ask"))
        close = KeyHint(theme, self.tr("Close"))
        close.show_key(native_text(QKeySequence(Qt.Key.Key_Escape)))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(17, 6, 9, 7)
        layout.setSpacing(14)
        layout.addWidget(self.copied)
        layout.addStretch(1)
        layout.addWidget(self.actions_button)
        layout.addWidget(self._ask)
        layout.addWidget(close)
        self._ask.clicked.connect(self.ask_asked)
        close.clicked.connect(self.close_asked)
        self.actions_button.clicked.connect(self.actions_asked)

    def show_key(self, key: str) -> None:
        """Name the key that asks."""
        self._ask.show_key(key)

    def show_actions(self, actions: Sequence[QuickAction]) -> None:
        """Offer these."""
        self._actions = actions
        self.actions_button.setVisible(bool(actions))

    def open_actions(self, *, can_act: bool) -> None:
        """Let the person choose what to do with a text; without one, show what could be done."""
        menu = Menu(self._theme, self)
        for number, action in enumerate(self._actions, 1):
            keys = QKeySequence(f"Ctrl+{number}") if number <= NUMBERED else None
            row = menu.add(
                one_line(action.name),
                partial(self.action_chosen.emit, action),
                icon="prompt",
                keys=keys,
            )
            row.setEnabled(can_act)
        if not can_act:
            menu.addSeparator()
            menu.add(self.tr("Copy or write a text first"), lambda: None).setEnabled(False)
        below = self.actions_button.rect().bottomLeft()
        menu.open_at(self.actions_button.mapToGlobal(below))
