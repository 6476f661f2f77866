"""The demo, and every way to leave in mid-answer, in a real window (DESIGN §6, REL-02, 12, 13, 18)."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from tests.desktop.home import Home, python
from tests.desktop.processes import Processes, until
from tests.desktop.screen_reader import ScreenReader
from tests.desktop.session import AppProcess, Desktop, Keyring
from tests.end_to_end.answers import PATIENCE, Growing
from tests.servers.fake_server import FakeServer, chat_and_models

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.skipif(sys.platform != "linux", reason="the private desktop is made of Linux's parts"),
]

TRANSCRIPT = {"name": "Transcript"}
BEGINNING = "A wind that blows from the Sahara over the sea to Europe. "
ANSWER = f"{BEGINNING}In spring and in autumn most of all; and"


@pytest.fixture
def desktop(make_desktop: Callable[[Keyring], Desktop]) -> Desktop:
    """No key is needed here, so there is no keyring."""
    return make_desktop(Keyring.ABSENT)


@pytest.fixture
def answer() -> Growing:
    """An answer that goes on for ever."""
    return Growing(BEGINNING, ANSWER.removeprefix(BEGINNING), is_finished=False)


@pytest.fixture
def server(desktop: Desktop, answer: Growing) -> Iterator[FakeServer]:
    """The server that the app on the desktop is set up for."""
    with FakeServer(chat_and_models(answer, "test-model")) as server:
        endpoint = {"id": "here", "name": "Here", "base_url": server.url, "default_model": "test-model"}
        desktop.home.config.mkdir(mode=0o700)
        settings = desktop.home.config / "settings.json"
        settings.write_text(json.dumps({"endpoints": [endpoint]}), encoding="utf-8")
        yield server


def ask(app: AppProcess, answer: Growing) -> None:
    """Ask, and wait until the beginning of the answer is on the screen, and then more of it."""
    app.screen.set_text("Message", "What is the sirocco?")
    app.screen.press("Send")
    app.screen.find(f"Assistant: {BEGINNING.strip()}", within=TRANSCRIPT)
    answer.grow()
    app.screen.find(f"Assistant: {ANSWER}", within=TRANSCRIPT)


def assert_interrupted(screen: ScreenReader) -> None:
    """The chat is open, with all that had come, and says in words how it ended."""
    screen.find("What is the sirocco? — Sirocco", role="frame")
    screen.find("You: What is the sirocco?", within=TRANSCRIPT)
    answer = screen.find(f"Assistant: {ANSWER}", within=TRANSCRIPT)
    assert answer.description == "Interrupted"
    screen.find("Interrupted", role="label", within=TRANSCRIPT)
    screen.find("Try again", within=TRANSCRIPT)
    screen.gone("Stop")


# -- the demo ------------------------------------------------------------------------------------------


def test_the_demo_answers_and_leaves_a_picture(desktop: Desktop, tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    app = desktop.start_app("--demo", "--first-question", "Which wind are you?", "--picture", str(picture))
    app.screen.find("You: Which wind are you?", within=TRANSCRIPT)
    assert app.wait(PATIENCE) == 0
    assert app.output == ""
    image = QImage(str(picture))
    assert image.width() >= 640
    assert image.height() >= 480
    colours = {image.pixel(x, y) for x in range(0, image.width(), 4) for y in range(0, image.height(), 4)}
    assert len(colours) > 50, "the picture is blank"

    # The long answer has pushed the question out of sight.
    again = desktop.start_app("--demo")
    again.screen.find("Which wind are you? — Sirocco", role="frame")
    said = again.screen.find(pattern="^Assistant: .{10}", within=TRANSCRIPT)
    assert said.description == "Finished"
    assert again.terminate() == 0


def test_the_demo_is_one_click_from_the_welcome_page(desktop: Desktop) -> None:
    app = desktop.start_app()
    app.screen.press("Try the offline demo")
    app.screen.gone("Welcome")
    app.screen.find(pattern=".+, In this app$")
    app.screen.set_text("Message", "Hello")
    app.screen.press("Send")
    app.screen.find(pattern="^Assistant: .{10}", within=TRANSCRIPT)
    assert app.terminate() == 0
    assert app.output == ""


# -- leaving -------------------------------------------------------------------------------------------


def test_SIGTERM_in_mid_answer_keeps_what_has_come(
    desktop: Desktop, server: FakeServer, answer: Growing
) -> None:
    app = desktop.start_app()
    ask(app, answer)
    assert app.terminate(PATIENCE) == 0
    assert answer.hung_up.wait(PATIENCE)
    assert app.output == ""

    again = desktop.start_app()
    assert_interrupted(again.screen)
    assert again.terminate() == 0


def test_quit_by_a_key_in_mid_answer_does_the_same(
    desktop: Desktop, server: FakeServer, answer: Growing
) -> None:
    app = desktop.start_app()
    ask(app, answer)
    app.screen.wait_state("What is the sirocco? — Sirocco", "active", role="frame")
    desktop.key("ctrl+q")
    assert app.wait(PATIENCE) == 0
    assert answer.hung_up.wait(PATIENCE)

    again = desktop.start_app()
    assert_interrupted(again.screen)
    assert again.terminate() == 0


def test_kill_9_in_mid_answer_loses_no_more_than_the_last_moment(
    desktop: Desktop, server: FakeServer, answer: Growing
) -> None:
    app = desktop.start_app()
    ask(app, answer)
    # What has come is written within 250 ms, the promise of REL-02; here the file itself tells.
    until(lambda: _is_stored(desktop.home, ANSWER[-20:]), "the answer on disk")
    app.kill()
    assert answer.hung_up.wait(PATIENCE)

    again = desktop.start_app()
    assert_interrupted(again.screen)
    assert again.terminate() == 0


def _is_stored(home: Home, text: str) -> bool:
    """Whether the database, or its log, holds these words."""
    return any(text.encode() in path.read_bytes() for path in home.data.glob("sirocco.db*"))


def test_a_second_start_shows_the_window_of_the_first(desktop: Desktop, server: FakeServer) -> None:
    first = desktop.start_app()
    first.screen.find("Message")
    (window,) = until(lambda: desktop.windows("^Sirocco$"), "the window")
    second = desktop.start_app()
    assert second.wait(PATIENCE) == 0
    assert second.output == ""
    assert desktop.windows("^Sirocco$") == [window]
    first.screen.wait_state("Sirocco", "active", role="frame")
    assert desktop.start_app("--quit").wait(PATIENCE) == 0
    assert first.wait(PATIENCE) == 0


def test_without_a_display_one_line_says_so(private_home: Home, processes: Processes) -> None:
    env = {name: value for name, value in private_home.env.items() if name != "QT_QPA_PLATFORM"}
    process = processes.start([python(), "-m", "app"], env)
    assert process.wait(PATIENCE) == 2
    output = processes.output_of(process)
    assert output.count("\n") == 1
    assert "no display" in output
    assert not private_home.data.exists(), "nothing was begun"
