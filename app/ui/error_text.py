"""An error in words: the sentences, the buttons and the details that a person is shown."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.core.errors import ChatError
from app.ui.error_table import AGAIN, TABLE, Entry, ErrorActionKind, Family

CONTEXT = "ErrorText"


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


def error_text(error: ChatError, retry_in: float | None = None) -> ErrorText:
    """Say `error` to a person. `retry_in` is the seconds until it is tried again, None where it isn't.

    The countdown is in the label of the action RETRY_NOW; ask again each second for the next figure.
    """
    details = error.details
    entry = TABLE.get(_row(error), TABLE["unknown"])
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


def _actions(entry: Entry, retry_in: float | None, opened: str) -> tuple[ErrorAction, ...]:
    actions: list[ErrorAction] = []
    if retry_in is None:
        for number, kind in enumerate(entry.actions):
            # Only settings and model are a fix; trying again is never the one primary button (mock-up 07a).
            actions.append(_action(kind, is_fix=number == 0 and kind is not AGAIN))
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
