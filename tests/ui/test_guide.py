"""The guide says what is so: its keys exist, its words are on the screen, its links lead somewhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from app.core.links import link_address
from app.core.provider import PRESETS, host_of
from app.core.settings import DEFAULT_HOTKEY, SendKey
from app.ui.actions import COMMANDS
from app.ui.guide_window import FOLDER, PAGES, GuideWindow, PageId
from app.ui.shortcut_list import ShortcutList
from app.ui.theme import Theme
from app.ui.widgets.key_cap import KeyCap
from app.ui.widgets.page_entry import PageEntry
from tests.chat.loopback import WATCHDOG_SECONDS

ROOT = Path(__file__).parents[2]
HELP = ROOT / "resources" / FOLDER
TEXTS = {page.page_id: (HELP / f"{page.page_id}.md").read_text(encoding="utf-8") for page in PAGES}
WAIT = int(WATCHDOG_SECONDS * 1000)
_KEYS = re.compile(r"(?:(?:Ctrl|Alt|Shift)\+.+|F\d+|Esc|Enter|Return|Up|Down|[A-Z])")


def test_every_file_is_a_page_with_a_heading() -> None:
    assert {path.stem for path in HELP.iterdir()} == set(TEXTS) == set(PageId)
    for text in TEXTS.values():
        assert text.startswith("# ")


def test_every_key_that_is_named_exists(qtbot: QtBot, theme: Theme) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    lists = [ShortcutList(theme, send_key, window) for send_key in SendKey]
    caps = {cap.accessibleName() for one in lists for cap in one.findChildren(KeyCap)}
    exist = caps | {keys for one in COMMANDS for keys in one.keys} | {DEFAULT_HOTKEY, "Ctrl+1", "Ctrl+9"}
    named = {
        code for text in TEXTS.values() for code in re.findall(r"`([^`]+)`", text) if _KEYS.fullmatch(code)
    }
    assert len(named) > 30
    assert named - exist == set()


def test_every_word_in_bold_is_one_that_the_screen_shows() -> None:
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "app" / "ui").rglob("*.py"))
    constants = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    shown = "\n".join(node.value for node in constants if isinstance(node.value, str))
    shown += "\n".join(one.name for one in PRESETS)
    for page_id, text in TEXTS.items():
        for words in re.findall(r"\*\*(.+?)\*\*", text, re.DOTALL):
            for part in " ".join(words.split()).split(" … "):
                assert part.removesuffix(" …") in shown, (page_id, words)


def test_every_link_is_one_that_is_known() -> None:
    known = {one.keys_page for one in PRESETS if one.keys_page}
    links = {link for text in TEXTS.values() for link in re.findall(r"\]\(([^)]+)\)", text)}
    assert links == known
    assert all(link_address(link) == link for link in links)


def test_the_readme_leads_to_every_page() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {f"resources/help/{page_id}.md" for page_id in PageId} <= set(re.findall(r"\]\(([^)]+)\)", readme))


def test_addresses_are_those_of_the_presets() -> None:
    first = TEXTS[PageId.FIRST_STEPS]
    for preset in PRESETS:
        assert f"**{preset.name}**" in first
        assert not preset.base_url or host_of(preset.base_url) in first.lower()
    local = next(one for one in PRESETS if one.preset_id == "local")
    assert local.base_url in TEXTS[PageId.CONNECTION]


@pytest.fixture
def opened() -> list[str]:
    return []


@pytest.fixture
def guide(qtbot: QtBot, theme: Theme, opened: list[str]) -> Iterator[GuideWindow]:
    guide = GuideWindow(theme, ROOT / "resources", opened.append)
    guide.show()
    yield guide
    assert guide.text.shut_down(60.0)
    guide.close()
    guide.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def words(guide: GuideWindow) -> str:
    frames = guide.text.frames()
    return frames[0].accessibleName() if frames else ""


def test_it_opens_at_its_first_page_and_turns_to_others(qtbot: QtBot, guide: GuideWindow) -> None:
    qtbot.waitUntil(lambda: words(guide).startswith("First steps Sirocco is a window"), timeout=WAIT)
    assert guide.text.accessibleName() == "User’s guide"
    entries = {entry.text(): entry for entry in guide.findChildren(PageEntry)}
    QTest.mouseClick(entries["Privacy"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: words(guide).startswith("Privacy, in plain words"), timeout=WAIT)
    qtbot.waitUntil(lambda: guide.text.is_settled, timeout=WAIT)
    assert guide.text.verticalScrollBar().value() == 0
    assert guide.text.verticalScrollBar().maximum() > 0


def test_a_link_goes_to_the_one_way_out_and_words_to_the_clipboard(
    qtbot: QtBot, guide: GuideWindow, opened: list[str]
) -> None:
    qtbot.waitUntil(lambda: guide.text.is_settled and bool(words(guide)), timeout=WAIT)
    guide.text.link_activated.emit("https://console.mistral.ai/api-keys")
    assert opened == ["https://console.mistral.ai/api-keys"]
    guide.text.selecting.select_row(0)
    with qtbot.waitSignal(guide.text.copying.copied, timeout=WAIT):
        guide.text.selecting.copy_requested.emit()
    assert QGuiApplication.clipboard().text().startswith("First steps\n")


def test_a_page_that_is_missing_says_so(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    guide = GuideWindow(theme, tmp_path, lambda _: None)
    guide.show()
    qtbot.waitUntil(lambda: words(guide).startswith("This page is missing"), timeout=WAIT)
    assert guide.text.shut_down(60.0)
    guide.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
