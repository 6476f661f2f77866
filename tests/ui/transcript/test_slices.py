"""Nobody waits for a long text: it is an empty place of about its size until it is read and laid out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from threading import get_ident

import pytest
from PySide6.QtCore import QAbstractEventDispatcher, QEvent, QObject, QPoint
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.core.completion import ReplyState
from app.markup import limits, loading
from app.markup.blocks import Plain, text_of
from app.ui.theme import Theme
from app.ui.transcript.block_actions import BlockChange
from app.ui.transcript.block_edit import BlockEdit
from app.ui.transcript.budget import Budget, Courtesy, Ration, Turns
from app.ui.transcript.canvas import Canvas
from app.ui.transcript.code import FOLDED_CHARACTERS, CodeDrawing
from app.ui.transcript.code_frame import CodeFrame
from app.ui.transcript.content import blocks_of
from app.ui.transcript.contents import Contents
from app.ui.transcript.frame_pool import FramePool
from app.ui.transcript.group import LARGE_TABLE, Styles
from app.ui.transcript.laid_cache import MESSAGES, LaidCache
from app.ui.transcript.laid_message import LaidMessage
from app.ui.transcript.message_frame import MessageFrame
from app.ui.transcript.pieces import CodePiece, More, MorePiece, TablePiece
from app.ui.transcript.rows import AT_ONCE
from tests.markup.corpus import cases
from tests.ui.transcript.turns import ANSWER, answer, chat, frame_of, top_of, user

ROOT = Path(__file__).parents[3]
LONG = "".join(f"Paragraph {number} of a book that somebody asked for.\n\n" for number in range(1_200))


@pytest.fixture
def impatient(canvas: Canvas) -> Canvas:
    """A canvas that lays out one thing at a time."""
    canvas.placing.slice_seconds = 0.0
    return canvas


def settle(qtbot: QtBot, canvas: Canvas) -> None:
    qtbot.waitUntil(lambda: canvas.is_settled, timeout=120_000)


def is_filled(canvas: Canvas) -> bool:
    """Whether all that is seen is laid out, and has its widget."""
    height = canvas.viewport().height()
    return all(frame.message is not None and frame.message.is_read for frame in canvas.frames()) and all(
        group in frame.live
        for frame in canvas.frames()
        for group in (frame.message.groups if frame.message is not None else ())
        if frame.y() + group.top < height and frame.y() + group.top + group.height > 0
    )


# -- what is read ---------------------------------------------------------------------------------------


def test_a_long_answer_is_an_empty_place_until_it_is_read(qtbot: QtBot, impatient: Canvas) -> None:
    turn = answer(LONG)
    impatient.show_turns([user("q"), turn])
    frame = frame_of(impatient, turn)
    assert frame.editors() == []
    guessed = frame.height()
    assert frame.accessibleName().startswith("Assistant: Paragraph 0 of a book")
    settle(qtbot, impatient)
    assert frame.editors()[-1].toPlainText().endswith("Paragraph 1199 of a book that somebody asked for.")
    assert 0.5 < guessed / frame.height() < 2


def test_what_is_below_an_empty_place_stays_where_it_is(qtbot: QtBot, impatient: Canvas) -> None:
    below = answer(ANSWER)
    impatient.show_turns([user("q"), answer(LONG), user("q"), below, *chat(8)])
    impatient.scrolling.show_row(2)
    bar = impatient.verticalScrollBar()
    bar.setValue(bar.value() - 150)
    frame = frame_of(impatient, below)
    before = top_of(impatient, frame)
    settle(qtbot, impatient)
    assert top_of(impatient, frame_of(impatient, below)) == before


def test_what_is_read_in_the_thread_is_what_is_read_at_once(qtbot: QtBot) -> None:
    contents = Contents(Courtesy())
    text = LONG + ANSWER + "[^1] $x$\n\n[^1]: note\n"
    turn, other = answer(text), answer(text)
    with qtbot.waitSignal(contents.ready, timeout=60_000):
        contents.ask_for(turn)
    read, at_once = contents.now(turn), contents.now(other)
    assert read.pieces == at_once.pieces
    assert read.blocks == at_once.blocks
    assert contents.shut_down(60.0)


def test_what_nobody_wants_any_more_is_given_up(qtbot: QtBot) -> None:
    contents = Contents(Courtesy())
    ready = QSignalSpy(contents.ready)
    unwanted, wanted = answer(LONG * 3), answer("short")
    contents.ask_for(unwanted)
    contents.keep_only(())
    assert contents.is_idle
    with qtbot.waitSignal(contents.ready, timeout=60_000):
        contents.ask_for(wanted)
    assert [ready.at(i) for i in range(ready.count())] == [[wanted.turn_id]]
    assert contents.shut_down(60.0)


@pytest.mark.usefixtures("unread")
def test_an_answer_waits_for_what_reads_it_to_be_loaded_elsewhere(qtbot: QtBot) -> None:
    contents, budget = Contents(Courtesy()), Budget(60.0)
    turn, question = answer("A *short* one."), user("And a question?")
    assert contents.within(question, budget) is not None
    with qtbot.waitSignal(contents.ready, timeout=60_000):
        assert contents.within(turn, budget) is None
    content = contents.within(turn, budget)
    assert content is not None
    assert text_of(content.blocks) == "A short one."
    assert loading.is_loaded()
    assert contents.within(answer("Another."), budget) is not None
    assert contents.shut_down(60.0)


def test_what_else_takes_long_is_done_in_the_thread_and_told_of_here(qtbot: QtBot) -> None:
    contents = Contents(Courtesy())
    threads: list[int] = []
    contents.do(lambda: threads.append(get_ident()), lambda: threads.append(get_ident()))
    qtbot.waitUntil(lambda: len(threads) == 2, timeout=60_000)
    assert threads[0] != threads[1] == get_ident()
    assert contents.is_idle
    assert contents.shut_down(60.0)


def test_an_answer_that_has_become_another_long_one_shows_that(qtbot: QtBot, impatient: Canvas) -> None:
    turn = answer(ANSWER)
    impatient.show_turns([user("q"), turn])
    settle(qtbot, impatient)
    impatient.change_turn(answer(LONG, turn_id=turn.turn_id))
    settle(qtbot, impatient)
    assert frame_of(impatient, turn).editors()[-1].toPlainText().endswith("that somebody asked for.")


# -- what is laid out -----------------------------------------------------------------------------------


def test_a_jump_is_filled_step_by_step_and_stays_where_it_went(qtbot: QtBot, impatient: Canvas) -> None:
    turns = chat(200)
    impatient.show_turns(turns)
    impatient.scrolling.show_row(101)
    assert not is_filled(impatient)
    settle(qtbot, impatient)
    assert is_filled(impatient)
    assert top_of(impatient, frame_of(impatient, turns[101])) == 0


def test_the_next_page_is_there_before_anybody_goes_there(qtbot: QtBot, impatient: Canvas) -> None:
    impatient.show_turns(chat(60))
    settle(qtbot, impatient)
    bar = impatient.verticalScrollBar()
    for step in (-bar.pageStep(), -bar.pageStep(), bar.pageStep()):
        bar.setValue(bar.value() + step)
        assert is_filled(impatient)
        settle(qtbot, impatient)


def test_the_widgets_of_the_next_page_are_there_before_anybody_goes_there(
    qtbot: QtBot, impatient: Canvas
) -> None:
    impatient.show_turns(chat(60))
    settle(qtbot, impatient)
    bar = impatient.verticalScrollBar()
    for step in (-bar.pageStep(), -bar.pageStep(), bar.pageStep()):
        before = {id(edit.ground) for frame in impatient.frames() for edit in frame.editors()}
        bar.setValue(bar.value() + step)
        height = impatient.viewport().height()
        seen = [
            edit
            for frame in impatient.frames()
            for edit in frame.editors()
            if -height < edit.mapTo(impatient.viewport(), QPoint(0, 0)).y() < height
            and not edit.visibleRegion().isEmpty()
        ]
        assert seen
        assert {id(edit.ground) for edit in seen} <= before
        settle(qtbot, impatient)


def test_while_an_answer_grows_only_what_is_seen_has_widgets(qtbot: QtBot, canvas: Canvas) -> None:
    turns = chat(60)
    canvas.show_turns(turns)
    settle(qtbot, canvas)
    with_neighbours = len(canvas.frames())
    growing = answer("It grows", ReplyState.RUNNING)
    canvas.show_turns([*turns, growing])
    settle(qtbot, canvas)
    canvas.change_turn(answer("It grows on", ReplyState.RUNNING, turn_id=growing.turn_id))
    assert len(canvas.frames()) < with_neighbours
    assert all(not frame.visibleRegion().isEmpty() for frame in canvas.frames())


def test_jumps_give_other_messages_to_the_frames_that_are_there(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.show_turns(chat(400))
    settle(qtbot, canvas)
    ground = canvas.viewport()
    counts = []
    for number in range(1, 40):
        canvas.scrolling.show_row(number * 37 % 400)
        assert all(frame.isVisible() and frame.message is not None for frame in canvas.frames())
        shown = {id(frame) for frame in canvas.frames()}
        others = [one for one in ground.findChildren(MessageFrame) if id(one) not in shown]
        assert all(one.message is None and not one.isVisible() and not one.live for one in others)
        counts.append(len(shown) + len(others))
    assert max(counts) == max(counts[:20])


def test_the_rest_of_an_answer_that_ends_in_a_flood_is_read_in_the_thread(
    qtbot: QtBot, impatient: Canvas
) -> None:
    growing = answer("It grows.\n\n", ReplyState.RUNNING)
    impatient.show_turns([user("q"), growing])
    impatient.change_turn(answer("It grows.\n\nOn and on.\n\n", ReplyState.RUNNING, turn_id=growing.turn_id))
    settle(qtbot, impatient)
    ended = answer("It grows.\n\nOn and on.\n\n" + LONG, turn_id=growing.turn_id)
    impatient.change_turn(ended)
    frame = frame_of(impatient, ended)
    assert frame.message is not None
    assert not frame.message.is_read
    assert frame.editors()[0].toPlainText() == "It grows.\nOn and on."
    settle(qtbot, impatient)
    assert frame_of(impatient, ended).editors()[-1].toPlainText().endswith("that somebody asked for.")


def test_a_large_table_is_drawn_in_one_step_and_laid_out_in_the_next(qtbot: QtBot, impatient: Canvas) -> None:
    rows = "".join(f"| a{n} | b | c | d |\n" for n in range(LARGE_TABLE // 4))
    turn = answer(f"| a | b | c | d |\n|---|---|---|---|\n{rows}")
    impatient.show_turns([user("q"), answer("small"), user("q")])
    impatient.contents.ask_for(turn)
    qtbot.waitUntil(lambda: impatient.contents.is_idle, timeout=60_000)
    impatient.show_turns([turn])
    (group,) = impatient.message(0).groups
    assert group.drawing is not None
    assert not group.is_exact
    settle(qtbot, impatient)
    assert group.is_exact
    assert is_filled(impatient)


def test_what_is_kept_stays_bounded_while_somebody_scrolls_on_and_on(qtbot: QtBot, impatient: Canvas) -> None:
    impatient.show_turns(chat(600))
    bar = impatient.verticalScrollBar()
    bar.setValue(0)
    most = 0
    while bar.value() < bar.maximum():
        bar.setValue(bar.value() + 2 * bar.pageStep())
        qtbot.wait(1)
        most = max(most, impatient.laid_count())
    assert most < 250


# -- how much is drawn ----------------------------------------------------------------------------------


def test_of_thousands_of_paragraphs_the_first_are_drawn_and_more_when_asked(styles: Styles) -> None:
    turn = answer("# a\n" * 4_000)
    message = LaidMessage(turn, styles, 600)
    rest = message.pieces[-1]
    assert len(message.pieces) == limits.PIECES + 1
    assert isinstance(rest, MorePiece)
    assert (rest.kind, rest.hidden) == (More.BLOCKS, 4_000 - limits.PIECES)
    message.change_block(message.groups[-1], BlockChange.MORE)
    assert len(message.pieces) == 2 * limits.PIECES + 1
    message.change_block(message.groups[-1], BlockChange.MORE)
    assert len(message.pieces) == 4_000
    assert text_of(message.blocks) == text_of(blocks_of(turn))
    message.free()


def test_a_growing_text_says_how_much_more_there_is(styles: Styles) -> None:
    message = LaidMessage(user(""), styles, 600)
    message.free()
    turn = answer("")
    message = LaidMessage(turn, styles, 600)
    for count in (limits.PIECES, limits.PIECES + 7, limits.PIECES + 9):
        message.update(answer("# a\n" * count, turn_id=turn.turn_id))
    assert len(message.pieces) in {0, limits.PIECES + 1}
    message.free()


def test_code_that_an_answer_broke_off_in_folds_and_so_does_one_endless_line(styles: Styles) -> None:
    for text in ("```\n" + "x\n" * 5_000, "```\n" + "x y " * 40_000 + "\n```\n"):
        message = LaidMessage(answer(text), styles, 600)
        (group,) = message.groups
        assert group.is_folded
        message.lay_out(group)
        assert isinstance(group.drawing, CodeDrawing)
        assert group.drawing.document.characterCount() <= FOLDED_CHARACTERS + 1
        message.change_block(group, BlockChange.FOLD)
        message.lay_out(group)
        assert group.drawing.document.characterCount() >= 10_000
        message.free()


def test_a_formula_that_is_too_long_is_code_from_the_start(canvas: Canvas) -> None:
    turn = answer("$$\n" + "x" * (limits.MATH_CHARACTERS + 1) + "\n$$\n")
    canvas.show_turns([user("q"), turn])
    message = frame_of(canvas, turn).message
    assert message is not None
    assert [group.kind for group in message.groups] == [CodePiece]
    assert canvas.formulas.is_idle


# -- hostile texts --------------------------------------------------------------------------------------


def test_every_text_of_the_corpus_is_shown(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.placing.slice_seconds = 0.004
    for case in cases(0.01):
        canvas.show_turns([user("q"), answer(case.text)])
        settle(qtbot, canvas)
        assert is_filled(canvas), case.name


def test_every_text_of_the_corpus_grows_and_is_whole_when_it_has_ended(
    qtbot: QtBot, canvas: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "GROWING_SECONDS", 0.0)  # all that takes any time takes too long
    was_rough = 0
    for number, case in enumerate(cases(0.002)):
        name, text = f"growing-{number}", case.text
        canvas.show_turns([user("q"), answer("", ReplyState.RUNNING, turn_id=name)])
        for end in (len(text) // 3, len(text) // 2, len(text)):
            canvas.change_turn(answer(text[:end], ReplyState.RUNNING, turn_id=name))
        content = canvas.message(1).content
        was_rough += any(isinstance(block, Plain) for block in content.blocks)
        done = answer(text, turn_id=name)
        canvas.change_turn(done)
        settle(qtbot, canvas)
        assert text_of(canvas.message(1).content.blocks) == text_of(blocks_of(done)), case.name
    assert was_rough > 50


@pytest.mark.heavy
@pytest.mark.timeout(1_800)
def test_the_whole_corpus_is_shown_within_bounds() -> None:
    done = subprocess.run(
        [sys.executable, "build_scripts/bench/transcript_child.py", "corpus", "1.0"],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=900,
        check=True,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    growths = {name: value for line in lines for name, value in line.items() if name.startswith("growth ")}
    assert len(growths) == len(list(cases(0.01)))
    assert {name: value for name, value in growths.items() if value > 64 << 20} == {}


# -- one thing after the other --------------------------------------------------------------------------


def test_a_ration_is_one_thing_at_least() -> None:
    ration = Ration(Budget(0.0))
    assert [ration.allows_one(), ration.is_enough] == [True, True]
    assert [ration.allows_one(), ration.is_enough] == [False, False]
    assert all(Ration(Budget(60.0)).allows_one() for _ in range(100))


def test_one_step_is_done_in_a_turn_of_the_loop() -> None:
    steps = Turns()
    steps.LONGEST = steps.MUCH = 60.0
    assert not steps.is_taken
    with steps.step():
        assert not steps.is_taken
    assert steps.is_taken
    steps.begin()
    assert not steps.is_taken
    steps.take()
    assert steps.is_taken


def test_work_of_any_kind_is_a_step() -> None:
    steps = Turns()
    steps.LONGEST = 60.0
    steps.MUCH = 0.01
    steps.begin()
    budget = Budget(0.02)
    while not budget.is_used_up:
        pass
    assert steps.spent > 0.01
    assert steps.is_taken
    steps.begin()
    assert not steps.is_taken


def test_a_step_waits_for_no_turn_that_never_comes(qtbot: QtBot) -> None:
    steps = Turns()
    steps.take()
    qtbot.waitUntil(lambda: not steps.is_taken, timeout=60_000)


class Order(QObject):
    """In which turn of the event loop a canvas was painted, or put something in its place."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self.turns: list[list[str]] = [[]]
        self._dispatcher = QAbstractEventDispatcher.instance()
        self._dispatcher.aboutToBlock.connect(lambda: self.turns.append([]))
        canvas.placed.connect(lambda: self.turns[-1].append("placed"))
        canvas.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.turns[-1].append("painted")
        return False


def test_what_is_seen_is_painted_in_one_turn_and_the_rest_of_it_placed_in_another(
    qtbot: QtBot, impatient: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Turns, "LONGEST", 60.0)
    impatient.show_turns(chat(40))
    settle(qtbot, impatient)
    order = Order(impatient)
    impatient.scrolling.show_row(20)
    order.turns.append([])
    settle(qtbot, impatient)
    done = [one for turn in order.turns[1:] for one in turn]
    assert done.count("placed") > 2
    assert done.count("painted") > 2
    assert [turn for turn in order.turns[1:] if len(set(turn)) > 1] == []


def test_heights_are_estimated_when_all_that_is_seen_is_there(qtbot: QtBot, impatient: Canvas) -> None:
    turns = chat(AT_ONCE)
    row = len(turns) - AT_ONCE - 1  # the next one
    impatient.show_turns(turns)
    first, found = impatient.heights[row], set[tuple[bool, bool]]()
    impatient.placed.connect(lambda: found.add((impatient.shows_all, impatient.heights[row] == first)))
    assert not impatient.shows_all
    qtbot.waitUntil(lambda: not impatient.is_rough, timeout=60_000)
    assert impatient.heights[row] != first
    assert (False, True) in found
    assert (False, False) not in found


def test_what_takes_long_to_read_and_draw_is_placed_in_another_turn(
    qtbot: QtBot, impatient: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ui.transcript.placing.GROWTH", 0.0)  # all that takes any time takes too long
    turn = answer("One line.", ReplyState.RUNNING)
    impatient.show_turns([*chat(3), user("q"), turn])
    settle(qtbot, impatient)
    frame = frame_of(impatient, turn)
    height, order = frame.height(), Order(impatient)
    text = "One line.\n\n" + "And another.\n\n" * 3
    impatient.change_turn(answer(text, ReplyState.RUNNING, turn_id=turn.turn_id))
    assert order.turns == [[]]
    assert frame.height() == height
    qtbot.waitUntil(lambda: frame.height() > height, timeout=60_000)
    settle(qtbot, impatient)
    assert is_filled(impatient)


def test_what_turns_out_to_be_another_kind_of_text_is_placed_at_once(
    qtbot: QtBot, impatient: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ui.transcript.placing.GROWTH", 0.0)
    turn = answer("a | b\n", ReplyState.RUNNING)
    impatient.show_turns([user("q"), turn])
    settle(qtbot, impatient)
    impatient.change_turn(answer("a | b\n--|--\n1 | 2\n", ReplyState.RUNNING, turn_id=turn.turn_id))
    frame = frame_of(impatient, turn)
    assert frame.message is not None
    assert [group.kind for group in frame.message.groups] == [TablePiece]
    # An editor of a group that is gone must not be clicked on.
    assert set(frame.live) <= set(frame.message.groups)


def test_one_message_at_a_time_is_let_go_where_there_is_no_time(styles: Styles) -> None:
    cache = LaidCache(styles)
    for turn in chat(MESSAGES // 2 + 1):
        cache.message(turn, 400, 100)
    assert len(cache) == MESSAGES + 2
    assert not cache.trim((), Budget(0.0))
    assert len(cache) == MESSAGES + 1
    assert cache.trim((), Budget(0.0))
    assert len(cache) == MESSAGES


def test_widgets_for_what_an_answer_goes_on_with_are_made_between_its_frames(
    qtbot: QtBot, canvas: Canvas
) -> None:
    turn = answer("It begins.", ReplyState.RUNNING)
    canvas.show_turns([*chat(3), user("q"), turn])
    text = "It begins.\n\n"
    for more in ("```\ncode\n```\n\n", "words\n\n", "| a |\n|---|\n| 1 |\n\n", "```\nmore\n```\n\n"):
        settle(qtbot, canvas)
        made = set(canvas.findChildren(BlockEdit))
        text += more
        canvas.change_turn(answer(text, ReplyState.RUNNING, turn_id=turn.turn_id))
        assert set(canvas.findChildren(BlockEdit)) == made
    assert len(frame_of(canvas, turn).editors()) == 5


def test_what_comes_into_sight_without_time_comes_one_after_the_other(
    qtbot: QtBot, impatient: Canvas
) -> None:
    impatient.show_turns([user("q"), answer("first\n\n```\nsecond\n```\n\nthird\n\n```\nfourth\n```\n")])
    settle(qtbot, impatient)
    impatient.show_turns([*chat(40), user("q"), answer("first\n\n```\nsecond\n```\n\nthird\n")])
    qtbot.waitUntil(lambda: impatient.shows_all, timeout=60_000)
    assert is_filled(impatient)
    settle(qtbot, impatient)
    assert is_filled(impatient)


@pytest.fixture
def ground(qtbot: QtBot) -> QWidget:
    """What the frames of a pool stand on."""
    ground = QWidget()
    qtbot.addWidget(ground)
    return ground


@pytest.fixture
def pool(theme: Theme, ground: QWidget) -> FramePool:
    """A pool with a spare one of everything."""
    pool = FramePool(theme, ground)
    while pool.make_spare():
        pass
    return pool


def test_widgets_are_made_while_nobody_waits_for_them(
    ground: QWidget, pool: FramePool, styles: Styles
) -> None:
    made = ground.findChildren(QWidget)
    message = LaidMessage(answer("words\n\n```\ncode\n```\n\n| a |\n|---|\n| 1 |\n"), styles, 500)
    for group in message.groups:
        message.lay_out(group)
    frame = pool.take(0, message)
    frame.show_part(0, message.height, 0, Ration(Budget(60.0)))
    assert len(frame.editors()) == 3
    assert ground.findChildren(QWidget) == made
    pool.release_all()
    message.free()


def test_widgets_that_nobody_needs_yet_are_not_seen(ground: QWidget, pool: FramePool, styles: Styles) -> None:
    message = LaidMessage(answer("words"), styles, 500)
    message.lay_out(message.groups[0])
    frame = pool.take(0, message)
    frame.show()
    frame.show_part(0, message.height, 0, Ration(Budget(60.0)))
    ground.show()
    assert [one for one in frame.findChildren(BlockEdit) if one.isVisible()] == frame.editors()
    assert not any(one.isVisible() for one in frame.findChildren(CodeFrame))
    pool.release_all()
    message.free()
