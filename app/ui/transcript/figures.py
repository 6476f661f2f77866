"""What there is to say of an answer in figures: when, by whom, how long, how quick."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale

from app.core.conversation import Turn
from app.ui.widgets.label import one_line

END_OF_TIME = 253_402_300_800.0  # Unix seconds: the year 10,000
SEPARATOR = " · "
LONGEST_NAME = 60


class Figures:
    """The figures of one answer, in the form of the person's own country. What isn't known is left out."""

    def __init__(self, turn: Turn) -> None:
        self._locale = QLocale()
        reply = turn.reply
        usage = reply.usage if reply is not None else None
        self._model = (reply.served_model if reply is not None else None) or turn.model
        # A damaged history may hold any number.
        is_known = 0 < turn.created < END_OF_TIME
        self._created = QDateTime.fromSecsSinceEpoch(int(turn.created)) if is_known else None
        self._tokens = usage.completion_tokens if usage is not None else None
        self._speed = reply.tokens_per_second if reply is not None else None

    @property
    def shown(self) -> Sequence[str]:
        """One after the other, as they stand in the line."""
        return [one for one in (self._when(), self._who(), self._count(), self._pace()) if one]

    @property
    def line(self) -> str:
        """All of them in one line."""
        return SEPARATOR.join(self.shown)

    @property
    def in_full(self) -> str:
        """Model and date with nothing left out, a line for each."""
        date = ""
        if self._created is not None:
            date = self._locale.toString(self._created, QLocale.FormatType.LongFormat)
        return "\n".join(one for one in (self._who(), date) if one)

    def from_long_to_short(self) -> list[str]:
        """The line, and what is left of it where there is less and less room."""
        when, count, pace = self._when(), self._count(), self._pace()
        choices = [self.shown, (when, count, pace), (count, pace), (count,), ()]
        return [SEPARATOR.join(one for one in choice if one) for choice in choices]

    def _who(self) -> str:
        name = one_line(self._model)
        return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"

    def _when(self) -> str:
        if self._created is None:
            return ""
        short = QLocale.FormatType.ShortFormat
        if self._created.date() == QDate.currentDate():
            return self._locale.toString(self._created.time(), short)
        return self._locale.toString(self._created, short)

    def _count(self) -> str:
        if self._tokens is None:
            return ""
        return _tr("{count} tokens").format(count=self._locale.toString(self._tokens))

    def _pace(self) -> str:
        if self._speed is None:
            return ""
        return speed_words(self._speed)


def speed_words(speed: float) -> str:
    """So many tokens a second, in words; a slow one with a decimal."""
    return _tr("{speed} tok/s").format(speed=QLocale().toString(speed, "f", 0 if speed >= 1 else 1))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Figures", text)
