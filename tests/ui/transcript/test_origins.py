"""Each piece that is drawn knows the block it was made from."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from app.core.completion import ReplyState
from app.core.conversation import Turn
from app.markup.blocks import Block, Footnote, ListBlock, Plain, Quote
from app.markup.parse import parse
from app.ui.transcript.content import MessageContent, blocks_of
from tests.ui.transcript.turns import ANSWER, answer, user

MIXED = ANSWER + "\n> quoted\n>\n> - in a list\n\n1. \n2. two\n\n---\n\n$$\nx\n$$\n\nText[^1]\n\n[^1]: note\n"


def leaves(blocks: Iterable[object]) -> Iterable[object]:
    for block in blocks:
        match block:
            case ListBlock(items=items):
                for item in items:
                    yield from leaves(item.blocks) if item.blocks else (item,)
            case Quote(inner) | Footnote(blocks=inner):
                yield from leaves(inner)
            case _:
                yield block


def unique(found: Iterable[object]) -> list[object]:
    return list({id(one): one for one in found}.values())


@pytest.mark.parametrize("turn", [answer(MIXED), answer(MIXED, ReplyState.RUNNING), user("one\n\ntwo")])
def test_the_origins_of_the_pieces_are_the_blocks_without_blocks_in_reading_order(turn: Turn) -> None:
    content = MessageContent()
    content.update(turn)
    origins = unique(piece.origin for piece in content.pieces if piece.origin is not None)
    assert [id(one) for one in origins] == [id(one) for one in leaves(content.blocks)]


def test_a_message_that_grew_has_origins_among_its_blocks() -> None:
    content = MessageContent()
    for end in range(1, len(MIXED), 7):
        content.update(answer(MIXED[:end], ReplyState.RUNNING, turn_id="t"))
    content.update(answer(MIXED, turn_id="t"))
    known = {id(one) for one in leaves(content.blocks)}
    assert all(id(piece.origin) in known for piece in content.pieces if piece.origin is not None)
    assert content.blocks == list(parse(MIXED))


def test_a_message_has_the_same_blocks_laid_out_or_not() -> None:
    for turn in (answer(MIXED, thought="hidden"), user("a\nb")):
        content = MessageContent()
        content.update(turn)
        assert content.blocks == blocks_of(turn)
    blocks: list[Block] = blocks_of(user("*as it is*"))
    assert blocks == [Plain("*as it is*", (0, 0))]
