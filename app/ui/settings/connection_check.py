"""The test of a connection in a form: its key, its button, what was found, and what else is worth a try."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.chat.connections import Connections
from app.core.errors import BadAddress, BadKey
from app.core.provider import ApiKey, entered_key, host_of
from app.ui.settings.fields import set_bad
from app.ui.settings.key_field import KeyField
from app.ui.settings.result_line import Outcome, ResultLine
from app.ui.settings.trial import Trial
from app.ui.theme import Theme
from app.ui.widgets.buttons import Button, Size


class ConnectionCheck(QObject):
    """Tests what a form holds. The form lays out the parts and says what else they stand for.

    Signals: `ended()`: the `trial` knows what was found; `offer_taken(Preset)`: the person wants to try the
    other address.
    """

    ended = Signal()
    offer_taken = Signal(object)

    def __init__(
        self,
        theme: Theme,
        connections: Connections,
        again: str,
        offer: str,
        lines: int,
        form: QWidget,
    ) -> None:
        """`again` is the button's text after a test, `offer` the other button's, with a {host}; `lines` are
        those that the result has room for at the least.
        """
        super().__init__(form)
        self._connections = connections
        self._again = again
        self._offer = offer
        self.trial = Trial(connections, self)
        self.trial.ended.connect(self._on_ended)
        self.key = KeyField(theme)
        self.button = Button(theme, self.tr("Test connection"))
        self.result = ResultLine(theme, lines=lines)
        self.offer = Button(theme, "", size=Size.SMALL)
        self.offer.clicked.connect(self._on_offer)

    def base_url(self, address: str) -> str:
        """The address as it is used, or empty where it isn't one yet."""
        try:
            return self._connections.normalised(address)
        except BadAddress:
            return ""

    def begin(self, address: str, model: str) -> None:
        """Test this, with the key that is in the field; `ended` follows, at once where it can't be tried."""
        self.trial.begin(address, self.key.key_text, model)

    def keep_if(self, address: str, model: str) -> None:
        """Forget what was found about anything else than this and the key in the field."""
        self.trial.keep_if(address, self.key.key_text, model)

    def entered_key(self, origin: str) -> ApiKey | None:
        """The key in the field, None where it is empty; where it can't be one, say so and raise BadKey."""
        text = self.key.key_text
        try:
            return entered_key(text, origin) if text.strip() else None
        except BadKey as error:
            set_bad(self.key, str(error))
            self.result.say(Outcome.BAD, str(error))
            raise

    def show_state(self, *, can_test: bool) -> None:
        """Let the buttons say what can be done now."""
        finding, is_testing = self.trial.finding, self.trial.is_running
        if is_testing:
            self.button.setText(self.tr("Testing…"))
        else:
            self.button.setText(self._again if finding is not None else self.tr("Test connection"))
        # The name stays, so that the control is found under it whatever it says (DESIGN §6).
        self.button.setAccessibleName(self.tr("Test connection"))
        self.button.setEnabled(can_test and not is_testing)
        offer = finding.offer if finding is not None else None
        self.offer.setVisible(offer is not None)
        if offer is not None:
            self.offer.setText(self._offer.format(host=host_of(offer.base_url)))

    def say(self, base_url: str, behind: str = "") -> bool:
        """Say how far the test of `base_url` is or what it found, `behind` after good news; whether there is
        anything to say.
        """
        finding = self.trial.finding
        if self.trial.is_running:
            asking = self.tr("Asking {host}.").format(host=host_of(base_url))
            self.result.say(Outcome.BUSY, self.tr("Testing…"), asking)
        elif finding is not None:
            good = [behind] if behind and finding.outcome is Outcome.GOOD else []
            self.result.say(finding.outcome, finding.title, " ".join([finding.text, *good]))
        return self.trial.is_running or finding is not None

    def _on_ended(self) -> None:
        finding = self.trial.finding
        if finding is not None and finding.is_refusal:
            set_bad(self.key, finding.title)
        self.ended.emit()

    def _on_offer(self) -> None:
        finding = self.trial.finding
        if finding is not None and finding.offer is not None:
            self.offer_taken.emit(finding.offer)
