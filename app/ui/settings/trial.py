"""One test of a connection at a time, and what it found out about exactly what was tested."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.chat.connections import Connections
from app.core.errors import BadKey, ChatError
from app.core.models import ModelCard
from app.ui.settings.findings import Finding, finding_of
from app.ui.settings.result_line import Outcome

if TYPE_CHECKING:
    from app.api.client import ConnectionReport


class Trial(QObject):
    """Belongs to one form.

    `finding` is None until a test has ended; `base_url` is the address that worked, empty where none did;
    `models` are those that chat, as listed; `error` is why it failed.

    Signals: `ended()`.
    """

    ended = Signal()

    def __init__(self, connections: Connections, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._connections = connections
        self._token = 0
        self._inputs: tuple[str, str, str] | None = None
        self.finding: Finding | None = None
        self.base_url = ""
        self.models: tuple[ModelCard, ...] = ()
        self.error: ChatError | None = None
        connections.tested.connect(self._on_tested)

    @property
    def is_running(self) -> bool:
        """True while the server is being asked."""
        return self._token != 0

    def begin(self, address: str, key_text: str, model: str) -> None:
        """Test `address`; what can't even be tried ends at once, before this returns."""
        self.forget()
        self._inputs = (address, key_text, model)
        try:
            self._token = self._connections.test(address, key_text, model)
        except ChatError as error:
            self.error = error
            self.finding = Finding(Outcome.BAD, str(error), "", is_refusal=isinstance(error, BadKey))
            self.ended.emit()

    def keep_if(self, address: str, key_text: str, model: str) -> None:
        """Forget what was found about anything else than this."""
        if self._inputs is not None and self._inputs != (address, key_text, model):
            self.forget()

    def forget(self) -> None:
        """Know nothing, and ask for nothing."""
        if self._token:
            self._connections.cancel_test(self._token)
        self._token = 0
        self._inputs = None
        self.finding = self.error = None
        self.base_url = ""
        self.models = ()

    def _on_tested(self, token: int, report: ConnectionReport) -> None:
        if not token or token != self._token or self._inputs is None:
            return
        self._token = 0
        self.error = None if report.ok else report.error
        self.finding = finding_of(report, self._connections.normalised(self._inputs[0]))
        self.base_url = report.base_url_found if report.ok else ""
        self.models = tuple(card for card in report.models if card.chats)
        self.ended.emit()
