"""One session with the portal for global shortcuts, from its beginning to its end."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from secrets import token_hex
from typing import Any

from jeepney.bus_messages import MatchRule
from jeepney.low_level import HeaderFields, Message
from jeepney.wrappers import DBusAddress, new_method_call

from app.core.chord import DIGITS, LETTERS, Chord
from app.core.hotkey import HotkeyState, Obstacle, Standing
from app.desktop.hotkey.session_bus import CallFailedError, SessionBus

SERVICE, PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
REGISTRY = "org.freedesktop.host.portal.Registry"
SHORTCUT_ID = "quick-ask"  # under it desktops keep what the person has chosen
DONE = 0

# What a service answers that doesn't know what it was asked for, as portals before 1.20 do on Register.
UNKNOWN = frozenset(f"org.freedesktop.DBus.Error.Unknown{what}" for what in ("Method", "Interface", "Object"))
# The words of the specification "shortcuts" of freedesktop.org: X's names for keys, its own for modifiers.
_MODIFIERS = {"Ctrl": "CTRL", "Alt": "ALT", "Shift": "SHIFT", "Meta": "LOGO"}
_KEYS = {
    "Space": "space",
    "PgUp": "Page_Up",
    "PgDown": "Page_Down",
    "Ins": "Insert",
    "Del": "Delete",
    "ScrollLock": "Scroll_Lock",
}

_log = logging.getLogger(__name__)


class CannotError(Exception):
    """The desktop gives this app no shortcut."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle.value)
        self.obstacle = obstacle


class ClosedError(Exception):
    """The portal has ended the session, or has ended itself."""


def trigger_of(chord: Chord) -> str:
    """The chord in the words of the portal, such as CTRL+ALT+space."""
    key = chord.key.lower() if chord.key in LETTERS or chord.key in DIGITS else chord.key
    return "+".join((*(_MODIFIERS[one] for one in chord.modifiers), _KEYS.get(key, key)))


class PortalSession:
    """Runs on a thread that may wait. `settled` and `pressed` are called with what is told of the hotkey."""

    def __init__(
        self,
        bus: SessionBus,
        app_id: str,
        description: str,
        settled: Callable[[HotkeyState], None],
        pressed: Callable[[str], None],
    ) -> None:
        self._bus = bus
        self._app_id = app_id
        self._description = description
        self._settled = settled
        self._pressed = pressed
        self._session = ""

    def run(self, chord: Chord) -> None:
        """Have `chord` bound and tell of every press; ends by an exception alone.

        CannotError; ClosedError: another try may do; BusError; StoppedError.
        """
        self._bus.subscribe(MatchRule(type="signal", sender=SERVICE))
        ends = MatchRule(type="signal", sender="org.freedesktop.DBus", member="NameOwnerChanged")
        ends.add_arg_condition(0, SERVICE)
        self._bus.subscribe(ends)
        is_registered = self._register()
        self._check_version()
        self._begin(is_registered)
        self._bind(chord)
        while True:
            message = self._bus.wait(lambda _message: True)
            if message is not None:
                self._hear(message, chord)

    # -- the steps --------------------------------------------------------------------------------------

    def _register(self) -> bool:
        """Say which app this is, before all else (xdg-desktop-portal 1.20); False where that is unknown.

        The portal looks the app up by the name of its desktop file.
        """
        address = DBusAddress(PATH, bus_name=SERVICE, interface=REGISTRY)
        try:
            self._bus.call(new_method_call(address, "Register", "sa{sv}", (self._app_id, {})))
        except CallFailedError as fault:
            if fault.name in UNKNOWN:
                return True
            _log.info("the portal doesn't know the app: %s", fault)
            return False
        return True

    def _check_version(self) -> None:
        properties = DBusAddress(PATH, bus_name=SERVICE, interface="org.freedesktop.DBus.Properties")
        try:
            self._bus.call(new_method_call(properties, "Get", "ss", (SHORTCUTS, "version")))
        except CallFailedError as fault:
            _log.info("the portal has no global shortcuts: %s", fault)
            is_known = fault.name.startswith("org.freedesktop.DBus.Error.Unknown") or "Invalid" in fault.name
            raise CannotError(Obstacle.NO_PORTAL if is_known else Obstacle.NO_BUS) from fault

    def _begin(self, is_registered: bool) -> None:
        options = {"session_handle_token": ("s", f"sirocco_{token_hex(8)}")}
        try:
            results = self._request("CreateSession", "a{sv}", (), options)
        except CallFailedError as fault:
            _log.info("the portal gives no session: %s", fault)
            # Since 1.21 it gives none to an app without an id (xdg-desktop-portal#1817).
            raise CannotError(Obstacle.REFUSED if is_registered else Obstacle.NOT_INSTALLED) from fault
        match results.get("session_handle"):
            case (_, str(handle)):
                self._session = handle
            case _:
                raise CannotError(Obstacle.REFUSED)

    def _bind(self, chord: Chord) -> None:
        """Ask for the chord, unless the desktop has it from an earlier time, with what was chosen there."""
        try:
            # KDE keeps it and would ask the person anew (easyeffects#3834); Hyprland keeps nothing.
            known = self._request("ListShortcuts", "oa{sv}", (self._session,), {})
            trigger = _trigger_in(known)
            if trigger is None:
                wanted = {
                    "description": ("s", self._description),
                    "preferred_trigger": ("s", trigger_of(chord)),
                }
                given = self._request(
                    "BindShortcuts", "oa(sa{sv})sa{sv}", (self._session, [(SHORTCUT_ID, wanted)], ""), {}
                )
                trigger = _trigger_in(given) if "shortcuts" in given else ""
        except CallFailedError as fault:
            if self._bus.wait(self._is_ending, 0) is not None:
                raise ClosedError from fault
            _log.info("the portal binds no shortcut: %s", fault)
            raise CannotError(Obstacle.REFUSED) from fault
        if trigger is None:
            raise CannotError(Obstacle.REFUSED)
        self._settled(HotkeyState(Standing.BOUND, chord, trigger=trigger))

    def _request(
        self, method: str, signature: str, arguments: Iterable[Any], options: dict[str, tuple[str, str]]
    ) -> dict[str, Any]:
        """Call what answers by a signal, and wait for that; it may take as long as a person takes."""
        token = f"sirocco_{token_hex(8)}"
        options = {**options, "handle_token": ("s", token)}
        address = DBusAddress(PATH, bus_name=SERVICE, interface=SHORTCUTS)
        (handle,) = self._bus.call(new_method_call(address, method, signature, (*arguments, options)))
        while True:
            message = self._bus.wait(
                lambda one: self._is_ending(one) or (_member(one) == "Response" and _path(one) == handle)
            )
            match message.body if message is not None and _member(message) == "Response" else None:
                case (int(code), dict(results)) if code == DONE:
                    return results
                case (int(), dict()):
                    raise CannotError(Obstacle.REFUSED)
                case _:
                    raise ClosedError

    def _hear(self, message: Message, chord: Chord) -> None:
        if self._is_ending(message):
            raise ClosedError
        match _member(message), message.body:
            case "Activated", (self._session, str(shortcut), int(), dict(options)) if shortcut == SHORTCUT_ID:
                self._pressed(_text(options.get("activation_token")))
            case "ShortcutsChanged", (str(session), list(shortcuts)) if session == self._session:
                trigger = _trigger_in({"shortcuts": ("a(sa{sv})", shortcuts)})
                self._settled(HotkeyState(Standing.BOUND, chord, trigger=trigger or ""))
            case _:
                pass

    def _is_ending(self, message: Message) -> bool:
        """True where the session has ended, or the portal has gone from the bus; a call starts it anew."""
        if _member(message) == "Closed":
            return bool(self._session) and _path(message) == self._session
        return _member(message) == "NameOwnerChanged" and message.body[-1:] == ("",)


def _trigger_in(results: dict[str, Any]) -> str | None:
    """What has to be pressed, in the desktop's words; None where our shortcut isn't among `results`."""
    match results.get("shortcuts"):
        case (_, list(shortcuts)):
            for one in shortcuts:
                match one:
                    case (str(shortcut), dict(about)) if shortcut == SHORTCUT_ID:
                        return _text(about.get("trigger_description"))
    return None


def _text(variant: object) -> str:
    match variant:
        case ("s", str(text)):
            return text
        case _:
            return ""


def _member(message: Message) -> str:
    return str(message.header.fields.get(HeaderFields.member, ""))


def _path(message: Message) -> str:
    return str(message.header.fields.get(HeaderFields.path, ""))
