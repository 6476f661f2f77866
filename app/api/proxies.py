"""Which proxy a request goes through: the person's, the system's, or none (wire.md Q72)."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from app.core.provider import host_of, is_loopback
from app.core.settings import ProxyMode

_SCHEMES = frozenset({"http", "https", "socks5", "socks5h"})


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy. `is_usable` is False where the settings name one by something that is no address."""

    url: str
    is_usable: bool = True

    @property
    def host(self) -> str:
        """What a person is shown; never a name or password that the address holds."""
        return host_of(self.url) if self.is_usable else ""


class Proxies:
    """Answers by the settings at the time it was made. `warnings` are plain sentences about bad values.

    This machine is always reached directly. So are private networks, unless the person named the proxy in the
    settings: it may be the very way into one.
    """

    def __init__(self, mode: ProxyMode, url: str, environment: Mapping[str, str]) -> None:
        self.warnings: list[str] = []
        self._mode = mode
        self._by_scheme: dict[str, Proxy] = {}
        self._direct: tuple[str, ...] = ()
        match mode:
            case ProxyMode.NONE:
                return
            case ProxyMode.CUSTOM:
                proxy = _proxy(url)
                if proxy is None:
                    # Going directly instead would be what the person wanted least.
                    self.warnings.append("The proxy in the settings is not an address, so nothing is sent.")
                self._by_scheme["all"] = proxy or Proxy("", is_usable=False)
            case ProxyMode.SYSTEM:
                self._read(environment)

    def for_url(self, url: str) -> Proxy | None:
        """The proxy for `url`; None: go there directly."""
        if not self._by_scheme or is_loopback(url):
            return None
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        if self._mode is ProxyMode.SYSTEM and (
            _is_private(host)
            or any(_matches(host, parts.port, rule) for rule in self._direct)
            or _system_goes_directly(host)
        ):
            return None
        return self._by_scheme.get(parts.scheme) or self._by_scheme.get("all")

    def _read(self, environment: Mapping[str, str]) -> None:
        values = {name.lower(): value for name, value in environment.items() if name.isupper()}
        values |= {name: value for name, value in environment.items() if name.islower()}
        for scheme in ("http", "https", "all"):
            if value := values.get(f"{scheme}_proxy", "").strip():
                self._take(
                    scheme, value, f"{scheme.upper()}_PROXY is not an address of a proxy that can be used"
                )
        if not self._by_scheme:
            for scheme, value in _system_proxies().items():
                self._take(scheme, value, "The proxy in the system's settings can't be used")
        rules = (rule.strip().lower() for rule in values.get("no_proxy", "").split(","))
        self._direct = tuple(rule for rule in rules if rule)

    def _take(self, scheme: str, value: str, problem: str) -> None:
        proxy = _proxy(value)
        if proxy is not None:
            self._by_scheme[scheme] = proxy
        else:
            self.warnings.append(f"{problem}, so it is not followed.")


def _proxy(value: str) -> Proxy | None:
    value = value.strip().strip("\"'")
    if not re.match(r"^[A-Za-z][A-Za-z0-9+.-]*://", value):
        value = f"http://{value}"
    value = re.sub(r"^socks://", "socks5://", value, flags=re.IGNORECASE)
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return None
    is_host = bool(host) and not re.search(r"[\s/\\@#?%<>\"{}|^`\x00-\x20\x7f]", host)
    if parts.scheme.lower() not in _SCHEMES or not is_host or not value.isascii() or not value.isprintable():
        return None
    return Proxy(value)


def _system_proxies() -> dict[str, str]:
    """What Windows' or macOS's settings say; elsewhere there is only the environment."""
    found: dict[str, str] = {}
    if sys.platform == "darwin":
        from urllib.request import getproxies_macosx_sysconf

        found = getproxies_macosx_sysconf()
    if sys.platform == "win32":
        from urllib.request import getproxies_registry

        found = getproxies_registry()
    return {scheme: url for scheme, url in found.items() if scheme in {"http", "https"}}


def _system_goes_directly(host: str) -> bool:
    """True for the exceptions in Windows' or macOS's settings."""
    if sys.platform == "darwin":
        from urllib.request import proxy_bypass_macosx_sysconf

        return bool(proxy_bypass_macosx_sysconf(host))
    if sys.platform == "win32":
        from urllib.request import proxy_bypass_registry

        return bool(proxy_bypass_registry(host))
    return False


def _is_private(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_private or address.is_link_local


def _matches(host: str, port: int | None, rule: str) -> bool:
    """One entry of NO_PROXY: `*`, a name and all below it, an address or a network, maybe with a port."""
    if rule == "*":
        return True
    found = re.fullmatch(r"(?:\[(?P<six>[^\]]*)\]|(?P<name>[^:]*))(?::(?P<port>\d+))?|(?P<bare>.*)", rule)
    if found is None or (found["port"] and found["port"] != str(port)):
        return False
    name = found["six"] or found["name"] or found["bare"] or ""
    try:
        return ip_address(host) in ip_network(name, strict=False)
    except ValueError:
        name = name.removeprefix("*").removeprefix(".")
        return bool(name) and (host == name or host.endswith(f".{name}"))
