"""The session bus, waited for on a thread of its own, from which another thread can call it away."""

from __future__ import annotations

import selectors
import socket
import time
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Any

from jeepney.auth import AuthenticationError
from jeepney.bus_messages import MatchRule, message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.low_level import HeaderFields, Message, MessageType

from app.desktop.message_bus import MALFORMED

CALL_SECONDS = 25.0  # what a service may take that the bus has to start first


class BusError(Exception):
    """The bus isn't there, or is there no more."""


class StoppedError(Exception):
    """Another thread wants the wait to end."""


class CallFailedError(Exception):
    """A service has answered with an error of this D-Bus `name`, or not at all (an empty one)."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(f"{name}: {text}")
        self.name = name


class Stopper:
    """Ends the waits of a connection from another thread, also those that begin later."""

    def __init__(self) -> None:
        self._read, self._write = socket.socketpair()
        self.fileno = self._read.fileno

    def stop(self) -> None:
        """End the wait."""
        if self._write.fileno() >= 0:
            self._write.send(b"\0")

    def close(self) -> None:
        """Give the sockets back; nobody waits and nobody stops any more."""
        self._read.close()
        self._write.close()


class SessionBus:
    """A connection to the session bus. `with` closes it, which ends all that belongs to it elsewhere."""

    def __init__(self, address: str, stopper: Stopper) -> None:
        """Connect; BusError where nobody answers."""
        try:
            self._connection: DBusConnection = open_dbus_connection(address)
        except (OSError, ValueError, RuntimeError, AuthenticationError, StopIteration) as fault:
            raise BusError(type(fault).__name__) from fault
        self._waiting: deque[Message] = deque()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._connection.sock, selectors.EVENT_READ)
        self._selector.register(stopper, selectors.EVENT_READ, "stop")

    def __enter__(self) -> SessionBus:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._selector.close()
        self._connection.close()

    def subscribe(self, rule: MatchRule) -> None:
        """Get the signals that `rule` describes from now on."""
        self.call(message_bus.AddMatch(rule))

    def call(self, message: Message) -> tuple[Any, ...]:
        """Send a call and return the body of its answer; CallFailedError where that is an error."""
        serial = next(self._connection.outgoing_serial)
        try:
            self._connection.send(message, serial=serial)
        except OSError as fault:
            raise BusError(type(fault).__name__) from fault
        answer = self.wait(
            lambda one: one.header.fields.get(HeaderFields.reply_serial) == serial, CALL_SECONDS
        )
        if answer is None:
            raise CallFailedError("", "no answer")
        if answer.header.message_type is MessageType.error:
            name = str(answer.header.fields.get(HeaderFields.error_name, ""))
            raise CallFailedError(name, str(answer.body[0]) if answer.body else "")
        return tuple(answer.body)

    def wait(self, is_it: Callable[[Message], bool], seconds: float | None = None) -> Message | None:
        """The next message that `is_it`; others wait for their turn. None where it doesn't come in time."""
        for message in self._waiting:
            if is_it(message):
                self._waiting.remove(message)
                return message
        end = None if seconds is None else time.monotonic() + seconds
        while (message := self._next(end)) is not None:
            if is_it(message):
                return message
            self._waiting.append(message)
        return None

    def _next(self, end: float | None) -> Message | None:
        """The next message that arrives before `end`; StoppedError as soon as the wait is to stop."""
        while True:
            try:
                received: Message = self._connection.receive(timeout=0)
            except TimeoutError:
                left = None if end is None else end - time.monotonic()
                if left is not None and left <= 0:
                    return None
                if any(key.data == "stop" for key, _events in self._selector.select(left)):
                    raise StoppedError from None
            except (OSError, *MALFORMED) as fault:
                raise BusError(type(fault).__name__) from fault
            else:
                return received
