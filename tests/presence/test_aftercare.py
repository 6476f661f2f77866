"""What comes some time after a start: About in the settings, and word of a newer version to who may ask."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from app.core.settings import UpdateCheck
from app.desktop.build_info import BuildInfo
from app.desktop.fault_reports import FaultReports
from app.desktop.paths import Folders
from app.desktop.redaction import Redactor
from app.presence.aftercare import Aftercare
from app.ui.main_window import MainWindow
from app.ui.settings.about_page import AboutPage
from app.ui.theme import Theme
from tests.chat.house import House
from tests.chat.loopback import WATCHDOG_SECONDS
from tests.servers.fake_server import FakeServer, reply
from tests.servers.tls import Authority

WAIT = int(WATCHDOG_SECONDS * 1000)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def cared_for(
    theme: Theme, make_house: Callable[..., House], tmp_path: Path, authority: Authority
) -> Iterator[tuple[Aftercare, MainWindow, House]]:
    (tmp_path / "settings.json").write_text(json.dumps({"ca_file": authority.ca_file}))
    house = make_house()
    window = MainWindow(
        theme, house.library, house.preferences, house.connections, house.keys, lambda _: None
    )
    profile = Folders(tmp_path, tmp_path, tmp_path, tmp_path)
    redactor = Redactor(tmp_path)
    aftercare = Aftercare(window, house.network, house.preferences, profile, redactor, {}, house.root)
    yield aftercare, window, house
    assert window.shut_down(60.0)
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_the_settings_get_About_though_they_were_open_before(
    cared_for: tuple[Aftercare, MainWindow, House],
) -> None:
    aftercare, window, _ = cared_for
    window.open_settings()
    assert window.findChildren(AboutPage) == []
    aftercare.start()
    (page,) = window.findChildren(AboutPage)
    window.others.open_about()
    assert page.isVisible()


def test_a_report_that_an_earlier_run_left_is_offered(
    qtbot: QtBot, cared_for: tuple[Aftercare, MainWindow, House], tmp_path: Path
) -> None:
    aftercare, window, _ = cared_for
    FaultReports(tmp_path, Redactor()).write_fault("ValueError: that", "main")
    aftercare.start()
    qtbot.waitUntil(lambda: window.page.notices.notice is not None, timeout=WAIT)
    notice = window.page.notices.notice
    assert notice is not None
    assert notice.title == "Sirocco met a fault of its own last time"


def test_a_build_that_may_look_tells_of_a_newer_version_and_one_from_a_package_does_not(
    qtbot: QtBot, cared_for: tuple[Aftercare, MainWindow, House], authority: Authority
) -> None:
    aftercare, window, house = cared_for
    house.preferences.set(replace(house.preferences.current, update_check=UpdateCheck.ON))
    announcement = {"version": "9.0", "page": "https://sirocco.example/", "notes": ""}
    with FakeServer(reply(200, announcement), tls=authority.context_of("127.0.0.1")) as server:
        aftercare.watch_updates(BuildInfo("deb", update_address=server.url))
        aftercare.watch_updates(BuildInfo("source"))
        aftercare.watch_updates(BuildInfo("tar", update_address=server.url))
        qtbot.waitUntil(lambda: window.page.notices.notice is not None, timeout=WAIT)
        assert len(server.exchanges) == 1
    notice = window.page.notices.notice
    assert notice is not None
    assert notice.title == "Sirocco 9.0 is there"


def test_an_app_that_ends_looks_for_nothing(cared_for: tuple[Aftercare, MainWindow, House]) -> None:
    aftercare, _, house = cared_for
    house.preferences.set(replace(house.preferences.current, update_check=UpdateCheck.ON))
    aftercare.stop()
    aftercare.watch_updates(BuildInfo("tar", update_address="https://127.0.0.1:9/"))
    assert house.preferences.current.update_checked == 0
