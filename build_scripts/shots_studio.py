"""What takes the pictures of one run of the app, and what waits for the app to be ready for them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.chat.session import ChatSession
from app.core.settings import Appearance
from app.main import Sirocco

WATCHDOG = 60.0  # seconds
SMALLEST = 0  # Qt's quality of a PNG: as small as it can be, nothing is lost
SETTLES = 0.35  # seconds in which what was asked for is laid out, coloured and painted
LOOKS_EVERY = 0.02  # seconds
WidgetT = TypeVar("WidgetT", bound=QWidget)


class Studio:
    """Takes the pictures of one run of the app."""

    def __init__(self, sirocco: Sirocco, folder: Path, only: Sequence[str]) -> None:
        self.sirocco = sirocco
        self.window = sirocco.window
        self._folder = folder
        self._only = tuple(only)

    def wants(self, name: str) -> bool:
        """Whether a picture of this name was asked for."""
        return not self._only or name.startswith(self._only)

    def take(self, name: str, widget: QWidget | None = None, over: QWidget | None = None) -> None:
        """Save `widget` (the main window) in both themes, with the popup that is open over it."""
        if not self.wants(name):
            return
        preferences = self.sirocco.preferences
        for appearance in (Appearance.DARK, Appearance.LIGHT):
            preferences.set(replace(preferences.current, appearance=appearance))
            wait(SETTLES)
            picture = (widget or self.window).grab()
            if over is not None:
                _paint_over(picture, widget or self.window, over)
            path = self._folder / f"{name}-{appearance.value}.png"
            if not picture.save(str(path), "PNG", SMALLEST):
                raise SystemExit(f"shots: {path} could not be written")
            print(path)

    def open(self, title: str) -> ChatSession:
        """Open the chat of this title, as a click on it does."""
        library = self.sirocco.library
        found = next(one for one in library.summaries if one.title == title)
        self.window.open_chat(found.conversation_id)
        session = library.session(found.conversation_id)
        until(lambda: session.is_loaded, "a chat")
        return session

    def send(self, session: ChatSession, text: str, is_there: Callable[[], bool]) -> None:
        """Write and send, and wait for what comes of it."""
        field = self.window.page.composer.field
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        field.setPlainText(text)
        QTest.keyClick(field, Qt.Key.Key_Return)
        until(lambda: session.is_busy or is_there(), f"the sending of “{text}”")
        until(is_there, f"the answer to “{text}”")

    def resize(self, size: tuple[int, int]) -> None:
        """Give the window another size."""
        self.window.resize(*size)
        until(lambda: (self.window.width(), self.window.height()) == size, "the window's size")


def wait(seconds: float) -> None:
    """Let the app live for so long."""
    # Not QTest.qWait: that keeps Python's lock, and the app's other threads wait for it.
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def until(holds: Callable[[], bool], what: str) -> None:
    """Let the app live until something holds; the run ends with `what` if it doesn't come."""
    end = time.monotonic() + WATCHDOG
    while not holds():
        if time.monotonic() > end:
            raise SystemExit(f"shots: {what} did not come within {WATCHDOG:g} s")
        wait(LOOKS_EVERY)


def only_child(root: QWidget, kind: type[WidgetT]) -> WidgetT:
    """The first widget of this kind."""
    return next(iter(root.findChildren(kind)))


def named(root: QWidget, kind: type[WidgetT], name: str) -> WidgetT:
    """The widget that assistive technology finds under this name, else the one that shows it."""
    found = [one for one in root.findChildren(kind) if name in {one.accessibleName(), one.property("text")}]
    return found[0]


def _paint_over(picture: QPixmap, below: QWidget, popup: QWidget) -> None:
    """Put a popup, which is a window of its own, where it stands on the screen."""
    at = popup.mapToGlobal(QPoint()) - below.mapToGlobal(QPoint())
    painter = QPainter(picture)
    if not popup.mask().isEmpty():
        painter.setClipRegion(popup.mask().translated(at))
    painter.drawPixmap(at, popup.grab())
    painter.end()
