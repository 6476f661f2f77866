"""Reads and works the accessibility tree of one program, by commands in lines of JSON.

It runs on the system's own Python, where alone pyatspi is: `driver.py PID`. Each line of stdin is an
object with `do` (a method of Driver) and its arguments; each line of stdout holds `result` or `error`.
"""

import contextlib
import json
import pathlib
import re
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
import pyatspi  # noqa: E402 - pyatspi asks for the version that is required above
from gi.repository import Atspi, GLib  # noqa: E402

DEPTH = 40
WATCHDOG = 60  # s
ANSWERS_IN = 10_000  # ms; a watchdog: on a busy machine a program may be late with an answer
STATES = ("focused", "enabled", "checked", "selected", "editable", "expanded", "busy", "active", "sensitive")
ASKED = (
    lambda node: (node.name, node.description, node.getRoleName(), node.getState().getStates()),
    lambda node: (node.getRelationSet(), node.getAttributes(), node.getIndexInParent()),
    lambda node: node.queryComponent().getExtents(0),
    lambda node: _read_text(node.queryText()),
    lambda node: [node.queryAction().getName(i) for i in range(node.queryAction().nActions)],
    lambda node: node.queryTable().nRows,
    lambda node: node.queryHypertext().getNLinks(),
    lambda node: node.queryValue().currentValue,
)
# What is raised where a node that was found is asked after it was deleted.
DELETED = (GLib.Error, AttributeError)
WINDOWS = ("application", "frame", "dialog", "alert", "window")


class NotThereError(Exception):
    """Nothing on the screen is what was asked for."""


class Driver:
    def __init__(self, pid):
        self.pid = pid
        self._heard = []
        self._listener = None
        Atspi.set_timeout(ANSWERS_IN, ANSWERS_IN)

    # -- commands -----------------------------------------------------------------------------------

    def find(self, seconds, **what):
        """The node, as soon as it is there."""
        return self._describe(self._need(seconds, what))

    def gone(self, seconds, **what):
        """Return when no such node is there any more."""
        end = time.monotonic() + seconds
        while True:
            # Where something else was deleted in between, it can't be told.
            with contextlib.suppress(*DELETED):
                if self._find(what) is None:
                    return
            if time.monotonic() > end:
                raise NotThereError(f"still there: {what}")
            time.sleep(0.05)

    def wait_text(self, seconds, text, **what):
        """The text of the node, as soon as the regular expression `text` is found in it."""
        end = time.monotonic() + seconds
        while True:
            has = self._read(what, self._text) or ""
            if re.search(text, has, re.DOTALL):
                return has
            if time.monotonic() > end:
                raise NotThereError(f"{text!r} is not in the text of {what}: {has[-300:]!r}")
            time.sleep(0.05)

    def wait_state(self, seconds, states, **what):
        """Return when the node has all of `states`; "!enabled" asks for its absence."""
        end = time.monotonic() + seconds
        while True:
            has = self._read(what, self._states)
            if has is not None and all(
                (s[1:] not in has) if s.startswith("!") else (s in has) for s in states
            ):
                return has
            if time.monotonic() > end:
                raise NotThereError(f"{what} has the states {has}, not {states}")
            time.sleep(0.05)

    def wait_description(self, seconds, description, **what):
        """Return when the node has this description."""
        end = time.monotonic() + seconds
        while True:
            has = self._read(what, lambda node: node.description)
            if has == description:
                return
            if time.monotonic() > end:
                raise NotThereError(f"{what} has the description {has!r}, not {description!r}")
            time.sleep(0.05)

    def press(self, seconds, **what):
        """Do what the control is for, once it can be done: its press, click, toggle or first action."""
        self.wait_state(seconds, ["enabled"], **what)
        node = self._need(seconds, what)
        action = node.queryAction()
        names = [action.getName(i).lower() for i in range(action.nActions)]
        if not names:
            raise NotThereError(f"{what} has no action")
        wanted = [name for name in ("press", "click", "activate", "toggle") if name in names]
        action.doAction(names.index(wanted[0]) if wanted else 0)

    def select(self, seconds, **what):
        """Choose an item of a list, table or tab bar."""
        end = time.monotonic() + seconds
        while True:
            node = self._need(seconds, what)
            node.parent.querySelection().selectChild(node.getIndexInParent())
            # The items may have changed places since it was looked for.
            if "selected" in (self._read(what, self._states) or ()):
                return
            if time.monotonic() > end:
                raise NotThereError(f"{what} can't be selected")
            time.sleep(0.05)

    def focus(self, seconds, **what):
        node = self._need(seconds, what)
        if not node.queryComponent().grabFocus():
            raise NotThereError(f"{what} can't have the focus")

    def set_text(self, seconds, text, **what):
        """Replace the text of a field."""
        self._need(seconds, what).queryEditableText().setTextContents(text)

    def text(self, seconds, **what):
        return self._text(self._need(seconds, what))

    def place(self, seconds, words, **what):
        """Where `words` begin and where they end, in px of the screen."""
        end = time.monotonic() + seconds
        while True:
            node = self._look(what)
            found = None if node is None else self._place(node, words)
            if found is not None:
                return found
            if time.monotonic() > end:
                raise NotThereError(f"{words!r} is not in the text within {what}")
            time.sleep(0.05)

    def middle(self, seconds, **what):
        """The middle of the node, in px of the screen."""
        place = self._need(seconds, what).queryComponent().getExtents(pyatspi.DESKTOP_COORDS)
        return [place.x + place.width // 2, place.y + place.height // 2]

    def around(self, seconds, words, **what):
        """The word and the line that `words` begin in, and whether the text can be changed."""
        node = self._need(seconds, what)
        text = node.queryText()
        at = text.getText(0, -1).find(words)
        if at < 0:
            raise NotThereError(f"{words!r} is not in the text of {what}")
        word = text.getTextAtOffset(at, pyatspi.TEXT_BOUNDARY_WORD_START)[0]
        line = text.getTextAtOffset(at, pyatspi.TEXT_BOUNDARY_LINE_START)[0]
        return [word, line, node.getState().contains(pyatspi.STATE_EDITABLE)]

    def selected(self, seconds, **what):
        """The text that is selected in the node, empty where none is."""
        text = self._need(seconds, what).queryText()
        return text.getText(*text.getSelection(0)) if text.getNSelections() else ""

    def listen(self, seconds):
        """Hear from now on what is inserted into texts and what is announced."""
        self._listener = Atspi.EventListener.new(self._on_event)
        for kind in ("object:text-changed:insert", "object:announcement"):
            self._listener.register(kind)

    def heard(self, seconds):
        """What was heard so far: kind and words, in the order of time."""
        self._roots()
        return self._heard

    def _on_event(self, event):
        if event.source.get_process_id() == self.pid:
            self._heard.append([event.type.split(":")[1], str(event.any_data)])

    def children(self, seconds, **what):
        """The nodes directly below the node."""
        return [self._describe(child) for child in self._children(self._need(seconds, what))]

    def names(self, seconds, role):
        """The names of all nodes of a role that are on the screen, in reading order; waits for none."""
        return self._whole(lambda: [node.name for node in self._nodes() if node.getRoleName() == role])

    def all_text(self, seconds):
        """Every name and text on the screen, as a screen reader would meet them."""

        def read():
            return [part for node in self._nodes() for part in (node.name, self._text(node)) if part]

        return "\n".join(self._whole(read))

    @staticmethod
    def _whole(read):
        """What `read` gives, once nothing is deleted while it reads."""
        end = time.monotonic() + WATCHDOG
        while True:
            try:
                return read()
            except DELETED:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def tree(self, seconds):
        """The whole tree as indented lines, hidden nodes too."""
        lines = []

        def walk(node, depth):
            shown = "" if node.getState().contains(pyatspi.STATE_SHOWING) else " (hidden)"
            text = self._text(node)[:80]
            lines.append(
                f"{'  ' * depth}{node.getRoleName()} {node.name!r}{shown}{f' {text!r}' if text else ''}"
            )
            for child in self._children(node):
                walk(child, depth + 1)

        for root in self._roots():
            walk(root, 0)
        return "\n".join(lines)

    def walk(self, seconds):
        """Ask every node for all that a screen reader asks, over and over, until the program is gone.

        Gives how many nodes that were.
        """
        count, end = 0, time.monotonic() + seconds
        while self._is_running():
            if time.monotonic() > end:
                raise NotThereError("the program is still there")
            try:
                count += sum(self._visit(root, DEPTH) for root in self._roots())
            except GLib.Error:
                # It was too busy to answer, or is no more.
                continue
        return count

    def _is_running(self):
        try:
            state = pathlib.Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2]
        except OSError:
            return False
        # Until its parent asks how it ended it is a zombie.
        return state.split()[0] not in "XZ"

    def _visit(self, node, left):
        """Read a node and all below it, hidden ones too; what is deleted meanwhile is passed over."""
        try:
            for ask in ASKED:
                # pyatspi takes every answer for one, though of what was deleted there is none.
                with contextlib.suppress(NotImplementedError, AttributeError):
                    ask(node)
            children = [node.getChildAtIndex(i) for i in range(node.childCount)] if left else []
        except GLib.Error:
            return 1
        return 1 + sum(self._visit(child, left - 1) for child in children if child is not None)

    # -- the tree -----------------------------------------------------------------------------------

    def _roots(self):
        context = GLib.MainContext.default()
        while context.pending():
            context.iteration(False)
        desktop = pyatspi.Registry.getDesktop(0)
        # Without listeners Qt tells of no change, so what is remembered may be old.
        desktop.set_cache_mask(Atspi.Cache.NONE)
        desktop.clear_cache()
        roots = [desktop.getChildAtIndex(i) for i in range(desktop.childCount)]
        return [root for root in roots if root is not None and root.get_process_id() == self.pid]

    def _children(self, node):
        for index in range(node.childCount):
            child = node.getChildAtIndex(index)
            if child is not None:
                yield child

    def _nodes(self, roots=None):
        def walk(node, left):
            yield node
            if left == 0:
                return
            for child in self._children(node):
                if child.getRoleName() in WINDOWS or child.getState().contains(pyatspi.STATE_SHOWING):
                    yield from walk(child, left - 1)

        for root in self._roots() if roots is None else roots:
            yield from walk(root, DEPTH)

    def _find(self, what):
        within = what.get("within")
        roots = None
        if within is not None:
            outer = next((node for node in self._nodes() if self._fits(node, within)), None)
            if outer is None:
                return None
            roots = [outer]
        fitting = [node for node in self._nodes(roots) if self._fits(node, what)]
        place = what.get("index", 0)
        return fitting[place] if -len(fitting) <= place < len(fitting) else None

    def _look(self, what):
        try:
            return self._find(what)
        except DELETED:
            # What a widget was asked for may be deleted in between: it isn't there, then.
            return None

    def _read(self, what, read):
        """What `read` gives of the node; None where it isn't there, or no more."""
        try:
            node = self._find(what)
            return None if node is None else read(node)
        except DELETED:
            return None

    def _fits(self, node, what):
        name, pattern, role = what.get("name"), what.get("pattern"), what.get("role")
        return (
            (name is None or node.name == name)
            and (pattern is None or re.search(pattern, node.name, re.DOTALL) is not None)
            and (role is None or node.getRoleName() == role)
        )

    def _place(self, around, words):
        try:
            for node in self._nodes([around]):
                start = self._text(node).find(words)
                if start >= 0:
                    text = node.queryText()
                    first = text.getCharacterExtents(start, 0)
                    last = text.getCharacterExtents(start + len(words) - 1, 0)
                    begin = [first[0] + 1, first[1] + first[3] // 2]
                    return [begin, [last[0] + last[2] - 1, last[1] + last[3] // 2]]
        except GLib.Error:
            pass
        return None

    def _need(self, seconds, what):
        end = time.monotonic() + seconds
        while True:
            node = self._look(what)
            if node is not None:
                return node
            if time.monotonic() > end:
                raise NotThereError(f"not on the screen: {what}")
            time.sleep(0.05)

    def _describe(self, node):
        return {
            "name": node.name,
            "role": node.getRoleName(),
            "description": node.description,
            "text": self._text(node),
            "states": self._states(node),
        }

    @staticmethod
    def _states(node):
        states = node.getState()
        return [name for name in STATES if states.contains(getattr(pyatspi, f"STATE_{name.upper()}"))]

    @staticmethod
    def _text(node):
        try:
            return node.queryText().getText(0, -1)
        except NotImplementedError:
            return ""


def _read_text(text):
    text.getText(0, -1)
    text.getAttributes(text.caretOffset)
    text.getCharacterExtents(text.caretOffset, 0)
    text.getTextAtOffset(0, pyatspi.TEXT_BOUNDARY_LINE_START)
    return [text.getSelection(i) for i in range(text.getNSelections())]


def main():
    driver = Driver(int(sys.argv[1]))
    for line in sys.stdin:
        command = json.loads(line)
        do = command.pop("do")
        try:
            answer = {"result": getattr(driver, do)(**command)}
        except (NotThereError, NotImplementedError, *DELETED) as error:
            answer = {"error": f"{do}: {error!r}", "tree": ""}
            with contextlib.suppress(*DELETED):
                answer["tree"] = driver.tree(0)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
