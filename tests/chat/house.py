"""The parts of the client without a window, put together as the app does it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.api.environment import environment_key
from app.chat.connections import Connections
from app.chat.disk import Disk
from app.chat.keys import Keys
from app.chat.library import Library
from app.chat.network import Network, client_maker
from app.chat.preferences import Preferences
from app.chat.session import ChatSession
from app.core.provider import Endpoint
from app.store.api_keys import ApiKeyring
from tests.chat.loopback import WATCHDOG_SECONDS, Call, LoopbackServer


class MemoryKeyring(KeyringBackend):
    """The system's keyring, as long as the test lives."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.passwords: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.passwords.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.passwords[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.passwords.pop((service, username), None) is None:
            raise PasswordDeleteError("not found")


class SilentKeyring(MemoryKeyring):
    """A keyring that shows a prompt, and waits for as long as nobody answers that."""

    def __init__(self) -> None:
        super().__init__()
        self.answered = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        assert self.answered.wait(WATCHDOG_SECONDS)
        return super().get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        assert self.answered.wait(WATCHDOG_SECONDS)
        super().set_password(service, username, password)


class House:
    """Everything below the window, on real threads and a real disk."""

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str] | None = None,
        make_keyring: Callable[[], ApiKeyring] | None = None,
        budget_seconds: float = 15.0,
        demo: Endpoint | None = None,
    ) -> None:
        environment = environment or {}
        self.root = QObject()
        self.backend = MemoryKeyring()
        make = make_keyring or (lambda: ApiKeyring(backend=self.backend))
        self.disk = Disk(folder / "sirocco.db", self.root)
        self.preferences = Preferences(folder / "settings.json", self.disk, environment, demo, self.root)
        self.network = Network(client_maker(self.preferences.current, environment), self.root)
        self.keys = Keys(make, environment_key(environment), budget_seconds, self.root)
        self.connections = Connections(self.network, self.keys, self.preferences, self.root)
        self.library = Library(
            self.network, self.disk, self.keys, self.preferences, self.connections, self.root
        )

    def start(self) -> None:
        self.disk.start()
        self.network.start()
        self.keys.start()

    def use(self, base_url: str, model: str = "test-model") -> Endpoint:
        """Make an endpoint at this address the default, as the settings dialog does."""
        endpoint = Endpoint("here", "Here", base_url, model)
        self.preferences.save_endpoint(endpoint)
        return endpoint

    def new_session(self) -> ChatSession:
        return self.library.new_session()


def text_of(session: ChatSession) -> list[str]:
    """What the shown messages say."""
    return [turn.text for turn in session.path]


def next_call(qtbot: QtBot, server: LoopbackServer) -> Call:
    """Wait until the server is asked; return what it was asked."""
    calls: list[Call] = []

    def has_come() -> bool:
        call = server.take_call()
        if call is not None:
            calls.append(call)
        return bool(calls)

    qtbot.waitUntil(has_come, timeout=int(WATCHDOG_SECONDS * 1000))
    return calls[0]
