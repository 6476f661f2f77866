"""The text that another program has copied, asked for without waiting for that program."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, cast

from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtGui import QGuiApplication
from Xlib import X
from Xlib.protocol import event, request

from app.desktop.x_server import FAULTS, XServer

MOST = 1024 * 1024  # bytes; a longer text is none
PROPERTY = "SIROCCO_COPIED"

_log = logging.getLogger(__name__)


class X11CopiedText(QObject):
    """Qt waits for the program that has the text, and where that hangs, for seconds; this doesn't."""

    def __init__(self, display_name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = display_name
        self._server: XServer | None = None
        self._notifier: QSocketNotifier | None = None
        self._window = 0
        self._done: Callable[[str], None] | None = None

    def read(self, done: Callable[[str], None]) -> None:
        """Give the text to `done` when it has come, which may be never; nothing where it is our own."""
        if QGuiApplication.clipboard().ownsClipboard():
            done("")
            return
        self._done = done
        try:
            server = self._server or self._connect()
            request.ConvertSelection(
                display=cast(Any, server),
                requestor=self._window,
                selection=server.atom("CLIPBOARD"),
                target=server.atom("UTF8_STRING"),
                property=server.atom(PROPERTY),
                time=X.CurrentTime,
            )
            server.flush()
        except FAULTS as error:
            self._give_up(error)

    def _connect(self) -> XServer:
        server = self._server = XServer(self._name)
        self._window = server.allocate_resource_id()
        request.CreateWindow(
            display=cast(Any, server),
            depth=0,
            wid=self._window,
            parent=server.root,
            x=0,
            y=0,
            width=1,
            height=1,
            border_width=0,
            window_class=X.InputOnly,
            visual=X.CopyFromParent,
        )
        self._notifier = QSocketNotifier(server.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_readable)
        return server

    def _on_readable(self) -> None:
        server = self._server
        if server is None:
            return
        try:
            while server.pending_events():
                told = server.next_event()
                if isinstance(told, event.SelectionNotify) and told.requestor == self._window:
                    self._finish(self._text(server) if told.property else "")
        except FAULTS as error:
            self._give_up(error)

    def _text(self, server: XServer) -> str:
        found = request.GetProperty(
            display=server,
            delete=1,
            window=self._window,
            property=server.atom(PROPERTY),
            type=X.AnyPropertyType,
            long_offset=0,
            long_length=MOST // 4,
        )
        form, value = found.value if found.value is not None else (0, b"")
        if form != 8 or found.bytes_after or found.property_type != server.atom("UTF8_STRING"):
            return ""
        return bytes(value).decode("utf-8", "replace")

    def _finish(self, text: str) -> None:
        done, self._done = self._done, None
        if done is not None:
            done(text)

    def _give_up(self, error: Exception) -> None:
        _log.info("what was copied can't be asked for: %s", type(error).__name__)
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier.deleteLater()
        self._server = self._notifier = None
        self._finish("")


class QtCopiedText:
    """What Qt has on the clipboard, at once."""

    def read(self, done: Callable[[str], None]) -> None:
        """Give the text to `done`; nothing where there is none, or it is our own."""
        clipboard = QGuiApplication.clipboard()
        data = None if clipboard.ownsClipboard() else clipboard.mimeData()
        done(data.text() if data is not None and data.hasText() else "")
