"""The welcome page: who answers, with which key, and whether that works."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.chat.connections import Connections
from app.chat.keys import KeyringState, Keys
from app.chat.preferences import Preferences
from app.core.conversation import new_id
from app.core.errors import BadKey
from app.core.provider import DEMO_ENDPOINT, PRESETS, Endpoint, Preset, host_of
from app.ui.settings.connection_check import ConnectionCheck
from app.ui.settings.fields import Field, set_bad
from app.ui.settings.insecure import InsecureBanner
from app.ui.settings.link_button import LinkButton
from app.ui.settings.result_line import Outcome
from app.ui.theme import Theme, set_background
from app.ui.welcome.choice_card import ChoiceCard
from app.ui.widgets.buttons import Button, Kind, Size
from app.ui.widgets.label import ElidedLabel, Label
from app.ui.widgets.panel import Surface
from app.ui.widgets.paragraph import Paragraph

COLUMN = 560  # px
MARGIN = 24  # px around it at the least
USUAL_HEIGHT = 524  # px of the column; what a window is higher is shared above and below, a little more below
ABOVE = 0.377
NARROW = 440  # px of the column below which the cards stand in one column
ICONS = {"mistral-api": "cloud", "mistral-ai": "model", "local": "server", "other": "plug"}


class WelcomePage(QScrollArea):
    """Sets up the first endpoint.

    Signals: `finished(endpoint_id)`: the endpoint is saved and the default, or the demo was chosen;
    `link_activated(address)`: a web page was asked for; `guide_asked()`.
    """

    finished = Signal(str)
    link_activated = Signal(str)
    guide_asked = Signal()

    def __init__(
        self,
        theme: Theme,
        connections: Connections,
        keys: Keys,
        preferences: Preferences,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._connections = connections
        self._keys = keys
        self._preferences = preferences
        offer = self.tr("Try this key at {host}")
        self._check = ConnectionCheck(theme, connections, self.tr("Test again"), offer, 2, self)
        self._check.ended.connect(self._show_state)
        self._check.offer_taken.connect(self._on_offer_taken)
        self._trial, self._key = self._check.trial, self._check.key
        self._cards: dict[str, ChoiceCard] = {}
        self.setAccessibleName(self.tr("Welcome"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._build()
        theme.changed.connect(self._show_theme)
        self._show_theme()
        self._cards[PRESETS[0].preset_id].setChecked(True)
        self._on_preset_changed()

    # -- what it is made of ---------------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self._theme
        self._column = QWidget()
        self._column.setMaximumWidth(COLUMN)
        self._mark = Label(theme)
        self._grid = QGridLayout()
        self._grid.setSpacing(10)
        self._grid.setColumnStretch(0, 1)
        group = QWidget()
        group.setAccessibleName(self.tr("Who answers"))
        group.setLayout(self._grid)
        self._grid.setContentsMargins(0, 0, 0, 0)
        for preset in PRESETS:
            line = host_of(preset.base_url) if preset.base_url else self.tr("Any OpenAI-compatible address")
            card = ChoiceCard(theme, ICONS[preset.preset_id], preset.name, line, group)
            card.toggled.connect(self._on_card_toggled)
            self._cards[preset.preset_id] = card
        self._address_label = Label(theme, self.tr("Base URL"), style="ui.medium")
        self._address = Field(theme, self.tr("Base URL"))
        self._address.setPlaceholderText("https://example.org/v1")
        self._address.textChanged.connect(self._on_input)
        self._banner = InsecureBanner(theme)
        self._banner.confirmed_changed.connect(self._show_state)
        self._guide = LinkButton(theme, self.tr("User’s guide"))
        self._guide.clicked.connect(self.guide_asked)
        self._create = LinkButton(theme, self.tr("Create a key"), icon="external")
        self._create.clicked.connect(self._on_create)
        self._key.entered.connect(self._on_input)
        self._key.returnPressed.connect(self._on_return)
        self._address.returnPressed.connect(self._on_return)
        self._check.button.clicked.connect(self._on_test)
        self._demo = LinkButton(theme, self.tr("Try the offline demo"), style="ui.large")
        self._demo.clicked.connect(self._on_demo)
        self._start = Button(theme, self.tr("Start chatting"), kind=Kind.PRIMARY, size=Size.LARGE)
        self._start.clicked.connect(self._on_start)
        self._arrange(group)
        self._place_cards(columns=2)

    def _arrange(self, group: QWidget) -> None:
        theme = self._theme
        column = QVBoxLayout(self._column)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        top = QHBoxLayout()
        top.addWidget(self._mark)
        top.addStretch()
        column.addLayout(top)
        column.addSpacing(23)
        column.addWidget(Label(theme, self.tr("Welcome to Sirocco"), style="display"))
        column.addSpacing(6)
        introduction = self.tr("Choose who answers your chats. You can change this or add more later.")
        column.addWidget(Paragraph(theme, introduction, style="body"))
        column.addSpacing(24)
        column.addWidget(group)
        column.addSpacing(18)
        column.addWidget(self._address_label)
        self._address_gap = QWidget()
        self._address_gap.setFixedHeight(6)
        column.addWidget(self._address_gap)
        column.addWidget(self._address)
        self._banner_gap = QWidget()
        self._banner_gap.setFixedHeight(10)
        column.addWidget(self._banner_gap)
        column.addWidget(self._banner)
        head = QHBoxLayout()
        head.addWidget(Label(theme, self.tr("API key"), style="ui.medium"))
        head.addStretch()
        head.addWidget(self._create)
        policy = self._create.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._create.setSizePolicy(policy)
        column.addLayout(head)
        column.addSpacing(2)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._key, 1)
        row.addWidget(self._check.button)
        column.addLayout(row)
        column.addSpacing(12)
        column.addWidget(self._check.result)
        offer = QHBoxLayout()
        offer.setContentsMargins(26, 4, 0, 4)
        offer.addWidget(self._check.offer)
        offer.addStretch()
        column.addLayout(offer)
        column.addSpacing(12)
        line = Surface(theme, "line.hair")
        line.setFixedHeight(1)
        column.addWidget(line)
        column.addSpacing(20)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(
            ElidedLabel(theme, self.tr("Only looking around?"), style="body.s", tone="text.secondary")
        )
        foot.addWidget(self._demo)
        foot.addStretch()
        foot.addWidget(self._start)
        column.addLayout(foot)
        # Added last, it comes last by key: first there is what has to be filled in.
        top.addWidget(self._guide, 0, Qt.AlignmentFlag.AlignTop)
        self._centre()

    def _centre(self) -> None:
        page = QWidget()
        outer = QGridLayout(page)
        outer.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        outer.setColumnStretch(0, 1)
        outer.setColumnStretch(1, 1000)
        outer.setColumnStretch(2, 1)
        outer.setRowStretch(1, 1)
        outer.addWidget(self._column, 0, 1)
        self._outer = outer
        self.setWidget(page)

    def _place_cards(self, columns: int) -> None:
        # Columns of one width whatever stands in them; one that is not used takes none.
        self._grid.setColumnStretch(1, columns - 1)
        for number, card in enumerate(self._cards.values()):
            self._grid.addWidget(card, number // columns, number % columns)

    def _show_theme(self) -> None:
        ratio = self.devicePixelRatioF()
        self._mark.setPixmap(self._theme.window_icon().pixmap(QSize(56, 56), ratio))
        set_background(self.viewport(), self._theme.color("bg.canvas"))

    def focus_key(self) -> None:
        """Put the caret where a key is written."""
        self._key.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- what is filled in ----------------------------------------------------------------------------------

    @property
    def _preset(self) -> Preset:
        return next(one for one in PRESETS if self._cards[one.preset_id].isChecked())

    @property
    def _asks_address(self) -> bool:
        """True where the address is the person's to write."""
        return not self._preset.needs_key

    @property
    def _address_text(self) -> str:
        return self._address.text() if self._asks_address else self._preset.base_url

    def _base_url(self) -> str:
        return self._check.base_url(self._address_text)

    def _inputs(self) -> tuple[str, str]:
        """All that a test depends on, beside the key: address, model."""
        return self._address_text, self._preset.default_model

    @property
    def _is_filled(self) -> bool:
        has_key = bool(self._key.key_text.strip())
        return bool(self._base_url()) and (has_key or not self._preset.needs_key) and not self._banner.blocks

    # -- what happens ---------------------------------------------------------------------------------------

    def _on_card_toggled(self, is_chosen: bool) -> None:
        if is_chosen:
            self._on_preset_changed()

    def _on_preset_changed(self) -> None:
        preset = self._preset
        self._trial.forget()
        if self._asks_address:
            self._address.setText(preset.base_url)
        self._create.setVisible(bool(preset.keys_page))
        set_bad(self._key, "")
        placeholder = self.tr("Paste your key") if preset.needs_key else self.tr("Only if it needs one")
        self._key.setPlaceholderText(placeholder)
        for part in (self._address_label, self._address_gap, self._address):
            part.setVisible(self._asks_address)
        self._show_state()

    def _on_input(self) -> None:
        set_bad(self._key, "")
        self._show_state()

    def _on_create(self) -> None:
        self.link_activated.emit(self._preset.keys_page)

    def _on_test(self) -> None:
        if self._is_filled:
            self._check.begin(*self._inputs())
            self._show_state()

    def _on_return(self) -> None:
        """The next step: a test, and once that has gone well, the start."""
        if self._trial.base_url:
            self._on_start()
        else:
            self._on_test()

    def _on_offer_taken(self, offer: Preset) -> None:
        # The key stays in its field: by this click the person sends it to the address that the button names.
        self._cards[offer.preset_id].setChecked(True)
        self._on_test()

    def _on_demo(self) -> None:
        self._preferences.offer_demo()
        self.finished.emit(DEMO_ENDPOINT.endpoint_id)

    def _on_start(self) -> None:
        if not self._is_filled:
            return
        preset = self._preset
        base_url = self._trial.base_url or self._base_url()
        offered = [card.model_id for card in self._trial.models if not card.deprecated]
        endpoint = Endpoint(
            new_id(),
            preset.name if preset.preset_id != "other" else host_of(base_url),
            base_url,
            preset.default_model or (offered[0] if offered else ""),
        )
        try:
            key = self._check.entered_key(endpoint.origin)
        except BadKey:
            return
        self._preferences.save_endpoint(endpoint)
        self._preferences.set_default_endpoint(endpoint.endpoint_id)
        if self._trial.base_url:
            self._connections.note_answer(endpoint.endpoint_id)
        if key is not None:
            self._keys.store(key)
        self._key.begin_entry()
        self.finished.emit(endpoint.endpoint_id)

    # -- what it shows --------------------------------------------------------------------------------------

    def _show_state(self) -> None:
        """Show everything that follows from what is filled in and from the last finding."""
        self._check.keep_if(*self._inputs())
        self._banner.show_for(self._base_url() if self._asks_address else "")
        self._banner_gap.setVisible(self._asks_address)
        self._check.show_state(can_test=self._is_filled)
        finding = self._trial.finding
        self._start.setEnabled(self._is_filled and not (finding is not None and finding.is_refusal))
        behind = self._where_the_key_goes() if self._key.key_text.strip() else ""
        if not self._check.say(self._base_url(), behind):
            self._check.result.say(Outcome.PLAIN, "", self._untested())

    def _untested(self) -> str:
        if self._is_filled:
            return f"{self.tr('Not tested yet.')} {self._where_the_key_goes()}"
        if self._address_text.strip() and not self._base_url():
            return self.tr("This is not an address yet.")
        return self._where_the_key_goes()

    def _where_the_key_goes(self) -> str:
        if self._keys.state is KeyringState.ABSENT:
            return self.tr("There is no keychain on this system: the key is kept until you quit.")
        return self.tr("Your key goes into the system keychain, and to this endpoint only.")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Where the person goes on; no field is pulled up over what else has the focus.
        if self.window().focusWidget() is None:
            self.focus_key()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_cards(columns=1 if self.viewport().width() - 2 * MARGIN < NARROW else 2)
        # By the window alone: nothing moves because a sentence below became longer.
        top = max(MARGIN, round((self.viewport().height() - USUAL_HEIGHT) * ABOVE))
        side = MARGIN if self.viewport().width() >= 720 else 16  # SPEC §3
        self._outer.setContentsMargins(side, top, side, MARGIN)
