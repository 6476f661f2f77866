"""What reads Markdown is loaded before somebody waits for it, and wholly."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOADS = r"""
import sys, threading
from app.markup import loading
from app.markup.parse import parse

def threads():
    return [one for one in threading.enumerate() if one.name == "markdown"]

assert not loading.is_loaded() and "markdown_it" not in sys.modules
loading.load_soon()
(thread,) = threads()
assert thread is not threading.current_thread() and thread.daemon
loading.load_soon()
assert threads() in ([thread], [])
thread.join(60)
assert loading.is_loaded()

before = set(sys.modules)
from app.markup.tail import GrowingMarkdown
growing = GrowingMarkdown()
growing.feed("# A *b*\n\n- c\n\n| d | e |\n|---|---|\n| f | `g` |\n\n$x$ https://example.org\n")
growing.update()
parse("1. **a**\n\n> b\n\n~~~\nc\n~~~\n")
assert not {name for name in set(sys.modules) - before if not name.startswith("encodings")}
loading.load_soon()
assert not threads()
"""


def test_it_is_loaded_once_in_a_thread_of_its_own_and_wholly() -> None:
    subprocess.run([sys.executable, "-c", LOADS], cwd=ROOT, check=True, timeout=60)
