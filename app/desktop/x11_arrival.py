"""What X11 must be told when a window comes because a person asked for it elsewhere."""

from __future__ import annotations

import logging

from app.desktop.x_server import FAULTS, XServer

# Of a program for its own windows a request may be refused, or only make the task bar blink (EWMH).
FROM_THE_PERSON = 2
ON_ALL = (0xFFFFFFFF,)

_log = logging.getLogger(__name__)


def fetch(display_name: str, window: int) -> None:
    """Let `window` be on the virtual desktop that is shown, where it is on another one."""
    try:
        _fetch(XServer(display_name), window)
    except FAULTS as error:
        _log.info("the window manager was not told: %s", error)


def insist(display_name: str, window: int) -> bool:
    """Make `window` the active one, although another program has been typed in since its last key.

    False where a window of ours has the keyboard already, or nobody can be asked.
    Some window managers (openbox) activate none on another virtual desktop, so that it comes here first.
    """
    try:
        server = XServer(display_name)
        if _is_ours(server, window):
            return False
        _fetch(server, window)
        server.tell_window_manager(window, "_NET_ACTIVE_WINDOW", FROM_THE_PERSON)
    except FAULTS as error:
        _log.info("the window manager was not told: %s", error)
        return False
    return True


def is_ours_in_front(display_name: str, window: int) -> bool:
    """Whether `window` or another one of its program has the keyboard; True where nobody can be asked."""
    try:
        return _is_ours(XServer(display_name), window)
    except FAULTS as error:
        _log.info("the X server doesn't say who has the keyboard: %s", error)
        return True


def end_startup(display_name: str, window: int, startup_id: str) -> None:
    """Let the launcher's busy pointer end: what it waits for is this start, which makes no window."""
    quoted = startup_id.replace("\\", "\\\\").replace('"', '\\"')
    text = f'remove: ID="{quoted}"'.encode() + b"\0"
    try:
        XServer(display_name).broadcast(window, "_NET_STARTUP_INFO", text)
    except FAULTS as error:
        _log.info("the launcher was not told: %s", error)


def _is_ours(server: XServer, window: int) -> bool:
    return server.client_of(server.focus()) == server.client_of(window)


def _fetch(server: XServer, window: int) -> None:
    here = server.numbers(server.root, "_NET_CURRENT_DESKTOP")[:1]
    there = server.numbers(window, "_NET_WM_DESKTOP")[:1]
    if here and there and there not in (here, ON_ALL):
        server.tell_window_manager(window, "_NET_WM_DESKTOP", *here, FROM_THE_PERSON)
