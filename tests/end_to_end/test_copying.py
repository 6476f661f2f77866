"""What is selected over three messages in a real window is pasted into other programs with its structure."""

from __future__ import annotations

import json
import sys
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desktop.home import python
from tests.desktop.processes import Processes, until
from tests.desktop.session import AppProcess, Desktop, Keyring
from tests.end_to_end.answers import by_question
from tests.servers.fake_server import FakeServer, chat_and_models, stream

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.skipif(sys.platform != "linux", reason="the private desktop is made of Linux's parts"),
]

PASTE_WINDOW = Path(__file__).parents[1] / "desktop" / "paste_window.py"
TRANSCRIPT = {"name": "Transcript"}
FIRST, SECOND = "Which winds are there?", "And how fast are they?"
WINDS = """## Winds of the sea

The **sirocco** is [described here](https://example.org/sirocco).

- mistral
- bora
"""
SPEEDS = """| wind | knots |
|---|--:|
| mistral | 50 |
| bora | 60 |

```python
def speed(wind):
    return knots[wind]
```
"""


@pytest.fixture
def desktop(make_desktop: Callable[[Keyring], Desktop]) -> Desktop:
    """No key is needed here, so there is no keyring."""
    return make_desktop(Keyring.ABSENT)


@pytest.fixture
def server(desktop: Desktop) -> Iterator[FakeServer]:
    """The server that the app on the desktop is set up for."""
    answers = by_question({FIRST: stream(WINDS), SECOND: stream(SPEEDS)})
    with FakeServer(chat_and_models(answers, "test-model")) as server:
        endpoint = {"id": "here", "name": "Here", "base_url": server.url, "default_model": "test-model"}
        desktop.home.config.mkdir(mode=0o700)
        settings = desktop.home.config / "settings.json"
        settings.write_text(json.dumps({"endpoints": [endpoint]}), encoding="utf-8")
        yield server


@pytest.fixture
def copied(desktop: Desktop, server: FakeServer) -> AppProcess:
    """The app after a drag from the first answer's heading to the second one's code, and Ctrl+C."""
    app = desktop.start_app()
    for question, answer in ((FIRST, "Winds of the sea"), (SECOND, "wind knots")):
        app.screen.set_text("Message", question)
        app.screen.press("Send")
        app.screen.find(pattern=f"^Assistant: {answer}.+", within=TRANSCRIPT)
    until(lambda: is_finished(app), "the end of the answer")
    app.screen.focus(f"You: {SECOND}", within=TRANSCRIPT)
    desktop.key("Home")
    app.screen.find(f"You: {FIRST}", within=TRANSCRIPT)

    def place() -> tuple[tuple[int, int], tuple[int, int]]:
        start, _ = app.screen.place("Transcript", "Winds of the sea")
        _, end = app.screen.place("Transcript", "return knots[wind]")
        return start, end

    start, end = until(lambda: before if (before := place()) == place() else None, "the text to stand still")
    desktop.drag(start, end)
    desktop.key("ctrl+c")
    return app


def is_finished(app: AppProcess) -> bool:
    return app.screen.find(pattern="^Assistant: wind knots", within=TRANSCRIPT).description == "Finished"


@pytest.fixture
def pasted(desktop: Desktop, copied: AppProcess, tmp_path: Path) -> list[dict[str, Any]]:
    """The blocks of a field of another program, after Ctrl+V."""
    assert copied.pid
    other = desktop.start(python(), PASTE_WINDOW, tmp_path / "clipboard.html")
    until(lambda: desktop.windows("Paste here"), "the other window")
    other.screen.focus("Pasted")
    other.screen.wait_state("Pasted", "focused")
    desktop.key("ctrl+v")
    until(lambda: "knots[wind" in other.output, "what is pasted")
    blocks: list[dict[str, Any]] = json.loads(other.output.splitlines()[-1])
    return blocks


def test_headings_lists_tables_and_code_are_pasted_as_such(
    copied: AppProcess, pasted: list[dict[str, Any]]
) -> None:
    by_text = {block["text"]: block for block in pasted}
    assert by_text["Winds of the sea"]["heading"] == 2
    sirocco = by_text["The sirocco is described here."]
    assert sirocco["bold"]
    assert sirocco["links"] == ["https://example.org/sirocco"]
    assert [block["text"] for block in pasted if block["list"] == "ListDisc"] == ["mistral", "bora"]
    assert FIRST not in by_text
    assert SECOND in by_text
    cells = {tuple(block["cell"]): block["text"] for block in pasted if block["cell"] is not None}
    assert cells == {
        (0, 0): "wind",
        (0, 1): "knots",
        (1, 0): "mistral",
        (1, 1): "50",
        (2, 0): "bora",
        (2, 1): "60",
    }
    code = [block["text"] for block in pasted if block["code"]]
    assert [line for line in code if line] == ["def speed(wind):", "    return knots[wind]"]
    # What it put on the clipboard is the clipboard's to delete, also when it leaves.
    assert copied.terminate() == 0
    assert copied.output == ""


@pytest.mark.heavy
def test_a_word_processor_reads_them_as_such(
    desktop: Desktop, processes: Processes, pasted: list[dict[str, Any]], tmp_path: Path
) -> None:
    assert pasted
    page = tmp_path / "clipboard.html"
    words = ["soffice", "--headless", "--convert-to", "odt:writer8", "--infilter=HTML (StarWriter)"]
    writer = processes.start([*words, "--outdir", tmp_path, page], desktop.env)
    assert writer.wait(250) == 0, processes.output_of(writer)
    with zipfile.ZipFile(tmp_path / "clipboard.odt") as odt:
        content = ET.fromstring(odt.read("content.xml"))
    text, table = (
        "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}",
        "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}",
    )
    (heading,) = content.iter(f"{text}h")
    assert (words_of(heading), heading.get(f"{text}outline-level")) == ("Winds of the sea", "2")
    assert [words_of(one) for one in content.iter(f"{text}list-item")] == ["mistral", "bora"]
    (link,) = content.iter(f"{text}a")
    assert link.get("{http://www.w3.org/1999/xlink}href") == "https://example.org/sirocco"
    rows = [
        [words_of(cell) for cell in row.iter(f"{table}table-cell")]
        for row in content.iter(f"{table}table-row")
    ]
    assert rows == [["wind", "knots"], ["mistral", "50"], ["bora", "60"]]
    code = [one for one in content.iter(f"{text}span") if one.get(f"{text}style-name") == "Source_20_Text"]
    assert list(map(words_of, code)) == ["def speed(wind):", "return knots[wind]"]
    (indent,) = code[1].iter(f"{text}s")
    assert indent.get(f"{text}c") == "4"


def words_of(element: ET.Element) -> str:
    return "".join(element.itertext()).strip()
