"""The field for a message: its keys, what is pasted, and how high it is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QMimeData, Qt, QUrl
from PySide6.QtGui import QAccessible, QInputMethodEvent, QKeyEvent, QTextCursor, QTextOption
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.core.settings import SendKey, Settings
from app.ui.composer.message_field import MessageField
from app.ui.theme import Theme


@pytest.fixture
def field(qtbot: QtBot, theme: Theme) -> MessageField:
    field = MessageField(theme)
    qtbot.addWidget(field)
    field.resize(500, 24)
    field.show()
    field.setFocus()
    return field


def times_sent(field: MessageField) -> list[str]:
    sent: list[str] = []
    field.send_asked.connect(lambda: sent.append(field.text))
    return sent


def compose(field: MessageField, preedit: str, commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QApplication.sendEvent(field, event)


def test_is_called_message(field: MessageField) -> None:
    node = QAccessible.queryAccessibleInterface(field)
    assert node.text(QAccessible.Text.Name) == "Message"
    assert node.role() == QAccessible.Role.EditableText


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_sends_and_shift_enter_breaks(field: MessageField, key: Qt.Key) -> None:
    sent = times_sent(field)
    QTest.keyClicks(field, "one")
    QTest.keyClick(field, key, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(field, "two")
    assert sent == []
    QTest.keyClick(field, key)
    assert sent == ["one\ntwo"]


def test_the_two_can_be_swapped(field: MessageField) -> None:
    sent = times_sent(field)
    field.set_send_key(SendKey.CTRL_ENTER)
    QTest.keyClicks(field, "one")
    QTest.keyClick(field, Qt.Key.Key_Return)
    QTest.keyClicks(field, "two")
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert sent == ["one\ntwo"]


def test_enter_belongs_to_an_input_method_while_it_composes(field: MessageField) -> None:
    sent = times_sent(field)
    compose(field, "にほ")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert sent == []
    compose(field, "", "日本")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert len(sent) == 1
    assert sent[0].startswith("日本")


def test_only_plain_text_is_pasted(field: MessageField) -> None:
    data = QMimeData()
    data.setHtml('<img src="file:///etc/passwd"><b>bold</b>')
    assert not field.canInsertFromMimeData(data)
    data.setText("bold\r\nnext\0")
    field.insertFromMimeData(data)
    assert field.text == "bold\nnext"


def test_a_file_is_not_opened_by_pasting_it(field: MessageField) -> None:
    data = QMimeData()
    data.setUrls([QUrl("file:///etc/passwd")])
    field.insertFromMimeData(data)
    assert "root:" not in field.text


def test_grows_with_its_lines_up_to_ten(qtbot: QtBot, field: MessageField) -> None:
    line = field.height()
    for wanted in range(2, 11):
        QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        qtbot.waitUntil(lambda wanted=wanted: field.height() == wanted * line)  # type: ignore[misc]
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert field.height() == 10 * line
    field.set_limit(4 * line + 5)
    assert field.height() == 4 * line + 5
    field.show_text("")
    assert field.height() == line


def test_a_line_has_the_height_of_the_text_size(field: MessageField, theme: Theme) -> None:
    assert field.height() == 24
    theme.follow(Settings(text_size=20))
    assert field.height() == 32


def test_undo_takes_back_words_only(field: MessageField) -> None:
    height = field.height()
    field.undo()
    assert field.height() == height
    QTest.keyClicks(field, "word")
    field.undo()
    assert field.text == ""
    field.show_text("loaded")
    field.undo()
    assert field.text == "loaded"


def test_the_end_of_the_text_before_the_end_of_the_chat(field: MessageField) -> None:
    def takes_it() -> bool:
        event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
        event.ignore()
        QApplication.sendEvent(field, event)
        return event.isAccepted()

    QTest.keyClicks(field, "word")
    assert not takes_it()
    field.moveCursor(QTextCursor.MoveOperation.Start)
    assert takes_it()


def test_tab_leaves(qtbot: QtBot, theme: Theme) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    field, other = MessageField(theme, window), QPushButton("Next", window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert field.text == ""
    assert other.hasFocus()


def test_selects_the_part_to_write_over(field: MessageField) -> None:
    field.show_text("Explain this:\n[paste here]")
    field.select("[paste here]")
    QTest.keyClicks(field, "Boom")
    assert field.text == "Explain this:\nBoom"


def test_a_word_without_an_end_is_broken_anywhere_until_it_is_gone(field: MessageField) -> None:
    usual, anywhere = field.wordWrapMode(), QTextOption.WrapMode.WrapAnywhere
    endless = "x" * 300_000
    pasted = QMimeData()
    pasted.setText(f"see {endless}")
    field.insertFromMimeData(pasted)
    assert field.text == f"see {endless}"
    assert field.wordWrapMode() is anywhere
    pasted.setText(" and more")
    field.insertFromMimeData(pasted)
    assert field.wordWrapMode() is anywhere
    field.clear_text()
    field.insertFromMimeData(pasted)
    assert field.wordWrapMode() is usual
    field.show_text(endless)
    assert (field.text, field.wordWrapMode()) == (endless, anywhere)
    field.show_text("short")
    assert field.wordWrapMode() is usual
