"""The list of chats, by pointer, keys and assistive technology."""

from __future__ import annotations

from time import time

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.core.conversation import ConversationSummary
from app.core.settings import Appearance, Settings
from app.ui.sidebar.chat_list import ChatList
from app.ui.sidebar.chat_model import ChatModel
from app.ui.theme import Theme
from tests.ui.painted import Painted

DAY = 86_400


def chats() -> list[ConversationSummary]:
    now = time()
    titles = ("Turbine output", "Polite reply", "Regex <b>for</b> invoices", "Release checklist")
    return [
        ConversationSummary(f"c{n}", title, now, now - (0 if n < 2 else DAY * n))
        for n, title in enumerate(titles)
    ]


@pytest.fixture
def shown(qtbot: QtBot, theme: Theme) -> ChatList:
    model = ChatModel()
    view = ChatList(theme, model)
    qtbot.addWidget(view)
    model.setParent(view)
    model.show_chats(chats())
    view.show_open("c0")
    view.resize(260, 600)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.setFocus(Qt.FocusReason.TabFocusReason)
    return view


def model_of(view: ChatList) -> ChatModel:
    model = view.model()
    assert isinstance(model, ChatModel)
    return model


def click(view: ChatList, at: QPoint) -> None:
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)


def selected(view: ChatList) -> list[str]:
    return [str(index.data()) for index in view.selectedIndexes()]


def collected(view: ChatList) -> list[str]:
    heard: list[str] = []
    view.chosen.connect(heard.append)
    return heard


def test_one_item_a_chat_named_by_its_title(shown: ChatList) -> None:
    node = QAccessible.queryAccessibleInterface(shown)
    assert node.text(QAccessible.Text.Name) == "Chats"
    names = [node.child(at).text(QAccessible.Text.Name) for at in range(node.childCount())]
    assert names == [one.title for one in chats()]


def test_states_are_words_too(shown: ChatList) -> None:
    model = model_of(shown)
    model.show_states(frozenset({"c1"}), frozenset({"c2"}))
    node = QAccessible.queryAccessibleInterface(shown)
    states = [node.child(at).text(QAccessible.Text.Description) for at in range(node.childCount())]
    assert states == ["", "answering", "new answer", ""]
    model.show_states(frozenset(), frozenset())
    assert not model.busy_rows()


@pytest.mark.parametrize("busy", ["c0", "c1"])
def test_a_live_dot_is_painted_alone_and_as_with_all_the_rest(
    qtbot: QtBot, shown: ChatList, theme: Theme, busy: str
) -> None:
    theme.follow(Settings(appearance=Appearance.LIGHT))
    model_of(shown).show_states(frozenset({busy}), frozenset())
    qtbot.waitUntil(lambda: shown.viewport().grab().toImage() == on_screen(shown))
    painted = Painted(shown.viewport())
    qtbot.waitUntil(lambda: len(painted.areas) >= 3)
    grown_pale = on_screen(shown)
    qtbot.waitUntil(lambda: shown.viewport().grab().toImage() == on_screen(shown) != grown_pale)
    # Each `grab` is a repaint of its own, of all.
    assert {area for area in painted.areas if area < 1} == {12 * 32 / (260 * 600)}


def on_screen(view: ChatList) -> QImage:
    """What was painted last, not what would be painted now."""
    found = view.screen().grabWindow(view.winId()).toImage()
    return found.convertToFormat(QImage.Format.Format_RGB32)


def test_down_moves_and_enter_opens(qtbot: QtBot, shown: ChatList) -> None:
    heard = collected(shown)
    QTest.keyClick(shown, Qt.Key.Key_Down)
    QTest.keyClick(shown, Qt.Key.Key_Down)
    assert (selected(shown), heard) == (["Turbine output"], [])
    QTest.keyClick(shown, Qt.Key.Key_Return)
    assert (selected(shown), heard) == (["Regex <b>for</b> invoices"], ["c2"])


def test_typing_jumps_to_a_title(qtbot: QtBot, shown: ChatList) -> None:
    heard = collected(shown)
    QTest.keyClicks(shown, "rel")
    assert shown.currentIndex().data() == "Release checklist"
    assert (selected(shown), heard) == (["Turbine output"], [])


def test_a_click_opens_but_not_on_the_label_of_a_group(qtbot: QtBot, shown: ChatList) -> None:
    heard = collected(shown)
    rect = shown.visualRect(model_of(shown).index(2))
    QTest.mouseClick(
        shown.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QPoint(60, rect.top() + 8),
    )
    assert heard == []
    QTest.mouseClick(
        shown.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QPoint(60, rect.bottom() - 10),
    )
    assert heard == ["c2"]


def test_assistive_technology_opens_by_selecting(shown: ChatList) -> None:
    heard = collected(shown)
    index = model_of(shown).index(3)
    shown.selectionModel().select(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    assert heard == ["c3"]


def test_delete_asks(qtbot: QtBot, shown: ChatList) -> None:
    QTest.keyClick(shown, Qt.Key.Key_Down)
    with qtbot.waitSignal(shown.delete_asked) as asked:
        QTest.keyClick(shown, Qt.Key.Key_Delete)
    assert asked.args == ["c1"]


def test_rename_in_place(qtbot: QtBot, shown: ChatList) -> None:
    model = model_of(shown)
    renamed: list[tuple[str, str]] = []
    model.renamed.connect(lambda own, title: renamed.append((own, title)))
    QTest.keyClick(shown, Qt.Key.Key_F2)
    editor = shown.viewport().findChild(QLineEdit)
    assert editor is not None
    assert editor.selectedText() == "Turbine output"
    editor.setText("  Wind\u202e  ")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not shown.is_editing)
    assert renamed == [("c0", "Wind")]


def test_rename_is_dropped_by_escape(qtbot: QtBot, shown: ChatList) -> None:
    renamed: list[str] = []
    model_of(shown).renamed.connect(lambda _, title: renamed.append(title))
    QTest.keyClick(shown, Qt.Key.Key_F2)
    editor = shown.viewport().findChild(QLineEdit)
    assert editor is not None
    QTest.keyClicks(editor, "Other")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not shown.is_editing)
    assert renamed == []


def test_writing_a_title_isnt_disturbed_by_the_list(qtbot: QtBot, shown: ChatList) -> None:
    QTest.keyClick(shown, Qt.Key.Key_F2)
    editor = shown.viewport().findChild(QLineEdit)
    assert editor is not None
    QTest.keyClicks(editor, "Half a ti")
    shown.show_chats([*chats(), ConversationSummary("new", "New", 0, time())])
    assert editor.text() == "Half a ti"
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: model_of(shown).rowCount() == 5)


def test_the_open_chat_stays_marked_when_the_list_changes(shown: ChatList) -> None:
    heard = collected(shown)
    newer = ConversationSummary("new", "Newer", time(), time() + 10)
    model_of(shown).show_chats([newer, *chats()])
    assert selected(shown) == ["Turbine output"]
    assert heard == []


def test_neighbours(shown: ChatList) -> None:
    assert shown.neighbour(1) == "c1"
    assert shown.neighbour(-1) == ""
    shown.show_open("c3")
    assert (shown.neighbour(-1), shown.neighbour(1)) == ("c2", "")


def test_a_new_chat_has_neither_title_nor_menu(qtbot: QtBot, shown: ChatList) -> None:
    new = ConversationSummary("new", "", time(), time() + 5)
    model_of(shown).show_chats([new, *chats()], unsent_id="new")
    shown.show_open("new")
    assert selected(shown) == ["New chat"]
    shown.rename_current()
    assert not shown.is_editing


def test_tooltips_are_plain(shown: ChatList) -> None:
    tip = model_of(shown).index(2).data(Qt.ItemDataRole.ToolTipRole)
    assert "<b>" not in tip
    assert "&lt;b&gt;" in tip


def test_ten_thousand_chats(qtbot: QtBot, theme: Theme) -> None:
    model = ChatModel()
    view = ChatList(theme, model)
    qtbot.addWidget(view)
    model.setParent(view)
    now = time()
    model.show_chats([ConversationSummary(f"c{n}", f"Chat {n}", now, now - n * 600) for n in range(10_000)])
    view.resize(260, 700)
    view.show()
    view.show_open("c9999")
    assert view.viewport().rect().intersects(view.visualRect(model.index_of("c9999")))


def test_the_ground_follows_the_theme_while_it_is_shown(shown: ChatList, theme: Theme) -> None:
    below_all_rows = QPoint(100, 590)
    assert shown.grab().toImage().pixelColor(below_all_rows) == theme.color("bg.sidebar")

    theme.follow(Settings(appearance=Appearance.DARK, less_motion=True))

    assert shown.grab().toImage().pixelColor(below_all_rows) == theme.color("bg.sidebar")
