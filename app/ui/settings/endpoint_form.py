"""The form of one endpoint: name, address, key, default model, and whether they work."""

from __future__ import annotations

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.chat.connections import Connections
from app.chat.keys import KeyPlace, KeyringState, Keys
from app.chat.preferences import Preferences
from app.core.errors import BadAddress, BadKey
from app.core.provider import Endpoint, Preset, entered_key, host_of, origin_of
from app.ui.settings.fields import Field, set_bad
from app.ui.settings.insecure import InsecureBanner
from app.ui.settings.key_field import KeyField
from app.ui.settings.result_line import Outcome, ResultLine
from app.ui.settings.trial import Trial
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
        self._trial = Trial(connections, self)
        self._trial.ended.connect(self._on_trial_ended)
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
        self.key = KeyField(theme)
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
        self._test = Button(theme, self.tr("Test connection"))
        self._test.clicked.connect(self.test)
        self._save = Button(theme, self.tr("Save"), kind=Kind.PRIMARY)
        self._save.clicked.connect(self._on_save)
        self._result = ResultLine(theme)
        self._first_help = Button(theme, "", size=Size.SMALL)
        self._first_help.clicked.connect(self._on_first_help)
        self._second_help = Button(theme, self.tr("Keep until I quit"), size=Size.SMALL)
        self._second_help.clicked.connect(self._on_keep)
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
        helps.addWidget(self._first_help)
        helps.addWidget(self._second_help)
        helps.addStretch()
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._save)
        buttons.addWidget(self._test)
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
        layout.addWidget(self._result)
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
        try:
            return self._connections.normalised(self.address.text())
        except BadAddress:
            return ""

    def _inputs(self) -> tuple[str, str, str]:
        """All that a test depends on: address, key, model."""
        return self.address.text(), self.key.key_text, self.model.text().strip()

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
        self._trial.keep_if(*self._inputs())
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
            self._trial.begin(*self._inputs())
            self._show_state()

    def _on_trial_ended(self) -> None:
        trial, own = self._trial, self._endpoint.endpoint_id
        if trial.finding is not None and trial.finding.is_refusal:
            set_bad(self.key, trial.finding.title)
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
        text = self.key.key_text
        try:
            key = entered_key(text, edited.origin) if text.strip() else None
        except BadKey as error:
            set_bad(self.key, str(error))
            self._say(Outcome.BAD, str(error))
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

    def _on_first_help(self) -> None:
        finding = self._trial.finding
        if finding is not None and finding.offer is not None:
            self.offered.emit(finding.offer)
        else:
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
        self._first_help.setText(self.tr("Try again"))
        self._first_help.show()
        self._second_help.show()

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
        is_testing, finding = self._trial.is_running, self._trial.finding
        self._test.setEnabled(can_use and not is_testing)
        self._test.setText(self.tr("Testing…") if is_testing else self.tr("Test connection"))
        # The name stays, so that the control is found under it whatever it says (DESIGN §6).
        self._test.setAccessibleName(self.tr("Test connection"))
        self._remove.setText(self.tr("Remove") if self._is_saved else self.tr("Discard"))
        offer = finding.offer if finding is not None else None
        self._first_help.setVisible(offer is not None)
        self._second_help.hide()
        if offer is not None:
            self._first_help.setText(self.tr("Try {host}").format(host=host_of(offer.base_url)))
        if is_testing:
            host = host_of(base_url)
            self._say(Outcome.BUSY, self.tr("Testing…"), self.tr("Asking {host}.").format(host=host))
        elif finding is not None:
            self._say(finding.outcome, finding.title, finding.text)
        elif is_changed and self._is_saved:
            self._say(Outcome.NOTE, "", self.tr("Not saved yet."))
        elif self._result.outcome not in (Outcome.GOOD, Outcome.WARNING):
            self._say(Outcome.PLAIN, "")

    def _say(self, outcome: Outcome, title: str, text: str = "") -> None:
        self._result.say(outcome, title, text)


def forget_unused_key(keys: Keys, preferences: Preferences, origin: str) -> None:
    """Delete the key for `origin`, unless an endpoint is still there that it belongs to."""
    if origin and all(one.origin != origin for one in preferences.current.endpoints):
        keys.forget(origin)
