"""The window asks once whether to look for newer versions, and tells of one without standing in the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from app.chat.updates import Updates
from app.core.fault_report import FaultReport
from app.core.settings import UpdateCheck
from app.core.update import Release
from app.desktop.build_info import BROUGHT_BY_OTHERS, BuildInfo
from app.ui.main_window import MainWindow
from app.ui.notice_bar import Notice
from app.ui.release_window import ReleaseWindow
from app.ui.settings.dialog import SettingsDialog
from app.ui.theme import Theme
from app.ui.widgets.page_entry import PageEntry
from app.ui.widgets.switch import Switch
from tests.chat.house import House, next_call
from tests.chat.loopback import WATCHDOG_SECONDS, LoopbackServer
from tests.ui.forms import named, press

WAIT = int(WATCHDOG_SECONDS * 1000)
NEW = Release(
    "0.2.0", "# New\n\n![x](https://tracker.example/p.png) <script>x</script>", "https://s.example/get"
)


class Desk:
    """A window, the updates that it tells of, and the pages that it opened."""

    def __init__(self, theme: Theme, house: House) -> None:
        self.opened: list[str] = []
        self.house = house
        self.window = MainWindow(
            theme, house.library, house.preferences, house.connections, house.keys, self.opened.append
        )
        # Nobody is asked here: what is found is said by hand.
        self.updates = Updates(
            house.network, house.preferences, "https://127.0.0.1:9/", "0.1.0", parent=house.root
        )
        self.window.show()

    @property
    def notice(self) -> Notice | None:
        return self.window.page.notices.notice

    def checks(self, check: UpdateCheck) -> bool:
        return self.house.preferences.current.update_check is check


@pytest.fixture
def make_desk(theme: Theme, make_house: Callable[..., House]) -> Iterator[Callable[[House], Desk]]:
    desks: list[Desk] = []

    def make(house: House) -> Desk:
        desks.append(Desk(theme, house))
        return desks[-1]

    yield make
    for desk in desks:
        assert desk.window.shut_down(60.0)
        desk.window.close()
        desk.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def desk(qtbot: QtBot, make_desk: Callable[[House], Desk], house: House, server: LoopbackServer) -> Desk:
    """With one chat."""
    desk = make_desk(house)
    session = desk.window.page.session
    assert session is not None
    session.send("Hello")
    call = next_call(qtbot, server)
    call.begin_stream()
    call.text("Hi")
    call.finish()
    qtbot.waitUntil(lambda: bool(house.library.summaries) and not session.is_busy, timeout=WAIT)
    return desk


@pytest.mark.parametrize(
    ("button", "check"),
    [
        ("Look once a day", UpdateCheck.ON),
        ("Don’t look", UpdateCheck.OFF),
        ("Close", UpdateCheck.OFF),
    ],
)
def test_it_is_asked_once(desk: Desk, button: str, check: UpdateCheck) -> None:
    desk.window.use_updates(desk.updates)
    assert desk.notice is not None
    assert "127.0.0.1:9" in desk.notice.text
    assert desk.checks(UpdateCheck.ASK)
    press(desk.window, button)
    assert desk.checks(check)
    assert not desk.window.page.notices.isVisible()
    desk.window.use_updates(desk.updates)
    assert not desk.window.page.notices.isVisible()


def test_who_has_no_chats_yet_and_who_reads_of_a_crash_is_not_asked(
    make_desk: Callable[[House], Desk], house: House, desk: Desk
) -> None:
    desk.window.offer_report(FaultReport("x", is_crash=True), lambda: None)
    crash = desk.notice
    desk.window.use_updates(desk.updates)
    desk.updates.found.emit(NEW)
    assert desk.notice is crash is not None


def test_a_start_without_chats_asks_nothing(make_desk: Callable[[House], Desk], house: House) -> None:
    desk = make_desk(house)
    desk.window.use_updates(desk.updates)
    assert desk.notice is None


def test_a_newer_version_is_told_shown_as_text_and_leads_to_its_page(
    qtbot: QtBot, make_desk: Callable[[House], Desk], house: House
) -> None:
    desk = make_desk(house)
    desk.window.use_updates(desk.updates)
    desk.updates.found.emit(NEW)
    assert desk.notice is not None
    assert desk.notice.title == "Sirocco 0.2.0 is there"
    press(desk.window, "What is new")
    assert not desk.window.page.notices.isVisible()
    assert house.preferences.current.update_skipped == "0.2.0"
    (shown,) = (one for one in QApplication.topLevelWidgets() if isinstance(one, ReleaseWindow))
    qtbot.waitUntil(lambda: bool(shown.notes.frames()) and shown.notes.is_settled, timeout=WAIT)
    assert "<script>x</script>" in shown.notes.frames()[0].accessibleName()
    assert desk.opened == []
    press(shown, "Open download page")
    assert desk.opened == [NEW.page]
    shown.close()


def test_a_newer_version_that_was_closed_is_known(make_desk: Callable[[House], Desk], house: House) -> None:
    desk = make_desk(house)
    desk.window.use_updates(desk.updates)
    desk.updates.found.emit(NEW)
    press(desk.window, "Close")
    assert house.preferences.current.update_skipped == "0.2.0"
    assert desk.opened == []


def test_the_settings_have_the_switch_where_the_build_may_look(
    make_desk: Callable[[House], Desk], house: House
) -> None:
    desk = make_desk(house)
    desk.window.use_updates(desk.updates)
    desk.window.open_settings()
    (dialog,) = desk.window.findChildren(SettingsDialog)
    named(dialog, PageEntry, "General").setChecked(True)
    switch = named(dialog, Switch, "Look for newer versions")
    assert not switch.isChecked()
    switch.click()
    assert desk.checks(UpdateCheck.ON)
    switch.click()
    assert desk.checks(UpdateCheck.OFF)


def test_elsewhere_the_settings_have_none(make_desk: Callable[[House], Desk], house: House) -> None:
    desk = make_desk(house)
    desk.window.open_settings()
    names = {one.accessibleName() for one in desk.window.findChildren(QAbstractButton)}
    assert "Keep running when the window is closed" in names
    assert "Look for newer versions" not in names


def test_only_a_build_with_an_address_that_nobody_else_renews_may_look() -> None:
    address = "https://sirocco.example/latest.json"
    assert BuildInfo("folder", update_address=address).looks_for_updates
    assert not BuildInfo("folder").looks_for_updates
    assert not BuildInfo("folder", update_address="http://sirocco.example").looks_for_updates
    for channel in BROUGHT_BY_OTHERS:
        assert not BuildInfo(channel, update_address=address).looks_for_updates
    assert {"source", "deb", "store"} <= BROUGHT_BY_OTHERS
