"""A person's first day in a real window, worked through the accessibility tree only."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from tests.desktop.processes import until
from tests.desktop.screen_reader import ScreenReader
from tests.desktop.session import AppProcess, Desktop
from tests.end_to_end.answers import PATIENCE, Growing, by_question
from tests.servers.fake_server import FakeServer, chat_and_models

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.skipif(sys.platform != "linux", reason="the private desktop is made of Linux's parts"),
]

KEY = "first-day-0123456789abcdef"
TRANSCRIPT = {"name": "Transcript"}
CHATS = {"name": "Chats"}

WELCOME_QUESTION = "Which wind comes from the desert?"
LONG_QUESTION = "Tell me a story without an end"
LAST_QUESTION = "What shall I read tonight?"


def test_the_first_day(desktop: Desktop, app_process: Callable[..., AppProcess]) -> None:
    first = Growing("The sirocco. ", "It comes from the Sahara. ")
    endless = Growing("Once upon a time: ", "There was a wind. ", is_finished=False)
    last = Growing("You could begin with this: ", is_finished=False)
    answers = by_question({WELCOME_QUESTION: first, LONG_QUESTION: endless, LAST_QUESTION: last})
    with FakeServer(chat_and_models(answers, "test-model")) as server:
        app = app_process()
        set_up(app.screen, server)
        requests_before = len(server.requests)
        ask_the_first(app.screen, first)
        assert requests_before == 1, "before the first question only the test of the connection is sent"
        assert desktop.secret(service="sirocco", username=server.origin) == KEY

        leave_one_streaming_and_ask_another(app.screen, endless)
        stop_the_endless(app.screen, endless)
        ask_and_quit_in_mid_answer(app, last)

        again = app_process()
        all_is_there(again.screen)
        goes_on_where_it_was(again.screen, server)
        assert again.terminate() == 0
    for process in (app, again):
        assert process.output == ""


def set_up(screen: ScreenReader, server: FakeServer) -> None:
    screen.find("Welcome")
    screen.find("Sirocco", role="frame")
    for choice in ("Mistral API", "Mistral AI", "Local server", "Other endpoint"):
        screen.find(choice, role="radio button")
    screen.press("Other endpoint")
    screen.set_text("Base URL", server.url, role="text")
    screen.set_text("API key", KEY, role="password text")
    assert server.requests == [], "nothing is contacted before the click"
    screen.press("Test connection")
    screen.find(pattern=r"^Connected\. One chat model is ready\.")
    assert server.requests[-1].header("authorization") == f"Bearer {KEY}"
    screen.press("Start chatting")
    screen.gone("Welcome")


def begin_new_chat(screen: ScreenReader) -> None:
    screen.press("New chat")
    # A press takes a moment; what is written before it has come would go into the other chat.
    screen.find("Sirocco", role="frame")
    screen.find("New chat", role="list item", within=CHATS)


def ask(screen: ScreenReader, question: str) -> None:
    screen.set_text("Message", question)
    screen.press("Send")
    screen.find(f"You: {question}", within=TRANSCRIPT)


def wait_for_state(screen: ScreenReader, answer: str, state: str) -> None:
    """Wait until a screen reader is told that this answer is in this state."""
    screen.wait_description(f"Assistant: {answer}", state, within=TRANSCRIPT)


def ask_the_first(screen: ScreenReader, answer: Growing) -> None:
    ask(screen, WELCOME_QUESTION)
    wait_for_state(screen, "The sirocco.", "Writing")
    screen.find("Stop", role="push button")
    screen.gone("Send", role="push button")
    answer.grow()
    wait_for_state(screen, "The sirocco. It comes from the Sahara.", "Writing")
    answer.grow()
    wait_for_state(screen, "The sirocco. It comes from the Sahara.", "Finished")
    screen.find("Send", role="push button")
    screen.find(f"{WELCOME_QUESTION} — Sirocco", role="frame")
    screen.find(WELCOME_QUESTION, role="list item", within=CHATS)


def leave_one_streaming_and_ask_another(screen: ScreenReader, endless: Growing) -> None:
    begin_new_chat(screen)
    ask(screen, LONG_QUESTION)
    wait_for_state(screen, "Once upon a time:", "Writing")
    begin_new_chat(screen)
    # Nothing runs in this one, so there is nothing to stop.
    screen.gone("Stop", role="push button")
    ask(screen, "Are you there?")
    wait_for_state(screen, "All is well.", "Finished")
    screen.wait_description(LONG_QUESTION, "answering", role="list item", within=CHATS)
    screen.wait_description("Are you there?", "", role="list item", within=CHATS)
    assert not endless.hung_up.is_set(), "who leaves a chat doesn't stop it"
    endless.grow()


def stop_the_endless(screen: ScreenReader, endless: Growing) -> None:
    screen.select(LONG_QUESTION, within=CHATS)
    wait_for_state(screen, "Once upon a time: There was a wind.", "Writing")
    screen.press("Stop", role="push button")
    assert endless.hung_up.wait(PATIENCE), "Stop ends the request"
    wait_for_state(screen, "Once upon a time: There was a wind.", "Stopped")
    screen.find("Stopped", role="label")
    screen.find("Send", role="push button")


def ask_and_quit_in_mid_answer(app: AppProcess, last: Growing) -> None:
    begin_new_chat(app.screen)
    ask(app.screen, LAST_QUESTION)
    wait_for_state(app.screen, "You could begin with this:", "Writing")
    assert app.terminate() == 0
    assert last.hung_up.wait(PATIENCE), "who leaves ends the request"


def all_is_there(screen: ScreenReader) -> None:
    # The last chat is open again, without a word of welcome.
    screen.find(f"{LAST_QUESTION} — Sirocco", role="frame")
    wait_for_state(screen, "You could begin with this:", "Interrupted")
    screen.find("Interrupted", role="label")
    titles = [LAST_QUESTION, "Are you there?", LONG_QUESTION, WELCOME_QUESTION]
    saw(lambda: screen.names("list item"), titles)
    for question, answer, state in (
        (WELCOME_QUESTION, "The sirocco. It comes from the Sahara.", "Finished"),
        ("Are you there?", "All is well.", "Finished"),
        (LONG_QUESTION, "Once upon a time: There was a wind.", "Stopped"),
    ):
        screen.select(question, within=CHATS)
        screen.find(f"{question} — Sirocco", role="frame")
        screen.find(f"You: {question}", within=TRANSCRIPT)
        wait_for_state(screen, answer, state)
        # The chat before may be on its way out still.
        saw(lambda: said(screen), [f"You: {question}", f"Assistant: {answer}"])


def said(screen: ScreenReader) -> list[str]:
    return [node.name for node in screen.children("Transcript") if ": " in node.name]


def saw(look: Callable[[], list[str]], wanted: list[str]) -> None:
    """Wait until this is seen; the failure tells what was seen instead."""
    seen: list[str] = []

    def is_seen() -> bool:
        seen[:] = look()
        return seen == wanted

    try:
        until(is_seen, "what was written")
    except AssertionError:
        assert seen == wanted
        raise


def goes_on_where_it_was(screen: ScreenReader, server: FakeServer) -> None:
    """The key is found in the keyring again, and the server is told what was said before."""
    screen.select(WELCOME_QUESTION, within=CHATS)
    screen.find("Assistant: The sirocco. It comes from the Sahara.", within=TRANSCRIPT)
    ask(screen, "And then?")
    wait_for_state(screen, "All is well.", "Finished")
    request = server.requests[-1]
    assert request.header("authorization") == f"Bearer {KEY}"
    assert [(one["role"], one["content"]) for one in request.json["messages"]] == [
        ("user", WELCOME_QUESTION),
        ("assistant", "The sirocco. It comes from the Sahara. "),
        ("user", "And then?"),
    ]
