"""The block tokens of a growing answer's end, with what is half there completed or left out."""

from __future__ import annotations

import re
from functools import partial

from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from app.markup import limits
from app.markup.blocks import UNFINISHED
from app.markup.grammar import Env, Grammar, check_clock, paragraph_tokens
from app.markup.repair import complete

_CONTAINERS = re.compile(r"(?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t])))*[ \t]*")
_HALF_MARK = re.compile(
    r"[ \t]*(?:#{1,6}|`{1,2}|~{1,2}|[-*_=+]{1,2}|\d{1,9}[.)]?|>|\|)?[ \t]*"
    r"|\\b(?:e(?:g(?:in?)?)?)?(?:\{[a-z*]*)?"
)
_NUMBER = re.compile(r"[ \t]*\d{1,9}[.)]?")
# A task's box, and no word behind it yet.
_BOX = re.compile(r"\[[ xX]?\]?[ \t]*|\[[ xX]\][ \t]+[*_~`$!\[\\<&]{1,3}")
_DELIMITERS = re.compile(r"\|[|:\- \t]*")
_DEFINITION = re.compile(r"\[[^\]]+\]:[ \t]*\S*(?:[ \t]+(?:[\"'(].*)?)?")

# One line that begins with a letter and has no bar in it is a paragraph, whatever else is in it.
_PLAIN_LINE = re.compile(r"[^\W\d_][^\n|]*")

_HEAD_COLUMNS = 64
"""A row of more cells is not taken for the head of a table before its second line says so."""


def unfinished(grammar: Grammar, text: str, env: Env) -> list[Token]:
    """Block tokens of `text`, which may go on at any time, their inline content not parsed yet."""
    if _PLAIN_LINE.fullmatch(text):
        tokens = paragraph_tokens(text.strip())
        _complete_words(text, tokens, env)
        return tokens
    tokens = grammar.blocks(text, env)
    leaf = _leaf(tokens)
    if leaf is None:
        return grammar.blocks(_without_half_mark(text, None), env)
    match leaf.type:
        case "fence":
            leaf.content = _without_closer(leaf)
            return tokens
        case "math_block":
            if not leaf.markup:
                leaf.content = UNFINISHED
            return tokens
        case "code_block" | "plain":
            return tokens
    mended = _without_half_mark(_without_underline(text, tokens), leaf)
    if mended != text:
        tokens = grammar.blocks(mended, env)
    if with_table := _with_table(mended, _leaf(tokens)):
        mended = with_table
        tokens = grammar.blocks(mended, env)
    _complete_words(mended, tokens, env)
    return tokens


def _leaf(tokens: list[Token]) -> Token | None:
    """The last token that is no container's end."""
    return next((token for token in reversed(tokens) if token.nesting >= 0), None)


def _last_line(text: str) -> str:
    return text[text.rfind("\n") + 1 :]


def _without_closer(fence: Token) -> str:
    """The code without a closing fence of which only a part has arrived."""
    last = _last_line(fence.content)
    ticks = last.strip(" \t")
    if ticks and not ticks.strip(fence.markup[0]) and len(ticks) < len(fence.markup):
        return fence.content.removesuffix(last)
    return fence.content


def _without_half_mark(text: str, leaf: Token | None) -> str:
    """The text without a last line that is only the beginning of a block's mark."""
    last = _last_line(text)
    if not last.strip():
        return text
    opener = _CONTAINERS.match(last)
    body = last[opener.end() :] if opener else last
    in_paragraph = leaf is not None and leaf.map is not None and leaf.map[1] - leaf.map[0] > 1
    if _NUMBER.fullmatch(last) and in_paragraph:
        return text
    if _HALF_MARK.fullmatch(body) or (len(body) < len(last) and _BOX.fullmatch(body)):
        return text[: len(text) - len(last)]
    return text


def _without_underline(text: str, tokens: list[Token]) -> str:
    """The text without the line below a title that makes it a heading, until that line has ended."""
    leaf = next((i for i in reversed(range(len(tokens))) if tokens[i].nesting >= 0), 0)
    above = tokens[leaf - 1]
    if leaf and above.type == "heading_open" and above.markup in {"-", "="}:
        last = _last_line(text)
        return text[: len(text) - len(last)]
    return text


def _with_table(text: str, leaf: Token | None) -> str | None:
    """The text with a delimiter row below what will be a table's head; None where no such head stands."""
    if leaf is None or leaf.type != "inline":
        return None
    if leaf.map and leaf.map[1] < text.count("\n"):
        return None  # an empty line has ended it
    lines = text.rstrip().split("\n")
    rows = leaf.content.split("\n")
    head = next((i for i in range(len(rows)) if all(r.startswith("|") for r in rows[i:])), len(rows))
    rows = rows[head:]
    bar = lines[-1].find("|")
    if not 1 <= len(rows) <= 2 or bar < 0 or (len(rows) == 2 and not _DELIMITERS.fullmatch(rows[1])):
        return None
    columns = len(_cells(rows[0]))
    if columns > _HEAD_COLUMNS:
        return None
    given = [cell.strip() for cell in _cells(rows[1])][:columns] if len(rows) == 2 else []
    given = [cell if re.fullmatch(r":?-+:?", cell) else "---" for cell in given]
    delimiters = "|" + "|".join(given + ["---"] * (columns - len(given))) + "|"
    prefix = re.sub(r"[^>\s]", " ", lines[-1][:bar])
    if len(rows) == 2:
        lines.pop()
    return "\n".join([*lines, prefix + delimiters])


def _cells(row: str) -> list[str]:
    cells = escapedSplit(row.strip())
    if cells and not cells[0]:
        cells.pop(0)
    if len(cells) > 1 and not cells[-1].strip():
        cells.pop()
    return cells


def _complete_words(text: str, tokens: list[Token], env: Env) -> None:
    """Complete the inline content that is still being written, if any is."""
    opener = next((i for i in reversed(range(len(tokens))) if tokens[i].nesting == 1), None)
    if opener is None:
        return
    head, whole_line = tokens[opener], text.endswith("\n")
    match head.type:
        case "paragraph_open":
            lines = text.count("\n") + (not whole_line)
            content = tokens[opener + 1]
            if head.map is None or head.map[1] < lines:
                return
            if _DEFINITION.fullmatch(content.content):
                content.content = ""
        case "heading_open" if not whole_line:
            content = tokens[opener + 1]
        case "td_open" | "th_open" if not whole_line or head.type == "th_open":
            row = max(i for i in range(opener) if tokens[i].type == "tr_open")
            written = [t for t in tokens[row:] if t.type == "inline" and t.content]
            if not written:
                return
            content = written[-1]
        case _:
            return
    if len(content.content) <= limits.BLOCK_CHARACTERS:
        content.content = complete(content.content, partial(check_clock, env))
