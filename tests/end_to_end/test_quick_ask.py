"""Quick Ask on a real desktop: over another window, answered, back to that window, on in the main one."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desktop.home import python
from tests.desktop.processes import until
from tests.desktop.screen_size import make_smaller
from tests.desktop.session import AppProcess, Desktop, Keyring
from tests.end_to_end.answers import Growing, by_question
from tests.servers.fake_server import FakeServer, chat_and_models

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.skipif(sys.platform != "linux", reason="the private desktop is made of Linux's parts"),
]

PASTE_WINDOW = Path(__file__).parents[1] / "desktop" / "paste_window.py"
CLIP_OWNER = Path(__file__).parents[1] / "desktop" / "clip_owner.py"
HERE = "Paste here"
QUESTION = "Why is the sea salty"


@pytest.fixture
def desktop(make_desktop: Callable[[Keyring], Desktop]) -> Desktop:
    """No key is needed here, so there is no keyring."""
    return make_desktop(Keyring.ABSENT)


@pytest.fixture
def answer() -> Growing:
    return Growing("Rivers bring salt. ", "The sun takes water. ", "The salt stays.")


@pytest.fixture
def app(desktop: Desktop, answer: Growing) -> Iterator[AppProcess]:
    """The app, set up for a server that answers piece by piece, minimised."""
    with FakeServer(chat_and_models(by_question({QUESTION: answer}), "test-model")) as server:
        endpoint = {"id": "here", "name": "Here", "base_url": server.url, "default_model": "test-model"}
        desktop.home.config.mkdir(mode=0o700)
        settings = desktop.home.config / "settings.json"
        settings.write_text(json.dumps({"endpoints": [endpoint]}), encoding="utf-8")
        app = desktop.start_app()
        app.screen.find("Message")
        (window,) = until(lambda: desktop.windows("^Sirocco$"), "the window")
        subprocess.run(["xdotool", "windowminimize", "--sync", window], env=desktop.env, check=True)
        yield app


@pytest.fixture(autouse=True)
def here(desktop: Desktop, app: AppProcess) -> AppProcess:
    """The window in which the person works."""
    here = desktop.start(python(), PASTE_WINDOW, desktop.home.path / "pasted")
    until(lambda: desktop.active == HERE, "the other window")
    return here


def of_window(desktop: Desktop, window: str, name: str) -> str:
    words = ["xprop", "-id", window, name]
    return subprocess.run(words, env=desktop.env, capture_output=True, text=True, check=False).stdout


def main_window(desktop: Desktop) -> str:
    return next(one for one in desktop.of_root("_NET_CLIENT_LIST") if desktop.title(one).endswith("Sirocco"))


def main_is_minimised(desktop: Desktop) -> bool:
    return "Iconic" in of_window(desktop, main_window(desktop), "WM_STATE")


def stacked(desktop: Desktop) -> list[str]:
    """The titles of all windows, the lowest first."""
    return [desktop.title(one) for one in desktop.of_root("_NET_CLIENT_LIST_STACKING")]


def bring_up(desktop: Desktop, app: AppProcess) -> None:
    """As a key of the desktop's own settings does."""
    assert desktop.start_app("--quick-ask").wait() == 0
    until(lambda: desktop.active == "Quick Ask", "the small window")
    app.screen.wait_state("Ask", "focused")


def press_down(desktop: Desktop, *keys: str) -> None:
    words = [word for key in keys for word in ("keydown", key)]
    subprocess.run(["xdotool", *words], env=desktop.env, check=True)


def let_go(desktop: Desktop, *keys: str) -> None:
    words = [word for key in keys for word in ("keyup", key)]
    subprocess.run(["xdotool", *words], env=desktop.env, check=True)


def test_it_comes_over_another_window_answers_and_gives_the_keyboard_back(
    desktop: Desktop, app: AppProcess, answer: Growing
) -> None:
    bring_up(desktop, app)
    assert main_is_minimised(desktop)
    desktop.type(QUESTION)
    desktop.key("Return")
    within = {"name": "Answer"}
    app.screen.find(pattern="^Assistant: Rivers bring salt", within=within)
    app.screen.find("Stop")
    answer.grow()
    app.screen.find(pattern="The sun takes water", within=within)
    desktop.key("Escape")
    app.screen.find("Copy")
    desktop.key("Escape")
    until(lambda: desktop.active == HERE, "the window of before")
    assert main_is_minimised(desktop)
    desktop.type("x")
    until((desktop.home.path / "pasted").exists, "the letter in the window of before")


def test_a_main_window_behind_others_stays_behind_them(desktop: Desktop, app: AppProcess) -> None:
    subprocess.run(["xdotool", "windowmap", main_window(desktop)], env=desktop.env, check=True)
    until(lambda: not main_is_minimised(desktop), "the main window")
    (other,) = until(lambda: desktop.windows(f"^{HERE}$"), "the other window")
    subprocess.run(["xdotool", "windowactivate", "--sync", other], env=desktop.env, check=True)
    until(lambda: stacked(desktop) == ["Sirocco", HERE], "the other window in front")
    bring_up(desktop, app)
    assert stacked(desktop) == ["Sirocco", HERE, "Quick Ask"]
    desktop.key("Escape")
    until(lambda: desktop.active == HERE, "the window of before")
    until(lambda: stacked(desktop) == ["Sirocco", HERE], "the small window's end")


def test_it_is_fetched_from_another_virtual_desktop_and_nobody_is_sent_there(
    desktop: Desktop, app: AppProcess
) -> None:
    bring_up(desktop, app)
    desktop.type("half a question")
    subprocess.run(["xdotool", "set_num_desktops", "2", "set_desktop", "1"], env=desktop.env, check=True)
    until(lambda: desktop.windows("^Quick Ask$") == [], "the other desktop")
    bring_up(desktop, app)
    words = ["xdotool", "get_desktop"]
    found = subprocess.run(words, env=desktop.env, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "1"
    app.screen.wait_text("Ask", "^half a question$")


def test_the_key_is_understood_by_an_app_that_hears_late_that_it_is_out_of_sight(
    desktop: Desktop, app: AppProcess
) -> None:
    bring_up(desktop, app)
    desktop.type("half a question")
    app.screen.wait_text("Ask", "^half a question$")
    until(lambda: "the hotkey Ctrl+Alt+Space is bound" in desktop.home.log, "the hotkey")
    # As on a busy machine: both come to its ears in one go, and Qt waits before it believes the first.
    app.process.send_signal(signal.SIGSTOP)
    try:
        subprocess.run(["xdotool", "set_num_desktops", "2", "set_desktop", "1"], env=desktop.env, check=True)
        until(lambda: desktop.windows("^Quick Ask$") == [], "the other desktop")
        desktop.key("ctrl+alt+space")
    finally:
        app.process.send_signal(signal.SIGCONT)
    until(lambda: desktop.active == "Quick Ask", "the small window")
    desktop.type(" more")
    app.screen.wait_text("Ask", "^half a question more$")


def test_it_stays_in_sight_on_a_screen_that_becomes_smaller(desktop: Desktop, app: AppProcess) -> None:
    bring_up(desktop, app)
    (quick,) = desktop.windows("^Quick Ask$")

    def place() -> list[int]:
        words = ["xdotool", "getwindowgeometry", "--shell", quick]
        found = subprocess.run(words, env=desktop.env, capture_output=True, text=True, check=True).stdout
        values = dict(line.split("=") for line in found.split())
        return [int(values[name]) for name in ("X", "Y", "WIDTH", "HEIGHT")]

    def is_in_sight() -> bool:
        left, top, width, height = place()
        return min(left, top) >= 0 and left + width <= 800 and top + height <= 600

    assert not is_in_sight()
    make_smaller(desktop.env["DISPLAY"], 800, 600)
    until(is_in_sight, "the small window on what is left of the screen")


def test_it_goes_on_in_the_main_window_in_mid_answer(
    desktop: Desktop, app: AppProcess, answer: Growing
) -> None:
    bring_up(desktop, app)
    desktop.type(QUESTION)
    desktop.key("Return")
    app.screen.find(pattern="^Assistant: Rivers bring salt", within={"name": "Answer"})
    desktop.key("ctrl+Return")
    until(lambda: desktop.active == f"{QUESTION} — Sirocco", "the main window")
    until(lambda: desktop.windows("^Quick Ask$") == [], "the end of the small window")
    within = {"name": "Transcript"}
    app.screen.find(pattern="^Assistant: Rivers bring salt", within=within)
    answer.grow()
    answer.grow()
    answer.grow()
    whole = "Assistant: Rivers bring salt. The sun takes water. The salt stays."
    app.screen.find(whole, within=within)
    until(lambda: app.screen.find(whole, within=within).description == "Finished", "the end of the answer")


def test_the_answer_is_pasted_back_and_the_clipboard_is_as_it_was(
    desktop: Desktop, app: AppProcess, here: AppProcess, answer: Growing
) -> None:
    other = desktop.start(python(), CLIP_OWNER, "what was copied")
    until(lambda: "copied" in other.output, "another program's text on the clipboard")
    bring_up(desktop, app)
    app.screen.find("Include copied text")
    desktop.type(QUESTION)
    desktop.key("Return")
    for _ in range(3):
        answer.grow()
    app.screen.find("Paste back")
    # The keys are still down when the other window has the keyboard: people aren't as quick as that.
    held = ("ctrl", "shift", "v")
    press_down(desktop, *held)
    until(lambda: desktop.active == HERE, "the window of before")
    until(lambda: other.output.endswith("The salt stays.\n"), "the text on the clipboard")
    let_go(desktop, *held)
    whole = "Rivers bring salt. The sun takes water. The salt stays."
    line = until(
        lambda: next((one for one in here.output.splitlines() if one.startswith("[{")), ""),
        "the text in the window of before",
    )
    assert [block["text"] for block in json.loads(line)] == [whole]
    until(lambda: other.output.endswith("clipboard: what was copied\n"), "the clipboard of before")
    assert main_is_minimised(desktop)
    bring_up(desktop, app)
    app.screen.find("Paste back")


def test_a_program_that_hangs_with_what_was_copied_keeps_nobody_waiting(
    desktop: Desktop, app: AppProcess, answer: Growing
) -> None:
    other = desktop.start(python(), CLIP_OWNER, "what was copied")
    until(lambda: "copied" in other.output, "another program's text on the clipboard")
    other.process.send_signal(signal.SIGSTOP)
    try:
        bring_up(desktop, app)
        desktop.type(QUESTION)
        desktop.key("Return")
        app.screen.find(pattern="^Assistant: Rivers bring salt", within={"name": "Answer"})
    finally:
        other.process.send_signal(signal.SIGCONT)
