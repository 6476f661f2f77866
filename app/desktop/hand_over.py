"""What a second start says to the first: its form on the socket, and a way to say it before Qt is loaded."""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from app.desktop.start_options import Options

VERSION = 1
MAX_MESSAGE = 64 * 1024  # bytes of JSON (SEC-09)
MAX_TOKEN = 512  # characters
ANSWER = b"ok"
_LENGTH = struct.Struct(">I")
HEAD = _LENGTH.size
# Where a desktop puts what lets a start come to the front: Wayland's, then X11's, whose end is a time.
TOKEN_VARIABLES = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")


class Command(StrEnum):
    """What a second start may ask of the first. None of them sends or configures anything (SEC-16)."""

    SHOW = "show"
    ASK = "ask"
    QUIT = "quit"


class Message(NamedTuple):
    """One command; `text` is what ASK fills in, without sending it: with none, it shows or hides the window.

    `token` is what the desktop gave the second start, so that the first may come to the front in its place.
    """

    command: Command
    text: str = ""
    token: str = ""


class BadMessageError(Exception):
    """What came is no message of ours; the text says what is wrong, without what came."""


def message_of(options: Options, environment: Mapping[str, str]) -> Message:
    """What a start with these options has to say to the instance that is running."""
    token = next((environment[name] for name in TOKEN_VARIABLES if environment.get(name)), "")
    if options.quit:
        return Message(Command.QUIT)
    if options.quick_ask is not None:
        return Message(Command.ASK, options.quick_ask, token)
    return Message(Command.SHOW, token=token)


def encode(message: Message) -> bytes:
    """The message as bytes: a 4-byte big-endian length, then JSON. Text beyond the limit is cut."""
    text = message.text.encode("utf-8", "replace").decode()
    while True:
        data = {"v": VERSION, "cmd": message.command, "text": text, "token": checked_token(message.token)}
        body = json.dumps(data, ensure_ascii=False).encode()
        if len(body) <= MAX_MESSAGE:
            return _LENGTH.pack(len(body)) + body
        text = text[: len(text) - max(1, (len(body) - MAX_MESSAGE) // 4)]


def length_of(head: bytes) -> int:
    """Bytes of JSON that follow the 4 bytes of `head`; BadMessageError beyond the limit."""
    (length,) = _LENGTH.unpack(head)
    if not 0 < length <= MAX_MESSAGE:
        raise BadMessageError("length")
    return int(length)


def decode(body: bytes) -> Message:
    """Read the JSON of one message strictly; BadMessageError for anything else than what `encode` writes."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise BadMessageError("not JSON") from None
    match data:
        case {"v": 1, "cmd": str(command), **rest} if command in set(Command):
            text = rest.get("text", "")
            if not isinstance(text, str):
                raise BadMessageError("text")
            # A lone surrogate is valid JSON and no text.
            text = text.encode("utf-8", "replace").decode()
            return Message(Command(command), text, checked_token(rest.get("token")))
        case _:
            raise BadMessageError("version or command")


def checked_token(token: object) -> str:
    """`token` where it can be one, else none: it goes into the environment of the process that gets it."""
    is_one = isinstance(token, str) and len(token) <= MAX_TOKEN and token.isascii() and token.isprintable()
    return token if is_one and isinstance(token, str) else ""


def hand_over(path: Path, message: Message, seconds: float) -> bool:
    """Say `message` to the instance that listens at `path`; True once it has answered that it took it.

    False where nobody listens, where another user does, or where no answer comes within `seconds`.
    """
    if os.name != "posix":
        return False
    # Stale sockets are common and the module costs some milliseconds: look before importing it.
    if not path.exists():
        return False
    import socket

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(seconds)
        try:
            connection.connect(os.fsencode(path))
            connection.sendall(encode(message))
            return connection.recv(len(ANSWER)) == ANSWER
        except OSError:
            return False
