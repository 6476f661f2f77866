r"""The places of formulas in Markdown: `$…$`, `$$…$$`, `\(…\)`, `\[…\]` and `\begin{align}…\end{align}`.

A formula block ends at the line that ends with its closer, or at the first blank line. It never looks past
that, since what stands above a line must not depend on what is below it while an answer grows.
"""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from app.markup import limits

_ENVIRONMENT = re.compile(r"\\begin\{((?:align|alignat|eqnarray|equation|flalign|gather|multline)\*?)\}")
# "5 to" of "$5 to 10$", not "17 mod" of "$17 mod 5$".
_PRICE = re.compile(r"\d[\d.,]*[ \n]+(?!mod\b|div\b)[A-Za-z]{2,}[ \n]")


def math_block(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """A block rule: a token `math_block` whose `markup` is its closer, "" where that is missing."""
    if state.is_code_block(line):
        return False
    start = state.bMarks[line] + state.tShift[line]
    if state.src.startswith("$$", start):
        opener, closer = "$$", "$$"
    elif state.src.startswith("\\[", start):
        opener, closer = "\\[", "\\]"
    elif match := _ENVIRONMENT.match(state.src, start, state.eMarks[line]):
        opener, closer = "", rf"\end{{{match[1]}}}"
    else:
        return False

    first = state.src[start + len(opener) : state.eMarks[line]].strip()
    closed = first.endswith(closer)
    if opener and first and not closed:
        return False  # `$$x` with words behind it: a paragraph, in which the inline rule looks for its end
    if silent:
        return True

    last = line
    while not closed and last + 1 < end and not _ends(state, last + 1):
        last += 1
        text = state.src[state.bMarks[last] + state.tShift[last] : state.eMarks[last]]
        closed = text.rstrip().endswith(closer)
    tex = state.getLines(line, last + 1, state.blkIndent, False).strip().removeprefix(opener)
    token = state.push("math_block", "math", 0)
    token.content = (tex.removesuffix(closer) if opener and closed else tex).strip()
    token.markup = closer if closed else ""
    token.map = [line, last + 1]
    state.line = last + 1
    return True


def _ends(state: StateBlock, line: int) -> bool:
    return state.isEmpty(line) or state.sCount[line] < state.blkIndent


def math_inline(state: StateInline, silent: bool) -> bool:
    r"""An inline rule: a token `math`, whose `markup` is how the formula was opened.

    Dollars are prices unless they hug what is between them, which isn't a number and words, and no digit
    follows the second one.
    """
    source, at = state.src, state.pos
    if source.startswith("\\(", at):
        opener, closer = "\\(", "\\)"
    elif source.startswith("\\[", at):
        opener, closer = "\\[", "\\]"
    elif source.startswith("$$", at):
        opener, closer = "$$", "$$"
    elif source.startswith("$", at):
        opener, closer = "$", "$"
    else:
        return False
    start = at + len(opener)
    end = dollar_end(source, at, state.posMax) if opener == "$" else _find(state, closer, start)
    if end < 0 or end + len(closer) > state.posMax:
        return False
    tex = source[start:end].strip()
    if not tex or len(tex) > limits.MATH_CHARACTERS:
        return False
    if not silent:
        token = state.push("math", "math", 0)
        token.content, token.markup = tex, opener
    state.pos = end + len(closer)
    return True


def dollar_end(source: str, at: int, limit: int) -> int:
    """Where the `$` stands that closes the one at `at`, or -1."""
    if at + 1 >= limit or source[at + 1].isspace() or (at and source[at - 1].isalnum()):
        return -1
    end = source.find("$", at + 1, min(limit, at + limits.MATH_CHARACTERS))
    while end > 0 and source[end - 1] == "\\":
        end = source.find("$", end + 1, min(limit, at + limits.MATH_CHARACTERS))
    if end < 0 or source[end - 1].isspace():
        return -1
    after = source[end + 1 : end + 2]
    return -1 if after.isdigit() or after == "$" or _PRICE.match(source, at + 1, end) else end


def _find(state: StateInline, closer: str, start: int) -> int:
    # Bounded, so that thousands of openers without a closer don't each search to the end.
    return state.src.find(closer, start, min(state.posMax, start + limits.MATH_CHARACTERS))
