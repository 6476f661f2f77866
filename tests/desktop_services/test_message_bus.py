"""The bus without waiting: notifications, sleep and the tray's place, against a real daemon."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from jeepney import DBusAddress, new_signal
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from app.desktop.message_bus import Body, MessageBus, Rule, session_bus_address
from app.desktop.notifications import MAX_SUMMARY, SERVICE, Notifications
from app.desktop.paths import APP_ID
from app.desktop.sleep_watch import LOGIN, SleepWatch
from tests.desktop.bus_peer import BusPeer
from tests.desktop.session import Bus, Keyring

WATCHDOG = 60_000  # ms
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="message buses are Linux's")


@pytest.fixture
def address(make_bus: Callable[[Keyring], Bus]) -> str:
    return make_bus(Keyring.ABSENT).env["DBUS_SESSION_BUS_ADDRESS"]


@pytest.fixture
def bus(qtbot: QtBot, address: str) -> Iterator[MessageBus]:
    bus = MessageBus(address)
    with qtbot.waitSignal(bus.opened, timeout=WATCHDOG):
        bus.open()
    yield bus
    bus.close()


@pytest.fixture
def make_peer(address: str) -> Iterator[Callable[..., BusPeer]]:
    peers: list[BusPeer] = []

    def make(name: str, **answers: Callable[..., object]) -> BusPeer:
        peers.append(BusPeer(address, name, answers))  # type: ignore[arg-type]
        return peers[-1]

    yield make
    for peer in peers:
        peer.close()


# -- the bus ---------------------------------------------------------------------------------------------


def test_a_call_is_answered_and_a_wrong_one_too(qtbot: QtBot, bus: MessageBus) -> None:
    answers: list[Body | None] = []
    daemon = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
    bus.call(daemon, "NameHasOwner", "s", ("org.freedesktop.DBus",), answers.append)
    bus.call(daemon, "NoSuchMethod", "", (), answers.append)
    qtbot.waitUntil(lambda: len(answers) == 2, timeout=WATCHDOG)
    assert answers == [(True,), None]


def test_signals_are_heard_that_were_asked_for_before_and_after_it_opened(
    qtbot: QtBot, address: str, make_peer: Callable[..., BusPeer]
) -> None:
    heard: list[Body] = []
    bus = MessageBus(address)
    bus.watch(Rule("org.freedesktop.DBus", "NameOwnerChanged", argument="sirocco.One"), heard.append)
    with qtbot.waitSignal(bus.opened, timeout=WATCHDOG):
        bus.open()
    bus.watch(Rule("org.freedesktop.DBus", "NameOwnerChanged", argument="sirocco.Two"), heard.append)
    answered: list[Body | None] = []
    daemon = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
    bus.call(daemon, "GetId", "", (), answered.append)
    qtbot.waitUntil(lambda: bool(answered), timeout=WATCHDOG)
    for name in ("sirocco.Other", "sirocco.One", "sirocco.Two"):
        make_peer(name)
    qtbot.waitUntil(lambda: len(heard) == 2, timeout=WATCHDOG)
    assert [body[0] for body in heard] == ["sirocco.One", "sirocco.Two"]
    bus.close()


@pytest.mark.parametrize("place", ["unix:path=/nonexistent", "", "tcp:host=localhost,port=1", "unix:", "x"])
def test_where_there_is_no_bus_calls_fail_at_once(qtbot: QtBot, place: str) -> None:
    bus = MessageBus(place)
    with qtbot.waitSignal(bus.closed, timeout=WATCHDOG):
        bus.open()
    answers: list[Body | None] = []
    bus.call(DBusAddress("/", "a.b", "a.b"), "Do", "", (), answers.append)
    assert answers == [None]
    bus.close()


def test_what_waits_for_an_answer_hears_of_the_end_of_the_bus(
    qtbot: QtBot, make_bus: Callable[[Keyring], Bus]
) -> None:
    session = make_bus(Keyring.ABSENT)
    bus = MessageBus(session.env["DBUS_SESSION_BUS_ADDRESS"])
    with qtbot.waitSignal(bus.opened, timeout=WATCHDOG):
        bus.open()
    silent = BusPeer(session.env["DBUS_SESSION_BUS_ADDRESS"], "sirocco.Silent", {"Do": lambda _: None})
    answers: list[Body | None] = []
    bus.call(DBusAddress("/", "sirocco.Silent", "a.b"), "Do", "s", ("x" * 300_000,), answers.append)
    with qtbot.waitSignal(bus.closed, timeout=WATCHDOG):
        session.processes.end()
    assert answers == [None]
    silent.close()


@pytest.mark.parametrize("said", [b"REJECTED\r\n", b"\xff" * 9000, b"OK 1\r\nOK 2\r\n"])
def test_a_bus_that_says_nonsense_is_left(qtbot: QtBot, tmp_path: Path, said: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "bus"))
        listener.listen()
        bus = MessageBus(f"unix:path={tmp_path}/bus")
        bus.open()
        server, _ = listener.accept()
        with qtbot.waitSignal(bus.closed, timeout=WATCHDOG):
            server.sendall(said)
        server.close()


@pytest.mark.parametrize(("at", "byte"), [(0, 0), (1, 5), (4, 0), (4, 4), (12, 56), (16, 9), (18, 128)])
def test_a_bus_that_says_what_is_no_message_is_left(qtbot: QtBot, tmp_path: Path, at: int, byte: int) -> None:
    """One byte of a signal is another, for each way in which jeepney finds that it can't be read."""
    said = bytearray(new_signal(DBusAddress("/a", interface="x.y"), "Z", "s", ("z",)).serialise(serial=1))
    said[at] = byte
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "bus"))
        listener.listen()
        bus = MessageBus(f"unix:path={tmp_path}/bus")
        bus.open()
        server, _ = listener.accept()
        server.sendall(b"OK 0123456789abcdef0123456789abcdef\r\n")
        server.setblocking(False)
        heard = bytearray()

        def has_begun() -> bool:
            with suppress(BlockingIOError):
                heard.extend(server.recv(1000))
            return b"BEGIN" in heard

        qtbot.waitUntil(has_begun, timeout=WATCHDOG)
        with qtbot.waitSignal(bus.closed, timeout=WATCHDOG):
            server.sendall(said)
        server.close()


def test_a_bus_that_never_answers_holds_nothing_up(qtbot: QtBot, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "bus"))
        listener.listen()
        bus = MessageBus(f"unix:path={tmp_path}/bus")
        bus.open()
        later: list[bool] = []
        QTimer.singleShot(0, lambda: later.append(bus.is_open))
        qtbot.waitUntil(lambda: bool(later), timeout=WATCHDOG)
        assert later == [False]
        bus.close()


def test_the_session_names_its_bus_or_has_it_in_the_usual_place() -> None:
    assert session_bus_address({"DBUS_SESSION_BUS_ADDRESS": "unix:path=/x"}) == "unix:path=/x"
    assert session_bus_address({"XDG_RUNTIME_DIR": "/run/user/7"}) == "unix:path=/run/user/7/bus"


# -- notifications ---------------------------------------------------------------------------------------


@pytest.fixture
def server(make_peer: Callable[..., BusPeer]) -> BusPeer:
    numbers = iter(range(7, 100))
    return make_peer(SERVICE, Notify=lambda *_: ("u", (next(numbers),)), CloseNotification=lambda _: ("", ()))


def on_gui(qtbot: QtBot, look: Callable[[], object]) -> None:
    qtbot.waitUntil(lambda: bool(look()), timeout=WATCHDOG)


def notified(server: BusPeer) -> list[tuple[object, ...]]:
    return [body for member, body in server.calls if member == "Notify"]


def withdrawn(server: BusPeer) -> list[tuple[object, ...]]:
    return [body for member, body in server.calls if member == "CloseNotification"]


def test_a_notification_is_shown_with_the_title_as_its_plain_summary(
    qtbot: QtBot, bus: MessageBus, server: BusPeer
) -> None:
    notifications = Notifications(bus)
    notifications.show("chat", "<b>a</b>\n&amp; " + "x" * 300, "Ready.", "Open")
    on_gui(qtbot, lambda: notified(server))
    name, replaces, icon, summary, body, actions, hints, timeout = notified(server)[0]
    assert (name, replaces, icon, body, timeout) == ("Sirocco", 0, APP_ID, "Ready.", -1)
    assert isinstance(summary, str)
    assert summary.startswith("<b>a</b> &amp; x")
    assert len(summary) == MAX_SUMMARY
    assert actions == ["default", "Open"]
    assert hints == {"desktop-entry": ("s", APP_ID), "category": ("s", "im.received")}


def test_a_click_tells_which_one_and_brings_the_desktops_permission(
    qtbot: QtBot, bus: MessageBus, server: BusPeer
) -> None:
    notifications = Notifications(bus)
    clicks: list[tuple[str, str]] = []
    notifications.clicked.connect(lambda key, token: clicks.append((key, token)))
    for key in ("one", "two"):
        notifications.show(key, key, "Ready.", "Open")
    on_gui(qtbot, lambda: len(notified(server)) == 2)
    path = "/org/freedesktop/Notifications"
    for number, member, value in ((9, "ActivationToken", "no"), (8, "ActivationToken", "t")):
        server.emit(path, SERVICE, member, "us", (number, value))
    for number, action in ((9, "default"), (8, "else"), (8, "default"), (8, "default")):
        server.emit(path, SERVICE, "ActionInvoked", "us", (number, action))
    server.emit(path, SERVICE, "ActionInvoked", "us", (7, "default"))
    on_gui(qtbot, lambda: len(clicks) == 2)
    assert clicks == [("two", "t"), ("one", "")]


def test_a_later_one_of_the_same_chat_takes_the_place_of_the_first(
    qtbot: QtBot, bus: MessageBus, server: BusPeer
) -> None:
    notifications = Notifications(bus)
    notifications.show("chat", "a", "Ready.", "Open")
    shown: list[Body | None] = []
    daemon = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
    on_gui(qtbot, lambda: notified(server))
    bus.call(daemon, "GetId", "", (), shown.append)
    on_gui(qtbot, lambda: shown)
    notifications.show("chat", "a", "Ready.", "Open")
    on_gui(qtbot, lambda: len(notified(server)) == 2)
    assert notified(server)[1][1] == 7


def test_what_was_seen_is_withdrawn_even_before_it_is_shown(
    qtbot: QtBot, bus: MessageBus, server: BusPeer
) -> None:
    notifications = Notifications(bus)
    notifications.show("chat", "a", "Ready.", "Open")
    notifications.withdraw("chat")
    notifications.withdraw("never shown")
    on_gui(qtbot, lambda: withdrawn(server))
    notifications.show("other", "a", "Ready.", "Open")
    on_gui(qtbot, lambda: len(notified(server)) == 2)
    notifications.withdraw_all()
    on_gui(qtbot, lambda: len(withdrawn(server)) == 2)
    assert withdrawn(server) == [(7,), (8,)]


def test_one_that_the_person_closed_is_not_withdrawn(
    qtbot: QtBot, bus: MessageBus, server: BusPeer, make_peer: Callable[..., BusPeer]
) -> None:
    notifications = Notifications(bus)
    notifications.show("chat", "a", "Ready.", "Open")
    on_gui(qtbot, lambda: notified(server))
    server.emit("/org/freedesktop/Notifications", SERVICE, "NotificationClosed", "uu", (7, 2))
    wait_for_the_last_word(qtbot, bus, server)
    notifications.show("other", "b", "Ready.", "Open")
    on_gui(qtbot, lambda: len(notified(server)) == 2)
    notifications.withdraw("chat")
    notifications.withdraw("other")
    on_gui(qtbot, lambda: withdrawn(server))
    assert withdrawn(server) == [(8,)]


def test_without_a_server_nothing_happens(qtbot: QtBot, bus: MessageBus) -> None:
    notifications = Notifications(bus)
    notifications.show("chat", "a", "Ready.", "Open")
    answered: list[Body | None] = []
    daemon = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
    bus.call(daemon, "GetId", "", (), answered.append)
    on_gui(qtbot, lambda: answered)
    notifications.withdraw("chat")
    assert bus.is_open


def test_answers_of_another_kind_are_no_notifications(
    qtbot: QtBot, bus: MessageBus, make_peer: Callable[..., BusPeer]
) -> None:
    server = make_peer(SERVICE, Notify=lambda *_: ("s", ("seven",)))
    notifications = Notifications(bus)
    clicks: list[str] = []
    notifications.clicked.connect(lambda key, _: clicks.append(key))
    notifications.show("chat", "a", "Ready.", "Open")
    on_gui(qtbot, lambda: notified(server))
    path = "/org/freedesktop/Notifications"
    server.emit(path, SERVICE, "ActionInvoked", "s", ("default",))
    server.emit(path, SERVICE, "NotificationClosed", "", ())
    server.emit(path, SERVICE, "ActivationToken", "uu", (1, 2))
    wait_for_the_last_word(qtbot, bus, server)
    assert clicks == []


def wait_for_the_last_word(qtbot: QtBot, bus: MessageBus, peer: BusPeer) -> None:
    """Until all that `peer` has said so far is heard."""
    heard: list[Body] = []
    bus.watch(Rule("a.b", "Last"), heard.append)

    def is_heard() -> bool:
        peer.emit("/", "a.b", "Last", "", ())
        return bool(heard)

    on_gui(qtbot, is_heard)


# -- sleep -----------------------------------------------------------------------------------------------


def test_waking_up_is_heard_and_going_to_sleep_is_not(
    qtbot: QtBot, bus: MessageBus, make_peer: Callable[..., BusPeer]
) -> None:
    login = make_peer(LOGIN)
    watch = SleepWatch(bus)
    woken: list[int] = []
    watch.woke.connect(lambda: woken.append(threading.get_ident()))
    path, manager = "/org/freedesktop/login1", f"{LOGIN}.Manager"
    login.emit(path, manager, "PrepareForSleep", "b", (True,))
    wait_for_the_last_word(qtbot, bus, login)
    assert woken == []
    login.emit(path, manager, "PrepareForSleep", "b", (False,))
    on_gui(qtbot, lambda: woken)
    assert woken == [threading.get_ident()]
