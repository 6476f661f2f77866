"""What is drawn in one go is bounded, whatever a text is made of, and what waits is seen as it was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from app.core.completion import ReplyState
from app.markup import limits
from app.ui.theme import Theme
from app.ui.transcript.block_actions import BlockChange
from app.ui.transcript.budget import Budget, Ration
from app.ui.transcript.canvas import Canvas
from app.ui.transcript.flattener import PARAGRAPH_CHANGES
from app.ui.transcript.formulas import Formulas
from app.ui.transcript.group import Group, Styles
from app.ui.transcript.grouping import GROUP_CHANGES
from app.ui.transcript.laid_message import LaidMessage
from app.ui.transcript.pieces import FORMULA_CHANGES, More, MorePiece, Para
from tests.patience import patience
from tests.ui.transcript.turns import answer, document_texts, frame_of, text_of_document, user

WIDTH = 600


@pytest.fixture(scope="module", autouse=True)
def all_the_time() -> Iterator[None]:
    """How a text is read here doesn't depend on how busy this machine is."""
    with patience():
        yield


def changes(group: Group) -> int:
    return sum(piece.changes for piece in group.pieces if isinstance(piece, Para))


def drawn_text(group: Group) -> str:
    assert group.drawing is not None
    return text_of_document(group.drawing.document)


# -- how much is one -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "words"),
    [("`a` b ", "a b "), ("`a`b", "ab"), ("[a](b) ", "a "), ("*a* b\\\n", "a b\u2028")],
    ids=["code", "no-space", "links", "lines"],
)
def test_a_paragraph_of_many_looks_is_several_and_no_word_is_lost(
    styles: Styles, part: str, words: str
) -> None:
    message = LaidMessage(answer(part * 1_200 + "end"), styles, WIDTH)
    paras = [piece for piece in message.pieces if isinstance(piece, Para)]
    assert len(paras) > 1
    assert "".join(para.text for para in paras) == words * 1_200 + "end"
    assert max(para.changes for para in paras) <= PARAGRAPH_CHANGES * 1.5 + FORMULA_CHANGES
    assert [len(group.pieces) for group in message.groups] == [1] * len(paras)
    if " " in words:
        assert {para.text[-1] for para in paras[:-1]} == {words[1]}


def test_a_paragraph_as_people_write_them_is_one(styles: Styles) -> None:
    text = "some words before `code` and **bold** ones " * 90
    (para,) = LaidMessage(answer(text), styles, WIDTH).pieces
    assert isinstance(para, Para)
    assert PARAGRAPH_CHANGES / 2 < para.changes < PARAGRAPH_CHANGES


def test_paragraphs_that_are_drawn_together_have_a_bounded_number_of_looks(styles: Styles) -> None:
    message = LaidMessage(answer("words with `code` and $x$ and *more*\n\n" * 100), styles, WIDTH)
    assert max(map(changes, message.groups)) <= GROUP_CHANGES
    assert sum(len(group.pieces) for group in message.groups) == 100
    # Without them they are as many as before.
    assert len(LaidMessage(answer("words\n\n" * 100), styles, WIDTH).groups) == 3


def test_tables_count_as_several_paragraphs(styles: Styles) -> None:
    count = limits.PIECES // limits.APART
    message = LaidMessage(answer("a|b\n-|-\n\n" * (count + 100)), styles, WIDTH)
    rest = message.pieces[-1]
    assert isinstance(rest, MorePiece)
    assert (len(message.pieces), rest.kind, rest.hidden) == (count + 1, More.BLOCKS, 100)
    message.change_block(message.groups[-1], BlockChange.MORE)
    assert len(message.pieces) == count + 100


# -- what waits ----------------------------------------------------------------------------------------


def test_what_has_changed_is_drawn_when_it_is_laid_out(styles: Styles) -> None:
    text = "one\n\n| a |\n|---|\n| b |\n\ntwo\n"
    message = LaidMessage(answer(text, turn_id="x"), styles, WIDTH)
    before = document_texts(message)
    message.update(answer(text.upper(), turn_id="x"))
    assert [group.is_drawn for group in message.groups] == [False] * 3
    assert [drawn_text(group) for group in message.groups] == before
    assert document_texts(message) == [one.upper() for one in before]
    assert [group.is_drawn and group.is_exact for group in message.groups] == [True] * 3


def test_what_has_changed_is_seen_as_it_was_until_it_is_drawn(canvas: Canvas) -> None:
    text = "one\n\n| a |\n|---|\n| b |\n\ntwo\n"
    turn = answer(text)
    canvas.show_turns([user("q"), turn])
    frame, message = frame_of(canvas, turn), canvas.message(1)
    before = {group: drawn_text(group) for group in message.groups}
    assert frame.live.keys() == before.keys()
    message.update(answer(text.upper(), turn_id=turn.turn_id))
    frame.show_part(0, canvas.height(), 0, Ration(Budget(60.0)))
    assert {group: drawn_text(group) for group in frame.live} == before
    for group in message.groups:
        message.lay_out(group)
    assert [edit.toPlainText().strip() for edit in frame.editors()] == [
        words.upper().strip() for words in before.values()
    ]


def test_in_another_width_nothing_is_seen_before_it_is_laid_out(canvas: Canvas) -> None:
    turn = answer("one\n\n| a |\n|---|\n| b |\n")
    canvas.show_turns([user("q"), turn])
    frame, message = frame_of(canvas, turn), canvas.message(1)
    assert len(frame.live) == 2
    message.set_width(WIDTH)  # each editor would lay its text out at once
    frame.show_part(0, canvas.height(), 0, Ration(Budget(60.0)))
    assert not frame.live


def test_an_answer_that_is_read_anew_when_it_ends_ends_as_one_that_came_at_once(
    styles: Styles, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "a *b* [c](d) `e`\n\nf **g**\n\n- h *i*\n- `j`\n"
    growing = LaidMessage(answer("", ReplyState.RUNNING, turn_id="x"), styles, WIDTH)
    with monkeypatch.context() as patch:
        patch.setattr(limits, "GROWING_SECONDS", 0.0)  # all that takes any time takes too long
        for end in range(1, len(text)):
            growing.update(answer(text[:end], ReplyState.RUNNING, turn_id="x"))
            document_texts(growing)
    assert "*b*" in document_texts(growing)[0]
    growing.update(answer(text, turn_id="x"))
    assert document_texts(growing) == document_texts(LaidMessage(answer(text), styles, WIDTH))


# -- formulas ------------------------------------------------------------------------------------------


def test_formulas_of_one_document_are_shown_in_one_change(theme: Theme, qtbot: QtBot) -> None:
    formulas = Formulas()
    try:
        message = LaidMessage(answer("$a$, $b$ and $c$, $d$"), Styles(theme, formulas), WIDTH)
        (group,) = message.groups
        message.lay_out(group)
        assert group.drawing is not None
        qtbot.waitUntil(lambda: formulas.is_idle, timeout=60_000)
        changed = QSignalSpy(group.drawing.document.contentsChanged)
        assert group.settle()
        assert changed.count() == 1
        message.free()
    finally:
        assert formulas.shut_down(60.0)
