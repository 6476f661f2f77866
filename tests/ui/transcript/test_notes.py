"""Footnotes and sources: numbered together in order of first use, however they come."""

from __future__ import annotations

import random

import pytest

from app.core.completion import Completion, ReplyState
from app.core.conversation import Role, Turn
from app.core.parts import Part, ReferencePart, Source, TextPart, part_from_data, part_to_data
from app.markup.blocks import text_of
from app.ui.transcript.canvas import Canvas
from app.ui.transcript.content import MessageContent, blocks_of
from app.ui.transcript.group import Styles
from app.ui.transcript.laid_message import LaidMessage
from app.ui.transcript.pieces import Look, Para
from tests.ui.transcript.turns import answer, document_texts, frame_of, user

WIDTH = 600
NOTES = """One[^late] and two[^a].

[^a]: About two, see [^inner].

- item[^late] | **bold**[^c]

| head[^t] | b |
|---|---|
| cell[^a] | 1 |

[^late]: Late.
[^inner]: Inner.
[^c]: See.
[^t]: Table.
[^unused]: Nobody.
"""
PAGE = Source("s1", "A page", "https://example.org/a")
OTHER = Source("s2", "", "https://other.example/b")


def of_parts(*parts: Part, state: ReplyState = ReplyState.DONE) -> Turn:
    return Turn("parts", None, Role.ASSISTANT, reply=Completion(parts, state))


def lines(turn: Turn, styles: Styles) -> list[str]:
    return "\n".join(document_texts(LaidMessage(turn, styles, WIDTH))).split("\n")


def test_footnotes_are_numbered_in_order_of_first_use(styles: Styles) -> None:
    assert [line for line in lines(answer(NOTES), styles) if line] == [
        "One[1] and two[2].",
        "[2] About two, see [5].",
        "- item[1] | bold[3]",
        "head[4]",
        "b",
        "cell[2]",
        "1",
        "[1] Late.",
        "[5] Inner.",
        "[3] See.",
        "[4] Table.",
        "[6] Nobody.",
    ]


def test_a_mark_is_raised(styles: Styles) -> None:
    content = MessageContent()
    content.update(answer("a[^x]\n\n[^x]: note"))
    first = content.pieces[0]
    assert isinstance(first, Para)
    looks = [(one.text, bool(one.look & Look.RAISED)) for one in first.segments]
    assert looks == [("a", False), ("[1]", True)]


@pytest.mark.parametrize("seed", range(4))
def test_notes_that_arrive_in_pieces_end_as_at_once(styles: Styles, seed: int) -> None:
    rng = random.Random(seed)
    growing = LaidMessage(answer("", ReplyState.RUNNING, turn_id="x"), styles, WIDTH)
    at = 0
    while at < len(NOTES):
        at += rng.choice([1, 2, 5, 20])
        growing.update(answer(NOTES[:at], ReplyState.RUNNING, turn_id="x"))
        document_texts(growing)
    growing.update(answer(NOTES, turn_id="x"))
    assert document_texts(growing) == document_texts(LaidMessage(answer(NOTES), styles, WIDTH))
    assert text_of(growing.blocks) == text_of(blocks_of(answer(NOTES)))


def test_references_stand_in_the_text_and_share_the_numbers(styles: Styles) -> None:
    turn = of_parts(
        TextPart("**One.**"),
        ReferencePart(("7", "0")),
        TextPart(" Two[^n]"),
        ReferencePart(("7",)),
        TextPart(".\n\n[^n]: Note."),
    )
    assert lines(turn, styles) == ["One.[1][2] Two[3][1].", "[3] Note."]


def test_known_sources_are_listed_with_title_and_host(styles: Styles) -> None:
    turn = of_parts(TextPart("One"), ReferencePart(("s2", "s1"), (PAGE, OTHER)), TextPart(" two."))
    assert lines(turn, styles) == [
        "One[1][2] two.",
        "Sources",
        "[1] https://other.example/b — other.example",
        "[2] A page — example.org",
    ]
    content = MessageContent()
    content.update(turn)
    paras = [piece for piece in content.pieces if isinstance(piece, Para)]
    hrefs = [one.href for para in paras for one in para.segments if one.href]
    assert hrefs == [OTHER.url, PAGE.url, OTHER.url, PAGE.url]
    assert "Sources" in text_of(blocks_of(turn))


def test_sources_stay_last_while_the_answer_grows(styles: Styles) -> None:
    parts: list[Part] = [
        TextPart("One"),
        ReferencePart(("s1",), (PAGE,)),
        TextPart(" two.\n\n- three"),
        ReferencePart(("s2", "s1"), (OTHER,)),
        TextPart(" four\n\nfive"),
    ]
    growing = LaidMessage(of_parts(state=ReplyState.RUNNING), styles, WIDTH)
    for count in range(1, len(parts) + 1):
        growing.update(of_parts(*parts[:count], state=ReplyState.RUNNING))
        texts = "\n".join(document_texts(growing)).split("\n")
        assert ("Sources" in texts) == (count > 1)
    growing.update(of_parts(*parts))
    whole = LaidMessage(of_parts(*parts), styles, WIDTH)
    assert document_texts(growing) == document_texts(whole)
    assert text_of(growing.blocks) == text_of(blocks_of(of_parts(*parts)))


def test_a_source_leads_where_every_link_does(canvas: Canvas) -> None:
    turn = of_parts(TextPart("One"), ReferencePart(("s1",), (PAGE,)))
    canvas.show_turns([user("q"), turn])
    (edit,) = frame_of(canvas, turn).editors()
    block = edit.document().lastBlock()
    anchors = set()
    at = block.begin()
    while not at.atEnd():
        anchors.add(at.fragment().charFormat().anchorHref())
        at += 1
    assert anchors - {""} == {PAGE.url}


@pytest.mark.parametrize("text", ["```\ncode⸨\ue000⸩\n```", "`code⸨\ue000⸩`", "a ⸨\ue000⸩ b", "$x⸨\ue000⸩$"])
def test_what_looks_like_a_reference_is_none(styles: Styles, text: str) -> None:
    turn = of_parts(TextPart(text), ReferencePart(("s1",), (PAGE,)))
    assert "Sources" in lines(turn, styles)
    # The letter that stands for the source in what we made of it is nowhere else.
    assert "[1]" not in lines(of_parts(TextPart(text)), styles)[0]


def test_a_reference_within_code_leaves_the_code_as_it_is(styles: Styles) -> None:
    turn = of_parts(TextPart("```\na"), ReferencePart(("s1",), (PAGE,)), TextPart("b\n```\n"))
    assert lines(turn, styles)[0] == "ab"


def test_a_reference_right_behind_code_or_a_row_leaves_them_whole(styles: Styles) -> None:
    page = ReferencePart(("s1",), (PAGE,))
    turn = of_parts(
        TextPart("```\na\n```"), page, TextPart("\n\n| a |\n|---|\n| 1 |"), page, TextPart("\n| 2 |\n")
    )
    found = [line for line in lines(turn, styles) if line]
    assert found == ["a", "[1]", "a", "1", "[1]", "2", "Sources", "[1] A page — example.org"]


def test_sources_are_kept_on_disk() -> None:
    for part in (ReferencePart(("1", "2")), ReferencePart(("s1",), (PAGE, OTHER))):
        assert part_from_data(part_to_data(part)) == part
    odd = {"type": "reference", "ids": ["1"], "sources": [3, {"id": "x"}]}
    assert part_from_data(odd) == ReferencePart(("1",))
