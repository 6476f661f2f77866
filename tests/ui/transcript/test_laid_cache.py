"""What is kept of messages that were laid out."""

from __future__ import annotations

from app.ui.transcript.budget import Budget
from app.ui.transcript.group import Styles
from app.ui.transcript.laid_cache import MESSAGES, OPENED, LaidCache
from tests.ui.transcript.turns import answer, user


def test_what_was_opened_last_is_open_again_and_the_memory_of_it_is_bounded(styles: Styles) -> None:
    cache = LaidCache(styles)
    turns = [user("q") for _ in range(OPENED + 2)]
    for turn in turns:
        cache.message(turn, 400, 100).are_details_open = True
        cache.trim((), Budget(60.0))
    assert len(cache) == MESSAGES
    last = turns[-MESSAGES - 1]
    assert cache.known(last, 400) is None
    assert cache.message(last, 400, 100).are_details_open
    for turn in (answer("x") for _ in range(2 * MESSAGES)):
        cache.message(turn, 400, 100)
        cache.trim((), Budget(60.0))
    assert cache.message(turns[-1], 400, 100).are_details_open
    assert not cache.message(turns[0], 400, 100).are_details_open
