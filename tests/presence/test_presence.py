"""The app on the desktop: what closes, what comes to the front, what the tray and notifications say."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent
from PySide6.QtGui import QAction, QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QSystemTrayIcon
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from app.chat.hotkey import GlobalHotkey, HotkeyBackend
from app.chat.session import ChatSession
from app.core.chord import Chord
from app.core.hotkey import HotkeyState, Standing
from app.desktop.hand_over import Command, Message, hand_over
from app.desktop.notifications import SERVICE
from app.presence.presence import Presence
from app.presence.quick_window import QuickWindow, unless
from app.ui.main_window import MainWindow
from app.ui.staying_note import StayingNote
from app.ui.theme import Theme
from app.ui.tray import SIZES, Tray, TrayState
from app.ui.welcome.page import WelcomePage
from tests.chat.house import House
from tests.chat.loopback import WATCHDOG_SECONDS, Call, LoopbackServer
from tests.desktop.bus_peer import BusPeer
from tests.desktop.session import Bus, Keyring

WAIT = int(WATCHDOG_SECONDS * 1000)
NO_BUS = {
    "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
    "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent",
}
Reason = QSystemTrayIcon.ActivationReason


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, house: House) -> Iterator[MainWindow]:
    house.preferences.set(replace(house.preferences.current, less_motion=True))
    window = MainWindow(
        theme, house.library, house.preferences, house.connections, house.keys, lambda _: None
    )
    qtbot.waitUntil(lambda: house.library.is_loaded, timeout=WAIT)
    yield window
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def quick_of(house: House, theme: Theme, window: MainWindow) -> QuickWindow:
    return QuickWindow(
        theme,
        house.library,
        house.preferences,
        house.connections,
        window,
        lambda _: None,
        is_secret=house.keys.is_in,
    )


@pytest.fixture
def quick(theme: Theme, house: House, window: MainWindow) -> Iterator[QuickWindow]:
    """Quick Ask; it is made with the first wish for it."""
    quick = quick_of(house, theme, window)
    yield quick
    assert quick.stop(10.0)
    quick.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def make_presence(
    theme: Theme, house: House, window: MainWindow, quick: QuickWindow
) -> Iterator[Callable[..., Presence]]:
    """Start it around the window; on a machine without buses if none is given."""
    quits_before = QGuiApplication.quitOnLastWindowClosed()
    made: list[Presence] = []

    def make(
        environment: dict[str, str] | None = None,
        *,
        is_quitting: bool = False,
        socket_path: Path | None = None,
    ) -> Presence:
        presence = Presence(
            theme,
            window,
            quick,
            house.library,
            house.preferences,
            socket_path=socket_path,
            is_quitting=lambda: is_quitting,
            environment={**NO_BUS, **(environment or {})},
        )
        presence.start()
        made.append(presence)
        return presence

    yield make
    for presence in made:
        presence.stop()
        presence.deleteLater()
    QGuiApplication.setQuitOnLastWindowClosed(quits_before)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def presence(make_presence: Callable[..., Presence]) -> Presence:
    return make_presence()


def with_tray(presence: Presence) -> Tray:
    """As if a panel came: without a screen there is none."""
    presence.watch.appeared.emit()
    assert presence.tray is not None
    return presence.tray


def texts(tray: Tray) -> list[str]:
    return [
        action.text() for action in tray.menu.actions() if action.isVisible() and not action.isSeparator()
    ]


def entry(tray: Tray, text: str) -> QAction:
    return next(one for one in tray.menu.actions() if one.text() == text)


def ask(qtbot: QtBot, house: House, text: str = "Hello") -> ChatSession:
    session = house.new_session()
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        assert session.send(text)
    qtbot.waitUntil(lambda: not session.is_busy, timeout=WAIT)
    return session


# -- coming to the front -----------------------------------------------------------------------------------


def test_the_window_comes_to_the_front_from_wherever_it_is(
    qtbot: QtBot, window: MainWindow, presence: Presence
) -> None:
    presence.show_window()
    qtbot.waitUntil(window.isActiveWindow)
    window.showMinimized()
    presence.show_window()
    assert not window.isMinimized()
    window.hide()
    presence.show_window()
    assert window.isVisible()


def test_a_maximised_window_comes_back_maximised(
    qtbot: QtBot, window: MainWindow, presence: Presence
) -> None:
    window.showMaximized()
    window.showMinimized()
    presence.show_window()
    assert not window.isMinimized()
    assert window.isMaximized()


def test_a_window_whose_screen_is_gone_comes_back_to_one(
    qtbot: QtBot, window: MainWindow, presence: Presence
) -> None:
    screen = QGuiApplication.primaryScreen()
    window.show()
    window.setGeometry(screen.geometry().right() - 20, 9000, 700, 600)
    presence.show_window()
    assert screen.availableGeometry().contains(window.geometry().topLeft())
    window.setGeometry(-4000, 20, 700, 600)
    application = QGuiApplication.instance()
    assert isinstance(application, QGuiApplication)
    application.screenRemoved.emit(screen)
    qtbot.waitUntil(lambda: window.x() >= 0, timeout=WAIT)
    assert screen.availableGeometry().contains(window.geometry().topLeft())


def test_a_window_that_can_be_seen_stays_where_the_person_put_it(
    window: MainWindow, presence: Presence
) -> None:
    window.show()
    window.setGeometry(-300, 100, 700, 600)
    presence.show_window()
    assert window.geometry().x() == -300


def test_a_start_without_a_window_shows_it_where_nothing_else_reaches_the_app(
    qtbot: QtBot, window: MainWindow, presence: Presence
) -> None:
    presence.show_unless_reachable(0)
    qtbot.waitUntil(window.isVisible)


def test_a_start_without_a_window_stays_so_where_a_hotkey_reaches_it(
    qtbot: QtBot, window: MainWindow, presence: Presence
) -> None:
    presence.staying.has_hotkey = True
    presence.show_unless_reachable(0)
    qtbot.wait(50)
    assert not window.isVisible()


# -- closing -----------------------------------------------------------------------------------------------


def test_closing_quits_where_nothing_else_reaches_the_app(
    qtbot: QtBot, window: MainWindow, presence: Presence
) -> None:
    window.show()
    with qtbot.waitSignal(presence.quit_asked, timeout=WAIT):
        window.close()


def test_closing_quits_where_the_person_wants_that(
    qtbot: QtBot, house: House, window: MainWindow, presence: Presence
) -> None:
    presence.staying.has_hotkey = True
    house.preferences.set(replace(house.preferences.current, keep_running=False))
    window.show()
    with qtbot.waitSignal(presence.quit_asked, timeout=WAIT):
        window.close()


def notes() -> list[StayingNote]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, StayingNote) and one.isVisible()]


def test_closing_keeps_the_app_running_where_it_can_be_reached_and_says_so_once(
    qtbot: QtBot, house: House, window: MainWindow, presence: Presence
) -> None:
    quits: list[bool] = []
    presence.quit_asked.connect(lambda: quits.append(True))
    presence.staying.has_hotkey = True
    window.show()
    window.close()
    qtbot.waitUntil(lambda: bool(notes()))
    (note,) = notes()
    assert house.preferences.current.knows_it_keeps_running
    button(note, "Keep running").click()
    assert notes() == []
    window.show()
    window.close()
    qtbot.wait(50)
    assert notes() == []
    assert quits == []


def button(note: StayingNote, text: str) -> QPushButton:
    return next(one for one in note.findChildren(QPushButton) if one.text() == text)


def test_the_note_offers_to_quit(qtbot: QtBot, window: MainWindow, presence: Presence) -> None:
    presence.staying.has_hotkey = True
    window.show()
    window.close()
    qtbot.waitUntil(lambda: bool(notes()))
    with qtbot.waitSignal(presence.quit_asked, timeout=WAIT):
        button(notes()[0], "Quit Sirocco").click()


def test_a_window_that_is_closed_by_quitting_says_nothing(
    qtbot: QtBot, window: MainWindow, make_presence: Callable[..., Presence]
) -> None:
    presence = make_presence(is_quitting=True)
    quits: list[bool] = []
    presence.quit_asked.connect(lambda: quits.append(True))
    window.show()
    window.close()
    qtbot.wait(50)
    assert quits == []
    assert notes() == []


# -- tray --------------------------------------------------------------------------------------------------


def test_the_tray_offers_all_there_is_and_the_newest_chats(
    qtbot: QtBot, house: House, window: MainWindow, presence: Presence
) -> None:
    tray = with_tray(presence)
    usual = ["Quick Ask", "Open Sirocco", "New chat", "Settings", "Quit"]
    assert texts(tray) == usual
    asked = ("One & two", "x" * 80, "three", "four", "five", "six")
    for text in asked:
        ask(qtbot, house, text)
    assert texts(tray) == [*usual[:3], "six", "five", "four", "three", "x" * 47 + "…", *usual[3:]]
    house.library.rename(house.library.summaries[0].conversation_id, "a & b\u2028c")
    assert texts(tray)[3] == "a && b c"


class SystemWithKeys(HotkeyBackend):
    """A system that gives every hotkey that is asked for."""

    def bind(self, chord: Chord) -> None:
        self.settled.emit(HotkeyState(Standing.BOUND, chord))

    def unbind(self) -> None:
        """There is nothing to give back."""

    def close(self, seconds: float) -> bool:
        return True


def test_the_tray_pauses_the_hotkey_that_there_is(house: House, presence: Presence) -> None:
    tray = with_tray(presence)
    assert "Pause hotkey" not in texts(tray)
    hotkey = GlobalHotkey(house.preferences, SystemWithKeys, "sirocco --quick-ask", presence)
    presence.follow_hotkey(hotkey)
    hotkey.start()
    assert presence.staying.is_reachable
    pause = entry(tray, "Pause hotkey")
    assert pause.isVisible()
    pause.trigger()
    assert house.preferences.current.hotkey_paused
    assert not presence.staying.is_reachable
    again = entry(with_tray(presence), "Pause hotkey")
    assert again.isVisible()
    assert again.isChecked()
    again.trigger()
    assert presence.staying.is_reachable


def test_an_entry_of_the_tray_opens_its_chat(
    qtbot: QtBot, house: House, window: MainWindow, presence: Presence
) -> None:
    first = ask(qtbot, house, "first")
    ask(qtbot, house, "second")
    tray = with_tray(presence)
    entry(tray, "first").trigger()
    qtbot.waitUntil(window.isActiveWindow)
    assert window.page.session is first
    entry(tray, "New chat").trigger()
    assert window.page.session is not None
    assert window.page.session.title == ""
    with qtbot.waitSignal(presence.quit_asked, timeout=WAIT):
        entry(tray, "Quit").trigger()


@pytest.fixture
def one_second(qapp: QApplication) -> Iterator[int]:
    """The time that a double click may take, in ms."""
    before = qapp.doubleClickInterval()
    qapp.setDoubleClickInterval(1000)
    yield 1000
    qapp.setDoubleClickInterval(before)


def test_a_double_click_is_one_press_however_long_that_takes(presence: Presence, one_second: int) -> None:
    tray = with_tray(presence)
    presses: list[bool] = []

    def take_long() -> None:
        presses.append(True)
        timer = QElapsedTimer()
        timer.start()
        while not timer.hasExpired(one_second + 1):
            """The app is busy."""

    tray.pressed.connect(take_long)
    tray.icon.activated.emit(Reason.Context)
    for reason in (Reason.Trigger, Reason.DoubleClick, Reason.Trigger):
        tray.icon.activated.emit(reason)
    assert presses == ([] if sys.platform == "darwin" else [True])


def test_the_middle_button_opens_the_window(qtbot: QtBot, window: MainWindow, presence: Presence) -> None:
    with_tray(presence).icon.activated.emit(Reason.MiddleClick)
    qtbot.waitUntil(window.isActiveWindow)


def test_the_icon_says_busy_then_failed_then_nothing(
    qtbot: QtBot, house: House, server: LoopbackServer, window: MainWindow, presence: Presence
) -> None:
    def fail(call: Call) -> None:
        states.append(tray.state)
        call.fail(400, "no")

    states: list[TrayState] = []
    tray = with_tray(presence)
    states.append(tray.state)
    server.script = fail
    session = ask(qtbot, house)
    states.append(tray.state)
    assert states == [TrayState.IDLE, TrayState.BUSY, TrayState.ERROR]
    assert "attention" in tray.icon.toolTip()
    presence.show_chat(session.conversation_id)
    qtbot.waitUntil(lambda: tray.state is TrayState.IDLE)


def test_each_state_has_its_own_drawing_for_both_kinds_of_panels(theme: Theme, qtbot: QtBot) -> None:
    drawn = set()
    for desktop in ("KDE", "ubuntu:GNOME"):
        tray = Tray(theme, desktop)
        for state in TrayState:
            tray.show_state(state)
            icon: QIcon = tray.icon.icon()
            assert {size.width() for size in icon.availableSizes()} == set(SIZES)
            drawn.add(bytes(icon.pixmap(22, 22).toImage().constBits()))
        tray.remove()
    assert len(drawn) == 2 * len(TrayState)


def test_a_panel_that_comes_again_gets_a_new_icon_that_knows_all(
    qtbot: QtBot, house: House, presence: Presence
) -> None:
    ask(qtbot, house, "first")
    first = with_tray(presence)
    second = with_tray(presence)
    assert not isValid(first.icon)
    assert "first" in texts(second)


# -- notifications -----------------------------------------------------------------------------------------


@pytest.fixture
def notified(make_bus: Callable[[Keyring], Bus], make_presence: Callable[..., Presence]) -> Iterator[BusPeer]:
    address = make_bus(Keyring.ABSENT).env["DBUS_SESSION_BUS_ADDRESS"]
    server = BusPeer(
        address, SERVICE, {"Notify": lambda *_: ("u", (3,)), "CloseNotification": lambda _: ("", ())}
    )
    make_presence({"DBUS_SESSION_BUS_ADDRESS": address})
    yield server
    server.close()


def calls(server: BusPeer, member: str) -> list[tuple[object, ...]]:
    return [body for called, body in server.calls if called == member]


def test_an_answer_that_nobody_sees_is_told_by_its_title_and_a_click_opens_it(
    qtbot: QtBot, house: House, window: MainWindow, notified: BusPeer
) -> None:
    session = ask(qtbot, house, "What is <b>this</b>?")
    window.new_chat()
    qtbot.waitUntil(lambda: bool(calls(notified, "Notify")), timeout=WAIT)
    (told,) = calls(notified, "Notify")
    assert told[3:5] == ("What is <b>this</b>?", "The answer is ready.")
    notified.emit("/org/freedesktop/Notifications", SERVICE, "ActionInvoked", "us", (3, "default"))
    qtbot.waitUntil(window.isActiveWindow, timeout=WAIT)
    assert window.page.session is session


def test_what_is_looked_at_is_not_told_and_what_was_told_is_taken_back_when_it_is_seen(
    qtbot: QtBot, house: House, window: MainWindow, notified: BusPeer
) -> None:
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    seen = ask(qtbot, house, "In sight")
    assert window.page.session is seen
    other = ask(qtbot, house, "Behind")
    qtbot.waitUntil(lambda: bool(calls(notified, "Notify")), timeout=WAIT)
    assert [told[3] for told in calls(notified, "Notify")] == ["Behind"]
    window.open_chat(other.conversation_id)
    qtbot.waitUntil(lambda: bool(calls(notified, "CloseNotification")), timeout=WAIT)


def test_quitting_tells_of_no_answer_that_it_cuts_off(
    qtbot: QtBot, house: House, server: LoopbackServer, make_presence: Callable[..., Presence]
) -> None:
    def go_on(call: Call) -> None:
        call.begin_stream()
        call.text("Some words")
        call.wait_for_hang_up()

    presence = make_presence()
    server.script = go_on
    session = house.new_session()
    assert session.send("Hello")
    qtbot.waitUntil(lambda: [turn.text for turn in session.path] == ["Hello", "Some words"], timeout=WAIT)
    told: list[str] = []
    presence.attention.came.connect(lambda own, _: told.append(own))
    presence.stop()
    assert house.library.shut_down(60.0)
    assert told == []


@pytest.mark.skipif(os.name != "posix", reason="sockets of POSIX")
def test_later_starts_write_into_quick_ask_and_send_it_away_again(
    qtbot: QtBot,
    house: House,
    window: MainWindow,
    quick: QuickWindow,
    make_presence: Callable[..., Presence],
    tmp_path: Path,
) -> None:
    path = tmp_path / "s.sock"
    presence = make_presence(socket_path=path)

    def say(message: Message) -> None:
        said: list[bool] = []
        threading.Thread(target=lambda: said.append(hand_over(path, message, 20))).start()
        qtbot.waitUntil(lambda: said == [True], timeout=WAIT)

    say(Message(Command.ASK, "Why?"))
    qtbot.waitUntil(quick.window.isActiveWindow, timeout=WAIT)
    assert quick.window.field.text == "Why?"
    assert house.library.busy_ids == frozenset()
    say(Message(Command.ASK))
    qtbot.waitUntil(lambda: not quick.window.isVisible(), timeout=WAIT)
    assert not window.isVisible()
    say(Message(Command.SHOW))
    qtbot.waitUntil(window.isVisible, timeout=WAIT)
    with qtbot.waitSignal(presence.quit_asked, timeout=WAIT):
        say(Message(Command.QUIT))


def test_an_answer_that_quick_ask_shows_is_no_news_and_one_that_it_hides_is(
    qtbot: QtBot, house: House, quick: QuickWindow, presence: Presence
) -> None:
    told: list[str] = []
    presence.attention.came.connect(lambda own, _: told.append(own))
    presence.ask("Why?")
    quick.window.ask()
    qtbot.waitUntil(lambda: bool(house.library.summaries) and not house.library.busy_ids, timeout=WAIT)
    assert told == []
    quick.window.hide()
    session = quick.window.session
    assert session is not None
    with qtbot.waitSignal(session.message_changed, timeout=WAIT):
        assert session.send("And now?")
    assert told == [session.conversation_id]
    presence.ask("")
    assert presence.attention.failed_ids == frozenset()


def test_the_tray_calls_quick_ask(qtbot: QtBot, quick: QuickWindow, presence: Presence) -> None:
    tray = with_tray(presence)
    tray.icon.activated.emit(Reason.Trigger)
    qtbot.waitUntil(quick.window.isActiveWindow)
    entry(tray, "Quick Ask").trigger()
    assert not quick.window.isVisible()


def test_with_nobody_to_ask_quick_ask_leads_to_the_welcome_page_and_later_to_the_settings(
    qtbot: QtBot, make_house: Callable[..., House], theme: Theme
) -> None:
    house = make_house()
    window = MainWindow(
        theme, house.library, house.preferences, house.connections, house.keys, lambda _: None
    )
    quick = quick_of(house, theme, window)
    quick.window.setup_asked.emit()
    assert window.isVisible()
    assert window.findChildren(QDialog) == []
    (welcome,) = window.findChildren(WelcomePage)
    welcome.finished.emit("")
    quick.window.setup_asked.emit()
    (settings,) = window.findChildren(QDialog)
    assert settings.isVisible()
    settings.hide()
    window.close()
    assert quick.stop(10.0)
    for one in (quick, window):
        one.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_copied_key_is_not_offered_to_be_asked_about() -> None:
    def is_secret(text: str) -> bool:
        return "key" in text

    given: list[str] = []
    unless(is_secret, lambda done: done("a text"))(given.append)
    unless(is_secret, lambda done: done("the key"))(given.append)
    assert given == ["a text", ""]
