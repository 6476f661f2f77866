"""Reads and works a program's windows through the accessibility tree, as assistive technology does."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.desktop.processes import Processes

DRIVER = Path(__file__).with_name("driver.py")
# The one Python that has pyatspi is the system's own.
SYSTEM_PYTHON = "/usr/bin/python3"
SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Node:
    """One control or piece of text on the screen."""

    name: str
    role: str
    description: str
    text: str
    states: tuple[str, ...]


class ScreenReader:
    """Finds controls by what a screen reader is told of them, and works them.

    `name` is exact, `pattern` a regular expression on the name, `role` a word of AT-SPI ("push button",
    "text", "label", "list item", "check box", "combo box", "frame", "dialog"), `index` the place among those
    that fit (-1: the last), `within` the same keys for something around it. Every method waits until what it
    names is there, and raises AssertionError with the whole tree if it never is.
    """

    def __init__(self, processes: Processes, env: Mapping[str, str], pid: int) -> None:
        self._processes = processes
        self._env = {name: value for name, value in env.items() if not name.startswith("PYTHON")}
        self._pid = pid
        self._ask: Any = None

    def find(self, name: str | None = None, *, seconds: float = SECONDS, **what: Any) -> Node:
        return self._node(self._do("find", name, what, seconds=seconds))

    def gone(self, name: str | None = None, *, seconds: float = SECONDS, **what: Any) -> None:
        """Wait until it is no longer on the screen."""
        self._do("gone", name, what, seconds=seconds)

    def press(self, name: str | None = None, *, seconds: float = SECONDS, **what: Any) -> None:
        """Press a button, toggle a box, open a menu."""
        self._do("press", name, what, seconds=seconds)

    def select(self, name: str | None = None, *, seconds: float = SECONDS, **what: Any) -> None:
        """Choose an item of a list."""
        self._do("select", name, what, seconds=seconds)

    def focus(self, name: str | None = None, *, seconds: float = SECONDS, **what: Any) -> None:
        self._do("focus", name, what, seconds=seconds)

    def set_text(self, name: str, text: str, *, seconds: float = SECONDS, **what: Any) -> None:
        """Replace the text of a field."""
        self._do("set_text", name, what, seconds=seconds, text=text)

    def text(self, name: str | None = None, *, seconds: float = SECONDS, **what: Any) -> str:
        """All the text of a field, label or document."""
        return str(self._do("text", name, what, seconds=seconds))

    def wait_text(self, name: str | None, pattern: str, *, seconds: float = SECONDS, **what: Any) -> str:
        """The text, as soon as the regular expression is found in it."""
        return str(self._do("wait_text", name, what, seconds=seconds, text=pattern))

    def wait_state(self, name: str | None, *states: str, seconds: float = SECONDS, **what: Any) -> None:
        """Wait until it is, for instance, "focused", "checked" or "!enabled"."""
        self._do("wait_state", name, what, seconds=seconds, states=states)

    def wait_description(
        self, name: str | None, description: str, *, seconds: float = SECONDS, **what: Any
    ) -> None:
        """Wait until it has this description."""
        self._do("wait_description", name, what, seconds=seconds, description=description)

    def place(
        self, name: str | None, words: str, *, seconds: float = SECONDS, **what: Any
    ) -> tuple[tuple[int, int], tuple[int, int]]:
        """Where `words` within it begin and where they end, in px of the screen."""
        (first_x, first_y), (last_x, last_y) = self._do("place", name, what, seconds=seconds, words=words)
        return (first_x, first_y), (last_x, last_y)

    def middle(self, name: str | None = None, *, seconds: float = SECONDS, **what: Any) -> tuple[int, int]:
        """The middle of a control, in px of the screen."""
        x, y = self._do("middle", name, what, seconds=seconds)
        return x, y

    def around(
        self, name: str | None, words: str, *, seconds: float = SECONDS, **what: Any
    ) -> tuple[str, str, bool]:
        """The word and the line that `words` begin in, and whether the text can be changed."""
        word, line, is_editable = self._do("around", name, what, seconds=seconds, words=words)
        return word, line, is_editable

    def selected(self, name: str | None = None, *, seconds: float = SECONDS, **what: Any) -> str:
        """The text that is selected in it, empty where none is."""
        return str(self._do("selected", name, what, seconds=seconds))

    def walk(self, *, seconds: float) -> int:
        """Read the whole tree over and over until the program has ended; how many nodes were read."""
        return int(self._do("walk", None, {}, seconds=seconds))

    def listen(self) -> None:
        """Hear from now on what is inserted into texts and what is announced."""
        self._do("listen", None, {}, seconds=0)

    def heard(self, kind: str) -> list[str]:
        """The words of all events of this kind so far: "text-changed" or "announcement"."""
        return [words for one, words in self._do("heard", None, {}, seconds=0) if one == kind]

    def children(self, name: str | None = None, *, seconds: float = SECONDS, **what: Any) -> list[Node]:
        return [self._node(child) for child in self._do("children", name, what, seconds=seconds)]

    def names(self, role: str) -> list[str]:
        """The names of all on the screen that have this role, in reading order, at this moment."""
        return list(self._do("names", None, {"role": role}, seconds=0))

    def all_text(self) -> str:
        """Every name and text on the screen at this moment."""
        return str(self._do("all_text", None, {}, seconds=0))

    def tree(self) -> str:
        """The whole tree, one node a line."""
        return str(self._do("tree", None, {}, seconds=0))

    @staticmethod
    def _node(raw: Mapping[str, Any]) -> Node:
        return Node(raw["name"], raw["role"], raw["description"], raw["text"], tuple(raw["states"]))

    def _do(self, do: str, name: str | None, what: Mapping[str, Any], **more: Any) -> Any:
        if self._ask is None:
            self._ask = self._processes.converse([SYSTEM_PYTHON, DRIVER, str(self._pid)], self._env)
        command = {"do": do, **({} if name is None else {"name": name}), **what, **more}
        self._ask.stdin.write(json.dumps(command).encode() + b"\n")
        self._ask.stdin.flush()
        line = self._ask.stdout.readline()
        assert line, f"the driver of the accessibility tree ended: {self._processes.output_of(self._ask)}"
        answer = json.loads(line)
        assert "error" not in answer, f"{answer['error']}\n{answer['tree']}\n{self._processes.all_output()}"
        return answer["result"]
