"""The composer with real chats: sending, stopping, drafts, and messages that wait."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.core.completion import ReplyState
from app.ui.composer.composer import Composer
from app.ui.composer.outbox import Outbox
from app.ui.composer.queue_row import QueueChip
from app.ui.theme import Theme
from tests.chat.house import House, text_of
from tests.chat.loopback import WATCHDOG_SECONDS, Call, LoopbackServer

WAIT = int(WATCHDOG_SECONDS * 1000)


@pytest.fixture
def composer(qtbot: QtBot, theme: Theme) -> Composer:
    outbox = Outbox()
    composer = Composer(theme, outbox)
    outbox.setParent(composer)
    qtbot.addWidget(composer)
    composer.resize(800, 120)
    composer.show()
    return composer


@pytest.fixture
def gate(server: LoopbackServer) -> threading.Event:
    """The server answers half, and the rest when this is set."""
    gate = threading.Event()

    def script(call: Call) -> None:
        call.begin_stream()
        call.text("Half ")
        gate.wait(WATCHDOG_SECONDS)
        call.text("whole")
        call.finish()

    server.script = script
    return gate


def name_of(widget: QWidget) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def write(composer: Composer, text: str) -> None:
    QTest.keyClicks(composer.field, text)
    QTest.keyClick(composer.field, Qt.Key.Key_Return)


def chips(composer: Composer) -> list[str]:
    found = composer.queue_row.findChildren(QueueChip)
    return [one.text_button.label for one in found if one.isVisible()]


def test_names(composer: Composer) -> None:
    assert name_of(composer.send_button) == "Send"
    assert name_of(composer.stop_button) == "Stop"
    assert name_of(composer.model_chip) == "Model"


def test_send_and_stop(qtbot: QtBot, composer: Composer, house: House, gate: threading.Event) -> None:
    session = house.new_session()
    composer.show_session(session)
    assert not composer.send_button.isEnabled()
    QTest.keyClicks(composer.field, "Hello")
    assert composer.send_button.isEnabled()
    assert composer.model_chip.label == "test-model"
    QTest.mouseClick(composer.send_button, Qt.MouseButton.LeftButton)
    assert composer.field.text == ""
    assert composer.stop_button.isVisible()
    assert not composer.send_button.isVisible()
    qtbot.waitUntil(lambda: "Half" in "".join(text_of(session)), timeout=WAIT)
    QTest.mouseClick(composer.stop_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(composer.send_button.isVisible, timeout=WAIT)
    assert session.path[-1].state is ReplyState.STOPPED
    gate.set()


def test_what_waits_goes_out_after_the_answer(
    qtbot: QtBot, composer: Composer, house: House, gate: threading.Event
) -> None:
    session = house.new_session()
    composer.show_session(session)
    write(composer, "one")
    write(composer, "two")
    write(composer, "three")
    assert chips(composer) == ["two", "three"]
    assert session.draft == "two\n\nthree"
    QTest.keyClicks(composer.field, "still writing")
    gate.set()
    qtbot.waitUntil(lambda: len(session.path) == 6 and not session.is_busy, timeout=WAIT)
    assert text_of(session)[::2] == ["one", "two", "three"]
    assert chips(composer) == []
    assert composer.field.text == "still writing"
    assert session.draft == "still writing"


def test_what_waits_goes_out_for_a_chat_that_isnt_shown(
    qtbot: QtBot, composer: Composer, house: House, gate: threading.Event
) -> None:
    first = house.new_session()
    composer.show_session(first)
    write(composer, "one")
    write(composer, "two")
    qtbot.waitUntil(lambda: first.is_stored, timeout=WAIT)
    composer.show_session(house.new_session())
    assert chips(composer) == []
    gate.set()
    qtbot.waitUntil(lambda: len(first.path) == 4 and not first.is_busy, timeout=WAIT)
    assert text_of(first)[2] == "two"


def test_after_stop_what_waits_stays_until_it_is_sent(
    qtbot: QtBot, composer: Composer, house: House, gate: threading.Event
) -> None:
    session = house.new_session()
    composer.show_session(session)
    write(composer, "one")
    write(composer, "two")
    qtbot.waitUntil(lambda: "Half" in "".join(text_of(session)), timeout=WAIT)
    composer.stop()
    qtbot.waitUntil(lambda: not session.is_busy, timeout=WAIT)
    qtbot.wait(50)
    assert chips(composer) == ["two"]
    assert composer.send_button.isEnabled()
    gate.set()
    QTest.mouseClick(composer.send_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(session.path) == 4 and not session.is_busy, timeout=WAIT)
    assert text_of(session)[2] == "two"


def test_what_waits_can_be_removed_or_taken_back(
    composer: Composer, house: House, gate: threading.Event
) -> None:
    composer.show_session(house.new_session())
    for text in ("one", "two", "three"):
        write(composer, text)
    two, three = (one for one in composer.queue_row.findChildren(QueueChip) if one.isVisible())
    assert name_of(two.text_button) == "Waiting: two"
    assert name_of(two.remove_button) == "Remove"
    QTest.mouseClick(three.text_button, Qt.MouseButton.LeftButton)
    assert (chips(composer), composer.field.text) == (["two"], "three")
    left = next(one for one in composer.queue_row.findChildren(QueueChip) if one.isVisible())
    QTest.mouseClick(left.remove_button, Qt.MouseButton.LeftButton)
    assert (chips(composer), composer.field.text) == ([], "three")
    gate.set()


def test_a_draft_for_each_chat(
    qtbot: QtBot, composer: Composer, house: House, make_house: Callable[..., House]
) -> None:
    first = house.new_session()
    composer.show_session(first)
    write(composer, "Hello")
    qtbot.waitUntil(lambda: first.is_stored and not first.is_busy, timeout=WAIT)
    QTest.keyClicks(composer.field, "for the first")
    second = house.new_session()
    composer.show_session(second)
    assert composer.field.text == ""
    QTest.keyClicks(composer.field, "for the second")
    composer.show_session(first)
    assert composer.field.text == "for the first"
    assert house.library.shut_down(60.0)
    again = make_house()
    third = again.library.session(first.conversation_id)
    composer.show_session(third)
    qtbot.waitUntil(lambda: composer.field.text == "for the first", timeout=WAIT)
    composer.show_session(again.new_session())
    qtbot.waitUntil(lambda: composer.field.text == "for the second", timeout=WAIT)


def test_says_when_there_is_nobody_to_ask(
    qtbot: QtBot, composer: Composer, make_house: Callable[..., House]
) -> None:
    house = make_house()
    composer.show_session(house.new_session())
    QTest.keyClicks(composer.field, "Hello")
    with qtbot.waitSignal(composer.setup_asked):
        QTest.keyClick(composer.field, Qt.Key.Key_Return)
    assert composer.field.text == "Hello"
    composer.show_session(None)


def test_typing_is_told_once(composer: Composer, house: House) -> None:
    began: list[None] = []
    composer.typing_began.connect(lambda: began.append(None))
    composer.show_session(house.new_session())
    QTest.keyClicks(composer.field, "abc")
    assert len(began) == 1


def test_takes_at_most_its_share_of_the_window(composer: Composer, house: House) -> None:
    composer.show_session(house.new_session())
    composer.set_window_height(520)
    composer.field.show_text("line\n" * 30)
    assert composer.sizeHint().height() <= 0.4 * 520 + 2
