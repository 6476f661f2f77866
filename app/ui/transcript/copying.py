"""Copies a selection of any length, a few milliseconds at a time; nothing is laid out for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QClipboard

from app.core.conversation import Turn
from app.exchange.html_writer import html_of, page_around, page_of
from app.markup.blocks import Block, text_of
from app.ui.transcript.budget import Budget
from app.ui.transcript.clipboard import put_rich, put_safe, safe_html, safe_text
from app.ui.transcript.content import blocks_of

AT_ONCE, SLICE = 0.03, 0.008  # seconds


def message_text(turn: Turn) -> str:
    """The words of a message as they are copied: an answer's Markdown read, a question as it was typed."""
    return text_of(blocks_of(turn))


def copy_message(turn: Turn) -> None:
    """Put a whole message on the clipboard, plain and as HTML."""
    blocks = blocks_of(turn)
    put_rich(text_of(blocks), page_of(blocks))


class Copying(QObject):
    """Puts texts on the clipboard when all of them are written; what is short is there at once.

    Signals: `copied()`.
    """

    copied = Signal()

    def __init__(self, mode: QClipboard.Mode, parent: QObject) -> None:
        super().__init__(parent)
        self._mode = mode
        self._texts: Iterator[Sequence[Block]] = iter(())
        self._plain: list[str] = []
        self._html: list[str] = []
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(lambda: self._go_on(SLICE))

    @property
    def is_running(self) -> bool:
        """Whether more is to be written before the clipboard has it."""
        return self._timer.isActive()

    def start(self, texts: Iterator[Sequence[Block]]) -> None:
        """Copy these texts, one below the other, in place of what was being copied."""
        self._texts = texts
        self._plain, self._html = [], []
        self._timer.start()
        self._go_on(AT_ONCE)

    def _go_on(self, seconds: float) -> None:
        budget = Budget(seconds)
        for blocks in self._texts:
            plain = text_of(blocks)
            if plain:
                self._plain.append(safe_text(plain))
                self._html.append(safe_html(html_of(blocks)))
            if budget.is_used_up:
                return
        self._timer.stop()
        plain, html = "\n\n".join(self._plain), "".join(self._html)
        self._plain, self._html = [], []
        if plain:
            put_safe(plain, page_around(html), self._mode)
        self.copied.emit()
