"""The keys of the small window, and the menu of what has no button there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from app.ui.quick_ask.face import Mode
from app.ui.quick_ask.hint_row import ACTIONS_KEYS, NUMBERED
from app.ui.widgets.menu import Menu

if TYPE_CHECKING:
    from app.ui.quick_ask.window import QuickAsk


def add_keys(window: QuickAsk) -> None:
    """Let the keys work while the window has the keyboard."""
    keys: list[tuple[str, Callable[[], object]]] = [
        ("Esc", window.step_back),
        ("Ctrl+N", window.new_talk),
        ("Ctrl+Shift+N", window.toggle_private),
        ("Ctrl+M", window.choose_model),
        ("Ctrl+P", window.footer.pin.toggle),
        ("Ctrl+R", window.answer.try_again),
        ("Ctrl+Shift+C", window.answer.copy),
        ("Ctrl+Shift+X", window.answer.copy_and_leave),
        ("Ctrl+Shift+V", window.answer.paste_back),
        ("Ctrl+O", window.answer.go_on_in_main_window),
        ("Ctrl+Return", window.go_on_or_send),
        ("Ctrl+Enter", window.go_on_or_send),
        ("Alt+Up", window.wording.recall_older),
        ("Alt+Down", window.wording.recall_newer),
        (ACTIONS_KEYS, window.wording.choose_action),
        *((f"Ctrl+{at + 1}", partial(window.wording.act_number, at)) for at in range(NUMBERED)),
    ]
    for text, do in keys:
        QShortcut(QKeySequence(text), window).activated.connect(do)


def open_more(window: QuickAsk, anchor: QWidget) -> None:
    """Open the menu below its button."""
    menu = Menu(window.theme, window)

    def words(text: str) -> str:
        return QCoreApplication.translate("QuickAsk", text)

    if window.mode is Mode.DONE and window.answer.has_text:
        keys = QKeySequence("Ctrl+Shift+X")
        menu.add(words("Copy and close"), window.answer.copy_and_leave, icon="copy", keys=keys)
        menu.addSeparator()
    menu.add(words("New question"), window.new_talk, icon="new-chat", keys=QKeySequence("Ctrl+N"))
    keys = QKeySequence("Ctrl+Shift+N")
    menu.add(words("New private question"), window.new_private_talk, icon="eye-off", keys=keys)
    menu.open_at(anchor.mapToGlobal(anchor.rect().bottomLeft()))
