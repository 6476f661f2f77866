"""Endpoints: where answers come from, which are known beforehand, and the key that belongs to one origin."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlsplit

from app.core.errors import BadKey

DEFAULT_PORTS = {"http": 80, "https": 443}


class EndpointKind(StrEnum):
    """How an endpoint is reached: over the network, or answered in this process."""

    REMOTE = "remote"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server that answers chats. `base_url` is normalised (see `api.address`) and holds no secret."""

    endpoint_id: str
    name: str
    base_url: str
    default_model: str = ""
    kind: EndpointKind = EndpointKind.REMOTE

    @property
    def origin(self) -> str:
        """Scheme, host and port: what a key is bound to."""
        return origin_of(self.base_url)

    @property
    def host(self) -> str:
        """The host in ASCII, with the port where it isn't the scheme's own; what a person is shown."""
        return host_of(self.base_url)

    @property
    def is_loopback(self) -> bool:
        """True for a server on this machine."""
        return is_loopback(self.base_url)


class Preset(NamedTuple):
    """A card of the welcome page: what is filled in for the person who chooses it."""

    preset_id: str
    name: str
    base_url: str
    default_model: str
    needs_key: bool
    keys_page: str = ""


# The first two are the address of the API overview and Mistral's own: each is offered when the other fails,
# and not contacted before that is asked for.
PRESETS: tuple[Preset, ...] = (
    Preset("mistral-api", "Mistral API", "https://api.Mistral.com", "Mistral-chat", needs_key=True),
    Preset(
        "mistral-ai",
        "Mistral AI",
        "https://api.mistral.ai/v1",
        "mistral-medium-latest",
        needs_key=True,
        keys_page="https://console.mistral.ai/api-keys",
    ),
    Preset("local", "Local server", "http://localhost:11434/v1", "", needs_key=False),
    Preset("other", "Other endpoint", "", "", needs_key=False),
)

DEMO_ENDPOINT = Endpoint(
    "demo", "Offline demo", "https://demo.invalid/v1", "sirocco-demo", kind=EndpointKind.DEMO
)
ENVIRONMENT_ID = "environment"


class ApiKey:
    """A key and the origin that it was entered for. Neither its repr nor its str holds the key (SEC-08)."""

    __slots__ = ("_secret", "origin")

    def __init__(self, secret: str, origin: str) -> None:
        self._secret = secret
        self.origin = origin

    def reveal_for(self, origin: str) -> str:
        """The secret, for the origin that it was entered for; a ValueError for any other (SEC-06)."""
        if origin != self.origin:
            raise ValueError("an API key was asked for by another origin")
        return self._secret

    @property
    def last_four(self) -> str:
        """The end of a key that is long enough to show its end; else empty."""
        return self._secret[-4:] if len(self._secret) >= 16 else ""

    def __repr__(self) -> str:
        return f"ApiKey(for {self.origin})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ApiKey) and (other.origin, other._secret) == (self.origin, self._secret)

    def __hash__(self) -> int:
        return hash((self.origin, self._secret))

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("an API key is not written anywhere")


def entered_key(text: str, origin: str) -> ApiKey:
    """Make a key of what a person pasted: blanks, quotes and a `Bearer` before it go (wire.md Q74).

    Raises BadKey where it is empty, or holds what no HTTP header can.
    """
    secret = text.strip("\ufeff\u200b \t\r\n\"'")
    if secret[:7].lower() == "bearer ":
        secret = secret[7:].strip()
    if not secret or not all("!" <= character <= "~" for character in secret):
        raise BadKey
    return ApiKey(secret, origin)


def origin_of(url: str) -> str:
    """`scheme://host:port` in lower case, the port always written; empty where `url` has no host."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
    if not host:
        return ""
    if ":" in host:
        host = f"[{host}]"
    return f"{scheme}://{host}:{port or DEFAULT_PORTS.get(scheme, 0)}"


def host_of(url: str) -> str:
    """The host as shown: punycode, lower case, with a port only where it isn't the scheme's own."""
    scheme, _, rest = origin_of(url).partition("://")
    host, _, port = rest.rpartition(":")
    try:
        shown = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        shown = host.encode("ascii", "backslashreplace").decode("ascii")
    return shown if port == str(DEFAULT_PORTS.get(scheme)) else f"{shown}:{port}"


def is_loopback(url: str) -> bool:
    """True where the host is this machine, by name or by address."""
    _, _, rest = origin_of(url).partition("://")
    host = rest.rpartition(":")[0].strip("[]")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    from ipaddress import ip_address  # not needed to paint the first window

    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
