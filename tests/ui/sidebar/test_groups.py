"""Chats stand under the day of their last message."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from PySide6.QtCore import QLocale

from app.core.conversation import ConversationSummary
from app.ui.sidebar.groups import ChatRow, day_label, group_label, local_day, rows_by_day, until_tomorrow

ENGLISH = QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
TODAY = date(2026, 3, 12)


def at(day: date) -> float:
    return datetime(day.year, day.month, day.day, 12).astimezone().timestamp()


@pytest.mark.parametrize(
    ("days_ago", "label"),
    [
        (-3, "Today"),
        (0, "Today"),
        (1, "Yesterday"),
        (2, "Previous 7 days"),
        (7, "Previous 7 days"),
        (8, "March"),
        (12, "February"),
        (70, "January"),
        (80, "December 2025"),
    ],
)
def test_the_group_of_a_day(days_ago: int, label: str) -> None:
    assert group_label(TODAY - timedelta(days=days_ago), TODAY, ENGLISH) == label


def rows_of(*days_ago: int) -> tuple[ChatRow, ...]:
    """The rows of chats that were written in so many days ago, the first one last of all."""
    chats = [
        ConversationSummary(str(number), "", 0, at(TODAY - timedelta(days=days)))
        for number, days in enumerate(days_ago)
    ]
    return rows_by_day(chats, TODAY, ENGLISH)


def test_the_first_of_a_group_has_its_label() -> None:
    assert [row.group for row in rows_of(0, 0, 1, 1, 9)] == ["Today", "", "Yesterday", "", "March"]


@pytest.mark.parametrize("days_off", [3650, -3650])
def test_REL_15_a_wrong_clock_changes_labels_and_no_order(days_off: int) -> None:
    rows = rows_of(0, days_off, 1)
    assert [row.summary.conversation_id for row in rows] == ["0", "1", "2"]
    assert [row.group for row in rows][::2] == ["Today", "Yesterday"]


def test_a_day_as_a_person_names_it() -> None:
    assert day_label(TODAY, TODAY, ENGLISH) == "Today"
    assert day_label(date(2026, 3, 9), TODAY, ENGLISH) == "Mon"
    assert day_label(date(2026, 1, 9), TODAY, ENGLISH) == "9 Jan"
    assert day_label(date(2025, 1, 9), TODAY, ENGLISH) == "9 Jan 2025"


@pytest.mark.parametrize("seconds", [float("inf"), float("nan"), 1e20, -1e20])
def test_a_time_that_is_none_is_long_ago(seconds: float) -> None:
    assert local_day(seconds) == date.min
    assert group_label(local_day(seconds), TODAY, ENGLISH)


def test_the_groups_change_after_midnight() -> None:
    late = datetime(2026, 3, 12, 23, 59, 30, tzinfo=UTC)
    assert until_tomorrow(late) == 31_000
