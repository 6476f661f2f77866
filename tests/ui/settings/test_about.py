"""The page About: which Sirocco this is, without a name or a key in what is copied; folders; licences."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QListWidget, QPlainTextEdit, QWidget

from app import __version__
from app.core.about import without_name
from app.desktop.build_info import BuildInfo
from app.desktop.open_folder import open_folder
from app.desktop.paths import Folders, resources_dir
from app.presence.about import about, build_words
from app.ui.licences_window import LicencesWindow, parts_in
from app.ui.settings.about_page import AboutPage
from app.ui.theme import Theme
from app.ui.widgets.toast import Toast
from tests.ui.forms import press

HOME = Path("/home/ada")
PROFILE = Folders(
    HOME / ".config/sirocco", HOME / ".local/share/sirocco", Path("/var/ada/logs"), HOME / ".cache/sirocco"
)


class Shown:
    """The page, and what was asked of it."""

    def __init__(self, theme: Theme) -> None:
        self.opened: list[Path] = []
        self.asked: list[str] = []
        self.can_open = True
        self.root = QWidget()
        self.toast = Toast(theme, self.root)
        self.page = AboutPage(theme, about(PROFILE, os.environ, HOME), self.open, self.toast, self.root)
        self.page.guide_asked.connect(lambda: self.asked.append("guide"))
        self.page.licences_asked.connect(lambda: self.asked.append("licences"))
        self.root.show()

    def open(self, folder: Path) -> bool:
        self.opened.append(folder)
        return self.can_open


@pytest.fixture
def shown(theme: Theme) -> Iterator[Shown]:
    shown = Shown(theme)
    yield shown
    shown.root.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_what_is_copied_for_a_bug_report_names_versions_and_nobody(shown: Shown) -> None:
    press(shown.page, "Copy details")
    copied = QGuiApplication.clipboard().text()
    lines = dict(line.split(": ", 1) for line in copied.splitlines())
    assert lines["Sirocco"] == __version__
    assert lines["build"] == "from the source tree"
    for part in ("Qt", "PySide6", "Python", "SQLite"):
        assert lines[part].count(".") >= 2
    assert lines["chats"] == "~/.local/share/sirocco"
    assert lines["logs"] == "/var/USER/logs"
    assert "ada" not in copied
    assert shown.toast.text == "Details copied"


@pytest.mark.parametrize(
    ("path", "is_shown"),
    [
        ("/home/ada/x", "~/x"),
        ("/home/ada", "~"),
        ("/home/adam/x", "/home/adam/x"),
        ("/mnt/ada/ada.d/x", "/mnt/USER/ada.d/x"),
    ],
)
def test_a_path_is_shown_without_the_name_of_its_owner(path: str, is_shown: str) -> None:
    assert without_name(Path(path), HOME) == is_shown


def test_a_build_says_what_it_is_of() -> None:
    assert build_words(BuildInfo()) == ""
    assert build_words(BuildInfo("deb", "1a2b3c4", "2026-11-25")) == "1a2b3c4 2026-11-25 (deb)"


def test_folders_are_shown_or_it_is_said_that_they_can_not_be(shown: Shown) -> None:
    press(shown.page, "Show folder: Chats")
    assert shown.opened == [PROFILE.data]
    assert shown.toast.text == ""
    shown.can_open = False
    press(shown.page, "Show folder: Logs")
    assert shown.opened == [PROFILE.data, PROFILE.logs]
    assert shown.toast.text == "The folder could not be opened"


def test_only_a_folder_is_opened(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert not open_folder(program)
    assert not open_folder(tmp_path / "missing")


def test_the_guide_and_the_licences_are_asked_for(shown: Shown) -> None:
    press(shown.page, "Open guide")
    press(shown.page, "Show licences")
    assert shown.asked == ["guide", "licences"]


def test_every_part_shows_its_licence(theme: Theme) -> None:
    parts = parts_in(resources_dir())
    window = LicencesWindow(theme, resources_dir(), parts)
    (listed,), (text,) = window.findChildren(QListWidget), window.findChildren(QPlainTextEdit)
    assert (listed.accessibleName(), text.accessibleName()) == ("Parts", "Licence")
    assert listed.count() == len(parts) > 40
    seen = set()
    for row, part in enumerate(parts):
        listed.setCurrentRow(row)
        assert "is missing" not in text.toPlainText()
        assert part.notice.replace("\r", "") in text.toPlainText()
        seen.add(part.name)
    assert {"Sirocco", "PySide6_Essentials", "Python", "httpx", "STIX Two Math"} <= seen
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_where_the_list_is_missing_the_window_is_empty(theme: Theme, tmp_path: Path) -> None:
    assert parts_in(tmp_path) == ()
    window = LicencesWindow(theme, tmp_path, ())
    assert window.findChildren(QListWidget)[0].count() == 0
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
