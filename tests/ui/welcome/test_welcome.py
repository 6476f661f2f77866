"""The welcome page: what has to be filled in, what a test says, where the key goes and where it doesn't."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit
from pytestqt.qtbot import QtBot

from app.chat.connections import EndpointStatus
from app.core.provider import DEMO_ENDPOINT, PRESETS, origin_of
from app.ui.settings.result_line import Outcome, ResultLine
from app.ui.theme import Theme
from app.ui.welcome.choice_card import ChoiceCard
from app.ui.welcome.page import WelcomePage
from tests.chat.house import House
from tests.chat.loopback import WATCHDOG_SECONDS, LoopbackServer
from tests.ui.forms import is_shown, named, press, write

WAIT = int(WATCHDOG_SECONDS * 1000)
SECRET = "sk-marked-secret-0123456789"


@pytest.fixture
def make_page(
    qtbot: QtBot, theme: Theme, make_house: Callable[..., House]
) -> Iterator[Callable[[House], WelcomePage]]:
    pages: list[WelcomePage] = []

    def make(house: House) -> WelcomePage:
        page = WelcomePage(theme, house.connections, house.keys, house.preferences)
        pages.append(page)
        page.resize(1200, 800)
        page.show()
        return page

    yield make
    for page in pages:
        page.close()
        page.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def empty_house(make_house: Callable[..., House]) -> House:
    return make_house()


@pytest.fixture
def page(make_page: Callable[[House], WelcomePage], empty_house: House) -> WelcomePage:
    return make_page(empty_house)


def result(page: WelcomePage) -> ResultLine:
    (line,) = page.findChildren(ResultLine)
    return line


def said(page: WelcomePage) -> str:
    return result(page).text


def is_enabled(page: WelcomePage, name: str) -> bool:
    return named(page, QAbstractButton, name).isEnabled()


def choose(page: WelcomePage, name: str) -> None:
    press(page, name)


def outcome(page: WelcomePage) -> Outcome:
    return result(page).outcome


def until_tested(qtbot: QtBot, page: WelcomePage) -> None:
    qtbot.waitUntil(lambda: outcome(page) in (Outcome.GOOD, Outcome.BAD), timeout=WAIT)


def test_the_names_of_DESIGN_6_are_there_and_each_card_shows_its_host(page: WelcomePage) -> None:
    assert page.accessibleName() == "Welcome"
    cards = {card.accessibleName(): card for card in page.findChildren(ChoiceCard)}
    assert list(cards) == ["Mistral API", "Mistral AI", "Local server", "Other endpoint"]
    assert [card.accessibleDescription() for card in cards.values()][:3] == [
        "api.mistral.com",
        "api.mistral.ai",
        "localhost:11434",
    ]
    for name in ("API key", "Test connection", "Start chatting", "Try the offline demo"):
        assert is_shown(page, name)
    assert not is_shown(page, "Base URL")
    choose(page, "Local server")
    assert is_shown(page, "Base URL")
    choose(page, "Other endpoint")
    assert is_shown(page, "Base URL")


def test_the_guide_is_at_hand(qtbot: QtBot, page: WelcomePage) -> None:
    with qtbot.waitSignal(page.guide_asked, timeout=WAIT):
        press(page, "User’s guide")


def test_by_key_the_cards_come_first_and_the_guide_last(page: WelcomePage) -> None:
    stops: list[str] = []
    at = page.nextInFocusChain()
    while at is not None and at is not page:
        if isinstance(at, QAbstractButton) and at.focusPolicy() & Qt.FocusPolicy.TabFocus and at.isVisible():
            stops.append(at.accessibleName() or at.text())
        at = at.nextInFocusChain()
    assert (stops[0], stops[-1]) == ("Mistral API", "User’s guide")


def test_cards_are_chosen_with_the_arrow_keys(page: WelcomePage) -> None:
    first = named(page, ChoiceCard, "Mistral API")
    first.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(first, Qt.Key.Key_Right)
    assert named(page, ChoiceCard, "Mistral AI").isChecked()
    assert not first.isChecked()


def test_a_key_page_is_linked_where_one_is_known(qtbot: QtBot, page: WelcomePage) -> None:
    assert not is_shown(page, "Create a key")
    choose(page, "Mistral AI")
    with qtbot.waitSignal(page.link_activated, timeout=WAIT) as opened:
        press(page, "Create a key")
    assert opened.args == [PRESETS[1].keys_page]


def test_start_is_possible_once_address_and_needed_key_are_there(page: WelcomePage) -> None:
    assert not is_enabled(page, "Start chatting")
    write(page, "API key", SECRET)
    assert is_enabled(page, "Start chatting")
    assert "Not tested yet" in said(page)
    choose(page, "Other endpoint")
    assert not is_enabled(page, "Start chatting")
    write(page, "Base URL", "https://ai.example/v1")
    assert is_enabled(page, "Start chatting")
    write(page, "API key", "")
    assert is_enabled(page, "Start chatting")
    write(page, "Base URL", "not an address")
    assert not is_enabled(page, "Start chatting")


def test_the_key_is_masked(page: WelcomePage) -> None:
    write(page, "API key", SECRET)
    field = named(page, QLineEdit, "API key")
    assert field.echoMode() is QLineEdit.EchoMode.Password
    assert SECRET not in field.displayText()
    press(page, "Show key")
    assert field.displayText() == SECRET
    press(page, "Hide key")
    assert SECRET not in field.displayText()


def test_a_good_test_says_what_it_found_and_start_keeps_endpoint_and_key(
    qtbot: QtBot, page: WelcomePage, empty_house: House, server: LoopbackServer
) -> None:
    server.secret = SECRET
    choose(page, "Other endpoint")
    write(page, "Base URL", server.url.removesuffix("/v1"))
    write(page, "API key", f" Bearer {SECRET} ")
    press(page, "Test connection")
    assert named(page, QAbstractButton, "Test connection").text() == "Testing…"
    until_tested(qtbot, page)
    assert said(page).startswith("Connected. One chat model is ready.")
    with qtbot.waitSignal(page.finished, timeout=WAIT) as finished:
        press(page, "Start chatting")
    (endpoint,) = empty_house.preferences.current.endpoints
    assert finished.args == [endpoint.endpoint_id]
    assert empty_house.preferences.default_endpoint() == endpoint
    assert endpoint.base_url == server.url
    assert endpoint.default_model == "test-model"
    assert endpoint.name == f"127.0.0.1:{server.port}"
    assert empty_house.connections.status(endpoint.endpoint_id) is EndpointStatus.CONNECTED
    stored = ("sirocco", endpoint.origin)
    qtbot.waitUntil(lambda: empty_house.backend.passwords.get(stored) == SECRET, timeout=WAIT)
    assert named(page, QLineEdit, "API key").text() == ""


def test_the_key_that_ends_a_line_tests_first_and_then_begins(
    qtbot: QtBot, page: WelcomePage, empty_house: House, server: LoopbackServer
) -> None:
    server.secret = SECRET
    choose(page, "Other endpoint")
    write(page, "Base URL", server.url)
    write(page, "API key", SECRET)
    key = named(page, QLineEdit, "API key")
    QTest.keyClick(key, Qt.Key.Key_Return)
    # Nothing begins while the answer is awaited, nor with what was not tested.
    QTest.keyClick(key, Qt.Key.Key_Return)
    until_tested(qtbot, page)
    QTest.keyClicks(key, "x")
    QTest.keyClick(key, Qt.Key.Key_Backspace)
    QTest.keyClick(key, Qt.Key.Key_Return)
    until_tested(qtbot, page)
    assert empty_house.preferences.current.endpoints == ()
    with qtbot.waitSignal(page.finished, timeout=WAIT):
        QTest.keyClick(key, Qt.Key.Key_Return)


def test_a_refused_key_is_said_and_keeps_from_starting_until_it_changes(
    qtbot: QtBot, page: WelcomePage, server: LoopbackServer
) -> None:
    server.secret = "sk-another-one"
    choose(page, "Other endpoint")
    write(page, "Base URL", server.url)
    write(page, "API key", SECRET)
    press(page, "Test connection")
    until_tested(qtbot, page)
    assert said(page).startswith("This key was not accepted.")
    assert not is_enabled(page, "Start chatting")
    assert named(page, QLineEdit, "API key").property("state") == "bad"
    assert not any(button.text().startswith("Try this key") for button in visible_buttons(page))
    QTest.keyClicks(named(page, QLineEdit, "API key"), "x")
    assert is_enabled(page, "Start chatting")
    assert named(page, QLineEdit, "API key").property("state") != "bad"


def visible_buttons(page: WelcomePage) -> list[QAbstractButton]:
    return [one for one in page.findChildren(QAbstractButton) if one.isVisible()]


def test_what_is_changed_during_a_test_is_not_said_to_be_tested(
    qtbot: QtBot, page: WelcomePage, server: LoopbackServer
) -> None:
    choose(page, "Other endpoint")
    write(page, "Base URL", server.url)
    press(page, "Test connection")
    QTest.keyClicks(named(page, QLineEdit, "Base URL"), "x")
    assert "Not tested yet" in said(page)
    qtbot.wait(50)
    assert "Connected" not in said(page)


def test_a_key_that_can_be_none_is_said_before_anything_is_sent(
    page: WelcomePage, server: LoopbackServer
) -> None:
    choose(page, "Other endpoint")
    write(page, "Base URL", server.url)
    named(page, QLineEdit, "API key").insert("sk-mäh")
    named(page, QLineEdit, "API key").textEdited.emit("sk-mäh")
    press(page, "Test connection")
    assert outcome(page) is Outcome.BAD
    assert "characters" in said(page)
    assert server.calls == []
    press_start = named(page, QAbstractButton, "Start chatting")
    assert not press_start.isEnabled()


def test_SEC_06_an_unencrypted_address_needs_consent_under_a_banner(
    page: WelcomePage, empty_house: House
) -> None:
    choose(page, "Other endpoint")
    write(page, "Base URL", "http://ai.example/v1")
    assert not is_enabled(page, "Start chatting")
    assert not is_enabled(page, "Test connection")
    press(page, "Use it without encryption")
    assert is_enabled(page, "Start chatting")
    # It stays as long as the address does, and another host is asked about anew.
    assert is_shown(page, "Use it without encryption")
    write(page, "Base URL", "http://other.example/v1")
    assert not is_enabled(page, "Start chatting")
    write(page, "Base URL", "http://127.0.0.1:8080/v1")
    assert not is_shown(page, "Use it without encryption")
    assert is_enabled(page, "Start chatting")


def test_the_demo_needs_nothing(qtbot: QtBot, page: WelcomePage, empty_house: House) -> None:
    with qtbot.waitSignal(page.finished, timeout=WAIT) as finished:
        press(page, "Try the offline demo")
    assert finished.args == [DEMO_ENDPOINT.endpoint_id]
    assert empty_house.preferences.default_endpoint() == DEMO_ENDPOINT
    assert empty_house.preferences.current.endpoints == ()


class RecordingProxy:
    """Says yes to every CONNECT and then hangs up: whoever asks it gets nowhere, and is remembered."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            with client:
                self.asked.append(client.recv(4096).split(b" ")[1].decode())
                client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


def test_where_one_mistral_address_fails_the_other_is_offered_and_contacted_by_the_click_alone(
    qtbot: QtBot,
    tmp_path: Path,
    make_page: Callable[[House], WelcomePage],
    make_house: Callable[..., House],
) -> None:
    proxy = RecordingProxy()
    settings = {"proxy_mode": "custom", "proxy_url": proxy.url}
    (tmp_path / "settings.json").write_text(json.dumps(settings))
    page = make_page(make_house())
    write(page, "API key", SECRET)
    press(page, "Test connection")
    until_tested(qtbot, page)
    assert outcome(page) is Outcome.BAD
    assert set(proxy.asked) == {"api.mistral.com:443"}
    press(page, "Try this key at api.mistral.ai")
    assert named(page, ChoiceCard, "Mistral AI").isChecked()
    until_tested(qtbot, page)
    assert set(proxy.asked) == {"api.mistral.com:443", "api.mistral.ai:443"}
    press(page, "Try this key at api.mistral.com")
    assert named(page, ChoiceCard, "Mistral API").isChecked()
    until_tested(qtbot, page)
    proxy.close()


@pytest.mark.parametrize("width", [480, 720, 1200])
def test_it_fits_into_every_width(page: WelcomePage, width: int) -> None:
    page.resize(width, 520)
    QCoreApplication.processEvents()
    assert page.horizontalScrollBar().maximum() == 0
    for name in ("Start chatting", "Test connection", "Try the offline demo"):
        button = named(page, QAbstractButton, name)
        assert button.mapTo(page, button.rect().topRight()).x() <= page.viewport().width()


def test_nothing_is_asked_for_by_showing_the_page(page: WelcomePage, empty_house: House) -> None:
    choose(page, "Mistral AI")
    choose(page, "Local server")
    assert not empty_house.keys.knows(origin_of(PRESETS[1].base_url))
    assert outcome(page) is Outcome.PLAIN
