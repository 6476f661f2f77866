"""What the network can do to one request, as a `ChatError`: no exception of httpx or ssl goes further."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import httpx

from app.api.deadlines import Deadlines, Stage
from app.core.errors import (
    AnswerTooLarge,
    BadAddress,
    BadKey,
    CertificateProblem,
    ChatError,
    ConnectionLost,
    ErrorDetails,
    NoConnection,
    ProxyProblem,
    RedirectRefused,
    TimedOut,
    UnknownAnswer,
)
from app.core.provider import host_of

# All that httpx raises for reasons outside this program, and what it lets through from below.
NETWORK_FAULTS = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, EOFError, ValueError)

_UNREACHABLE = {errno.ENETUNREACH, errno.EHOSTUNREACH, 10051, 10065}
_CERTIFICATE_REASONS = {
    9: "its certificate is not valid yet",
    10: "its certificate has expired",
    18: "its certificate is signed by itself alone",
    19: "its certificate is signed by somebody whom this computer does not know",
    20: "its certificate is signed by somebody whom this computer does not know",
    21: "its certificate is signed by somebody whom this computer does not know",
    23: "its certificate was withdrawn",
    62: "its certificate is for another name",
    64: "its certificate is for another address",
}


class Unanswered(httpx.ReadError):
    """The connection ended, and nothing had come back of what was asked."""


class NoHttp(httpx.RemoteProtocolError):
    """What came back is no HTTP."""


class HeadTooLong(httpx.RemoteProtocolError):
    """The head of the reply has no end."""


@dataclass(slots=True)
class Call:
    """One request on its way: what it is about, and what httpx tells of its stages.

    `is_fresh` says that its connection was made for it, `is_in_tunnel` that only a proxy was spoken to,
    `is_sent` that all of the request was written, `has_head` that the head of the reply has come.
    """

    about: ErrorDetails
    deadlines: Deadlines
    proxy: str | None = None
    is_fresh: bool = False
    is_in_tunnel: bool = False
    is_in_tls: bool = False
    is_sent: bool = False
    has_head: bool = False
    _stream: Any = None

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """httpx reports a step; the names are those of its request extension `trace`."""
        match event.partition(".")[2]:
            case "connect_tcp.started":
                self.is_fresh = True
                self.deadlines.note_connecting()
            case "setup_socks5_connection.started":
                self.is_in_tunnel = True
            case "connect_tcp.complete":
                self._stream = info["return_value"]
            case "start_tls.started":
                self.is_in_tls = True
            case "start_tls.complete":
                # To a proxy that itself speaks TLS this is not the last one.
                self.is_in_tls = False
            case "send_request_headers.started":
                # To a proxy CONNECT goes first: the wait for its answer is still part of connecting.
                self.is_in_tunnel = info["request"].method == b"CONNECT"
                if not self.is_in_tunnel:
                    self.is_sent = False
                    self.deadlines.note_sending()
            case "send_request_body.complete" if not self.is_in_tunnel:
                self.is_sent = True
                self.deadlines.note_sent()
            case "receive_response_headers.complete" if not self.is_in_tunnel:
                self.has_head = True

    async def abandon(self) -> None:
        """Close the connection that was being made: httpcore forgets it where a handshake is cancelled."""
        stream, self._stream = self._stream, None
        if stream is not None:
            await stream.aclose()

    def out_of_time(self) -> ChatError:
        """The error that the deadline of the present stage is."""
        match self.deadlines.stage:
            case Stage.CONNECT if self.is_in_tls:
                return CertificateProblem(
                    replace(self.about, reason="it does not finish the secure greeting")
                )
            case Stage.CONNECT if self.proxy:
                return self._proxy_problem("it does not answer")
            case Stage.CONNECT:
                return NoConnection(replace(self.about, reason="it does not answer"))
            case stage:
                return TimedOut(replace(self.about, reason=stage.value, charged=self.is_sent))

    def failed(self, error: BaseException) -> ChatError:
        """The error that an exception from NETWORK_FAULTS is."""
        match error:
            case httpx.ProxyError():
                return self._proxy_problem(_of_proxy(str(error)))
            case _ if self.is_in_tunnel and not self.is_in_tls:
                return self._proxy_problem("it does not answer as a proxy does")
            case httpx.WriteTimeout() | httpx.PoolTimeout() | httpx.ReadTimeout():
                return TimedOut(replace(self.about, reason=Stage.SEND.value))
            case httpx.ConnectError() | httpx.ConnectTimeout():
                return self._no_connection(error)
            case httpx.LocalProtocolError():
                # Only the key could be such a header, and the exception's text would hold it (wire.md Q74).
                return BadKey(self.about)
            case httpx.InvalidURL() | httpx.UnsupportedProtocol() | httpx.RemoteProtocolError() if (
                self.has_head
                and (not isinstance(error, httpx.RemoteProtocolError) or "location" in str(error))
            ):
                # httpx looks at where a redirect leads, though it is told not to follow.
                return RedirectRefused(replace(self.about, target="an address that is none"))
            case httpx.UnsupportedProtocol() | httpx.InvalidURL() | ValueError():
                return BadAddress(replace(self.about, reason="it can't be asked over HTTP"))
            case HeadTooLong() if not self.has_head:
                return AnswerTooLarge(replace(self.about, reason="the head of its reply is too long"))
            case NoHttp() if not self.has_head:
                return UnknownAnswer(replace(self.about, reason="it does not speak HTTP"))
            case _ if not self.is_sent and not self.has_head:
                return self._no_connection(error)
            case _:
                reason = "it broke off" if self.has_head else "it closed the connection without an answer"
                return ConnectionLost(replace(self.about, reason=reason, charged=self.is_sent))

    def _no_connection(self, error: BaseException) -> ChatError:
        causes = tuple(_causes(error))
        tls = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
        if tls is not None or self.is_in_tls:
            return CertificateProblem(replace(self.about, reason=_of_tls(tls)))
        reason = next((found for cause in causes if (found := _of_cause(cause))), "it closed the connection")
        return self._proxy_problem(reason) if self.proxy else NoConnection(replace(self.about, reason=reason))

    def _proxy_problem(self, reason: str) -> ProxyProblem:
        return ProxyProblem(replace(self.about, target=host_of(self.proxy or ""), reason=reason))


def _of_cause(cause: BaseException) -> str:
    match cause:
        case socket.gaierror() if cause.errno == getattr(socket, "EAI_AGAIN", None):
            return "its name can't be looked up right now"
        case socket.gaierror():
            return "there is no such name"
        case ConnectionRefusedError():
            return "nothing answers at this address"
        case OSError(errno=number) if number in _UNREACHABLE:
            # What is unreachable at once is what one sees without any network.
            return "offline"
        case _:
            return ""


def _of_tls(error: ssl.SSLError | None) -> str:
    match error:
        case None:
            return "it broke off the secure greeting"
        case ssl.SSLCertVerificationError():
            return _CERTIFICATE_REASONS.get(
                error.verify_code, error.verify_message or "its certificate is not valid"
            )
        case ssl.SSLError(reason=str(reason)) if "WRONG_VERSION" in reason or "HTTP_REQUEST" in reason:
            return "it does not speak TLS at this port"
        case ssl.SSLError(reason=str(reason)) if "VERSION" in reason or "PROTOCOL" in reason:
            return "it offers only an outdated encryption"
        case _:
            return (error.reason or "the secure greeting failed").replace("_", " ").lower()


def _of_proxy(text: str) -> str:
    """httpcore's text begins with the status of the answer to CONNECT, or is its own."""
    status = text[:3]
    if status == "407":
        return "it asks for a name and a password"
    if status.isdigit():
        return f"it refused with status {status}"
    return "it does not speak the protocol of its address"


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        at = waiting.pop()
        if at is None or id(at) in seen:
            continue
        seen.add(id(at))
        yield at
        waiting += [at.__cause__, at.__context__]
        if isinstance(at, BaseExceptionGroup):
            waiting += at.exceptions
