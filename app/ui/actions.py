"""The commands: one list that the window, its menus, the macOS menu bar and the list of shortcuts read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenuBar, QWidget

CONTEXT = "Commands"


class Section(StrEnum):
    """Where a command belongs, in menus and in the list of shortcuts; the value is the English title."""

    CHAT = "Chat"
    ANSWER = "Answer"
    VIEW = "View"
    APP = "Sirocco"
    HELP = "Help"


class CommandId(StrEnum):
    """Every command that exists."""

    NEW_CHAT = "new_chat"
    PREVIOUS_CHAT = "previous_chat"
    NEXT_CHAT = "next_chat"
    RENAME_CHAT = "rename_chat"
    DELETE_CHAT = "delete_chat"
    CHOOSE_MODEL = "choose_model"
    FIND = "find"
    FIND_NEXT = "find_next"
    FIND_PREVIOUS = "find_previous"
    TRY_AGAIN = "try_again"
    COPY_ANSWER = "copy_answer"
    JUMP_TO_LATEST = "jump_to_latest"
    CLOSE_OR_STOP = "close_or_stop"
    TOGGLE_SIDEBAR = "toggle_sidebar"
    NEXT_AREA = "next_area"
    TEXT_LARGER = "text_larger"
    TEXT_SMALLER = "text_smaller"
    TEXT_NORMAL = "text_normal"
    SETTINGS = "settings"
    QUIT = "quit"
    GUIDE = "guide"
    SHORTCUTS = "shortcuts"
    ABOUT = "about"


class Command(NamedTuple):
    """One command. `keys` are portable key sequences, the first is the one that is shown."""

    command_id: CommandId
    source: str
    section: Section
    keys: tuple[str, ...] = ()
    icon: str = ""
    role: QAction.MenuRole = QAction.MenuRole.NoRole

    @property
    def text(self) -> str:
        """The command's name in the person's language."""
        return QCoreApplication.translate(CONTEXT, self.source)


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:
    """Mark `text` for translation; it is translated where it is shown."""
    return text


COMMANDS: tuple[Command, ...] = (
    Command(
        CommandId.NEW_CHAT, QT_TRANSLATE_NOOP("Commands", "New chat"), Section.CHAT, ("Ctrl+N",), "new-chat"
    ),
    Command(
        CommandId.PREVIOUS_CHAT, QT_TRANSLATE_NOOP("Commands", "Previous chat"), Section.CHAT, ("Ctrl+Up",)
    ),
    Command(CommandId.NEXT_CHAT, QT_TRANSLATE_NOOP("Commands", "Next chat"), Section.CHAT, ("Ctrl+Down",)),
    Command(
        CommandId.RENAME_CHAT, QT_TRANSLATE_NOOP("Commands", "Rename chat"), Section.CHAT, ("F2",), "edit"
    ),
    Command(CommandId.DELETE_CHAT, QT_TRANSLATE_NOOP("Commands", "Delete chat"), Section.CHAT, (), "trash"),
    Command(
        CommandId.CHOOSE_MODEL,
        QT_TRANSLATE_NOOP("Commands", "Choose model"),
        Section.CHAT,
        ("Ctrl+M",),
        "model",
    ),
    Command(
        CommandId.FIND, QT_TRANSLATE_NOOP("Commands", "Find in chat"), Section.CHAT, ("Ctrl+F",), "search"
    ),
    Command(CommandId.FIND_NEXT, QT_TRANSLATE_NOOP("Commands", "Find next"), Section.CHAT, ("F3",)),
    Command(
        CommandId.FIND_PREVIOUS, QT_TRANSLATE_NOOP("Commands", "Find previous"), Section.CHAT, ("Shift+F3",)
    ),
    Command(
        CommandId.TRY_AGAIN,
        QT_TRANSLATE_NOOP("Commands", "Try the last answer again"),
        Section.ANSWER,
        ("Ctrl+R",),
        "retry",
    ),
    Command(
        CommandId.COPY_ANSWER,
        QT_TRANSLATE_NOOP("Commands", "Copy last answer"),
        Section.ANSWER,
        ("Ctrl+Shift+C",),
        "copy",
    ),
    Command(
        CommandId.JUMP_TO_LATEST,
        QT_TRANSLATE_NOOP("Commands", "Jump to latest"),
        Section.ANSWER,
        ("Ctrl+End",),
        "arrow-down",
    ),
    Command(
        CommandId.CLOSE_OR_STOP,
        QT_TRANSLATE_NOOP("Commands", "Close what is on top, else stop the answer"),
        Section.ANSWER,
        ("Esc",),
    ),
    Command(
        CommandId.TOGGLE_SIDEBAR,
        QT_TRANSLATE_NOOP("Commands", "Show or hide sidebar"),
        Section.VIEW,
        ("Ctrl+B",),
        "sidebar",
    ),
    Command(CommandId.NEXT_AREA, QT_TRANSLATE_NOOP("Commands", "Next area"), Section.VIEW, ("F6",)),
    # Where plus needs Shift, the key without it does as well.
    Command(
        CommandId.TEXT_LARGER,
        QT_TRANSLATE_NOOP("Commands", "Larger text"),
        Section.VIEW,
        ("Ctrl++", "Ctrl+="),
    ),
    Command(CommandId.TEXT_SMALLER, QT_TRANSLATE_NOOP("Commands", "Smaller text"), Section.VIEW, ("Ctrl+-",)),
    Command(
        CommandId.TEXT_NORMAL, QT_TRANSLATE_NOOP("Commands", "Normal text size"), Section.VIEW, ("Ctrl+0",)
    ),
    Command(
        CommandId.SETTINGS,
        QT_TRANSLATE_NOOP("Commands", "Settings"),
        Section.APP,
        ("Ctrl+,",),
        "settings",
        QAction.MenuRole.PreferencesRole,
    ),
    Command(
        CommandId.QUIT,
        QT_TRANSLATE_NOOP("Commands", "Quit"),
        Section.APP,
        ("Ctrl+Q",),
        "",
        QAction.MenuRole.QuitRole,
    ),
    Command(CommandId.GUIDE, QT_TRANSLATE_NOOP("Commands", "User’s guide"), Section.HELP, ("F1",), "info"),
    Command(
        CommandId.SHORTCUTS,
        QT_TRANSLATE_NOOP("Commands", "Keyboard shortcuts"),
        Section.HELP,
        ("Ctrl+/",),
        "keyboard",
    ),
    Command(
        CommandId.ABOUT,
        QT_TRANSLATE_NOOP("Commands", "About Sirocco"),
        Section.HELP,
        (),
        "",
        QAction.MenuRole.AboutRole,
    ),
)


def command(command_id: CommandId) -> Command:
    """The command of this id."""
    return next(one for one in COMMANDS if one.command_id is command_id)


def section_title(section: Section) -> str:
    """The section's title in the person's language."""
    return QCoreApplication.translate(CONTEXT, section.value)


class Actions(QObject):
    """The commands as actions of one window: their keys work while that window is in front."""

    def __init__(self, window: QWidget, handlers: Mapping[CommandId, Callable[[], object]]) -> None:
        """`handlers` says what each command does; one without a handler is a KeyError."""
        super().__init__(window)
        self._actions: dict[CommandId, QAction] = {}
        for one in COMMANDS:
            action = QAction(self)
            action.setText(one.text)
            action.setShortcuts([QKeySequence(keys) for keys in one.keys])
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.setMenuRole(one.role)
            action.triggered.connect(lambda _=False, do=handlers[one.command_id]: do())
            self._actions[one.command_id] = action
            window.addAction(action)

    def action(self, command_id: CommandId) -> QAction:
        """The action of a command, for a menu."""
        return self._actions[command_id]

    def allow(self, allowed: frozenset[CommandId]) -> None:
        """Let only these commands work."""
        for command_id, action in self._actions.items():
            action.setEnabled(command_id in allowed)


def add_menu_bar(window: QMainWindow, actions: Actions) -> QMenuBar | None:
    """The menu bar at the top of the screen on macOS; other systems have none, and None is returned."""
    if QGuiApplication.platformName() != "cocoa":
        return None
    return fill_menu_bar(window.menuBar(), actions)


def fill_menu_bar(bar: QMenuBar, actions: Actions) -> QMenuBar:
    """Put a menu for each section into `bar`."""
    for section in Section:
        menu = bar.addMenu(section_title(section))
        for one in COMMANDS:
            if one.section is section:
                menu.addAction(actions.action(one.command_id))
    return bar
