"""A desktop behind the real portal: grants what is asked for, and presses it at once when told to.

`portal_backend.py ADDRESS`: each line of stdin is one press; each line of stdout is a call that came.
"""

from __future__ import annotations

import sys
import threading
from typing import Any

from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection
from jeepney.low_level import HeaderFields, Message, MessageType
from jeepney.wrappers import DBusAddress, new_method_return, new_signal

NAME = "org.freedesktop.impl.portal.desktop.tested"
SHORTCUTS = "org.freedesktop.impl.portal.GlobalShortcuts"


class Backend:
    def __init__(self, address: str) -> None:
        self.bus = open_dbus_connection(address)
        self.session = ""
        self.bus.send_and_get_reply(message_bus.RequestName(NAME))
        print("ready", flush=True)

    def serve(self) -> None:
        while True:
            message = self.bus.receive()
            if message.header.message_type is MessageType.method_call:
                self.answer(message, message.header.fields[HeaderFields.member])

    def answer(self, message: Message, member: str) -> None:
        print(member, flush=True)
        match member:
            case "GetAll":
                self.bus.send(new_method_return(message, "a{sv}", ({"version": ("u", 1)},)))
            case "CreateSession":
                self.session = message.body[1]
                self.bus.send(new_method_return(message, "ua{sv}", (0, {})))
            case "ListShortcuts":
                self.grant(message, [])
            case "BindShortcuts":
                self.grant(message, message.body[2])
            case _:
                self.bus.send(new_method_return(message))

    def grant(self, message: Message, wanted: list[tuple[str, dict[str, Any]]]) -> None:
        granted = [
            (name, {"description": about["description"], "trigger_description": about["preferred_trigger"]})
            for name, about in wanted
        ]
        results = {"shortcuts": ("a(sa{sv})", granted)}
        self.bus.send(new_method_return(message, "ua{sv}", (0, results)))

    def press_when_told(self) -> None:
        address = DBusAddress("/org/freedesktop/portal/desktop", interface=SHORTCUTS)
        for line in sys.stdin:
            options = {"activation_token": ("s", line.strip())}
            body = (self.session, "quick-ask", 0, options)
            self.bus.send(new_signal(address, "Activated", "osta{sv}", body))


backend = Backend(sys.argv[1])
threading.Thread(target=backend.press_when_told, daemon=True).start()
backend.serve()
