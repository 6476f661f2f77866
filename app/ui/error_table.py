"""The sentences, the icon, the colours and the actions of each error, by its code."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
class Entry:
    """One error of the table; the sentences are still to be translated and filled in."""

    title: str
    text: str
    icon: str
    family: Family
    actions: tuple[ErrorActionKind, ...]


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:
    """Mark `text` for lupdate, which looks for this name; the one of PySide6 is typed as giving an object."""
    return text


_SETTINGS = ErrorActionKind.OPEN_SETTINGS
AGAIN = ErrorActionKind.TRY_AGAIN
_MODEL = ErrorActionKind.CHOOSE_MODEL

TABLE: dict[str, Entry] = {
    "bad_address": Entry(
        QT_TRANSLATE_NOOP("ErrorText", "This address can’t be used"),
        QT_TRANSLATE_NOOP("ErrorText", "The reason: {reason}. Correct the base URL in the settings."),
        "plug",
        Family.DANGER,
        (_SETTINGS, AGAIN),
    ),
    "bad_key": Entry(
        QT_TRANSLATE_NOOP("ErrorText", "This API key can’t be one"),
        QT_TRANSLATE_NOOP(
            "ErrorText", "It holds characters that no key has, so it was not sent. Copy the key again, alone."
        ),
        "key",
        Family.DANGER,
        (_SETTINGS, AGAIN),
    ),
    "key_needed": Entry(
        QT_TRANSLATE_NOOP("ErrorText", "{name} needs an API key"),
        QT_TRANSLATE_NOOP("ErrorText", "Your message is kept. Enter a key, then try again."),
        "key",
        Family.DANGER,
        (_SETTINGS, AGAIN),
    ),
    "key_rejected": Entry(
        QT_TRANSLATE_NOOP("ErrorText", "{name} did not accept your key"),
        QT_TRANSLATE_NOOP("ErrorText", "Your message is kept. Enter a valid key, then try again."),
        "key",
        Family.DANGER,
        (_SETTINGS, AGAIN),
    ),
    "no_credit": Entry(
        QT_TRANSLATE_NOOP("ErrorText", "Your account has no credit left"),
        QT_TRANSLATE_NOOP(
            "ErrorText", "Add credit for your account at {name}, then try again. Your message is kept."
        ),
        "token",
        Family.DANGER,
        (AGAIN, _MODEL),
    ),
    "not_allowed": Entry(
        QT_TRANSLATE_NOOP("ErrorText", "Your key may not use this model"),
        QT_TRANSLATE_NOOP(
            "ErrorText", "Choose another model, or ask the owner of the key. Your message is kept."
        ),
        "lock",
        Family.DANGER,
        (_MODEL, AGAIN),
    ),
    "model_not_found": Entry(
        QT_TRANSLATE_NOOP("ErrorText", "This model is not offered"),
        QT_TRANSLATE_NOOP("ErrorText", "{name} does not know {target}. Your message is kept."),
        "model",
        Family.DANGER,
        (_MODEL, AGAIN),
    ),
    "address_not_found": Entry(
        QT_TRANSLATE_NOOP("ErrorText", "There is no chat API at this address"),
        QT_TRANSLATE_NOOP("ErrorText", "{host} answered, but not as a chat API does. Check the base URL."),
        "plug",
        Family.DANGER,
        (_SETTINGS, AGAIN),
    ),
    "too_long": Entry(
        QT_TRANSLATE_NOOP("ErrorText", "This is too long for {target}"),
        QT_TRANSLATE_NOOP(
            "ErrorText", "Your message is kept. Choose a model that reads more, or start a new chat."
        ),
        "warning",
        Family.DANGER,
        (_MODEL, AGAIN),
    ),
    "too_large": Entry(
        QT_TRANSLATE_NOOP("ErrorText", "This message is too large for {name}"),
        QT_TRANSLATE_NOOP("ErrorText", "Your message is kept. Send it in smaller pieces."),
        "warning",
        Family.DANGER,
        (_MODEL, AGAIN),
    ),
    "request_rejected": Entry(
        QT_TRANSLATE_NOOP("ErrorText", "{name} did not accept the request"),
        QT_TRANSLATE_NOOP("ErrorText", "Your message is kept. Another model may take it."),
        "error",
        Family.DANGER,
        (_MODEL, AGAIN),
    ),
    "rate_limited": Entry(
        QT_TRANSLATE_NOOP("ErrorText", "Too many requests right now"),
        QT_TRANSLATE_NOOP("ErrorText", "{name} asked for a short pause. Your message is kept."),
        "clock",
        Family.WARNING,
        (AGAIN, _MODEL),
    ),
    "server_problem": Entry(
        QT_TRANSLATE_NOOP("ErrorText", "{name} has a problem"),
        QT_TRANSLATE_NOOP("ErrorText", "This is not your fault and usually passes. Your message is kept."),
        "server",
        Family.WARNING,
        (AGAIN, _MODEL),
    ),
    "no_connection": Entry(
        QT_TRANSLATE_NOOP("ErrorText", "No connection to {host}"),
        QT_TRANSLATE_NOOP("ErrorText", "The reason: {reason}. Your message is kept."),
        "offline",
        Family.NEUTRAL,
        (AGAIN,),
    ),
    "offline": Entry(
        QT_TRANSLATE_NOOP("ErrorText", "You are offline"),
        QT_TRANSLATE_NOOP(
            "ErrorText", "Your message goes out as soon as you are connected again, while Sirocco is open."
        ),
        "offline",
        Family.NEUTRAL,
        (AGAIN,),
    ),
    "proxy_problem": Entry(
        QT_TRANSLATE_NOOP("ErrorText", "The proxy did not let this through"),
        QT_TRANSLATE_NOOP("ErrorText", "The proxy is {target}: {reason}. Your message is kept."),
        "plug",
        Family.WARNING,
        (AGAIN,),
    ),
    "certificate_problem": Entry(
        QT_TRANSLATE_NOOP("ErrorText", "The identity of {host} could not be checked"),
        QT_TRANSLATE_NOOP("ErrorText", "Nothing was sent. The reason: {reason}."),
        "shield",
        Family.DANGER,
        (AGAIN, _SETTINGS),
    ),
    "redirect_refused": Entry(
        QT_TRANSLATE_NOOP("ErrorText", "{host} redirects to {target}"),
        QT_TRANSLATE_NOOP(
            "ErrorText", "Nothing was sent there. If you trust that address, enter it in the settings."
        ),
        "external",
        Family.WARNING,
        (_SETTINGS, AGAIN),
    ),
    "not_an_api": Entry(
        QT_TRANSLATE_NOOP("ErrorText", "{host} answered with a web page"),
        QT_TRANSLATE_NOOP(
            "ErrorText", "The base URL may be wrong, or this network wants you to log in first."
        ),
        "plug",
        Family.WARNING,
        (AGAIN, _SETTINGS),
    ),
    "unknown_answer": Entry(
        QT_TRANSLATE_NOOP("ErrorText", "{name} answered in an unknown way"),
        QT_TRANSLATE_NOOP("ErrorText", "Your message is kept. Check the base URL, or try again."),
        "error",
        Family.WARNING,
        (AGAIN, _SETTINGS),
    ),
    "empty_answer": Entry(
        QT_TRANSLATE_NOOP("ErrorText", "{name} sent an empty answer"),
        QT_TRANSLATE_NOOP(
            "ErrorText", "Your message is kept. It may be too long for the model, or a passing problem."
        ),
        "warning",
        Family.WARNING,
        (AGAIN, _MODEL),
    ),
    "stream_failed": Entry(
        QT_TRANSLATE_NOOP("ErrorText", "{name} stopped in mid-answer"),
        QT_TRANSLATE_NOOP("ErrorText", "It reported an error. What had arrived is saved."),
        "server",
        Family.WARNING,
        (AGAIN, _MODEL),
    ),
    "connection_lost": Entry(
        QT_TRANSLATE_NOOP("ErrorText", "Connection lost"),
        QT_TRANSLATE_NOOP("ErrorText", "The answer is not complete. What had arrived is saved."),
        "plug",
        Family.WARNING,
        (AGAIN,),
    ),
    "timed_out": Entry(
        QT_TRANSLATE_NOOP("ErrorText", "{name} did not answer in time"),
        QT_TRANSLATE_NOOP("ErrorText", "Your message and what had arrived are saved."),
        "clock",
        Family.WARNING,
        (AGAIN, _MODEL),
    ),
    "answer_too_large": Entry(
        QT_TRANSLATE_NOOP("ErrorText", "The answer was stopped"),
        QT_TRANSLATE_NOOP("ErrorText", "The reason: {reason}. What had arrived is saved."),
        "warning",
        Family.WARNING,
        (AGAIN,),
    ),
    "cannot_save": Entry(
        QT_TRANSLATE_NOOP("ErrorText", "Your message could not be saved"),
        QT_TRANSLATE_NOOP("ErrorText", "The reason: {reason}. Copy what you want to keep, then try again."),
        "warning",
        Family.DANGER,
        (AGAIN,),
    ),
    "unexpected": Entry(
        QT_TRANSLATE_NOOP("ErrorText", "Sirocco met a fault of its own"),
        QT_TRANSLATE_NOOP("ErrorText", "Your message is kept. What happened is in the log."),
        "error",
        Family.DANGER,
        (AGAIN,),
    ),
    "unknown": Entry(
        QT_TRANSLATE_NOOP("ErrorText", "Something went wrong"),
        QT_TRANSLATE_NOOP("ErrorText", "Your message is kept."),
        "error",
        Family.DANGER,
        (AGAIN,),
    ),
}
