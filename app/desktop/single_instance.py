"""Where the one instance of a data folder hears what later starts have to say."""

from __future__ import annotations

import logging
import os
import struct
import sys
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from app.desktop.hand_over import (
    ANSWER,
    HEAD,
    MAX_MESSAGE,
    BadMessageError,
    Command,
    Message,
    decode,
    length_of,
)

MAX_PEERS = 8
PEER_MILLISECONDS = 2000

_log = logging.getLogger(__name__)


class InstanceServer(QObject):
    """Listens for later starts.

    Signals: show_asked(token), ask_asked(text, token), quit_asked(). A peer may do no more than that, once
    a connection, within 2 s, in 64 KiB, as the same user (SEC-09). `token` is what the desktop lets a window
    come to the front for, or empty.
    """

    show_asked = Signal(str)
    ask_asked = Signal(str, str)
    quit_asked = Signal()

    def __init__(self, socket_path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = socket_path
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.setMaxPendingConnections(MAX_PEERS)
        self._server.newConnection.connect(self._on_new_connection)
        self._peers: set[_Peer] = set()

    def listen(self) -> bool:
        """Start to listen, over whatever a dead instance left. Only who holds the lock may call this."""
        name = str(self._path) if os.name == "posix" else self._path.name
        # It would take the name from a living server as well (SEC-09): the lock says that there is none.
        QLocalServer.removeServer(name)
        if self._server.listen(name):
            return True
        _log.warning("can't listen for later starts: %s", self._server.serverError().name)
        return False

    def close(self) -> None:
        """Stop listening."""
        self._server.close()
        for peer in tuple(self._peers):
            peer.drop()

    def _on_new_connection(self) -> None:
        while self._server.hasPendingConnections():
            connection = self._server.nextPendingConnection()
            if len(self._peers) >= MAX_PEERS or not _is_same_user(connection):
                connection.abort()
                connection.deleteLater()
                continue
            peer = _Peer(connection, self)
            self._peers.add(peer)
            peer.said.connect(self._on_said)
            peer.ended.connect(self._on_ended)

    def _on_said(self, message: Message) -> None:
        _log.info("a later start says: %s", message.command)
        match message.command:
            case Command.SHOW:
                self.show_asked.emit(message.token)
            case Command.ASK:
                self.ask_asked.emit(message.text, message.token)
            case Command.QUIT:
                self.quit_asked.emit()

    def _on_ended(self, peer: _Peer) -> None:
        self._peers.discard(peer)


class _Peer(QObject):
    """One connection, from its first byte to its one message.

    Signals: said(Message), ended(self). Deletes itself on its last signal.
    """

    said = Signal(object)
    ended = Signal(object)

    def __init__(self, connection: QLocalSocket, parent: QObject) -> None:
        super().__init__(parent)
        self._connection = connection
        self._received = b""
        self._has_said = False
        self._has_ended = False
        connection.setParent(self)
        connection.setReadBufferSize(HEAD + MAX_MESSAGE)
        connection.readyRead.connect(self._on_ready_read)
        connection.disconnected.connect(self.drop)
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.setInterval(PEER_MILLISECONDS)
        self._clock.timeout.connect(self.drop)
        self._clock.start()
        self._on_ready_read()

    def drop(self) -> None:
        """End the connection, whatever came of it."""
        if self._has_ended:
            return
        self._has_ended = True
        self._connection.abort()
        self.ended.emit(self)
        self.deleteLater()

    def _on_ready_read(self) -> None:
        if self._has_said or self._has_ended or not self._connection.bytesAvailable():
            return
        self._received += self._connection.readAll().data()
        try:
            if len(self._received) < HEAD:
                return
            length = length_of(self._received[:HEAD])
            if len(self._received) < HEAD + length:
                return
            message = decode(self._received[HEAD : HEAD + length])
        except BadMessageError as problem:
            _log.warning("a later start said something else than a message: %s", problem)
            self.drop()
            return
        # Dropping the connection would throw the answer away: its other end closes it, or else the clock.
        self._has_said = True
        self._connection.write(ANSWER)
        self._connection.flush()
        # Who has hung up meanwhile waited in vain, and says it once more: it isn't to be done twice.
        if self._connection.state() is QLocalSocket.LocalSocketState.ConnectedState:
            self.said.emit(message)


def _is_same_user(connection: QLocalSocket) -> bool:
    """True where the kernel says that the peer is our own user; elsewhere the socket's folder must do."""
    if sys.platform != "linux":
        return True
    import socket

    with socket.socket(fileno=os.dup(connection.socketDescriptor())) as peer:
        size = struct.calcsize("3i")
        _pid, uid, _gid = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return bool(uid == os.getuid())
