"""A key is in the keyring and nowhere else, whatever state the keyring is in (SEC-07 to SEC-14, REL-09)."""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.desktop.processes import until
from tests.desktop.screen_reader import ScreenReader
from tests.desktop.session import KEYRING_PASSWORD, AppProcess, Desktop, Keyring
from tests.end_to_end.traces import family, spellings, traces, traces_in_processes
from tests.servers.fake_server import (
    Exchange,
    FakeServer,
    Request,
    Script,
    chat_and_models,
    reply,
    stream,
)

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.skipif(sys.platform != "linux", reason="the private desktop is made of Linux's parts"),
]

KEY = "k-End2End/7+gq~Zx=40;kite&lantern%harbour-WXYZ"
TRANSCRIPT = {"name": "Transcript"}
CHATS = {"name": "Chats"}
SETTINGS = {"role": "dialog", "name": "Settings"}
# While a key is typed, and once it is stored.
MASKED: dict[str, Any] = {"role": "password text", "within": SETTINGS}
STORED: dict[str, Any] = {"role": "text", "within": SETTINGS}
KEPT_UNTIL_QUIT = "The key is kept until you quit, and never written to a file."
TELL_MY_KEY = "Tell me my key"
SECRETS = "/org/freedesktop/secrets"


class Room:
    """A desktop with the app on it, set up for one endpoint that has no key yet."""

    def __init__(self, desktop: Desktop, server: FakeServer, logs: Path) -> None:
        self.desktop = desktop
        self.server = server
        self.logs = logs
        self.temporary = desktop.home.path / "tmp"
        self.temporary.mkdir(mode=0o700)
        endpoint = {"id": "here", "name": "Here", "base_url": server.url, "default_model": "test-model"}
        desktop.home.config.mkdir(mode=0o700)
        settings = desktop.home.config / "settings.json"
        settings.write_text(json.dumps({"endpoints": [endpoint]}), encoding="utf-8")

    def start(self) -> AppProcess:
        """Start the app, which logs all that it ever logs."""
        env = {"SIROCCO_LOG": "DEBUG", "TMPDIR": str(self.temporary)}
        return self.desktop.start_app(env=env)

    def secret(self) -> str | None:
        return self.desktop.secret(service="sirocco", username=self.server.origin)

    def lock_keyring(self) -> None:
        """Lock it as the screen's lock may do."""
        words = ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.secrets", SECRETS]
        lock = ["org.freedesktop.Secret.Service.Lock", f"array:objpath:{SECRETS}/collection/login"]
        subprocess.run([*words, *lock], env=self.desktop.env, check=True, capture_output=True)

    def wait_for_question(self) -> None:
        """Wait until the system asks for the keyring's password, and hears what is typed."""
        until(lambda: self.desktop.active.startswith("Unlock"), "the question for the keyring's password")

    def assert_no_traces(self, app: AppProcess | None = None) -> None:
        """The key is in no file of the home folder or of the session, in no output and in no process."""
        folders = (self.desktop.home.path, Path(self.desktop.env["XDG_RUNTIME_DIR"]), self.logs)
        assert traces(KEY, *folders) == []
        if app is not None:
            pids = family(app.pid)
            assert app.pid in pids
            assert traces_in_processes(KEY, pids) == []
            shown = app.screen.tree() + app.screen.all_text()
            assert [way for way, spelling in spellings(KEY).items() if spelling.decode() in shown] == []


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer(chat_and_models(for_the_key_only, "test-model")) as server:
        yield server


@pytest.fixture
def make_room(
    tmp_path: Path, make_desktop: Callable[[Keyring], Desktop], server: FakeServer
) -> Callable[[Keyring], Room]:
    # The logs are the output of all that runs on the desktop.
    return lambda keyring: Room(make_desktop(keyring), server, tmp_path / "logs")


# -- the server ----------------------------------------------------------------------------------------


def for_the_key_only(exchange: Exchange) -> None:
    """Answers whoever has the key; whoever asks for it is told it, as careless servers do."""
    request = exchange.request
    script: Script = stream("You asked: ", request.text)
    if request.header("authorization") != f"Bearer {KEY}":
        script = reply(401, {"error": {"message": "A key is needed", "code": "missing_key"}})
    elif request.text == TELL_MY_KEY:
        forms = KEY, quote(KEY, safe=""), b64encode(KEY.encode()).decode()
        words = f"Incorrect API key provided: {', '.join(forms)}"
        script = reply(401, {"error": {"message": words, "code": "invalid_api_key"}})
    script(exchange)


def assert_only_authorised(requests: Sequence[Request]) -> None:
    """The key has come in the header Authorization, and in no other part of any request."""
    assert f"Bearer {KEY}" in {request.header("authorization") for request in requests}
    for request in requests:
        others = [pair for pair in request.headers if pair[0] != "authorization"]
        rest = repr((request.method, request.path, others)).encode() + request.body
        assert [way for way, spelling in spellings(KEY).items() if spelling in rest] == []
        assert request.header("authorization") in {None, f"Bearer {KEY}"}


# -- what a person does --------------------------------------------------------------------------------


def type_the_key(app: AppProcess, desktop: Desktop) -> None:
    """Open the settings, type the key on the keyboard, and save it."""
    screen = app.screen
    screen.press("Settings", role="push button")
    screen.wait_state("Settings", "active", role="dialog")
    screen.press("Endpoints", role="radio button", within=SETTINGS)
    screen.focus("API key", **MASKED)
    screen.wait_state("API key", "focused", **MASKED)
    desktop.type(KEY)
    screen.wait_text("API key", f"^.{{{len(KEY)}}}$", **MASKED)
    screen.press("Save", within=SETTINGS)


def new_chat(screen: ScreenReader) -> None:
    screen.press("New chat")
    screen.find("Sirocco", role="frame")


def ask(screen: ScreenReader, question: str) -> None:
    screen.set_text("Message", question)
    screen.press("Send")
    screen.find(f"You: {question}", within=TRANSCRIPT)


def hear(screen: ScreenReader, question: str) -> None:
    """Wait until the whole answer to this question is there."""
    screen.find(f"Assistant: You asked: {question}", within=TRANSCRIPT)


def ask_and_hear(screen: ScreenReader, question: str) -> None:
    ask(screen, question)
    hear(screen, question)
    screen.find("Send", role="push button")


# -- the keyring in its three states -------------------------------------------------------------------


def test_the_key_is_in_the_keyring_and_nowhere_else(make_room: Callable[[Keyring], Room]) -> None:
    room = make_room(Keyring.UNLOCKED)
    app = room.start()
    type_the_key(app, room.desktop)
    app.screen.find("Saved. The key is in your system keychain.")
    assert room.secret() == KEY
    assert app.screen.find("API key", **STORED).description == "In your system keychain"
    room.assert_no_traces(app)
    app.screen.press("Test connection", within=SETTINGS)
    app.screen.find(pattern=r"^Connected\.")

    ask_and_hear(app.screen, "Are you there?")
    ask(app.screen, TELL_MY_KEY)
    app.screen.find(pattern="^Here did not accept your key$", within=TRANSCRIPT)
    room.assert_no_traces(app)
    app.screen.press("Details", within=TRANSCRIPT)
    app.screen.find("Reply", within=TRANSCRIPT)
    room.assert_no_traces(app)
    assert app.terminate() == 0
    room.assert_no_traces()

    again = room.start()
    again.screen.find(f"You: {TELL_MY_KEY}", within=TRANSCRIPT)
    new_chat(again.screen)
    ask_and_hear(again.screen, "And now?")
    room.assert_no_traces(again)
    assert again.terminate() == 0
    room.assert_no_traces()
    assert_only_authorised(room.server.requests)


def test_without_a_keyring_the_key_is_kept_until_quit(make_room: Callable[[Keyring], Room]) -> None:
    room = make_room(Keyring.ABSENT)
    app = room.start()
    type_the_key(app, room.desktop)
    app.screen.find(f"Saved. {KEPT_UNTIL_QUIT}")
    assert app.screen.find("API key", **STORED).description == "Kept until you quit"
    app.screen.find("No keychain on this system", role="label")
    ask_and_hear(app.screen, "Are you there?")
    room.assert_no_traces(app)
    assert app.terminate() == 0
    room.assert_no_traces()

    again = room.start()
    hear(again.screen, "Are you there?")
    ask(again.screen, "Do you know me?")
    again.screen.find("Here needs an API key", role="label", within=TRANSCRIPT)
    assert room.server.requests[-1].header("authorization") is None
    assert again.terminate() == 0
    assert_only_authorised(room.server.requests)


def test_a_locked_keyring_keeps_nobody_waiting(make_room: Callable[[Keyring], Room]) -> None:
    room = make_room(Keyring.LOCKED)
    app = room.start()
    type_the_key(app, room.desktop)
    # The system asks for the keyring's password, and the keys thread waits for it; nobody else does. After
    # 15 s it is told otherwise, and the question may take some of them to come up.
    app.screen.find("Saving the key…")
    room.wait_for_question()
    ask_and_hear(app.screen, "Are you there?")

    room.desktop.key("Escape")
    app.screen.find(f"Your keychain is locked. {KEPT_UNTIL_QUIT}")
    app.screen.find("Your keychain is locked", role="label")
    ask_and_hear(app.screen, "And now?")
    room.assert_no_traces(app)
    assert app.terminate() == 0
    room.assert_no_traces()
    assert room.secret() is None
    assert_only_authorised(room.server.requests)


def test_a_keyring_that_does_not_answer_is_told_and_a_late_answer_counts(
    make_room: Callable[[Keyring], Room],
) -> None:
    room = make_room(Keyring.LOCKED)
    app = room.start()
    type_the_key(app, room.desktop)
    room.wait_for_question()
    # Nobody answers it; after 15 s it is told.
    app.screen.find(f"Your keychain does not answer yet. {KEPT_UNTIL_QUIT}", seconds=120)
    app.screen.find("Your keychain does not answer", role="label")
    app.screen.find("Try again", within=SETTINGS)
    ask_and_hear(app.screen, "Are you there?")
    app.screen.press("Keep until I quit", within=SETTINGS)
    app.screen.find(f"Saved. {KEPT_UNTIL_QUIT}")
    room.assert_no_traces(app)

    room.desktop.type(KEYRING_PASSWORD.decode())
    room.desktop.key("Return")
    app.screen.find("Saved. The key is in your system keychain.")
    app.screen.gone("Your keychain does not answer", role="label")
    assert room.secret() == KEY
    assert app.terminate() == 0
    room.assert_no_traces()
    assert_only_authorised(room.server.requests)


def test_with_a_keyring_locked_since_the_chats_can_be_read(make_room: Callable[[Keyring], Room]) -> None:
    room = make_room(Keyring.UNLOCKED)
    before = room.start()
    type_the_key(before, room.desktop)
    before.screen.find("Saved. The key is in your system keychain.")
    ask_and_hear(before.screen, "Are you there?")
    assert before.terminate() == 0
    room.lock_keyring()

    app = room.start()
    hear(app.screen, "Are you there?")
    new_chat(app.screen)
    ask(app.screen, "Do you still know me?")
    room.wait_for_question()
    app.screen.select("Are you there?", within=CHATS)
    hear(app.screen, "Are you there?")
    app.screen.find("Are you there? — Sirocco", role="frame")

    # Who says no is told what that means; who thinks better of it gets the answer.
    room.desktop.key("Escape")
    app.screen.find("Your keychain is locked", role="label")
    app.screen.select("Do you still know me?", within=CHATS)
    app.screen.find("Here needs an API key", role="label", within=TRANSCRIPT)
    # A server on this machine may need no key, so it was asked without one.
    assert room.server.requests[-1].header("authorization") is None
    app.screen.press("Try again", within=TRANSCRIPT)
    room.wait_for_question()
    room.desktop.type(KEYRING_PASSWORD.decode())
    room.desktop.key("Return")
    hear(app.screen, "Do you still know me?")
    room.assert_no_traces(app)
    assert app.terminate() == 0
    room.assert_no_traces()
    assert_only_authorised(room.server.requests)
