"""What is drawn says what the tree says, however it grew."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QTextCursor, QTextDocument

from app.core.completion import ReplyState
from app.markup.blocks import text_of
from app.markup.parse import parse
from app.ui.transcript.code import CodeDrawing
from app.ui.transcript.content import blocks_of
from app.ui.transcript.document import SafeDocument
from app.ui.transcript.flattener import plain_pieces, segments
from app.ui.transcript.group import Group, Styles
from app.ui.transcript.laid_message import LaidMessage
from app.ui.transcript.pieces import CodePiece, Look, Para
from app.ui.transcript.prose import ProseDrawing
from app.ui.transcript.qt_text import drawable, utf16_length
from tests.markup.corpus import Case, cases
from tests.patience import patience
from tests.ui.transcript.turns import answer, document_texts, user

WIDTH = 600
CASES = list(cases(0.004))
KIND = [case for case in CASES if not case.hostile]
# What the tree's plain text shows of rules and formulas, and the drawing sets in another way.
_SET_OTHERWISE = re.compile(r"———|\$\$|\s|\u200b")
RICH = """# Title

A line with **bold**, *soft*, ~~gone~~, `code` and [a link](https://example.org), hard\\
break, soft
break, ![alt](https://example.org/x.png).

- one
- two
  - nested `x`

    second paragraph
- [x] done
- [ ] open

3. three
   ```sh
   ls
   ```
4. four

> quoted
>
> > deeper

| a | b |
|---|--:|
| 1 | **2** |

---

שלום עולם with `code`

end 🎉 of it"""


def words(texts: list[str]) -> str:
    return _SET_OTHERWISE.sub("", "".join(texts))


def formats(document: QTextDocument) -> list[tuple[Any, ...]]:
    """All text with how it is set."""
    found: list[tuple[Any, ...]] = []
    block = document.begin()
    while block.isValid():
        at = block.begin()
        look = block.blockFormat()
        found.append((round(look.topMargin()), round(look.leftMargin()), look.layoutDirection()))
        while not at.atEnd():
            fragment = at.fragment()
            font = fragment.charFormat().font()
            found.append(
                (
                    fragment.text(),
                    font.pixelSize(),
                    int(font.weight()),
                    font.italic(),
                    fragment.charFormat().anchorHref(),
                )
            )
            at += 1
        block = block.next()
    return found


def all_formats(message: LaidMessage) -> list[Any]:
    document_texts(message)
    return [formats(group.drawing.document) for group in message.groups if group.drawing]


@pytest.mark.parametrize("text", [RICH, *(case.text for case in KIND)], ids=["rich", *(c.name for c in KIND)])
def test_documents_say_what_the_tree_says(styles: Styles, text: str) -> None:
    message = LaidMessage(answer(text), styles, WIDTH)
    assert words(document_texts(message)) == words([drawable(text_of(blocks_of(answer(text))))])


@pytest.fixture(scope="module", autouse=True)
def all_the_time() -> Iterator[None]:
    """How a text is read here doesn't depend on how busy this machine is."""
    with patience():
        yield


@pytest.mark.parametrize(
    "text", [RICH, *(case.text[:3000] for case in KIND)], ids=["rich", *(c.name for c in KIND)]
)
@pytest.mark.parametrize("seed", [1, 2])
def test_growing_in_pieces_ends_as_drawn_at_once(styles: Styles, text: str, seed: int) -> None:
    rng = random.Random(seed)
    growing = LaidMessage(answer("", ReplyState.RUNNING, turn_id="x"), styles, WIDTH)
    at = 0
    while at < len(text):
        at += rng.choice([1, 3, 9, 40, 150])
        growing.update(answer(text[:at], ReplyState.RUNNING, turn_id="x"))
        for group in growing.groups:
            growing.lay_out(group)
        growing.free_dropped()
    growing.update(answer(text, turn_id="x"))
    whole = LaidMessage(answer(text, turn_id="x"), styles, WIDTH)
    assert document_texts(growing) == document_texts(whole)
    assert [group.height for group in growing.groups] == [group.height for group in whole.groups]
    assert all_formats(growing) == all_formats(whole)


@pytest.mark.parametrize("case", [case for case in CASES if case.hostile], ids=lambda case: case.name)
def test_hostile_texts_are_drawn_and_let_go(styles: Styles, case: Case) -> None:
    message = LaidMessage(answer(case.text), styles, WIDTH)
    assert all(text is not None for text in document_texts(message))
    message.free()
    question = LaidMessage(user(case.text), styles, WIDTH)
    document_texts(question)
    question.free()


def test_only_the_end_of_a_growing_paragraph_is_drawn_again(styles: Styles) -> None:
    drawing = ProseDrawing(styles.answer)
    (first,) = plain_pieces("A fairly long paragraph that grows")
    drawing.show([first])
    drawing.lay_out(WIDTH)
    changes: list[tuple[int, int, int]] = []
    drawing.document.contentsChange.connect(lambda at, gone, come: changes.append((at, gone, come)))
    (longer,) = plain_pieces("A fairly long paragraph that grows by some words")
    drawing.show([longer])
    assert len(changes) == 1
    at, gone, come = changes[0]
    assert at >= len("A fairly long paragraph that grow")
    assert gone <= 2
    assert come <= len("s by some words") + 1


def test_characters_beyond_16_bits_count_as_qt_counts(styles: Styles) -> None:
    assert utf16_length("a🎉") == 3
    drawing = ProseDrawing(styles.answer)
    drawing.show(list(plain_pieces("🎉 one")))
    drawing.show(list(plain_pieces("🎉 one two")))
    drawing.show(list(plain_pieces("🎉 o🎉")))
    assert drawing.document.toPlainText() == "🎉 o🎉"


def test_characters_that_qt_takes_for_its_own_are_text(styles: Styles) -> None:
    drawing = ProseDrawing(styles.answer)
    drawing.show(list(plain_pieces("a\u2029b\ufdd0c\ufdd1d\ufffce")))
    assert drawing.document.blockCount() == 1
    assert drawing.document.toPlainText() == "a\ufffdb\ufffdc\ufffdd\ufffde"


def test_right_to_left_is_decided_for_each_paragraph(styles: Styles) -> None:
    message = LaidMessage(answer("שלום hello\n\nhello שלום"), styles, WIDTH)
    document_texts(message)
    drawing = message.groups[0].drawing
    assert drawing is not None
    block = drawing.document.begin()
    directions = []
    while block.isValid():
        directions.append(block.textDirection().name)
        block = block.next()
    assert directions == ["RightToLeft", "LeftToRight"]


def test_code_within_a_list_has_a_box_of_its_own(styles: Styles) -> None:
    message = LaidMessage(answer("1. one\n   ```sh\n   ls\n   ```\n2. two"), styles, WIDTH)
    kinds = [group.kind for group in message.groups]
    assert kinds == [Para, CodePiece, Para]
    assert message.groups[1].indent > 0


def test_a_link_that_is_still_arriving_leads_nowhere(styles: Styles) -> None:
    message = LaidMessage(answer("see [the page](https://exam", ReplyState.RUNNING), styles, WIDTH)
    (para,) = message.pieces
    assert isinstance(para, Para)
    link = [segment for segment in para.segments if segment.look & Look.LINK]
    assert [segment.href for segment in link] == [""]
    assert "https" not in para.text


def test_colours_do_not_change_the_words(styles: Styles) -> None:
    (block,) = parse("```python\ndef f():\n    return 'é🎉x'  # done\n```")
    drawing = CodeDrawing(styles.answer)
    drawing.show(block)  # type: ignore[arg-type]
    assert drawing.needs_colours
    before = drawing.document.toPlainText()
    drawing.colour()
    assert not drawing.needs_colours
    assert drawing.document.toPlainText() == before
    first = drawing.document.firstBlock().layout().formats()
    assert (first[0].start, first[0].length) == (0, 3)
    last = drawing.document.lastBlock().layout().formats()[-1]
    assert last.format.fontItalic()
    text = drawing.document.lastBlock().text().encode("utf-16-le")
    assert text[2 * last.start : 2 * (last.start + last.length)].decode("utf-16-le") == "# done"


def test_no_document_gets_a_resource(styles: Styles) -> None:
    document = SafeDocument()
    for kind in QTextDocument.ResourceType:
        found = document.resource(kind.value, "file:///etc/hostname")
        assert isinstance(found, QImage)
        assert found.width() == 1
    message = LaidMessage(answer(RICH), styles, WIDTH)
    document_texts(message)
    assert all(type(group.drawing.document) is SafeDocument for group in message.groups if group.drawing)


def test_markup_in_a_question_is_shown_as_it_was_typed(styles: Styles) -> None:
    text = "<b>bold</b> **stars**\n<img src=file:///etc/hostname>"
    message = LaidMessage(user(text), styles, WIDTH)
    assert document_texts(message) == [text]


def test_segments_of_one_look_are_one() -> None:
    (block,) = parse("one *two* **three** `four` five\nsix")
    found = segments(block.spans)  # type: ignore[union-attr]
    assert [segment.text for segment in found] == ["one ", "two", " ", "three", " ", "four", " five six"]


def test_a_copy_has_bullets_as_typed(styles: Styles) -> None:
    message = LaidMessage(answer("- one\n- [x] two\n\n1. three"), styles, WIDTH)
    assert document_texts(message) == ["- one\n- [x] two\n1. three"]
    drawing = message.groups[0].drawing
    assert drawing is not None
    cursor = QTextCursor(drawing.document)
    cursor.movePosition(QTextCursor.MoveOperation.Down)
    assert cursor.block().text() == "☑\ttwo"


@pytest.mark.parametrize(
    "text",
    [
        "A line with `code` in it that is long enough for `two` or more `lines` of text.",
        "| a | b |\n|---|---|\n| 1 | 2 |",
    ],
    ids=["chips", "table"],
)
def test_what_stands_behind_the_text_goes_where_the_text_goes(styles: Styles, text: str) -> None:
    narrow, wide = (LaidMessage(answer(text), styles, width).groups[0] for width in (220, 500))
    narrow.lay_out(220)
    wide.lay_out(500)
    at_once, before = ground_of(narrow), ground_of(wide)
    assert before != at_once
    wide.lay_out(220)
    assert ground_of(wide) == at_once


def ground_of(group: Group) -> QImage:
    """What is painted behind the text of a group."""
    image = QImage(WIDTH, 300, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    assert group.drawing is not None
    painter = QPainter(image)
    group.drawing.paint(painter, QRectF(image.rect()))
    painter.end()
    return image
