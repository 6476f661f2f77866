"""Showing any text opens no file, no socket and starts no program (SEC-01)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
BEGIN, END = "/sirocco-begin-of-hostile-texts", "/sirocco-end-of-hostile-texts"
# What runs under strace: warm up with a kind text, then draw all texts between two marks.
CHILD = f"""
import os, sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
application = QApplication(sys.argv)
from app.core.settings import Settings
from app.ui.theme import Theme
from app.ui.transcript.view import TranscriptView
from tests.markup.corpus import cases
from tests.ui.transcript.turns import ANSWER, answer, let_go_on, user

theme = Theme(application, Path("resources"))
theme.follow(Settings(less_motion=True))
view = TranscriptView(theme)
view.resize(800, 600)
view.show()
NAMES = (
    "![a](file:///etc/hostname) ![b](http://127.0.0.1:9/x.png) <img src='file:///etc/hostname'> "
    "[c](file:///etc/hostname) ![d][e]\\n\\n[e]: qrc:///x.png\\n\\n<link rel=stylesheet href=/etc/hostname>"
)
texts = [NAMES, *(case.text for case in cases(float(sys.argv[1])))]

def look():
    let_go_on()
    while not view.canvas.is_settled:
        let_go_on(10)
    view.grab()

def show(text):
    view.canvas.show_turns([user(text), answer(text)])
    look()
    view.canvas.verticalScrollBar().setValue(0)
    look()

# Every script, language and icon once, so that fonts and lexers are open.
for number, text in enumerate([ANSWER, *texts[1:]]):
    show(text)
    let_go_on(0 if number % 10 else 40)
os.access({BEGIN!r}, os.F_OK)
for text in texts:
    show(text)
os.access({END!r}, os.F_OK)
print("done")
os._exit(0)
"""
# What a program does all the time without opening anything of a text's choice: eventfd and pipes aren't here.
CALLS = "openat,open,connect,execve,execveat,socket,stat,newfstatat,statx,access,faccessat,faccessat2"
# Qt's fonts, Python's own files and questions about what is open; nothing in a text can name them.
HARMLESS = re.compile(
    r"AT_EMPTY_PATH|/usr/share/fonts|fontconfig|/fonts/|\.py[co]?\b|\.so\b|/__pycache__|/site-packages|/lib/"
)


@pytest.mark.skipif(sys.platform != "linux" or shutil.which("strace") is None, reason="needs strace")
@pytest.mark.parametrize("scale", [0.004, pytest.param(1.0, marks=pytest.mark.heavy)])
@pytest.mark.timeout(1_800)
def test_showing_hostile_texts_opens_nothing(tmp_path: Path, scale: float) -> None:
    log = tmp_path / "calls"
    done = subprocess.run(
        ["strace", "-f", "-o", log, "-e", f"trace={CALLS}", sys.executable, "-c", CHILD, str(scale)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=250 if scale < 1 else 1_500,
        check=False,
    )
    if "ptrace" in done.stderr and "Operation not permitted" in done.stderr:
        pytest.skip("this system lets no program be traced")
    assert "done" in done.stdout, done.stderr
    lines = log.read_text(errors="replace").splitlines()
    first = next(i for i, line in enumerate(lines) if BEGIN in line)
    last = next(i for i, line in enumerate(lines) if END in line)
    between = [line for line in lines[first + 1 : last] if not HARMLESS.search(line)]
    assert between == []
    assert not any("hostname" in line for line in lines[first + 1 : last])
