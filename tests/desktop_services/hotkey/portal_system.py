"""A portal of our own on a private session bus, with the rules of xdg-desktop-portal about whom it serves."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from jeepney.bus_messages import MatchRule, message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.low_level import HeaderFields, Message, MessageType
from jeepney.wrappers import DBusAddress, new_error, new_method_return, new_signal

from app.core.chord import parse_chord
from app.desktop.hotkey.portal import PortalHotkey
from app.desktop.hotkey.portal_session import trigger_of

APP_ID = "org.example.Tested"
NAME, PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
ERRORS = "org.freedesktop.DBus.Error."


@dataclass
class Rules:
    """What a portal of some age, on some desktop, does."""

    has_registry: bool = True  # since 1.20
    needs_app_id: bool = True  # since 1.21
    has_shortcuts: bool = True
    keeps: bool = False  # as KDE keeps what the person has chosen
    answer: int = 0  # 1: the person says no
    chosen: str = ""  # what the person chooses in the place of what was asked for
    closes_at_once: bool = False


@dataclass
class Session:
    """What a client has begun."""

    owner: str
    app_id: str
    triggers: dict[str, str] = field(default_factory=dict)


class PortalSystem:
    """The portal and the compositor behind it."""

    tells_of_others = False

    def __init__(self, address: str) -> None:
        self.address = address
        self.rules = Rules()
        self.installed = {APP_ID}
        self.calls: list[str] = []
        self.token = "token-1"
        self.kept: dict[str, dict[str, str]] = {}
        self._taken: set[str] = set()
        self.again_after: tuple[int, ...] = (0, 0, 0)
        self.begin()

    # -- the system that the contract asks for --

    def make(self) -> PortalHotkey:
        return PortalHotkey(self.address, APP_ID, "Ask", again_after=self.again_after)

    def press(self, chord: str, repeats: int = 0) -> None:
        for handle, session in list(self.sessions.items()):
            for shortcut, trigger in session.triggers.items():
                if trigger == self._trigger(chord):
                    self._activate(session, handle, shortcut)

    def take(self, chord: str) -> bool:
        trigger = self._trigger(chord)
        if any(trigger in session.triggers.values() for session in self.sessions.values()):
            return False
        self._taken.add(trigger)
        return True

    def give_back(self) -> None:
        self._taken.clear()

    @staticmethod
    def _trigger(chord: str) -> str:
        found = parse_chord(chord)
        assert found is not None
        return trigger_of(found)

    # -- its life --

    def begin(self) -> None:
        """Be on the bus."""
        self.sessions: dict[str, Session] = {}
        self.apps: dict[str, str] = {}
        self._has_called: set[str] = set()
        self._is_ending = False
        self._bus: DBusConnection = open_dbus_connection(self.address)
        rule = MatchRule(type="signal", sender="org.freedesktop.DBus", member="NameOwnerChanged")
        self._bus.send_and_get_reply(message_bus.AddMatch(rule))
        self._bus.send_and_get_reply(message_bus.RequestName(NAME))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def end(self) -> None:
        """Go from the bus, as by a crash."""
        self._is_ending = True
        self._thread.join()
        self._bus.close()

    def _serve(self) -> None:
        while not self._is_ending:
            try:
                message = self._bus.receive(timeout=0.02)
            except TimeoutError:
                continue
            if message.header.message_type is MessageType.method_call:
                self._answer(message)
            elif message.header.fields.get(HeaderFields.member) == "NameOwnerChanged":
                self._forget(message.body[0])

    def _forget(self, name: str) -> None:
        gone = [handle for handle, session in self.sessions.items() if session.owner == name]
        for handle in gone:
            del self.sessions[handle]

    # -- what is called --

    def _answer(self, message: Message) -> None:
        fields = message.header.fields
        member, sender = fields[HeaderFields.member], fields[HeaderFields.sender]
        self.calls.append(member)
        is_first = sender not in self._has_called
        self._has_called.add(sender)
        match member:
            case "Register":
                self._register(message, sender, is_first)
            case "Get":
                if self.rules.has_shortcuts and message.body[0] == SHORTCUTS:
                    self._bus.send(new_method_return(message, "v", (("u", 1),)))
                else:
                    self._fail(message, f"{ERRORS}InvalidArgs", "No such interface")
            case "CreateSession":
                self._create_session(message, sender)
            case "ListShortcuts" | "BindShortcuts" if message.body[0] not in self.sessions:
                self._fail(message, f"{ERRORS}AccessDenied", "Invalid session")
            case "ListShortcuts":
                self._list(message, sender)
            case "BindShortcuts":
                self._bind(message, sender)

    def _fail(self, message: Message, name: str, text: str) -> None:
        self._bus.send(new_error(message, name, "s", (text,)))

    def _register(self, message: Message, sender: str, is_first: bool) -> None:
        (app_id, _options) = message.body
        if not self.rules.has_registry:
            self._fail(message, f"{ERRORS}UnknownMethod", "No such interface on object")
        elif not is_first:
            self._fail(message, "org.freedesktop.portal.Error.Failed", "Connection already associated")
        elif app_id not in self.installed:
            text = f"Could not register app ID: App info not found for '{app_id}'"
            self._fail(message, "org.freedesktop.portal.Error.Failed", text)
        else:
            self.apps[sender] = app_id
            self._bus.send(new_method_return(message))

    def _create_session(self, message: Message, sender: str) -> None:
        (options,) = message.body
        app_id = self.apps.get(sender, "")
        if self.rules.needs_app_id and not app_id:
            self._fail(message, "org.freedesktop.portal.Error.NotAllowed", "An app id is required")
            return
        own = sender[1:].replace(".", "_")
        handle = f"{PATH}/session/{own}/{options['session_handle_token'][1]}"
        self.sessions[handle] = Session(sender, app_id, dict(self.kept.get(app_id, {})))
        self._respond(message, options, 0, {"session_handle": ("s", handle)})
        if self.rules.closes_at_once:
            self.close_sessions()

    def _list(self, message: Message, sender: str) -> None:
        handle, options = message.body
        self._respond(message, options, 0, {"shortcuts": self._shortcuts(self.sessions[handle])})

    def _bind(self, message: Message, sender: str) -> None:
        handle, shortcuts, _window, options = message.body
        session = self.sessions[handle]
        if self.rules.answer:
            self._respond(message, options, self.rules.answer, {})
            return
        for shortcut, about in shortcuts:
            session.triggers[shortcut] = self.rules.chosen or about["preferred_trigger"][1]
        if self.rules.keeps:
            self.kept[session.app_id] = dict(session.triggers)
        self._respond(message, options, 0, {"shortcuts": self._shortcuts(session)})

    @staticmethod
    def _shortcuts(session: Session) -> tuple[str, list[Any]]:
        described = [
            (shortcut, {"description": ("s", "Ask"), "trigger_description": ("s", f"Press {trigger}")})
            for shortcut, trigger in session.triggers.items()
        ]
        return "a(sa{sv})", described

    def _respond(self, message: Message, options: dict[str, Any], code: int, results: dict[str, Any]) -> None:
        sender = message.header.fields[HeaderFields.sender]
        handle = f"{PATH}/request/{sender[1:].replace('.', '_')}/{options['handle_token'][1]}"
        self._bus.send(new_method_return(message, "o", (handle,)))
        address = DBusAddress(handle, interface="org.freedesktop.portal.Request")
        self._tell(sender, new_signal(address, "Response", "ua{sv}", (code, results)))

    # -- what is told --

    def _tell(self, owner: str, signal: Message) -> None:
        signal.header.fields[HeaderFields.destination] = owner
        self._bus.send(signal)

    def _activate(self, session: Session, handle: str, shortcut: str) -> None:
        address = DBusAddress(PATH, interface=SHORTCUTS)
        body = (handle, shortcut, 0, {"activation_token": ("s", self.token)})
        self._tell(session.owner, new_signal(address, "Activated", "osta{sv}", body))
        self._tell(session.owner, new_signal(address, "Deactivated", "osta{sv}", body))

    def change(self, trigger: str) -> None:
        """Let the person choose another chord in the desktop's settings."""
        address = DBusAddress(PATH, interface=SHORTCUTS)
        for handle, session in self.sessions.items():
            session.triggers = dict.fromkeys(session.triggers, trigger)
            signature, shortcuts = self._shortcuts(session)
            body = (handle, shortcuts)
            self._tell(session.owner, new_signal(address, "ShortcutsChanged", f"o{signature}", body))

    def tell_nonsense(self) -> None:
        """Say what no portal should."""
        address = DBusAddress(PATH, interface=SHORTCUTS)
        bodies: list[tuple[str, tuple[Any, ...]]] = [
            ("osta{sv}", ("/other/session", "quick-ask", 0, {})),
            ("", ()),
            ("s", ("quick-ask",)),
        ]
        for handle, session in self.sessions.items():
            bodies.append(("osta{sv}", (handle, "another", 0, {})))
            for signature, body in bodies:
                for member in ("Activated", "ShortcutsChanged", "Response", "Closed"):
                    self._tell(session.owner, new_signal(address, member, signature, body))

    def close_sessions(self) -> None:
        """End all sessions, as the portal may at any time."""
        for handle, session in list(self.sessions.items()):
            address = DBusAddress(handle, interface="org.freedesktop.portal.Session")
            self._tell(session.owner, new_signal(address, "Closed"))
            self.sessions.pop(handle, None)
