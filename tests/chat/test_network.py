"""The network thread: what it runs, what it drops, and how it ends."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Iterator
from types import TracebackType

import pytest
from pytestqt.qtbot import QtBot

from app.api.client import ChatClient
from app.chat.network import Network, Report, client_maker
from app.core.completion import ReplyState
from app.core.errors import ChatError, NotAllowed, UnexpectedError
from app.core.provider import DEMO_ENDPOINT, Endpoint
from app.core.settings import Settings
from tests.chat.house import House, next_call, text_of
from tests.chat.loopback import WATCHDOG_SECONDS, Call, LoopbackServer

WAIT = int(WATCHDOG_SECONDS * 1000)


@pytest.fixture
def network(qtbot: QtBot) -> Iterator[Network]:
    network = Network(client_maker(Settings(), {}))
    yield network
    assert network.stop(WATCHDOG_SECONDS)
    network.deleteLater()


async def answer(_: ChatClient) -> int:
    await asyncio.sleep(0)
    return 42


def test_asked_before_it_was_started(qtbot: QtBot, network: Network) -> None:
    heard: list[int] = []
    network.run(answer, heard.append)
    dropped = network.run(answer, heard.append)
    network.cancel(dropped)
    assert not network.is_ready
    with qtbot.waitSignal(network.ready, timeout=WAIT):
        network.start()
    qtbot.waitUntil(lambda: heard == [42], timeout=WAIT)
    assert network.is_ready


def test_errors_are_handed_over(qtbot: QtBot, network: Network) -> None:
    async def refuse(_: ChatClient) -> None:
        raise NotAllowed

    errors: list[ChatError] = []
    network.start()
    network.run(refuse, None, errors.append)
    qtbot.waitUntil(lambda: errors == [NotAllowed()], timeout=WAIT)


def test_our_own_faults_are_announced(
    qtbot: QtBot, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults: list[type[BaseException]] = []

    def note(kind: type[BaseException], _: BaseException, __: TracebackType | None) -> None:
        faults.append(kind)

    async def blunder(_: ChatClient) -> None:
        raise ZeroDivisionError

    errors: list[ChatError] = []
    monkeypatch.setattr(sys, "excepthook", note)
    network.start()
    network.run(blunder, None, errors.append)
    qtbot.waitUntil(lambda: bool(errors), timeout=WAIT)
    assert isinstance(errors[0], UnexpectedError)
    assert faults == [ZeroDivisionError]


def test_cancelled_work_is_told_and_silent(qtbot: QtBot, network: Network) -> None:
    was_cancelled = threading.Event()

    async def wait(_: ChatClient, report: Report) -> None:
        report("begun")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            report("late")
            was_cancelled.set()
            raise

    heard: list[object] = []
    network.start()
    ticket = network.run_reporting(wait, heard.append, heard.append, heard.append)
    qtbot.waitUntil(lambda: heard == ["begun"], timeout=WAIT)
    network.cancel(ticket)
    network.cancel(ticket)
    assert was_cancelled.wait(WATCHDOG_SECONDS)
    network.run(answer, heard.append)
    qtbot.waitUntil(lambda: 42 in heard, timeout=WAIT)
    assert heard == ["begun", 42]


def test_a_look_up_that_hangs_is_left_behind(qtbot: QtBot) -> None:
    """A name look-up blocks a thread that nothing can interrupt; the loop ends without it."""
    has_begun, gate = threading.Event(), threading.Event()

    def block() -> None:
        has_begun.set()
        gate.wait(WATCHDOG_SECONDS)

    async def look_up(_: ChatClient) -> None:
        await asyncio.get_running_loop().run_in_executor(None, block)

    network = Network(client_maker(Settings(), {}))
    network.start()
    network.run(look_up)
    qtbot.waitUntil(has_begun.is_set, timeout=WAIT)
    assert not network.stop(WATCHDOG_SECONDS)
    gate.set()


def test_stopped_before_it_is_ready(qtbot: QtBot) -> None:
    network = Network(client_maker(Settings(), {}))
    network.start()
    assert network.stop(WATCHDOG_SECONDS)
    assert Network(client_maker(Settings(), {})).stop(0.0)


def test_a_client_that_cannot_be_made(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    faults: list[object] = []
    monkeypatch.setattr(sys, "excepthook", lambda *fault: faults.append(fault))

    def make() -> ChatClient:
        raise ZeroDivisionError

    network = Network(make)
    errors: list[ChatError] = []
    network.run(answer, None, errors.append)
    network.start()
    qtbot.waitUntil(lambda: len(errors) == 1, timeout=WAIT)
    network.run(answer, None, errors.append)
    qtbot.waitUntil(lambda: len(errors) == 2, timeout=WAIT)
    assert all(isinstance(error, UnexpectedError) for error in errors)
    assert faults


def test_another_client_in_mid_answer(qtbot: QtBot, house: House, server: LoopbackServer) -> None:
    gate = threading.Event()

    def gated(call: Call) -> None:
        call.begin_stream()
        call.text("one ")
        assert gate.wait(WATCHDOG_SECONDS)
        call.text("two")
        call.finish()

    server.script = gated
    session = house.new_session()
    assert session.send("Count")
    next_call(qtbot, server)
    qtbot.waitUntil(lambda: text_of(session)[-1:] == ["one "], timeout=WAIT)
    house.network.use(client_maker(Settings(), {"HTTPS_PROXY": "nonsense://x"}))
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        gate.set()
    assert text_of(session) == ["Count", "one two"]
    server.script = lambda call: call.answer("By the new one")
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        assert session.send("And now?")
    assert text_of(session)[-1] == "By the new one"


def test_a_replaced_client_that_is_still_used_is_closed_at_the_end(
    qtbot: QtBot, network: Network, server: LoopbackServer
) -> None:
    async def go_on(_: ChatClient) -> None:
        await asyncio.Event().wait()

    endpoint = Endpoint("a", "A", server.url)
    heard: list[object] = []
    network.start()
    network.run(lambda client: client.models(endpoint, None), heard.append)
    qtbot.waitUntil(lambda: len(heard) == 1, timeout=WAIT)
    assert server.open_connections == 1
    network.run(go_on)
    network.use(client_maker(Settings(), {}))
    # No collection of garbage, which would close it, too, comes before the test's end.
    assert network.stop(WATCHDOG_SECONDS)
    qtbot.waitUntil(lambda: server.open_connections == 0, timeout=WAIT)


def test_the_demo_needs_no_network(qtbot: QtBot, make_house: Callable[..., House]) -> None:
    house = make_house(demo=DEMO_ENDPOINT)
    session = house.new_session()
    with qtbot.waitSignal(session.reply_changed, timeout=WAIT):
        assert session.send("Hello")
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        session.stop()
    assert session.path[-1].state is ReplyState.STOPPED
    assert session.path[-1].text
