"""What is found out about endpoints, and what is never contacted on the way."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from app.chat.connections import EndpointStatus, other_preset, preset_of
from app.core.errors import BadAddress, BadKey, KeyNeeded
from app.core.provider import PRESETS, ApiKey, Endpoint
from app.store.api_keys import ApiKeyring
from tests.chat.house import House, SilentKeyring
from tests.chat.loopback import WATCHDOG_SECONDS, LoopbackServer, loopback_server

WAIT = int(WATCHDOG_SECONDS * 1000)
SECRET = "sk-marked-secret-0123456789"


def test_the_other_of_two() -> None:
    first, second = PRESETS[0], PRESETS[1]
    assert other_preset("https://API.mistral.com/v1") == second
    assert other_preset("https://api.mistral.ai/v1") == first
    assert other_preset("https://api.mistral.ai:8443/v1") is None
    assert other_preset("https://else.example") is None
    assert preset_of("http://localhost:11434") == PRESETS[2]
    assert preset_of("") is None


def test_a_good_address(qtbot: QtBot, house: House, server: LoopbackServer) -> None:
    with qtbot.waitSignal(house.connections.tested, timeout=WAIT) as tested:
        token = house.connections.test(
            f" {server.url}/chat/completions ", f" Bearer {SECRET}\n", "test-model"
        )
    assert tested.args is not None
    assert tested.args[0] == token
    report = tested.args[1]
    assert report.ok
    assert report.error is None
    assert [card.model_id for card in report.models] == ["test-model"]


def test_a_bad_address_or_key(house: House, server: LoopbackServer) -> None:
    with pytest.raises(BadAddress):
        house.connections.test("ftp://example", "", "")
    with pytest.raises(BadKey):
        house.connections.test(server.url, "sk with\ninner blanks", "")


def test_nobody_there(qtbot: QtBot, house: House, server: LoopbackServer) -> None:
    url = server.url
    server.close()
    with qtbot.waitSignal(house.connections.tested, timeout=WAIT * 2) as tested:
        house.connections.test(url, "", "")
    assert tested.args is not None
    assert not tested.args[1].ok


def test_SEC_14_a_key_that_is_only_tried_is_told_before_anything_is_logged_of_it(
    qtbot: QtBot, house: House, server: LoopbackServer
) -> None:
    entered: list[tuple[str, str]] = []
    house.connections.key_entered.connect(
        lambda origin, key: entered.append((origin, key.reveal_for(origin)))
    )
    origin = Endpoint("", "", server.url).origin
    with qtbot.waitSignal(house.connections.tested, timeout=WAIT):
        house.connections.test(server.url, SECRET, "")
        assert entered == [(origin, SECRET)]
    with qtbot.waitSignal(house.connections.tested, timeout=WAIT):
        house.connections.test(server.url, "", "")
    assert entered == [(origin, SECRET)]


def test_a_stored_key_is_used_where_none_is_typed(qtbot: QtBot, house: House, server: LoopbackServer) -> None:
    origin = Endpoint("", "", server.url).origin
    with qtbot.waitSignal(house.keys.key_stored, timeout=WAIT):
        house.keys.store(ApiKey(SECRET, origin))
    server.secret = SECRET
    with qtbot.waitSignal(house.connections.tested, timeout=WAIT) as tested:
        house.connections.test(server.url, "", "")
    assert tested.args is not None
    assert tested.args[1].ok


def test_a_cancelled_test_is_silent(qtbot: QtBot, house: House, server: LoopbackServer) -> None:
    with qtbot.assertNotEmitted(house.connections.tested, wait=300):
        token = house.connections.test(server.url, "", "")
        house.connections.cancel_test(token)


def test_models_are_listed_and_kept(qtbot: QtBot, house: House, server: LoopbackServer) -> None:
    assert house.connections.models("here") == ()
    with qtbot.waitSignals(
        [house.connections.models_changed, house.connections.status_changed], timeout=WAIT
    ):
        house.connections.fetch_models("here")
        house.connections.fetch_models("here")
    assert [card.model_id for card in house.connections.models("here")] == ["test-model"]
    assert house.connections.status("here") is EndpointStatus.CONNECTED
    with qtbot.waitSignal(house.connections.models_changed, timeout=WAIT):
        house.preferences.save_endpoint(Endpoint("here", "Here", "http://127.0.0.1:9/v1"))
    assert house.connections.models("here") == ()
    assert house.connections.status("here") is EndpointStatus.UNKNOWN


def test_models_of_the_address_before_are_not_those_of_the_new_one(
    qtbot: QtBot, house: House, server: LoopbackServer
) -> None:
    """The address is changed while the list of the old one is awaited; the new one is asked at once."""
    is_asked, is_changed = threading.Event(), threading.Event()

    def take_time() -> None:
        is_asked.set()
        assert is_changed.wait(WATCHDOG_SECONDS)

    with loopback_server() as slow:
        slow.models = ("of the old address",)
        slow.before_list = take_time
        house.use(slow.url)
        house.connections.fetch_models("here")
        qtbot.waitUntil(is_asked.is_set, timeout=WAIT)
        with qtbot.waitSignal(house.connections.models_changed, timeout=WAIT):
            house.use(server.url)
        is_changed.set()
    assert [card.model_id for card in house.connections.models("here")] == ["test-model"]
    assert house.connections.status("here") is EndpointStatus.CONNECTED


def test_an_address_is_changed_while_the_key_of_the_one_before_is_looked_for(
    qtbot: QtBot, make_house: Callable[..., House], server: LoopbackServer
) -> None:
    backend = SilentKeyring()
    house = make_house(make_keyring=lambda: ApiKeyring(backend=backend), budget_seconds=0.05)
    house.use("http://127.0.0.1:9/v1")
    house.connections.fetch_models("here")
    with qtbot.waitSignal(house.connections.models_changed, timeout=WAIT):
        house.use(server.url)
    assert [card.model_id for card in house.connections.models("here")] == ["test-model"]
    backend.answered.set()


def test_status_follows_the_answers(qtbot: QtBot, house: House, server: LoopbackServer) -> None:
    server.script = lambda call: call.fail(401, "who are you")
    session = house.new_session()
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        assert session.send("Hello")
    reply = session.path[-1].reply
    assert reply is not None
    assert isinstance(reply.error, KeyNeeded)  # no key was sent
    assert house.connections.status("here") is EndpointStatus.REFUSED
    server.script = lambda call: call.answer("Ah, you")
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        assert session.try_again(session.path[-1].turn_id)
    assert house.connections.status("here") is EndpointStatus.CONNECTED


def test_models_that_cannot_be_listed(
    qtbot: QtBot, make_house: Callable[..., House], server: LoopbackServer
) -> None:
    url = server.url
    server.close()
    house = make_house()
    house.use(url)
    with qtbot.waitSignal(house.connections.models_failed, timeout=WAIT * 2):
        house.connections.fetch_models("here")
    assert house.connections.status("here") is EndpointStatus.OFFLINE


def test_warming_carries_no_key(qtbot: QtBot, house: House, server: LoopbackServer) -> None:
    house.keys.keep_for_session(ApiKey(SECRET, Endpoint("", "", server.url).origin))
    qtbot.waitUntil(lambda: house.network.is_ready, timeout=WAIT)
    house.connections.warm("here")
    house.connections.warm("here")
    qtbot.waitUntil(lambda: bool(server.knocks), timeout=WAIT)
    assert len(server.knocks) == 1
    assert "authorization" not in server.knocks[0].headers
