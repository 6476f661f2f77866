"""The main job in a real window on a desktop of its own, worked as a screen reader works it."""

from collections.abc import Callable

import pytest

from tests.desktop.processes import until
from tests.desktop.session import AppProcess, Desktop
from tests.servers.fake_server import (
    Exchange,
    FakeServer,
    chat_and_models,
    stream,
    text_event,
)

KEY = "sk-end-to-end-0123456789abcdef"


def never_ending(exchange: Exchange) -> None:
    """An answer that goes on until the client closes it."""
    exchange.begin_stream()
    exchange.send_chunk(text_event("It begins and goes on. "))
    exchange.wait_for_close(120)


def by_question(exchange: Exchange) -> None:
    if exchange.request.text == "Go on for ever":
        never_ending(exchange)
    else:
        stream("The answer is ", "forty-two.", usage=True)(exchange)


@pytest.mark.desktop
def test_from_welcome_to_restart(desktop: Desktop, app_process: Callable[..., AppProcess]) -> None:
    with FakeServer(chat_and_models(by_question, "test-model")) as server:
        app = app_process()
        screen = app.screen
        screen.find("Welcome")
        screen.press("Other endpoint")
        screen.set_text("Base URL", server.url, role="text")
        screen.set_text("API key", KEY, role="password text")
        screen.press("Test connection")
        screen.find(pattern="(?i)answered|found|model")
        screen.press("Start chatting")

        screen.set_text("Message", "Go on for ever")
        screen.press("Send")
        screen.find(pattern="^You: Go on for ever", within={"name": "Transcript"})
        screen.find(pattern="^Assistant: It begins", within={"name": "Transcript"})

        screen.press("New chat")
        screen.set_text("Message", "What is the answer?")
        screen.press("Send")
        screen.find(pattern="^Assistant: The answer is forty-two", within={"name": "Transcript"})
        assert desktop.secret(service="sirocco", username=server.origin) == KEY

        screen.select("Go on for ever", within={"name": "Chats"})
        screen.find(pattern="^Assistant: It begins", within={"name": "Transcript"})
        screen.press("Stop")
        screen.find("Send")
        until(lambda: server.open_connections <= 1, "the close of the stopped request")
        assert app.terminate() == 0

        again = app_process()
        screen = again.screen
        for title in ("Go on for ever", "What is the answer?"):
            screen.find(title, within={"name": "Chats"})
        screen.select("What is the answer?", within={"name": "Chats"})
        screen.find(pattern="^Assistant: The answer is forty-two", within={"name": "Transcript"})
        screen.select("Go on for ever", within={"name": "Chats"})
        screen.find(pattern="^Assistant: It begins", within={"name": "Transcript"})
        assert again.terminate() == 0
    leaks = [
        path
        for path in desktop.home.files()
        if KEY.encode() in path.read_bytes() and "keyrings" not in path.parts
    ]
    assert leaks == []
