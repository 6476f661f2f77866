"""What can go wrong on the way to an answer: one exception tree whose members survive a restart as data.

`str(error)` is a plain English sentence, for the terminal and the log of what happened. The window
translates by `code` and `details` and adds the action that helps; nothing here knows about windows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

MAX_SERVER_TEXT = 500  # characters of the server's own words that are shown (safety.md §6)
MAX_RAW = 4096  # characters of the raw reply kept for Details (wire.md Q47)


@dataclass(frozen=True, slots=True)
class ErrorDetails:
    """What is known about one failure.

    `host` names whom we talked to (never a whole URL, it could carry a secret). `reason` is a short
    technical word for what the network said. `server_text` is the server's own sentence, plain text,
    `raw` its redacted reply. `retry_after` is in seconds. `charged` says that a request was sent whole
    and may have been answered and billed. `should_retry` is what the server itself said of trying again.
    `target` is where a redirect led, the model that wasn't found, or what else the error is about.
    """

    host: str = ""
    endpoint: str = ""
    status: int | None = None
    server_code: str = ""
    server_text: str = ""
    raw: str = ""
    reason: str = ""
    target: str = ""
    retry_after: float | None = None
    charged: bool = False
    should_retry: bool | None = None

    @property
    def name(self) -> str:
        """Whom to name in a sentence: the endpoint's own name, else its host."""
        return self.endpoint or self.host or "the server"


class ChatError(Exception):
    """Anything that ended, or kept from starting, an answer. Subclasses give `code` and the sentence."""

    code: ClassVar[str] = "unknown"
    sentence: ClassVar[str] = "Something went wrong."

    def __init__(self, details: ErrorDetails | None = None) -> None:
        self.details = details or ErrorDetails()
        super().__init__(self.code)

    def __str__(self) -> str:
        """One sentence, with the server's own words behind it where it gave any."""
        details = self.details
        text = self.sentence.format(
            name=details.name,
            host=details.host or "the server",
            reason=details.reason or "no reason given",
            target=details.target or "(not named)",
            status=details.status or "unknown",
        )
        if text.startswith("the "):
            text = f"T{text[1:]}"
        if details.server_text:
            text = f"{text} It said: {details.server_text}"
        return text

    def __repr__(self) -> str:
        return f"{type(self).__name__}(status={self.details.status}, host={self.details.host!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ChatError) and type(other) is type(self) and other.details == self.details

    def __hash__(self) -> int:
        return hash((type(self), self.details))

    def to_data(self) -> dict[str, Any]:
        """The error as a JSON object; `error_from_data` is its inverse."""
        details = self.details
        return {
            "code": self.code,
            "host": details.host,
            "endpoint": details.endpoint,
            "status": details.status,
            "server_code": details.server_code,
            "server_text": details.server_text,
            "raw": details.raw,
            "reason": details.reason,
            "target": details.target,
            "retry_after": details.retry_after,
            "charged": details.charged,
            "should_retry": details.should_retry,
        }


class BadAddress(ChatError):
    """The base URL can't be one; `reason` says why."""

    code = "bad_address"
    sentence = "This is not an address that Sirocco can use: {reason}."


class BadKey(ChatError):
    """The key holds characters that no key has; it was not sent (wire.md Q74)."""

    code = "bad_key"
    sentence = "The API key holds characters that a key can't have. Copy it again, alone."


class KeyNeeded(ChatError):
    """There is no key for this origin, or the keyring would not give it; `reason` is empty or says so."""

    code = "key_needed"
    sentence = "{name} needs an API key, and none is stored for this address."


class KeyRejected(ChatError):
    """401: the server doesn't know the key."""

    code = "key_rejected"
    sentence = "{name} did not accept your key."


class NoCredit(ChatError):
    """402, or a quota that waiting doesn't refill (wire.md Q51)."""

    code = "no_credit"
    sentence = "Your account at {name} has no credit left."


class NotAllowed(ChatError):
    """403: the key may not use this model, or a gateway refuses."""

    code = "not_allowed"
    sentence = "{name} does not allow this with your key."


class ModelNotFound(ChatError):
    """404, or 400, about the model; `target` is the model."""

    code = "model_not_found"
    sentence = "{name} does not offer the model {target}."


class AddressNotFound(ChatError):
    """404 or 405 about the address itself."""

    code = "address_not_found"
    sentence = "There is no chat API at this address of {host}."


class TooLong(ChatError):
    """The conversation doesn't fit the model's context (wire.md Q55)."""

    code = "too_long"
    sentence = "This chat is too long for the model."


class TooLarge(ChatError):
    """413: the request as such is too large."""

    code = "too_large"
    sentence = "The message is too large for {name}."


class RequestRejected(ChatError):
    """400 or 422 about something in the request that we can't drop."""

    code = "request_rejected"
    sentence = "{name} did not accept the request."


class RateLimited(ChatError):
    """429 that passes; `retry_after` in seconds where the server said."""

    code = "rate_limited"
    sentence = "{name} asks for a pause: too many requests right now."


class ServerProblem(ChatError):
    """5xx: the server, or what stands before it, has a problem of its own."""

    code = "server_problem"
    sentence = "{name} has a problem of its own (status {status})."


class NoConnection(ChatError):
    """No connection to the host: name not found, refused, no route, offline. `reason` says which."""

    code = "no_connection"
    sentence = "No connection to {host}: {reason}."


class ProxyProblem(ChatError):
    """The proxy is down, refuses, or is written wrongly; `target` is the proxy's host."""

    code = "proxy_problem"
    sentence = "The proxy {target} did not let the request through: {reason}."


class CertificateProblem(ChatError):
    """TLS failed: nothing of the request was sent."""

    code = "certificate_problem"
    sentence = "The identity of {host} could not be checked: {reason}."


class RedirectRefused(ChatError):
    """The server redirects elsewhere; `target` is the host, which received nothing (wire.md Q68)."""

    code = "redirect_refused"
    sentence = "{host} redirects to {target}. Nothing was sent there."


class NotAnApi(ChatError):
    """A web page came back instead of an answer: a wrong address, or a network's login page."""

    code = "not_an_api"
    sentence = "{host} answered with a web page, not with an answer of a chat API."


class UnknownAnswer(ChatError):
    """A reply that is neither an event stream, nor a completion, nor an error."""

    code = "unknown_answer"
    sentence = "{name} answered in a way that Sirocco does not understand."


class EmptyAnswer(ChatError):
    """A reply that ended well and held nothing (wire.md Q24)."""

    code = "empty_answer"
    sentence = "{name} sent an empty answer."


class StreamFailed(ChatError):
    """The server reported an error inside the stream (wire.md Q49); the text so far is kept."""

    code = "stream_failed"
    sentence = "{name} stopped with an error in mid-answer."


class ConnectionLost(ChatError):
    """The stream broke off without a finish: the reply is interrupted, its text is kept."""

    code = "connection_lost"
    sentence = "The connection to {host} was lost before the answer was finished."


class TimedOut(ChatError):
    """Nothing came for too long; `reason` names the stage: send, first, idle."""

    code = "timed_out"
    sentence = "{name} did not answer in time."


class AnswerTooLarge(ChatError):
    """A limit of wire.md's head was passed; the text so far is kept. `reason` names the limit."""

    code = "answer_too_large"
    sentence = "The answer of {name} was stopped: {reason}."


class CannotSave(ChatError):
    """The message couldn't be stored, so it was not sent; `reason` says why."""

    code = "cannot_save"
    sentence = "Your message could not be saved: {reason}."


class UnexpectedError(ChatError):
    """A fault of our own; what it was is in the log."""

    code = "unexpected"
    sentence = "Sirocco met a fault of its own: {reason}."


ERRORS: Mapping[str, type[ChatError]] = {
    error.code: error
    for error in (
        BadAddress,
        BadKey,
        KeyNeeded,
        KeyRejected,
        NoCredit,
        NotAllowed,
        ModelNotFound,
        AddressNotFound,
        TooLong,
        TooLarge,
        RequestRejected,
        RateLimited,
        ServerProblem,
        NoConnection,
        ProxyProblem,
        CertificateProblem,
        RedirectRefused,
        NotAnApi,
        UnknownAnswer,
        EmptyAnswer,
        StreamFailed,
        ConnectionLost,
        TimedOut,
        AnswerTooLarge,
        CannotSave,
        UnexpectedError,
    )
}


def error_from_data(data: Mapping[str, Any]) -> ChatError:
    """Read what `ChatError.to_data` wrote; an unknown code becomes a plain `ChatError`."""

    def text(name: str) -> str:
        value = data.get(name)
        return value if isinstance(value, str) else ""

    status = data.get("status")
    retry_after = data.get("retry_after")
    should_retry = data.get("should_retry")
    return ERRORS.get(text("code"), ChatError)(
        ErrorDetails(
            host=text("host"),
            endpoint=text("endpoint"),
            status=status if isinstance(status, int) else None,
            server_code=text("server_code"),
            server_text=text("server_text"),
            raw=text("raw"),
            reason=text("reason"),
            target=text("target"),
            retry_after=float(retry_after) if isinstance(retry_after, int | float) else None,
            charged=data.get("charged") is True,
            should_retry=should_retry if isinstance(should_retry, bool) else None,
        )
    )
