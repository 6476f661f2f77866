"""Whole Markdown texts to blocks."""

from __future__ import annotations

from app.markup import limits
from app.markup.blocks import Block, plain_from


def parse(source: str) -> tuple[Block, ...]:
    """The blocks of a whole text. Never raises, drops no words, and takes time in proportion to its length.

    What can't be parsed in time, and what is beyond `limits.RICH_CHARACTERS`, comes as `Plain`. Lines are
    counted after CR and CRLF have become LF.
    """
    from app.markup.convert import Converter
    from app.markup.grammar import Definitions, grammar, groups, normalised

    source = normalised(source)
    end = limits.rich_end(source)
    env = Definitions().trial(unknown=False)
    tokens = grammar().blocks(source[:end], env)
    for group in groups(tokens):
        grammar().inline(group, env)
    blocks = Converter().blocks(tokens)
    if end < len(source):
        blocks += (plain_from(source[end:], source.count("\n", 0, end)),)
    return blocks
