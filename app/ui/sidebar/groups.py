"""By which day a chat is listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from app.core.conversation import ConversationSummary

CONTEXT = "ChatGroups"


class ChatRow(NamedTuple):
    """One chat of the list; `group` is the label that stands above it, empty but for the first of a group."""

    summary: ConversationSummary
    group: str


def rows_by_day(
    summaries: Sequence[ConversationSummary], today: date, locale: QLocale
) -> tuple[ChatRow, ...]:
    """The chats, as they come newest first, each with its day's label where the one above has another.

    A clock that was changed may have a label stand twice; the order is not the clock's (REL-15).
    """
    rows: list[ChatRow] = []
    last = ""
    for summary in summaries:
        label = group_label(local_day(summary.updated), today, locale)
        rows.append(ChatRow(summary, label if label != last else ""))
        last = label
    return tuple(rows)


def group_label(day: date, today: date, locale: QLocale) -> str:
    """Today, Yesterday, Previous 7 days, then the month, with its year when that is another one."""
    days = (today - day).days
    if days <= 0:  # a clock that was wrong must not make a group of its own
        return QCoreApplication.translate(CONTEXT, "Today")
    if days == 1:
        return QCoreApplication.translate(CONTEXT, "Yesterday")
    if days <= 7:
        return QCoreApplication.translate(CONTEXT, "Previous 7 days")
    name = locale.standaloneMonthName(day.month)
    return name if day.year == today.year else f"{name} {day.year}"


def day_label(day: date, today: date, locale: QLocale) -> str:
    """A day as a person names it: Today, Mon, 12 May."""
    days = (today - day).days
    if days <= 0:
        return QCoreApplication.translate(CONTEXT, "Today")
    if days < 7:
        return locale.standaloneDayName(day.isoweekday(), QLocale.FormatType.ShortFormat)
    form = "d MMM" if day.year == today.year else "d MMM yyyy"
    return locale.toString(QDate(day.year, day.month, day.day), form)


def local_day(seconds: float) -> date:
    """The day of a time in Unix seconds, where the person is."""
    try:
        return datetime.fromtimestamp(seconds).astimezone().date()
    except (OverflowError, OSError, ValueError):  # a time out of an imported or damaged file
        return date.min


def until_tomorrow(now: datetime) -> int:
    """Milliseconds until the groups change: a second past midnight."""
    midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time())
    return int((midnight - now.replace(tzinfo=None)).total_seconds() * 1000) + 1000
