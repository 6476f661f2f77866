"""What can be set about the small window applies at once, and what is taken away comes back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.core.quick_ask import (
    DEFAULT_ACTIONS,
    MAX_ACTIONS,
    MAX_SCREENS,
    QuickAction,
    QuickAskSettings,
    QuickSize,
    quick_ask_from_data,
    quick_ask_to_data,
)
from app.ui.settings.quick_actions import ActionRow, QuickActions
from app.ui.settings.quick_ask_cards import AnswersCard, WindowCard
from app.ui.theme import Theme
from app.ui.widgets.toast import Toast
from tests.chat.house import House
from tests.ui.forms import named


@pytest.fixture
def page(qtbot: QtBot, theme: Theme, house: House) -> QWidget:
    page = QWidget()
    qtbot.addWidget(page)
    layout = QVBoxLayout(page)
    layout.addWidget(WindowCard(theme, house.preferences))
    layout.addWidget(AnswersCard(theme, house.preferences, house.connections))
    layout.addWidget(QuickActions(theme, house.preferences, Toast(theme, page)))
    page.resize(520, 800)
    page.show()
    return page


def quick(house: House) -> QuickAskSettings:
    return house.preferences.quick_ask


def choose(page: QWidget, name: str, words: str) -> None:
    box = named(page, QComboBox, name)
    box.setCurrentIndex(box.findText(words))
    box.activated.emit(box.currentIndex())


def rows(page: QWidget) -> list[ActionRow]:
    return [one for one in page.findChildren(ActionRow) if one.isVisible()]


def write(field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_what_the_window_does(page: QWidget, house: House) -> None:
    choose(page, "Opens on", "Main screen")
    choose(page, "When you click elsewhere", "Stay open")
    choose(page, "Continue the last question", "Within 15 minutes")
    assert (quick(house).follows_pointer, quick(house).hides, quick(house).minutes) == (False, False, 15)
    write(named(page, QLineEdit, "Instructions"), "Be brief.")
    assert quick(house).system_prompt == "Be brief."
    QTest.mouseClick(named(page, QAbstractButton, "Offer to include copied text"), Qt.MouseButton.LeftButton)
    assert not quick(house).offers_copied


def test_the_model_is_chosen_and_reset(page: QWidget, house: House) -> None:
    model = named(page, QPushButton, "Model")
    assert model.accessibleDescription() == "Same as new chats"
    reset = next(one for one in page.findChildren(QPushButton) if one.text() == "Reset")
    assert not reset.isVisible()
    house.preferences.set_quick_ask(quick(house)._replace(endpoint_id="here", model="small"))
    assert model.accessibleDescription() == "small"
    QTest.mouseClick(reset, Qt.MouseButton.LeftButton)
    assert (quick(house).endpoint_id, quick(house).model) == ("", "")


def test_actions_are_added_told_and_renamed(page: QWidget, house: House) -> None:
    assert [row.name.text() for row in rows(page)] == [one.name for one in DEFAULT_ACTIONS]
    add = next(one for one in page.findChildren(QPushButton) if one.text() == "Add action")
    QTest.mouseClick(add, Qt.MouseButton.LeftButton)
    new = rows(page)[-1]
    assert new.name.hasFocus()
    assert new.name.selectedText() == "New action"
    write(new.name, "Shout")
    write(new.prompt, "In capitals:")
    assert quick(house).actions[-1] == QuickAction("Shout", "In capitals:")
    write(new.name, "  ")
    assert quick(house).actions[-1].name == "Shout"
    assert new.name.text() == "Shout"


def test_actions_are_moved_and_removed_and_come_back(page: QWidget, house: House) -> None:
    before = quick(house).actions
    QTest.mouseClick(rows(page)[0].down, Qt.MouseButton.LeftButton)
    assert quick(house).actions[:2] == (before[1], before[0])
    assert rows(page)[1].down.hasFocus()
    assert not rows(page)[0].up.isEnabled()
    assert not rows(page)[-1].down.isEnabled()
    QTest.mouseClick(rows(page)[1].up, Qt.MouseButton.LeftButton)
    QTest.mouseClick(rows(page)[1].remove, Qt.MouseButton.LeftButton)
    assert quick(house).actions == (before[0], *before[2:])
    toast = next(iter(page.findChildren(Toast)))
    assert toast.text == "Summarise removed"
    undo = next(iter(toast.findChildren(QPushButton)))
    QTest.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert quick(house).actions == before


def test_every_control_has_a_name(page: QWidget) -> None:
    controls = [
        one
        for kind in (QPushButton, QLineEdit, QComboBox)
        for one in page.findChildren(kind)
        if one.isVisible()
    ]
    assert len(controls) > 20
    for one in controls:
        assert QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name), one


def test_settings_come_back_as_they_were_written() -> None:
    settings = QuickAskSettings(
        "here",
        "m",
        "Be brief.",
        15,
        True,
        False,
        False,
        False,
        (QuickAction("A", "b"),),
        (QuickSize("s", 700, 500),),
    )
    assert quick_ask_from_data(quick_ask_to_data(settings)) == settings
    assert quick_ask_from_data(None) == QuickAskSettings()


def test_what_a_file_can_not_mean_is_the_default() -> None:
    read = quick_ask_from_data(
        {
            "minutes": 7,
            "is_pinned": 1,
            "model": None,
            "actions": [{"name": "A", "prompt": "b"}, {"name": " ", "prompt": "b"}, 3]
            + [{"name": str(number), "prompt": ""} for number in range(200)],
            "sizes": [{"screen": "s", "width": 10**9, "height": 1}, {"screen": 3}],
        }
    )
    assert (read.minutes, read.is_pinned, read.model) == (5, False, "")
    assert read.actions[0] == QuickAction("A", "b")
    assert len(read.actions) <= MAX_ACTIONS
    assert read.sizes == (QuickSize("s", 1400, 240),)


def test_the_screen_that_was_used_last_is_remembered_longest() -> None:
    settings = QuickAskSettings()
    for number in range(MAX_SCREENS + 3):
        settings = settings.with_size(QuickSize(str(number), 500, 0))
    settings = settings.with_size(QuickSize("5", 600, 0))
    assert len(settings.sizes) == MAX_SCREENS
    assert settings.size("5").width == 600
    assert settings.size("0") == QuickSize("0")
