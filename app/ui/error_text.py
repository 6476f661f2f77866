"""The one table from an error's code to the sentences, the icon and the actions that a person is shown."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from app.core.errors import ChatError

CONTEXT = "ErrorText"


class Family(StrEnum):
    """Which colours an alert has: its fill, its line and its title (SPEC §2.1)."""

    DANGER = "danger"
    WARNING = "warning"
    NEUTRAL = "neutral"


class ErrorActionKind(StrEnum):
    """What a person can do about an error; who shows the alert connects each kind."""

    OPEN_SETTINGS = "open_settings"
    TRY_AGAIN = "try_again"
    RETRY_NOW = "retry_now"  # while a retry is planned: do it at once
    CANCEL = "cancel"  # while a retry is planned: don't
    CHOOSE_MODEL = "choose_model"
    DETAILS = "details"


@dataclass(frozen=True, slots=True)
class ErrorAction:
    """One button of an alert. `icon` is the name of an icon, or empty; at most one action is primary."""

    kind: ErrorActionKind
    label: str
    icon: str = ""
    is_primary: bool = False


@dataclass(frozen=True, slots=True)
class ErrorText:
    """An error as it is shown: all plain text. `details` is what the Details button opens, or empty."""

    title: str
    text: str
    icon: str
    family: Family
    actions: tuple[ErrorAction, ...]
    details: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    title: str
    text: str
    icon: str
    family: Family
    actions: tuple[ErrorActionKind, ...]


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:
    """Mark `text` for lupdate, which looks for this name; the one of PySide6 is typed as giving an object."""
    return text


_SETTINGS = ErrorActionKind.OPEN_SETTINGS
_AGAIN = ErrorActionKind.TRY_AGAIN
_MODEL = ErrorActionKind.CHOOSE_MODEL

_TABLE: dict[str, _Entry] = {
    "bad_address": _Entry(
        QT_TRANSLATE_NOOP("ErrorText", "This address can’t be used"),
        QT_TRANSLATE_NOOP("ErrorText", "The reason: {reason}. Correct the base URL in the settings."),
        "plug",
        Family.DANGER,
        (_SETTINGS, _AGAIN),
    ),
    "bad_key": _Entry(
        QT_TRANSLATE_NOOP("ErrorText", "This API key can’t be one"),
        QT_TRANSLATE_NOOP(
            "ErrorText", "It holds characters that no key has, so it was not sent. Copy the key again, alone."
        ),
        "key",
        Family.DANGER,
        (_SETTINGS, _AGAIN),
    ),
    "key_needed": _Entry(
        QT_TRANSLATE_NOOP("ErrorText", "{name} needs an API key"),
        QT_TRANSLATE_NOOP("ErrorText", "Your message is kept. Enter a key, then try again."),
        "key",
        Family.DANGER,
        (_SETTINGS, _AGAIN),
    ),
    "key_rejected": _Entry(
        QT_TRANSLATE_NOOP("ErrorText", "{name} did not accept your key"),
        QT_TRANSLATE_NOOP("ErrorText", "Your message is kept. Enter a valid key, then try again."),
        "key",
        Family.DANGER,
        (_SETTINGS, _AGAIN),
    ),
    "no_credit": _Entry(
        QT_TRANSLATE_NOOP("ErrorText", "Your account has no credit left"),
        QT_TRANSLATE_NOOP(
            "ErrorText", "Add credit for your account at {name}, then try again. Your message is kept."
        ),
        "token",
        Family.DANGER,
        (_AGAIN, _MODEL),
    ),
    "not_allowed": _Entry(
        QT_TRANSLATE_NOOP("ErrorText", "Your key may not use this model"),
        QT_TRANSLATE_NOOP(
            "ErrorText", "Choose another model, or ask the owner of the key. Your message is kept."
        ),
        "lock",
        Family.DANGER,
        (_MODEL, _AGAIN),
    ),
    "model_not_found": _Entry(
        QT_TRANSLATE_NOOP("ErrorText", "This model is not offered"),
        QT_TRANSLATE_NOOP("ErrorText", "{name} does not know {target}. Your message is kept."),
        "model",
        Family.DANGER,
        (_MODEL, _AGAIN),
    ),
    "address_not_found": _Entry(
        QT_TRANSLATE_NOOP("ErrorText", "There is no chat API at this address"),
        QT_TRANSLATE_NOOP("ErrorText", "{host} answered, but not as a chat API does. Check the base URL."),
        "plug",
        Family.DANGER,
        (_SETTINGS, _AGAIN),
    ),
    "too_long": _Entry(
        QT_TRANSLATE_NOOP("ErrorText", "This is too long for {target}"),
        QT_TRANSLATE_NOOP(
            "ErrorText", "Your message is kept. Choose a model that reads more, or start a new chat."
        ),
        "warning",
        Family.DANGER,
        (_MODEL, _AGAIN),
    ),
    "too_large": _Entry(
        QT_TRANSLATE_NOOP("ErrorText", "This message is too large for {name}"),
        QT_TRANSLATE_NOOP("ErrorText", "Your message is kept. Send it in smaller pieces."),
        "warning",
        Family.DANGER,
        (_MODEL, _AGAIN),
    ),
    "request_rejected": _Entry(
        QT_TRANSLATE_NOOP("ErrorText", "{name} did not accept the request"),
        QT_TRANSLATE_NOOP("ErrorText", "Your message is kept. Another model may take it."),
        "error",
        Family.DANGER,
        (_MODEL, _AGAIN),
    ),
    "rate_limited": _Entry(
        QT_TRANSLATE_NOOP("ErrorText", "Too many requests right now"),
        QT_TRANSLATE_NOOP("ErrorText", "{name} asked for a short pause. Your message is kept."),
        "clock",
        Family.WARNING,
        (_AGAIN, _MODEL),
    ),
    "server_problem": _Entry(
        QT_TRANSLATE_NOOP("ErrorText", "{name} has a problem"),
        QT_TRANSLATE_NOOP("ErrorText", "This is not your fault and usually passes. Your message is kept."),
        "server",
        Family.WARNING,
        (_AGAIN, _MODEL),
    ),
    "no_connection": _Entry(
        QT_TRANSLATE_NOOP("ErrorText", "No connection to {host}"),
        QT_TRANSLATE_NOOP("ErrorText", "The reason: {reason}. Your message is kept."),
        "offline",
        Family.NEUTRAL,
        (_AGAIN,),
    ),
    "offline": _Entry(
        QT_TRANSLATE_NOOP("ErrorText", "You are offline"),
        QT_TRANSLATE_NOOP(
            "ErrorText", "Your message goes out as soon as you are connected again, while Sirocco is open."
        ),
        "offline",
        Family.NEUTRAL,
        (_AGAIN,),
    ),
    "proxy_problem": _Entry(
        QT_TRANSLATE_NOOP("ErrorText", "The proxy did not let this through"),
        QT_TRANSLATE_NOOP("ErrorText", "The proxy is {target}: {reason}. Your message is kept."),
        "plug",
        Family.WARNING,
        (_AGAIN,),
    ),
    "certificate_problem": _Entry(
        QT_TRANSLATE_NOOP("ErrorText", "The identity of {host} could not be checked"),
        QT_TRANSLATE_NOOP("ErrorText", "Nothing was sent. The reason: {reason}."),
        "shield",
        Family.DANGER,
        (_AGAIN, _SETTINGS),
    ),
    "redirect_refused": _Entry(
        QT_TRANSLATE_NOOP("ErrorText", "{host} redirects to {target}"),
        QT_TRANSLATE_NOOP(
            "ErrorText", "Nothing was sent there. If you trust that address, enter it in the settings."
        ),
        "external",
        Family.WARNING,
        (_SETTINGS, _AGAIN),
    ),
    "not_an_api": _Entry(
        QT_TRANSLATE_NOOP("ErrorText", "{host} answered with a web page"),
        QT_TRANSLATE_NOOP(
            "ErrorText", "The base URL may be wrong, or this network wants you to log in first."
        ),
        "plug",
        Family.WARNING,
        (_AGAIN, _SETTINGS),
    ),
    "unknown_answer": _Entry(
        QT_TRANSLATE_NOOP("ErrorText", "{name} answered in an unknown way"),
        QT_TRANSLATE_NOOP("ErrorText", "Your message is kept. Check the base URL, or try again."),
        "error",
        Family.WARNING,
        (_AGAIN, _SETTINGS),
    ),
    "empty_answer": _Entry(
        QT_TRANSLATE_NOOP("ErrorText", "{name} sent an empty answer"),
        QT_TRANSLATE_NOOP(
            "ErrorText", "Your message is kept. It may be too long for the model, or a passing problem."
        ),
        "warning",
        Family.WARNING,
        (_AGAIN, _MODEL),
    ),
    "stream_failed": _Entry(
        QT_TRANSLATE_NOOP("ErrorText", "{name} stopped in mid-answer"),
        QT_TRANSLATE_NOOP("ErrorText", "It reported an error. What had arrived is saved."),
        "server",
        Family.WARNING,
        (_AGAIN, _MODEL),
    ),
    "connection_lost": _Entry(
        QT_TRANSLATE_NOOP("ErrorText", "Connection lost"),
        QT_TRANSLATE_NOOP("ErrorText", "The answer is not complete. What had arrived is saved."),
        "plug",
        Family.WARNING,
        (_AGAIN,),
    ),
    "timed_out": _Entry(
        QT_TRANSLATE_NOOP("ErrorText", "{name} did not answer in time"),
        QT_TRANSLATE_NOOP("ErrorText", "Your message and what had arrived are saved."),
        "clock",
        Family.WARNING,
        (_AGAIN, _MODEL),
    ),
    "answer_too_large": _Entry(
        QT_TRANSLATE_NOOP("ErrorText", "The answer was stopped"),
        QT_TRANSLATE_NOOP("ErrorText", "The reason: {reason}. What had arrived is saved."),
        "warning",
        Family.WARNING,
        (_AGAIN,),
    ),
    "cannot_save": _Entry(
        QT_TRANSLATE_NOOP("ErrorText", "Your message could not be saved"),
        QT_TRANSLATE_NOOP("ErrorText", "The reason: {reason}. Copy what you want to keep, then try again."),
        "warning",
        Family.DANGER,
        (_AGAIN,),
    ),
    "unexpected": _Entry(
        QT_TRANSLATE_NOOP("ErrorText", "Sirocco met a fault of its own"),
        QT_TRANSLATE_NOOP("ErrorText", "Your message is kept. What happened is in the log."),
        "error",
        Family.DANGER,
        (_AGAIN,),
    ),
    "unknown": _Entry(
        QT_TRANSLATE_NOOP("ErrorText", "Something went wrong"),
        QT_TRANSLATE_NOOP("ErrorText", "Your message is kept."),
        "error",
        Family.DANGER,
        (_AGAIN,),
    ),
}


def error_text(error: ChatError, retry_in: float | None = None) -> ErrorText:
    """Say `error` to a person. `retry_in` is the seconds until it is tried again, None where it isn't.

    The countdown is in the label of the action RETRY_NOW; ask again each second for the next figure.
    """
    details = error.details
    entry = _TABLE.get(_row(error), _TABLE["unknown"])
    values = {
        "name": details.endpoint or details.host or _tr("the server"),
        "host": details.host or _tr("the server"),
        "target": details.target or _target_in_words(error),
        "reason": details.reason.rstrip(".") or _tr("none was given"),
    }
    sentences = [_tr(entry.text).format(**values)]
    if error.code == "key_needed" and details.reason:
        sentences.append(_tr("Your keychain says: {reason}.").format(**values))
    if retry_in is not None:
        sentences.append(_tr("Sirocco tries again by itself."))
    if details.charged:
        sentences.append(_tr("The request was sent whole, so it may have been charged."))
    if details.server_text:
        sentences.append(_tr("It said: {words}").format(words=details.server_text))
    text = " ".join(_capital(sentence) for sentence in sentences)
    opened = _details_of(error)
    return ErrorText(
        title=_capital(_tr(entry.title).format(**values)),
        text=text,
        icon=entry.icon,
        family=entry.family,
        actions=_actions(entry, retry_in, opened),
        details=opened,
    )


def _row(error: ChatError) -> str:
    if error.code == "no_connection" and error.details.reason == "offline":
        return "offline"
    return error.code


def _target_in_words(error: ChatError) -> str:
    match error.code:
        case "too_long":
            return _tr("this model")
        case "model_not_found":
            return _tr("the model you chose")
        case _:
            return _tr("another address")


def _actions(entry: _Entry, retry_in: float | None, opened: str) -> tuple[ErrorAction, ...]:
    actions: list[ErrorAction] = []
    if retry_in is None:
        for number, kind in enumerate(entry.actions):
            # Only settings and model are a fix; trying again is never the one primary button (mock-up 07a).
            actions.append(_action(kind, is_fix=number == 0 and kind is not _AGAIN))
    else:
        seconds = max(1, math.ceil(retry_in))
        label = _tr("Retry in {seconds} s").format(seconds=seconds)
        actions.append(ErrorAction(ErrorActionKind.RETRY_NOW, label, "retry"))
        actions.append(ErrorAction(ErrorActionKind.CANCEL, _tr("Cancel")))
    if opened:
        actions.append(ErrorAction(ErrorActionKind.DETAILS, _tr("Details")))
    return tuple(actions)


def _action(kind: ErrorActionKind, *, is_fix: bool) -> ErrorAction:
    match kind:
        case ErrorActionKind.OPEN_SETTINGS:
            return ErrorAction(kind, _tr("Open settings"), "settings", is_fix)
        case ErrorActionKind.CHOOSE_MODEL:
            return ErrorAction(kind, _tr("Choose another model"), "model", is_fix)
        case _:
            return ErrorAction(ErrorActionKind.TRY_AGAIN, _tr("Try again"), "retry", is_fix)


def _details_of(error: ChatError) -> str:
    """What a person who wants to know, or to ask for help, is shown: status, codes, the raw reply."""
    details = error.details
    lines = []
    if details.host:
        lines.append(_tr("Host: {host}").format(host=details.host))
    if details.status is not None:
        lines.append(_tr("HTTP status: {status}").format(status=details.status))
    if details.server_code:
        lines.append(_tr("Code: {code}").format(code=details.server_code))
    if details.raw:
        lines.append("")
        lines.append(details.raw)
    # A host alone tells nothing that the title doesn't.
    return "\n".join(lines) if details.status is not None or details.server_code or details.raw else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _tr(text: str) -> str:
    return QCoreApplication.translate(CONTEXT, text)
