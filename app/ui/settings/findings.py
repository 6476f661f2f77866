"""What a test of a connection found, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.chat.connections import other_preset
from app.core.errors import (
    AddressNotFound,
    CertificateProblem,
    ChatError,
    ConnectionLost,
    KeyNeeded,
    KeyRejected,
    ModelNotFound,
    NoConnection,
    NotAllowed,
    NotAnApi,
    TimedOut,
)
from app.core.provider import Preset, host_of
from app.ui.settings.result_line import Outcome

if TYPE_CHECKING:
    from app.api.client import ConnectionReport


@dataclass(frozen=True, slots=True)
class Finding:
    """A test's result as it is shown. `offer` is the other Mistral address, where it is worth a try.
    `is_refusal` says that the server answered and wants another key.
    """

    outcome: Outcome
    title: str
    text: str
    offer: Preset | None = None
    is_refusal: bool = False


def finding_of(report: ConnectionReport, base_url: str) -> Finding:
    """Say what `report` means for a person who wants to use `base_url`."""
    error = report.error
    if report.ok or error is None:
        return Finding(Outcome.GOOD, _tr("Connected."), _in_numbers(report))
    match error:
        case KeyRejected():
            title = _tr("This key was not accepted.")
            text = _tr("Check that you copied all of it, or create a new key and paste it here.")
        case KeyNeeded():
            title, text = _tr("This endpoint needs a key."), _tr("Paste it here, then test again.")
        case NotAllowed():
            title = _tr("This key is not allowed to do that.")
            text = _tr("Ask its owner, or use another key.")
        case ModelNotFound():
            title = _tr("The address works, the model is not offered.")
            text = _tr("Choose another default model.")
        case AddressNotFound() | NotAnApi():
            title = _tr("There is no chat API at this address.")
            text = _tr("Check the base URL.")
        case NoConnection() if error.details.reason == "offline":
            title, text = _tr("You are offline."), _tr("Test again when you are connected.")
        case NoConnection():
            title = _tr("No connection to {host}.").format(host=host_of(base_url))
            text = _sentence(error.details.reason)
        case TimedOut():
            title = _tr("{host} did not answer in time.").format(host=host_of(base_url))
            text = _tr("Check the base URL and your connection.")
        case CertificateProblem():
            title = _tr("The identity of {host} could not be checked.").format(host=host_of(base_url))
            text = " ".join(filter(None, (_tr("Nothing was sent."), _sentence(error.details.reason))))
        case _:
            title, text = _tr("The test failed."), str(error)
    words = error.details.server_text
    if words and words not in text and not isinstance(error, KeyRejected | KeyNeeded):
        text = " ".join(filter(None, (text, _tr("It said: {words}").format(words=words))))
    return Finding(
        Outcome.BAD,
        title,
        text,
        offer=other_preset(base_url) if _is_worth_another(error) else None,
        is_refusal=isinstance(error, KeyRejected | KeyNeeded),
    )


def _is_worth_another(error: ChatError) -> bool:
    return isinstance(
        error,
        KeyRejected
        | NoConnection
        | TimedOut
        | CertificateProblem
        | ConnectionLost
        | AddressNotFound
        | NotAnApi,
    )


def _in_numbers(report: ConnectionReport) -> str:
    chat = sum(card.chats for card in report.models)
    speed = _tr("It answered in {count} ms.").format(count=round(report.milliseconds))
    if not chat:
        return speed
    models = (
        _tr("One chat model is ready.")
        if chat == 1
        else _tr("{count} chat models are ready.").format(count=chat)
    )
    return f"{models} {speed}"


def _sentence(reason: str) -> str:
    """A reason of a few words as a sentence."""
    reason = reason.strip().rstrip(".")
    return f"{reason[:1].upper()}{reason[1:]}." if reason else ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Finding", text)
