"""Jobs are done in order, answers come back to who asked, and a thread that hangs is left behind alive."""

from __future__ import annotations

import sys
import threading
from functools import partial
from types import TracebackType

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from app.chat.worker import Answered, Failed, JobThread, Reported, Tickets
from app.core.errors import CannotSave, UnexpectedError


def test_tickets_reach_who_asked() -> None:
    tickets = Tickets()
    heard: list[object] = []
    first = tickets.give(heard.append, heard.append, heard.append)
    second = tickets.give(heard.append, heard.append)
    tickets.deliver(Reported(first, "on the way"))
    tickets.deliver(Answered(first, "there"))
    tickets.deliver(Answered(first, "twice"))
    tickets.deliver(Reported(second, "nobody listens"))
    error = CannotSave()
    tickets.deliver(Failed(second, error))
    assert heard == ["on the way", "there", error]
    assert not len(tickets)


def test_dropped_tickets_reach_nobody() -> None:
    tickets = Tickets()
    heard: list[object] = []
    ticket = tickets.give(heard.append, heard.append, heard.append)
    assert ticket in tickets
    tickets.drop(ticket)
    tickets.deliver(Answered(ticket, "late"))
    assert heard == []


def test_everybody_hears_of_the_end() -> None:
    tickets = Tickets()
    heard: list[object] = []
    tickets.give(None, heard.append)
    tickets.give(None, heard.append)
    tickets.fail_all(UnexpectedError())
    assert heard == [UnexpectedError(), UnexpectedError()]


def test_jobs_in_order_on_their_thread(qtbot: QtBot) -> None:
    thread = JobThread("test")
    news: list[object] = []
    thread.news.connect(news.append)
    main = QThread.currentThread()
    for number in range(5):
        thread.put(number, partial(lambda one: (one, QThread.currentThread() is main), number))
    thread.start()
    thread.finish()
    assert thread.joined_within(10.0)
    qtbot.waitUntil(lambda: len(news) == 5)
    assert news == [Answered(number, (number, False)) for number in range(5)]


def test_errors_and_faults(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    faults: list[BaseException] = []

    def note(_: type[BaseException], fault: BaseException, __: TracebackType | None) -> None:
        faults.append(fault)

    monkeypatch.setattr(sys, "excepthook", note)
    thread = JobThread("test")
    news: list[object] = []
    thread.news.connect(news.append)

    def refuse() -> None:
        raise CannotSave

    def blunder() -> None:
        raise KeyError("our own fault")

    thread.put(1, refuse)
    thread.put(2, blunder)
    thread.put(3, lambda: "still at work")
    thread.start()
    thread.finish()
    assert thread.joined_within(10.0)
    qtbot.waitUntil(lambda: len(news) == 3)
    match news:
        case [Failed(1, CannotSave()), Failed(2, UnexpectedError() as error), Answered(3, "still at work")]:
            assert error.details.reason == "KeyError"
        case _:
            pytest.fail(repr(news))
    assert [type(fault) for fault in faults] == [KeyError]


def test_a_hanging_job_is_left_behind() -> None:
    gate = threading.Event()
    thread = JobThread("test")
    thread.put(1, lambda: gate.wait(30.0))
    thread.start()
    thread.finish()
    assert not thread.joined_within(0.05)
    assert thread.isRunning()
    gate.set()
    assert thread.joined_within(10.0)
