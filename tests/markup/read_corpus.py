"""Reads corpus cases as the app would, in a process of its own, and says what it cost.

Arguments: the scale, and the names of the cases (none: all). Prints a line for each case before and after, so
that a hang shows which one it was. Opening anything once the first text is read ends it with an error.
"""

import resource
import sys
import time

from app.markup.highlight import GrowingHighlight
from app.markup.limits import RICH_CHARACTERS
from app.markup.parse import parse
from app.markup.tail import GrowingMarkdown
from tests.markup.corpus import cases

PIECES = 40


def read(text: str) -> None:
    """Parse and grow one text, and colour it as code."""
    parse(text)
    growing = GrowingMarkdown()
    size = max(1, len(text) // PIECES)
    for start in range(0, len(text), size):
        growing.feed(text[start : start + size])
        growing.update()
    growing.finish()
    growing.update()
    highlight = GrowingHighlight("python")
    highlight.update(text[:RICH_CHARACTERS])
    highlight.finish()


def watch(event: str, arguments: tuple[object, ...]) -> None:
    """End the process when something is opened, connected to or run."""
    if event == "open" or event.startswith(("socket.", "subprocess.", "os.", "ctypes.")):
        print("forbidden", event, arguments, flush=True)
        sys.exit(3)


def main() -> None:
    """Read the cases that the arguments name."""
    scale, names = float(sys.argv[1]), set(sys.argv[2:])
    chosen = [case for case in cases(scale) if not names or case.name in names]
    read("# a\n\n```python\nx\n```\n\n[a](http://b.example) www.c.example $d$[^1]\n\n[^1]: e\n")
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    sys.addaudithook(watch)
    for case in chosen:
        print("begin", case.name, flush=True)
        start = time.process_time()
        read(case.text)
        print("end", case.name, round(time.process_time() - start, 3), flush=True)


if __name__ == "__main__":
    main()
