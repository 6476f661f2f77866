"""What a screen reader is told of answers in a real window."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator

import pytest

from tests.desktop.processes import until
from tests.desktop.session import AppProcess, Desktop, Keyring
from tests.end_to_end.answers import by_question
from tests.servers.fake_server import (
    DONE,
    Exchange,
    FakeServer,
    chat_and_models,
    finish_event,
    stream,
    text_event,
)

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.skipif(sys.platform != "linux", reason="the private desktop is made of Linux's parts"),
]

TRANSCRIPT = {"name": "Transcript"}
WINDS = """Winds are [described here](https://example.org/winds) in full.

| wind | knots |
|---|--:|
| mistral | 50 |
| bora, föhn | 60 |

```python
knots = 50
```
"""
SENTENCES = [f"This is sentence {number} of an answer that is read while it grows. " for number in range(4)]

GROWN = "".join(SENTENCES).strip()


def word_by_word(exchange: Exchange) -> None:
    """An answer in far more pieces than sentences, each in its own moment."""
    exchange.begin_stream()
    for word in "".join(SENTENCES).split(" "):
        exchange.send_chunk(text_event(f"{word} "))
        exchange.pause(0.05)
    exchange.send_chunk(finish_event() + DONE)
    exchange.end_stream()


@pytest.fixture
def desktop(make_desktop: Callable[[Keyring], Desktop]) -> Desktop:
    """No key is needed here, so there is no keyring."""
    return make_desktop(Keyring.ABSENT)


@pytest.fixture
def app(desktop: Desktop) -> Iterator[AppProcess]:
    answers = by_question({"Winds?": stream(WINDS), "Grow": word_by_word})
    with FakeServer(chat_and_models(answers, "test-model")) as server:
        endpoint = {"id": "here", "name": "Here", "base_url": server.url, "default_model": "test-model"}
        desktop.home.config.mkdir(mode=0o700)
        settings = desktop.home.config / "settings.json"
        settings.write_text(json.dumps({"endpoints": [endpoint]}), encoding="utf-8")
        yield desktop.start_app()


def ask(app: AppProcess, question: str, answer: str) -> None:
    """Ask, and wait for the end of the answer, which begins so."""
    app.screen.set_text("Message", question)
    app.screen.press("Send")
    app.screen.find(pattern=f"^Assistant: {answer}", within=TRANSCRIPT)

    def is_over() -> bool:
        node = app.screen.find(pattern=f"^Assistant: {answer}", within=TRANSCRIPT)
        return node.description == "Finished"

    until(is_over, f"the end of {answer!r}")


def test_tables_code_and_links_are_told(desktop: Desktop, app: AppProcess) -> None:
    ask(app, "Winds?", "Winds are")
    screen = app.screen
    said = [node.name for node in screen.children("Transcript") if ": " in node.name]
    assert said[0] == "You: Winds?"
    message = {"pattern": "^Assistant: Winds are"}
    table = screen.find(pattern="^Table", within=message)
    assert "2 columns" in table.name
    for line in ("wind, knots", "mistral, 50", "bora, föhn, 60"):
        screen.find(line, role="label", within=message)
    assert "knots = 50" in screen.text(pattern="^Python code", within=message)
    # Tab comes to the link, which is then what is selected.
    screen.focus(pattern=message["pattern"], within=TRANSCRIPT)
    texts = [screen.find(role="label", within=message, index=number).text for number in range(8)]
    at = next(number for number, text in enumerate(texts) if text.startswith("Winds are described"))
    word, line, is_editable = screen.around(None, "here", role="label", within=message, index=at)
    assert (word.strip(), line.strip(), is_editable) == ("here", "Winds are described here in full.", False)
    word, line, is_editable = screen.around(None, "50", pattern="^Python code", within=message)
    assert (word.strip(), line.strip(), is_editable) == ("50", "knots = 50", False)

    def is_at_link() -> bool:
        desktop.key("Tab")
        return screen.selected(role="label", within=message, index=at) == "described here"

    until(is_at_link, "the link by Tab")


def test_a_growing_answer_is_told_by_the_sentence_and_its_end_once(app: AppProcess) -> None:
    app.screen.find("Message")
    app.screen.listen()
    ask(app, "Grow", "This is sentence 0")
    until(lambda: bool(app.screen.heard("announcement")), "the announcement")
    assert app.screen.heard("announcement") == ["Answer ready"]
    told = [words for words in app.screen.heard("text-changed") if words.strip() and words in GROWN]
    end = 0
    for words in told:
        # Each begins where the one before has ended, or with its last letter.
        end = GROWN.find(words, max(0, end - 1)) + len(words)
    assert end == len(GROWN), told
    # A slow machine is told of some words in mid-sentence: those that had come after 2.5 s.
    assert len(told) < len(GROWN.split()) / 2


def test_the_menu_of_a_message_opens_by_either_key(app: AppProcess, desktop: Desktop) -> None:
    ask(app, "Winds?", "Winds are described here")
    # The first entry copies the message, the second one what the model wrote of it.
    for key, downs, copied in (
        ("shift+F10", 1, "Winds are described here in"),
        ("Menu", 2, "[described here]("),
    ):
        app.screen.focus(pattern="^Assistant: Winds", within=TRANSCRIPT)
        app.screen.wait_state(None, "focused", pattern="^Assistant: Winds", within=TRANSCRIPT)
        # Qt tells assistive technology of a menu when it opens, but shows it among no children.
        desktop.key(key, *["Down"] * downs, "Return")
        app.screen.focus("Message")
        app.screen.wait_state("Message", "focused")
        desktop.key("ctrl+v")
        app.screen.wait_text("Message", re.escape(copied))
        app.screen.set_text("Message", "")
