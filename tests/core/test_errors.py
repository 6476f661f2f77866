import inspect

import pytest

from app.core import errors
from app.core.errors import (
    ERRORS,
    ChatError,
    ErrorDetails,
    KeyRejected,
    NoConnection,
    RateLimited,
    error_from_data,
)


def test_every_error_is_in_the_table() -> None:
    classes = {
        one
        for _, one in inspect.getmembers(errors, inspect.isclass)
        if issubclass(one, ChatError) and one is not ChatError
    }
    assert set(ERRORS.values()) == classes
    assert len({one.code for one in classes}) == len(classes)


@pytest.mark.parametrize("kind", ERRORS.values(), ids=ERRORS)
def test_every_error_is_one_plain_sentence_whatever_is_known(kind: type[ChatError]) -> None:
    known = ErrorDetails("api.example", "Example", 503, "x", "Words.", "raw", "why", "there", 2.0)
    for details in (ErrorDetails(), known):
        sentence = str(kind(details))
        assert not sentence.startswith(("the ", " "))
        assert "{" not in sentence
        assert "None" not in sentence
        assert "  " not in sentence
    assert str(kind(known)).endswith("It said: Words.")


@pytest.mark.parametrize("kind", ERRORS.values(), ids=ERRORS)
def test_an_error_survives_a_restart(kind: type[ChatError]) -> None:
    error = kind(ErrorDetails("h", "e", 429, "1300", "t", "r", "why", "x", 1.5, charged=True))
    assert error_from_data(error.to_data()) == error


def test_unreadable_data_is_still_an_error() -> None:
    assert type(error_from_data({"code": ["?"], "status": "x"})) is ChatError


def test_errors_differ_by_kind_and_by_details() -> None:
    assert RateLimited() == RateLimited()
    assert RateLimited() != NoConnection()
    assert KeyRejected(ErrorDetails(host="a")) != KeyRejected(ErrorDetails(host="b"))
