"""Which proxy a request goes through: the person's, the system's, or none (wire.md Q72)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit
from urllib.request import getproxies

from app.core.provider import is_loopback
from app.core.settings import ProxyMode

_SCHEMES = {"http", "https", "socks5", "socks5h"}


class Proxies:
    """Answers by the settings at the time it was made. `warnings` are plain sentences about bad values."""

    def __init__(self, mode: ProxyMode, url: str, environment: Mapping[str, str]) -> None:
        self.warnings: list[str] = []
        self._by_scheme: dict[str, str] = {}
        self._direct: tuple[str, ...] = ()
        match mode:
            case ProxyMode.NONE:
                return
            case ProxyMode.CUSTOM:
                self._take("all", url, "The proxy address in the settings")
            case ProxyMode.SYSTEM:
                self._from_environment(environment)

    def for_url(self, url: str) -> str | None:
        """The proxy for `url`; None: go there directly. This machine is always reached directly."""
        if is_loopback(url):
            return None
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        if any(_matches(host, parts.port, rule) for rule in self._direct):
            return None
        return self._by_scheme.get(parts.scheme) or self._by_scheme.get("all")

    def _from_environment(self, environment: Mapping[str, str]) -> None:
        values = {name.lower(): value for name, value in environment.items() if name.isupper()}
        values |= {name: value for name, value in environment.items() if name.islower()}
        for scheme in ("http", "https", "all"):
            # HTTP_PROXY in a CGI program would be a header of the request; here there is no request.
            if value := values.get(f"{scheme}_proxy", "").strip():
                self._take(scheme, value, f"The environment variable {scheme.upper()}_PROXY")
        if not self._by_scheme:
            for scheme, value in _system_proxies().items():
                self._take(scheme, value, "The system's proxy setting")
        self._direct = tuple(
            rule.strip().lower() for rule in values.get("no_proxy", "").split(",") if rule.strip()
        )

    def _take(self, scheme: str, value: str, what: str) -> None:
        value = value.strip().strip("\"'")
        if not re.match(r"^[A-Za-z][A-Za-z0-9+.-]*://", value):
            value = f"http://{value}"
        value = re.sub(r"^socks(4a?)?://", "socks5://", value, flags=re.IGNORECASE)
        try:
            parts = urlsplit(value)
            is_good = parts.scheme.lower() in _SCHEMES and bool(parts.hostname) and parts.port is not False
        except ValueError:
            is_good = False
        if is_good:
            self._by_scheme[scheme] = value
        else:
            self.warnings.append(f"{what} is not an address of a proxy, so no proxy is used for it.")


def _system_proxies() -> dict[str, str]:
    """What Windows' or macOS's settings say; on Linux there is only the environment."""
    return {name: value for name, value in getproxies().items() if name in {"http", "https"}}


def _matches(host: str, port: int | None, rule: str) -> bool:
    """One entry of NO_PROXY: `*`, a name and all below it, an address or a network, maybe with a port."""
    if rule == "*":
        return True
    rule, host = rule.strip("[]") if rule.count(":") != 1 else rule, host.strip("[]")
    name, _, rule_port = rule.partition(":") if rule.count(":") == 1 else (rule, "", "")
    if rule_port and rule_port != str(port):
        return False
    try:
        return ip_address(host) in ip_network(name, strict=False)
    except ValueError:
        name = name.removeprefix("*").removeprefix(".")
        return bool(name) and (host == name or host.endswith(f".{name}"))
