"""From whatever a server says of an error to one `ChatError` (wire.md Q45 to Q51, Q55)."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.api.lenient_json import first_value, objects_of
from app.api.retry import retry_after, should_retry
from app.core.errors import (
    MAX_RAW,
    MAX_SERVER_TEXT,
    AddressNotFound,
    ChatError,
    ErrorDetails,
    KeyRejected,
    ModelNotFound,
    NoCredit,
    NotAllowed,
    NotAnApi,
    RateLimited,
    RequestRejected,
    ServerProblem,
    StreamFailed,
    TooLarge,
    TooLong,
    UnknownAnswer,
)

MAX_DEPTH = 6
_TOO_LONG = re.compile(
    r"context.?(length|size|window)|exceed_context|maximum context|too many tokens|prompt is too long"
    r"|input is too long|maximum.{0,20}tokens.{0,40}exceed|exceeds? the .{0,30}context",
    re.IGNORECASE,
)
_NO_CREDIT = re.compile(r"\b(billing|credits?|payment|top.?up|balance)\b", re.IGNORECASE)
_WRONG_KEY = re.compile(
    r"(invalid|incorrect|wrong|no).{0,12}api.?key|api.?key.{0,20}(not valid|invalid)", re.IGNORECASE
)
_NO_MODEL = re.compile(
    r"model_not_found|invalid[ _]model|(unknown|no such) model|model\b.{0,80}"
    r"(not (found|exist|available|supported|offered)|does ?n.t exist|does not exist|retired|deprecated)",
    re.IGNORECASE | re.DOTALL,
)
_STATUSES = {
    "invalid_api_key": 401,
    "authentication_error": 401,
    "insufficient_quota": 429,
    "rate_limit_exceeded": 429,
    "rate_limit_error": 429,
    "rate_limited": 429,
    "server_error": 500,
    "overloaded_error": 503,
}
_HIDDEN = re.compile(r"<(script|style|head)\b.*?(</\1>|$)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]{0,2000}>?")
_IP = re.compile(r"\b\d{1,3}(\.\d{1,3}){3}\b|\b(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}\b", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Said:
    """What a server said of an error: its sentence, its code and type, and a status inside the body."""

    text: str = ""
    code: str = ""
    kind: str = ""
    status: int | None = None


def is_html(body: bytes) -> bool:
    """True where the body is a page: its first visible character opens a tag."""
    return body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def error_of_reply(
    status: int, headers: Mapping[str, str], body: bytes, about: ErrorDetails, now: float
) -> ChatError:
    """The error that a reply of any `status` but 2xx is. `about` holds host, endpoint and, in `target`, the
    model; `headers` are in lower case; `now` is Unix seconds.
    """
    text = body.decode("utf-8", "replace")
    if is_html(body):
        said, raw = Said(_page_title(text)), _without_tags(text)
    else:
        value = first_value(text)
        if not isinstance(value, dict | list):
            # Some put even this into an event.
            value = next(iter(objects_of(text)[0]), None)
        said, raw = said_by(value) if value is not None else Said(plain(text)), text
    details = replace(
        about,
        status=status,
        server_code=said.code[:100],
        server_text=said.text,
        raw=_printable(raw),
        retry_after=retry_after(headers, now),
        should_retry=should_retry(headers),
        charged=False,
    )
    return _classified(status, said, details)


def error_in_stream(failure: Mapping[str, Any], about: ErrorDetails) -> ChatError:
    """The error that an event reports in mid-answer (wire.md Q49)."""
    return StreamFailed(_details_of(failure, about))


def error_in_place_of_answer(failure: Mapping[str, Any], about: ErrorDetails) -> ChatError:
    """The error that stands, with status 200, where an answer was due (wire.md Q48)."""
    details, said = _details_of(failure, about), said_by(failure)
    kinds = {said.code, said.kind}
    status = said.status or next((status for kind, status in _STATUSES.items() if kind in kinds), None)
    if status is None and _TOO_LONG.search(f"{said.code} {said.kind} {said.text}"):
        return TooLong(details)
    return _classified(status, said, details) if status is not None else RequestRejected(details)


def _details_of(failure: Mapping[str, Any], about: ErrorDetails) -> ErrorDetails:
    said = said_by(failure)
    try:
        raw = json.dumps(failure, ensure_ascii=False)
    except RecursionError:
        raw = ""
    return replace(
        about,
        status=said.status,
        server_code=said.code[:100],
        server_text=said.text,
        raw=_printable(raw),
    )


def not_an_api(body: bytes, about: ErrorDetails, status: int) -> NotAnApi:
    """The error that a web page is, where an answer was due (wire.md Q47)."""
    text = body.decode("utf-8", "replace")
    return NotAnApi(
        replace(
            about,
            status=status,
            server_text=_page_title(text),
            raw=_printable(_without_tags(text)),
        )
    )


def said_by(value: object) -> Said:
    """Read one error out of any JSON value, whichever of the many shapes it has."""
    text = _sentence(value, 0)
    code = kind = ""
    status: int | None = None
    at: object = value[0] if isinstance(value, list) and value else value
    for _ in range(MAX_DEPTH):
        if not isinstance(at, dict):
            break
        code = code or _word(at.get("code"))
        kind = kind or _word(at.get("type"))
        for name in ("code", "status", "status_code", "raw_status_code"):
            status = status or _status(at.get(name))
        if not isinstance(at.get("error"), dict) and isinstance(at.get("error"), str) and "message" in at:
            code = code or _word(at["error"])
        at = at.get("error") if isinstance(at.get("error"), dict) else at.get("message")
    return Said(text, code, kind, status)


def _printable(text: str) -> str:
    """The beginning of a raw reply as it is kept: no addresses of people, no half characters."""
    return _IP.sub("…", _SURROGATE.sub("\ufffd", text[: 2 * MAX_RAW].replace("\0", "")))[:MAX_RAW]


def plain(text: str) -> str:
    """`text` as one line without anything invisible, at most 500 characters."""
    text = " ".join(_UNPRINTABLE.sub(" ", text).split())
    return text if len(text) <= MAX_SERVER_TEXT else f"{text[: MAX_SERVER_TEXT - 1]}…"


def _classified(status: int, said: Said, details: ErrorDetails) -> ChatError:
    words = f"{said.code} {said.kind} {said.text}"
    match status:
        case _ if status < 400:
            return UnknownAnswer(details)
        case 402:
            return NoCredit(details)
        case 429 if "insufficient_quota" in {said.code, said.kind} or _NO_CREDIT.search(said.text):
            return NoCredit(details)
        case 429:
            return RateLimited(details)
    if _TOO_LONG.search(words):
        return TooLong(details)
    if status == 401 or (status < 500 and (said.code == "invalid_api_key" or _WRONG_KEY.search(said.text))):
        return KeyRejected(details)
    match status:
        case 400 | 404 | 422 if details.target and (
            _NO_MODEL.search(words) or _names_model(status, said, details)
        ):
            return ModelNotFound(details)
        case 403:
            return NotAllowed(details)
        case 404 | 405 | 410 | 501:
            return AddressNotFound(details)
        case 413:
            return TooLarge(details)
        case _ if status >= 500 or status in {408, 409, 425}:
            return ServerProblem(details)
        case _:
            return RequestRejected(details)


def _names_model(status: int, said: Said, details: ErrorDetails) -> bool:
    return status == 404 and len(details.target) > 2 and details.target in said.text


def _sentence(value: object, depth: int) -> str:
    """error → message → detail → msg …, into whichever of them holds words (wire.md Q45, Q46)."""
    if depth > MAX_DEPTH:
        return ""
    match value:
        case str():
            inner = first_value(value) if value.lstrip()[:1] in {"{", "["} else None
            return (_sentence(inner, depth + 1) if isinstance(inner, dict | list) else "") or plain(value)
        case list():
            said = (_sentence(one, depth + 1) for one in value[:5])
            return plain("; ".join(one for one in said if one))
        case {"loc": list(where), "msg": str(message)}:
            return plain(f"{'.'.join(str(one) for one in where)}: {message}")
        case dict():
            return _sentence_of_object(value, depth)
        case _:
            return ""


def _sentence_of_object(value: Mapping[str, Any], depth: int) -> str:
    raw = value.get("metadata")
    if isinstance(raw, dict) and (said := _sentence(raw.get("raw"), depth + 1)):
        return said
    names = ["error", "message", "detail", "msg", "error_description", "errors", "title", "html-message"]
    if isinstance(value.get("error"), str) and isinstance(value.get("message"), str):
        names.remove("error")  # then `error` is only a code
    for name in names:
        if said := _sentence(value.get(name), depth + 1):
            return said
    return ""


def _page_title(text: str) -> str:
    # No regular expression: a hostile page could make one slow.
    lower = text[: 64 * 1024].lower()
    begin = lower.find(">", lower.find("<title")) + 1
    end = lower.find("</title", begin)
    if "<title" not in lower or not 0 < begin <= end:
        return ""
    return _IP.sub("…", plain(html.unescape(_TAG.sub(" ", text[begin:end]))))


def _without_tags(text: str) -> str:
    return plain(html.unescape(_TAG.sub(" ", _HIDDEN.sub(" ", text[: 64 * 1024]))))


def _word(value: object) -> str:
    return plain(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _status(value: object) -> int | None:
    if isinstance(value, str) and re.fullmatch(r"[45]\d\d", value):
        return int(value)
    return value if isinstance(value, int) and 400 <= value < 600 else None
