"""Sending and stopping for a long day leaves no thread, no descriptor and no object behind."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable

import psutil
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.core.completion import ReplyState
from tests.chat.house import House, next_call
from tests.chat.loopback import WATCHDOG_SECONDS, Call, LoopbackServer

WAIT = int(WATCHDOG_SECONDS * 1000)
ROUNDS = 500 if os.environ.get("SIROCCO_HEAVY") else 50
WARM_UP = 10


class Count:
    """What this process holds on to."""

    def __init__(self, house: House) -> None:
        gc.collect()
        self.threads = sum(not thread.name.startswith("loopback") for thread in threading.enumerate())
        self.system_threads = psutil.Process().num_threads() - threading.active_count()
        self.descriptors = psutil.Process().num_fds() if os.name == "posix" else 0
        self.children = len(house.root.findChildren(QObject))
        self.objects = sum(isinstance(one, QObject) for one in gc.get_objects())

    def __repr__(self) -> str:
        return repr(vars(self))


def test_sends_and_stops(qtbot: QtBot, make_house: Callable[..., House], server: LoopbackServer) -> None:
    def script(call: Call) -> None:
        match call.request.last_text.split():
            case [*_, "answer"]:
                call.answer("Hello.")
            case [*_, "midway"]:
                call.begin_stream()
                call.text("Half")
                call.wait_for_hang_up()
            case [*_, "fail"]:
                call.fail(400, "no")
            case _:
                call.wait_for_hang_up()

    server.script = script
    house = make_house()
    house.use(server.url)
    session = house.new_session()

    def one_round(number: int) -> None:
        kind = ("answer", "midway", "fail", "silent")[number % 4]
        with qtbot.waitSignal(session.message_changed, timeout=WAIT):
            assert session.send(f"{number} {kind}")
            if kind in {"midway", "silent"}:
                call = next_call(qtbot, server)
                if kind == "midway":
                    qtbot.waitUntil(lambda: bool(session.path[-1].text), timeout=WAIT)
                session.stop()
                assert call.hung_up.wait(WATCHDOG_SECONDS)
            else:
                next_call(qtbot, server)
        qtbot.waitUntil(lambda: not session.is_busy, timeout=WAIT)

    def settled(limit: Count) -> bool:
        now = Count(house)
        return (
            now.threads <= limit.threads
            and now.system_threads <= limit.system_threads
            and now.descriptors <= limit.descriptors
            and now.children <= limit.children
            and now.objects <= limit.objects
        )

    for number in range(WARM_UP):
        one_round(number)
    before = Count(house)
    for number in range(WARM_UP, WARM_UP + ROUNDS):
        one_round(number)
    assert session.path[-1].state in ReplyState
    qtbot.waitUntil(lambda: settled(before), timeout=WAIT)
