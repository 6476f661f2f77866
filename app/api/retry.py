"""When an error is worth another try, and how long to wait for it (wire.md Q51 to Q53)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from app.core.errors import ChatError, NoConnection, RateLimited, ServerProblem

MAX_TRIES = 3
MAX_WAIT = 60.0  # seconds; a longer pause is shown, not waited for
MAX_BACKOFF = 8.0
RETRYABLE = frozenset({408, 409, 425, 429, 500, 502, 503, 504, *range(520, 525), 529})

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|h|m|s)")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
# Seconds since 1970 are larger than any pause that somebody would ask for.
_EPOCH = 1_000_000_000.0


def delay_before_retry(error: ChatError, attempt: int, random: Callable[[], float]) -> float | None:
    """Seconds to wait before trying again by itself after try number `attempt` (from 1); None: don't.

    Only for errors that came before the first byte of an answer, and that are sure not to have cost
    anything, or that the server itself declares passing. `random` returns 0 to 1, for the jitter.
    """
    details = error.details
    if attempt >= MAX_TRIES or details.should_retry is False or details.charged:
        return None
    match error:
        case NoConnection() | RateLimited():
            pass
        case ServerProblem() if details.status in RETRYABLE or details.should_retry:
            pass
        case _:
            return None
    if details.retry_after is not None:
        return details.retry_after if details.retry_after <= MAX_WAIT else None
    backoff = min(0.5 * 2.0**attempt, MAX_BACKOFF)
    return float(backoff * (1 - 0.25 * random()))


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """The pause in seconds that a reply's headers ask for, in any of the forms of wire.md Q52.

    `headers` are in lower case, `now` is Unix seconds, for dates. None where none is asked for.
    """
    milliseconds = headers.get("retry-after-ms", "")
    if re.fullmatch(r"\d+(\.\d+)?", milliseconds.strip()):
        return float(milliseconds) / 1000
    asked = _seconds(headers.get("retry-after", ""), now)
    if asked is not None:
        return asked
    resets = [
        seconds
        for name, value in headers.items()
        if name.startswith("x-ratelimit-reset")
        # A budget that isn't used up is nothing to wait for.
        and headers.get(name.replace("-reset", "-remaining"), "0").strip() in {"0", "-1"}
        and (seconds := _seconds(value, now)) is not None
    ]
    return max(resets, default=None)


def should_retry(headers: Mapping[str, str]) -> bool | None:
    """What `x-should-retry` says, where it says something."""
    return {"true": True, "false": False}.get(headers.get("x-should-retry", "").strip().lower())


def _seconds(text: str, now: float) -> float | None:
    text = text.strip()
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        number = float(text)
        return max(number - now if number > _EPOCH else number, 0.0)
    found = _DURATION.findall(text)
    if found and "".join(number + unit for number, unit in found) == text:
        return sum(float(number) * _UNITS[unit] for number, unit in found)
    return _until_date(text, now)


def _until_date(text: str, now: float) -> float | None:
    if not text:
        return None
    from datetime import UTC, datetime
    from email.utils import parsedate_to_datetime

    try:
        if re.match(r"\d{4}-\d\d-\d\dT", text):
            date = datetime.fromisoformat(text)
        else:
            date = parsedate_to_datetime(text)
        if date.tzinfo is None:
            date = date.replace(tzinfo=UTC)
        return max(date.timestamp() - now, 0.0)
    except (ValueError, OverflowError):
        return None
