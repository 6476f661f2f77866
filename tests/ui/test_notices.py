"""What is wrong with the history is said in the window, and where the damaged file is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from app.store.database import Database
from app.ui.main_window import MainWindow
from app.ui.notice_bar import Notice
from app.ui.theme import Theme
from tests.chat.house import House
from tests.chat.loopback import WATCHDOG_SECONDS, LoopbackServer

WAIT = int(WATCHDOG_SECONDS * 1000)


@pytest.fixture
def said_at_start(
    qtbot: QtBot, theme: Theme, make_house: Callable[..., House], server: LoopbackServer
) -> Iterator[Callable[[], Notice | None]]:
    windows: list[MainWindow] = []

    def start() -> Notice | None:
        house = make_house()
        house.use(server.url)
        window = MainWindow(
            theme, house.library, house.preferences, house.connections, house.keys, lambda _: None
        )
        windows.append(window)
        window.show()
        qtbot.waitUntil(lambda: house.library.is_loaded, timeout=WAIT)
        return window.page.notices.notice

    yield start
    for window in windows:
        window.close()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


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
