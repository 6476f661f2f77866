"""What is known of the endpoints: whether they answer, and which models they have."""

from __future__ import annotations

import time
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from app.chat.keys import KeyringState, Keys
from app.chat.network import Network
from app.chat.preferences import Preferences
from app.core.errors import (
    CertificateProblem,
    ChatError,
    ConnectionLost,
    KeyNeeded,
    KeyRejected,
    NoConnection,
    NotAllowed,
    ProxyProblem,
    TimedOut,
)
from app.core.provider import (
    PRESETS,
    ApiKey,
    Endpoint,
    EndpointKind,
    Preset,
    entered_key,
    origin_of,
)

if TYPE_CHECKING:
    from app.api.client import ConnectionReport
    from app.core.models import ModelCard

WARM_EVERY_SECONDS = 30.0  # wire.md, head


class EndpointStatus(StrEnum):
    """How an endpoint answered last. REFUSED: it answered, but not to this key."""

    UNKNOWN = "unknown"
    CONNECTED = "connected"
    OFFLINE = "offline"
    REFUSED = "refused"


def other_preset(base_url: str) -> Preset | None:
    """The other one of the two Mistral addresses, to be offered when this one fails; None for any other
    address. Nothing is contacted here.
    """
    first, second = PRESETS[0], PRESETS[1]
    origin = origin_of(base_url)
    if origin == origin_of(first.base_url):
        return second
    return first if origin == origin_of(second.base_url) else None


def preset_of(base_url: str) -> Preset | None:
    """The preset whose origin this address has, or None."""
    origin = origin_of(base_url)
    return next((one for one in PRESETS if origin and origin_of(one.base_url) == origin), None)


class Connections(QObject):
    """Tests addresses and lists models.

    Signals: `tested(token, ConnectionReport)`; `models_changed(endpoint_id)`; `models_failed(endpoint_id,
    ChatError)`; `status_changed(endpoint_id, EndpointStatus)`; `key_entered(origin, ApiKey)`: a key is about
    to be tried that is stored nowhere yet.
    """

    tested = Signal(int, object)
    models_changed = Signal(str)
    models_failed = Signal(str, object)
    status_changed = Signal(str, object)
    key_entered = Signal(str, object)

    def __init__(
        self, network: Network, keys: Keys, preferences: Preferences, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._network = network
        self._keys = keys
        self._preferences = preferences
        self._models: dict[str, tuple[Endpoint, tuple[ModelCard, ...]]] = {}
        self._statuses: dict[str, tuple[Endpoint, EndpointStatus]] = {}
        self._fetching: dict[str, tuple[Endpoint, int]] = {}
        self._waiting_fetches: dict[str, Endpoint] = {}
        self._waiting_tests: dict[int, tuple[str, Endpoint]] = {}
        self._tests: dict[int, int] = {}
        self._last_token = 0
        self._warmed: dict[str, float] = {}
        keys.key_found.connect(self._on_key_found)
        keys.key_unavailable.connect(self._on_key_unavailable)
        preferences.endpoints_changed.connect(self._on_endpoints_changed)

    def normalised(self, text: str) -> str:
        """The base URL that `text` means (wire.md Q67); raises BadAddress."""
        from app.api.address import normalise  # most starts have no address to read

        return normalise(text)

    def test(self, base_url_text: str, key_text: str, model: str) -> int:
        """Find out whether this address answers; `tested` follows with the token that is returned.

        The key goes to the origin of this address only. Without `key_text` the stored key for that origin
        is used, if there is one. Raises BadAddress or BadKey where nothing can be tried.
        """
        base_url = self.normalised(base_url_text)
        endpoint = Endpoint("", "", base_url, model)
        origin = endpoint.origin
        key = entered_key(key_text, origin) if key_text.strip() else None
        if key is not None:
            self.key_entered.emit(origin, key)
        self._last_token += 1
        token = self._last_token
        if key is None and not self._keys.knows(origin):
            self._waiting_tests[token] = (origin, endpoint)
            self._keys.fetch(origin)
        else:
            self._begin_test(token, endpoint, key or self._keys.key_for(origin))
        return token

    def cancel_test(self, token: int) -> None:
        """Don't go on with this test; nothing of it is heard any more."""
        self._waiting_tests.pop(token, None)
        if (ticket := self._tests.pop(token, None)) is not None:
            self._network.cancel(ticket)

    def models(self, endpoint_id: str) -> tuple[ModelCard, ...]:
        """The models as listed last, without asking; empty where nothing is known."""
        known = self._models.get(endpoint_id)
        return known[1] if known is not None else ()

    def fetch_models(self, endpoint_id: str) -> None:
        """Ask for the models; `models_changed` or `models_failed` follows. One request at a time each."""
        endpoint = self._preferences.endpoint(endpoint_id)
        if endpoint is None or endpoint_id in self._fetching or endpoint_id in self._waiting_fetches:
            return
        if endpoint.kind is EndpointKind.DEMO or self._keys.knows_for_endpoint(endpoint):
            self._begin_fetch(endpoint)
        else:
            self._waiting_fetches[endpoint_id] = endpoint
            self._keys.fetch(endpoint.origin)

    def status(self, endpoint_id: str) -> EndpointStatus:
        """How the endpoint answered last."""
        known = self._statuses.get(endpoint_id)
        return known[1] if known is not None else EndpointStatus.UNKNOWN

    def warm(self, endpoint_id: str) -> None:
        """Open a connection while the person types, without the key, at most every 30 s an origin."""
        endpoint = self._preferences.endpoint(endpoint_id)
        if endpoint is None or endpoint.kind is EndpointKind.DEMO or not self._network.is_ready:
            return
        now = time.monotonic()
        if now - self._warmed.get(endpoint.origin, float("-inf")) < WARM_EVERY_SECONDS:
            return
        self._warmed[endpoint.origin] = now
        self._network.run(lambda client: client.warm(endpoint))

    def note_answer(self, endpoint_id: str) -> None:
        """A reply has come from this endpoint."""
        self._set_status(endpoint_id, EndpointStatus.CONNECTED)

    def note_error(self, endpoint_id: str, error: ChatError) -> None:
        """A request to this endpoint ended with `error`; only what says something of the endpoint counts."""
        match error:
            case KeyRejected() | KeyNeeded() | NotAllowed():
                self._set_status(endpoint_id, EndpointStatus.REFUSED)
            case NoConnection() | TimedOut() | ProxyProblem() | CertificateProblem() | ConnectionLost():
                self._set_status(endpoint_id, EndpointStatus.OFFLINE)
            case _ if error.details.status is not None:
                self._set_status(endpoint_id, EndpointStatus.CONNECTED)

    def _begin_test(self, token: int, endpoint: Endpoint, key: ApiKey | None) -> None:
        def done(report: ConnectionReport) -> None:
            del self._tests[token]
            self.tested.emit(token, report)

        self._tests[token] = self._network.run(lambda client: client.test(endpoint, key), done)

    def _begin_fetch(self, endpoint: Endpoint) -> None:
        endpoint_id = endpoint.endpoint_id
        key = self._keys.key_for_endpoint(endpoint)

        def done(cards: tuple[ModelCard, ...]) -> None:
            self._fetching.pop(endpoint_id, None)
            self._models[endpoint_id] = (endpoint, cards)
            self.note_answer(endpoint_id)
            self.models_changed.emit(endpoint_id)

        def failed(error: ChatError) -> None:
            self._fetching.pop(endpoint_id, None)
            self.note_error(endpoint_id, error)
            self.models_failed.emit(endpoint_id, error)

        ticket = self._network.run(lambda client: client.models(endpoint, key), done, failed)
        self._fetching[endpoint_id] = endpoint, ticket

    def _set_status(self, endpoint_id: str, status: EndpointStatus) -> None:
        endpoint = self._preferences.endpoint(endpoint_id)
        if endpoint is None or self.status(endpoint_id) is status:
            return
        self._statuses[endpoint_id] = (endpoint, status)
        self.status_changed.emit(endpoint_id, status)

    @Slot(str, object)
    def _on_key_found(self, origin: str, _: ApiKey | None) -> None:
        self._go_on(origin)

    @Slot(str, object)
    def _on_key_unavailable(self, origin: str, _: KeyringState) -> None:
        self._go_on(origin)

    def _go_on(self, origin: str) -> None:
        for token, (wanted, endpoint) in tuple(self._waiting_tests.items()):
            if wanted == origin:
                del self._waiting_tests[token]
                self._begin_test(token, endpoint, self._keys.key_for(origin))
        for endpoint_id, endpoint in tuple(self._waiting_fetches.items()):
            if endpoint.origin == origin:
                del self._waiting_fetches[endpoint_id]
                if self._preferences.endpoint(endpoint_id) is not None:
                    self._begin_fetch(endpoint)

    @Slot()
    def _on_endpoints_changed(self) -> None:
        """Forget what was known of an endpoint that now is at another address, or gone, and ask anew where an
        answer of the address before is still awaited.
        """
        now = {one.endpoint_id: one.base_url for one in self._preferences.endpoints()}
        awaited = self._waiting_fetches | {own: endpoint for own, (endpoint, _) in self._fetching.items()}
        for endpoint_id, endpoint in awaited.items():
            if now.get(endpoint_id, endpoint.base_url) != endpoint.base_url:
                self._waiting_fetches.pop(endpoint_id, None)
                if (fetching := self._fetching.pop(endpoint_id, None)) is not None:
                    self._network.cancel(fetching[1])
                self.fetch_models(endpoint_id)
        for endpoint_id, (endpoint, _) in tuple(self._models.items()):
            if now.get(endpoint_id) != endpoint.base_url:
                del self._models[endpoint_id]
                self.models_changed.emit(endpoint_id)
        for endpoint_id, (endpoint, _) in tuple(self._statuses.items()):
            if now.get(endpoint_id) != endpoint.base_url:
                del self._statuses[endpoint_id]
                self.status_changed.emit(endpoint_id, EndpointStatus.UNKNOWN)
