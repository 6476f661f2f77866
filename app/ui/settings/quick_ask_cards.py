"""The cards of the page Quick Ask: where the small window opens, and what its answers come from."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.chat.connections import Connections
from app.chat.preferences import Preferences
from app.core.quick_ask import MINUTES, QuickAskSettings
from app.core.settings import Settings
from app.ui.composer.model_picker import ModelPicker
from app.ui.composer.queue_row import ChipText
from app.ui.settings.fields import Field
from app.ui.settings.link_button import LinkButton
from app.ui.settings.rows import Card
from app.ui.theme import Theme
from app.ui.widgets.buttons import Kind, Size
from app.ui.widgets.drop_down import DropDown
from app.ui.widgets.label import one_line
from app.ui.widgets.switch import Switch

FIELD_WIDTH, NARROW_FIELD = 260, 130  # px


class WindowCard(Card):
    """Every change applies at once."""

    def __init__(self, theme: Theme, preferences: Preferences) -> None:
        super().__init__(theme)
        self._preferences = preferences
        self._screen = DropDown(theme, self.tr("Opens on"))
        self._screen.addItem(self.tr("Screen with the pointer"), True)
        self._screen.addItem(self.tr("Main screen"), False)
        self._screen.activated.connect(self._on_chosen)
        self._elsewhere = DropDown(theme, self.tr("When you click elsewhere"))
        self._elsewhere.addItem(self.tr("Hide, unless pinned"), True)
        self._elsewhere.addItem(self.tr("Stay open"), False)
        self._elsewhere.activated.connect(self._on_chosen)
        self._minutes = DropDown(theme, self.tr("Continue the last question"))
        for minutes in MINUTES:
            self._minutes.addItem(self._words(minutes), minutes)
        self._minutes.activated.connect(self._on_chosen)
        self.add_row(self.tr("Opens on"), self._screen)
        self.add_row(
            self.tr("When you click elsewhere"), self._elsewhere, self.tr("An answer in progress goes on")
        )
        self.add_row(
            self.tr("Continue the last question"), self._minutes, self.tr("After that, a new chat begins")
        )
        preferences.changed.connect(self._show_settings)
        self._show_settings(preferences.current)

    def _words(self, minutes: int) -> str:
        match minutes:
            case 0:
                return self.tr("Never")
            case 1:
                return self.tr("Within 1 minute")
            case 60:
                return self.tr("Within 1 hour")
            case _:
                return self.tr("Within {count} minutes").format(count=minutes)

    def _show_settings(self, settings: Settings) -> None:
        quick = self._preferences.quick_ask
        self._screen.setCurrentIndex(self._screen.findData(quick.follows_pointer))
        self._elsewhere.setCurrentIndex(self._elsewhere.findData(quick.hides))
        self._minutes.setCurrentIndex(self._minutes.findData(quick.minutes))

    def _on_chosen(self) -> None:
        quick = self._preferences.quick_ask
        self._preferences.set_quick_ask(
            quick._replace(
                follows_pointer=self._screen.currentData(),
                hides=self._elsewhere.currentData(),
                minutes=self._minutes.currentData(),
            )
        )


class AnswersCard(Card):
    """The model, what it is told beforehand, and whether copied text is offered."""

    def __init__(self, theme: Theme, preferences: Preferences, connections: Connections) -> None:
        super().__init__(theme)
        self._preferences = preferences
        self._connections = connections
        self._picker: ModelPicker | None = None
        self._model = ChipText(theme, "", kind=Kind.SECONDARY, size=Size.DEFAULT)
        self._model.set_trailing_icon("chevron-down")
        self._model.setAccessibleName(self.tr("Model"))
        self._model.clicked.connect(self._on_model)
        self._reset = LinkButton(theme, self.tr("Reset"))
        self._reset.clicked.connect(lambda: self._on_chosen("", ""))
        model = QWidget()
        row = QHBoxLayout(model)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._reset)
        row.addWidget(self._model)
        self._prompt = Field(theme, self.tr("Instructions"))
        self._prompt.setPlaceholderText(self.tr("None"))
        self._prompt.setMinimumWidth(NARROW_FIELD)
        self._prompt.setMaximumWidth(FIELD_WIDTH)
        self._prompt.editingFinished.connect(self._on_prompt)
        self._copied = Switch(theme, self.tr("Offer to include copied text"))
        self._copied.toggled.connect(self._on_copied)
        self.add_row(self.tr("Model"), model)
        self.add_row(
            self.tr("Instructions"), self._prompt, self.tr("The model reads them before each question")
        )
        self.add_row(
            self.tr("Offer to include copied text"),
            self._copied,
            self.tr("You see it first. Nothing is sent by itself"),
        )
        preferences.changed.connect(self._show_settings)
        self._show_settings(preferences.current)

    @property
    def _quick(self) -> QuickAskSettings:
        return self._preferences.quick_ask

    def _show_settings(self, settings: Settings) -> None:
        quick = self._preferences.quick_ask
        shown = one_line(quick.model) or self.tr("Same as new chats")
        self._model.setText(shown)
        self._model.setAccessibleDescription(shown)
        self._reset.setVisible(bool(quick.model))
        if self._prompt.text() != quick.system_prompt and not self._prompt.hasFocus():
            self._prompt.setText(quick.system_prompt)
            self._prompt.setCursorPosition(0)
        self._copied.setChecked(quick.offers_copied)

    def _on_model(self) -> None:
        if self._picker is None:
            self._picker = ModelPicker(self._theme, self._connections, self._preferences, self)
            self._picker.chosen.connect(self._on_chosen)
        default = self._preferences.default_endpoint()
        own = self._quick.endpoint_id or (default.endpoint_id if default is not None else "")
        self._picker.open_above(self._model, own, self._quick.model)

    def _on_chosen(self, endpoint_id: str, model: str) -> None:
        self._preferences.set_quick_ask(self._quick._replace(endpoint_id=endpoint_id, model=model))

    def _on_prompt(self) -> None:
        self._preferences.set_quick_ask(self._quick._replace(system_prompt=self._prompt.text().strip()))

    def _on_copied(self, is_on: bool) -> None:
        self._preferences.set_quick_ask(self._quick._replace(offers_copied=is_on))
