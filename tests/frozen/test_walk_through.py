"""A person's first time with Sirocco, from the download to its removal: each step done, counted and pictured.

It leaves the pictures and the table in build/walk: `dev.py test --heavy tests/frozen/test_walk_through.py`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from app.desktop.paths import APP_ID
from build_scripts.build.places import ROOT
from build_scripts.build.release import this_release
from build_scripts.build.steps import Plan, run
from build_scripts.build.tarball import build_tarball
from tests.desktop.home import python
from tests.desktop.processes import until
from tests.desktop.screen_reader import ScreenReader
from tests.desktop.session import Desktop
from tests.end_to_end.answers import by_question
from tests.end_to_end.test_first_day import TRANSCRIPT
from tests.end_to_end.test_tray import TRAYER
from tests.frozen.made_once import frozen_app
from tests.frozen.person import Person, up_to
from tests.servers.fake_proxy import proxy
from tests.servers.fake_server import (
    DONE,
    Exchange,
    FakeServer,
    Script,
    chat_and_models,
    finish_event,
    text_event,
)
from tests.servers.tls import Authority

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.heavy,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(sys.platform != "linux", reason="the private desktop is made of Linux's parts"),
]
PICTURES = ROOT / "build" / "walk"
PASTE_WINDOW = Path(__file__).parents[1] / "desktop" / "paste_window.py"
KEY = "walk-0123456789abcdef0123456789abcdef"
DEMO_QUESTION = "What can you show me?"
QUESTION = "Which wind comes from the desert?"
ANSWER = """The **sirocco**. It blows from the Sahara over the sea to southern Europe.

| Wind | From | Reaches |
|---|---|---|
| Sirocco | the Sahara | Italy, Greece |
| Mistral | the Rhône valley | the Riviera |

It can last for days."""
QUICK_QUESTION = "And in one word?"
QUICK_ANSWER = "In one word: sirocco."


class World:
    """The internet as far as this desktop sees it: `api.mistral.com`, reached through a proxy."""

    def __init__(self, folder: Path) -> None:
        authority = Authority(folder)
        answers = by_question({QUESTION: spoken(ANSWER), QUICK_QUESTION: spoken(QUICK_ANSWER)})
        chat = chat_and_models(answers, "Mistral-chat")
        self.provider = FakeServer(chat, tls=authority.context_of("api.mistral.com"))
        self._proxy = FakeServer(proxy(self.provider.port))
        self.env = {"HTTPS_PROXY": self._proxy.origin, "SSL_CERT_FILE": authority.ca_file}

    def close(self) -> None:
        self._proxy.close()
        self.provider.close()


def spoken(text: str) -> Script:
    """An answer that comes word by word, about as fast as a usual model's."""

    def play(exchange: Exchange) -> None:
        exchange.begin_stream()
        for word in text.split(" "):
            exchange.send_chunk(text_event(f"{word} "))
            exchange.pause(0.02)
        exchange.send_chunk(finish_event() + DONE)
        exchange.end_stream()

    return play


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a person downloads; it is larger than what is released, for the sake of time."""
    release = this_release(os.environ, level=0)
    return build_tarball(frozen_app(Plan()), tmp_path_factory.mktemp("dist"), release, run)


@pytest.fixture
def person(desktop: Desktop) -> Person:
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
    return Person(desktop, PICTURES)


def test_from_the_download_to_the_removal(
    desktop: Desktop,
    person: Person,
    world: World,
    archive: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    here = desktop.home.path
    desktop.start(python(), PASTE_WINDOW, here / "pasted")
    until(lambda: desktop.windows("^Paste here$"), "the window of another app")
    desktop.start(*TRAYER)
    before = set(desktop.home.files())
    install(desktop, person, archive)
    start(desktop, person, world)
    look_around(person)
    enter_the_key(person)
    ask(person)
    request = world.provider.requests[-1]
    assert request.header("authorization") == f"Bearer {KEY}"
    assert desktop.secret(service="sirocco", username="https://api.mistral.com:443") == KEY
    ask_quickly(desktop, person)
    close(desktop, person)
    remove(desktop, person)

    left = {path.relative_to(here).as_posix() for path in set(desktop.home.files()) - before}
    owned = (".local/share/sirocco/", ".config/sirocco/settings.json", ".local/share/keyrings/", "Downloads/")
    caches = {".local/share/applications/mimeinfo.cache", ".local/share/icons/hicolor/icon-theme.cache"}
    assert [name for name in sorted(left - caches) if not name.startswith(owned)] == []
    assert ".local/share/sirocco/sirocco.db" in left

    way = [stage for stage in up_to(person.stages, "first answer") if stage.name != "demo"]
    table = person.table(way, "to the first answer, no demo")
    (PICTURES / "walk.txt").write_text(f"{table}\n", encoding="utf-8")
    with capsys.disabled():
        print(f"\n{table}\nPictures: {PICTURES}")


def install(desktop: Desktop, person: Person, archive: Path) -> None:
    downloads = desktop.home.path / "Downloads"
    with person.stage("unpack"):
        person.click_elsewhere(2)  # in the file manager: the archive, "Extract here"
        with tarfile.open(archive) as opened:
            opened.extractall(downloads, filter="data")
    (unpacked,) = downloads.iterdir()
    with person.stage("install"):
        person.click_elsewhere(2)  # install.sh, "Run as a program"
        said = subprocess.run(
            [unpacked / "install.sh"], env=desktop.env, capture_output=True, text=True, check=True
        ).stdout
    assert "is installed: it is in the menu of your desktop" in said


def start(desktop: Desktop, person: Person, world: World) -> None:
    entry = Path(desktop.env["XDG_DATA_HOME"], "applications", f"{APP_ID}.desktop")
    with person.stage("welcome"):
        person.click_elsewhere(2)  # the desktop's menu, Sirocco
        subprocess.run(["gio", "launch", entry], env={**desktop.env, **world.env}, check=True)
        program = desktop.home.path / ".local" / "opt" / "sirocco" / "sirocco"
        pid = until(lambda: process_of(program), "the program that the menu starts")
        person.screen = ScreenReader(desktop.processes, desktop.env, pid)
        person.screen.wait_state("API key", "focused", role="password text")


def process_of(program: Path) -> int:
    """The process that runs this program, which the desktop has started; 0 while there is none."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.exe() == str(program):
                return process.pid
    return 0


def look_around(person: Person) -> None:
    with person.stage("demo"):
        person.click("Try the offline demo")
        person.screen.wait_state("Message", "focused")
        person.write(DEMO_QUESTION)
        person.press("Return")
        wait_for_the_answer(person, "Welcome to Sirocco")


def wait_for_the_answer(person: Person, beginning: str) -> None:
    what: dict[str, Any] = {"pattern": f"^Assistant: {beginning}", "within": TRANSCRIPT}
    until(lambda: person.screen.find(**what).description == "Finished", "the end of the answer")


def enter_the_key(person: Person) -> None:
    person.copies(KEY)  # from the provider's page
    with person.stage("key"):
        person.click("Enter a key")
        person.screen.wait_state("API key", "focused", role="password text")
        person.press("ctrl+v")
        person.click("Test connection")
        person.screen.find(pattern=r"^Connected\. One chat model is ready\.")
        person.look("key tested")
        person.click("Start chatting")
        person.screen.gone("Welcome")
        person.screen.wait_state("Message", "focused")


def ask(person: Person) -> None:
    with person.stage("first answer"):
        person.write(QUESTION)
        person.press("Return")
        wait_for_the_answer(person, "The sirocco")


def ask_quickly(desktop: Desktop, person: Person) -> None:
    (other,) = desktop.windows("^Paste here$")
    subprocess.run(["xdotool", "windowactivate", "--sync", other], env=desktop.env, check=True)
    with person.stage("quick ask"):
        person.press("ctrl+alt+space")
        person.screen.wait_state("Ask", "focused")
        person.look("quick ask opened")
        person.write(QUICK_QUESTION)
        assert "copied text" not in person.screen.all_text(), "the key is what was copied last"
        person.press("Return")
        person.screen.find(pattern="^Assistant: In one word", within={"name": "Answer"})
        person.screen.find("Copy")
    person.press("Escape")
    until(lambda: not desktop.windows("^Quick Ask$"), "the end of Quick Ask")


def close(desktop: Desktop, person: Person) -> None:
    (window,) = desktop.windows(" — Sirocco$")
    subprocess.run(["xdotool", "windowactivate", "--sync", window], env=desktop.env, check=True)
    with person.stage("close"):
        person.press("alt+F4")
        person.screen.find("Keep running")
        person.look("what closing means")
        person.click("Keep running")
        until(lambda: not desktop.windows("Sirocco$"), "the end of the window")


def remove(desktop: Desktop, person: Person) -> None:
    """While it runs: the removal has to end it."""
    target = desktop.home.path / ".local" / "opt" / "sirocco"
    with person.stage("uninstall"):
        person.click_elsewhere(2)  # uninstall.sh, "Run as a program"
        subprocess.run([target / "uninstall.sh"], env=desktop.env, capture_output=True, check=True)
    assert process_of(target / "sirocco") == 0
    assert not target.exists()
