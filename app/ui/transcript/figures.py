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
        locale = QLocale()
        reply = turn.reply
        usage = reply.usage if reply is not None else None
        tokens = usage.completion_tokens if usage is not None else None
        speed = reply.tokens_per_second if reply is not None else None
        # A damaged history may hold any number.
        is_known = 0 < turn.created < END_OF_TIME
        created = QDateTime.fromSecsSinceEpoch(int(turn.created)) if is_known else None
        self._who = _short_name((reply.served_model if reply is not None else None) or turn.model)
        self._when = _short_time(created, locale) if created is not None else ""
        self._date = locale.toString(created, QLocale.FormatType.LongFormat) if created is not None else ""
        self._count = ""
        if tokens is not None:
            self._count = _tr("{count} tokens").format(count=locale.toString(tokens))
        self._pace = speed_words(speed) if speed is not None else ""

    @property
    def shown(self) -> Sequence[str]:
        """One after the other, as they stand in the line."""
        return [one for one in (self._when, self._who, self._count, self._pace) if one]

    @property
    def line(self) -> str:
        """All of them in one line."""
        return SEPARATOR.join(self.shown)

    @property
    def in_full(self) -> str:
        """Model and date with nothing left out, a line for each."""
        return "\n".join(one for one in (self._who, self._date) if one)

    def from_long_to_short(self) -> list[str]:
        """The line, and what is left of it where there is less and less room."""
        when, count, pace = self._when, self._count, self._pace
        choices = [self.shown, (when, count, pace), (count, pace), (count,), ()]
        return [SEPARATOR.join(one for one in choice if one) for choice in choices]


def _short_name(model: str) -> str:
    name = one_line(model)
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"


def _short_time(created: QDateTime, locale: QLocale) -> str:
    short = QLocale.FormatType.ShortFormat
    if created.date() == QDate.currentDate():
        return locale.toString(created.time(), short)
    return locale.toString(created, short)


def speed_words(speed: float) -> str:
    """So many tokens a second, in words; a slow one with a decimal."""
    return _tr("{speed} tok/s").format(speed=QLocale().toString(speed, "f", 0 if speed >= 1 else 1))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Figures", text)
