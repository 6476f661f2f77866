"""Answers of a server that grow when the test says so."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from tests.servers.fake_server import DONE, Exchange, Script, finish_event, stream, text_event

PATIENCE = 120.0  # seconds; a watchdog


class Growing:
    """Plays an answer piece by piece: the first at once, each further one with `grow`.

    Behind the last one comes the end, or, where it `is_finished` never, silence until the client hangs up.
    `hung_up` is set once it did. Pieces should be sentences: only these are told a screen reader at once.
    """

    def __init__(self, *pieces: str, is_finished: bool = True) -> None:
        self._pieces = pieces
        self._is_finished = is_finished
        self._allowed = threading.Semaphore(0)
        self.hung_up = threading.Event()

    def grow(self) -> None:
        """Let the next piece go, or, behind the last one, the end."""
        self._allowed.release()

    def __call__(self, exchange: Exchange) -> None:
        try:
            exchange.begin_stream()
            for number, piece in enumerate(self._pieces):
                if number > 0:
                    self._wait(exchange)
                exchange.send_chunk(text_event(piece))
            if not self._is_finished:
                exchange.pause(PATIENCE)
            self._wait(exchange)
            exchange.send_chunk(finish_event() + DONE)
            exchange.end_stream()
        except ConnectionError:
            self.hung_up.set()
            raise

    def _wait(self, exchange: Exchange) -> None:
        while not self._allowed.acquire(blocking=False):
            exchange.pause(0.02)


def by_question(answers: Mapping[str, Script]) -> Script:
    """The answer that belongs to the last message; to any other a short one."""

    def play(exchange: Exchange) -> None:
        answers.get(exchange.request.text, stream("All is well."))(exchange)

    return play
