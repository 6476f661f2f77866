"""Another program on a message bus: a notification server, a panel, or who calls ours."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Mapping
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    new_error,
    new_method_call,
    new_method_return,
    new_signal,
)
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

from tests.desktop.processes import until

WATCHDOG = 60.0  # seconds
Reply = tuple[str, tuple[Any, ...]]  # a signature and what it stands for


class BusPeer:
    """Owns a name, answers calls and keeps them.

    `answers` gives for each method the answer to its arguments, None for silence; another one is an error.
    """

    def __init__(self, address: str, name: str, answers: Mapping[str, Callable[..., Reply | None]]) -> None:
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.senders: list[str] = []
        self._answers = answers
        self._connection = open_dbus_connection(bus=address)
        self._connection.send_and_get_reply(message_bus.RequestName(name))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                message = self._connection.receive()
                if message.header.message_type is MessageType.method_call:
                    self._answer(message)
            except (OSError, ValueError):
                return

    def _answer(self, message: Message) -> None:
        member = message.header.fields[HeaderFields.member]
        answer = self._answers.get(member)
        if answer is None:
            reply = new_error(message, "org.freedesktop.DBus.Error.UnknownMethod")
        else:
            said = answer(*message.body)
            reply = new_method_return(message, said[0] or None, said[1]) if said is not None else None
        if reply is not None:
            self._connection.send(reply)
        # Only now: a test may go on as soon as it sees the call.
        self.senders.append(message.header.fields[HeaderFields.sender])
        self.calls.append((member, message.body))

    def arguments(self, member: str, number: int = 0) -> tuple[Any, ...]:
        """What this method was called with for the time of this number; waits for it."""
        return until(lambda: self._arguments(member)[number:], f"a call of {member}")[0]

    def _arguments(self, member: str) -> list[tuple[Any, ...]]:
        return [body for called, body in self.calls if called == member]

    def emit(self, path: str, interface: str, member: str, signature: str, body: tuple[Any, ...]) -> None:
        """Send a signal to all who asked for it."""
        self._connection.send(new_signal(DBusAddress(path, interface=interface), member, signature, body))

    def close(self) -> None:
        """Leave the bus."""
        with contextlib.suppress(OSError):
            self._connection.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(WATCHDOG)
        self._connection.close()


def call(
    address: str, to: DBusAddress, member: str, signature: str = "", body: tuple[Any, ...] = ()
) -> tuple[Any, ...] | None:
    """Call a method of another program as a program of its own; returns the answer, None for an error."""
    with open_dbus_connection(bus=address) as connection:
        message = new_method_call(to, member, signature or None, body)
        reply = connection.send_and_get_reply(message, timeout=WATCHDOG)
    return tuple(reply.body) if reply.header.message_type is MessageType.method_return else None
