"""Formulas on the screen: their ink, their place on the line, and what is copied and read of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QImage,
    QPainter,
    QPainterPath,
    QTextCharFormat,
    QTextCursor,
)
from pytestqt.qtbot import QtBot

from app.core.completion import ReplyState
from app.core.settings import Appearance, Settings
from app.ui.theme import Theme
from app.ui.transcript.block_edit import plain_selection
from app.ui.transcript.budget import Budget
from app.ui.transcript.canvas import Canvas
from app.ui.transcript.document import SafeDocument
from app.ui.transcript.formula_drawing import FormulaDrawing
from app.ui.transcript.formulas import Formulas, Unset
from app.ui.transcript.group import Group, Styles
from app.ui.transcript.ink import Ink
from app.ui.transcript.inline_formulas import SET_PROPERTY, SIZE_PROPERTY, SOURCE_PROPERTY, FormulaPainter
from app.ui.transcript.laid_message import LaidMessage
from app.ui.transcript.pieces import CodePiece, FormulaPiece, Look, Para, Segment
from app.ui.transcript.prose import ProseDrawing
from app.ui.transcript.selection import Point, Spot
from tests.markup.test_formula import HOSTILE
from tests.ui.transcript.turns import answer, frame_of, text_of_document, user

WIDTH = 600
SLOW = 60_000  # ms; a machine that does much else


@pytest.fixture
def formulas() -> Iterator[Formulas]:
    formulas = Formulas()
    yield formulas
    assert formulas.shut_down(60.0)


@pytest.fixture
def styles(theme: Theme, formulas: Formulas) -> Styles:
    return Styles(theme, formulas)


def laid(text: str, styles: Styles, state: ReplyState = ReplyState.DONE) -> LaidMessage:
    message = LaidMessage(answer(text, state), styles, WIDTH)
    lay_out(message)
    return message


def lay_out(message: LaidMessage) -> None:
    while not all(group.is_exact for group in message.groups):
        for group in message.groups:
            message.lay_out(group)


def settled(text: str, styles: Styles, qtbot: QtBot) -> LaidMessage:
    """A message all of whose formulas are set."""
    message = laid(text, styles)
    formulas = styles.formulas
    assert formulas is not None
    qtbot.waitUntil(lambda: formulas.is_idle, timeout=SLOW)
    message.settle_formulas(Budget(60.0))
    lay_out(message)
    return message


def document_of(group: Group) -> SafeDocument:
    assert group.drawing is not None
    return group.drawing.document


def picture(document: SafeDocument, ground: QColor, scale: int = 4) -> QImage:
    size = document.size().toSize() * scale
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(ground)
    painter = QPainter(image)
    painter.scale(scale, scale)
    document.documentLayout().draw(painter, QAbstractTextDocumentLayout.PaintContext())
    painter.end()
    return image


def inked(image: QImage, color: QColor) -> list[QPoint]:
    wanted = color.rgb()
    across, down = range(image.width()), range(image.height())
    return [QPoint(x, y) for y in down for x in across if image.pixel(x, y) == wanted]


@pytest.mark.parametrize("appearance", [Appearance.LIGHT, Appearance.DARK])
def test_glyphs_are_inked_in_the_colour_of_the_text(
    theme: Theme, formulas: Formulas, qtbot: QtBot, appearance: Appearance
) -> None:
    theme.follow(Settings(appearance=appearance, less_motion=True))
    text, ground = theme.color("text.primary"), theme.color("bg.canvas")
    (group,) = settled("$$\n\\frac{a}{b}\n$$", Styles(theme, formulas), qtbot).groups
    image = picture(document_of(group), ground)
    ink = inked(image, text)
    rows = {point.y() for point in ink}
    bar = max(rows, key=lambda y: sum(point.y() == y for point in ink))
    assert sum(point.y() < bar - 8 for point in ink) > 100  # the a
    assert sum(point.y() > bar + 8 for point in ink) > 100  # the b
    across = [point.x() for point in ink]
    assert abs((min(across) + max(across)) / 2 - image.width() / 2) < 16
    assert len(ink) < image.width() * image.height() / 4


def test_a_formula_stands_on_the_line_of_the_letters(theme: Theme, styles: Styles, qtbot: QtBot) -> None:
    (group,) = settled("HHH $H$ HHH $H_{\\frac{1}{2}}$ HHH", styles, qtbot).groups
    document = document_of(group)
    image = picture(document, QColor("white"))
    line = document.begin().layout().lineAt(0)
    baseline = 4 * (document.begin().layout().position().y() + line.y() + line.ascent())
    starts = [place for place, letter in enumerate(document.toPlainText()) if letter == "\ufffc"]
    lowest = {}
    for name, place in (("letters", 0), ("formula", starts[0])):
        left, right = (4 * _x(line.cursorToX(at)) + 16 for at in (place, place + 1))
        ink = [point for point in inked(image, theme.color("text.primary")) if left <= point.x() < right]
        lowest[name] = max(point.y() for point in ink)
    assert lowest["letters"] == pytest.approx(baseline, abs=3)
    assert lowest["formula"] == pytest.approx(lowest["letters"], abs=2)


def _x(found: object) -> float:
    return float(found[0]) if isinstance(found, tuple) else float(found)  # type: ignore[arg-type]


def test_a_formula_is_set_once_for_all_texts_sizes_and_themes(
    theme: Theme, styles: Styles, formulas: Formulas, qtbot: QtBot
) -> None:
    settled("$x+1$ and $x+1$", styles, qtbot)
    first = formulas.look_up("x+1", display=False)
    assert isinstance(first, Ink)
    theme.follow(Settings(appearance=Appearance.DARK, text_size=20, less_motion=True))
    message = laid("# $x+1$", Styles(theme, formulas))
    assert formulas.is_idle
    assert formulas.look_up("x+1", display=False) is first
    assert all(group.is_exact for group in message.groups)


def test_a_formula_in_a_heading_is_larger(styles: Styles, qtbot: QtBot) -> None:
    message = settled("# $x$\n\n$x$", styles, qtbot)
    (group,) = message.groups
    heading, text = (document_of(group).findBlockByNumber(n).layout().lineAt(0).height() for n in (0, 1))
    assert heading > text


def test_the_room_for_a_formula_is_there_before_it_is_set(styles: Styles, qtbot: QtBot) -> None:
    message = laid("$$\n\\frac{a}{b}\n$$", styles)
    before = message.groups[0].height
    formulas = styles.formulas
    assert formulas is not None
    assert formulas.look_up(r"\frac{a}{b}", display=True) is Unset.PENDING
    qtbot.waitUntil(lambda: formulas.is_idle, timeout=SLOW)
    message.settle_formulas(Budget(60.0))
    lay_out(message)
    assert isinstance(formulas.look_up(r"\frac{a}{b}", display=True), Ink)
    assert abs(message.groups[0].height - before) < styles.answer.line


def test_a_formula_that_is_asked_for_once_more_is_set_in_both_places(
    styles: Styles, formulas: Formulas, qtbot: QtBot
) -> None:
    drawing = ProseDrawing(styles.answer)
    first = Para((Segment("a "), Segment("$x^2$", Look.FORMULA)))
    drawing.show([first])
    qtbot.waitUntil(lambda: formulas.is_idle, timeout=SLOW)
    drawing.show([first, Para((Segment("$x^2$", Look.FORMULA),))])
    looks = [cursor_at(drawing, position).charFormat() for position in (3, 9)]
    assert [look.boolProperty(SET_PROPERTY) for look in looks] == [False, True]
    assert drawing.settle()
    assert cursor_at(drawing, 3).charFormat().boolProperty(SET_PROPERTY)
    assert not drawing.settle()


def cursor_at(drawing: ProseDrawing, position: int) -> QTextCursor:
    cursor = QTextCursor(drawing.document)
    cursor.setPosition(position)
    return cursor


def test_what_can_not_be_set_is_shown_as_code(styles: Styles, qtbot: QtBot) -> None:
    message = settled("so $a & b$ it is\n\n$$\n\\frac{a\n$$\n\nend", styles, qtbot)
    assert [group.kind for group in message.groups] == [Para, CodePiece, Para]
    assert [text_of_document(document_of(group)) for group in message.groups] == [
        "so $a & b$ it is",
        "\\frac{a",
        "end",
    ]
    prose = message.groups[0].drawing
    assert isinstance(prose, ProseDrawing)
    code = prose.document.find("a & b").charFormat().font()
    assert code.family() == styles.answer.theme.font("code.inline").family()
    message.free_dropped()


def test_what_can_not_be_set_in_a_table_is_shown_as_code(styles: Styles, qtbot: QtBot) -> None:
    message = settled("| a | b |\n|--|--|\n| $x$ | $a & b$ |", styles, qtbot)
    (group,) = message.groups
    assert "$x$\n$a & b$" in text_of_document(document_of(group))
    assert document_of(group).toPlainText().count("\ufffc") == 1


def test_a_copy_has_the_source(styles: Styles, qtbot: QtBot) -> None:
    message = settled("The area \\(\\pi r^2\\) of it.\n\n$$x^2$$", styles, qtbot)
    prose, display = map(document_of, message.groups)
    assert text_of_document(prose) == "The area $\\pi r^2$ of it."
    assert text_of_document(display) == "$$x^2$$"


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [(0, 3, "a $x^2$"), (2, 3, "$x^2$"), (3, 9, " b"), (3, 5, ""), (0, 2, "a ")],
)
def test_a_formula_is_copied_whole_or_not_at_all(
    styles: Styles, qtbot: QtBot, start: int, end: int, words: str
) -> None:
    (group,) = settled("a $x^2$ b", styles, qtbot).groups
    cursor = QTextCursor(document_of(group))
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    assert plain_selection(cursor) == words


def test_assistive_technology_reads_the_source(canvas: Canvas, qtbot: QtBot) -> None:
    turn = answer("The area $\\pi r^2$ of it.\n\n$$\nx^2\n$$")
    canvas.show_turns([user("?"), turn])
    frame = frame_of(canvas, turn)
    prose, display = frame.editors()
    assert "\\pi r^2$ of it." in prose.toPlainText()
    assert display.accessibleName() == "Formula: x^2"
    assert "$\\pi r^2$ of it. $$x^2$$" in frame.accessibleName()
    qtbot.waitUntil(lambda: isinstance(canvas.formulas.look_up("x^2", display=True), Ink), timeout=SLOW)


def test_positions_are_those_in_the_text(styles: Styles, qtbot: QtBot) -> None:
    text = "🎉 a $x^2$ b $y$ c"
    (group,) = settled(text, styles, qtbot).groups
    shown = document_of(group).toPlainText()
    assert len(shown) == len(text)
    assert [at for at, letter in enumerate(shown) if letter == "\ufffc"] == [4, 12]


def test_a_formula_too_wide_becomes_smaller_and_then_scrolls(styles: Styles, qtbot: QtBot) -> None:
    formulas = [rf"a \hspace{{{length}em}} b" for length in (3, 24, 60)]
    message = settled("\n\n".join(f"$${one}$$" for one in formulas), styles, qtbot)
    small, middle, large = message.groups
    assert [group.is_wide for group in message.groups] == [False, False, True]
    assert isinstance(large.drawing, FormulaDrawing)
    assert isinstance(middle.drawing, FormulaDrawing)
    assert middle.drawing.width == WIDTH
    assert large.drawing.width > WIDTH
    assert small.height > large.height - 12


def test_a_wide_formula_in_a_line_does_not_widen_it(styles: Styles, qtbot: QtBot) -> None:
    (group,) = settled(r"so $a \hspace{60em} b$ it is", styles, qtbot).groups
    document = document_of(group)
    assert document.size().width() <= document.textWidth()


def test_an_open_formula_is_a_quiet_sign_and_then_a_formula(styles: Styles) -> None:
    message = LaidMessage(answer("so $x^2 +", ReplyState.RUNNING, turn_id="a"), styles, WIDTH)
    (para,) = message.pieces
    assert isinstance(para, Para)
    assert para.text == "so …"
    message.update(answer("so $x^2 + 1$", ReplyState.RUNNING, turn_id="a"))
    (para,) = message.pieces
    assert isinstance(para, Para)
    assert [segment.look for segment in para.segments] == [Look.NORMAL, Look.FORMULA]
    message.update(answer("so $x^2 + 1$\n\n$$\nx", ReplyState.RUNNING, turn_id="a"))
    assert [piece.text for piece in message.pieces if isinstance(piece, Para)][-1] == "…"
    message.update(answer("so $x^2 + 1$\n\n$$\nx\n$$", turn_id="a"))
    assert isinstance(message.pieces[-1], FormulaPiece)


def test_the_line_that_is_read_stays_while_formulas_above_it_are_set(canvas: Canvas, qtbot: QtBot) -> None:
    formula = "$$\n\\begin{pmatrix}\\frac{1}{2}&\\sum_{k=1}^n\\\\1&2\\\\3&4\\end{pmatrix}\n$$"
    rows = [answer(f"{formula}\n\n" + "line\n\n" * 40) for _ in range(3)]
    canvas.show_turns(rows)
    canvas.scrolling.show_row(1)
    bar = canvas.verticalScrollBar()
    bar.setValue(bar.value() + 400)
    frame = frame_of(canvas, rows[1])
    edit = frame.editors()[-1]
    before = edit.mapTo(canvas, QPoint(0, 0)).y()
    qtbot.waitUntil(lambda: canvas.formulas.is_idle, timeout=SLOW)
    with qtbot.waitSignal(canvas.formulas.settled, timeout=SLOW, raising=False):
        canvas.formulas.settled.emit()
    assert edit.mapTo(canvas, QPoint(0, 0)).y() == before


BAD = r"\left( \nonsense{ \frac"
BAD_ROW = f"| a | b |\n|---|---|\n| x | ${BAD}$ |"
LINES = "line\n\n" * 400


def wait_for_formulas(canvas: Canvas, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: canvas.formulas.is_idle, timeout=SLOW)
    canvas.formulas.settled.emit()
    qtbot.waitUntil(lambda: canvas.is_settled, timeout=SLOW)


def test_what_could_not_be_set_elsewhere_is_code_before_it_is_laid_out(canvas: Canvas, qtbot: QtBot) -> None:
    formula = f"$$\n{BAD}\n$$"
    far = answer(f"{LINES}{formula}\n\n{LINES}")
    canvas.show_turns([far, answer(formula)])
    message = canvas.message(0)
    (number,) = (n for n, group in enumerate(message.groups) if group.kind is FormulaPiece)
    assert message.groups[number].drawing is None
    wait_for_formulas(canvas, qtbot)
    assert message.groups[number].kind is CodePiece
    canvas.scrolling.show_point(Point(far.turn_id, Spot(group=number)))
    assert number in {message.number_of(group) for group in frame_of(canvas, far).live}


@pytest.mark.parametrize("text", [f"before ${BAD}$ behind", BAD_ROW, "before $x^2$ behind"])
def test_what_is_selected_stays_so_when_formulas_are_settled(canvas: Canvas, qtbot: QtBot, text: str) -> None:
    turns = [user("question"), answer(text), user("another")]
    canvas.show_turns(turns)
    canvas.selecting.selection.select(
        *(Point(turn.turn_id, Spot(position=2)) for turn in (turns[0], turns[2]))
    )
    before = canvas.selecting.selection.part
    assert before is not None
    wait_for_formulas(canvas, qtbot)
    assert canvas.selecting.selection.part == before


@pytest.mark.parametrize("text", [f"before ${BAD}$ behind", BAD_ROW])
def test_a_caret_that_moves_because_a_formula_is_code_scrolls_nothing(
    canvas: Canvas, qtbot: QtBot, text: str
) -> None:
    turn = answer(f"{text}\n\n{LINES}")
    canvas.show_turns([turn])
    canvas.verticalScrollBar().setValue(0)
    edit = frame_of(canvas, turn).editors()[0]
    edit.setFocus()
    edit.moveCursor(QTextCursor.MoveOperation.End)
    canvas.verticalScrollBar().setValue(400)
    before = canvas.reader_place
    wait_for_formulas(canvas, qtbot)
    after = canvas.reader_place
    assert (after.group, after.offset) == (before.group, before.offset)


def test_a_formula_without_width_is_measured_where_there_is_no_room(styles: Styles, qtbot: QtBot) -> None:
    (group,) = settled("a $x$", styles, qtbot).groups
    document = document_of(group)
    painter = FormulaPainter(document, QColor("white"))
    painter.room = -8.0
    painter.states["$x$"] = Ink(0.0, 0.5, 0.1, QPainterPath(), ())
    look = QTextCharFormat()
    look.setProperty(SOURCE_PROPERTY, "$x$")
    look.setProperty(SIZE_PROPERTY, 20.0)
    assert painter.size(document, look, painter.extent("$x$")) == 20.0


def test_quitting_ends_a_layout_that_goes_on() -> None:
    formulas = Formulas()
    for number in range(200):
        assert formulas.look_up(HOSTILE[0] + "+" * number, display=True) is Unset.PENDING
    assert formulas.shut_down(60.0)
    assert formulas.look_up("x", display=True) is Unset.PENDING
    assert not formulas.is_idle  # what was asked for was let go


def test_a_transcript_that_is_let_go_takes_its_thread_with_it(qtbot: QtBot) -> None:
    formulas = Formulas()
    formulas.look_up(HOSTILE[0], display=True)
    ended: list[None] = []
    formulas.destroyed.connect(lambda: ended.append(None))
    formulas.deleteLater()
    qtbot.waitUntil(lambda: bool(ended), timeout=SLOW)
