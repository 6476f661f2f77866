"""Keys: where they come from, where they are kept, and a keyring that doesn't answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from keyring.errors import KeyringLocked as LockedError
from keyring.errors import NoKeyringError
from pytestqt.qtbot import QtBot

from app.chat.keys import KeyPlace, KeyringState, Keys
from app.core.completion import ReplyState
from app.core.errors import KeyNeeded
from app.core.provider import PRESETS, ApiKey
from app.store.api_keys import ApiKeyring
from tests.chat.house import House, MemoryKeyring, SilentKeyring
from tests.chat.loopback import WATCHDOG_SECONDS, LoopbackServer

WAIT = int(WATCHDOG_SECONDS * 1000)
ORIGIN = "https://keys.example:443"
SECRET = "sk-marked-secret-0123456789"


class LockedKeyring(MemoryKeyring):
    """A keyring whose owner hasn't unlocked it yet."""

    def __init__(self) -> None:
        super().__init__()
        self.is_locked = True

    def get_password(self, service: str, username: str) -> str | None:
        if self.is_locked:
            raise LockedError("locked")
        return super().get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.is_locked:
            raise LockedError("locked")
        super().set_password(service, username, password)


class NoKeyring(MemoryKeyring):
    """What there is on a system without a keyring."""

    def get_password(self, service: str, username: str) -> str | None:
        raise NoKeyringError("none")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NoKeyringError("none")


@pytest.fixture
def make_keys(qtbot: QtBot) -> Iterator[Callable[..., Keys]]:
    made: list[Keys] = []

    def make(backend: MemoryKeyring, *, key: ApiKey | None = None, budget: float = 15.0) -> Keys:
        keys = Keys(lambda: ApiKeyring(backend=backend), key, budget)
        made.append(keys)
        keys.start()
        return keys

    yield make
    for keys in made:
        assert keys.stop(WATCHDOG_SECONDS)
        keys.deleteLater()


MakeKeys = Callable[..., Keys]


def test_stored_and_found_again(qtbot: QtBot, make_keys: MakeKeys) -> None:
    backend = MemoryKeyring()
    keys = make_keys(backend)
    key = ApiKey(SECRET, ORIGIN)
    with qtbot.waitSignal(keys.key_stored, timeout=WAIT) as stored:
        keys.store(key)
        assert keys.key_for(ORIGIN) == key
    assert stored.args == [ORIGIN, KeyPlace.KEYRING]
    assert keys.place(ORIGIN) is KeyPlace.KEYRING
    assert keys.state is KeyringState.OK
    later = make_keys(backend)
    assert not later.knows(ORIGIN)
    with qtbot.waitSignal(later.key_found, timeout=WAIT) as found:
        later.fetch(ORIGIN)
    assert found.args == [ORIGIN, key]
    assert later.knows(ORIGIN)
    assert later.place(ORIGIN) is KeyPlace.KEYRING


def test_another_origin_has_no_key(qtbot: QtBot, make_keys: MakeKeys) -> None:
    keys = make_keys(MemoryKeyring())
    with qtbot.waitSignal(keys.key_stored, timeout=WAIT):
        keys.store(ApiKey(SECRET, ORIGIN))
    other = "https://keys.example:8443"
    with qtbot.waitSignal(keys.key_found, timeout=WAIT) as found:
        keys.fetch(other)
    assert found.args == [other, None]
    assert keys.knows(other)
    assert keys.key_for(other) is None


def test_forgotten(qtbot: QtBot, make_keys: MakeKeys) -> None:
    backend = MemoryKeyring()
    keys = make_keys(backend)
    with qtbot.waitSignal(keys.key_stored, timeout=WAIT):
        keys.store(ApiKey(SECRET, ORIGIN))
    with qtbot.waitSignal(keys.key_forgotten, timeout=WAIT):
        keys.forget(ORIGIN)
    assert keys.key_for(ORIGIN) is None
    qtbot.waitUntil(lambda: not backend.passwords, timeout=WAIT)


def test_no_keyring_keeps_it_for_the_session(qtbot: QtBot, make_keys: MakeKeys) -> None:
    keys = make_keys(NoKeyring())
    with qtbot.waitSignal(keys.key_stored, timeout=WAIT) as stored:
        keys.store(ApiKey(SECRET, ORIGIN))
    assert stored.args == [ORIGIN, KeyPlace.SESSION]
    assert keys.state is KeyringState.ABSENT
    assert keys.key_for(ORIGIN) is not None


def test_locked_then_unlocked(qtbot: QtBot, make_keys: MakeKeys) -> None:
    backend = LockedKeyring()
    keys = make_keys(backend)
    with qtbot.waitSignal(keys.key_not_stored, timeout=WAIT) as refused:
        keys.store(ApiKey(SECRET, ORIGIN))
    assert refused.args == [ORIGIN, KeyringState.LOCKED]
    assert keys.place(ORIGIN) is KeyPlace.SESSION
    backend.is_locked = False
    with qtbot.waitSignal(keys.key_stored, timeout=WAIT) as stored:
        keys.retry()
    assert stored.args == [ORIGIN, KeyPlace.KEYRING]


def test_locked_when_asked(qtbot: QtBot, make_keys: MakeKeys) -> None:
    backend = LockedKeyring()
    keys = make_keys(backend)
    with qtbot.waitSignal(keys.key_unavailable, timeout=WAIT) as refused:
        keys.fetch(ORIGIN)
    assert refused.args == [ORIGIN, KeyringState.LOCKED]
    assert not keys.knows(ORIGIN)
    backend.is_locked = False
    with qtbot.waitSignal(keys.key_found, timeout=WAIT):
        keys.retry()
    assert keys.knows(ORIGIN)


def test_for_this_session_only(qtbot: QtBot, make_keys: MakeKeys) -> None:
    keys = make_keys(LockedKeyring())
    with qtbot.waitSignal(keys.key_stored, timeout=WAIT) as stored:
        keys.keep_for_session(ApiKey(SECRET, ORIGIN))
    assert stored.args == [ORIGIN, KeyPlace.SESSION]
    assert keys.knows(ORIGIN)


def test_a_late_answer_counts(qtbot: QtBot, make_keys: MakeKeys) -> None:
    backend = SilentKeyring()
    keys = make_keys(backend, budget=0.05)
    with qtbot.waitSignal(keys.key_not_stored, timeout=WAIT) as overdue:
        keys.store(ApiKey(SECRET, ORIGIN))
    assert overdue.args == [ORIGIN, KeyringState.WAITING]
    assert keys.state is KeyringState.WAITING
    assert keys.key_for(ORIGIN) is not None
    with qtbot.waitSignal(keys.key_stored, timeout=WAIT) as stored:
        backend.answered.set()
    assert stored.args == [ORIGIN, KeyPlace.KEYRING]
    assert keys.place(ORIGIN) is KeyPlace.KEYRING


def test_a_silent_keyring_can_be_waited_for_once_more(qtbot: QtBot, make_keys: MakeKeys) -> None:
    backend = SilentKeyring()
    keys = make_keys(backend, budget=0.05)
    with qtbot.waitSignal(keys.key_not_stored, timeout=WAIT):
        keys.store(ApiKey(SECRET, ORIGIN))
    with qtbot.waitSignal(keys.key_not_stored, timeout=WAIT) as overdue:
        keys.retry()
    assert overdue.args == [ORIGIN, KeyringState.WAITING]
    with qtbot.waitSignal(keys.key_stored, timeout=WAIT):
        backend.answered.set()


@pytest.mark.parametrize("another", [None, ApiKey("sk-another-secret-0123456789", ORIGIN)])
def test_what_is_stored_no_more_is_not_waited_for(
    qtbot: QtBot, make_keys: MakeKeys, another: ApiKey | None
) -> None:
    """The keyring asks the person; meanwhile they take the key away, or have another one for this session."""
    backend = SilentKeyring()
    keys = make_keys(backend, budget=0.2)
    overdue: list[object] = []
    keys.key_not_stored.connect(lambda _origin, state: overdue.append(state))
    keys.store(ApiKey(SECRET, ORIGIN))
    if another is None:
        keys.forget(ORIGIN)
    else:
        keys.keep_for_session(another)
    with qtbot.waitSignal(keys.key_unavailable, timeout=WAIT):
        keys.fetch("https://other.example:443")  # has as long as the other had
    assert overdue == []
    backend.answered.set()
    qtbot.waitUntil(lambda: keys.state is KeyringState.OK, timeout=WAIT)
    assert keys.key_for(ORIGIN) == another


def test_the_environments_key_goes_to_one_origin(make_keys: MakeKeys) -> None:
    key = ApiKey(SECRET, ORIGIN)
    keys = make_keys(MemoryKeyring(), key=key)
    assert keys.key_for(ORIGIN) == key
    assert keys.place(ORIGIN) is KeyPlace.ENVIRONMENT
    assert keys.key_for("https://other.example:443") is None


def test_a_keyring_that_hangs_is_left_behind(qtbot: QtBot) -> None:
    backend = SilentKeyring()
    keys = Keys(lambda: ApiKeyring(backend=backend))
    keys.start()
    keys.fetch(ORIGIN)
    assert not keys.stop(0.05)
    backend.answered.set()
    assert keys.stop(WATCHDOG_SECONDS)


def test_sending_waits_for_the_keyring(
    qtbot: QtBot, make_house: Callable[..., House], server: LoopbackServer
) -> None:
    backend = SilentKeyring()
    house = make_house(make_keyring=lambda: ApiKeyring(backend=backend))
    endpoint = house.use(server.url)
    session = house.new_session()
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        assert session.send("Hello")
        qtbot.waitUntil(lambda: len(session.path) == 2, timeout=WAIT)
        assert not server.calls
        house.keys.keep_for_session(ApiKey(SECRET, endpoint.origin))
    assert server.calls[0].request.headers["authorization"] == f"Bearer {SECRET}"
    backend.answered.set()


def test_a_local_server_is_asked_even_if_the_keyring_is_locked(
    qtbot: QtBot, make_house: Callable[..., House], server: LoopbackServer
) -> None:
    house = make_house(make_keyring=lambda: ApiKeyring(backend=LockedKeyring()))
    house.use(server.url)
    session = house.new_session()
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        assert session.send("Hello")
    assert session.path[-1].state is ReplyState.DONE
    assert "authorization" not in server.calls[0].request.headers


def test_no_key_no_request(qtbot: QtBot, make_house: Callable[..., House]) -> None:
    """At a Mistral address nothing can be had without a key, so nothing is sent there."""
    house = make_house()
    house.use(PRESETS[0].base_url)
    session = house.new_session()
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        assert session.send("Hello")
    reply = session.path[-1].reply
    assert reply is not None
    assert isinstance(reply.error, KeyNeeded)
    assert reply.seconds is None


def test_a_locked_keyring_says_so(qtbot: QtBot, make_house: Callable[..., House]) -> None:
    house = make_house(make_keyring=lambda: ApiKeyring(backend=LockedKeyring()))
    house.use(PRESETS[0].base_url)
    session = house.new_session()
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        assert session.send("Hello")
    reply = session.path[-1].reply
    assert reply is not None
    assert isinstance(reply.error, KeyNeeded)
    assert reply.error.details.reason == KeyringState.LOCKED


def test_no_key_in_any_text(qtbot: QtBot, make_keys: MakeKeys) -> None:
    keys = make_keys(MemoryKeyring())
    with qtbot.waitSignal(keys.key_stored, timeout=WAIT):
        keys.store(ApiKey(SECRET, ORIGIN))
    assert SECRET not in repr(vars(keys))


def test_a_text_that_holds_a_known_key_is_known(make_keys: Callable[..., Keys]) -> None:
    keys = make_keys(MemoryKeyring(), key=ApiKey("of-the-environment", ORIGIN))
    assert keys.is_in("export KEY=of-the-environment\n")
    assert not keys.is_in(f"KEY={SECRET}")
    keys.keep_for_session(ApiKey(SECRET, "https://other.example:443"))
    assert keys.is_in(f"KEY={SECRET}")
    # A word that many texts hold keeps none of them away.
    keys.keep_for_session(ApiKey("none", "http://localhost:11434"))
    assert not keys.is_in("none of these")
