"""What is wrong with the history, or with the way to the network, is said in the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.chat.network import client_maker
from app.core.fault_report import FaultReport
from app.store.database import Database
from app.ui.main_window import MainWindow
from app.ui.notice_bar import Notice
from app.ui.report_window import ReportWindow
from app.ui.theme import Theme
from tests.chat.house import House
from tests.chat.loopback import WATCHDOG_SECONDS, LoopbackServer
from tests.ui.forms import press

WAIT = int(WATCHDOG_SECONDS * 1000)


@pytest.fixture
def make_window(
    qtbot: QtBot, theme: Theme, make_house: Callable[..., House]
) -> Iterator[Callable[[House], MainWindow]]:
    """Make windows; they are closed before the houses that they stand on, for which `make_house` is asked."""
    windows: list[MainWindow] = []

    def make(house: House) -> MainWindow:
        window = MainWindow(
            theme, house.library, house.preferences, house.connections, house.keys, lambda _: None
        )
        windows.append(window)
        window.show()
        qtbot.waitUntil(lambda: house.library.is_loaded, timeout=WAIT)
        return window

    yield make
    for window in windows:
        window.close()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def said_at_start(
    make_window: Callable[[House], MainWindow], make_house: Callable[..., House], server: LoopbackServer
) -> Callable[[], Notice | None]:
    def start() -> Notice | None:
        house = make_house()
        house.use(server.url)
        return make_window(house).page.notices.notice

    return start


def test_a_good_history_is_no_news(said_at_start: Callable[[], Notice | None]) -> None:
    assert said_at_start() is None


def test_REL_05_a_damaged_history_is_told_with_the_place_of_its_file(
    said_at_start: Callable[[], Notice | None], tmp_path: Path
) -> None:
    (tmp_path / "sirocco.db").write_bytes(b"this was a history once " * 400)
    notice = said_at_start()
    assert notice is not None
    assert "damaged" in notice.title
    kept = Path(notice.text.rpartition(": ")[2])
    assert kept.read_bytes().startswith(b"this was a history once")


def test_REL_04_a_history_of_a_newer_version_can_only_be_read(
    said_at_start: Callable[[], Notice | None], tmp_path: Path
) -> None:
    path = tmp_path / "sirocco.db"
    database = Database(path)
    database.open()
    database.close()
    import apsw

    connection = apsw.Connection(str(path))
    connection.execute("PRAGMA user_version = 9999")
    connection.close()
    notice = said_at_start()
    assert notice is not None
    assert "newer" in notice.title


@pytest.mark.parametrize(
    ("content", "title"), [("{ half", "damaged"), ('{"format": 9999, "text_size": 18}', "newer")]
)
def test_settings_that_could_not_be_used_whole_are_told_with_the_place_of_their_file(
    said_at_start: Callable[[], Notice | None], tmp_path: Path, content: str, title: str
) -> None:
    (tmp_path / "settings.json").write_text(content, encoding="utf-8")
    notice = said_at_start()
    assert notice is not None
    assert title in notice.title
    kept = Path(notice.text.partition(": ")[2])
    assert kept.read_text(encoding="utf-8") == content


def test_REL_17_a_crash_is_offered_quietly_and_settled_once(
    qtbot: QtBot, theme: Theme, house: House, make_window: Callable[[House], MainWindow]
) -> None:
    window = make_window(house)
    settled: list[str] = []
    window.offer_report(FaultReport("Fatal Python error", is_crash=True), lambda: settled.append("closed"))
    notice = window.page.notices.notice
    assert notice is not None
    assert notice.title == "Sirocco ended unexpectedly last time"
    assert window.isEnabled()
    press(window, "Close")
    assert (window.page.notices.notice, settled) == (None, ["closed"])
    window.offer_report(FaultReport("ValueError: that", is_crash=False), lambda: settled.append("shown"))
    press(window, "Show report")
    assert (window.page.notices.notice, settled) == (None, ["closed", "shown"])
    (shown,) = window.findChildren(ReportWindow)
    assert [one.toPlainText() for one in shown.findChildren(QPlainTextEdit)] == ["ValueError: that"]
    press(shown, "Copy report")
    assert QGuiApplication.clipboard().text() == "ValueError: that"
    press(shown, "Close")
    assert not shown.isVisible()


def test_Q72_a_proxy_that_can_not_be_used_is_told_until_it_can(
    qtbot: QtBot, house: House, make_window: Callable[[House], MainWindow]
) -> None:
    window = make_window(house)
    house.network.warnings_changed.connect(window.say_of_network)
    wrong = {"HTTPS_PROXY": "gopher://proxy.example"}
    house.network.use(client_maker(house.preferences.current, wrong))
    qtbot.waitUntil(lambda: window.page.notices.notice is not None, timeout=WAIT)
    notice = window.page.notices.notice
    assert notice is not None
    assert "HTTPS_PROXY" in notice.text
    house.network.use(client_maker(house.preferences.current, {}))
    qtbot.waitUntil(lambda: window.page.notices.notice is None, timeout=WAIT)
