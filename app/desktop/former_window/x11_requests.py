"""Who asks for what is on the clipboard, as the X server tells its owner."""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication

SELECTION_REQUEST = 30  # its code in the X protocol
SENT = 0x80  # set where another client made the event
# code, detail, sequence, time, owner, requestor, selection, target, property
_FIELDS = struct.Struct("=BBHIIIIII")


class SelectionRequests(QAbstractNativeEventFilter):
    """Hears every request that Qt answers; `heard(requestor, selection, target)` comes before the answer."""

    def __init__(self, heard: Callable[[int, int, int], None]) -> None:
        super().__init__()
        self._heard = heard

    def start(self) -> None:
        """Listen: every event comes by from now on, so not for longer than needed."""
        application = QCoreApplication.instance()
        if application is not None:
            application.installNativeEventFilter(self)

    def stop(self) -> None:
        """Listen no more."""
        application = QCoreApplication.instance()
        if application is not None:
            application.removeNativeEventFilter(self)

    def nativeEventFilter(
        self, event_type: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> tuple[bool, int]:
        if event_type == b"xcb_generic_event_t":
            raw = ctypes.string_at(int(message), _FIELDS.size)
            code, _, _, _, _, requestor, selection, target, _ = _FIELDS.unpack(raw)
            if code & ~SENT == SELECTION_REQUEST:
                self._heard(requestor, selection, target)
        return False, 0
