import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.retry import MAX_TRIES, delay_before_retry, retry_after, should_retry
from app.core.errors import (
    ERRORS,
    CertificateProblem,
    ChatError,
    ConnectionLost,
    ErrorDetails,
    KeyRejected,
    NoConnection,
    NoCredit,
    RateLimited,
    RequestRejected,
    ServerProblem,
    TimedOut,
)

NOW = 1_763_800_000.0  # 2025-11-22 08:26:40 UTC


def half() -> float:
    return 0.5


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "1"}, 1.0),
        ({"retry-after": "2.5"}, 2.5),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "Sat, 22 Nov 2025 08:27:00 GMT"}, 20.0),
        ({"retry-after": "Sat, 22 Nov 2025 08:00:00 GMT"}, 0.0),
        ({"retry-after": "114h18m"}, 114 * 3600 + 18 * 60.0),
        ({"retry-after": "6m0s"}, 360.0),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": str(int(NOW) + 30)}, 30.0),
        ({"retry-after": "2025-11-22T08:27:00Z"}, 20.0),
        ({"x-ratelimit-reset-tokens": "6m0s", "x-ratelimit-remaining-tokens": "0"}, 360.0),
        ({"x-ratelimit-reset-requests": "12ms", "x-ratelimit-remaining-requests": "-1"}, 0.012),
        ({"x-ratelimit-reset-tokens": "6m0s"}, 360.0),
        ({"x-ratelimit-reset-tokens": "6m0s", "x-ratelimit-remaining-tokens": "900"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": ""}, None),
        ({}, None),
    ],
)
def test_Q52_every_way_to_ask_for_a_pause(headers: dict[str, str], seconds: float | None) -> None:
    found = retry_after(headers, NOW)
    assert found == (pytest.approx(seconds) if seconds is not None else None)


@given(st.text(max_size=40), st.text("0123456789.-:hms TZGMT,", max_size=30))
def test_Q52_no_header_makes_it_fail(one: str, other: str) -> None:
    for value in (one, other):
        seconds = retry_after(
            {"retry-after": value, "x-ratelimit-reset": value, "retry-after-ms": value}, NOW
        )
        assert seconds is None or seconds >= 0


def test_Q52_a_pause_of_up_to_a_minute_is_waited_for_and_a_longer_one_is_shown() -> None:
    assert delay_before_retry(RateLimited(ErrorDetails(status=429, retry_after=60.0)), 1, half) == 60.0
    assert delay_before_retry(RateLimited(ErrorDetails(status=429, retry_after=61.0)), 1, half) is None


@pytest.mark.parametrize("status", [409, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529])
def test_Q53_what_passes_is_tried_again(status: int) -> None:
    error = ServerProblem(ErrorDetails(status=status))
    delays = [delay_before_retry(error, attempt, half) for attempt in range(1, MAX_TRIES + 1)]
    assert all(delay is not None and 0 < delay <= 8 for delay in delays[:-1])
    assert delays[-1] is None


@pytest.mark.parametrize(
    "error",
    [
        KeyRejected(ErrorDetails(status=401)),
        NoCredit(ErrorDetails(status=429)),
        RequestRejected(ErrorDetails(status=400)),
        CertificateProblem(),
        ConnectionLost(ErrorDetails(charged=True)),
        ServerProblem(ErrorDetails(status=501)),
        TimedOut(ErrorDetails(reason="first", charged=True)),
        TimedOut(ErrorDetails(reason="idle", charged=True)),
    ],
)
def test_Q53_what_does_not_pass_or_may_have_been_paid_for_is_not(error: ChatError) -> None:
    assert delay_before_retry(error, 1, half) is None


def test_Q53_connecting_is_always_safe_to_try_again() -> None:
    assert delay_before_retry(NoConnection(), 1, half) is not None


def test_Q53_the_server_has_the_last_word() -> None:
    assert should_retry({"x-should-retry": "true"}) is True
    assert should_retry({"x-should-retry": "false"}) is False
    assert should_retry({}) is None
    never = ServerProblem(ErrorDetails(status=500, should_retry=False))
    assert delay_before_retry(never, 1, half) is None


@given(
    st.sampled_from(sorted(ERRORS)),
    st.integers(1, 10),
    st.none() | st.floats(0, 1e6),
    st.booleans(),
    st.floats(0, 1),
)
def test_REL_14_never_more_than_three_tries_or_a_minute(
    code: str, attempt: int, pause: float | None, charged: bool, dice: float
) -> None:
    error = ERRORS[code](ErrorDetails(status=503, retry_after=pause, charged=charged))
    delay = delay_before_retry(error, attempt, lambda: dice)
    assert delay is None or (attempt < 3 and 0 <= delay <= 60)
    assert delay is None or not charged
