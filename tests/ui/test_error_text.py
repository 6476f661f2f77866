"""Every error has sentences, an icon that exists and an action that helps."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.errors import ERRORS, ChatError, ErrorDetails, KeyRejected, NoConnection, RateLimited
from app.ui.error_table import ErrorActionKind, Family
from app.ui.error_text import error_text

ICONS = Path(__file__).parents[2] / "resources" / "icons"


@pytest.mark.parametrize("kind", [*ERRORS.values(), ChatError])
def test_each_error_has_a_title_a_text_an_icon_and_an_action(kind: type[ChatError]) -> None:
    for details in (ErrorDetails(), ErrorDetails(host="h.example", endpoint="E", status=500, reason="r")):
        shown = error_text(kind(details))
        assert shown.title
        assert not shown.title.endswith(".")
        assert shown.text.endswith(".")
        assert "{" not in shown.title + shown.text
        assert shown.title[0] == shown.title[0].upper()
        assert (ICONS / f"{shown.icon}.svg").exists()
        assert shown.actions
        assert sum(action.is_primary for action in shown.actions) <= 1
        assert all(not action.icon or (ICONS / f"{action.icon}.svg").exists() for action in shown.actions)


@pytest.mark.parametrize("kind", ERRORS.values())
def test_each_code_of_core_has_a_row_of_its_own(kind: type[ChatError]) -> None:
    assert error_text(kind()).title != error_text(ChatError()).title


def test_a_refused_key_leads_to_the_settings() -> None:
    shown = error_text(KeyRejected(ErrorDetails(host="api.example", endpoint="Mistral API", status=401)))
    assert shown.title == "Mistral API did not accept your key"
    assert shown.text == "Your message is kept. Enter a valid key, then try again."
    assert shown.family is Family.DANGER
    assert [action.kind for action in shown.actions] == [
        ErrorActionKind.OPEN_SETTINGS,
        ErrorActionKind.TRY_AGAIN,
        ErrorActionKind.DETAILS,
    ]
    assert shown.actions[0].is_primary


def test_a_planned_retry_counts_down_in_the_button() -> None:
    shown = error_text(RateLimited(ErrorDetails(endpoint="Mistral API")), retry_in=11.2)
    assert [action.label for action in shown.actions] == ["Retry in 12 s", "Cancel"]
    assert "tries again by itself" in shown.text


def test_the_servers_words_and_raw_reply_are_shown_as_they_are() -> None:
    details = ErrorDetails(endpoint="E{0}", status=429, server_text="slow {down}", raw='{"message": "x"}')
    shown = error_text(RateLimited(details))
    assert "It said: slow {down}" in shown.text
    assert shown.details.endswith('{"message": "x"}')
    assert "E{0} asked for" in shown.text


def test_offline_is_said_as_such() -> None:
    assert error_text(NoConnection(ErrorDetails(reason="offline"))).title == "You are offline"
    assert error_text(NoConnection(ErrorDetails(host="h", reason="refused"))).title == "No connection to h"
