"""Every command is one entry, with keys of its own."""

from __future__ import annotations

from collections import Counter
from functools import partial

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenuBar
from pytestqt.qtbot import QtBot

from app.core.settings import SendKey
from app.ui.actions import COMMANDS, Actions, CommandId, Section, add_menu_bar, command, fill_menu_bar
from app.ui.shortcut_list import ShortcutList
from app.ui.theme import Theme
from app.ui.widgets.key_cap import KeyCap


def test_each_command_once() -> None:
    assert [one.command_id for one in COMMANDS] == list(CommandId)


def test_no_keys_twice() -> None:
    counts = Counter(keys for one in COMMANDS for keys in one.keys)
    assert [keys for keys, count in counts.items() if count > 1] == []


def test_all_keys_exist() -> None:
    for one in COMMANDS:
        for keys in one.keys:
            assert QKeySequence(keys).toString(), (one.command_id, keys)


def test_actions_do_what_they_are_told(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    done: list[CommandId] = []
    actions = Actions(window, {one: partial(done.append, one) for one in CommandId})
    for one in CommandId:
        actions.action(one).trigger()
    assert done == list(CommandId)
    actions.allow(frozenset({CommandId.SETTINGS}))
    assert [one for one in CommandId if actions.action(one).isEnabled()] == [CommandId.SETTINGS]


def test_the_menu_bar_is_for_macos_and_holds_all(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    actions = Actions(window, {one: lambda: None for one in CommandId})
    assert add_menu_bar(window, actions) is None
    bar = fill_menu_bar(QMenuBar(window), actions)
    assert [one.text() for one in bar.actions()] == [section.value for section in Section]
    shown = {action.text() for menu in bar.actions() for action in menu.menu().actions()}  # type: ignore[attr-defined]
    assert shown == {one.text for one in COMMANDS}


def test_the_list_of_shortcuts_shows_all_keys(qtbot: QtBot, theme: Theme) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    shown = ShortcutList(theme, SendKey.ENTER, window)
    caps = [cap.accessibleName() for cap in shown.findChildren(KeyCap)]
    for one in COMMANDS:
        if one.keys:
            assert QKeySequence(one.keys[0]).toString(QKeySequence.SequenceFormat.NativeText) in caps
    assert command(CommandId.NEW_CHAT).text == "New chat"
