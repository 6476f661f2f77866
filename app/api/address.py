"""Base URLs: what a person typed made into one, and the addresses that it may stand for (wire.md Q67)."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit, urlunsplit

from app.core.errors import BadAddress, ErrorDetails

MAX_LENGTH = 2048
_AROUND = " \t\r\n\f\v\u00a0\u200b\u200c\u200d\u2060\ufeff\"'`<>“”‘’"
_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://")
_ENDPOINT = re.compile(r"(/chat/completions|/completions|/models)/*$")
_VERSION = re.compile(r"/v\d+[a-z0-9]*$", re.IGNORECASE)
_NO_HOST = re.compile(r"[\s/\\@#?%<>\"{}|^`\x00-\x20\x7f]")
_PRIVATE = re.compile(
    r"^(localhost|.+\.localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[|0\.0\.0\.0)", re.IGNORECASE
)


def normalise(text: str) -> str:
    """Make a base URL of what a person typed or pasted, a whole endpoint URL too.

    Blanks, quotes and invisible characters around it go; without a scheme it is https, on this machine or a
    private network http. The host is in lower case; the case of the path and the query stay. Raises
    BadAddress with a reason where that gives no address of a server.
    """
    text = "".join(character for character in text.strip(_AROUND) if character not in "\r\n\t\u200b\ufeff")
    if not text:
        raise _bad("it is empty")
    if len(text) > MAX_LENGTH:
        raise _bad("it is too long")
    if not _SCHEME.match(text):
        text = f"{'http' if _PRIVATE.match(text) else 'https'}://{text.lstrip('/')}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise _bad("the host or the port can't be read") from None
    if parts.scheme.lower() not in {"http", "https"}:
        raise _bad("only http and https addresses are servers of a chat API")
    if parts.username is not None or parts.password is not None:
        raise _bad("it holds a user name or a password; enter a key in its own field")
    host = _host(parts)
    path = re.sub(r"/{2,}", "/", parts.path)
    path = _ENDPOINT.sub("", path.rstrip("/")).rstrip("/")
    url = urlunsplit((parts.scheme.lower(), f"{host}:{port}" if port else host, path, parts.query, ""))
    # What went at its end may have stood behind a quote.
    return url if url.strip(_AROUND) == url else normalise(url)


def candidates(base_url: str) -> tuple[str, ...]:
    """The prefixes that `base_url` may stand for, the likeliest first; `/v1` is never doubled."""
    parts = urlsplit(base_url)
    path = parts.path.rstrip("/")
    if not path:
        paths: tuple[str, ...] = ("/v1", "")
    elif path.lower().endswith("/v1"):
        paths = (path, path[:-3])
    elif _VERSION.search(path):
        paths = (path,)
    else:
        paths = (path, f"{path}/v1")
    return tuple(urlunsplit(parts._replace(path=one)) for one in paths)


def url_for(prefix: str, what: str) -> str:
    """The address of `what`, such as "chat/completions", below `prefix`; a query stays behind it."""
    parts = urlsplit(prefix)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{what}"))


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if not host or _NO_HOST.search(host):
        raise _bad("there is no host in it")
    if ":" in host:
        return f"[{host}]"
    try:
        ascii_host = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        raise _bad("the host holds characters that no host has") from None
    # Making it ASCII can bring forth blanks and marks that were not there before.
    if ".." in ascii_host or len(ascii_host) > 253 or _NO_HOST.search(ascii_host):
        raise _bad("the host can't be read")
    return ascii_host.lower()


def _bad(reason: str) -> BadAddress:
    return BadAddress(ErrorDetails(reason=reason))
