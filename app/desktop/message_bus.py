"""A connection to a D-Bus message bus that never waits: what comes and goes does so by the event loop."""

from __future__ import annotations

import logging
import socket
import struct
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, MessageType, new_method_call
from jeepney.auth import BEGIN, AuthenticationError, Authenticator
from jeepney.bus import get_connectable_addresses
from jeepney.bus_messages import message_bus
from jeepney.low_level import Parser, SizeLimitError
from PySide6.QtCore import QObject, QSocketNotifier, Signal

CHUNK = 65536
# What jeepney (0.9) raises over what isn't written as D-Bus has it; much of it, it only asserts.
MALFORMED = (SizeLimitError, AssertionError, ValueError, TypeError, LookupError, struct.error)

Body = tuple[Any, ...]
OnReply = Callable[[Body | None], object]
OnSignal = Callable[[Body], object]

_log = logging.getLogger(__name__)


class Rule(NamedTuple):
    """Which signals of the bus are wanted; what is empty is not asked for."""

    interface: str
    member: str
    path: str = ""
    sender: str = ""
    argument: str = ""  # the first one


class MessageBus(QObject):
    """One connection. QtDBus can't be taken: it has no unsigned numbers and no structures from Python, and it
    waits for answers in a program that may hang.

    Signals: `opened()`; `closed()`: it never was there, or is no longer; last, and once.
    """

    opened = Signal()
    closed = Signal()

    def __init__(self, address: str, parent: QObject | None = None) -> None:
        """`address` as in DBUS_SESSION_BUS_ADDRESS."""
        super().__init__(parent)
        self.is_open = False
        self._has_ended = False
        self._address = address
        self._socket: socket.socket | None = None
        self._readable: QSocketNotifier | None = None
        self._writable: QSocketNotifier | None = None
        self._authenticator = Authenticator()
        self._parser = Parser()
        self._unsent = b""
        self._serial = 0
        self._waiting: dict[int, OnReply] = {}
        self._rules: list[tuple[Rule, OnSignal]] = []

    def open(self) -> None:
        """Begin to connect; `opened` or `closed` follows."""
        try:
            place = next(iter(get_connectable_addresses(self._address)))
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        except (ValueError, RuntimeError, StopIteration, OSError) as error:
            _log.info("no message bus: %s", error)
            self._end()
            return
        self._socket = connection
        connection.setblocking(False)
        try:
            connection.connect(place)
        except OSError as error:
            _log.info("no message bus: %s", error.strerror)
            self._end()
            return
        self._readable = QSocketNotifier(connection.fileno(), QSocketNotifier.Type.Read, self)
        self._readable.activated.connect(self._on_readable)
        self._writable = QSocketNotifier(connection.fileno(), QSocketNotifier.Type.Write, self)
        self._writable.setEnabled(False)
        self._writable.activated.connect(self._write)
        self._send_raw(self._authenticator.data_to_send() or b"")

    def close(self) -> None:
        """Leave the bus; what is waited for is not answered."""
        self._waiting.clear()
        self._end()

    def call(
        self,
        address: DBusAddress,
        member: str,
        signature: str = "",
        body: Body = (),
        on_reply: OnReply | None = None,
    ) -> None:
        """Call a method; `on_reply` gets what it returns, or None for an error or where there is no bus."""
        if self.is_open:
            self._send(new_method_call(address, member, signature or None, body), on_reply)
        elif on_reply is not None:
            on_reply(None)

    def watch(self, rule: Rule, on_signal: OnSignal) -> None:
        """Call `on_signal` with the arguments of every such signal, whatever they are."""
        self._rules.append((rule, on_signal))
        if self.is_open:
            self._ask_for(rule)

    def _ask_for(self, rule: Rule) -> None:
        match = MatchRule(
            type="signal",
            interface=rule.interface,
            member=rule.member,
            path=rule.path or None,
            sender=rule.sender or None,
        )
        if rule.argument:
            match.add_arg_condition(0, rule.argument)
        self._send(message_bus.AddMatch(match), None)

    def _send(self, message: Message, on_reply: OnReply | None) -> None:
        self._serial += 1
        if on_reply is not None:
            self._waiting[self._serial] = on_reply
        self._send_raw(message.serialise(serial=self._serial))

    def _send_raw(self, data: bytes) -> None:
        self._unsent += data
        self._write()

    def _write(self) -> None:
        if self._socket is None or self._writable is None:
            return
        try:
            while self._unsent:
                self._unsent = self._unsent[self._socket.send(self._unsent) :]
        except BlockingIOError:
            pass
        except OSError:
            self._end()
            return
        self._writable.setEnabled(bool(self._unsent))

    def _on_readable(self) -> None:
        if self._socket is None:
            return
        try:
            data = self._socket.recv(CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._end()
            return
        messages: list[Message] = []
        try:
            if self._authenticator.authenticated:
                self._parser.add_data(data)
                messages.extend(iter(self._parser.get_next_message, None))
            else:
                self._authenticate(data)
        except (AuthenticationError, *MALFORMED) as error:
            _log.warning("the message bus says what can't be read: %s", type(error).__name__)
            self._end()
        for message in messages:
            self._on_message(message)

    def _authenticate(self, data: bytes) -> None:
        self._authenticator.feed(data)
        if self._authenticator.authenticated:
            self._send_raw(BEGIN)
            self._send(message_bus.Hello(), self._on_hello)
        elif more := self._authenticator.data_to_send():
            self._send_raw(more)

    def _on_hello(self, name: Body | None) -> None:
        if self._has_ended:
            return
        if name is None:
            self._end()
            return
        self.is_open = True
        for rule, _ in self._rules:
            self._ask_for(rule)
        self.opened.emit()

    def _on_message(self, message: Message) -> None:
        if self._has_ended:
            return
        head: Mapping[HeaderFields, Any] = message.header.fields
        match message.header.message_type:
            case MessageType.method_return | MessageType.error as kind:
                on_reply = self._waiting.pop(head.get(HeaderFields.reply_serial, 0), None)
                if on_reply is not None:
                    on_reply(message.body if kind is MessageType.method_return else None)
            case MessageType.signal:
                for rule, on_signal in tuple(self._rules):
                    if _is_meant(rule, head, message.body):
                        on_signal(message.body)

    def _end(self) -> None:
        if self._has_ended:
            return
        self._has_ended = True
        self.is_open = False
        for notifier in (self._readable, self._writable):
            if notifier is not None:
                notifier.setEnabled(False)
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        waiting = tuple(self._waiting.values())
        self._waiting.clear()
        for on_reply in waiting:
            on_reply(None)
        self.closed.emit()


def system_bus_address(environment: Mapping[str, str]) -> str:
    """Where the bus of the machine is."""
    return environment.get("DBUS_SYSTEM_BUS_ADDRESS") or "unix:path=/run/dbus/system_bus_socket"


def session_bus_address(environment: Mapping[str, str]) -> str:
    """Where the bus of the session is; where nobody says so, the usual place."""
    runtime = environment.get("XDG_RUNTIME_DIR", "")
    return environment.get("DBUS_SESSION_BUS_ADDRESS") or f"unix:path={runtime}/bus"


def _is_meant(rule: Rule, head: Mapping[HeaderFields, Any], body: Body) -> bool:
    """Whether a signal is one of this rule. The bus itself has judged its sender, a number there."""
    return (
        head.get(HeaderFields.interface) == rule.interface
        and head.get(HeaderFields.member) == rule.member
        and head.get(HeaderFields.path) == (rule.path or head.get(HeaderFields.path))
        and (not rule.argument or body[:1] == (rule.argument,))
    )
