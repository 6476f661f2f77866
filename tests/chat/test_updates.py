"""Newer versions are looked for once a day, over TLS, where that is wanted; whatever the other side says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.chat.updates import DAY, Updates
from app.core.settings import UpdateCheck
from app.core.update import MAX_ANNOUNCEMENT, Release
from tests.chat.house import House
from tests.chat.loopback import WATCHDOG_SECONDS
from tests.servers.fake_server import FakeServer, Script, hang_up, raw, redirect, reply, silence
from tests.servers.tls import Authority

WAIT = int(WATCHDOG_SECONDS * 1000)
NEW = Release("0.2.0", "Much is **new**.", "https://sirocco.example/download")


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_795_000_000.0

    def __call__(self) -> float:
        return self.seconds


def announcing(release: Release) -> Script:
    return reply(200, release._asdict())


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def announcer(authority: Authority) -> Iterator[FakeServer]:
    with FakeServer(announcing(NEW), tls=authority.context_of("127.0.0.1")) as server:
        yield server


@pytest.fixture
def trusting(make_house: Callable[..., House], tmp_path: Path, authority: Authority) -> House:
    """A house that trusts the announcer's certificate."""
    (tmp_path / "settings.json").write_text(json.dumps({"ca_file": authority.ca_file}))
    return make_house()


class Watch:
    """The updates of a house, and what they found."""

    def __init__(self, house: House, address: str, running: str = "0.1.0") -> None:
        self.house = house
        self.clock = Clock()
        self.found: list[Release] = []
        self.updates = Updates(
            house.network, house.preferences, address, running, self.clock, parent=house.root
        )
        self.updates.found.connect(self.found.append)
        self.updates.start()

    @property
    def is_asking(self) -> bool:
        return self.updates.is_asking

    def has_found(self, count: int) -> bool:
        return len(self.found) == count


def test_nobody_is_asked_before_the_person_says_so(
    qtbot: QtBot, trusting: House, announcer: FakeServer
) -> None:
    watch = Watch(trusting, f"{announcer.url}/latest.json")
    assert watch.updates.is_undecided
    assert watch.updates.host == announcer.url.removeprefix("https://").removesuffix("/v1")
    watch.updates.decide(UpdateCheck.OFF)
    assert not watch.is_asking
    watch.updates.decide(UpdateCheck.ON)
    qtbot.waitUntil(lambda: watch.found == [NEW], timeout=WAIT)
    (exchange,) = announcer.exchanges
    assert exchange.request.method == "GET"
    assert exchange.request.header("Authorization") is None
    assert exchange.request.header("Cookie") is None


def test_it_is_asked_once_a_day_whatever_the_clock_did(
    qtbot: QtBot, trusting: House, announcer: FakeServer
) -> None:
    watch = Watch(trusting, announcer.url)
    watch.updates.decide(UpdateCheck.ON)
    for count, step in ((1, 0.0), (2, DAY), (3, -5 * DAY)):
        watch.clock.seconds += step
        watch.updates.look_if_due()
        qtbot.waitUntil(partial(watch.has_found, count), timeout=WAIT)
        watch.clock.seconds += DAY - 1
        watch.updates.look_if_due()
        assert not watch.is_asking
        watch.clock.seconds -= DAY - 1
    assert len(announcer.exchanges) == 3
    assert trusting.preferences.current.update_checked == int(watch.clock.seconds)


def test_what_was_closed_and_what_is_not_newer_is_not_told(
    qtbot: QtBot, trusting: House, announcer: FakeServer
) -> None:
    watch = Watch(trusting, announcer.url)
    watch.updates.skip(NEW)
    watch.updates.decide(UpdateCheck.ON)
    qtbot.waitUntil(lambda: not watch.is_asking, timeout=WAIT)
    for version in (NEW.version, "0.1.0", "0.0.9", "0.3.0rc1"):
        announcer.script = announcing(NEW._replace(version=version))
        watch.clock.seconds += DAY
        watch.updates.look_if_due()
        assert watch.is_asking
        qtbot.waitUntil(lambda: not watch.is_asking, timeout=WAIT)
    assert watch.found == []
    announcer.script = announcing(NEW._replace(version="0.3.0"))
    watch.clock.seconds += DAY
    watch.updates.look_if_due()
    qtbot.waitUntil(lambda: [one.version for one in watch.found] == ["0.3.0"], timeout=WAIT)


BAD = {
    "no json": reply(200, b"<html>log in</html>"),
    "too large": reply(200, b'{"version": "9.0", "page": "' + b"x" * MAX_ANNOUNCEMENT + b'"}'),
    "other types": reply(200, {"version": 9, "page": True}),
    "no https": reply(200, {"version": "9.0", "page": "http://sirocco.example"}),
    "nested": reply(200, b"[" * (MAX_ANNOUNCEMENT - 1)),
    "not found": reply(404, b"{}"),
    "fault": reply(500, NEW._asdict()),
    "elsewhere": redirect(302, "https://elsewhere.example/latest.json"),
    "without TLS": redirect(302, "http://127.0.0.1/latest.json"),
    "hangs up": hang_up,
    "babble": raw(b"\x00\xffHTTP\r\n\r\n"),
}


@pytest.mark.parametrize("bad", BAD)
def test_whatever_is_said_that_is_no_announcement_is_no_news_and_no_fault(
    qtbot: QtBot, trusting: House, announcer: FakeServer, bad: str
) -> None:
    announcer.script = BAD[bad]
    watch = Watch(trusting, announcer.url)
    watch.updates.decide(UpdateCheck.ON)
    qtbot.waitUntil(lambda: not watch.is_asking, timeout=WAIT)
    assert watch.found == []
    assert len(announcer.exchanges) == 1


def test_who_can_not_show_its_identity_or_has_no_TLS_is_not_believed(
    qtbot: QtBot, make_house: Callable[..., House], announcer: FakeServer
) -> None:
    watch = Watch(make_house(), announcer.url)
    watch.updates.decide(UpdateCheck.ON)
    qtbot.waitUntil(lambda: not watch.is_asking, timeout=WAIT)
    assert watch.found == []
    with FakeServer(announcing(NEW)) as plain:
        watch = Watch(watch.house, plain.url)
        watch.clock.seconds += DAY
        watch.updates.look_if_due()
        assert watch.is_asking
        qtbot.waitUntil(lambda: not watch.is_asking, timeout=WAIT)
        assert plain.exchanges == []
    assert watch.found == []


def test_turned_off_while_asking_it_says_no_more(
    qtbot: QtBot, trusting: House, announcer: FakeServer
) -> None:
    announcer.script = silence
    watch = Watch(trusting, announcer.url)
    watch.updates.decide(UpdateCheck.ON)
    qtbot.waitUntil(lambda: len(announcer.exchanges) == 1, timeout=WAIT)
    watch.updates.decide(UpdateCheck.OFF)
    assert not watch.is_asking
    announcer.exchanges[0].wait_for_close()
    assert watch.found == []
