"""The model picker finds, and takes a name that no list holds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.core.models import ModelCard
from app.core.provider import Endpoint
from app.ui.composer.model_picker import ModelPicker
from app.ui.composer.model_rows import ModelRows, matching, short_count
from app.ui.theme import Theme
from tests.chat.house import House
from tests.chat.loopback import WATCHDOG_SECONDS, LoopbackServer

WAIT = int(WATCHDOG_SECONDS * 1000)
CARDS = (
    ModelCard("mistral-medium-latest", aliases=("mistral-medium-3.5",), context_length=262_144),
    ModelCard("codestral-2501", deprecated=True),
    ModelCard("mistral-embed", chats=False),
)
HERE = Endpoint("here", "Here", "https://api.example.org/v1")
THERE = Endpoint("there", "There", "http://localhost:11434/v1")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["mistral-medium-latest", "codestral-2501"]),
        ("MEDIUM mistral", ["mistral-medium-latest"]),
        ("3.5", ["mistral-medium-latest"]),
        ("embed", []),
    ],
)
def test_what_matches(text: str, names: list[str]) -> None:
    assert [card.model_id for card in matching(CARDS, text)] == names


@pytest.mark.parametrize(
    ("tokens", "text"),
    [(800, "800"), (32_768, "32k"), (128_000, "128k"), (262_144, "256k"), (1_048_576, "1M")],
)
def test_counts_as_a_person_reads_them(tokens: int, text: str) -> None:
    assert short_count(tokens) == text


def rows_of(text: str, current: tuple[str, str] = ("here", "mistral-medium-latest")) -> list[str]:
    rows = ModelRows()
    models: dict[str, tuple[ModelCard, ...]] = {"here": CARDS, "there": ()}
    rows.show_models((HERE, THERE), models.__getitem__, text, current)
    return [f"{row.group}|{row.title}" for row in rows.rows]


def test_rows_by_endpoint() -> None:
    assert rows_of("") == ["Here|mistral-medium-latest", "|codestral-2501"]


def test_a_name_that_no_list_holds() -> None:
    assert rows_of("my-own") == ["|Use “my-own”"]
    assert rows_of("codestral") == ["Here|codestral-2501", "|Use “codestral”"]
    assert rows_of("codestral-2501") == ["Here|codestral-2501"]


def test_the_model_in_use_is_listed_though_no_list_holds_it() -> None:
    assert rows_of("", ("there", "tiny")) == ["There|tiny", "Here|mistral-medium-latest", "|codestral-2501"]


@pytest.fixture
def picker(qtbot: QtBot, theme: Theme, house: House, server: LoopbackServer) -> Iterator[ModelPicker]:
    server.models = ("alpha", "beta", "gamma")
    window = QWidget()
    window.resize(800, 600)
    anchor = QPushButton(window)
    anchor.move(20, 560)
    qtbot.addWidget(window)
    window.show()
    picker = ModelPicker(theme, house.connections, house.preferences, window)
    picker.open_above(anchor, "here", "beta")
    qtbot.waitUntil(lambda: len(picker.rows.rows) == 3, timeout=WAIT)
    yield picker
    window.close()


def test_fetches_opens_above_and_marks_the_one_in_use(picker: ModelPicker) -> None:
    assert [row.model for row in picker.rows.rows] == ["alpha", "beta", "gamma"]
    assert picker.list.currentIndex().data() == "beta"
    window = picker.parentWidget()
    assert window is not None
    anchor = window.findChild(QPushButton)
    assert anchor is not None
    assert picker.geometry().bottom() < anchor.mapToGlobal(anchor.rect().topLeft()).y()


def test_keys_choose(qtbot: QtBot, picker: ModelPicker) -> None:
    QTest.keyClick(picker.search, Qt.Key.Key_Down)
    with qtbot.waitSignal(picker.chosen) as chosen:
        QTest.keyClick(picker.search, Qt.Key.Key_Return)
    assert chosen.args == ["here", "gamma"]
    assert not picker.isVisible()


def test_typing_a_name(qtbot: QtBot, picker: ModelPicker) -> None:
    QTest.keyClicks(picker.search, "my-own")
    with qtbot.waitSignal(picker.chosen) as chosen:
        QTest.keyClick(picker.search, Qt.Key.Key_Return)
    assert chosen.args == ["here", "my-own"]
