"""The form of one endpoint: name, address, key, default model, and whether they work."""

from __future__ import annotations

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.chat.connections import Connections
from app.chat.keys import KeyPlace, KeyringState, Keys
from app.chat.preferences import Preferences
from app.core.errors import BadKey
from app.core.provider import Endpoint, Preset, host_of, origin_of
from app.ui.settings.connection_check import ConnectionCheck
from app.ui.settings.fields import Field
from app.ui.settings.insecure import InsecureBanner
from app.ui.settings.result_line import Outcome
from app.ui.theme import Theme
from app.ui.widgets.buttons import Button, Kind, Size
from app.ui.widgets.label import Label


class EndpointForm(QWidget):
    """Edits a copy: nothing is changed before Save.

    Signals: `saved(endpoint_id)`; `remove_asked(endpoint_id)`; `default_asked(endpoint_id)`;
    `offered(Preset)`: the person wants to try the other Mistral address.
    """

    saved = Signal(str)
    remove_asked = Signal(str)
    default_asked = Signal(str)
    offered = Signal(object)

    def __init__(
        self,
        theme: Theme,
        connections: Connections,
        keys: Keys,
        preferences: Preferences,
        endpoint: Endpoint,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._connections = connections
        self._keys = keys
        self._preferences = preferences
        self._endpoint = endpoint
        self._check = ConnectionCheck(
            theme, connections, self.tr("Test connection"), self.tr("Try {host}"), 1, self
        )
        self._check.ended.connect(self._on_check_ended)
        self._check.offer_taken.connect(self.offered)
        self._trial, self.key = self._check.trial, self._check.key
        self._is_replacing = False
        self._build()
        connections.models_changed.connect(self._on_models_changed)
        keys.key_found.connect(self._on_key_changed)
        keys.key_unavailable.connect(self._on_key_changed)
        keys.key_stored.connect(self._on_key_stored)
        keys.key_not_stored.connect(self._on_key_not_stored)
        keys.key_forgotten.connect(self._show_key)
        if self._is_saved:
            keys.fetch(endpoint.origin)
        self._show_models()
        self._show_key()
        self._show_state()

    # -- what it is made of -----------------------------------------------------------------------------

    def _build(self) -> None:
        theme, endpoint = self._theme, self._endpoint
        self.name = Field(theme, self.tr("Endpoint name"))
        self.name.setText(endpoint.name)
        self.address = Field(theme, self.tr("Base URL"))
        self.address.setText(endpoint.base_url)
        self.address.setPlaceholderText("https://example.org/v1")
        self._replace = Button(theme, self.tr("Replace…"))
        self._replace.clicked.connect(self._on_replace)
        self.model = Field(theme, self.tr("Default model"))
        self.model.setText(endpoint.default_model)
        self.model.setPlaceholderText(self.tr("The first that it offers"))
        self._models = QStringListModel(self)
        completer = QCompleter(self._models, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.model.setCompleter(completer)
        for field in (self.name, self.address, self.model):
            field.textChanged.connect(self._on_input)
        self.key.entered.connect(self._on_input)
        self._banner = InsecureBanner(theme)
        self._banner.confirmed_changed.connect(self._show_state)
        self._check.button.clicked.connect(self.test)
        self._save = Button(theme, self.tr("Save"), kind=Kind.PRIMARY)
        self._save.clicked.connect(self._on_save)
        self._store_again = Button(theme, self.tr("Try again"), size=Size.SMALL)
        self._store_again.clicked.connect(self._on_store_again)
        self._keep = Button(theme, self.tr("Keep until I quit"), size=Size.SMALL)
        self._keep.clicked.connect(self._on_keep)
        self._default = Button(theme, self.tr("Use for new chats"), kind=Kind.QUIET)
        self._default.clicked.connect(lambda: self.default_asked.emit(self._endpoint.endpoint_id))
        self._remove = Button(theme, self.tr("Remove"), kind=Kind.DANGER_TEXT)
        self._remove.clicked.connect(lambda: self.remove_asked.emit(self._endpoint.endpoint_id))
        self._arrange()

    def _arrange(self) -> None:
        theme = self._theme
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(9)
        grid.setColumnStretch(1, 1)
        key_row = QHBoxLayout()
        key_row.setSpacing(8)
        key_row.addWidget(self.key, 1)
        key_row.addWidget(self._replace)
        rows: tuple[tuple[str, QWidget | QHBoxLayout], ...] = (
            (self.tr("Endpoint name"), self.name),
            (self.tr("Base URL"), self.address),
            (self.tr("API key"), key_row),
            (self.tr("Default model"), self.model),
        )
        for number, (label, field) in enumerate(rows):
            grid.addWidget(Label(theme, label, tone="text.secondary"), number, 0)
            if isinstance(field, QHBoxLayout):
                grid.addLayout(field, number, 1)
            else:
                grid.addWidget(field, number, 1)
        helps = QHBoxLayout()
        helps.setContentsMargins(26, 0, 0, 0)
        helps.setSpacing(8)
        helps.addWidget(self._check.offer)
        helps.addWidget(self._store_again)
        helps.addWidget(self._keep)
        helps.addStretch()
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._save)
        buttons.addWidget(self._check.button)
        buttons.addStretch()
        buttons.addWidget(self._default)
        buttons.addWidget(self._remove)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(grid)
        layout.addWidget(self._banner)
        layout.addSpacing(2)
        layout.addLayout(buttons)
        layout.addWidget(self._check.result)
        layout.addLayout(helps)
        layout.addStretch()

    # -- what is filled in ------------------------------------------------------------------------------

    @property
    def endpoint(self) -> Endpoint:
        """The endpoint as it is saved; without an address while it is new."""
        return self._endpoint

    @property
    def _is_saved(self) -> bool:
        return self._preferences.current.endpoint(self._endpoint.endpoint_id) is not None

    def _base_url(self) -> str:
        return self._check.base_url(self.address.text())

    def _inputs(self) -> tuple[str, str]:
        """All that a test depends on, beside the key: address, model."""
        return self.address.text(), self.model.text().strip()

    def _edited(self) -> Endpoint:
        base_url = self._trial.base_url or self._base_url()
        return Endpoint(
            self._endpoint.endpoint_id,
            self.name.text().strip() or host_of(base_url),
            base_url,
            self.model.text().strip(),
        )

    # -- what happens -----------------------------------------------------------------------------------

    def use(self, preset: Preset) -> None:
        """Fill in what is known of `preset`; a key that was typed stays."""
        self.name.setText(preset.name if preset.base_url else "")
        self.address.setText(preset.base_url)
        self.model.setText(preset.default_model)

    def focus_first(self) -> None:
        """Put the focus where something is missing, else on the name."""
        field = self.address if not self.address.text() else self.key if not self.key.is_stored else self.name
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_input(self) -> None:
        self._check.keep_if(*self._inputs())
        self._show_key()
        self._show_state()

    def _on_replace(self) -> None:
        self._is_replacing = not self._is_replacing
        self._show_key()
        if self._is_replacing:
            self.key.setFocus(Qt.FocusReason.OtherFocusReason)

    def test(self) -> None:
        """Test what is filled in, saved or not."""
        if self._base_url() and not self._banner.blocks:
            self._check.begin(*self._inputs())
            self._show_state()

    def _on_check_ended(self) -> None:
        trial, own = self._trial, self._endpoint.endpoint_id
        if trial.models:
            self._models.setStringList([card.model_id for card in trial.models])
        if self._is_saved and origin_of(self._base_url()) == self._endpoint.origin:
            if trial.error is None:
                self._connections.note_answer(own)
            else:
                self._connections.note_error(own, trial.error)
        self._show_state()

    def _on_save(self) -> None:
        edited, before = self._edited(), self._endpoint
        if not edited.base_url or self._banner.blocks:
            return
        try:
            key = self._check.entered_key(edited.origin)
        except BadKey:
            return
        self._endpoint = edited
        self.address.setText(edited.base_url)
        self.name.setText(edited.name)
        self._preferences.save_endpoint(edited)
        if before.base_url and before.origin != edited.origin:
            forget_unused_key(self._keys, self._preferences, before.origin)
        self._is_replacing = False
        self._trial.forget()
        self._show_key()
        self._show_state()
        if key is not None:
            self._say(Outcome.BUSY, self.tr("Saving the key…"))
            self._keys.store(key)
        else:
            self._say(Outcome.GOOD, self.tr("Saved."))
        self.saved.emit(edited.endpoint_id)

    def _on_store_again(self) -> None:
        self._say(Outcome.BUSY, self.tr("Saving the key…"))
        self._keys.retry()

    def _on_keep(self) -> None:
        key = self._keys.key_for(self._endpoint.origin)
        if key is not None:
            self._keys.keep_for_session(key)

    # -- keys and models --------------------------------------------------------------------------------

    def _on_key_changed(self, origin: str, _: object) -> None:
        if origin == self._endpoint.origin:
            self._show_key()

    def _on_key_stored(self, origin: str, place: KeyPlace) -> None:
        if origin != self._endpoint.origin or not self._is_saved:
            return
        where = (
            self.tr("The key is in your system keychain.")
            if place is KeyPlace.KEYRING
            else self.tr("The key is kept until you quit, and never written to a file.")
        )
        self._show_key()
        self._show_state()
        self._say(Outcome.GOOD, self.tr("Saved."), where)

    def _on_key_not_stored(self, origin: str, state: KeyringState) -> None:
        if origin != self._endpoint.origin or not self._is_saved:
            return
        match state:
            case KeyringState.LOCKED:
                title = self.tr("Your keychain is locked.")
            case KeyringState.WAITING:
                title = self.tr("Your keychain does not answer yet.")
            case _:
                title = self.tr("Your keychain did not take the key.")
        self._show_key()
        self._show_state()
        self._say(
            Outcome.WARNING, title, self.tr("The key is kept until you quit, and never written to a file.")
        )
        self._store_again.show()
        self._keep.show()

    def _show_key(self) -> None:
        """Show the stored key's last characters and its place, or a field for one.

        A key belongs to the origin that it was entered for: another address asks for one of its own.
        """
        origin = origin_of(self._base_url())
        own = bool(origin) and origin == self._endpoint.origin and self._is_saved
        key = self._keys.key_for(origin) if own else None
        place = self._keys.place(origin) if own else None
        if key is not None and place is not None and not self._is_replacing:
            self.key.show_stored(key.last_four, self._in_words(place))
        elif self.key.is_stored or not self.key.key_text:
            self.key.begin_entry(self._placeholder(own=own))
        self._replace.setVisible(key is not None)
        self._replace.setText(self.tr("Keep") if self._is_replacing else self.tr("Replace…"))

    def _placeholder(self, *, own: bool) -> str:
        if own and not self._keys.knows(self._endpoint.origin):
            return self.tr("Looking in your keychain…")
        if self._is_saved and not own and self._base_url():
            return self.tr("Enter the key for {host}").format(host=host_of(self._base_url()))
        return self.tr("Paste your key")

    def _in_words(self, place: KeyPlace) -> str:
        match place:
            case KeyPlace.KEYRING:
                return self.tr("In your system keychain")
            case KeyPlace.ENVIRONMENT:
                return self.tr("From the environment")
            case _:
                return self.tr("Kept until you quit")

    def _on_models_changed(self, endpoint_id: str) -> None:
        if endpoint_id == self._endpoint.endpoint_id:
            self._show_models()

    def _show_models(self) -> None:
        cards = self._connections.models(self._endpoint.endpoint_id)
        if cards:
            self._models.setStringList([card.model_id for card in cards if card.chats])

    # -- what it shows ----------------------------------------------------------------------------------

    def show_default(self, *, is_default: bool) -> None:
        """Say whether new chats use this endpoint."""
        self._default.setVisible(self._is_saved and not is_default)

    def _show_state(self) -> None:
        base_url = self._base_url()
        self._banner.show_for(base_url, self._endpoint.base_url if self._is_saved else "")
        can_use = bool(base_url) and not self._banner.blocks
        is_changed = self._edited() != self._endpoint or bool(self.key.key_text.strip())
        self._save.setEnabled(can_use and (is_changed or not self._is_saved))
        self._check.show_state(can_test=can_use)
        self._remove.setText(self.tr("Remove") if self._is_saved else self.tr("Discard"))
        self._store_again.hide()
        self._keep.hide()
        if self._check.say(base_url):
            return
        if is_changed and self._is_saved:
            self._say(Outcome.NOTE, "", self.tr("Not saved yet."))
        elif self._check.result.outcome not in (Outcome.GOOD, Outcome.WARNING):
            self._say(Outcome.PLAIN, "")

    def _say(self, outcome: Outcome, title: str, text: str = "") -> None:
        self._check.result.say(outcome, title, text)


def forget_unused_key(keys: Keys, preferences: Preferences, origin: str) -> None:
    """Delete the key for `origin`, unless an endpoint is still there that it belongs to."""
    if origin and all(one.origin != origin for one in preferences.current.endpoints):
        keys.forget(origin)
