"""Notifications of the desktop: one line in plain text each, and what is clicked in them."""

from __future__ import annotations

from jeepney import DBusAddress
from PySide6.QtCore import QObject, Signal

from app.desktop.message_bus import Body, MessageBus, Rule
from app.desktop.paths import APP_ID

SERVICE = "org.freedesktop.Notifications"
SERVER = DBusAddress("/org/freedesktop/Notifications", bus_name=SERVICE, interface=SERVICE)
OPEN = "default"  # the action that a click on the notification itself stands for
MAX_SUMMARY = 120  # characters


class Notifications(QObject):
    """Speaks to the notification server of a Linux desktop; where there is none, nothing happens.

    Not by the tray icon: there need be none, on X11 Qt then draws a balloon of its own, and its click brings
    no permission to come to the front along.

    Signals: `clicked(key, token)`: the person wants to see what `show` was given `key` for.
    """

    clicked = Signal(str, str)

    def __init__(self, bus: MessageBus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = bus
        self._ids: dict[str, int] = {}  # of the notifications that are shown, by key
        self._tokens: dict[int, str] = {}
        self._wanted: set[str] = set()
        bus.watch(Rule(SERVICE, "ActivationToken", SERVER.object_path), self._on_token)
        bus.watch(Rule(SERVICE, "ActionInvoked", SERVER.object_path), self._on_action)
        bus.watch(Rule(SERVICE, "NotificationClosed", SERVER.object_path), self._on_closed)

    def show(self, key: str, summary: str, body: str, open_label: str) -> None:
        """Show a notification in the place of the one of the same key.

        `summary` may be anyone's words: the server shows it as plain text. `body` it may read as markup, so
        that must be our own words.
        """
        self._wanted.add(key)
        line = "".join(character if character.isprintable() else " " for character in summary)
        line = line if len(line) <= MAX_SUMMARY else f"{line[: MAX_SUMMARY - 1]}…"
        hints = {"desktop-entry": ("s", APP_ID), "category": ("s", "im.received")}
        actions = [OPEN, open_label]
        words = ("Sirocco", self._ids.get(key, 0), APP_ID, line, body, actions, hints, -1)
        self._bus.call(SERVER, "Notify", "susssasa{sv}i", words, lambda reply: self._on_shown(key, reply))

    def withdraw(self, key: str) -> None:
        """Take back what was shown for `key`: it has been seen."""
        self._wanted.discard(key)
        number = self._ids.pop(key, None)
        if number is not None:
            self._tokens.pop(number, None)
            self._bus.call(SERVER, "CloseNotification", "u", (number,))

    def withdraw_all(self) -> None:
        """Take back all: nobody hears a click any more."""
        for key in tuple(self._wanted):
            self.withdraw(key)

    def _on_shown(self, key: str, reply: Body | None) -> None:
        match reply:
            case (int(number),):
                self._ids[key] = number
                if key not in self._wanted:
                    self.withdraw(key)

    def _on_token(self, body: Body) -> None:
        match body:
            case (int(number), str(token)) if number in self._ids.values():
                self._tokens[number] = token

    def _on_action(self, body: Body) -> None:
        match body:
            case (int(number), "default"):
                for key in [key for key, own in self._ids.items() if own == number]:
                    del self._ids[key]
                    self._wanted.discard(key)
                    self.clicked.emit(key, self._tokens.pop(number, ""))

    def _on_closed(self, body: Body) -> None:
        match body:
            case (int(number), *_):
                self._tokens.pop(number, None)
                self._ids = {key: own for key, own in self._ids.items() if own != number}
