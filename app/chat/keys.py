"""The keys thread: the keyring may block for as long as it likes, and nobody waits for it here."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.chat.worker import JobThread, News, Tickets
from app.core.errors import ChatError
from app.core.provider import ENVIRONMENT_ID, ApiKey, Endpoint

if TYPE_CHECKING:
    from app.store.api_keys import ApiKeyring

SHORTEST_SECRET = 8  # characters; a server at home may be content with any word as its key
BUDGET_SECONDS = 15.0  # REL-09: then the person is asked; an answer that comes later still counts

KeyringMaker: TypeAlias = "Callable[[], ApiKeyring]"


class KeyringState(StrEnum):
    """How the keyring answered last. UNKNOWN: it was not asked. WAITING: it has been silent for 15 s."""

    UNKNOWN = "unknown"
    OK = "ok"
    WAITING = "waiting"
    LOCKED = "locked"
    ABSENT = "absent"
    FAILED = "failed"


class KeyPlace(StrEnum):
    """Where a key is kept."""

    KEYRING = "keyring"
    SESSION = "session"
    ENVIRONMENT = "environment"


def system_keyring() -> ApiKeyring:
    """Make the keyring of this system; called on the keys thread, where its slow import belongs."""
    from app.store.api_keys import ApiKeyring

    return ApiKeyring()


class Keys(QObject):
    """The keys by origin, in memory while the app runs.

    Signals: `key_found(origin, ApiKey | None)`: the keyring answered, None where it holds no key or there
    is no keyring; `key_unavailable(origin, KeyringState)`: it is locked, failed, or has been silent for
    15 s, and `key_found` may still follow; `key_stored(origin, KeyPlace)`; `key_not_stored(origin,
    KeyringState)`: the key is used in this session, `retry` tries to store it again and `keep_for_session`
    leaves it at that; `key_forgotten(origin)`; `keyring_changed(KeyringState)`.

    A key that a person entered can be used at once; that it is being stored keeps nobody waiting.
    All methods are called on the GUI thread and return at once, save `stop`.
    """

    key_found = Signal(str, object)
    key_unavailable = Signal(str, object)
    key_stored = Signal(str, object)
    key_not_stored = Signal(str, object)
    key_forgotten = Signal(str)
    keyring_changed = Signal(object)

    def __init__(
        self,
        make_keyring: KeyringMaker = system_keyring,
        environment_key: ApiKey | None = None,
        budget_seconds: float = BUDGET_SECONDS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.state = KeyringState.UNKNOWN
        self._environment_key = environment_key
        self._budget = int(budget_seconds * 1000)
        self._stored: dict[str, ApiKey | None] = {}  # what the keyring said; None: it has none
        self._entered: dict[str, ApiKey] = {}  # what the person entered in this run
        self._places: dict[str, KeyPlace] = {}
        self._fetching: dict[str, QTimer] = {}
        self._storing: dict[str, QTimer] = {}
        self._unavailable: set[str] = set()
        self._unstored: set[str] = set()
        self._keyring = _Keyring(make_keyring)
        self._tickets = Tickets()
        self._thread = JobThread("keys")
        self._thread.news.connect(self._on_news)
        self._is_stopping = False

    def start(self) -> None:
        """Start the thread; what was asked before is answered now."""
        self._thread.start()

    def key_for(self, origin: str) -> ApiKey | None:
        """The key for this origin as far as it is known: entered, else from the keyring, else from the
        environment, which has one for a single origin.
        """
        key = self._entered.get(origin) or self._stored.get(origin)
        return key if key is not None else self._environment_key_for(origin)

    def key_for_endpoint(self, endpoint: Endpoint) -> ApiKey | None:
        """As `key_for`, but the environment's own endpoint takes the environment's key first."""
        if endpoint.endpoint_id == ENVIRONMENT_ID and (key := self._environment_key_for(endpoint.origin)):
            return key
        return self.key_for(endpoint.origin)

    def knows(self, origin: str) -> bool:
        """True where `key_for` is final: the keyring need not be asked any more."""
        return origin in self._entered or origin in self._stored

    def knows_for_endpoint(self, endpoint: Endpoint) -> bool:
        """True where `key_for_endpoint` is final."""
        if endpoint.endpoint_id == ENVIRONMENT_ID and self._environment_key_for(endpoint.origin):
            return True
        return self.knows(endpoint.origin)

    def is_in(self, text: str) -> bool:
        """True where `text` holds a key that is known, which then is neither shown nor offered to be sent."""
        known = (*self._entered.values(), *self._stored.values(), self._environment_key)
        secrets = (key.reveal_for(key.origin) for key in known if key is not None)
        return any(len(secret) >= SHORTEST_SECRET and secret in text for secret in secrets)

    def place(self, origin: str) -> KeyPlace | None:
        """Where the key for this origin is kept; None where there is none, or none is known yet."""
        if origin in self._entered or self._stored.get(origin) is not None:
            return self._places.get(origin, KeyPlace.SESSION)
        return KeyPlace.ENVIRONMENT if self._environment_key_for(origin) is not None else None

    def fetch(self, origin: str) -> None:
        """Ask the keyring; `key_found` or `key_unavailable` follows. Nothing happens where it is known."""
        if self.knows(origin) or self._is_stopping:
            return
        if (timer := self._fetching.get(origin)) is not None:
            if not timer.isActive():
                timer.start(self._budget)
            return
        self._unavailable.discard(origin)
        self._fetching[origin] = self._timer(lambda: self._on_fetch_overdue(origin))
        ticket = self._tickets.give(lambda answer: self._on_fetched(origin, answer), self._on_fault)
        self._thread.put(ticket, lambda keyring=self._keyring: keyring.get(origin))  # type: ignore[misc]

    def store(self, key: ApiKey) -> None:
        """Use this key from now on and put it into the keyring; `key_stored` or `key_not_stored` follows."""
        if self._is_stopping:
            return
        origin = key.origin
        self._entered[origin] = key
        self._places[origin] = KeyPlace.SESSION
        self._expect_no_store(origin)
        self._storing[origin] = self._timer(lambda: self._on_store_overdue(origin))
        ticket = self._tickets.give(lambda answer: self._on_stored(key, answer), self._on_fault)
        self._thread.put(ticket, lambda keyring=self._keyring: keyring.set(key))  # type: ignore[misc]
        self.key_found.emit(origin, key)

    def keep_for_session(self, key: ApiKey) -> None:
        """Use this key until the app ends; it goes nowhere else."""
        self._entered[key.origin] = key
        self._places[key.origin] = KeyPlace.SESSION
        self._expect_no_store(key.origin)
        self.key_found.emit(key.origin, key)
        self.key_stored.emit(key.origin, KeyPlace.SESSION)

    def forget(self, origin: str) -> None:
        """Delete the key for this origin, here and in the keyring; `key_forgotten` tells at once."""
        if self._is_stopping:
            return
        self._entered.pop(origin, None)
        self._places.pop(origin, None)
        self._expect_no_store(origin)
        self._stored[origin] = None
        ticket = self._tickets.give(lambda answer: self._set_state(answer.state), self._on_fault)
        self._thread.put(ticket, lambda keyring=self._keyring: keyring.delete(origin))  # type: ignore[misc]
        self.key_forgotten.emit(origin)

    def retry(self) -> None:
        """Ask again for all that the keyring refused or is silent about; store again what it didn't take."""
        for origin in sorted(self._unavailable | set(self._fetching)):
            self.fetch(origin)
        for origin in sorted(self._unstored):
            self.store(self._entered[origin])
        # What is being stored can only be waited for, once more.
        for timer in self._storing.values():
            if not timer.isActive():
                timer.start(self._budget)

    def begin_stop(self) -> None:
        """Let the thread end after what it was asked; `stop` waits for it."""
        if not self._is_stopping:
            self._is_stopping = True
            for timer in (*self._fetching.values(), *self._storing.values()):
                timer.stop()
            self._thread.finish()

    def stop(self, seconds: float = 2.0) -> bool:
        """Join the thread within `seconds`. False means that the keyring hangs: the thread was left behind,
        alive, and the process must end by `os._exit`. One that was never started is True.
        """
        self.begin_stop()
        return not self._thread.isRunning() or self._thread.joined_within(seconds)

    def _expect_no_store(self, origin: str) -> None:
        """Nobody waits any more for what was to be stored for this origin."""
        self._unstored.discard(origin)
        if (timer := self._storing.pop(origin, None)) is not None:
            timer.stop()
            timer.deleteLater()

    def _environment_key_for(self, origin: str) -> ApiKey | None:
        key = self._environment_key
        return key if key is not None and key.origin == origin else None

    def _timer(self, overdue: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(overdue)
        timer.start(self._budget)
        return timer

    def _on_fetched(self, origin: str, answer: _Answer) -> None:
        self._fetching.pop(origin).deleteLater()
        self._set_state(answer.state)
        match answer.state:
            case KeyringState.OK | KeyringState.ABSENT:
                if origin not in self._stored:
                    self._stored[origin] = answer.key
                if answer.key is not None:
                    self._places.setdefault(origin, KeyPlace.KEYRING)
                self.key_found.emit(origin, self.key_for(origin))
            case state:
                self._unavailable.add(origin)
                self.key_unavailable.emit(origin, state)

    def _on_stored(self, key: ApiKey, answer: _Answer) -> None:
        origin = key.origin
        if self._entered.get(origin) != key:
            return
        if (timer := self._storing.pop(origin, None)) is not None:
            timer.deleteLater()
        self._set_state(answer.state)
        match answer.state:
            case KeyringState.OK:
                self._places[origin] = KeyPlace.KEYRING
                self._unstored.discard(origin)
                self.key_stored.emit(origin, KeyPlace.KEYRING)
            case KeyringState.ABSENT:
                self.key_stored.emit(origin, KeyPlace.SESSION)
            case state:
                self._unstored.add(origin)
                self.key_not_stored.emit(origin, state)

    def _on_fetch_overdue(self, origin: str) -> None:
        self._set_state(KeyringState.WAITING)
        self.key_unavailable.emit(origin, KeyringState.WAITING)

    def _on_store_overdue(self, origin: str) -> None:
        self._set_state(KeyringState.WAITING)
        self.key_not_stored.emit(origin, KeyringState.WAITING)

    def _on_fault(self, _: ChatError) -> None:
        self._set_state(KeyringState.FAILED)
        for origin in tuple(self._fetching):
            self._on_fetched(origin, _Answer(KeyringState.FAILED))

    def _set_state(self, state: KeyringState) -> None:
        if state is not self.state:
            self.state = state
            self.keyring_changed.emit(state)

    @Slot(object)
    def _on_news(self, news: News) -> None:
        if not self._is_stopping:
            self._tickets.deliver(news)


class _Answer(NamedTuple):
    state: KeyringState
    key: ApiKey | None = None


class _Keyring:
    """The keyring as the keys thread has it; nothing here is touched by another thread."""

    def __init__(self, make_keyring: KeyringMaker) -> None:
        self._make_keyring = make_keyring
        self._opened: ApiKeyring | None = None

    def get(self, origin: str) -> _Answer:
        return self._ask(lambda keyring: keyring.get(origin))

    def set(self, key: ApiKey) -> _Answer:
        def put(keyring: ApiKeyring) -> None:
            keyring.set(key)

        return self._ask(put)

    def delete(self, origin: str) -> _Answer:
        def remove(keyring: ApiKeyring) -> None:
            keyring.delete(origin)

        return self._ask(remove)

    def _ask(self, question: Callable[[ApiKeyring], ApiKey | None]) -> _Answer:
        from app.store.api_keys import KeyringAbsent, KeyringFailed, KeyringLocked

        try:
            if self._opened is None:
                keyring = self._make_keyring()
                keyring.open()
                self._opened = keyring
            return _Answer(KeyringState.OK, question(self._opened))
        except KeyringAbsent:
            return _Answer(KeyringState.ABSENT)
        except KeyringLocked:
            return _Answer(KeyringState.LOCKED)
        except KeyringFailed:
            return _Answer(KeyringState.FAILED)
