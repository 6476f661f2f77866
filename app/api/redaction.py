"""Keys and network addresses taken out of what a server said, before it becomes part of an error."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from urllib.parse import quote

GONE = "[removed]"

_TOKENS = re.compile(r"(?i)\bbearer\s+[^\s'\",)}<]+|\bsk-[a-z0-9_\-]{6,}")
_ADDRESSES = re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F]{1,4}\b")


class Scrubber:
    """Knows the key of one request, in the spellings that a server can send it back in (SEC-14)."""

    def __init__(self, secret: str = "") -> None:
        if not secret:
            self._spellings: tuple[str, ...] = ()
            return
        spellings = {secret, quote(secret, safe=""), json.dumps(secret)[1:-1], repr(secret)[1:-1]}
        raw = secret.encode()
        spellings.add(raw.hex())
        # Behind other bytes base64 spells the same ones in three ways.
        for lead in range(3):
            coded = b64encode(b"\0" * lead + raw).decode()[{0: 0, 1: 2, 2: 3}[lead] :].rstrip("=")
            spellings.add(coded[:-1])
            spellings.add(coded[:-1].replace("+", "-").replace("/", "_"))
        # The longest first: one may be part of another. What is very short would tear holes into words.
        self._spellings = tuple(sorted((one for one in spellings if len(one) >= 4), key=len, reverse=True))

    def __repr__(self) -> str:
        return f"Scrubber({len(self._spellings)} spellings)"

    def text(self, text: str) -> str:
        """Return `text` without the key and without anything that looks like one."""
        for spelling in self._spellings:
            text = text.replace(spelling, GONE)
        return _TOKENS.sub(GONE, text)


def without_addresses(text: str) -> str:
    """Return `text` without IP addresses: error pages of gateways show the person's own (wire.md Q47)."""
    return _ADDRESSES.sub(GONE, text)
