"""The dialect of Markdown that Sirocco reads, as a parser that hostile text can't stall.

It is markdown-it's CommonMark with tables, strikethrough, plain addresses, formulas and footnotes.

Raw HTML is never parsed: it is text. Containers nest at most `limits.MAX_DEPTH` deep; deeper marks stay
text, so nothing is dropped (markdown-it's own `maxNesting` drops what is deeper).
"""

from __future__ import annotations

import re
import threading
import time
import types
from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from functools import partial
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import list as list_rules
from markdown_it.rules_block.table import escapedSplit
from markdown_it.rules_core import StateCore
from markdown_it.rules_core.linkify import linkify
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote.index import footnote_def

from app.markup import limits, math
from app.markup.addresses import Addresses
from app.markup.flanking import Inline
from app.markup.pauses import may_pause, pausing

Env = dict[str, Any]
BlockRule = Callable[[StateBlock, int, int, bool], bool]
InlineRule = Callable[[StateInline, bool], bool]


class Late(Exception):  # noqa: N818 - it is no error: the text is shown plain instead
    """A block took longer than `limits.BLOCK_SECONDS`."""


class Definitions:
    """The link and footnote definitions that are settled; the first of a label wins."""

    def __init__(self) -> None:
        self.links: dict[str, Any] = {}
        self.notes: dict[str, int] = {}

    def trial(self, *, unknown: bool) -> Env:
        """An environment to parse in that sees these and keeps what it finds to itself.

        With `unknown`, marks of definitions that have not arrived yet are taken for what they will be.
        """
        return {
            "references": ChainMap({}, self.links),
            "footnotes": {"refs": ChainMap({}, self.notes)},
            "unknown": unknown,
            "depth": 0,
            "deadline": float("inf"),
            "used_up": float("inf"),
        }

    def adopt(self, env: Env, line: int) -> set[str]:
        """Take over what was defined above `line` and return the new labels, in their normal form."""
        new = set()
        for label, link in env["references"].maps[0].items():
            if link["map"][0] < line:
                self.links[label] = link
                new.add(label)
        for label, defined_at in env["footnotes"]["refs"].maps[0].items():
            if label not in self.notes and defined_at < line:
                self.notes[label] = defined_at
                new.add(normalizeReference("^" + label[1:]))
        return new


class Grammar:
    """The parser of one thread: linkify-it keeps state in its object, so it can't be shared."""

    def __init__(self) -> None:
        md = MarkdownIt("commonmark", {"html": False, "linkify": True, "maxNesting": 100})
        md.enable(["table", "strikethrough", "linkify"])
        # Both read the line as HTML; with `html` off they never match but cost time.
        md.disable(["html_block", "html_inline"])
        md.linkify = Addresses()
        block, inline = md.block.ruler, md.inline.ruler
        block.at("list", _nested(_list_rule()), _stops("paragraph", "reference", "blockquote"))
        quote = _rule(block, "blockquote")
        block.at("blockquote", _nested(quote), _stops("paragraph", "reference", "blockquote", "list"))
        block.at("table", _whole_rows(_rule(block, "table")), _stops("paragraph", "reference"))
        block.before("reference", "footnote", _nested(_footnote), _stops("paragraph", "reference"))
        block.before(
            "fence", "math_block", math.math_block, _stops("paragraph", "reference", "blockquote", "list")
        )
        block.before("table", "clock", _block_clock, _stops("paragraph", "reference", "blockquote", "list"))
        inline.at("image", _nested_image(_rule(inline, "image")))
        inline.after("image", "footnote_ref", _footnote_ref)
        inline.after("footnote_ref", "coming_link", _coming_link)
        inline.before("escape", "math", math.math_inline)
        inline.before("text", "clock", _inline_clock)
        self._md = md
        self.late_count = 0
        """How often something took too long to be read."""

    def blocks(self, text: str, env: Env) -> list[Token]:
        """The block tokens of `text`, their inline content still unparsed.

        What takes too long becomes a token of type `plain` with the source of these lines.
        """
        tokens: list[Token] = []
        first = 0
        late = 0
        while True:
            env["top"] = env["top_tokens"] = env["depth"] = 0
            part: list[Token] = []
            try:
                self._md.block.parse(text, self._md, env, part)
                return tokens + _moved(part, first)
            except Late:
                late += 1
                self.late_count += 1
            tokens += _moved(part[: env["top_tokens"]], first)
            lines = text.splitlines(keepends=True)
            start = env["top"]
            end = next((i for i in range(start + 1, len(lines)) if not lines[i].strip()), len(lines))
            if late == limits.LATE_BLOCKS:
                end = len(lines)
            tokens.append(plain_token("".join(lines[start:end]), first + start, first + end))
            text = "".join(lines[end:])
            first += end

    def inline(self, tokens: Iterable[Token], env: Env) -> bool:
        """Parse the inline content of one top-level block into the children of its tokens.

        Returns False when there was no time for all of it; the rest is then text.
        """
        env["depth"] = 0
        _start_clock(env)
        in_time = True
        for token in tokens:
            if token.type != "inline":
                continue
            children: list[Token] = []
            if _ONLY_WORDS.fullmatch(token.content):
                token.children = [Token("text", "", 0, content=token.content)]
                continue
            try:
                if in_time and len(token.content) <= limits.BLOCK_CHARACTERS:
                    self._read_words(Inline(token.content, self._md, env, children))
                    token.children = children
                    if _MAY_HOLD_ADDRESS.search(token.content):
                        with pausing(partial(check_clock, env)):
                            linkify(StateCore("", self._md, env, [token]))
                            may_pause()
                    continue
            except Late:
                in_time = False
                self.late_count += 1
            token.children = [Token("text", "", 0, content=token.content)]
        env["deadline"] = float("inf")
        return in_time

    def _read_words(self, state: Inline) -> None:
        self._md.inline.tokenize(state)
        for rule in self._md.inline.ruler2.getRules(""):
            rule(state)


# No character that any rule of the inline parser begins with, nor what could be an address.
_ONLY_WORDS = re.compile(r"(?:[^\\\n`*_~\[\]!<>&$@:/.^]|\.(?=\s|$))+")
# What an address has at least one of, as it is or as an entity.
_MAY_HOLD_ADDRESS = re.compile(r"[@:&\\]|www\.", re.IGNORECASE)


class _PerThread(threading.local):
    grammar: Grammar | None = None


_per_thread = _PerThread()


def grammar() -> Grammar:
    """The grammar of this thread, made when it is first asked for (about 10 ms)."""
    if _per_thread.grammar is None:
        _per_thread.grammar = Grammar()
    return _per_thread.grammar


def normalised(source: str) -> str:
    """The source with `\\n` as its only line end and without what no text can hold."""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    return _NO_TEXT.sub("\ufffd", source)


_NO_TEXT = re.compile("[\0\ud800-\udfff]")


def groups(tokens: list[Token], level: int = 0) -> Iterator[list[Token]]:
    """The tokens of each sibling at `level`, from its opening to its closing token."""
    start = 0
    for i, token in enumerate(tokens):
        if token.level == level and token.nesting <= 0:
            yield tokens[start : i + 1]
            start = i + 1


def paragraph_tokens(content: str) -> list[Token]:
    """The tokens of a paragraph of one line, as reading its blocks gives them."""
    head = Token("paragraph_open", "p", 1, block=True, map=[0, 1])
    words = Token("inline", "", 0, content=content, children=[], level=1, block=True, map=[0, 1])
    return [head, words, Token("paragraph_close", "p", -1, block=True)]


def plain_token(text: str, first: int, end: int) -> Token:
    """A token that is shown as its source."""
    token = Token("plain", "", 0, content=text, block=True)
    token.map = [first, end]
    return token


def _moved(tokens: list[Token], lines: int) -> list[Token]:
    if lines:
        for token in tokens:
            if token.map:
                token.map = [token.map[0] + lines, token.map[1] + lines]
    return tokens


# --- rules ---------------------------------------------------------------------------------------------


def _rule(ruler: Any, name: str) -> Any:
    return next(rule.fn for rule in ruler.__rules__ if rule.name == name)


def _stops(*names: str) -> RuleOptionsType:
    """The rules whose block may be ended by a line that this rule takes."""
    return {"alt": list(names)}


def _block_clock(state: StateBlock, line: int, _end: int, silent: bool) -> bool:
    """First of all block rules: a new deadline for each top-level block."""
    may_pause()
    if state.level == 0 and not silent:
        _start_clock(state.env)
        state.env["top"], state.env["top_tokens"] = line, len(state.tokens)
    elif _is_late(state.env):
        raise Late
    return False


def _inline_clock(state: StateInline, _silent: bool) -> bool:
    may_pause()
    if _is_late(state.env):
        raise Late
    return False


def read_until(env: Env, end: float) -> None:
    """All that is read with this has its time together, up to `end` of the thread's own time."""
    env["end"] = end
    _start_clock(env)


def check_clock(env: MutableMapping[str, Any]) -> None:
    """Raise Late when there is no time left."""
    if _is_late(env):
        raise Late


def _start_clock(env: MutableMapping[str, Any]) -> None:
    now, worked = time.perf_counter(), time.thread_time()
    if "end" in env:
        env["deadline"], env["used_up"] = now + env["end"] - worked, env["end"]
        return
    env["deadline"], env["used_up"] = now + limits.BLOCK_SECONDS, worked + limits.BLOCK_SECONDS


def _is_late(env: MutableMapping[str, Any]) -> bool:
    """Whether this thread has worked too long; what other programs took of the time doesn't count."""
    now = time.perf_counter()
    if now <= env["deadline"]:  # asking for the thread's own time costs ten times as much
        return False
    left: float = env["used_up"] - time.thread_time()
    env["deadline"] = now + left
    return left <= 0


def _nested(rule: BlockRule) -> BlockRule:
    """A container's rule that leaves its mark as text where it would nest too deep."""

    def bounded(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        env = state.env
        if env["depth"] >= limits.MAX_DEPTH:
            return False
        if silent:
            return rule(state, line, end, silent)
        env["depth"] += 1
        try:
            return rule(state, line, end, silent)
        finally:
            env["depth"] -= 1

    return bounded


def _nested_image(rule: InlineRule) -> InlineRule:
    """A picture within a picture's words within a picture …: each is a parse of its own."""

    def bounded(state: StateInline, silent: bool) -> bool:
        env = state.env
        if env["depth"] >= limits.MAX_DEPTH:
            return False
        env["depth"] += 1
        try:
            return rule(state, silent)
        finally:
            env["depth"] -= 1

    return bounded


def _list_rule() -> BlockRule:
    """markdown-it's list rule that notes `tight` on the list's token instead of hiding paragraphs.

    A list that grows is parsed in parts, and each part must say how it stands. The rule calls a function
    of its module for this; so it is run with its own copy of that module's names.
    """

    def mark(state: StateBlock, at: int) -> None:
        state.tokens[at].meta["tight"] = True

    rule = list_rules.list_block
    return types.FunctionType(rule.__code__, {**vars(list_rules), "markTightParagraphs": mark}, "list_block")


def _whole_rows(rule: BlockRule) -> BlockRule:
    """The table rule that keeps cells beyond the last column as text of that column: no text is dropped."""

    def table(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        first = len(state.tokens)
        found = rule(state, line, end, silent)
        if silent or not found:
            return found
        columns = 0
        row: list[Token] = []
        for token in state.tokens[first:]:
            if token.type == "tr_open":
                row = []
            elif token.type == "inline":
                row.append(token)
            elif token.type == "tr_close":
                columns = columns or len(row)
                at = row[-1].map[0] if row[-1].map else 0
                source = state.src[state.bMarks[at] + state.tShift[at] : state.eMarks[at]].strip()
                if source.count("|") + 1 - source.startswith("|") - source.endswith("|") <= columns:
                    continue
                cells = escapedSplit(source)
                if cells and not cells[0]:
                    cells.pop(0)
                if cells and not cells[-1]:
                    cells.pop()
                if len(cells) > columns:
                    row[-1].content = " | ".join(cell.strip() for cell in cells[columns - 1 :])
        return True

    return table


def _footnote(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    first = len(state.tokens)
    found = footnote_def(state, line, end, silent)
    if found and not silent:
        # The plugin writes -1; the line says whether a definition is settled yet.
        refs = state.env["footnotes"]["refs"]
        label = ":" + state.tokens[first].meta["label"]
        earlier = refs.maps[1].get(label)
        refs[label] = line if earlier is None else earlier
    return found


_NOTE = re.compile(r"\[\^([^\]\s]+)\]")


def _footnote_ref(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("[^", state.pos):
        return False
    match = _NOTE.match(state.src, state.pos, state.posMax)
    if not match or not (state.env["unknown"] or ":" + match[1] in state.env["footnotes"]["refs"]):
        return False
    if not silent:
        state.push("footnote_ref", "", 0).meta = {"label": match[1]}
    state.pos = match.end()
    return True


_COMING = re.compile(r"\[((?:[^\[\]\\]|\\.)+)\]\[[^\[\]]*\]")


def _coming_link(state: StateInline, silent: bool) -> bool:
    """`[words][label]` whose definition has not arrived yet, while the answer still grows."""
    if not state.env["unknown"] or state.src[state.pos] != "[" or state.linkLevel:
        return False
    match = _COMING.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    if not silent:
        end = state.posMax
        state.push("link_open", "a", 1).attrs = {"href": "pending:"}
        state.pos, state.posMax = match.start(1), match.end(1)
        state.linkLevel += 1
        state.md.inline.tokenize(state)
        state.linkLevel -= 1
        state.posMax = end
        state.push("link_close", "a", -1)
    state.pos = match.end()
    return True
