"""The person's own actions on a text: named, told, put in order, added and taken away."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.chat.preferences import Preferences
from app.core.quick_ask import MAX_ACTIONS, MAX_NAME, MAX_PROMPT, QuickAction
from app.core.settings import Settings
from app.ui.settings.fields import Field
from app.ui.theme import Theme
from app.ui.widgets.buttons import Button, IconButton, Size
from app.ui.widgets.label import Label
from app.ui.widgets.panel import Panel
from app.ui.widgets.toast import Toast

NAME_WIDTH = 116  # px


class QuickActions(QWidget):
    """Every change applies at once; what was taken away comes back by the toast."""

    def __init__(self, theme: Theme, preferences: Preferences, toast: Toast) -> None:
        super().__init__()
        self._theme = theme
        self._preferences = preferences
        self._toast = toast
        self._rows: list[ActionRow] = []
        add = Button(theme, self.tr("Add action"), icon="plus", size=Size.SMALL)
        add.clicked.connect(self._on_add)
        self._add = add
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(Label(theme, self.tr("Actions on a text"), style="ui.strong"), 1)
        head.addWidget(add)
        self._card = Panel(theme)
        self._list = QVBoxLayout(self._card)
        self._list.setContentsMargins(1, 0, 1, 0)
        self._list.setSpacing(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self._card)
        preferences.changed.connect(self._show_settings)
        self._show_settings(preferences.current)

    def _show_settings(self, settings: Settings) -> None:
        actions = self._preferences.quick_ask.actions
        while len(self._rows) > len(actions):
            row = self._rows.pop()
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        for at in range(len(self._rows), len(actions)):
            row = ActionRow(self._theme, at, self._card)
            row.changed.connect(self._on_changed)
            row.moved.connect(self._on_moved)
            row.removed.connect(self._on_removed)
            self._list.addWidget(row)
            row.show()
            self._rows.append(row)
        for row, action in zip(self._rows, actions, strict=True):
            row.show_action(action, is_last=row is self._rows[-1])
        self._card.setVisible(bool(actions))
        self._add.setEnabled(len(actions) < MAX_ACTIONS)

    def _change(self, change: Callable[[list[QuickAction]], object]) -> None:
        quick = self._preferences.quick_ask
        actions = list(quick.actions)
        change(actions)
        self._preferences.set_quick_ask(quick._replace(actions=tuple(actions)))

    def _on_add(self) -> None:
        self._change(lambda actions: actions.append(QuickAction(self.tr("New action"), "")))
        name = self._rows[-1].name
        name.setFocus(Qt.FocusReason.OtherFocusReason)
        name.selectAll()

    def _on_changed(self, at: int, action: QuickAction) -> None:
        def put(actions: list[QuickAction]) -> None:
            actions[at] = action

        self._change(put)

    def _on_moved(self, at: int, step: int) -> None:
        self._change(lambda actions: actions.insert(at + step, actions.pop(at)))
        # The keyboard stays with what was moved.
        self._rows[at + step].focus_move(step)

    def _on_removed(self, at: int) -> None:
        action = self._preferences.quick_ask.actions[at]
        self._change(lambda actions: actions.pop(at))
        self._toast.say(
            self.tr("{name} removed").format(name=action.name),
            self.tr("Undo"),
            lambda: self._change(lambda actions: actions.insert(at, action)),
        )


class ActionRow(QWidget):
    """Signals: `changed(place, QuickAction)`; `moved(place, step)`: up is -1; `removed(place)`."""

    changed = Signal(int, object)
    moved = Signal(int, int)
    removed = Signal(int)

    def __init__(self, theme: Theme, at: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._at = at
        self._action = QuickAction("", "")
        self.name = Field(theme, self.tr("Action"))
        self.name.setMaxLength(MAX_NAME)
        self.name.setFixedWidth(NAME_WIDTH)
        self.prompt = Field(theme, self.tr("What the model is told"))
        self.prompt.setMaxLength(MAX_PROMPT)
        self.prompt.setPlaceholderText(self.tr("What shall be done with the text"))
        self.up = IconButton(theme, "chevron-up", self.tr("Move up"), side=28)
        self.down = IconButton(theme, "chevron-down", self.tr("Move down"), side=28)
        self.remove = IconButton(theme, "trash", self.tr("Remove"), side=28)
        self.name.editingFinished.connect(self._on_edited)
        self.prompt.editingFinished.connect(self._on_edited)
        self.up.clicked.connect(lambda: self.moved.emit(self._at, -1))
        self.down.clicked.connect(lambda: self.moved.emit(self._at, 1))
        self.remove.clicked.connect(lambda: self.removed.emit(self._at))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 5, 8, 5)
        layout.setSpacing(4)
        layout.addWidget(self.name)
        layout.addWidget(self.prompt, 1)
        for button in (self.up, self.down, self.remove):
            layout.addWidget(button)

    def show_action(self, action: QuickAction, *, is_last: bool) -> None:
        """Show this action."""
        self._action = action
        for field, text in ((self.name, action.name), (self.prompt, action.prompt)):
            if field.text() != text:
                field.setText(text)
                field.setCursorPosition(0)
        self.up.setEnabled(self._at > 0)
        self.down.setEnabled(not is_last)

    def focus_move(self, step: int) -> None:
        """Give the keyboard to the button that moves on in this direction, else to the other one."""
        button, other = (self.up, self.down) if step < 0 else (self.down, self.up)
        (button if button.isEnabled() else other).setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_edited(self) -> None:
        # An action is known by its name: without one it keeps what it had.
        name = self.name.text().strip() or self._action.name
        action = QuickAction(name, self.prompt.text().strip())
        if action != self._action:
            self.changed.emit(self._at, action)
        else:
            self.show_action(action, is_last=not self.down.isEnabled())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._at:
            QPainter(self).fillRect(0, 0, self.width(), 1, self._theme.color("line.hair"))
