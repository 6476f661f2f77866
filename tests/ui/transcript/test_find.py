"""The search counts near the reader first, in slices, and what changes is counted again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from app.core.completion import ReplyState
from app.core.conversation import Turn
from app.ui.transcript.find import SLICE, Hit, Search
from app.ui.transcript.find_pattern import Pattern
from app.ui.transcript.pieces import Piece
from tests.ui.transcript.turns import answer, chat, user


class Rows:
    """Turns of which none is laid out; remembers which were asked for, so which had to be read."""

    def __init__(self, turns: list[Turn]) -> None:
        self.turns = turns
        self.read: list[int] = []

    def all(self) -> Sequence[Turn]:
        return self.turns

    def pieces_of(self, turn: Turn) -> Sequence[Piece] | None:
        self.read.append(self.turns.index(turn))
        return None


def ticking(seconds: float) -> Iterator[float]:
    now = 0.0
    while True:
        now += seconds
        yield now


def search_in(rows: Rows, *, steps_in_a_slice: int = 10) -> Search:
    """A search whose clock goes on by itself, so that each slice has just so many steps."""
    clock = ticking(SLICE / steps_in_a_slice)
    return Search(rows.all, rows.pieces_of, clock=lambda: next(clock))


def wait_for_all(qtbot: QtBot, search: Search) -> int:
    """Let the search end, and return in how many slices it did."""
    slices = 0

    def count() -> None:
        nonlocal slices
        slices += 1

    search.changed.connect(count)
    qtbot.waitUntil(lambda: search.is_complete)
    search.changed.disconnect(count)
    return slices


def all_hits(search: Search) -> list[Hit]:
    """The hits from first to last, as a person goes through them."""
    hits: list[Hit] = []
    hit = search.after(0, 0)
    while hit is not None and hit not in hits:
        hits.append(hit)
        hit = search.after(hit.row, hit.start + 1)
    return hits


def test_counts_what_is_drawn(qtbot: QtBot) -> None:
    turns = [user("**wind** wind"), answer("The **wi**nd, the `wind`; [x](http://wind.example)\n\n- WIND")]
    search = search_in(Rows(turns))
    search.look_for(Pattern("wind"), 0)
    wait_for_all(qtbot, search)
    assert search.count == 5
    assert [hit.row for hit in all_hits(search)] == [0, 0, 1, 1, 1]
    assert [search.number(hit) for hit in all_hits(search)] == [1, 2, 3, 4, 5]


def test_the_way_forth_is_the_way_back_and_both_go_round(qtbot: QtBot) -> None:
    search = search_in(Rows([user("wind wind"), user("calm"), user("wind")]))
    search.look_for(Pattern("wind"), 1)
    wait_for_all(qtbot, search)
    forth = all_hits(search)
    assert len(forth) == 3
    assert search.after(2, 1) == forth[0]
    assert search.before(0, 0) == forth[2]
    back = [search.before(hit.row, hit.start) for hit in reversed(forth)]
    assert back == [forth[1], forth[0], forth[2]]


def test_nothing_is_counted_before_the_slice_is_due(qtbot: QtBot) -> None:
    search = search_in(Rows(chat(5000)))
    search.look_for(Pattern("question"), 5000)
    assert (search.count, search.is_complete) == (0, False)


def test_rows_near_the_reader_come_first_and_a_slice_has_an_end(qtbot: QtBot) -> None:
    turns = [user("wind") for _ in range(1000)]
    search = search_in(Rows(turns), steps_in_a_slice=10)
    search.look_for(Pattern("wind"), 600)
    with qtbot.waitSignal(search.changed):
        pass
    assert 5 <= search.count <= 11
    counted = [row for row in range(1000) if search.counts[row]]
    assert counted == list(range(counted[0], counted[-1] + 1))
    assert abs((counted[0] + counted[-1]) - 2 * 600) <= 1
    assert wait_for_all(qtbot, search) > 1000 / 11 - 1
    assert search.count == 1000


def test_another_letter_begins_anew_and_the_old_search_is_dropped(qtbot: QtBot) -> None:
    rows = Rows([user(f"wind {number}") for number in range(500)])
    search = search_in(rows)
    search.look_for(Pattern("wind"), 499)
    with qtbot.waitSignal(search.changed):
        pass
    search.look_for(Pattern("wind 49"), 0)
    assert search.count == 0
    wait_for_all(qtbot, search)
    assert [hit.row for hit in all_hits(search)] == [49, *range(490, 500)]


def test_a_message_that_cannot_have_it_is_not_read_nor_is_one_that_tells_by_its_source(qtbot: QtBot) -> None:
    rows = Rows([answer("calm"), answer("a **windy** day"), answer("no [wind](http://a.example)")])
    search = search_in(rows)
    search.look_for(Pattern("wind"), 0)
    wait_for_all(qtbot, search)
    assert search.count == 2
    assert rows.read == [2]


def test_a_long_message_is_read_in_several_slices(qtbot: QtBot) -> None:
    text = "\n\n".join(f"Paragraph {number} of the [wind](http://a.example)." for number in range(400))
    search = search_in(Rows([answer(text)]), steps_in_a_slice=3)
    search.look_for(Pattern("the wind"), 0)
    assert wait_for_all(qtbot, search) > 4
    assert search.count == 400


def test_what_was_read_once_is_kept(qtbot: QtBot) -> None:
    rows = Rows([answer("the *wind*")])
    search = search_in(rows)
    for text in ("the w", "the wi", "the win"):
        search.look_for(Pattern(text), 0)
        wait_for_all(qtbot, search)
        assert search.count == 1
    assert rows.read == [0]
    search.stop()
    search.look_for(Pattern("the w"), 0)
    wait_for_all(qtbot, search)
    assert rows.read == [0, 0]


def test_a_growing_answer_and_a_new_message_are_counted(qtbot: QtBot) -> None:
    rows = Rows([user("wind"), answer("the **wind", ReplyState.RUNNING)])
    search = search_in(rows)
    search.look_for(Pattern("wind"), 0)
    wait_for_all(qtbot, search)
    assert search.count == 2
    old = rows.turns[1]
    grown = answer("the **wind** and the wind", ReplyState.RUNNING)
    rows.turns[1] = replace(grown, turn_id=old.turn_id)
    search.take_turn(1)
    qtbot.waitUntil(lambda: search.count == 3)
    rows.turns.append(user("more wind"))
    search.take_turn(2)
    qtbot.waitUntil(lambda: search.count == 4)
    assert search.is_complete
    assert [hit.row for hit in all_hits(search)] == [0, 1, 1, 2]


def test_a_message_that_comes_while_others_are_counted_is_counted_too(qtbot: QtBot) -> None:
    rows = Rows([user("wind") for _ in range(100)])
    search = search_in(rows)
    search.look_for(Pattern("wind"), 0)
    with qtbot.waitSignal(search.changed):
        pass
    assert not search.is_complete
    rows.turns.append(user("wind wind"))
    search.take_turn(100)
    wait_for_all(qtbot, search)
    assert search.count == 102


@pytest.mark.parametrize("text", ["", "\u200b"])
def test_nothing_to_look_for_has_no_hits(qtbot: QtBot, text: str) -> None:
    search = search_in(Rows(chat(3)))
    search.look_for(Pattern(text), 0)
    wait_for_all(qtbot, search)
    assert search.count == 0
    assert search.after(0, 0) is None
    assert search.before(0, 0) is None


def test_an_empty_chat_is_complete(qtbot: QtBot) -> None:
    search = search_in(Rows([]))
    search.look_for(Pattern("wind"), 0)
    assert search.is_complete
    assert search.after(0, 0) is None
