"""Code as it is met in answers: what its head says, how it folds, wraps, scrolls and is coloured."""

from __future__ import annotations

from itertools import chain

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.completion import ReplyState
from app.core.conversation import Turn
from app.core.settings import Appearance, Settings
from app.markup.blocks import CodeBlock
from app.markup.highlight import Kind
from app.markup.languages import language_of
from app.ui.theme import Theme
from app.ui.transcript.block_actions import BlockAction
from app.ui.transcript.canvas import Canvas
from app.ui.transcript.code import DIFF, FOLDED, TINTS, CodeDrawing
from app.ui.transcript.code_frame import CodeFrame
from app.ui.transcript.group import CODE_HEAD, SCROLL_BAR, Styles
from app.ui.transcript.laid_message import LaidMessage
from app.ui.transcript.view import TranscriptView
from tests.ui.test_theme import contrast
from tests.ui.transcript.turns import (
    answer,
    chat,
    document_texts,
    frame_of,
    let_go_on,
    shown_turns,
    top_of,
    user,
)

LONG = "".join(f"line {number}\n" for number in range(80))


def fenced(code: str, info: str = "") -> str:
    return f"```{info}\n{code}```\n"


def code_of(canvas: Canvas, turn: Turn) -> CodeFrame:
    (code,) = [one for one in frame_of(canvas, turn).blocks() if isinstance(one, CodeFrame)]
    return code


def drawing_of(text: str, styles: Styles, language: str = "python", *, closed: bool = True) -> CodeDrawing:
    drawing = CodeDrawing(styles.answer)
    drawing.show(CodeBlock(language_of(language), language, text, closed, (0, 0)))
    return drawing


def action(canvas: Canvas, code: CodeFrame, text: str) -> BlockAction:
    return next(one for one in canvas.block_actions(code.mapToGlobal(QPoint(20, 60))) if one.text == text)


def shown(canvas: Canvas, text: str) -> tuple[Turn, CodeFrame]:
    turn = answer(text)
    canvas.show_turns([user("q"), turn])
    canvas.verticalScrollBar().setValue(0)
    return turn, code_of(canvas, turn)


# -- names ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("info", "code", "name"),
    [
        ("python", "a\nb\n", "Python code, 2 lines"),
        ('ts title="a.ts"', "a\n", "a.ts, TypeScript code, 1 line"),
        ("", "a\n", "Code, 1 line"),
    ],
)
def test_code_is_named_with_its_file_language_and_length(
    canvas: Canvas, info: str, code: str, name: str
) -> None:
    _, frame = shown(canvas, fenced(code, info))
    assert frame.edit.accessibleName() == name


def test_code_that_grows_is_not_named_again_with_every_line(canvas: Canvas) -> None:
    turn = answer("```python\na\n", ReplyState.RUNNING, turn_id="grows")
    canvas.show_turns([user("q"), turn])
    assert code_of(canvas, turn).edit.accessibleName() == "Python code"
    canvas.change_turn(answer("```python\na\nb\n```\n", turn_id="grows"))
    assert code_of(canvas, turn).edit.accessibleName() == "Python code, 2 lines"


# -- folding --------------------------------------------------------------------------------------------


def test_long_code_is_folded_and_opened_by_its_button(canvas: Canvas) -> None:
    _, code = shown(canvas, fenced(LONG) + "\nend")
    folded = code.height()
    assert code.fold_button.label == "Show all 80 lines"
    assert code.edit.document().blockCount() == FOLDED
    code.fold_button.click()
    assert code.fold_button.label == "Show fewer lines"
    assert code.edit.document().blockCount() == 80
    assert code.height() > 3 * folded
    code.fold_button.click()
    assert code.height() == folded


def test_a_copy_of_folded_code_is_whole(canvas: Canvas) -> None:
    _, code = shown(canvas, fenced(LONG))
    code.copy_button.click()
    assert QGuiApplication.clipboard().text() == LONG
    QGuiApplication.clipboard().clear()
    action(canvas, code, "Copy code").do()
    assert QGuiApplication.clipboard().text() == LONG


def test_code_of_24_lines_is_not_folded(canvas: Canvas) -> None:
    _, code = shown(canvas, fenced("x\n" * 24))
    assert not code.fold_button.isVisible()
    assert code.edit.document().blockCount() == 24


def test_code_that_was_seen_growing_stays_open(canvas: Canvas) -> None:
    canvas.show_turns([user("q"), answer("```\n" + LONG, ReplyState.RUNNING, turn_id="grows")])
    turn = answer(fenced(LONG), turn_id="grows")
    canvas.change_turn(turn)
    code = code_of(canvas, turn)
    assert code.edit.document().blockCount() == 80
    assert code.fold_button.label == "Show fewer lines"


def test_what_is_open_and_wrapped_stays_so_in_another_theme(theme: Theme, canvas: Canvas) -> None:
    turn, code = shown(canvas, fenced(LONG))
    code.fold_button.click()
    action(canvas, code, "Wrap lines").do()
    theme.follow(Settings(appearance=Appearance.DARK, text_size=18))
    code = code_of(canvas, turn)
    assert code.edit.document().blockCount() == 80
    assert action(canvas, code, "Wrap lines").is_on is True


def test_closing_long_code_leaves_its_beginning_in_view(canvas: Canvas) -> None:
    turn, code = shown(canvas, fenced(LONG) + "\nend\n" * 30)
    code.fold_button.click()
    canvas.verticalScrollBar().setValue(1200)
    code = code_of(canvas, turn)
    code.fold_button.click()
    assert 0 <= top_of(canvas, code_of(canvas, turn)) < 40


# -- wrapping and scrolling -----------------------------------------------------------------------------


def test_long_lines_are_wrapped_by_the_menu_and_back(canvas: Canvas) -> None:
    _, code = shown(canvas, fenced("word " * 100 + "\n"))
    let_go_on()
    height = code.height()
    wrap = action(canvas, code, "Wrap lines")
    assert wrap.is_on is False
    wrap.do()
    let_go_on()
    assert code.edit.horizontalScrollBar().maximum() == 0
    assert code.edit.verticalScrollBar().maximum() == 0
    assert code.edit.document().firstBlock().layout().lineCount() > 4
    assert code.height() > height
    wrap = action(canvas, code, "Wrap lines")
    assert wrap.is_on is True
    wrap.do()
    let_go_on()
    assert code.height() == height
    assert code.edit.horizontalScrollBar().maximum() > 0


def test_a_line_that_is_too_long_is_never_wrapped(canvas: Canvas) -> None:
    _, code = shown(canvas, fenced("x " * 1500 + "\n" + "word " * 100 + "\n"))
    action(canvas, code, "Wrap lines").do()
    let_go_on()
    block = code.edit.document().firstBlock()
    assert block.layout().lineCount() == 1
    assert block.next().layout().lineCount() > 4
    assert code.edit.horizontalScrollBar().maximum() > 0


def test_room_for_the_scroll_bar_is_as_high_as_the_bar(canvas: Canvas) -> None:
    _, code = shown(canvas, fenced("word " * 100 + "\n"))
    assert code.edit.horizontalScrollBar().sizeHint().height() == SCROLL_BAR


def test_the_head_of_code_stays_in_sight(canvas: Canvas) -> None:
    turn, code = shown(canvas, "above\n\n" + fenced("x\n" * 24) + "\nbelow\n" * 40)
    bar = canvas.verticalScrollBar()
    assert code.head.y() == 0
    bar.setValue(top_of(canvas, code) + 200)
    code = code_of(canvas, turn)
    assert top_of(canvas, code) == -200
    assert top_of(canvas, code.head) == 0
    bar.setValue(bar.value() + code.height() - 200 - 20)
    # It leaves with the last lines, and doesn't hang below them.
    assert top_of(canvas, code.head) < 0
    assert code.head.geometry().bottom() < code.height() - CODE_HEAD // 2


def test_a_click_on_the_head_that_sticks_copies(canvas: Canvas) -> None:
    turn, code = shown(canvas, fenced("x\n" * 24) + "\nbelow\n" * 40)
    canvas.verticalScrollBar().setValue(200)
    code = code_of(canvas, turn)
    QTest.mouseClick(code.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "x\n" * 24


# -- colours --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("appearance", [Appearance.LIGHT, Appearance.DARK])
def test_colours_of_code_can_be_read(theme: Theme, appearance: Appearance) -> None:
    theme.follow(Settings(appearance=appearance))
    ground = theme.color("bg.sunken")
    tokens = ["syn.text", *(DIFF.get(kind.value, kind.value) for kind in Kind)]
    assert {token: contrast(theme.color(token), ground) >= 4.5 for token in tokens} == dict.fromkeys(
        tokens, True
    )
    for kind, tint in ((Kind.INSERTED, TINTS["+"]), (Kind.DELETED, TINTS["-"])):
        assert contrast(theme.color(DIFF[kind.value]), theme.color(tint)) >= 4.5


@pytest.mark.parametrize("language", ["python", "c"], ids=["by state", "read whole"])
def test_code_that_grows_is_painted_only_where_colours_changed(styles: Styles, language: str) -> None:
    code = "".join(f'int f{number} = call("x", {number});\n' for number in range(100))
    drawing = drawing_of(code, styles, language, closed=False)
    drawing.lay_out(600)
    colour(drawing)
    painted: list[QRectF] = []
    drawing.document.documentLayout().update["QRectF"].connect(painted.append)  # type: ignore[index]
    more = code + "int last = 1;\n" * 20
    drawing.show(CodeBlock(language, language, more, False, (0, 0)))
    painted.clear()
    colour(drawing)
    top = drawing.document.documentLayout().blockBoundingRect(drawing.document.findBlockByNumber(95)).top()
    assert painted
    assert min(rect.top() for rect in painted) >= top
    drawing.show(CodeBlock(language, language, more, True, (0, 0)))
    whole = drawing_of(more, styles, language)
    colour(whole)
    colour(drawing)
    assert formats(drawing) == formats(whole)


def colour(drawing: CodeDrawing) -> None:
    while drawing.needs_colours:
        drawing.colour()


def formats(drawing: CodeDrawing) -> list[tuple[int, int, int, str]]:
    found = []
    block = drawing.document.begin()
    while block.isValid():
        found += [
            (block.blockNumber(), one.start, one.length, one.format.foreground().color().name())
            for one in block.layout().formats()
        ]
        block = block.next()
    return found


def test_folding_and_opening_keeps_the_colours(styles: Styles) -> None:
    drawing = drawing_of("x = 1\n" * 40, styles)
    for is_folded in (True, False, True, False):
        drawing.set_view(is_wrapped=False, is_folded=is_folded)
        drawing.colour()
    whole = drawing_of("x = 1\n" * 40, styles)
    whole.colour()
    assert formats(drawing) == formats(whole)


def test_changed_lines_of_a_diff_stand_on_a_tint(theme: Theme, canvas: Canvas) -> None:
    _, code = shown(canvas, fenced("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old\n+new\n same\n", "patch"))
    picture = code.edit.viewport().grab().toImage()
    x = picture.width() - 20
    found = [picture.pixelColor(x, y).name() for y in middles(code, picture)]
    sunken = theme.color("bg.sunken").name()
    minus, plus = theme.color("danger.tint").name(), theme.color("success.tint").name()
    assert [one for one in found if one in {minus, plus}] == [minus, plus]
    assert found[3:5] == [minus, plus]
    assert plus not in {found[0], found[1], sunken}


def middles(code: CodeFrame, picture: QImage) -> list[int]:
    document = code.edit.document()
    blocks = [document.findBlockByNumber(number) for number in range(document.blockCount())]
    rects = (document.documentLayout().blockBoundingRect(block) for block in blocks)
    return [round(rect.center().y() * picture.devicePixelRatio()) + 2 for rect in rects]


# -- the keyboard, and what is left behind --------------------------------------------------------------


def test_copy_and_fold_are_reached_by_tab(view: TranscriptView) -> None:
    turn, code = shown(view.canvas, fenced(LONG))
    frame = frame_of(view.canvas, turn)
    stops = frame.tab_stops()
    assert stops.index(code.copy_button) < stops.index(code.edit) < stops.index(code.fold_button)
    code.fold_button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(code.fold_button, Qt.Key.Key_Space)
    assert code.edit.document().blockCount() == 80
    assert code.fold_button.hasFocus()


def test_code_that_comes_in_place_of_other_code_begins_at_its_left_edge(canvas: Canvas) -> None:
    _, code = shown(canvas, fenced("word " * 100 + "\n"))
    bar = code.edit.horizontalScrollBar()
    bar.setValue(bar.maximum())
    assert bar.value() > 0
    turn, other = shown(canvas, fenced("other " * 100 + "\n"))
    assert other is code
    assert bar.value() == 0
    assert code.edit.toPlainText().startswith("other")
    action(canvas, code, "Wrap lines").do()
    _, other = shown(canvas, fenced("third " * 100 + "\n"))
    assert other is code
    assert bar.maximum() > 0
    canvas.show_turns([user("q"), turn])
    canvas.verticalScrollBar().setValue(0)
    assert code.edit.toPlainText().startswith("other")
    assert bar.maximum() == 0


HEAD = " | ".join(f"column {number}" for number in range(14))
ARABIC_HEAD = " | ".join(["عمود"] * 14)
WIDE = {
    "code": fenced("word " * 100 + "\n"),
    "table": f"| {HEAD} |\n|{'---|' * 14}\n| {HEAD} |\n",
    "mirrored": f"| {ARABIC_HEAD} |\n|{'---|' * 14}\n| {ARABIC_HEAD} |\n",
}


@pytest.mark.parametrize("kind", WIDE)
def test_what_was_scrolled_sideways_is_found_as_it_was_left(qtbot: QtBot, canvas: Canvas, kind: str) -> None:
    turn = answer(WIDE[kind])
    canvas.show_turns([user("q"), turn, *chat(30)])
    canvas.verticalScrollBar().setValue(0)
    (edit,) = frame_of(canvas, turn).editors()
    bar = edit.horizontalScrollBar()
    is_mirrored = kind == "mirrored"
    assert bar.value() == (bar.maximum() if is_mirrored else 0)
    assert bar.maximum() > 70
    bar.setValue(bar.maximum() - 70 if is_mirrored else 70)
    canvas.scrolling.show_row(60)
    qtbot.waitUntil(lambda: canvas.is_settled)
    assert turn.turn_id not in shown_turns(canvas)
    canvas.verticalScrollBar().setValue(0)
    (edit,) = frame_of(canvas, turn).editors()
    assert edit.across == 70


def test_what_was_scrolled_sideways_stays_so_in_another_theme(theme: Theme, canvas: Canvas) -> None:
    turn, code = shown(canvas, WIDE["code"])
    code.edit.horizontalScrollBar().setValue(70)
    theme.follow(Settings(appearance=Appearance.DARK))
    assert code_of(canvas, turn).edit.horizontalScrollBar().value() == 70


def test_what_scrolls_sideways_is_reached_by_tab_and_scrolled_by_key(view: TranscriptView) -> None:
    wide = "| " + " | ".join(f"column {n}" for n in range(14)) + " |\n|" + "---|" * 14 + "\n"
    turn = answer(fenced("word " * 100 + "\n") + "\n" + wide)
    view.canvas.show_turns([user("q"), turn])
    code = code_of(view.canvas, turn)
    code.copy_button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(code.copy_button, Qt.Key.Key_Tab)
    assert code.edit.hasFocus()
    QTest.keyClick(code.edit, Qt.Key.Key_End)
    assert code.edit.horizontalScrollBar().value() > 0
    QTest.keyClick(code.edit, Qt.Key.Key_Tab)
    table = frame_of(view.canvas, turn).editors()[-1]
    assert table.hasFocus()
    assert table.accessibleName() == "Table, 14 columns, 0 rows"


def test_code_that_fits_is_no_stop(view: TranscriptView) -> None:
    _, code = shown(view.canvas, fenced("word\n"))
    code.copy_button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(code.copy_button, Qt.Key.Key_Tab)
    assert not code.edit.hasFocus()


def test_a_growing_block_says_at_the_end_what_it_says_at_once(styles: Styles) -> None:
    text = fenced(LONG, "python")
    growing = LaidMessage(answer("", ReplyState.RUNNING, turn_id="x"), styles, 600)
    for end in chain(range(0, len(text), 37), [len(text)]):
        growing.update(answer(text[:end], ReplyState.RUNNING, turn_id="x"))
    growing.update(answer(text, turn_id="x"))
    whole = LaidMessage(answer(text), styles, 600)
    assert whole.groups[0].is_folded
    whole.groups[0].is_open = True
    assert document_texts(growing) == document_texts(whole)


def test_the_last_line_of_a_diff_has_its_colour(theme: Theme, styles: Styles) -> None:
    drawing = drawing_of(" a\n+b\n", styles, "diff")
    drawing.colour()
    (last,) = drawing.document.lastBlock().layout().formats()
    assert last.format.foreground().color() == theme.color("success.text")


def test_code_goes_from_left_to_right_whatever_its_comments_say(styles: Styles) -> None:
    drawing = drawing_of("# תגובה\nx = 1\n", styles)
    assert drawing.document.firstBlock().textDirection() is Qt.LayoutDirection.LeftToRight
